/** Words of a language are few and come again: past this many the cache begins anew. */
const cachedWords = 20_000;

/**
 * Splits words into the longest known pieces from the left, those after the first marked `##`.
 * @param unknown the id of a word that has an unknown piece, or more than `longest` characters.
 */
export function wordPieces(vocabulary: ReadonlyMap<string, number>, unknown: number, longest: number) {
  const cache = new Map<string, readonly number[]>();

  return (word: string): readonly number[] => {
    // Also kept out of the cache, whose keys it would fill with whole texts.
    if (word.length > longest && Array.from(word).length > longest) return [unknown];
    const known = cache.get(word);
    if (known !== undefined) return known;
    const found = split(word);
    if (cache.size >= cachedWords) cache.clear();
    cache.set(word, found);
    return found;
  };

  function split(word: string): readonly number[] {
    const ids: number[] = [];
    for (let start = 0; start < word.length;) {
      let end = word.length;
      let id: number | undefined;
      for (; end > start; end--) {
        id = vocabulary.get((start > 0 ? '##' : '') + word.slice(start, end));
        if (id !== undefined) break;
      }
      if (id === undefined) return [unknown];
      ids.push(id);
      start = end;
    }
    return ids;
  }
}
