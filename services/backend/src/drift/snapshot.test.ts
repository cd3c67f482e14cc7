import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadEnv } from '../env.ts';
import { decoder } from '../inference/decode.ts';
import { readModel, type Model } from '../inference/model.ts';
import { createMetrics } from '../metrics.ts';
import { DriftMonitor } from './monitor.ts';
import { keepWindow, type SnapshotOptions } from './snapshot.ts';

let model: Model;
beforeAll(async () => {
  model = await readModel(loadEnv(process.env).modelDir);
});

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drift-'));
  // A folder that is not there yet.
  file = join(folder, 'data', 'drift-window.json');
});
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const stop of stops.splice(0)) await stop();
  await rm(folder, { recursive: true });
});

async function start(of: SnapshotOptions['model'] = model) {
  const monitor = new DriftMonitor(model.drift, model, createMetrics());
  const log = {
    info: vi.fn<SnapshotOptions['log']['info']>(),
    warn: vi.fn<SnapshotOptions['log']['warn']>(),
    error: vi.fn<SnapshotOptions['log']['error']>(),
  };
  const stop = await keepWindow({ file, monitor, model: of, log });
  stops.push(stop);
  return { monitor, log, stop, size: () => monitor.report().window.sentences };
}

function fill(monitor: DriftMonitor, sentences: number): void {
  const { emotion, sub_emotion, intensity } = model.files.widths;
  const zeros = (width: number) => new Float32Array(width);
  const logits = { emotion: zeros(emotion), sub_emotion: zeros(sub_emotion), intensity: zeros(intensity) };
  const prediction = decoder(model)(logits);
  for (let n = 0; n < sentences; n++) {
    const sentence = { id: `request-${n}/0`, source: `video-${n % 20}`, text: `Sentence ${n}.` };
    monitor.observe(sentence, { tokens: n % 30, unknown: 0, cluster: n % 16 }, prediction);
  }
}

describe('the drift window', () => {
  it('is the same after a restart', async () => {
    const before = await start();
    expect(before.size()).toBe(0);
    fill(before.monitor, 1200);
    await before.stop();
    const after = await start();
    expect(after.monitor.report()).toEqual(before.monitor.report());
    expect(after.monitor.report()).toMatchObject({ ready: true, window: { sentences: 1000, sources: 20 } });
    for (const { log } of [before, after])
      expect([...log.warn.mock.calls, ...log.error.mock.calls]).toEqual([]);
  });

  it('is saved while the service runs, for a kill', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const killed = await start();
    fill(killed.monitor, 10);
    vi.advanceTimersByTime(10_000);
    await vi.waitFor(() => readFile(file), 10_000);
    expect((await start()).size()).toBe(10);
  });

  it.each<[string, (model: Model) => SnapshotOptions['model']]>([
    ['another model', ({ drift }) => ({ hash: '0'.repeat(64), drift })],
    ['another reference', ({ hash, drift }) => ({ hash, drift: { ...drift, rows: 1 } })],
  ])('of %s is not taken over', async (_what, change) => {
    const before = await start();
    fill(before.monitor, 10);
    await before.stop();
    const after = await start(change(model));
    expect(after.size()).toBe(0);
    expect(after.log.info.mock.calls).toEqual([
      [{ file }, 'the drift window is that of another model; it begins anew'],
    ]);
    fill(after.monitor, 5);
    await after.stop();
    expect((await start(change(model))).size()).toBe(5);
  });

  it.each(['{"hash": "', '[]', '{"hash": "a", "observations": [{"id": 1}]}', ''])(
    'begins anew where its file says %j, and the log says so',
    async (content) => {
      await mkdir(join(folder, 'data'));
      await writeFile(file, content);
      const { monitor, log, size, stop } = await start();
      expect(size()).toBe(0);
      expect(log.warn.mock.calls).toEqual([
        [{ err: expect.any(Error) as Error, file }, 'the drift window cannot be read; it begins anew'],
      ]);
      fill(monitor, 10);
      await stop();
      expect((await start()).size()).toBe(10);
    },
  );

  it('says in the log that it cannot be saved', async () => {
    const { monitor, log, stop } = await start();
    await writeFile(join(folder, 'data'), 'a file where the folder belongs');
    fill(monitor, 10);
    await stop();
    expect(log.error.mock.calls).toEqual([
      [{ err: expect.any(Error) as Error, file }, 'the drift window cannot be saved; trying again'],
    ]);
  });
});
