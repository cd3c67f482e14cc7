/** Seconds after which Prometheus counts as not answering; it gives up on a query by itself after 120. */
const patience = 10;

/**
 * Asks the HTTP API of Prometheus.
 * @param url of Prometheus, without a path
 * @param path like `/api/v1/query`
 * @returns the `data` of its answer
 * @throws Error with the words of Prometheus where it refuses, else with what the connection said
 */
export async function askPrometheus<T>(
  url: string,
  path: string,
  parameters: Record<string, string> = {},
): Promise<T> {
  const query = new URLSearchParams(parameters).toString();
  const answer = await fetch(`${url}${path}${query === '' ? '' : `?${query}`}`, {
    signal: AbortSignal.timeout(patience * 1000),
  }).catch((error: unknown) => {
    throw new Error(`${url} does not answer: ${reason(error)}`);
  });
  const body = (await answer.json().catch(() => ({}))) as { data?: T; error?: string };
  if (answer.ok && body.data !== undefined) return body.data;
  throw new Error(body.error ?? `${url}${path} answered ${answer.status}`);
}

/** fetch says only "fetch failed", and puts what it was into the cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `nothing within ${patience} s`;
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}

/** The answer to a query: one value a series at one moment, many over a range, or a bare number. */
type Answer =
  | { resultType: 'vector'; result: { value: Sample }[] }
  | { resultType: 'matrix'; result: { values: Sample[] }[] }
  | { resultType: 'scalar'; result: Sample };
type Sample = [seconds: number, value: string];

/** Over which range, in seconds, and a value how often; left out, only for this moment. */
export interface Range {
  seconds: number;
  step: number;
}

/**
 * The values that a query returns, a list a series.
 * @throws as `askPrometheus` does
 */
export async function valuesOf(url: string, expr: string, range?: Range): Promise<number[][]> {
  const answer = await askPrometheus<Answer>(url, ...request(expr, range));
  const numbers = (samples: Sample[]) => samples.map(([, value]) => Number(value));
  switch (answer.resultType) {
    case 'vector':
      return answer.result.map(({ value }) => numbers([value]));
    case 'matrix':
      return answer.result.map(({ values }) => numbers(values));
    case 'scalar':
      return [numbers([answer.result])];
  }
}

function request(
  query: string,
  range: Range | undefined,
): [path: string, parameters: Record<string, string>] {
  if (range === undefined) return ['/api/v1/query', { query }];
  const end = Date.now() / 1000;
  const parameters = { start: String(end - range.seconds), end: String(end), step: String(range.step) };
  return ['/api/v1/query_range', { query, ...parameters }];
}
