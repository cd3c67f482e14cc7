// @vitest-environment jsdom
import { cleanup, configure, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { App } from './app.tsx';
import { answer, json } from './testing.ts';

// A busy machine renders 70 rows slower than the library's second.
configure({ asyncUtilTimeout: 15_000 });

type Handler = (init: RequestInit | undefined) => Promise<Response>;

const labels = {
  emotions: { anger: ['annoyance', 'anger'], happiness: ['joy'] },
  intensities: ['mild', 'strong'],
};
const inputsOf = (init?: RequestInit) => (JSON.parse(init?.body as string) as { inputs: string[] }).inputs;
const routes = new Map<string, Handler>();
const unreachable = () =>
  Promise.resolve(json({ code: 'backend_unreachable', message: 'The backend does not answer.' }, 503));

beforeEach(() => {
  routes.set('/v1/labels', () => Promise.resolve(json(labels)));
  routes.set('/config.json', () => Promise.resolve(json({ grafanaUrl: 'http://grafana.test/' })));
  routes.set('/v1/classify', (init) => Promise.resolve(json(answer(inputsOf(init)))));
  vi.stubGlobal('fetch', (path: string, init?: RequestInit) => routes.get(path)?.(init));
  // jsdom lays nothing out: there is no size to observe and nothing to scroll.
  vi.stubGlobal(
    'ResizeObserver',
    vi.fn(
      class {
        observe = vi.fn();
        unobserve = vi.fn();
        disconnect = vi.fn();
      },
    ),
  );
  Element.prototype.scrollIntoView = vi.fn();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function analyse(text: string) {
  const user = userEvent.setup();
  render(<App />);
  await user.click(screen.getByLabelText('Text or transcript'));
  await user.paste(text);
  await user.click(screen.getByRole('button', { name: 'Analyse' }));
  return user;
}

const rows = async () =>
  within(await screen.findByRole('region', { name: 'Sentences' })).getAllByRole('listitem');

it('shows what the model can tell apart, and the way to Grafana only', async () => {
  render(<App />);
  expect(await screen.findByRole('heading', { name: /2 emotions/ })).toBeTruthy();
  expect(screen.getByText('annoyance, anger')).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Grafana' }).getAttribute('href')).toBe('http://grafana.test/');
  expect(screen.queryByRole('link', { name: 'Prometheus' })).toBeNull();
});

it('says what it recognised while the text is typed', async () => {
  const user = userEvent.setup();
  render(<App />);
  const field = screen.getByLabelText('Text or transcript');
  await user.click(field);
  await user.paste('1\n00:00:01,000 --> 00:00:02,000\nHello. You there?');
  expect(await screen.findByText('2 sentences · SRT subtitles, 0:01 to 0:02')).toBeTruthy();
});

it('asks for words instead of sending nothing', async () => {
  await analyse('…');
  expect(screen.getByRole('alert').textContent).toContain('no word to analyse');
  expect(document.activeElement).toBe(screen.getByLabelText('Text or transcript'));
});

it('shows each sentence with its labels, the totals, and the model that read it', async () => {
  await analyse('I am happy. I am angry! It is late. Still happy.');
  expect(await screen.findByRole('heading', { name: 'Happiness (50%), then neutral (25%)' })).toBeTruthy();
  expect(screen.getByText(/read by test-model 1\.2\.3/)).toBeTruthy();
  expect((await rows()).map(({ textContent }) => textContent)).toEqual([
    'I am happy.Happiness90% confidenceJoyModerate',
    'I am angry!Anger80% confidenceAnnoyanceModerate',
    'It is late.Neutral40% confidence, uncertain ?NeutralModerate',
    'Still happy.Happiness90% confidenceJoyModerate',
  ]);
  expect(document.activeElement?.tagName).toBe('H1');
});

it('filters by emotion and by doubt, and goes back to all', async () => {
  const user = await analyse('I am happy. I am angry! It is late.');
  await user.click(await screen.findByRole('button', { name: /^Anger/ }));
  expect(await rows()).toHaveLength(1);
  expect(screen.getByText(/1 of 3 sentences shown/)).toBeTruthy();
  await user.click(screen.getByRole('button', { name: /^Uncertain/ }));
  expect(screen.getByText('No sentence fits these filters.')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Show all' }));
  expect(await rows()).toHaveLength(3);
});

it('keeps what was read when the service fails, and goes on from there', async () => {
  let calls = 0;
  routes.set('/v1/classify', (init) => {
    calls += 1;
    return calls === 2 ? unreachable() : Promise.resolve(json(answer(inputsOf(init))));
  });
  const user = await analyse('I am happy. '.repeat(70));
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('The backend does not answer.');
  expect(alert.textContent).toContain('64 of 70 sentences read; they are kept.');
  expect((await rows()).at(-1)?.textContent).toBe('I am happy.Not read');
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('heading', { name: 'All of it reads as happiness' })).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
});

it('stops when asked and shows nothing that was not read', async () => {
  routes.set(
    '/v1/classify',
    (init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => {
          reject(new DOMException('Stopped.', 'AbortError'));
        });
      }),
  );
  const user = await analyse('I am happy.');
  expect(screen.getByRole('progressbar', { name: '0 of 1 sentences read' })).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Stop' }));
  expect(screen.getByText('0 of 1 sentences read.')).toBeTruthy();
  expect(screen.queryByRole('region', { name: 'Sentences' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Download CSV' })).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Edit text' }));
  expect(screen.getByLabelText<HTMLTextAreaElement>('Text or transcript').value).toBe('I am happy.');
});

it('says when the service cannot be reached, and looks again', async () => {
  routes.set('/v1/labels', unreachable);
  const user = userEvent.setup();
  render(<App />);
  expect((await screen.findByRole('alert')).textContent).toContain('The backend does not answer.');
  routes.set('/v1/labels', () => Promise.resolve(json(labels)));
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('heading', { name: /2 emotions/ })).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
});

it('saves what it shows', async () => {
  const save = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
  const blobs: Blob[] = [];
  URL.createObjectURL = (blob: Blob) => `blob:${blobs.push(blob)}`;
  URL.revokeObjectURL = vi.fn();
  const user = await analyse('I am happy.');
  await user.click(await screen.findByRole('button', { name: 'Download CSV' }));
  expect(save).toHaveBeenCalledOnce();
  expect(blobs[0]?.size).toBeGreaterThan(100);
});
