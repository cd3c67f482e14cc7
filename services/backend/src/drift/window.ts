/** One sentence as drift sees it: bins, no text. */
export interface Observation {
  /** The id of its request, and its place there: what an operator looks up. */
  id: string;
  /** What it is part of, a video for example: sentences of one source are alike. */
  source: string;
  /** By feature, the bin that it falls into. */
  bins: Readonly<Record<string, number>>;
}

/**
 * The newest sentences, counted by bin.
 *
 * Counts are kept as sentences come and go, so that asking for them costs nothing.
 */
export class DriftWindow {
  readonly capacity: number;
  private readonly entries: Observation[] = [];
  private next = 0;
  private readonly counted: Record<string, number[]>;
  private readonly sources = new Map<string, number>();
  /** By source; those of sources without a sentence here are forgotten, so that no number of sources fills memory. */
  private readonly lastTexts = new Map<string, string>();

  /** @param sizes the number of bins of each feature. */
  constructor(capacity: number, sizes: Readonly<Record<string, number>>) {
    this.capacity = capacity;
    this.counted = Object.fromEntries(
      Object.entries(sizes).map(([feature, bins]) => [feature, new Array<number>(bins).fill(0)]),
    );
  }

  get size(): number {
    return this.entries.length;
  }

  get sourceCount(): number {
    return this.sources.size;
  }

  get full(): boolean {
    return this.size === this.capacity;
  }

  counts(feature: string): readonly number[] {
    return this.counted[feature] ?? [];
  }

  /** Oldest first. */
  observations(): Observation[] {
    return [...this.entries.slice(this.next), ...this.entries.slice(0, this.next)];
  }

  /** Whether this text is the newest of its source, as far as the window reaches back. */
  repeats(source: string, text: string): boolean {
    return this.lastTexts.get(source) === text;
  }

  /** @param text of the sentence, unknown of one that an earlier process took in; no observation has it. */
  add(observation: Observation, text?: string): void {
    const oldest = this.entries[this.next];
    if (oldest !== undefined) this.count(oldest, -1);
    this.entries[this.next] = observation;
    this.next = (this.next + 1) % this.capacity;
    this.count(observation, 1);
    if (text !== undefined) this.lastTexts.set(observation.source, text);
  }

  private count({ source, bins }: Observation, by: 1 | -1): void {
    for (const [feature, bin] of Object.entries(bins)) {
      const counts = this.counted[feature];
      if (counts?.[bin] !== undefined) counts[bin] += by;
    }
    const left = (this.sources.get(source) ?? 0) + by;
    if (left > 0) this.sources.set(source, left);
    else {
      this.sources.delete(source);
      this.lastTexts.delete(source);
    }
  }
}
