import { describe, expect, it } from 'vitest';
import { axisTicks, placeSentences } from './timeline-scale.ts';

const spans = (sentences: Parameters<typeof placeSentences>[0]) =>
  placeSentences(sentences).places.map(({ from, to }) => [from, to]);

describe('placeSentences', () => {
  it('counts sentences where one has no time', () => {
    expect(placeSentences([{ text: 'a', start: 5 }, { text: 'b' }])).toEqual({
      timed: false,
      end: 2,
      places: [
        { from: 0, to: 1, middle: 0.5 },
        { from: 1, to: 2, middle: 1.5 },
      ],
    });
  });

  it('lays the sentences of one caption side by side', () => {
    const caption = { start: 10, end: 14 };
    expect(
      spans([
        { text: 'a', start: 0, end: 2 },
        { text: 'b', ...caption },
        { text: 'c', ...caption },
      ]),
    ).toEqual([
      [0, 2],
      [10, 12],
      [12, 14],
    ]);
  });

  it('lets a sentence without an end last until the next one', () => {
    const sentences = [0, 4, 6].map((start) => ({ text: 'a', start }));
    expect(spans(sentences)).toEqual([
      [0, 4],
      [4, 6],
      [6, 9],
    ]);
  });
});

describe('axisTicks', () => {
  it('takes round steps of time, or of sentences', () => {
    expect(axisTicks(55, true)).toEqual([0, 10, 20, 30, 40, 50]);
    expect(axisTicks(7_000, true)).toEqual([0, 1_800, 3_600, 5_400]);
    expect(axisTicks(5, false)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(axisTicks(1_000, false)).toEqual([0, 200, 400, 600, 800, 1_000]);
  });
});
