import { tasks } from '../inference/tasks.ts';
import type { Audited } from './accuracy.ts';
import { KeyReusedError, type FeedbackRow, type FeedbackStore, type TrainingRow } from './store.ts';

/** Rows of one statement, in which `$1` to `$9` stand for the parameters. */
export type Query = <Row>(sql: string, parameters?: readonly unknown[]) => Promise<Row[]>;

/** A database, in so far as the store needs one. */
export interface Database {
  query: Query;
  /** Does the work as a whole: it survives a crash once this resolves, and is undone when the work throws. */
  transaction: <T>(work: (query: Query) => Promise<T>) => Promise<T>;
  close: () => Promise<void>;
  /** Statements that keep others out while the table is created, where a transaction does not. */
  createAlone: readonly string[];
  /** Type of a primary key that counts up. */
  serial: string;
  /** The rows of a JSON array of objects, given as `$1`, with these columns. */
  rowsOf: (columns: readonly string[]) => string;
  /** The texts of a JSON array of texts, given as `$1`. */
  textsOf: string;
}

const types = {
  id: 'TEXT NOT NULL UNIQUE',
  key: 'TEXT UNIQUE',
  fingerprint: 'TEXT NOT NULL',
  received_at: 'TEXT NOT NULL',
  action: "TEXT NOT NULL CHECK (action IN ('edited', 'confirmed'))",
  text: 'TEXT NOT NULL',
  emotion: 'TEXT NOT NULL',
  sub_emotion: 'TEXT NOT NULL',
  intensity: 'TEXT NOT NULL',
  source: 'TEXT',
  start_time: 'DOUBLE PRECISION',
  end_time: 'DOUBLE PRECISION',
  model_name: 'TEXT NOT NULL',
  model_version: 'TEXT NOT NULL',
  predicted_emotion: 'TEXT NOT NULL',
  predicted_sub_emotion: 'TEXT NOT NULL',
  predicted_intensity: 'TEXT NOT NULL',
  emotion_confidence: 'DOUBLE PRECISION NOT NULL',
  sub_emotion_confidence: 'DOUBLE PRECISION NOT NULL',
  intensity_confidence: 'DOUBLE PRECISION NOT NULL',
} satisfies Record<keyof FeedbackRow, string>;

const columns = Object.keys(types);

/** Rows read together: few enough that an export keeps nobody waiting. */
const pageSize = 500;

/** Feedback in a table of an SQL database, which it creates where there is none. */
export async function sqlStore(database: Database): Promise<FeedbackStore> {
  const { createAlone, serial, rowsOf, textsOf } = database;
  await database.transaction(async (query) => {
    for (const statement of createAlone) await query(statement);
    const definitions = Object.entries(types).map(([name, type]) => `${name} ${type}`);
    await query(`CREATE TABLE IF NOT EXISTS feedback (seq ${serial}, ${definitions.join(', ')})`);
    await query('CREATE INDEX IF NOT EXISTS feedback_by_model ON feedback (model_name, model_version, seq)');
  });

  return {
    add: (rows) =>
      database.transaction(async (query) => {
        const added = await query<{ id: string }>(
          `INSERT INTO feedback (${columns.join(', ')}) ${rowsOf(columns)}
           ON CONFLICT (key) DO NOTHING RETURNING id`,
          [JSON.stringify(rows)],
        );
        const ids = new Set(added.map(({ id }) => id));
        const keys = rows.filter(({ id }) => !ids.has(id)).map(({ key }) => key);
        const stored = await query<StoredKey>(
          `SELECT id, key, fingerprint FROM feedback WHERE key IN (${textsOf})`,
          [JSON.stringify(keys)],
        );
        const byKey = new Map(stored.map((row) => [row.key, row]));
        return rows.map(({ id, key, fingerprint }, index) => {
          if (ids.has(id)) return { id, added: true };
          const first = byKey.get(key ?? '');
          if (first?.fingerprint !== fingerprint) throw new KeyReusedError(index);
          return { id: first.id, added: false };
        });
      }),

    newest: async ({ name, version }, limit) => {
      const rows = await database.query<FeedbackRow>(
        `SELECT ${columns.join(', ')} FROM feedback WHERE model_name = $1 AND model_version = $2
         ORDER BY seq DESC LIMIT $3`,
        [name, version, limit],
      );
      return rows.reverse().map(audited);
    },

    rows: async function* () {
      let last: Sequenced['seq'] = 0;
      for (;;) {
        const page: (Sequenced & TrainingRow)[] = await database.query(
          `SELECT seq, text, ${tasks.join(', ')} FROM feedback WHERE seq > $1 ORDER BY seq LIMIT $2`,
          [last, pageSize],
        );
        yield* page;
        const end = page.at(-1);
        if (end === undefined) return;
        last = end.seq;
      }
    },

    close: () => database.close(),
  };
}

interface StoredKey {
  id: string;
  key: string;
  fingerprint: string;
}

interface Sequenced {
  /** PostgreSQL's driver gives 64-bit integers as text. */
  seq: number | string;
}

/** What counts for accuracy of one row. */
export function audited(row: FeedbackRow): Audited {
  const { id, emotion, sub_emotion, intensity } = row;
  return {
    id,
    truth: { emotion, sub_emotion, intensity },
    predicted: {
      emotion: row.predicted_emotion,
      sub_emotion: row.predicted_sub_emotion,
      intensity: row.predicted_intensity,
    },
    confidence: {
      emotion: row.emotion_confidence,
      sub_emotion: row.sub_emotion_confidence,
      intensity: row.intensity_confidence,
    },
  };
}
