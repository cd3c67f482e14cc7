/**
 * A program that measures what the machine gives: the model in onnxruntime with one thread and nothing around it but
 * the tokenizer. Reads a `LimitJob` from standard input, prints a `Limit`.
 */
import { json } from 'node:stream/consumers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { hasVnni } from '../services/backend/src/inference/cpu.ts';
import { loadTokenizer } from '../services/backend/src/inference/tokenizer.ts';
import { tasks } from '../services/backend/src/inference/tasks.ts';
import type { Measured } from './load.ts';
import { percentile } from './statistics.ts';

export interface LimitJob {
  modelDir: string;
  modelFile: string;
  maxTokens: number;
  texts: string[];
  /** Seconds before it counts, and that count, for each of both ways. */
  warmUp: number;
  seconds: number;
}

export interface Limit {
  /** Batches that are full and hold sentences of one length, as near as can be: throughput in sentences. */
  batches: Measured;
  /** One sentence at a time. */
  single: Measured;
}

/** Token places of a full batch, padding included: longer ones are slower per token, for want of cache. */
const full = 512;

const { modelDir, modelFile, maxTokens, texts, warmUp, seconds } = (await json(process.stdin)) as LimitJob;
const { tokenize } = await loadTokenizer(modelDir, maxTokens);
const session = await InferenceSession.create(modelFile, {
  executionMode: 'sequential',
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  // As the service has it: without VNNI the fast kernels give other answers.
  extra: { session: { intra_op: { allow_spinning: '0' }, ...(!hasVnni() && { x64quantprecision: '1' }) } },
});

const batches: string[][] = [[]];
for (const { text, length } of texts
  .map((text) => ({ text, length: tokenize(text).length }))
  .sort((a, b) => a.length - b.length)) {
  const last = batches.at(-1) ?? [];
  if ((last.length + 1) * length <= full) last.push(text);
  else batches.push([text]);
}
const limit: Limit = { batches: await measure(batches), single: await measure(texts.map((text) => [text])) };
console.log(JSON.stringify(limit));
process.exit();

async function measure(batches: readonly (readonly string[])[]): Promise<Measured> {
  await rounds(batches, warmUp);
  const latencies = await rounds(batches, seconds);
  const sentences = (texts.length * latencies.length) / batches.length;
  const total = latencies.reduce((sum, latency) => sum + latency, 0);
  return {
    throughput: (sentences / total) * 1000,
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
  };
}

/** Goes through all batches, which differ in length, until the time is over. @returns milliseconds of each. */
async function rounds(batches: readonly (readonly string[])[], seconds: number): Promise<number[]> {
  const latencies: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    for (const batch of batches) {
      const before = performance.now();
      await infer(batch);
      latencies.push(performance.now() - before);
    }
  }
  return latencies;
}

async function infer(batch: readonly string[]): Promise<void> {
  const tokens = batch.map(tokenize);
  const longest = Math.max(...tokens.map(({ length }) => length));
  const ids = new BigInt64Array(batch.length * longest);
  const mask = new BigInt64Array(batch.length * longest);
  tokens.forEach((sentence, place) => {
    sentence.forEach((id, index) => (ids[place * longest + index] = BigInt(id)));
    mask.fill(1n, place * longest, place * longest + sentence.length);
  });
  const shape = [batch.length, longest];
  const feeds = {
    input_ids: new Tensor('int64', ids, shape),
    attention_mask: new Tensor('int64', mask, shape),
  };
  await session.run(feeds, tasks);
}
