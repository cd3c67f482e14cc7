import { parse } from 'csv-parse/sync';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadEnv } from '../env.ts';
import { decoder, row, type Prediction } from '../inference/decode.ts';
import { readModel, type Model } from '../inference/model.ts';
import { startThread } from '../inference/thread.ts';
import type { Traits } from '../inference/traits.ts';
import type { Report } from '../inference/worker.ts';
import { createMetrics } from '../metrics.ts';
import { DriftMonitor } from './monitor.ts';

/** The sentences that the model was made of are not part of the project. */
const dataDir = process.env.EMOTION_DATA ?? resolve(import.meta.dirname, '../../../../../shared/data');
const files = {
  transcripts: resolve(dataDir, 'emotion-transcripts/train.csv'),
  comments: resolve(dataDir, 'goemotions/dev.tsv'),
};
const absent = Object.values(files).filter((file) => !existsSync(file));
const skipped =
  absent.length === 0 ? '' : ` (skipped: there is no ${absent[0]}; EMOTION_DATA names its folder)`;

const blockSize = 100;
const blocksInWindow = 10;
const windows = 1000;
/** The same windows each time. */
const seed = 11;

interface Seen {
  traits: Traits;
  prediction: Prediction;
}

describe.skipIf(skipped !== '')(`the drift scores on real text${skipped}`, { timeout: 900_000 }, () => {
  let model: Model;
  /** Ordinary traffic: sentences in the order in which they were spoken. */
  let blocks: Seen[][];
  let comments: Seen[];
  const random = generator(seed);

  // 15,800 sentences: about 40 s of an idle core.
  beforeAll(async () => {
    model = await readModel(loadEnv(process.env).modelDir);
    const { see, end } = await startWorker(model);
    blocks = [];
    for (const block of heldOut(transcripts())) blocks.push(await see(block));
    comments = await see(redditComments(blockSize * blocksInWindow));
    await end();
  }, 900_000);

  const metrics = createMetrics();
  /** The scores of a window, each sentence a request of its own. */
  function judge(sentences: readonly Seen[]) {
    const monitor = new DriftMonitor(model.drift, model, metrics);
    sentences.forEach(({ traits, prediction }, n) => {
      monitor.observe({ id: `${n}/0`, source: String(n), text: '' }, traits, prediction);
    });
    const report = monitor.report();
    expect(report.ready).toBe(true);
    return report;
  }

  it('cry wolf in at most 1% of windows of ordinary traffic', () => {
    expect(blocks.length).toBeGreaterThan(100);
    const reports = Array.from({ length: windows }, () =>
      judge(sample(blocks, blocksInWindow, random).flat()),
    );
    const alarms = reports.filter(({ data, threshold }) => data.score > threshold);
    const highest = Math.max(...reports.map(({ data }) => data.score));
    expect(alarms.length / windows, `highest score ${highest}`).toBeLessThanOrEqual(0.01);
  });

  it('tell written comments from spoken sentences', () => {
    const { data, threshold } = judge(comments);
    expect(data.score).toBeGreaterThan(threshold);
  });

  it('notice that one emotion is predicted 20 points more often', () => {
    const ordinary = blocks.flat();
    const emotionOf = ({ prediction }: Seen) => prediction.emotion.label;
    for (const emotion of model.labels.emotion) {
      const window = sample(ordinary, blockSize * blocksInWindow, random);
      const alike = ordinary.filter((one) => emotionOf(one) === emotion);
      const others = window.flatMap((one, place) => (emotionOf(one) === emotion ? [] : [place]));
      for (const place of sample(others, window.length * 0.2, random)) {
        window[place] = pick(alike, random);
      }
      const { prediction, threshold } = judge(window);
      expect(prediction.emotion.score, emotion).toBeGreaterThan(threshold);
    }
  });
});

/** A worker as the service has them, and what it says of each text. */
async function startWorker(model: Model) {
  const worker = startThread(new URL('../inference/worker.ts', import.meta.url), model.files);
  const decode = decoder(model);
  const answer = async () => ((await once(worker, 'message')) as [Report])[0];
  await answer();
  return {
    see: async (texts: readonly string[]): Promise<Seen[]> => {
      worker.postMessage(texts);
      const report = await answer();
      if (report.kind !== 'done') throw new Error(`The worker says ${JSON.stringify(report)}.`);
      const { logits, traits } = report;
      return traits.map((ofOne, n) => ({ traits: ofOne, prediction: decode(row(logits, model.labels, n)) }));
    },
    end: () => worker.terminate(),
  };
}

/** In the order in which they were spoken; a sentence that repeats the one before it counts once, as in the service. */
function transcripts(): string[] {
  const rows: { text: string }[] = parse(readFileSync(files.transcripts), { columns: true, bom: true });
  const texts = rows.map(({ text }) => text.trim()).filter((text) => text !== '');
  return texts.filter((text, n) => text !== texts[n - 1]);
}

/** The blocks that the reference was not fitted on: every second one (training/emotion/drift.py). */
function heldOut(texts: readonly string[]): string[][] {
  const blocks = Array.from({ length: Math.floor(texts.length / blockSize) }, (_, block) =>
    texts.slice(block * blockSize, (block + 1) * blockSize),
  );
  return blocks.filter((_, block) => block % 2 === 1);
}

function redditComments(count: number): string[] {
  const lines = readFileSync(files.comments, 'utf8').split('\n').slice(0, count);
  return lines.map((line) => line.split('\t')[0] ?? '');
}

/** So many of them, none twice. */
function sample<T>(from: readonly T[], count: number, random: () => number): T[] {
  const left = [...from];
  return Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)[0] as T);
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)] as T;
}

/** Numbers from 0 to 1: mulberry32, the same after the same seed. */
function generator(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
