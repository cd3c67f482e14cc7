import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadEnv } from './env.ts';
import { StartError } from './errors.ts';

describe('the environment', () => {
  it('needs nothing', () => {
    const env = loadEnv({});
    expect(env).toMatchObject({ port: 3120, host: '127.0.0.1', logLevel: 'info', requestTimeoutSeconds: 60 });
    expect(env.inferenceThreads).toBeGreaterThanOrEqual(1);
    expect(existsSync(dirname(dirname(env.modelDir)))).toBe(true);
  });

  it('takes what is set, and an empty value as unset', () => {
    const env = loadEnv({
      PORT: '8080',
      HOST: '0.0.0.0',
      MODEL_DIR: '/models/x',
      DATA_DIR: '/data',
      FEEDBACK_DATABASE_URL: 'postgresql://me:pw@db:5432/feedback?sslmode=require',
      LOG_LEVEL: ' debug ',
      QUEUE_LIMIT: '',
    });
    expect(env).toMatchObject({
      port: 8080,
      host: '0.0.0.0',
      modelDir: '/models/x',
      dataDir: '/data',
      feedbackDatabaseUrl: 'postgresql://me:pw@db:5432/feedback?sslmode=require',
      logLevel: 'debug',
      queueLimit: 2048,
    });
  });

  it('is open to all callers and to no other page unless told otherwise', () => {
    expect(loadEnv({})).toMatchObject({ apiKeys: [], corsOrigins: [] });
    expect(loadEnv({}).rateLimitPerMinute).toBeUndefined();
    const env = loadEnv({
      API_KEY: 'first-key, second.key',
      RATE_LIMIT_PER_MINUTE: '120',
      CORS_ORIGINS: 'https://a.example.com,http://localhost:5173',
    });
    expect(env).toMatchObject({
      apiKeys: ['first-key', 'second.key'],
      rateLimitPerMinute: 120,
      corsOrigins: ['https://a.example.com', 'http://localhost:5173'],
    });
  });

  it.each(['tiny-k', 'long-enough,tiny', 'schl\u00fcssel-lang', 'some long words', ' , ,'])(
    'refuses %s as a key and never repeats it',
    (key) => {
      const { message } = failure(() => loadEnv({ API_KEY: key }));
      expect(message).toContain('API_KEY holds no key, or one that is short');
      expect(message).not.toContain(key);
    },
  );

  it.each(['*', 'https://a.example.com/', 'a.example.com', 'https://A.example.com', 'ftp://a', 'null'])(
    'refuses %s as an origin',
    (origin) => {
      const { message } = failure(() => loadEnv({ CORS_ORIGINS: origin }));
      expect(message).toContain(`CORS_ORIGINS holds "${origin}": give`);
    },
  );

  it('names every wrong value together, with the fix', () => {
    const wrong = {
      PORT: '70000',
      LOG_LEVEL: 'loud',
      QUEUE_LIMIT: '255',
      REQUEST_TIMEOUT_SECONDS: '-1',
      MAX_BODY_BYTES: '1e6',
      INFERENCE_THREADS: '0',
      RATE_LIMIT_PER_MINUTE: '0',
    };
    const problems = failure(() => loadEnv(wrong))
      .message.split('\n')
      .slice(1);
    expect(problems).toHaveLength(Object.keys(wrong).length);
    for (const [name, value] of Object.entries(wrong)) {
      expect(problems).toContainEqual(expect.stringContaining(`${name} is "${value}": give`));
    }
  });
});

describe('the URL of the feedback database', () => {
  it.each(['mysql://me:hunter2@db/x', 'postgres:hunter2', 'postgres:///hunter2', 'hunter2'])(
    'is refused as %s, without being repeated',
    (url) => {
      const { message } = failure(() => loadEnv({ FEEDBACK_DATABASE_URL: url }));
      expect(message).toContain('FEEDBACK_DATABASE_URL is no PostgreSQL URL: give postgres://');
      expect(message).not.toContain('hunter2');
    },
  );
});

function failure(load: () => unknown): Error {
  try {
    load();
  } catch (error) {
    if (error instanceof StartError) return error;
    throw error;
  }
  throw new Error('It loaded.');
}
