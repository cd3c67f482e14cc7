import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FastifyBaseLogger } from 'fastify';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startPostgres } from '../../testing/postgres-server.ts';
import { StartError } from '../errors.ts';
import { openFeedbackStore } from './open.ts';
import { KeyReusedError, type FeedbackRow, type FeedbackStore, type TrainingRow } from './store.ts';

const model = { name: 'minilm', version: '1.0.0' };
const log = { warn: vi.fn<FastifyBaseLogger['warn']>() };
const postgres = await startPostgres();
if (typeof postgres === 'string')
  console.warn(`The feedback store was not tested on PostgreSQL: ${postgres}.`);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedback-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  if (typeof postgres !== 'string') await postgres.stop();
});

const opened: FeedbackStore[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});
async function open(place: Place): Promise<FeedbackStore> {
  const store = await openFeedbackStore(place, log);
  opened.push(store);
  return store;
}

type Place = Parameters<typeof openFeedbackStore>[0];
/** Somewhere empty. */
const places: [string, boolean, () => Promise<Place>][] = [
  [
    'SQLite',
    true,
    () => Promise.resolve({ dataDir: join(folder, randomUUID()), feedbackDatabaseUrl: undefined }),
  ],
  [
    'PostgreSQL',
    typeof postgres !== 'string',
    async () => ({
      dataDir: '/nowhere',
      feedbackDatabaseUrl: typeof postgres === 'string' ? undefined : await postgres.createDatabase(),
    }),
  ],
];

function row(changes: Partial<FeedbackRow> = {}): FeedbackRow {
  return {
    id: randomUUID(),
    key: null,
    fingerprint: 'a',
    received_at: '2026-01-02T03:04:05.678Z',
    action: 'edited',
    text: 'We won!',
    emotion: 'happiness',
    sub_emotion: 'joy',
    intensity: 'strong',
    source: 'video 1',
    start_time: 0.1,
    end_time: null,
    model_name: model.name,
    model_version: model.version,
    predicted_emotion: 'surprise',
    predicted_sub_emotion: 'confusion',
    predicted_intensity: 'mild',
    emotion_confidence: 0.1 + 0.2,
    sub_emotion_confidence: 0.25,
    intensity_confidence: 1,
    ...changes,
  };
}

async function textsOf(store: FeedbackStore): Promise<string[]> {
  const rows: TrainingRow[] = [];
  for await (const stored of store.rows()) rows.push(stored);
  return rows.map(({ text }) => text);
}

describe.each(places)('the feedback store on %s', (_name, runs, emptyPlace) => {
  const test = it.runIf(runs);

  test('keeps what it is given, to the letter, and after it is opened again', async () => {
    const place = await emptyPlace();
    const texts = ['=1+1', '"a",\r\n\tb\\n', "'; DROP TABLE feedback; --", ' 😀 é ', 'x'.repeat(5000)];
    const rows = texts.map((text) => row({ text }));
    const added = await (await open(place)).add(rows);
    expect(added).toEqual(rows.map(({ id }) => ({ id, added: true })));
    await opened.pop()?.close();

    const store = await open(place);
    expect(await textsOf(store)).toEqual(texts);
    expect((await store.newest(model, 1))[0]).toEqual({
      id: rows.at(-1)?.id,
      truth: { emotion: 'happiness', sub_emotion: 'joy', intensity: 'strong' },
      predicted: { emotion: 'surprise', sub_emotion: 'confusion', intensity: 'mild' },
      confidence: { emotion: 0.1 + 0.2, sub_emotion: 0.25, intensity: 1 },
    });
  });

  test('gives the newest rows of one version of one model, oldest first', async () => {
    const store = await open(await emptyPlace());
    const labels = ['a', 'b', 'c', 'd'];
    await store.add([
      ...labels.map((emotion) => row({ emotion })),
      row({ model_version: '0.9.0', emotion: 'x' }),
      row({ model_name: 'other', emotion: 'y' }),
    ]);
    const newest = await store.newest(model, 3);
    expect(newest.map(({ truth }) => truth.emotion)).toEqual(['b', 'c', 'd']);
  });

  test('stores what has the same key once, and what has none each time', async () => {
    const store = await open(await emptyPlace());
    const first = row({ key: 'k', text: 'keyed' });
    await store.add([first, row({ text: 'free' })]);
    const again = row({ key: 'k', text: 'keyed' });
    const more = row({ text: 'free' });
    expect(await store.add([again, more, { ...again, id: randomUUID() }])).toEqual([
      { id: first.id, added: false },
      { id: more.id, added: true },
      { id: first.id, added: false },
    ]);
    expect(await textsOf(store)).toEqual(['keyed', 'free', 'free']);
  });

  test('refuses other content under a key, and then adds nothing', async () => {
    const store = await open(await emptyPlace());
    await store.add([row({ key: 'k' })]);
    const rows = [row({ text: 'new' }), row({ key: 'k', fingerprint: 'b' })];
    await expect(store.add(rows)).rejects.toMatchObject({ name: 'KeyReusedError', index: 1 });
    const twice = [row({ key: 'l', text: 'new' }), row({ key: 'l', fingerprint: 'b' })];
    await expect(store.add(twice)).rejects.toMatchObject({ name: 'KeyReusedError', index: 1 });
    expect(await textsOf(store)).toEqual(['We won!']);
  });

  test('keeps requests that come together apart', async () => {
    const store = await open(await emptyPlace());
    // Every third one reuses the key k0 for content of its own: one of them can be first, no two.
    const requests = Array.from({ length: 30 }, (_, n) => [
      row({ text: `text ${n}` }),
      row(n % 3 === 0 ? { key: 'k0', fingerprint: `${n}` } : { key: `k${1 + (n % 9)}`, text: 'keyed' }),
    ]);
    const results = await Promise.allSettled(requests.map((rows) => store.add(rows)));
    const stored = await textsOf(store);
    results.forEach(({ status }, n) => {
      expect(stored.includes(`text ${n}`)).toBe(status === 'fulfilled');
    });
    const failures = results.filter((result) => result.status === 'rejected');
    expect(failures).toHaveLength(9);
    for (const { reason } of failures) expect(reason).toBeInstanceOf(KeyReusedError);
    const keys = new Set(requests.flat().map(({ key }) => key));
    expect(stored).toHaveLength(21 + keys.size - 1);
  });

  test('reads more rows than it holds in memory at once', async () => {
    const store = await open(await emptyPlace());
    const texts = Array.from({ length: 1001 }, (_, n) => `Sentence ${n}.`);
    await store.add(texts.map((text) => row({ text })));
    expect(await textsOf(store)).toEqual(texts);
  });

  test('has what it acknowledged when its process was killed', async () => {
    const place = await emptyPlace();
    const acknowledged = await killedWriter(place, 20);
    const stored = new Set(await textsOf(await open(place)));
    expect(acknowledged).toHaveLength(20);
    expect(acknowledged.filter((text) => !stored.has(text))).toEqual([]);
  });
});

/** Writes one row after the other in another process, and kills it while it writes. Gives the acknowledged texts. */
async function killedWriter(place: Place, count: number): Promise<string[]> {
  const source = `
    import { openFeedbackStore } from ${JSON.stringify(join(import.meta.dirname, 'open.ts'))};
    const store = await openFeedbackStore(${JSON.stringify(place)}, console);
    const row = ${JSON.stringify(row())};
    for (let n = 0; ; n++) {
      await store.add([{ ...row, id: crypto.randomUUID(), text: 'row ' + n }]);
      console.log('row ' + n);
    }`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const texts: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    if (texts.length < count) texts.push(line);
    else child.kill('SIGKILL');
  }
  return texts;
}

describe('an SQLite file', () => {
  it('is whole by itself once it is closed', async () => {
    const [dataDir, copyDir] = [join(folder, 'original'), join(folder, 'copy')];
    const store = await open({ dataDir, feedbackDatabaseUrl: undefined });
    await store.add([row()]);
    await opened.pop()?.close();
    await mkdir(copyDir);
    await copyFile(join(dataDir, 'feedback.db'), join(copyDir, 'feedback.db'));
    expect(await textsOf(await open({ dataDir: copyDir, feedbackDatabaseUrl: undefined }))).toEqual([
      'We won!',
    ]);
  });

  it('that cannot be one stops the start', async () => {
    const occupied = join(folder, 'occupied');
    await writeFile(occupied, '');
    await expect(open({ dataDir: occupied, feedbackDatabaseUrl: undefined })).rejects.toThrow(StartError);
    await writeFile(join(folder, 'feedback.db'), 'No database, however long it gets. '.repeat(99));
    const other = open({ dataDir: folder, feedbackDatabaseUrl: undefined });
    await expect(other).rejects.toThrow(/feedback\.db cannot hold the feedback \(.*not a database.*DATA_DIR/);
  });
});

describe('a PostgreSQL database', () => {
  it('that does not answer stops the start, without its password in the message', async () => {
    const place = { dataDir: '', feedbackDatabaseUrl: 'postgres://me:secret@127.0.0.1:9/emotions' };
    const failure: unknown = await open(place).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StartError);
    expect(String(failure)).toMatch(/database emotions at 127\.0\.0\.1:9 .*user me \(.*ECONNREFUSED/);
    expect(String(failure)).not.toContain('secret');
  });

  it.skipIf(typeof postgres === 'string')(
    'gets its table once, however many replicas start together',
    async () => {
      const url = typeof postgres === 'string' ? '' : await postgres.createDatabase();
      const places = Array.from({ length: 8 }, () => ({ dataDir: '', feedbackDatabaseUrl: url }));
      const [one, other] = await Promise.all(places.map(open));
      await one?.add([row()]);
      expect(other && (await textsOf(other))).toEqual(['We won!']);
    },
  );

  it.skipIf(typeof postgres === 'string')('is connected to again when it was away', async () => {
    const url = typeof postgres === 'string' ? '' : await postgres.createDatabase();
    const store = await open({ dataDir: '', feedbackDatabaseUrl: url });
    const admin = new pg.Client(url);
    await admin.connect();
    await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'emotion-stack'",
    );
    await admin.end();
    await vi.waitFor(() => {
      expect(log.warn).toHaveBeenCalled();
    });
    await store.add([row()]);
    expect(await textsOf(store)).toEqual(['We won!']);
  });
});
