import { ServiceError } from './errors.ts';
import type { Classifier } from './inference/classifier.ts';

export interface Readiness {
  classifier: Classifier;
  /** Whether the service has been told to stop. */
  stopping: () => boolean;
}

/** @throws {ServiceError} 503 where the service would not answer a classification. */
export function assertReady({ classifier, stopping }: Readiness): void {
  if (stopping()) throw notReady('The service is stopping.');
  if (!classifier.ready) throw notReady('No inference worker answers.');
}

function notReady(message: string): ServiceError {
  return new ServiceError(503, 'not_ready', message, { retryAfter: 1 });
}
