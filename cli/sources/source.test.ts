import { describe, expect, it, vi } from 'vitest';
import { UserError } from '../errors.ts';
import { firstThatAnswers, Unavailable, type Source } from './source.ts';

const yes = (name: string, more: Partial<Source<string>> = {}): Source<string> => ({
  name,
  get: () => Promise.resolve(`value of ${name}`),
  ...more,
});
const no = (name: string, reason: string): Source<string> => ({
  name,
  get: () => Promise.reject(new Unavailable(reason)),
});

function search() {
  const lines: string[] = [];
  return { lines, report: (line: string) => void lines.push(line), fix: 'restore the network' };
}

describe('firstThatAnswers', () => {
  it('takes the first source and asks no other', async () => {
    const second = vi.fn(() => Promise.resolve('second'));
    const found = await firstThatAnswers('tool', [yes('PATH'), { name: 'second', get: second }], search());
    expect(found).toEqual({ source: 'PATH', value: 'value of PATH' });
    expect(second).not.toHaveBeenCalled();
  });

  it('moves on at a "no" and says so in one line', async () => {
    const options = search();
    const found = await firstThatAnswers('tool', [no('registry', 'is down'), yes('Go modules')], options);
    expect(found.source).toBe('Go modules');
    expect(options.lines).toEqual(['tool: registry is down, trying Go modules', 'tool: from Go modules']);
  });

  it('moves on when the time is up, and aborts the source that hangs', async () => {
    const options = search();
    let aborted = false;
    const hangs: Source<string> = {
      name: 'registry',
      timeLimit: 0.05,
      get: (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(new Error('killed'));
          });
        }),
    };
    const found = await firstThatAnswers('tool', [hangs, yes('Go modules')], options);
    expect(found.source).toBe('Go modules');
    expect(aborted).toBe(true);
    expect(options.lines[0]).toBe('tool: registry did not answer in 0.05 s, trying Go modules');
  });

  it('asks the recorded source first, then what is ready, then the rest in order', async () => {
    const asked: string[] = [];
    const refuse = (name: string, ready = false): Source<string> => ({
      name,
      ready,
      get: () => {
        asked.push(name);
        return Promise.reject(new Unavailable('says no'));
      },
    });
    const sources = [refuse('a'), refuse('b', true), refuse('c'), refuse('d')];
    await expect(firstThatAnswers('tool', sources, { ...search(), recorded: 'c' })).rejects.toThrow();
    expect(asked).toEqual(['c', 'b', 'a', 'd']);
  });

  it('names every source, its reason and the fix when all say no', async () => {
    const all = [no('registry', 'is down'), no('Go modules', 'needs Go 1.25 on PATH')];
    const failure = firstThatAnswers('tool', all, search());
    await expect(failure).rejects.toThrow(UserError);
    await expect(failure).rejects.toThrow(
      'no source has tool\n  - registry is down\n  - Go modules needs Go 1.25 on PATH\n  fix: restore the network',
    );
  });

  it('lets a fault of the program through instead of trying the next source', async () => {
    const faulty: Source<string> = {
      name: 'registry',
      get: () => Promise.reject(new TypeError('x is undefined')),
    };
    await expect(firstThatAnswers('tool', [faulty, yes('Go modules')], search())).rejects.toThrow(TypeError);
  });
});
