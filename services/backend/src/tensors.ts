import { ServiceError } from './errors.ts';
import type { Prediction } from './inference/decode.ts';
import type { Model } from './inference/model.ts';
import { tasks } from './inference/tasks.ts';
import type { RequestInput, ResponseOutput } from './schemas/open-inference.ts';

/**
 * The texts of an input tensor of shape [N] or [N, 1].
 * @throws {ServiceError} 422 when the shape is not that of the data.
 */
export function textsOf({ shape, data }: RequestInput): string[] {
  const texts = data.flat();
  const [rows, columns = 1] = shape;
  if (rows !== texts.length || columns !== 1) {
    const n = texts.length;
    throw new ServiceError(
      422,
      'invalid_input',
      `inputs/0/shape is [${shape.join(', ')}] and data has ${n} texts: give [${n}] or [${n}, 1].`,
      { field: 'inputs/0/shape' },
    );
  }
  return texts;
}

/** The tensors of N predictions: per task its labels, BYTES of shape [N], and probabilities, FP32 of [N, labels]. */
export function tensorsOf(predictions: readonly Prediction[], { labels }: Model): ResponseOutput[] {
  const rows = predictions.length;
  return tasks.flatMap((task): ResponseOutput[] => [
    {
      name: task,
      datatype: 'BYTES',
      shape: [rows],
      data: predictions.map((prediction) => prediction[task].label),
    },
    {
      name: `${task}_probabilities`,
      datatype: 'FP32',
      shape: [rows, labels[task].length],
      data: predictions.flatMap((prediction) =>
        labels[task].map((label) => prediction[task].scores[label] ?? 0),
      ),
    },
  ]);
}
