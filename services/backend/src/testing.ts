import { Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { buildApp, type AppOptions } from './app.ts';
import { loadEnv } from './env.ts';
import type { Classifier } from './inference/classifier.ts';
import { decoder, type Logits } from './inference/decode.ts';
import { readModel } from './inference/model.ts';
import { createMetrics } from './metrics.ts';

/** The shipped model's labels, and predictions that follow from the text alone: for tests that are not of the model. */
export async function fakeClassifier(): Promise<Classifier> {
  const model = await readModel(loadEnv(process.env).modelDir);
  const decode = decoder(model);
  const logitsOf = (text: string): Logits => {
    const { emotion, sub_emotion, intensity } = model.files.widths;
    const wave = (width: number) => Float32Array.from({ length: width }, (_, n) => Math.sin(text.length + n));
    return { emotion: wave(emotion), sub_emotion: wave(sub_emotion), intensity: wave(intensity) };
  };
  return {
    model,
    ready: true,
    classify: (texts) => Promise.resolve(texts.map((text) => decode(logitsOf(text)))),
    close: () => Promise.resolve(),
  };
}

/** The service with a classifier that does as told, else the fake one. */
export async function startFake(classifier: Partial<Classifier> = {}, options: Partial<AppOptions> = {}) {
  const fake = await fakeClassifier();
  return buildApp({
    requestTimeoutSeconds: 60,
    maxBodyBytes: 100_000,
    metrics: createMetrics(),
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

/** Where a logger may write to, and all that it wrote. */
export function logSink() {
  const lines: string[] = [];
  const stream = new Writable({
    write: (line, _encoding, done) => {
      lines.push(String(line));
      done();
    },
  });
  return { lines, logger: { level: 'trace', stream } };
}
