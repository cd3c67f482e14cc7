import { expect, it } from 'vitest';
import Value from 'typebox/value';
import { InputText } from '../services/backend/src/schemas/classify.ts';
import { corpus } from './corpus.ts';
import { median } from './statistics.ts';

const texts = corpus();
const words = texts.map((text) => text.split(' ').length);

it('is the same at every call', () => {
  expect(corpus()).toEqual(texts);
});

it('fills requests of 64', () => {
  expect(texts.length % 64).toBe(0);
});

it('holds only what the service takes', () => {
  expect(texts.filter((text) => !Value.Check(InputText, text))).toEqual([]);
});

it('has the lengths of transcripts, 1 to 16 words and 6 in the middle, in no order', () => {
  expect([Math.min(...words), median(words), Math.max(...words)]).toEqual([1, 6, 16]);
  const half = words.length / 2;
  const sum = (part: number[]) => part.reduce((total, count) => total + count, 0);
  expect(sum(words.slice(0, half)) / sum(words)).toBeCloseTo(0.5, 1);
});

it('hardly repeats itself', () => {
  expect(new Set(texts).size / texts.length).toBeGreaterThan(0.7);
});
