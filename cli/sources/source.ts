import { UserError } from '../errors.ts';

/** What every source needs from the command that runs it. */
export interface SourceContext {
  /** Absolute folder for what is downloaded or built; it may be deleted at any time. */
  cacheDir: string;
  /** One plain line of progress. */
  report: (line: string) => void;
  /** Asks before the machine is changed outside the cache and Docker. */
  confirm: (question: string) => Promise<boolean>;
}

/**
 * A source's "no". The reason continues a sentence that begins with the source: "did not answer in 20 s". Every other
 * error is a fault of the program and stops the search.
 */
export class Unavailable extends Error {
  override name = 'Unavailable';
}

/** One place where a thing can come from. */
export interface Source<T> {
  /** As it is recorded and reported: "registry", "Go modules". */
  name: string;
  /** On this machine already, so that no source before it needs to be asked. */
  ready?: boolean;
  /** Seconds after which no answer counts as a "no"; without it the source takes as long as it takes. */
  timeLimit?: number;
  /**
   * @param signal aborted when the time is up
   * @throws Unavailable when this source does not have the thing.
   */
  get: (signal: AbortSignal) => Promise<T>;
}

export interface Sourced<T> {
  /** Name of the source that answered. */
  source: string;
  value: T;
}

export interface Search {
  report: (line: string) => void;
  /** Source that this stack used before: asked first, so that a network that comes and goes changes nothing. */
  recorded?: string;
  /** What to do when every source says no. */
  fix: string;
}

/**
 * Asks the sources one after another: the recorded one, those that are ready, the others as they are listed.
 * @throws UserError that lists every source with its reason, and the fix.
 */
export async function firstThatAnswers<T>(
  thing: string,
  sources: Source<T>[],
  { report, recorded, fix }: Search,
): Promise<Sourced<T>> {
  const rank = ({ name, ready }: Source<T>) => (name === recorded ? 0 : ready === true ? 1 : 2);
  const ordered = sources.toSorted((a, b) => rank(a) - rank(b));
  const refusals: string[] = [];
  for (const [index, source] of ordered.entries()) {
    try {
      const value = await within(source);
      report(`${thing}: from ${source.name}`);
      return { source: source.name, value };
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      const refusal = `${source.name} ${error.message}`;
      refusals.push(refusal);
      const next = ordered[index + 1];
      if (next !== undefined) report(`${thing}: ${refusal}, trying ${next.name}`);
    }
  }
  throw new UserError(`no source has ${thing}${refusals.map((refusal) => `\n  - ${refusal}`).join('')}`, fix);
}

async function within<T>({ timeLimit, get }: Source<T>): Promise<T> {
  const controller = new AbortController();
  if (timeLimit === undefined) return get(controller.signal);
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Unavailable(`did not answer in ${timeLimit} s`));
      controller.abort();
    }, timeLimit * 1000);
  });
  try {
    return await Promise.race([get(controller.signal), timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
