import { execa } from 'execa';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { refusal } from './run.ts';
import { Unavailable } from './source.ts';

/** Seconds for a server to begin its answer; the download itself takes as long as its caller allows. */
const answerLimit = 20;

/**
 * Downloads a .tar.gz and puts one of its folders in place, whole or not at all.
 * @param folder path inside the archive
 * @param target absolute path that must not exist yet
 * @throws Unavailable when the server does not answer with it.
 */
export async function downloadFolder(
  url: string,
  folder: string,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const response = await answer(url, signal);
  if (!response.ok || response.body === null) throw new Unavailable(`answered ${response.status} for ${url}`);
  await mkdir(dirname(target), { recursive: true });
  const staging = await mkdtemp(`${target}.`);
  const args = ['-xz', '-C', staging];
  try {
    const input = Readable.fromWeb(response.body);
    await execa('tar', args, { input, cancelSignal: signal });
    await rename(join(staging, folder), target);
  } catch (error) {
    throw refusal('tar', args, error);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function answer(url: string, signal: AbortSignal): Promise<Response> {
  const silence = new AbortController();
  const timer = setTimeout(() => {
    silence.abort(new Unavailable(`did not answer in ${answerLimit} s`));
  }, answerLimit * 1000);
  try {
    return await fetch(url, { signal: AbortSignal.any([signal, silence.signal]) });
  } catch (error) {
    // fetch() says "fetch failed" and keeps the reason in the cause.
    if (!(error instanceof TypeError)) throw error;
    const reason = error.cause instanceof Error ? error.cause.message : error.message;
    throw new Unavailable(`cannot be reached (${reason})`);
  } finally {
    clearTimeout(timer);
  }
}
