import { pipeline, Readable } from 'node:stream';
import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { stringify } from 'csv-stringify';
import { Type } from 'typebox';
import { withDeadline } from '../deadline.ts';
import { checkItems } from '../feedback/check.ts';
import type { Feedback } from '../feedback/feedback.ts';
import type { Model } from '../inference/model.ts';
import { tasks } from '../inference/tasks.ts';
import { feedbackBody, FeedbackReply, IdempotencyHeaders } from '../schemas/feedback.ts';
import { problems } from '../schemas/problem.ts';

export interface FeedbackRouteOptions {
  feedback: Feedback;
  model: Model;
  /** Milliseconds after which a request is given up. */
  deadline: number;
}

/** The name that the export is saved under. */
export const exportName = 'feedback.csv';

/** POST /v1/feedback and GET /v1/feedback.csv */
export const feedbackRoutes: FastifyPluginCallbackTypebox<FeedbackRouteOptions> = (app, options, done) => {
  const { feedback, model, deadline } = options;
  const tags = ['feedback'];
  app.post(
    '/v1/feedback',
    {
      schema: {
        summary: 'Store what people say of texts',
        description:
          'Labels that a person edited or confirmed. Stored on disk before the answer, all items or none, each with ' +
          "the model's own answer, so that its accuracy is known.",
        tags,
        headers: IdempotencyHeaders,
        body: feedbackBody(model),
        response: { 201: FeedbackReply, ...problems(400, 401, 409, 413, 415, 422, 429, 500, 503, 504) },
      },
    },
    async ({ body, headers }, reply) => {
      checkItems(body.items, model, 'items');
      const requestKey = headers['idempotency-key'];
      const ids = await withDeadline(reply, deadline, (signal) =>
        feedback.add(body.items, { requestKey, signal }),
      );
      return reply.code(201).send({ record_count: ids.length, ids });
    },
  );

  app.get(
    '/v1/feedback.csv',
    {
      schema: {
        summary: 'All feedback as training data',
        description: 'CSV (RFC 4180) with the columns of the training data, oldest first.',
        tags,
        produces: ['text/csv'],
        response: {
          200: Type.Unsafe<Readable>(Type.String({ description: 'The rows.' })),
          ...problems(401, 429, 500, 503),
        },
      },
    },
    (_request, reply) => {
      // Texts stay as they are, also those that begin with = + - or @: a quote in front of them would be learned.
      // Quotes around a lone carriage return, which many readers take for the end of a row.
      const csv = stringify({ header: true, columns: ['text', ...tasks], quoted_match: /\r/ });
      // Whoever destroys one end, destroys both; Fastify answers or logs what went wrong.
      pipeline(Readable.from(feedback.rows()), csv, () => undefined);
      reply
        .type('text/csv; charset=utf-8; header=present')
        .header('content-disposition', `attachment; filename="${exportName}"`)
        .header('x-content-type-options', 'nosniff');
      return csv;
    },
  );
  done();
};
