import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { downloadFolder } from './download.ts';
import { Unavailable } from './source.ts';

let server: Server | undefined;

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/tool.tar.gz`;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

function archive(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'archive-'));
  mkdirSync(join(folder, 'tool'));
  writeFileSync(join(folder, 'tool', 'run'), 'program');
  return execFileSync('tar', ['-C', folder, '-cz', 'tool']);
}

const never = new AbortController().signal;

describe('downloadFolder', () => {
  it('puts the folder in place', async () => {
    const url = await serve((_, response) => response.end(archive()));
    const cache = mkdtempSync(join(tmpdir(), 'cache-'));
    await downloadFolder(url, 'tool', join(cache, 'v1', 'bin'), never);
    expect(readFileSync(join(cache, 'v1', 'bin', 'run'), 'utf8')).toBe('program');
    expect(readdirSync(join(cache, 'v1'))).toEqual(['bin']);
  });

  it('leaves nothing behind when the download breaks off', async () => {
    const bytes = archive();
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 40), () => response.destroy());
    });
    const target = join(mkdtempSync(join(tmpdir(), 'cache-')), 'bin');
    await expect(downloadFolder(url, 'tool', target, never)).rejects.toThrow(Unavailable);
    expect(existsSync(target)).toBe(false);
    expect(readdirSync(join(target, '..'))).toEqual([]);
  });

  it('is a "no" where the server has no such file, or does not exist', async () => {
    const url = await serve((_, response) => response.writeHead(404).end());
    const target = join(tmpdir(), 'never');
    await expect(downloadFolder(url, 'tool', target, never)).rejects.toThrow('answered 404');
    await expect(downloadFolder('http://127.0.0.1:1/', 'tool', target, never)).rejects.toThrow(
      /cannot be reached/,
    );
  });

  it('stops when it is told to', async () => {
    const url = await serve((_, response) => void response.writeHead(200).write(archive().subarray(0, 10)));
    const target = join(mkdtempSync(join(tmpdir(), 'cache-')), 'bin');
    await expect(downloadFolder(url, 'tool', target, AbortSignal.timeout(200))).rejects.toThrow();
    expect(readdirSync(join(target, '..'))).toEqual([]);
  });
});
