/**
 * Takes the pictures of the docs from the running dev stack: the page with its example's results, and the dashboards
 * where Grafana runs.
 *
 *   npx tsx docs/screenshots.ts
 *
 * Needs Chromium; where it is not at /usr/bin/chromium, CHROMIUM_PATH says where. Dashboards look best after some
 * minutes of traffic.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { uids } from '../dashboards/uids.ts';
import { browserPath, launchBrowser } from '../e2e/browser.ts';
import { devDefaults, loadConfig } from '../infra/config.ts';
import { publicUrls } from '../infra/urls.ts';

const folder = join(import.meta.dirname, 'images');
const config = loadConfig('dev', {});
const urls = publicUrls(config);

async function theFrontend(browser: Browser): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 1080 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  await page.goto(urls.frontend);
  await page.getByRole('button', { name: 'Try an example' }).click();
  await page.getByRole('status').filter({ hasText: 'Done.' }).waitFor({ state: 'attached' });
  await page.getByRole('img', { name: /^Emotions/ }).waitFor();
  // Off the row that the button stood over, which would show as pointed at.
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(folder, 'frontend.png') });
}

async function theDashboards(browser: Browser): Promise<void> {
  const credentials = `${config['grafana.adminUser']}:${devDefaults['grafana.adminPassword']}`;
  const page = await browser.newPage({
    viewport: { width: 1440, height: 1500 },
    extraHTTPHeaders: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
  });
  for (const uid of Object.values(uids)) {
    await page.goto(`${urls.grafana}/d/${uid}?kiosk&from=now-15m&to=now&theme=light`);
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: join(folder, `${uid}.png`) });
  }
}

async function runs(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

const path = browserPath();
if (path === undefined) throw new Error('no Chromium here: install it, or set CHROMIUM_PATH');
if (!(await runs(urls.frontend))) throw new Error(`no page at ${urls.frontend}: ./stack up`);
mkdirSync(folder, { recursive: true });
const browser = await launchBrowser(path);
try {
  await theFrontend(browser);
  if (await runs(urls.grafana)) await theDashboards(browser);
  else console.log('no Grafana here: the pictures of the dashboards stay as they are');
} finally {
  await browser.close();
}
console.log(`Wrote ${folder}`);
