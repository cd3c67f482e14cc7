import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { ServiceError, StartError } from '../errors.ts';
import { usableCores } from './cores.ts';
import type { Batch, Outcome, SentenceQueue } from './queue.ts';
import type { Output, Pass } from './session.ts';
import { startThread } from './thread.ts';
import type { Job, Report, WorkerData } from './worker.ts';

/**
 * Milliseconds over one batch after which a worker with a core of its own counts as wedged: ten times what the largest
 * batch takes (64 texts of 128 characters that are a token each: 1.9 s), and less than the 25 s that a stop has.
 */
const wedgedAfterOnCore = 20_000;

/** Milliseconds between attempts to replace a worker that does not come up. */
const restartDelay = 1000;

export interface PoolOptions {
  workers: number;
  workerData: WorkerData;
  /** Splits the output of a batch into its sentences. */
  split: (output: Output) => Outcome[];
  onPass: (pass: Pass) => void;
  log: { error: (details: object, message: string) => void };
  /** Another program for the workers, in tests. */
  script?: URL;
  /** Milliseconds that a batch may take, in tests. */
  wedgedAfter?: number;
}

/**
 * Worker threads that pull batches from a queue. A worker that dies or does not come back from a batch is replaced;
 * its batch is answered with 503.
 */
export class WorkerPool {
  private readonly queue: SentenceQueue;
  private readonly options: PoolOptions;
  private readonly lanes: Lane[];
  private serving: Promise<void>[] = [];

  private constructor(queue: SentenceQueue, options: PoolOptions) {
    this.queue = queue;
    this.options = options;
    this.lanes = Array.from({ length: options.workers }, () => new Lane(options));
  }

  /** @throws {StartError} when a worker does not come up, with the worker's own words. */
  static async start(queue: SentenceQueue, options: PoolOptions): Promise<WorkerPool> {
    const pool = new WorkerPool(queue, options);
    const started = await Promise.allSettled(pool.lanes.map((lane) => lane.open()));
    const failure = started.find((result) => result.status === 'rejected');
    if (failure) {
      await pool.close();
      const { message } = failure.reason as Error;
      throw new StartError([
        `The model in ${options.workerData.modelDir} does not load (${message}): point MODEL_DIR at another folder.`,
      ]);
    }
    pool.serving = pool.lanes.map((lane) => pool.serve(lane));
    return pool;
  }

  /** Whether a worker is loaded and not given up. */
  get ready(): boolean {
    return this.lanes.some((lane) => lane.loaded);
  }

  /** Ends the workers after the batches that they have. Close the queue first. */
  async close(): Promise<void> {
    for (const lane of this.lanes) lane.closing = true;
    await Promise.all(this.serving);
    await Promise.all(this.lanes.map((lane) => lane.close()));
  }

  private async serve(lane: Lane): Promise<void> {
    for (;;) {
      await lane.opened;
      const batch = await this.queue.next();
      if (batch === undefined) return;
      try {
        const output = await lane.run(batch.texts);
        // The worker gets what waits first: answering takes a while, which it would spend idle.
        setImmediate(() => {
          this.answer(batch, output);
        });
      } catch (error) {
        batch.reject(error as Error);
      }
    }
  }

  private answer(batch: Batch, output: Output): void {
    try {
      for (const pass of output.passes) this.options.onPass(pass);
      batch.resolve(this.options.split(output));
    } catch (error) {
      batch.reject(error as Error);
    }
  }
}

/** One worker after the other in the same place. */
class Lane {
  /** The worker of this place, once it is loaded. */
  opened: Promise<Worker | undefined> = Promise.resolve(undefined);
  /** A worker that ends is not replaced any more. */
  closing = false;
  private readonly options: PoolOptions;
  private readonly wedgedAfter: number;
  /** Loaded, and neither dead nor given up. */
  private present: Worker | undefined;

  constructor(options: PoolOptions) {
    this.options = options;
    const share = Math.min(1, usableCores() / options.workers);
    this.wedgedAfter = options.wedgedAfter ?? wedgedAfterOnCore / share;
  }

  get loaded(): boolean {
    return this.present !== undefined;
  }

  async open(): Promise<void> {
    this.opened = this.startWorker();
    await this.opened;
  }

  /** @throws {ServiceError} 503 when the worker dies over it or does not come back, 500 when the model fails. */
  async run(texts: Job): Promise<Output> {
    const worker = await this.opened;
    if (worker === undefined) throw lost();
    let watchdog: NodeJS.Timeout | undefined;
    const wedged = new Promise<never>((_resolve, reject) => {
      watchdog = setTimeout(() => {
        this.giveUp(worker, texts.length);
        reject(lost());
      }, this.wedgedAfter);
    });
    try {
      worker.postMessage(texts);
      const report = await Promise.race([nextReport(worker), wedged]);
      if (report.kind === 'done') return report;
      this.options.log.error({ report, sentences: texts.length }, 'the model failed on a batch');
      throw new ServiceError(
        500,
        'inference_failed',
        'The model failed on this batch; the log has the cause.',
      );
    } finally {
      clearTimeout(watchdog);
    }
  }

  async close(): Promise<void> {
    const worker = await this.opened.catch(() => undefined);
    await worker?.terminate();
  }

  private async startWorker(): Promise<Worker> {
    const { script, workerData, log } = this.options;
    const worker = startThread(script ?? new URL('./worker.ts', import.meta.url), workerData);
    let cause: unknown;
    worker.on('error', (error) => (cause = error));
    try {
      await nextReport(worker);
    } catch (error) {
      throw cause ?? error;
    }
    this.present = worker;
    worker.once('exit', (code) => {
      if (this.present !== worker) return;
      this.present = undefined;
      if (this.closing) return;
      log.error({ err: cause, code }, 'an inference worker died; starting another');
      this.opened = this.replaceWorker();
    });
    return worker;
  }

  /** Its end is not waited for: a thread that is stuck in native code cannot be ended from here. */
  private giveUp(worker: Worker, sentences: number): void {
    this.present = undefined;
    this.options.log.error({ sentences }, 'an inference worker is wedged; starting another');
    this.opened = this.replaceWorker();
    void worker.terminate();
  }

  private async replaceWorker(): Promise<Worker | undefined> {
    while (!this.closing) {
      try {
        return await this.startWorker();
      } catch (err) {
        this.options.log.error({ err }, 'an inference worker did not come up; trying again');
        await sleep(restartDelay);
      }
    }
    return undefined;
  }
}

/** The worker's next report. Rejects when it ends without one. */
function nextReport(worker: Worker): Promise<Report> {
  return new Promise((resolve, reject) => {
    const onMessage = (report: Report) => {
      worker.off('exit', onExit);
      resolve(report);
    };
    const onExit = () => {
      worker.off('message', onMessage);
      reject(lost());
    };
    worker.once('message', onMessage);
    worker.once('exit', onExit);
  });
}

function lost(): ServiceError {
  return new ServiceError(503, 'worker_lost', 'The inference worker stopped; another one is starting.', {
    retryAfter: 1,
  });
}
