import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { ServiceError } from '../errors.ts';
import type { Classifier } from '../inference/classifier.ts';
import type { Metrics } from '../metrics.ts';
import { problems } from '../schemas/problem.ts';

export interface OperationsOptions {
  classifier: Classifier;
  metrics: Metrics;
  /** Whether the service has been told to stop. */
  stopping: () => boolean;
}

/** GET /health, /ready and /metrics: for those who run the service, not for its callers. */
export const operationsRoutes: FastifyPluginCallbackTypebox<OperationsOptions> = (app, options, done) => {
  const { classifier, metrics, stopping } = options;
  const tags = ['operations'];
  // Probes and scrapes come every few seconds whatever happens: counted, they would dilute the error rate of what
  // callers ask for, and a start that is not ready yet would read as errors.
  // Open to all: orchestrators and Prometheus hold no key, and what they are told is no caller's.
  const config = { observed: false, open: true };

  app.get(
    '/health',
    {
      config,
      schema: {
        summary: 'Is the process alive?',
        tags,
        security: [],
        response: { 200: Type.Object({ status: Type.Literal('ok') }, { description: 'It is.' }) },
      },
    },
    () => ({ status: 'ok' as const }),
  );

  app.get(
    '/ready',
    {
      config,
      schema: {
        summary: 'Is the model loaded and does a worker answer?',
        tags,
        security: [],
        response: {
          200: Type.Object({ status: Type.Literal('ready') }, { description: 'Both.' }),
          ...problems(503),
        },
      },
    },
    () => {
      if (stopping()) throw notReady('The service is stopping.');
      if (!classifier.ready) throw notReady('No inference worker answers.');
      return { status: 'ready' as const };
    },
  );

  app.get(
    '/metrics',
    {
      config,
      schema: {
        summary: 'Metrics for Prometheus',
        tags,
        security: [],
        produces: ['text/plain'],
        response: { 200: Type.String({ description: 'Prometheus text format.' }) },
      },
    },
    async (_request, reply) => {
      reply.header('content-type', metrics.registry.contentType);
      return metrics.registry.metrics();
    },
  );
  done();
};

function notReady(message: string): ServiceError {
  return new ServiceError(503, 'not_ready', message, { retryAfter: 1 });
}
