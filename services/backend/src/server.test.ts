import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { dataFolder, postJson, spawnServer, startServer } from '../testing/server-process.ts';
import { freePort } from '../testing/free-port.ts';

describe('the server', { timeout: 60_000 }, () => {
  it('finishes what it accepted when it is told to stop, says so on /ready, and exits with 0', async () => {
    const server = await startServer();
    // Opened in advance and never used, as browsers do: it must not hold up the stop.
    const silent = connect(server.port, '127.0.0.1');
    await once(silent, 'connect');
    const inputs = Array.from({ length: 256 }, (_, n) => `Sentence number ${n}, which has some more words.`);
    const call = postJson(`${server.url}/v1/classify`, { inputs });
    await sleep(100);
    const told = Date.now();
    server.kill('SIGTERM');
    await sleep(100);
    const ready = await fetch(`${server.url}/ready`);
    expect(ready.status).toBe(503);
    expect(ready.headers.get('retry-after')).toBe('1');
    expect(ready.headers.get('connection')).toBe('close');
    expect(await ready.json()).toMatchObject({ code: 'not_ready', message: 'The service is stopping.' });
    const response = await call;
    expect(response.status).toBe(200);
    expect(((await response.json()) as { predictions: unknown[] }).predictions).toHaveLength(256);
    expect(await server.ended).toBe(0);
    // The 25 s of grace are for requests.
    expect(Date.now() - told).toBeLessThan(20_000);
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  });

  it('stops in spite of requests that never arrive as a whole', async () => {
    const server = await startServer();
    const head = 'POST /v1/classify HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';
    const answered = 'GET /health HTTP/1.1\r\nhost: a\r\n\r\n';
    for (const part of [head, `${head}content-length: 100\r\n\r\n{"inputs"`, `${answered}${head}`]) {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => undefined).resume();
      socket.write(part);
      await once(socket, 'connect');
    }
    await sleep(200);
    const told = Date.now();
    server.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(Date.now() - told).toBeLessThan(20_000);
  });

  it('measures the model on the feedback that it acknowledged again when it was killed', async () => {
    const port = await freePort();
    const env = { PORT: String(port), DATA_DIR: await dataFolder() };
    const server = await startServer(env);
    const labels = { emotion: 'anger', sub_emotion: 'anger', intensity: 'strong', action: 'edited' };
    const items = Array.from({ length: 50 }, (_, n) => ({ text: `Sentence ${n}.`, ...labels }));
    expect((await postJson(`${server.url}/v1/feedback`, { items })).status).toBe(201);
    server.kill('SIGKILL');
    await server.ended;

    const { url } = await startServer(env);
    const csv = await (await fetch(`${url}/v1/feedback.csv`)).text();
    expect(csv.match(/^Sentence \d+\.,anger,anger,strong$/gm)).toHaveLength(50);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/^model_accuracy_score\{task="emotion",source="feedback"\} /m);
    expect(metrics).toMatch(/^drift_window_size\{type="concept"\} 50$/m);
    expect(metrics).not.toMatch(/^emotion_predictions_total\{.*\} [1-9]/m);
  });

  it.each([
    [{ MODEL_DIR: '/nowhere' }, '/nowhere/model.json cannot be read .*MODEL_DIR'],
    [{ DATA_DIR: '/dev/null/data' }, '/dev/null/data/feedback.db cannot hold the feedback .*DATA_DIR'],
  ])('says in plain words why it does not start with %j', async (env, words) => {
    const { ended, output } = spawnServer({
      PORT: String(await freePort()),
      DATA_DIR: await dataFolder(),
      ...env,
    });
    expect(await ended).toBe(1);
    expect(output()).toMatch(new RegExp(`^The backend cannot start:\n  ${words}`));
    expect(output()).not.toMatch(/^ +at /m);
  });
});
