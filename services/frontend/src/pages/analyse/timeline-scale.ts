import type { Sentence } from '../../transcript/parse.ts';

/** Where a sentence lies on the axis: seconds, or its number where there are no times. */
export interface Place {
  from: number;
  to: number;
  middle: number;
}

/**
 * Places sentences by their times where each has a start, else by their order. Where only starts are known a
 * sentence lasts until the next one; the last one gets the average.
 */
export function placeSentences(sentences: readonly Sentence[]) {
  const timed = sentences.length > 0 && sentences.every(({ start }) => start !== undefined);
  const places = timed
    ? placeInTime(sentences)
    : sentences.map((_sentence, index) => place(index, index + 1));
  return { places, timed, end: places.reduce((latest, { to }) => Math.max(latest, to), 0) };
}

function placeInTime(sentences: readonly Sentence[]): Place[] {
  const starts = sentences.map(({ start = 0 }) => start);
  const average = starts.length > 1 ? ((starts.at(-1) ?? 0) - (starts[0] ?? 0)) / (starts.length - 1) : 1;
  const places: Place[] = [];
  while (places.length < sentences.length) {
    // The sentences of one caption share its times: they lie side by side within it.
    const first = places.length;
    const from = starts[first] ?? 0;
    let next = first + 1;
    while (starts[next] === from) next += 1;
    const to = sentences[next - 1]?.end ?? starts[next] ?? from + average;
    const width = Math.max(0, to - from) / (next - first);
    for (let rank = 0; rank < next - first; rank += 1) {
      places.push(place(from + rank * width, from + (rank + 1) * width));
    }
  }
  return places;
}

function place(from: number, to: number): Place {
  return { from, to, middle: (from + to) / 2 };
}

const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200];

/** Round values from zero to the end of the axis, at most eight. */
export function axisTicks(end: number, timed: boolean): number[] {
  const rough = end / 7;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  const decimal = [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= rough);
  const step = (timed ? timeSteps.find((value) => value >= rough) : decimal) ?? rough;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_value, index) => index * step);
}
