import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { SourceContext } from './source.ts';

/**
 * For tests: makes these shell scripts the only programs on PATH until `vi.unstubAllEnvs()`.
 * @returns the folder, which the scripts know as $HERE.
 */
export function fakePrograms(scripts: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'fake-programs-'));
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\nHERE='${folder}'\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  vi.stubEnv('PATH', folder);
  return folder;
}

/** A context that keeps what it is told. */
export function fakeContext(answer = true): SourceContext & { lines: string[]; questions: string[] } {
  const lines: string[] = [];
  const questions: string[] = [];
  return {
    cacheDir: mkdtempSync(join(tmpdir(), 'cache-')),
    lines,
    questions,
    report: (line) => void lines.push(line),
    confirm: (question) => {
      questions.push(question);
      return Promise.resolve(answer);
    },
  };
}
