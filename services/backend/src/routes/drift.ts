import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { DriftMonitor } from '../drift/monitor.ts';
import type { Feedback } from '../feedback/feedback.ts';
import { driftReply } from '../schemas/drift.ts';
import { problems } from '../schemas/problem.ts';

export interface DriftOptions {
  drift: DriftMonitor;
  feedback: Pick<Feedback, 'accuracy'>;
}

/** GET /v1/drift */
export const driftRoute: FastifyPluginCallbackTypebox<DriftOptions> = (app, { drift, feedback }, done) => {
  app.get(
    '/v1/drift',
    {
      schema: {
        summary: 'Explain the drift scores',
        description:
          'Per feature the PSI of the newest sentences against the reference, how its bins are filled in both, and the ' +
          'ids of requests whose sentences moved it; per task the accuracy that was promised and found on feedback. ' +
          'Scores stay 0 until their window is ready.',
        tags: ['operations'],
        response: { 200: driftReply, ...problems(401, 429) },
      },
    },
    () => ({ ...drift.report(), concept: feedback.accuracy.report() }),
  );
  done();
};
