import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import type { Env } from '../env.ts';
import { openPostgresStore } from './postgres.ts';
import { openSqliteStore } from './sqlite.ts';
import type { FeedbackStore } from './store.ts';

/** Opens the database that is named, else a file in the data folder. @throws {StartError} when it can't be opened. */
export function openFeedbackStore(
  { dataDir, feedbackDatabaseUrl }: Pick<Env, 'dataDir' | 'feedbackDatabaseUrl'>,
  log: Pick<FastifyBaseLogger, 'warn'>,
): Promise<FeedbackStore> {
  return feedbackDatabaseUrl === undefined
    ? openSqliteStore(join(dataDir, 'feedback.db'))
    : openPostgresStore(feedbackDatabaseUrl, log);
}
