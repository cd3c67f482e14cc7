import pieces from './pieces.json' with { type: 'json' };

const perDigest = 100;
const long = 5000;

/**
 * The texts of emotion/tokens.py, made by the same rules: words of the vocabulary, awkward pieces and any
 * character of the first planes, run together at random; every hundredth has 5,000 characters or a few more.
 */
export function* hostileTexts(count: number, vocabulary: readonly string[]): Generator<string> {
  let state = 7;
  const pick = (choices: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Number((BigInt(state) * BigInt(choices)) >> 32n);
  };
  const piece = (): string => {
    const kind = pick(8);
    if (kind < 4) return vocabulary[pick(vocabulary.length)] ?? '';
    if (kind < 7) return pieces[pick(pieces.length)] ?? '';
    return String.fromCodePoint(pick(4) > 0 ? 0x20 + pick(0x3000) : 0x1f300 + pick(0x800));
  };

  for (let number = 0; number < count; number++) {
    let text = '';
    let characters = 0;
    let left = 1 + pick(24);
    const more = number % perDigest === 0 ? () => characters < long : () => left > 0;
    while (more()) {
      const next = piece() + (pick(4) === 0 ? '' : ' ');
      text += next;
      characters += Array.from(next).length;
      left -= 1;
    }
    yield text;
  }
}

/** Each code point but the surrogates inside a word and as a word. */
export function* everyCharacter(): Generator<string> {
  for (let code = 0; code < 0x110000; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const character = String.fromCodePoint(code);
    yield `a${character}b ${character} a`;
  }
}
