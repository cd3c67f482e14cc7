import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { withDeadline } from '../deadline.ts';
import type { Classifier } from '../inference/classifier.ts';
import { ClassifyBody, classifyReply } from '../schemas/classify.ts';
import { problems } from '../schemas/problem.ts';

export interface ClassifyOptions {
  classifier: Classifier;
  /** Milliseconds after which a request is given up. */
  deadline: number;
}

/** POST /v1/classify */
export const classifyRoute: FastifyPluginCallbackTypebox<ClassifyOptions> = (app, options, done) => {
  const { classifier, deadline } = options;
  const { name, version } = classifier.model;
  app.post(
    '/v1/classify',
    {
      schema: {
        summary: 'Classify texts',
        description:
          'Emotion, sub-emotion and intensity of each text. The sub-emotion belongs to the emotion.',
        tags: ['classification'],
        body: ClassifyBody,
        response: {
          200: classifyReply(classifier.model),
          ...problems(400, 401, 413, 415, 422, 429, 500, 503, 504),
        },
      },
    },
    async ({ id, body }, reply) => {
      const texts = typeof body.inputs === 'string' ? [body.inputs] : body.inputs;
      const caller = { id, source: body.source };
      const predictions = await withDeadline(reply, deadline, (signal) =>
        classifier.classify(texts, signal, caller),
      );
      return { model: { name, version }, predictions };
    },
  );
  done();
};
