import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { withDeadline } from '../deadline.ts';
import { ServiceError } from '../errors.ts';
import { checkItems } from '../feedback/check.ts';
import { IdempotencyHeaders, saveFeedbackBody, SaveFeedbackReply } from '../schemas/feedback.ts';
import { problems } from '../schemas/problem.ts';
import { exportName, type FeedbackRouteOptions } from './feedback.ts';

/** POST /save-feedback, for clients of the original. */
export const saveFeedbackRoute: FastifyPluginCallbackTypebox<FeedbackRouteOptions> = (app, options, done) => {
  const { feedback, model, deadline } = options;
  app.post(
    '/save-feedback',
    {
      schema: {
        summary: 'Store the feedback on one video',
        description:
          'The same store as POST /v1/feedback, in the shape of the original. A row counts as edited when a label ' +
          "differs from the model's, else as confirmed.",
        tags: ['feedback'],
        headers: IdempotencyHeaders,
        body: saveFeedbackBody(model),
        response: { 200: SaveFeedbackReply, ...problems(400, 401, 409, 413, 415, 422, 429, 500, 503, 504) },
      },
    },
    async ({ body, headers }, reply) => {
      const items = body.feedbackData.map((row, index) => ({
        ...row,
        source: body.videoTitle,
        start_time: seconds(row.start_time, `feedbackData/${index}/start_time`),
        end_time: seconds(row.end_time, `feedbackData/${index}/end_time`),
      }));
      checkItems(items, model, 'feedbackData');
      const requestKey = headers['idempotency-key'];
      const ids = await withDeadline(reply, deadline, (signal) =>
        feedback.add(items, { requestKey, signal }),
      );
      return {
        success: true as const,
        filename: exportName,
        message: `Rows of feedback stored: ${ids.length}.`,
        record_count: ids.length,
      };
    },
  );
  done();
};

/** Seconds of a number, or of a time such as 83.5, 1:23.5 or 00:01:23.5. */
function seconds(time: number | string, field: string): number {
  if (typeof time === 'number') return time;
  if (!/^(?:\d{1,6}|(?:\d{1,3}:)?\d{1,2}:\d{2})(?:\.\d{1,6})?$/.test(time)) {
    const message = `${field} is "${time}": give seconds, or a time such as 00:01:23.5.`;
    throw new ServiceError(422, 'invalid_input', message, { field });
  }
  return time.split(':').reduce((total, part) => 60 * total + Number(part), 0);
}
