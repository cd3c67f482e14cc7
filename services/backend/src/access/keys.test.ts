import { describe, expect, it } from 'vitest';
import { keyRing } from './keys.ts';

const keyOf = keyRing(['first-key', 'second-key']);

describe('the key ring', () => {
  it.each([
    ['Bearer first-key', 0],
    ['bearer  second-key', 1],
  ])('knows %s', (header, place) => {
    expect(keyOf(header)).toBe(place);
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'first-key',
    'Basic first-key',
    'Bearer first-ke',
    'Bearer first-key2',
    'Bearer FIRST-KEY',
    'Bearer first-key second-key',
  ])('does not know %s', (header) => {
    expect(keyOf(header)).toBeUndefined();
  });

  it('without keys knows none', () => {
    expect(keyRing([])('Bearer ')).toBeUndefined();
    expect(keyRing([])(undefined)).toBeUndefined();
  });
});
