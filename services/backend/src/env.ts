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
  /** Any one of them opens the service; with none it is open to all. */
  apiKeys: readonly string[];
  /** Requests that one key, or one address without a key, may send in a minute. */
  rateLimitPerMinute?: number;
  /** Origins whose pages may call the service. */
  corsOrigins: readonly string[];
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
type LogLevel = (typeof logLevels)[number];

/** Texts per request, at most; the queue must have room for one such request. */
export const maxInputs = 256;

/** Holds 256 texts of 5,000 characters in any script as UTF-8 (5.1 MB), the usual escapes included. */
const defaultMaxBodyBytes = 8 * 1024 * 1024;

/**
 * Reads PORT, HOST, MODEL_DIR, DATA_DIR, FEEDBACK_DATABASE_URL, LOG_LEVEL, QUEUE_LIMIT, REQUEST_TIMEOUT_SECONDS,
 * MAX_BODY_BYTES, INFERENCE_THREADS, API_KEY, RATE_LIMIT_PER_MINUTE and CORS_ORIGINS. An empty value counts as unset.
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

  const list = (name: string) =>
    (read(name)?.split(',') ?? []).map((item) => item.trim()).filter((item) => item !== '');

  const apiKeys = list('API_KEY');
  // The value stays out of the message, which ends in a log. Commas alone must not open the service to all.
  const keyless = read('API_KEY') !== undefined && apiKeys.length === 0;
  if (keyless || !apiKeys.every((key) => /^[\w.~+/=-]{8,}$/.test(key))) {
    problems.push(
      'API_KEY holds no key, or one that is short or has other characters: give 8 or more of A-Z a-z 0-9 . _ ~ + / = - ' +
        'each, separated by commas, for example from openssl rand -hex 32.',
    );
  }
  const corsOrigins = list('CORS_ORIGINS');
  for (const origin of corsOrigins.filter((origin) => !isWebOrigin(origin))) {
    problems.push(
      `CORS_ORIGINS holds "${origin}": give scheme, host and port only, for example CORS_ORIGINS=https://app.example.com.`,
    );
  }
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
    apiKeys,
    ...(read('RATE_LIMIT_PER_MINUTE') !== undefined && {
      rateLimitPerMinute: integer('RATE_LIMIT_PER_MINUTE', 600, 1, 1_000_000),
    }),
    corsOrigins,
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

/** As a browser writes it in its `origin` header; it compares letter by letter. */
function isWebOrigin(value: string): boolean {
  return /^https?:/.test(value) && URL.parse(value)?.origin === value;
}
