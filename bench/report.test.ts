import { describe, expect, it } from 'vitest';
import { chart } from './chart.ts';
import type { Machine } from './machine.ts';
import { asMarkdown, asText } from './report.ts';
import { summarize } from './results.ts';

const results = summarize({
  limit: [{ throughput: 1000, p50: 30.04, p99: 41 }],
  single: [{ throughput: 700, p50: 60, p99: 90, loopDelay: 12 }],
  fastapi: { missing: 'pip failed: no <index>' },
});
const machine: Machine = {
  cpu: 'A CPU',
  cores: 2,
  node: '22.0.0',
  model: 'emotion 1.0.0',
  date: '2026-11-25',
  commit: 'abc1234',
  busy: 0.02,
};

describe('the table', () => {
  it('has a line per row and per bar', () => {
    const lines = asText(results).split('\n');
    expect(lines).toContainEqual(expect.stringMatching(/^limit: .* 1000 +30\.0 +41\.0 +-$/));
    expect(lines).toContainEqual(expect.stringMatching(/^FastAPI.* left out: pip failed/));
    expect(lines).toContainEqual(
      expect.stringMatching(/^MISSED +single sentences, share of the limit +0\.70 +at least 0\.80$/),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^met +main loop delay p99, single/));
  });
});

describe('the file of results', () => {
  it('says on what machine, from what commit, and how often it was measured', () => {
    expect(asMarkdown(results, machine, 5, 8)).toMatch(
      /A CPU, 2 cores, Node\.js 22\.0\.0, model emotion 1\.0\.0, 2026-11-25, commit abc1234\. Median of 5 rounds of 8 s/,
    );
  });

  it('owns up to a busy machine', () => {
    expect(asMarkdown(results, { ...machine, busy: 0.5 }, 5, 8)).toMatch(
      /other processes used 50% of the CPU/,
    );
  });
});

describe('the picture', () => {
  const picture = chart(results.rows, 'A <CPU> & more');

  it('has a bar per row that was measured', () => {
    expect(picture.match(/<rect x=/g)).toHaveLength(2);
    expect(picture.match(/not measured/g)).toHaveLength(5);
  });

  it('holds text as text', () => {
    expect(picture).toContain('A &#60;CPU&#62; &#38; more');
  });
});
