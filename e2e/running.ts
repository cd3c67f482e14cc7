import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Report } from '../cli/verify.ts';
import { uids } from '../dashboards/uids.ts';
import { catalogue, foreign, publishedMetrics } from '../services/metrics/src/index.ts';
import { browserPath, launchBrowser } from './browser.ts';
import type { TestStack } from './harness.ts';

/** What holds of a stack that has just come up, whatever its target. */
export function aRunningStack(get: () => TestStack): void {
  describe('a running stack', () => {
    it('shows 200 classified sentences in Prometheus within 30 s', async () => {
      const texts = await sentences(200);
      for (let i = 0; i < texts.length; i += 50) {
        const response = await classify(get(), texts.slice(i, i + 50));
        expect(response.status).toBe(200);
      }
      await eventually(30, async () => (await get().query('sum(emotion_predictions_total)')) === 200);
    });

    it('refuses bad input with a 4xx in the one error shape', async () => {
      const bad: [unknown, number][] = [
        ['{"inputs": [', 400],
        [{ inputs: 5 }, 422],
        [{ inputs: [''] }, 422],
        [{ inputs: 'x'.repeat(5001) }, 422],
        [{}, 422],
      ];
      for (const [body, status] of bad) {
        const response = await post(get(), typeof body === 'string' ? body : JSON.stringify(body));
        expect(response.status, JSON.stringify(body).slice(0, 40)).toBe(status);
        expect(await response.json()).toMatchObject({
          code: expect.any(String) as string,
          message: expect.any(String) as string,
        });
      }
      expect((await fetch(get().url('backend', '/v1/nothing'))).status).toBe(404);
    });

    it('names every container in the series of cAdvisor', async () => {
      const query = `container_memory_working_set_bytes{name=~"${get().prefix}-.+"}`;
      const named = await get().samples(query);
      expect(named.map(({ labels }) => labels.name).sort()).toEqual(await get().docker('container'));
    });

    it('publishes every metric of the catalogue that is not planned', async () => {
      for (const name of publishedMetrics) {
        const series = catalogue[name].kind === 'histogram' ? `${name}_count` : name;
        await eventually(30, async () => (await get().samples(series)).length > 0, series);
      }
    });

    it('has every foreign metric that dashboards and alerts use', async () => {
      const jobs = (await get().samples('up')).map(({ labels }) => labels.job);
      for (const [name, metric] of Object.entries(foreign)) {
        if ('job' in metric && !jobs.includes(metric.job)) continue;
        const series = metric.kind === 'histogram' ? `${name}_count` : name;
        await eventually(30, async () => (await get().samples(series)).length > 0, series);
      }
    });

    it('verifies every query of the dashboards and every rule: none is broken', async () => {
      // Fails with the report where one is: the command then ends with 1.
      const report = JSON.parse(await get().run(['verify', '--json'])) as Report;
      expect(report.broken).toEqual([]);
      expect(report.ok.length).toBeGreaterThan(80);
    });

    it('answers the queries of requirements G6 as they stand', async () => {
      for (const query of [
        'rate(emotion_prediction_latency_seconds_sum[5m]) / rate(emotion_prediction_latency_seconds_count[5m])',
        'topk(5, increase(emotion_predictions_total[1h]))',
        '(1 - (node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)) * 100',
        'rate(api_errors_total[5m]) / rate(http_requests_total[5m]) * 100',
      ]) {
        await eventually(30, async () => (await get().samples(query)).length > 0, query);
      }
    });

    it('has loaded the alert rules and found Alertmanager', async () => {
      const response = await fetch(get().url('prometheus', '/api/v1/rules?type=alert'));
      const { data } = (await response.json()) as { data: { groups: { rules: { name: string }[] }[] } };
      expect(data.groups.flatMap(({ rules }) => rules.map(({ name }) => name))).toEqual(
        expect.arrayContaining(['HighPredictionLatency', 'ModelDriftDetected']),
      );
      await eventually(
        30,
        async () => (await get().query('prometheus_notifications_alertmanagers_discovered')) === 1,
      );
    });

    it('provisions data source and dashboards where Grafana runs', async (context) => {
      if (!(await get().docker('container')).includes(`${get().prefix}-grafana`)) {
        console.log('SKIPPED: no Grafana here (no image registry answers, and no tarball was loaded)');
        context.skip('no Grafana here');
        return;
      }
      const credentials = Buffer.from(`admin:${get().grafanaPassword}`).toString('base64');
      const ask = async (path: string) =>
        (
          await fetch(get().url('grafana', path), { headers: { authorization: `Basic ${credentials}` } })
        ).json();
      const found = (await ask('/api/search?type=dash-db')) as { uid: string }[];
      expect(found.map(({ uid }) => uid).sort()).toEqual(Object.values(uids).sort());
      const query = '/api/datasources/proxy/uid/prometheus/api/v1/query?query=sum(emotion_predictions_total)';
      expect(await ask(query)).toMatchObject({ status: 'success' });
      const anonymous = await fetch(get().url('grafana', '/api/search'));
      expect(anonymous.status).toBe(401);
    });

    it('serves the page in a browser, which reaches the backend through its own server', async (context) => {
      const path = browserPath();
      if (path === undefined) {
        console.log('SKIPPED: no Chromium here (apt-get install chromium, or CHROMIUM_PATH)');
        context.skip('no Chromium here');
        return;
      }
      const browser = await launchBrowser(path);
      try {
        const page = await browser.newPage();
        const faults: string[] = [];
        page.on('pageerror', (error) => faults.push(error.message));
        page.on('console', (message) => {
          if (message.type() === 'error') faults.push(message.text());
        });
        await page.goto(get().url('frontend'));
        await page.getByRole('button', { name: 'Try an example' }).click();
        await page.getByRole('status').filter({ hasText: 'Done.' }).waitFor({ state: 'attached' });
        await page.getByRole('img', { name: /^Emotions/ }).waitFor();
        expect(faults).toEqual([]);
      } finally {
        await browser.close();
      }
    });

    it('restarts one service and prints its log', async () => {
      await get().run(['restart', 'backend']);
      expect(await get().run(['logs', 'backend', '--tail', '50'])).toContain('listening');
      expect((await get().attempt(['logs', 'nobody'])).all).toContain('no service named nobody');
    });
  });
}

async function classify(stack: TestStack, inputs: string[]): Promise<Response> {
  return post(stack, JSON.stringify({ inputs }));
}

async function post(stack: TestStack, body: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(stack.url('backend', '/v1/classify'), { method: 'POST', headers, body });
}

async function sentences(count: number): Promise<string[]> {
  const samples = join(import.meta.dirname, '../training/samples.json');
  const all = JSON.parse(await readFile(samples, 'utf8')) as string[];
  // Some samples are odd on purpose; a request with an empty one is refused as a whole.
  const texts = all.filter((text) => /\p{L}/u.test(text));
  return Array.from({ length: count }, (_, i) => texts[i % texts.length] ?? '');
}

async function eventually(seconds: number, check: () => Promise<boolean>, what = 'it'): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (await check()) return;
    await sleep(500);
  }
  throw new Error(`${what} did not come true within ${seconds} s`);
}
