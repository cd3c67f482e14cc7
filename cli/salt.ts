import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseDocument } from 'yaml';
import { readIfThere } from '../infra/read-if-there.ts';
import { writableFolder } from '../infra/state.ts';
import { stackFileName } from './stack-file.ts';

/**
 * Pulumi writes the salt of a stack's passphrase into Pulumi.<stack>.yaml. Where the passphrase is one that this
 * checkout generated, the salt means nothing to anyone else, and a committed one would lock everyone else out: it is
 * lent to the file for the time of an operation and kept in the state folder. A file that holds secrets keeps it,
 * because they are unreadable without.
 */
export async function withSalt<T>(stack: string, operation: () => Promise<T>): Promise<T> {
  const file = stackFileName(stack);
  const before = await readFile(file, 'utf8');
  if (holdsSecrets(before)) return operation();

  const store = join(await writableFolder(stack), 'salt');
  const original = replaceSalt(before, undefined);
  await writeIfNew(file, before, replaceSalt(before, await readIfThere(store)));
  try {
    return await operation();
  } finally {
    const after = await readFile(file, 'utf8');
    const salt = saltOf(after);
    if (salt !== undefined) await writeFile(store, salt, { mode: 0o600 });
    if (!holdsSecrets(after)) {
      const bare = replaceSalt(after, undefined);
      await writeIfNew(file, after, sameContent(bare, original) ? original : bare);
    }
  }
}

function holdsSecrets(text: string): boolean {
  const { config } = (parseDocument(text).toJS() ?? {}) as { config?: Record<string, unknown> };
  return Object.values(config ?? {}).some(
    (value) => typeof value === 'object' && value !== null && 'secure' in value,
  );
}

function saltOf(text: string): string | undefined {
  return parseDocument(text).get('encryptionsalt') as string | undefined;
}

/** The text with this salt, or with none; untouched where that is so already. */
function replaceSalt(text: string, salt: string | undefined): string {
  const document = parseDocument(text);
  if (document.get('encryptionsalt') === salt) return text;
  if (salt === undefined) document.delete('encryptionsalt');
  else document.set('encryptionsalt', salt);
  return document.toString({ lineWidth: 0 });
}

function sameContent(a: string, b: string): boolean {
  return isDeepStrictEqual(parseDocument(a).toJS(), parseDocument(b).toJS());
}

async function writeIfNew(file: string, now: string, next: string): Promise<void> {
  if (now !== next) await writeFile(file, next);
}
