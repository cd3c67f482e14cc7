import { parentPort, workerData } from 'node:worker_threads';
import { openSession, type Output } from './session.ts';
import { loadTokenizer } from './tokenizer.ts';
import type { ByTask } from './tasks.ts';

/** What a worker is started with. */
export interface WorkerData {
  modelDir: string;
  modelFile: string;
  maxTokens: number;
  widths: ByTask<number>;
  /** The clusters' centres among the embeddings. */
  centres: readonly (readonly number[])[];
}

/** A batch of texts for the worker. */
export type Job = readonly string[];

/** A worker says once that it is ready, then one of the others per job. */
export type Report = { kind: 'ready' } | ({ kind: 'done' } & Output) | { kind: 'failed'; message: string };

if (parentPort === null) throw new Error('worker.ts runs inside a worker thread; start server.ts.');
const port = parentPort;
const { modelDir, modelFile, maxTokens, widths, centres } = workerData as WorkerData;
const tokenizer = await loadTokenizer(modelDir, maxTokens);
const infer = await openSession({ modelFile, widths, tokenizer, centres });

port.on('message', (texts: Job) => {
  infer(texts).then(
    (output) => {
      const buffers = Object.values(output.logits).map(({ buffer }) => buffer as ArrayBuffer);
      port.postMessage({ kind: 'done', ...output } satisfies Report, buffers);
    },
    (error: unknown) => {
      port.postMessage({ kind: 'failed', message: String(error) } satisfies Report);
    },
  );
});
// The first pass allocates; no caller should wait for that.
await infer(['Ready?']);
port.postMessage({ kind: 'ready' } satisfies Report);
