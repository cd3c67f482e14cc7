import { Type, type Static } from 'typebox';

const Labels = Type.Array(Type.String({ minLength: 1 }), { minItems: 2 });
const Share = Type.Number({ minimum: 0, maximum: 1 });
const Scores = Type.Object({ accuracy: Share, weighted_f1: Share });

function byTask<T extends Parameters<typeof Type.Object>[0][string]>(schema: T) {
  return { emotion: schema, sub_emotion: schema, intensity: schema };
}

/** model.json: what stands beside the weights. training/ writes it. */
export const ModelManifest = Type.Object({
  name: Type.String({ minLength: 1 }),
  version: Type.String({ minLength: 1 }),
  /** SHA-256 of model.onnx, hexadecimal. */
  hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** Tokens per text, start and end marks included; longer texts are cut. */
  maxTokens: Type.Integer({ minimum: 2 }),
  /** In the order of the outputs. */
  labels: Type.Object(byTask(Labels)),
  /** Sub-emotions by emotion. */
  tree: Type.Record(Type.String(), Type.Array(Type.String(), { minItems: 1 })),
  temperature: Type.Object(byTask(Type.Number({ exclusiveMinimum: 0 }))),
  /** On sentences that the training never saw. */
  evaluation: Type.Object(byTask(Scores)),
});

export type ModelManifest = Static<typeof ModelManifest>;
