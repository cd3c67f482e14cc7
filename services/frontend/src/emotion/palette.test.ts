import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emotions } from './emotions.ts';

const palette = readFileSync(new URL('palette.css', import.meta.url), 'utf8');
const base = readFileSync(new URL('../styles/base.css', import.meta.url), 'utf8');

function colours(css: string, pattern: string) {
  const match = new RegExp(String.raw`${pattern}: light-dark\((#\w{6}), (#\w{6})\)`).exec(css);
  if (!match?.[1] || !match[2]) throw new Error(`No colour for ${pattern}.`);
  return { light: match[1], dark: match[2] };
}

/** Relative luminance as WCAG 2 defines it. */
function luminance(hex: string) {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string) {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(['light', 'dark'] as const)('the %s palette', (theme) => {
  const page = colours(base, '--page')[theme];
  const surface = colours(base, '--surface')[theme];

  it.each(emotions)('shows %s at 3:1 or more', (emotion) => {
    const colour = colours(palette, String.raw`'${emotion}'\] \{\s+--emotion`)[theme];
    expect(contrast(colour, page)).toBeGreaterThanOrEqual(3);
    expect(contrast(colour, surface)).toBeGreaterThanOrEqual(3);
  });

  it.each(['--ink', '--ink-soft'])('sets text in %s at 4.5:1 or more', (name) => {
    const ink = colours(base, name)[theme];
    expect(contrast(ink, page)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(ink, surface)).toBeGreaterThanOrEqual(4.5);
  });
});
