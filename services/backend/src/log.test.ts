import type { InjectOptions } from 'fastify';
import { describe, expect, it } from 'vitest';
import type { Classifier } from './inference/classifier.ts';
import { startFake } from '../testing/fake.ts';
import { logLines } from '../testing/log-lines.ts';

const secret = 'my diary says';
const json = (payload: unknown, url = '/v1/classify'): InjectOptions => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json' },
  payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
});
const tensor = { name: 'text', datatype: 'BYTES', shape: [1], data: [secret] };

const labels = { emotion: 'happiness', sub_emotion: 'joy', intensity: 'strong' };
const item = { text: secret, ...labels, action: 'edited', source: secret };
const row = { text: secret, ...labels, start_time: 0, end_time: 1 };
const save = (change: object) =>
  json({ videoTitle: secret, feedbackData: [{ ...row, ...change }] }, '/save-feedback');

const slow: Partial<Classifier> = {
  classify: (_texts, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
    }),
};
const failing: Partial<Classifier> = { classify: () => Promise.reject(new Error('a tensor is broken')) };

const cases: [string, InjectOptions, number, Partial<Classifier>?][] = [
  ['an answer', json({ inputs: [secret], source: secret }), 200],
  ['an answer of the protocol', json({ id: secret, inputs: [tensor] }, '/v2/models/emotion/infer'), 200],
  ['feedback', json({ items: [item] }, '/v1/feedback'), 201],
  ['feedback with a wrong label', json({ items: [{ ...item, emotion: secret }] }, '/v1/feedback'), 422],
  ['feedback on a video', save({}), 200],
  ['feedback with a wrong time', save({ start_time: secret }), 422],
  ['feedback that the model does not answer', json({ items: [item] }, '/v1/feedback'), 500, failing],
  ['a wrong value', json({ inputs: [secret, ''] }), 422],
  ['a wrong type', json({ inputs: { [secret]: secret } }), 422],
  ['an unknown field', json({ inputs: 'a', [secret]: 1 }), 422],
  ['a wrong tensor', json({ inputs: [{ ...tensor, datatype: secret }] }, '/v2/models/emotion/infer'), 422],
  ['a wrong shape', json({ inputs: [{ ...tensor, shape: [2] }] }, '/v2/models/emotion/infer'), 422],
  ['broken JSON', json(`{"inputs": "${secret}`), 400],
  ['JSON that is none', json(secret), 400],
  ['a poisoned prototype', json(`{"inputs": "${secret}", "__proto__": {}}`), 400],
  ['a body that is too large', json({ inputs: secret.repeat(10_000) }), 413],
  ['another type', { ...json(secret), headers: { 'content-type': 'text/plain' } }, 415],
  [
    'no route',
    json({ inputs: secret }, `/v1/${encodeURIComponent(secret)}?text=${encodeURIComponent(secret)}`),
    404,
  ],
  ['another method', { ...json({ inputs: secret }), method: 'PUT' }, 405],
  ['a failure', json({ inputs: secret }), 500, failing],
  ['a deadline', json({ inputs: secret }), 504, slow],
];

describe('the log of a request', () => {
  it.each(cases)('never has its text: %s', async (_name, request, status, classifier = {}) => {
    const { lines, logger } = logLines();
    const app = await startFake(classifier, { logger, requestTimeoutSeconds: 0.2 });
    const response = await app.inject({ ...request, headers: { ...request.headers, 'x-request-id': 'r-1' } });
    await app.close();
    expect(response.statusCode).toBe(status);
    const written = lines.join('');
    expect(written).not.toContain(secret);
    expect(written).not.toContain(encodeURIComponent(secret));
    const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records).toContainEqual(expect.objectContaining({ reqId: 'r-1', msg: 'answered', status }));
    const failed = status >= 500;
    expect(records.some(({ reqId, err }) => reqId === 'r-1' && err !== undefined)).toBe(failed);
  });
});
