import { Type, type Static } from 'typebox';
import { maxInputs } from '../env.ts';
import type { LabelSpace } from '../inference/decode.ts';
import { tasks } from '../inference/tasks.ts';
import { InputText, Source } from './classify.ts';

/** The protocol's name of the model, in paths and answers; which one answers is told by its version. */
export const modelName = 'emotion' as const;

const Shape = Type.Array(Type.Integer(), { description: 'Sizes of the dimensions; -1 for any.' });

/** Both of the protocol's datatypes that are used here: BYTES are texts, FP32 are numbers. */
const Datatype = Type.Enum(['BYTES', 'FP32'], { type: 'string' });

const TensorMetadata = Type.Object({
  name: Type.String(),
  datatype: Datatype,
  shape: Shape,
  parameters: Type.Optional(
    Type.Object({ labels: Type.String({ description: 'Labels of the columns, separated by commas.' }) }),
  ),
});

export type TensorMetadata = Static<typeof TensorMetadata>;

/** The one input: texts. */
export const inputTensor: TensorMetadata = { name: 'text', datatype: 'BYTES', shape: [-1] };

/** Per task the labels of the answers, and the probability of every label. */
export function outputTensors({ labels }: Pick<LabelSpace, 'labels'>): TensorMetadata[] {
  return tasks.flatMap((task): TensorMetadata[] => [
    { name: task, datatype: 'BYTES', shape: [-1] },
    {
      name: `${task}_probabilities`,
      datatype: 'FP32',
      shape: [-1, labels[task].length],
      parameters: { labels: labels[task].join(',') },
    },
  ]);
}

/** The protocol has them everywhere; this service knows one of a request's, and ignores what else clients put in. */
const Parameters = Type.Optional(
  Type.Object({}, { additionalProperties: true, description: 'Taken and ignored.' }),
);

const RequestInput = Type.Object(
  {
    name: Type.Literal(inputTensor.name),
    datatype: Type.Literal(inputTensor.datatype),
    shape: Type.Array(Type.Integer({ minimum: 1 }), {
      minItems: 1,
      maxItems: 2,
      description: '[N] or [N, 1].',
    }),
    data: Type.Union(
      [
        Type.Array(InputText, { minItems: 1, maxItems: maxInputs }),
        Type.Array(Type.Array(InputText, { minItems: 1, maxItems: 1 }), { minItems: 1, maxItems: maxInputs }),
      ],
      { description: `1 to ${maxInputs} texts, each of 1 to 5,000 characters; flat, or row by row.` },
    ),
    parameters: Parameters,
  },
  { additionalProperties: false },
);

export type RequestInput = Static<typeof RequestInput>;

/** A request to a model with these outputs. */
export function inferBody(labels: Pick<LabelSpace, 'labels'>) {
  const names = outputTensors(labels).map(({ name }) => name);
  const input = { name: 'text', datatype: 'BYTES' };
  return Type.Object(
    {
      id: Type.Optional(Type.String({ description: 'Comes back with the answer.' })),
      inputs: Type.Array(RequestInput, { minItems: 1, maxItems: 1, description: 'The one input.' }),
      outputs: Type.Optional(
        Type.Array(
          Type.Object(
            { name: Type.Enum(names, { type: 'string' }), parameters: Parameters },
            { additionalProperties: false },
          ),
          { maxItems: names.length, description: 'What to answer; all where it is absent or empty.' },
        ),
      ),
      parameters: Type.Optional(
        Type.Object(
          { source: Type.Optional(Source) },
          { additionalProperties: true, description: 'All but `source` are taken and ignored.' },
        ),
      ),
    },
    {
      additionalProperties: false,
      examples: [
        { inputs: [{ ...input, shape: [2], data: ['We won!', 'He left without a word.'] }] },
        {
          id: '42',
          inputs: [{ ...input, shape: [2, 1], data: [['We won!'], ['He left without a word.']] }],
          outputs: [{ name: 'emotion' }, { name: 'intensity_probabilities' }],
        },
      ],
    },
  );
}

export const InferReply = Type.Object(
  {
    model_name: Type.Literal(modelName),
    model_version: Type.String(),
    id: Type.Optional(Type.String({ description: "The request's." })),
    outputs: Type.Array(
      Type.Object({
        name: Type.String(),
        datatype: Datatype,
        shape: Shape,
        data: Type.Unsafe<(string | number)[]>({
          type: 'array',
          items: { type: ['string', 'number'] },
          description: 'Row by row: labels, or probabilities in the order that the model metadata names.',
        }),
      }),
      { description: 'In the order that was asked for.' },
    ),
  },
  {
    description: 'The predictions.',
    examples: [
      {
        model_name: modelName,
        model_version: '1.0.0',
        id: '42',
        outputs: [{ name: 'emotion', datatype: 'BYTES', shape: [2], data: ['happiness', 'sadness'] }],
      },
    ],
  },
);

export type ResponseOutput = Static<typeof InferReply>['outputs'][number];

export const ServerMetadata = Type.Object(
  { name: Type.String(), version: Type.String(), extensions: Type.Array(Type.String()) },
  { description: 'The server.' },
);

export const ModelMetadata = Type.Object(
  {
    name: Type.Literal(modelName),
    versions: Type.Array(Type.String()),
    platform: Type.String(),
    inputs: Type.Array(TensorMetadata),
    outputs: Type.Array(TensorMetadata),
  },
  { description: 'The model.' },
);
