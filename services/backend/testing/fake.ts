import { onTestFinished } from 'vitest';
import { buildApp, type AppOptions } from '../src/app.ts';
import { DriftMonitor } from '../src/drift/monitor.ts';
import { loadEnv } from '../src/env.ts';
import { openSqliteStore } from '../src/feedback/sqlite.ts';
import type { Classifier } from '../src/inference/classifier.ts';
import { decoder, type Logits } from '../src/inference/decode.ts';
import { readModel } from '../src/inference/model.ts';
import { createMetrics, type Metrics } from '../src/metrics.ts';

/** The shipped model's labels, and predictions that follow from the text alone: for tests that are not of the model. */
async function fakeClassifier(metrics: Metrics): Promise<Classifier> {
  const model = await readModel(loadEnv(process.env).modelDir);
  const decode = decoder(model);
  const logitsOf = (text: string): Logits => {
    const { emotion, sub_emotion, intensity } = model.files.widths;
    const wave = (width: number) => Float32Array.from({ length: width }, (_, n) => Math.sin(text.length + n));
    return { emotion: wave(emotion), sub_emotion: wave(sub_emotion), intensity: wave(intensity) };
  };
  return {
    model,
    drift: new DriftMonitor(model.drift, model, metrics),
    ready: true,
    classify: (texts) => Promise.resolve(texts.map((text) => decode(logitsOf(text)))),
    close: () => Promise.resolve(),
  };
}

/** The service with a classifier that does as told, else the fake one. */
export async function startFake(classifier: Partial<Classifier> = {}, options: Partial<AppOptions> = {}) {
  const { metrics = createMetrics() } = options;
  const fake = await fakeClassifier(metrics);
  return buildApp({
    requestTimeoutSeconds: 60,
    maxBodyBytes: 100_000,
    openFeedbackStore: () => openSqliteStore(':memory:'),
    metrics,
    startClassifier: () => Promise.resolve({ ...fake, ...classifier }),
    ...options,
  });
}

/** The same, closed when the test that asks for it ends. */
export async function startFakeOnce(...args: Parameters<typeof startFake>) {
  const app = await startFake(...args);
  onTestFinished(() => app.close());
  return app;
}
