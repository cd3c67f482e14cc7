import { classify, ServiceError, type Classification } from '../service/client.ts';

/** Sentences per request: large enough to keep the model busy, small enough that results appear at once. */
export const batchSize = 64;

/** How often one batch is sent again where the service says when to come back. */
const maxPauses = 5;

/** Seconds; a longer wait is the reader's to decide on. */
const maxPause = 30;

interface Steps {
  onAnswer: (answer: Classification) => void;
  /** The service is busy; the batch is sent again after so many seconds. */
  onPause: (seconds: number) => void;
  signal: AbortSignal;
}

/**
 * Classifies texts batch by batch and hands over each answer as it comes, in order.
 * @throws {ServiceError} with the first failure; what was handed over stays good. Rejects when the signal fires.
 */
export async function classifyAll(
  texts: readonly string[],
  { onAnswer, onPause, signal }: Steps,
): Promise<void> {
  for (let from = 0; from < texts.length; from += batchSize) {
    const batch = texts.slice(from, from + batchSize);
    onAnswer(await classifyPatiently(batch, onPause, signal));
  }
}

async function classifyPatiently(batch: readonly string[], onPause: Steps['onPause'], signal: AbortSignal) {
  for (let pauses = 0; ; pauses += 1) {
    try {
      return await classify(batch, signal);
    } catch (error) {
      const seconds = error instanceof ServiceError ? error.retryAfter : undefined;
      if (seconds === undefined || seconds > maxPause || pauses === maxPauses) throw error;
      onPause(seconds);
      await sleep(seconds * 1000, signal);
    }
  }
}

function sleep(milliseconds: number, signal: AbortSignal) {
  return new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new DOMException('The analysis was stopped.', 'AbortError'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
  });
}
