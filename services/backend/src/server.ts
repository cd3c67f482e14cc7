import closeWithGrace from 'close-with-grace';
import { buildApp } from './app.ts';
import { loadEnv } from './env.ts';
import { StartError } from './errors.ts';
import { openFeedbackStore } from './feedback/open.ts';
import { startClassifier } from './inference/classifier.ts';
import { readModel } from './inference/model.ts';
import { createMetrics } from './metrics.ts';

/** Milliseconds to finish accepted requests in; less than the 30 s after which the container is killed. */
const grace = 25_000;

/** Milliseconds of that in which load balancers and callers that keep connections learn of the stop. */
const lingering = 1_000;

async function start() {
  const env = loadEnv(process.env);
  const model = await readModel(env.modelDir);
  const metrics = createMetrics();
  const app = await buildApp({
    ...env,
    metrics,
    lingering,
    logger: { level: env.logLevel },
    openFeedbackStore: (log) => openFeedbackStore(env, log),
    startClassifier: (log) =>
      startClassifier({ model, threads: env.inferenceThreads, queueLimit: env.queueLimit, metrics, log }),
  });
  closeWithGrace({ delay: grace, logger: app.log }, async ({ err, signal }) => {
    if (err) app.log.error(err);
    else app.log.info({ signal }, 'finishing accepted requests');
    await app.close();
  });
  try {
    await app.listen({ port: env.port, host: env.host });
  } catch (error) {
    await app.close();
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new StartError([
      `HOST=${env.host} PORT=${env.port} cannot be listened on (${code}): choose another.`,
    ]);
  }
}

start().catch((error: unknown) => {
  if (!(error instanceof StartError)) throw error;
  console.error(error.message);
  process.exit(1);
});
