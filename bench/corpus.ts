import samples from '../training/samples.json' with { type: 'json' };

/** Words per sentence of the training data, a figure for each twentieth of its sentences. */
const wordsPerSentence = [1, 1, 2, 2, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 10, 11, 13, 16];

/** A multiple of 20 for the lengths and of 64 for the clients that send 64 at a time. */
const sentences = 1280;

/** Texts of the samples that are there to trip a tokenizer, not to be read, are longer than this or have no letter. */
const longest = 400;

/**
 * 1,280 texts, as long as the sentences of transcripts are and in no order of length: the same at every call. Each is a
 * run of words cut out of the samples.
 */
export function corpus(): string[] {
  const words = samples
    .filter((text) => text.length <= longest && /\p{L}/u.test(text))
    .flatMap((text) => text.split(/\s+/).filter((word) => word !== ''));
  const random = generator(2026);
  const lengths = Array.from(
    { length: sentences },
    (_, index) => wordsPerSentence[index % wordsPerSentence.length] ?? 1,
  );
  return shuffle(lengths, random).map((length) => {
    const start = Math.floor(random() * (words.length - length));
    return words.slice(start, start + length).join(' ');
  });
}

function shuffle<T>(values: readonly T[], random: () => number): T[] {
  return values
    .map((value) => ({ value, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);
}

/** Mulberry32: 0 to 1, the same numbers for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
