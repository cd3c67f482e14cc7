import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { DashboardQuery } from '../dashboards/queries.ts';
import { reportText, rulesOf } from './commands/verify.ts';
import { verify, type Report, type Rule } from './verify.ts';

/** By expression: the value that each of its series has, or the error with which Prometheus refuses it. */
type Answers = Record<string, string[] | { status: number; error?: string }>;

interface Loaded {
  name: string;
  health: string;
  lastError?: string;
}

let server: Server | undefined;
/** What was asked, in order: path and query. */
let asked: string[] = [];

afterEach(() => {
  server?.close();
  asked = [];
});

/** A Prometheus that knows a few answers, and nothing else. */
async function prometheus(answers: Answers, rules: Loaded[] = []): Promise<string> {
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://prometheus');
    const query = searchParams.get('query') ?? '';
    const answer = answers[query] ?? [];
    asked.push(`${pathname} ${query}`.trim());
    const send = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (pathname === '/api/v1/rules') send(200, { data: { groups: [{ rules }] } });
    else if (!Array.isArray(answer)) send(answer.status, { error: answer.error });
    else if (pathname === '/api/v1/query_range') {
      const result = answer.map((value) => ({
        metric: {},
        values: [
          [1, 'NaN'],
          [2, value],
        ],
      }));
      send(200, { data: { resultType: 'matrix', result } });
    } else {
      const result = answer.map((value) => ({ metric: {}, value: [1, value] }));
      send(200, { data: { resultType: 'vector', result } });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const graph = (expr: string, quiet?: string): DashboardQuery => ({
  dashboard: 'Board',
  panel: 'Panel',
  expr,
  instant: false,
  quiet,
});

async function run(url: string, queries: DashboardQuery[], rules: Rule[] = []): Promise<Report> {
  return verify({ prometheus: url, scrapeInterval: '15s', queries, rules, absent: ['grafana'] });
}

/** Verdict and reason of the only finding. */
function verdict(report: Report): string {
  const [only, ...others] = Object.entries(report).flatMap(([kind, findings]) =>
    findings.map(({ reason }) => `${kind}: ${reason}`),
  );
  expect(others).toEqual([]);
  return only ?? 'nothing';
}

describe('a query', () => {
  it('that returns data is ok', async () => {
    const report = await run(await prometheus({ up: ['1', '0'] }), [graph('up')]);
    expect(report).toEqual({
      ok: [{ dashboard: 'Board', panel: 'Panel', expr: 'up', reason: '2 series' }],
      quiet: [],
      broken: [],
    });
  });

  it('is asked as Grafana asks it: a graph over the last hour, a number now, with the variables put in', async () => {
    const url = await prometheus({});
    await run(url, [graph('rate(a{job=~"$job"}[$__rate_interval])'), { ...graph('b'), instant: true }]);
    expect(asked).toEqual([
      '/api/v1/rules',
      '/api/v1/query_range rate(a{job=~".+"}[60s])',
      '/api/v1/query b',
    ]);
  });

  it('that returns nothing is broken, unless its panel says why', async () => {
    const url = await prometheus({});
    expect(verdict(await run(url, [graph('up')]))).toBe('broken: no data');
    expect(verdict(await run(url, [graph('up', 'No Grafana in this stack')]))).toBe(
      'quiet: No Grafana in this stack',
    );
  });

  it('that returns only NaN is quiet: the share of nothing', async () => {
    const url = await prometheus({ a: ['NaN', 'NaN'], b: ['NaN', '1'] });
    expect(verdict(await run(url, [graph('a')]))).toBe('quiet: nothing happened in this time range (NaN)');
    expect(verdict(await run(url, [graph('b')]))).toBe('ok: 2 series');
  });

  it('that Prometheus refuses is broken, in its words', async () => {
    const error = 'invalid parameter "query": 1:5: parse error: unclosed left parenthesis';
    const url = await prometheus({ 'sum(': { status: 400, error }, slow: { status: 503 } });
    expect(verdict(await run(url, [graph('sum(', 'No requests yet')]))).toBe(`broken: ${error}`);
    expect(verdict(await run(url, [graph('slow')]))).toBe(`broken: ${url}/api/v1/query_range answered 503`);
  });
});

it('says where nobody answers', async () => {
  const url = await prometheus({});
  server?.close();
  server?.closeAllConnections();
  await expect(run(url, [graph('up')])).rejects.toThrow(`${url} does not answer: connect ECONNREFUSED`);
});

describe('a rule', () => {
  const alert = (expr: string): Rule => ({ name: 'Alert', expr, alert: true });
  const loaded = [{ name: 'Alert', health: 'ok' }];

  it('that Prometheus has not loaded, or fails to evaluate, is broken', async () => {
    expect(verdict(await run(await prometheus({}), [], [alert('up == 0')]))).toBe(
      'broken: Prometheus has not loaded it: ./stack up',
    );
    const failing = [{ name: 'Alert', health: 'err', lastError: 'many-to-many matching not allowed' }];
    expect(verdict(await run(await prometheus({}, failing), [], [alert('up == 0')]))).toBe(
      'broken: many-to-many matching not allowed',
    );
  });

  it('that fires is ok, and so is one that is silent over series that are there', async () => {
    const answers = { 'up == 0': ['0'], up: ['1'] };
    expect(verdict(await run(await prometheus(answers, loaded), [], [alert('up == 0')]))).toMatch(
      /^ok: fires/,
    );
    expect(verdict(await run(await prometheus({ up: ['1'] }, loaded), [], [alert('up == 0')]))).toMatch(
      /^ok: silent/,
    );
  });

  it('that is silent because a series does not exist is broken: it could never fire', async () => {
    const url = await prometheus({ up: ['1'] }, loaded);
    expect(verdict(await run(url, [], [alert('sum(rate(inference_rejected_total[5m])) > 0 and up')]))).toBe(
      'broken: no data for inference_rejected_total',
    );
  });

  it('is quiet where its metric is planned, its service absent, or its labels have not been seen yet', async () => {
    const url = await prometheus({ http_request_duration_seconds_count: ['7'] }, loaded);
    expect(verdict(await run(url, [], [alert('audio_quality_score_sum > 1')]))).toBe(
      'quiet: No service publishes audio_quality_score yet',
    );
    expect(verdict(await run(url, [], [alert('grafana_http_request_duration_seconds_count > 1')]))).toBe(
      'quiet: no grafana in this stack',
    );
    expect(
      verdict(await run(url, [], [alert('rate(http_request_duration_seconds_count{status="500"}[5m]) > 0')])),
    ).toBe('quiet: nothing matches http_request_duration_seconds_count{status="500"} yet');
  });

  it('is quiet for the reason of the recording rule that it reads', async () => {
    const recording = { name: 'a:b:rate', expr: 'rate(audio_quality_score_sum[5m])', alert: false };
    const url = await prometheus({}, [...loaded, { name: 'a:b:rate', health: 'ok' }]);
    const { quiet } = await run(url, [], [recording, alert('a:b:rate > 1')]);
    expect(quiet.map(({ panel, reason }) => `${panel}: ${reason}`)).toEqual([
      'a:b:rate: No service publishes audio_quality_score yet',
      'Alert: No service publishes audio_quality_score yet',
    ]);
  });

  it('comes from the files that Prometheus gets', () => {
    const text = 'groups: [{name: g, rules: [{alert: A, expr: up == 0}, {record: "a:b", expr: sum(up)}]}]';
    const files = { '/etc/prometheus/prometheus.yml': 'global: {}', '/etc/prometheus/rules/g.yml': text };
    expect(rulesOf({ files })).toEqual([
      { name: 'A', expr: 'up == 0', alert: true },
      { name: 'a:b', expr: 'sum(up)', alert: false },
    ]);
  });
});

it('prints what is broken with its query, what is quiet with its reason, and how many there are', () => {
  const finding = (panel: string, reason: string) => ({ dashboard: 'Board', panel, expr: 'up', reason });
  expect(
    reportText({
      ok: [finding('A', '1 series')],
      quiet: [finding('B', 'No requests yet')],
      broken: [finding('C', 'no data')],
    }),
  ).toBe(
    [
      'broken  Board, C: no data',
      '          up',
      'quiet   Board, B: No requests yet',
      '1 ok, 1 quiet, 1 broken',
    ].join('\n'),
  );
});
