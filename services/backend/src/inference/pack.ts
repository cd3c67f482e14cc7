/** Token places per pass, padding included: past this a pass gets longer and not more efficient. */
const maxTokens = 512;

/** A pass may be padded by this share of its real tokens: each costs as much as a real one. */
const maxPadding = 0.1;

/**
 * Groups sentences of like length, because each is padded to the longest of its pass.
 * @param lengths tokens per sentence.
 * @returns the sentences' indices, pass by pass.
 */
export function pack(lengths: readonly number[]): number[][] {
  const order = lengths.map((length, index) => ({ length, index })).sort((a, b) => a.length - b.length);
  const passes: number[][] = [];
  let current: number[] = [];
  let tokens = 0;
  for (const { length, index } of order) {
    const padded = (current.length + 1) * length;
    const fits = padded <= maxTokens && padded <= (tokens + length) * (1 + maxPadding);
    if (current.length === 0 || !fits) {
      passes.push((current = []));
      tokens = 0;
    }
    current.push(index);
    tokens += length;
  }
  return passes;
}
