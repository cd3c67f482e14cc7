import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import expected from '../../../../training/expected/tokens.json' with { type: 'json' };
import { loadEnv } from '../env.ts';
import { everyCharacter, hostileTexts } from '../../../../training/hostile-texts.ts';
import { loadTokenizer, type Tokenizer } from './tokenizer.ts';

const { modelDir } = loadEnv(process.env);
const maxTokens = 128;
let tokenize: Tokenizer['tokenize'];
let unknown: number;
beforeAll(async () => {
  ({ tokenize, unknown } = await loadTokenizer(modelDir, maxTokens));
});

describe("training's tokenizer and this one", () => {
  it('give the same tokens for 10,000 awkward texts', { timeout: 60_000 }, () => {
    const found: string[] = [];
    const part: string[] = [];
    for (const text of hostileTexts(expected.texts, vocabulary())) {
      part.push(text);
      if (part.length === expected.perDigest) found.push(digest(part.splice(0)));
    }
    expect(found).toEqual(expected.digests);
  });

  it('give the same tokens for every character there is', { timeout: 120_000 }, () => {
    expect(digest(everyCharacter())).toBe(expected.everyCharacter);
  });
});

describe('the tokenizer', () => {
  it('cuts what is too long before the end mark', () => {
    const ids = tokenize('word '.repeat(1000));
    expect(ids).toHaveLength(maxTokens);
    expect([ids[0], ids.at(-1)]).toEqual([101, 102]);
  });

  it('names the token that stands for unknown words', () => {
    expect(tokenize('a \u{1f9ff} b')).toEqual([
      ...tokenize('a').slice(0, -1),
      unknown,
      ...tokenize('b').slice(1),
    ]);
  });

  it('drops half a character', () => {
    expect(tokenize('a\ud83d b')).toEqual(tokenize('a b'));
  });
});

/** As Python's json.dumps of the list of token lists, hashed piece by piece. */
function digest(texts: Iterable<string>): string {
  const hash = createHash('sha256');
  let separator = '[';
  for (const text of texts) {
    hash.update(`${separator}[${tokenize(text).join(',')}]`);
    separator = ',';
  }
  return hash.update(']').digest('hex').slice(0, 16);
}

/** The words in the order of their ids. */
function vocabulary(): string[] {
  const { model } = JSON.parse(readFileSync(join(modelDir, 'tokenizer.json'), 'utf8')) as {
    model: { vocab: Record<string, number> };
  };
  return Object.entries(model.vocab)
    .sort(([, a], [, b]) => a - b)
    .map(([word]) => word);
}
