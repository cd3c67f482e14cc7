import { Type } from 'typebox';
import type { LabelSpace } from '../inference/decode.ts';
import { InputText } from './classify.ts';

/** Holds the sentences of a video of three hours or more. */
const maxItems = 5000;

const Seconds = Type.Number({ minimum: 0, description: 'Seconds from the beginning of the source.' });
const Source = Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' });

const example = {
  text: 'I can not believe that we won!',
  emotion: 'surprise',
  sub_emotion: 'surprise',
  intensity: 'strong',
};

export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      pattern: '\\S',
      description: 'Makes it harmless to send the request again. For items without a key of their own.',
    }),
  ),
});

function labelled({ labels }: LabelSpace) {
  const label = (values: readonly string[]) => Type.Enum([...values], { type: 'string' });
  return {
    text: InputText,
    emotion: label(labels.emotion),
    sub_emotion: label(labels.sub_emotion),
    intensity: label(labels.intensity),
  };
}

/** POST /v1/feedback; the labels of the model are part of the document. */
export function feedbackBody(labels: LabelSpace) {
  const item = Type.Object(
    {
      ...labelled(labels),
      action: Type.Enum(['edited', 'confirmed'], {
        type: 'string',
        description: 'Whether the person changed the labels that they were shown, or agreed with them.',
      }),
      source: Type.Optional(Source),
      start_time: Type.Optional(Seconds),
      end_time: Type.Optional(Seconds),
      key: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 255,
          pattern: '\\S',
          description: 'Makes it harmless to send the item again.',
        }),
      ),
    },
    { additionalProperties: false },
  );
  return Type.Object(
    { items: Type.Array(item, { minItems: 1, maxItems }) },
    {
      additionalProperties: false,
      examples: [
        { items: [{ ...example, action: 'edited', source: 'dQw4w9WgXcQ', start_time: 12.5, end_time: 15 }] },
      ],
    },
  );
}

export const FeedbackReply = Type.Object(
  {
    record_count: Type.Integer({ minimum: 1 }),
    ids: Type.Array(Type.String({ format: 'uuid' }), { description: 'One per item, in their order.' }),
  },
  {
    description: 'All items are stored, now or when they were sent before.',
    examples: [{ record_count: 1, ids: ['3f2b8c1e-6d0a-4f57-9c3e-8a1d5b7e2f40'] }],
  },
);

/** POST /save-feedback, as the original has it. */
export function saveFeedbackBody(labels: LabelSpace) {
  const time = Type.Union([Seconds, Type.String({ maxLength: 32 })], {
    description: 'Seconds, or a time such as 00:01:23.5, from the beginning of the video.',
  });
  const row = Type.Object(
    { start_time: time, end_time: time, ...labelled(labels) },
    { additionalProperties: false },
  );
  return Type.Object(
    { videoTitle: Source, feedbackData: Type.Array(row, { minItems: 1, maxItems }) },
    {
      additionalProperties: false,
      examples: [
        {
          videoTitle: 'The final',
          feedbackData: [{ start_time: '00:00:12', end_time: '00:00:15', ...example }],
        },
      ],
    },
  );
}

export const SaveFeedbackReply = Type.Object(
  {
    success: Type.Literal(true),
    filename: Type.String({ description: 'What GET /v1/feedback.csv is saved as.' }),
    message: Type.String(),
    record_count: Type.Integer({ minimum: 1 }),
  },
  {
    description: 'All rows are stored, now or when they were sent before.',
    examples: [
      {
        success: true,
        filename: 'feedback.csv',
        message: 'Rows of feedback stored: 1.',
        record_count: 1,
      },
    ],
  },
);
