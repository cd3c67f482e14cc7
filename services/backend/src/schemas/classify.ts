import { Type } from 'typebox';
import { maxInputs } from '../env.ts';
import { decoder, type LabelSpace } from '../inference/decode.ts';

/** A text needs a character that is not white space. Length counts characters, not bytes. */
export const InputText = Type.String({ minLength: 1, maxLength: 5000, pattern: '\\S' });

/** Sentences of one source are alike, so that drift is judged on several. */
export const Source = Type.String({
  minLength: 1,
  maxLength: 500,
  description:
    'What the texts are part of, the id of a video for example; without it, each request is a source of its own. ' +
    'Drift is judged on at least ten sources.',
});

export const ClassifyBody = Type.Object(
  {
    inputs: Type.Union([InputText, Type.Array(InputText, { minItems: 1, maxItems: maxInputs })], {
      description: `One text or 1 to ${maxInputs}, each of 1 to 5,000 characters.`,
    }),
    source: Type.Optional(Source),
  },
  {
    additionalProperties: false,
    examples: [
      { inputs: ['I can not believe that we won!', 'He left without a word.'], source: 'dQw4w9WgXcQ' },
    ],
  },
);

const Probability = Type.Number({ minimum: 0, maximum: 1 });

function scored(labels: readonly string[], description: string) {
  return Type.Object(
    {
      label: Type.Enum([...labels], { type: 'string', description: 'The answer.' }),
      confidence: Type.Number({ minimum: 0, maximum: 1, description: 'Probability of the answer.' }),
      scores: Type.Record(Type.Enum([...labels]), Probability, {
        description: 'Probability of every label; they sum to 1.',
      }),
    },
    { description },
  );
}

/** The answer for one model; its labels are part of the document. */
export function classifyReply(model: LabelSpace & { name: string; version: string }) {
  const { labels, name, version } = model;
  const undecided = (names: readonly string[]) => new Float32Array(names.length);
  const prediction = decoder(model)({
    emotion: undecided(labels.emotion),
    sub_emotion: undecided(labels.sub_emotion),
    intensity: undecided(labels.intensity),
  });
  return Type.Object(
    {
      model: Type.Object({ name: Type.String(), version: Type.String() }),
      predictions: Type.Array(
        Type.Object({
          emotion: scored(labels.emotion, 'The emotion.'),
          sub_emotion: scored(labels.sub_emotion, 'A shade of that emotion.'),
          intensity: scored(labels.intensity, 'How strong it is.'),
        }),
        { description: 'One per text, in their order.' },
      ),
    },
    {
      description: 'The predictions.',
      examples: [{ model: { name, version }, predictions: [prediction] }],
    },
  );
}
