import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { Connection, postRequest } from './connection.ts';

it('sends one request after the other and reads each answer to its end', async () => {
  const bodies: string[] = [];
  const connection = await connectionTo((request, response) => {
    void text(request).then(async (body) => {
      bodies.push(body);
      response.writeHead(200, { 'content-length': 6 }).write('abc');
      await sleep(20);
      response.end('def');
    });
  });
  const started = performance.now();
  await connection.send(postRequest('/path', { inputs: 'é' }));
  await connection.send(postRequest('/path', { inputs: 'b' }));
  expect(performance.now() - started).toBeGreaterThan(30);
  expect(bodies).toEqual(['{"inputs":"é"}', '{"inputs":"b"}']);
});

it('says what came where it is no success', async () => {
  const connection = await connectionTo((_request, response) => {
    response.writeHead(429).end('{"code":"queue_full"}');
  });
  await expect(connection.send(postRequest('/', {}))).rejects.toThrow(/429/);
});

it('says that the service left', async () => {
  const connection = await connectionTo((request) => {
    request.socket.destroy();
  });
  await expect(connection.send(postRequest('/', {}))).rejects.toThrow(/closed the connection/);
});

async function connectionTo(answer: RequestListener): Promise<Connection> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connection = await Connection.open((server.address() as AddressInfo).port);
  onTestFinished(() => {
    connection.close();
    server.close();
  });
  return connection;
}
