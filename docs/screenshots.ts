/**
 * Takes the README's picture of a running stack: the example's results, in the light theme.
 *
 *   npx tsx docs/screenshots.ts [URL of the frontend]
 *
 * Needs Chromium; where it is not at /usr/bin/chromium, CHROMIUM_PATH says where.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { browserPath, launchBrowser } from '../e2e/browser.ts';

const url = process.argv[2] ?? 'http://127.0.0.1:3121';
const picture = join(import.meta.dirname, 'images', 'frontend.png');
/** Milliseconds for each step. */
const timeout = 30_000;

async function takePicture() {
  const path = browserPath();
  if (path === undefined) throw new Error('no Chromium here');
  const browser = await launchBrowser(path);
  try {
    const page = await browser.newPage({
      viewport: { width: 1440, height: 1080 },
      colorScheme: 'light',
      reducedMotion: 'reduce',
    });
    page.setDefaultTimeout(timeout);
    await page.goto(url);
    await page.getByRole('button', { name: 'Try an example' }).click();
    await page.getByRole('status').filter({ hasText: 'Done.' }).waitFor({ state: 'attached' });
    await page.getByRole('img', { name: /^Emotions/ }).waitFor();
    // Off the row that the button stood over, which would show as pointed at.
    await page.mouse.move(0, 0);
    mkdirSync(join(picture, '..'), { recursive: true });
    await page.screenshot({ path: picture });
  } finally {
    await browser.close();
  }
}

takePicture().then(
  () => {
    console.log(`Wrote ${picture}`);
  },
  (error: unknown) => {
    // Playwright adds its call log below the reason.
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    console.error(`No picture of ${url}: ${reason}`);
    console.error('See whether the stack runs: ./stack status');
    process.exitCode = 1;
  },
);
