import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import Libsql from 'libsql/promise';
import { StartError } from '../errors.ts';
import { sqlStore, type Database, type Query } from './sql-store.ts';
import type { FeedbackStore } from './store.ts';

/** What is used of libsql; its own types are `any` where they are not missing. */
interface Connection {
  readonly inTransaction: boolean;
  exec: (sql: string) => Promise<void>;
  prepare: (sql: string) => Promise<{ all: (parameters: readonly unknown[]) => Promise<unknown[]> }>;
  close: () => void;
}

/**
 * Opens the feedback in an SQLite file, and makes file and folder where there are none.
 * @param file its path, or `:memory:` for one that is gone with the process.
 * @throws {StartError} when the file can't be opened or is no database.
 */
export async function openSqliteStore(file: string): Promise<FeedbackStore> {
  let connection: Connection | undefined;
  try {
    if (file !== ':memory:') await mkdir(dirname(file), { recursive: true });
    connection = new Libsql(file, {}) as unknown as Connection;
    // EXTRA syncs the folder as well: what is acknowledged survives a power cut, not only a kill.
    for (const pragma of ['busy_timeout = 5000', 'journal_mode = WAL', 'synchronous = EXTRA']) {
      await rowsOf(connection, `PRAGMA ${pragma}`);
    }
    return await sqlStore(sqlite(connection));
  } catch (error) {
    connection?.close();
    throw new StartError([
      `${file} cannot hold the feedback (${(error as Error).message}): ` +
        'point DATA_DIR at a folder that the service may write to, or move a file that is no SQLite database away.',
    ]);
  }
}

function sqlite(connection: Connection): Database {
  // Statements of two transactions would mix on the one connection.
  let last: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  const query: Query = (sql, parameters) => rowsOf(connection, sql, parameters);

  return {
    query: (sql, parameters) => alone(() => query(sql, parameters)),
    transaction: (work) =>
      alone(async () => {
        await connection.exec('BEGIN IMMEDIATE');
        try {
          const result = await work(query);
          // Waits for the disk, in a thread of libsql.
          await connection.exec('COMMIT');
          return result;
        } catch (error) {
          // A full disk, for example, has rolled it back already.
          if (connection.inTransaction) await connection.exec('ROLLBACK');
          throw error;
        }
      }),
    close: () =>
      alone(async () => {
        // libsql leaves the log beside the file otherwise; now a copy of the one file is whole.
        await query('PRAGMA wal_checkpoint(TRUNCATE)');
        connection.close();
      }),
    createAlone: [],
    serial: 'INTEGER PRIMARY KEY AUTOINCREMENT',
    // `WHERE true` tells the parser that the ON CONFLICT that follows is none of a join.
    rowsOf: (columns) =>
      `SELECT ${columns.map((name) => `value ->> '${name}'`).join(', ')} FROM json_each($1) WHERE true`,
    textsOf: 'SELECT value FROM json_each($1)',
  };
}

async function rowsOf<Row>(
  connection: Connection,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  const statement = await connection.prepare(sql.replaceAll(/\$(\d)/g, '?$1'));
  return (await statement.all(parameters)) as Row[];
}
