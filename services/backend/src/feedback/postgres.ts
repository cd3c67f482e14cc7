import type { FastifyBaseLogger } from 'fastify';
import pg from 'pg';
import { StartError } from '../errors.ts';
import { sqlStore, type Database, type Query } from './sql-store.ts';
import type { FeedbackStore } from './store.ts';

/** Milliseconds. A database that does not answer must not hold requests for ever. */
const patience = { connectionTimeoutMillis: 5_000, query_timeout: 15_000 };

/**
 * Opens the feedback in a PostgreSQL database.
 * @param url `postgres://USER:PASSWORD@HOST:5432/NAME`
 * @param log told of connections that break while nobody uses them; the next use makes a new one.
 * @throws {StartError} when the database does not answer, or refuses; the message has no password.
 */
export async function openPostgresStore(
  url: string,
  log: Pick<FastifyBaseLogger, 'warn'>,
): Promise<FeedbackStore> {
  const pool = new pg.Pool({ connectionString: url, max: 4, application_name: 'emotion-stack', ...patience });
  pool.on('error', ({ message }) => {
    log.warn({ reason: message }, 'lost a connection to the feedback database');
  });
  try {
    return await sqlStore(postgres(pool));
  } catch (error) {
    await pool.end();
    const { host, pathname, username } = new URL(url);
    const { message, code } = error as Error & { code?: string };
    throw new StartError([
      `FEEDBACK_DATABASE_URL: the database ${pathname.slice(1)} at ${host} does not take user ${username} ` +
        `(${message || code}): start it, correct the URL, or unset it to keep feedback in a file.`,
    ]);
  }
}

function postgres(pool: pg.Pool): Database {
  return {
    query: querying(pool),
    transaction: async (work) => {
      const client = await pool.connect();
      // A connection that breaks fails the statement under way; without a listener it would end the process as well.
      const onError = () => undefined;
      client.on('error', onError);
      const query = querying(client);
      let broken = true;
      try {
        await query('BEGIN');
        // A server may be set to acknowledge before the disk has it.
        await query('SET LOCAL synchronous_commit = on');
        const result = await work(query);
        await query('COMMIT');
        broken = false;
        return result;
      } finally {
        // Ending the connection undoes the transaction, whatever state it is in.
        client.release(broken);
        client.off('error', onError);
      }
    },
    close: () => pool.end(),
    // Replicas start together, and CREATE TABLE IF NOT EXISTS fails for the second. Any number, the same in all.
    createAlone: ['SELECT pg_advisory_xact_lock(3120)'],
    serial: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
    rowsOf: (columns) =>
      `SELECT ${columns.join(', ')} FROM jsonb_populate_recordset(NULL::feedback, $1::jsonb)`,
    textsOf: 'SELECT jsonb_array_elements_text($1::jsonb)',
  };
}

function querying(client: pg.Pool | pg.PoolClient): Query {
  return async <Row>(sql: string, parameters: readonly unknown[] = []) =>
    (await client.query(sql, [...parameters])).rows as Row[];
}
