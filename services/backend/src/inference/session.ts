import { InferenceSession, Tensor } from 'onnxruntime-node';
import { hasVnni } from './cpu.ts';
import type { Logits } from './decode.ts';
import { pack } from './pack.ts';
import { tasks, type ByTask } from './tasks.ts';
import type { Tokenizer } from './tokenizer.ts';
import { clusterFinder, type Traits } from './traits.ts';

const embeddingOutput = 'embedding';
const outputNames = [...tasks, embeddingOutput];

/** One pass through the model. */
export interface Pass {
  sentences: number;
  seconds: number;
}

export interface Output {
  /** Logits of shape [texts, labels] per task, in the order of the texts. */
  logits: Logits;
  /** One per text, in their order. */
  traits: Traits[];
  passes: Pass[];
}

export interface SessionOptions {
  modelFile: string;
  /** Labels per task, which the model's outputs must match. */
  widths: ByTask<number>;
  /** Cuts texts to what the model takes. */
  tokenizer: Tokenizer;
  /** Points among the embeddings; the nearest one is a sentence's cluster. */
  centres: readonly (readonly number[])[];
}

/**
 * Loads a model into this thread. Inputs `input_ids` and `attention_mask` of shape [batch, tokens], outputs
 * [batch, labels] named as the tasks and `embedding` [batch, width].
 * @throws {Error} with a message for operators when the file does not load or has other outputs.
 */
export async function openSession({ modelFile, widths, tokenizer, centres }: SessionOptions) {
  const session = await InferenceSession.create(modelFile, {
    executionMode: 'sequential',
    // One thread per worker: parallel batches use the cores better than one batch that is spread over them, and a
    // thread that spins while it waits takes time from the others.
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    extra: { session: { intra_op: { allow_spinning: '0' }, ...(!hasVnni() && exactProducts) } },
  });
  assertOutputs(session, modelFile, widths);
  const embeddingWidth = centres[0]?.length ?? 0;
  assertEmbedding(session, modelFile, embeddingWidth);
  const clusterOf = clusterFinder(centres);
  const { tokenize, unknown } = tokenizer;

  return async (texts: readonly string[]): Promise<Output> => {
    const started = performance.now();
    const tokens = texts.map(tokenize);
    // Tokenizing belongs to the passes, in proportion to their sentences.
    const tokenizing = (performance.now() - started) / 1000 / texts.length;
    const logits = emptyLogits(texts.length, widths);
    const traits = new Array<Traits>(texts.length);
    const passes: Pass[] = [];
    for (const members of pack(tokens.map(({ length }) => length))) {
      const passStarted = performance.now();
      const outputs = await session.run(feeds(members.map((index) => tokens[index] ?? [])), outputNames);
      for (const task of tasks) {
        const width = widths[task];
        const data = outputs[task]?.data as Float32Array;
        members.forEach((index, place) => {
          logits[task].set(data.subarray(place * width, (place + 1) * width), index * width);
        });
      }
      const embeddings = outputs[embeddingOutput]?.data as Float32Array;
      members.forEach((index, place) => {
        const embedding = embeddings.subarray(place * embeddingWidth, (place + 1) * embeddingWidth);
        const ids = tokens[index] ?? [];
        traits[index] = {
          tokens: ids.length,
          unknown: ids.filter((id) => id === unknown).length / ids.length,
          cluster: clusterOf(embedding),
        };
      });
      const seconds = (performance.now() - passStarted) / 1000 + tokenizing * members.length;
      passes.push({ sentences: members.length, seconds });
    }
    return { logits, traits, passes };
  };
}

/**
 * The model multiplies unsigned activations with signed weights. x86 CPUs without VNNI add two such products in 16 bits,
 * which overflows; this asks for kernels that do not, at about half the speed.
 */
const exactProducts = { x64quantprecision: '1' };

/** Pads to the longest; the mask hides the padding, so that its id does not matter. */
function feeds(tokens: readonly (readonly number[])[]) {
  const longest = Math.max(...tokens.map(({ length }) => length));
  const shape = [tokens.length, longest];
  const ids = new BigInt64Array(tokens.length * longest);
  const mask = new BigInt64Array(tokens.length * longest);
  tokens.forEach((sentence, place) => {
    sentence.forEach((id, index) => (ids[place * longest + index] = BigInt(id)));
    mask.fill(1n, place * longest, place * longest + sentence.length);
  });
  return { input_ids: new Tensor('int64', ids, shape), attention_mask: new Tensor('int64', mask, shape) };
}

function emptyLogits(sentences: number, widths: ByTask<number>): Logits {
  const arrays = tasks.map((task) => [task, new Float32Array(sentences * widths[task])]);
  return Object.fromEntries(arrays) as Logits;
}

function assertOutputs(session: InferenceSession, modelFile: string, widths: ByTask<number>): void {
  for (const task of tasks) {
    const width = outputWidth(session, task);
    if (width !== widths[task]) {
      throw new Error(
        `${modelFile} gives ${String(width ?? 'no')} values for ${task}, model.json names ${widths[task]} labels: ` +
          'use the two files of the same training run.',
      );
    }
  }
}

function assertEmbedding(session: InferenceSession, modelFile: string, expected: number): void {
  const width = outputWidth(session, embeddingOutput);
  if (width === expected) return;
  throw new Error(
    `${modelFile} gives ${String(width ?? 'no')} values for ${embeddingOutput}, the centres in drift.json have ${expected}: ` +
      'use the two files of the same training run.',
  );
}

function outputWidth(session: InferenceSession, wanted: string): number | string | undefined {
  const output = session.outputMetadata.find(({ name }) => name === wanted);
  return output?.isTensor ? output.shape.at(-1) : undefined;
}
