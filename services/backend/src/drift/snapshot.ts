import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Type } from 'typebox';
import Value from 'typebox/value';
import type { Model } from '../inference/model.ts';
import type { DriftMonitor } from './monitor.ts';

const Snapshot = Type.Object({
  /** Of the model and its reference, whose bins these are. */
  hash: Type.String(),
  observations: Type.Array(
    Type.Object({
      id: Type.String(),
      source: Type.String(),
      bins: Type.Record(Type.String(), Type.Integer({ minimum: 0 })),
    }),
  ),
});

/** Seconds of traffic that a kill may cost; drift is judged on a thousand sentences. */
const savedEvery = 10;

export interface SnapshotOptions {
  file: string;
  monitor: DriftMonitor;
  /** A window of another one is not taken over: its bins are others. */
  model: Pick<Model, 'hash' | 'drift'>;
  log: {
    info: (details: object, message: string) => void;
    warn: (details: object, message: string) => void;
    error: (details: object, message: string) => void;
  };
}

/**
 * Fills the window from its file and keeps the file up to date. A file that cannot be read is left as it is until the
 * next save, and the window begins anew: it holds no answer that anybody was promised.
 * @returns saves a last time and stops.
 */
export async function keepWindow({
  file,
  monitor,
  model,
  log,
}: SnapshotOptions): Promise<() => Promise<void>> {
  const hash = createHash('sha256').update(model.hash).update(JSON.stringify(model.drift)).digest('hex');
  try {
    await restore();
  } catch (err) {
    log.warn({ err, file }, 'the drift window cannot be read; it begins anew');
  }
  let saved = monitor.observed;
  let saving: Promise<void> = Promise.resolve();
  const saveSoon = () => (saving = saving.then(save));
  const timer = setInterval(() => void saveSoon(), savedEvery * 1000).unref();
  return async () => {
    clearInterval(timer);
    await saveSoon();
  };

  async function restore(): Promise<void> {
    const content = await readFile(file, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
    if (content === undefined) return;
    const snapshot: unknown = JSON.parse(content);
    if (!Value.Check(Snapshot, snapshot)) throw new Error(`${file} is no drift window`);
    if (snapshot.hash === hash) monitor.restore(snapshot.observations);
    else log.info({ file }, 'the drift window is that of another model; it begins anew');
  }

  async function save(): Promise<void> {
    if (monitor.observed === saved) return;
    const observed = monitor.observed;
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(`${file}.new`, JSON.stringify({ hash, observations: monitor.observations() }));
      await rename(`${file}.new`, file);
      saved = observed;
    } catch (err) {
      log.error({ err, file }, 'the drift window cannot be saved; trying again');
    }
  }
}
