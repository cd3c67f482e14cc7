/** The probabilities of one task; `label` is the likeliest and `confidence` its probability, 0 to 1. */
export interface Scored {
  label: string;
  confidence: number;
  scores: Record<string, number>;
}

export interface Prediction {
  emotion: Scored;
  sub_emotion: Scored;
  intensity: Scored;
}

export interface Model {
  name: string;
  version: string;
}

export interface Classification {
  model: Model;
  predictions: Prediction[];
}

/** What went wrong, in words for the reader: `message` says what, `advice` what to do now. */
export class ServiceError extends Error {
  readonly advice: string;
  /** Seconds after which the service asks to be called again. */
  readonly retryAfter: number | undefined;

  constructor(message: string, advice: string, retryAfter?: number) {
    super(message);
    this.name = 'ServiceError';
    this.advice = advice;
    this.retryAfter = retryAfter;
  }
}

/**
 * Classifies 1 to 256 texts of 1 to 5,000 characters each, one prediction per text and in their order.
 * @throws {ServiceError} where the service cannot be reached, refuses, or answers something else.
 */
export async function classify(inputs: readonly string[], signal: AbortSignal): Promise<Classification> {
  const answer = await request<Classification>('/v1/classify', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inputs }),
    signal,
  });
  if (answer.predictions.length !== inputs.length) {
    throw new ServiceError(
      `The service answered with ${answer.predictions.length} predictions for ${inputs.length} sentences.`,
      'Try again; if it stays so, the page and the backend are of different versions.',
    );
  }
  return answer;
}

/** JSON from this page's own server. Errors arrive as `{"code", "message", "field"?}`. */
export async function request<T>(path: string, init?: RequestInit): Promise<T> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, init);
    text = await response.text();
  } catch (error) {
    if (init?.signal?.aborted) throw error;
    throw navigator.onLine
      ? new ServiceError('The server of this page does not answer.', 'See whether it runs: ./stack status')
      : new ServiceError('This device is offline.', 'Connect to the network, then try again.');
  }
  const body = parseBody(response.status, text);
  if (!response.ok) throw failure(response, body);
  return body as T;
}

function parseBody(status: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ServiceError(
      `The service answered with status ${status} and something that is not JSON.`,
      'See its log: ./stack logs backend',
    );
  }
}

function failure(response: Response, body: unknown) {
  const said =
    typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string'
      ? body.message
      : `The service answered with status ${response.status} and no explanation.`;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfter = Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
  if (response.status === 401 || response.status === 403) {
    return new ServiceError(
      said,
      'The server of this page needs the API key of the backend: BACKEND_API_KEY.',
    );
  }
  if (response.status === 429) {
    return new ServiceError(said, 'The service is busy. Wait a moment, then try again.', retryAfter);
  }
  if (response.status >= 500) return new ServiceError(said, 'Try again in a moment.', retryAfter);
  return new ServiceError(said, 'Change the text, then try again.');
}
