import type { Model } from '../services/backend/src/inference/model.ts';
import { corpus } from './corpus.ts';
import type { Limit, LimitJob } from './limit.ts';
import type { Load, Measured } from './load.ts';
import { loopDelayP99 } from './loop-delay.ts';
import { inferenceCore, otherCore, runProgram, Servers, type Server } from './processes.ts';
import { rowNames, type Figures, type Measurements, type RowKey } from './results.ts';
import { mlServer, ourService, plainPythonService, type Service } from './services.ts';
import { moveBusiestThread } from './threads.ts';

export interface BenchOptions {
  model: Model;
  rounds: number;
  /** Of each measurement. */
  seconds: number;
  say: (line: string) => void;
}

/** Seconds of load before it counts: compilers and caches are warm by then. */
const warmUp = 1;

/** Texts whose labels all services must agree on. */
const compared = 20;

interface Running extends Service {
  server: Server;
}

/** Measures everything in turns, so that what changes on the machine meanwhile changes it for all. */
export async function bench({ model, rounds, seconds, say }: BenchOptions): Promise<Measurements> {
  const { modelDir } = model.files;
  const texts = corpus();
  const servers = new Servers();
  const start = async (service: Service): Promise<Running> => ({
    ...service,
    server: await servers.start(service.options),
  });
  const load = (to: Running, perRequest: number, arrivals: Load['arrivals']) =>
    measure(to, { texts, perRequest, arrivals, seconds });

  try {
    say('starting this service');
    const ours = await start(await ourService(modelDir));
    await moveBusiestThread(ours.server.pid, inferenceCore, () => load(ours, 1, { clients: 64 }));

    const measurements: Measurements = {};
    const others: [RowKey, Running][] = [];
    for (const [key, prepare] of [
      ['fastapi', plainPythonService],
      ['mlserver', mlServer],
    ] as const) {
      try {
        say(`starting ${rowNames[key].split(',', 1)[0] ?? key}`);
        const other = await start(await prepare(modelDir, say));
        await assertSameLabels(ours, other, texts.slice(0, compared));
        others.push([key, other]);
      } catch (error) {
        measurements[key] = { missing: (error as Error).message };
        say(`left out: ${(error as Error).message}`);
      }
    }

    for (let round = 1; round <= rounds; round++) {
      const keep = (key: RowKey, figures: Figures) => {
        const before = measurements[key];
        measurements[key] = [...(Array.isArray(before) ? before : []), figures];
        const { throughput, p99 } = figures;
        say(
          `round ${round} of ${rounds}: ${rowNames[key]}: ${Math.round(throughput)}/s, p99 ${p99.toFixed(1)} ms`,
        );
      };
      const { batches, single: one } = await measureLimit(model, texts, seconds);
      keep('limit', batches);
      keep('one', one);
      const single = await withLoopDelay(ours, () => load(ours, 1, { clients: 64 }));
      keep('single', single);
      keep('batched', await withLoopDelay(ours, () => load(ours, 64, { clients: 4 })));
      keep('halfLoad', await load(ours, 1, { perSecond: single.throughput / 2 }));
      for (const [key, other] of others) keep(key, await load(other, 1, { clients: 64 }));
    }
    return measurements;
  } finally {
    await servers.end();
  }
}

function measureLimit({ files }: Model, texts: string[], seconds: number): Promise<Limit> {
  const { modelDir, modelFile, maxTokens } = files;
  const job: LimitJob = { modelDir, modelFile, maxTokens, texts, warmUp, seconds };
  return runProgram<Limit>(inferenceCore, 'bench/limit.ts', job);
}

async function measure(
  { server, path, body }: Running,
  options: { texts: string[]; perRequest: number; arrivals: Load['arrivals']; seconds: number },
): Promise<Figures> {
  const { texts, perRequest, arrivals, seconds } = options;
  const bodies = Array.from({ length: texts.length / perRequest }, (_, index) =>
    body(texts.slice(index * perRequest, (index + 1) * perRequest)),
  );
  const job: Load = { port: server.port, path, bodies, arrivals, warmUp, seconds };
  const measured = await runProgram<Measured>(otherCore, 'bench/load.ts', job);
  return { ...measured, throughput: measured.throughput * perRequest };
}

/** The delay of the main loop from before the load to its end, warm-up included. */
async function withLoopDelay({ server }: Running, work: () => Promise<Figures>): Promise<Figures> {
  const scrape = async () => (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
  await scrape();
  const figures = await work();
  return { ...figures, loopDelay: loopDelayP99(await scrape()) };
}

/** @throws {Error} where a service does other work than ours. */
async function assertSameLabels(ours: Running, other: Running, texts: string[]): Promise<void> {
  for (const text of texts) {
    const [expected, found] = await Promise.all([ours, other].map((service) => ask(service, text)));
    if (String(found) === String(expected)) continue;
    throw new Error(`its answer to "${text}" is ${String(found)}, this service's ${String(expected)}`);
  }
}

async function ask({ server, path, body, labels }: Running, text: string): Promise<string[]> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body([text])),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`it answers ${response.status}: ${answer.slice(0, 300)}`);
  return labels(JSON.parse(answer) as never);
}
