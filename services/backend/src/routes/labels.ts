import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { Model } from '../inference/model.ts';
import { LabelsReply } from '../schemas/labels.ts';
import { problems } from '../schemas/problem.ts';

/** GET /v1/labels */
export const labelsRoute: FastifyPluginCallbackTypebox<{ model: Model }> = (app, { model }, done) => {
  const reply = { emotions: model.tree, intensities: model.labels.intensity };
  app.get(
    '/v1/labels',
    {
      schema: {
        summary: 'List the labels',
        description: 'Every emotion with its sub-emotions, and the intensities.',
        tags: ['classification'],
        response: { 200: LabelsReply, ...problems(401, 429) },
      },
    },
    () => reply,
  );
  done();
};
