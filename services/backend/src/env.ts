import { join } from 'node:path';
import { StartError } from './errors.ts';
import { usableCores } from './inference/cores.ts';

/** What the service is told from outside, once it has been checked. */
export interface Env {
  port: number;
  /** Address to listen on. In a container this is 0.0.0.0; the stack's bind address decides who reaches it. */
  host: string;
  /** Folder with model.json and the files it names. */
  modelDir: string;
  /** Folder for what must outlive the process. */
  dataDir: string;
  /** PostgreSQL database for the feedback; without one, it is a file in `dataDir`. */
  feedbackDatabaseUrl: string | undefined;
  logLevel: LogLevel;
  /** Sentences that may wait for the model; requests that do not fit are refused with 429. */
  queueLimit: number;
  /** Seconds after which a request is answered with 504. */
  requestTimeoutSeconds: number;
  maxBodyBytes: number;
  /** Threads that run the model. */
  inferenceThreads: number;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
type LogLevel = (typeof logLevels)[number];

/** Texts per request, at most; the queue must have room for one such request. */
export const maxInputs = 256;

/** Holds 256 texts of 5,000 characters in any script as UTF-8 (5.1 MB), the usual escapes included. */
const defaultMaxBodyBytes = 8 * 1024 * 1024;

/**
 * Reads PORT, HOST, MODEL_DIR, DATA_DIR, FEEDBACK_DATABASE_URL, LOG_LEVEL, QUEUE_LIMIT, REQUEST_TIMEOUT_SECONDS,
 * MAX_BODY_BYTES and INFERENCE_THREADS. An empty value counts as unset.
 * @throws {StartError} which names every wrong value together.
 */
export function loadEnv(source: Record<string, string | undefined>): Env {
  const problems: string[] = [];
  const read = (name: string) => {
    const value = source[name]?.trim();
    return value === '' ? undefined : value;
  };
  const integer = (name: string, fallback: number, min: number, max: number) => {
    const value = read(name) ?? String(fallback);
    if (!/^\d+$/.test(value) || Number(value) < min || Number(value) > max) {
      problems.push(
        `${name} is "${value}": give a whole number from ${min} to ${max}, for example ${name}=${fallback}.`,
      );
    }
    return Number(value);
  };

  const logLevel = read('LOG_LEVEL') ?? 'info';
  if (!isLogLevel(logLevel)) {
    problems.push(`LOG_LEVEL is "${logLevel}": give one of ${logLevels.join(', ')}.`);
  }
  const feedbackDatabaseUrl = read('FEEDBACK_DATABASE_URL');
  if (feedbackDatabaseUrl !== undefined && !isPostgresUrl(feedbackDatabaseUrl)) {
    // The value is not repeated: a password may be in it.
    problems.push(
      'FEEDBACK_DATABASE_URL is no PostgreSQL URL: give postgres://USER:PASSWORD@HOST:5432/NAME, or unset it to keep ' +
        'feedback in a file below DATA_DIR.',
    );
  }
  const env = {
    port: integer('PORT', 3120, 1, 65_535),
    host: read('HOST') ?? '127.0.0.1',
    modelDir: read('MODEL_DIR') ?? join(import.meta.dirname, '..', 'models', 'emotion'),
    dataDir: read('DATA_DIR') ?? join(import.meta.dirname, '..', 'data'),
    feedbackDatabaseUrl,
    logLevel: logLevel as LogLevel,
    queueLimit: integer('QUEUE_LIMIT', 2048, maxInputs, 1_000_000),
    requestTimeoutSeconds: integer('REQUEST_TIMEOUT_SECONDS', 60, 1, 3600),
    maxBodyBytes: integer('MAX_BODY_BYTES', defaultMaxBodyBytes, 1024, 256 * 1024 * 1024),
    inferenceThreads: integer('INFERENCE_THREADS', Math.max(1, Math.floor(usableCores())), 1, 256),
  };
  if (problems.length > 0) throw new StartError(problems);
  return env;
}

function isLogLevel(value: string): value is LogLevel {
  return (logLevels as readonly string[]).includes(value);
}

function isPostgresUrl(value: string): boolean {
  return URL.canParse(value) && /^postgres(ql)?:\/\/[^/]/.test(value);
}
