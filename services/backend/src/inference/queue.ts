import { ServiceError } from '../errors.ts';
import type { Metrics } from '../metrics.ts';
import type { Logits } from './decode.ts';
import type { Traits } from './traits.ts';

/** Sentences of which some have the same length: up to so many, one worker takes all that waits. */
const smallestShare = 64;

export interface QueueLimits {
  /** Sentences that may wait. */
  waiting: number;
  /** Sentences handed to a worker together. */
  sentences: number;
  /** Workers that pull. */
  workers: number;
  /** Characters handed to a worker together, so that long texts do not keep short ones waiting. */
  characters: number;
}

/** What a worker says of one sentence. */
export interface Outcome {
  logits: Logits;
  traits: Traits;
}

/** The same, and how long its caller waited for that. */
export interface Answer extends Outcome {
  /** From `push` to here. */
  seconds: number;
}

/** Sentences for one worker. Exactly one of `resolve` and `reject` is called. */
export interface Batch {
  texts: string[];
  resolve: (outcomes: readonly Outcome[]) => void;
  reject: (error: Error) => void;
}

interface Waiting {
  text: string;
  since: number;
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

type QueueMetrics = Pick<Metrics, 'inference_queue_depth' | 'inference_rejected_total'>;

/** First in, first out, bounded. Requests push their sentences, workers pull batches of them. */
export class SentenceQueue {
  private readonly limits: QueueLimits;
  private readonly metrics: QueueMetrics;
  private readonly waiting = new Set<Waiting>();
  private readonly idle: ((batch: Batch | undefined) => void)[] = [];
  private handingOut = false;
  private closed = false;
  /** Seconds per sentence at which all workers together answer, smoothed; tells refused callers when to come back. */
  private pace = 0;
  private answeredAt = 0;

  constructor(limits: QueueLimits, metrics: QueueMetrics) {
    this.limits = limits;
    this.metrics = metrics;
  }

  /**
   * Adds all texts or none, and waits for their answers, in their order.
   * @param signal takes those still waiting out again.
   * @throws {ServiceError} 429 when they do not fit, or what the worker failed with; the signal's reason.
   */
  async push(texts: readonly string[], signal: AbortSignal): Promise<Answer[]> {
    signal.throwIfAborted();
    if (this.waiting.size + texts.length > this.limits.waiting) {
      this.metrics.inference_rejected_total.inc(texts.length);
      throw new ServiceError(429, 'queue_full', 'Too many sentences are waiting; try again a little later.', {
        retryAfter: Math.max(1, Math.ceil(this.waiting.size * this.pace)),
      });
    }
    const entries: Waiting[] = [];
    const answers = texts.map(
      (text) =>
        new Promise<Answer>((resolve, reject) => {
          const entry = { text, since: performance.now(), resolve, reject };
          entries.push(entry);
          this.waiting.add(entry);
        }),
    );
    const leave = () => {
      for (const entry of entries) {
        this.waiting.delete(entry);
        entry.reject(signal.reason as Error);
      }
      this.reportDepth();
    };
    signal.addEventListener('abort', leave, { once: true });
    this.handOutSoon();
    try {
      return await Promise.all(answers);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** Waits for sentences; undefined once the queue is closed. */
  next(): Promise<Batch | undefined> {
    if (this.closed) return Promise.resolve(undefined);
    // What came in earlier turns has waited for a worker, not for company.
    if (this.waiting.size > 0 && !this.handingOut) {
      const batch = this.takeBatch();
      this.reportDepth();
      return Promise.resolve(batch);
    }
    return new Promise((resolve) => {
      this.idle.push(resolve);
      this.handOutSoon();
    });
  }

  /** Sends idle workers home. What still waits is answered with 503. */
  close(): void {
    this.closed = true;
    for (const resolve of this.idle.splice(0)) resolve(undefined);
    for (const { reject } of this.waiting) {
      reject(new ServiceError(503, 'shutting_down', 'The service is stopping.', { retryAfter: 1 }));
    }
    this.waiting.clear();
    this.reportDepth();
  }

  /** Once per turn of the event loop, so that requests which arrived together share a batch. */
  private handOutSoon(): void {
    this.reportDepth();
    if (this.handingOut) return;
    this.handingOut = true;
    setImmediate(() => {
      this.handingOut = false;
      while (this.waiting.size > 0 && this.idle.length > 0) this.idle.shift()?.(this.takeBatch());
      this.reportDepth();
    });
  }

  private takeBatch(): Batch {
    const takenAt = performance.now();
    const entries: Waiting[] = [];
    let characters = 0;
    // The more sentences, the less padding and the fewer passes; the rest is for the other workers.
    const share = Math.max(smallestShare, Math.ceil(this.waiting.size / this.limits.workers));
    const most = Math.min(this.limits.sentences, share);
    for (const entry of this.waiting) {
      characters += entry.text.length;
      const full = entries.length === most || characters > this.limits.characters;
      if (full && entries.length > 0) break;
      entries.push(entry);
      this.waiting.delete(entry);
    }
    return {
      texts: entries.map(({ text }) => text),
      resolve: (outcomes) => {
        const now = performance.now();
        this.learnPace((now - Math.max(takenAt, this.answeredAt)) / 1000 / entries.length);
        this.answeredAt = now;
        outcomes.forEach((outcome, index) => {
          const entry = entries[index];
          entry?.resolve({ ...outcome, seconds: (now - entry.since) / 1000 });
        });
      },
      reject: (error) => {
        for (const entry of entries) entry.reject(error);
      },
    };
  }

  private learnPace(seconds: number): void {
    this.pace = this.pace === 0 ? seconds : 0.8 * this.pace + 0.2 * seconds;
  }

  private reportDepth(): void {
    this.metrics.inference_queue_depth.set(this.waiting.size);
  }
}
