import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Metrics } from '../metrics.ts';
import { assertReady, type Readiness } from '../readiness.ts';
import { problems } from '../schemas/problem.ts';

export interface OperationsOptions extends Readiness {
  metrics: Metrics;
}

/** GET /health, /ready and /metrics: for those who run the service, not for its callers. */
export const operationsRoutes: FastifyPluginCallbackTypebox<OperationsOptions> = (app, options, done) => {
  const { metrics } = options;
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
      assertReady(options);
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
      options.classifier.drift.publish();
      reply.header('content-type', metrics.registry.contentType);
      return metrics.registry.metrics();
    },
  );
  done();
};
