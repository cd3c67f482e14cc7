/**
 * A program that puts load on a service: reads a `Load` from standard input, prints a `Measured`.
 */
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, postRequest } from './connection.ts';
import { percentile } from './statistics.ts';

export interface Load {
  port: number;
  path: string;
  /** JSON of the requests, sent in their order, again and again. */
  bodies: unknown[];
  /** Connections, each of which sends its next request as soon as it has its answer; or how many requests arrive. */
  arrivals: { clients: number } | { perSecond: number };
  /** Seconds before it counts. */
  warmUp: number;
  seconds: number;
}

export interface Measured {
  /** Requests per second that were answered. */
  throughput: number;
  /** Milliseconds from the request, or from when it was due, to its answer. */
  p50: number;
  p99: number;
}

/** Past this many requests under way the service does not keep up, and what it adds up to is no latency any more. */
const mostUnderWay = 1000;

const load = (await json(process.stdin)) as Load;
const requests = load.bodies.map((body) => postRequest(load.path, body));
let sent = 0;
const next = () => requests[sent++ % requests.length] ?? Buffer.alloc(0);
/** Milliseconds of the answers that count. */
const latencies: number[] = [];
const start = performance.now() + load.warmUp * 1000;
const end = start + load.seconds * 1000;

await ('clients' in load.arrivals ? closedLoop(load.arrivals.clients) : openLoop(load.arrivals.perSecond));
const measured: Measured = {
  throughput: latencies.length / load.seconds,
  p50: percentile(latencies, 50),
  p99: percentile(latencies, 99),
};
console.log(JSON.stringify(measured));
process.exit();

/** Counts what is answered within the time. */
async function closedLoop(clients: number): Promise<void> {
  const connections = await Promise.all(Array.from({ length: clients }, () => Connection.open(load.port)));
  const client = async (connection: Connection) => {
    for (;;) {
      const before = performance.now();
      await connection.send(next());
      const after = performance.now();
      if (after >= end) return;
      if (after >= start) latencies.push(after - before);
    }
  };
  await Promise.all(connections.map(client));
}

/** Counts what is due within the time, whenever its answer comes: a wait for a late service is a part of it. */
async function openLoop(perSecond: number): Promise<void> {
  const idle: Connection[] = [];
  const underWay = new Set<Promise<void>>();
  const send = async (due: number) => {
    const connection = idle.pop() ?? (await Connection.open(load.port));
    await connection.send(next());
    if (due >= start) latencies.push(performance.now() - due);
    idle.push(connection);
  };
  let due = performance.now();
  while (due < end) {
    for (; due <= performance.now() && due < end; due += 1000 / perSecond) {
      const request = send(due);
      underWay.add(request);
      void request.then(() => underWay.delete(request));
    }
    if (underWay.size > mostUnderWay) {
      throw new Error(`more than ${mostUnderWay} requests under way at ${Math.round(perSecond)} a second`);
    }
    await sleep(1);
  }
  await Promise.all(underWay);
}
