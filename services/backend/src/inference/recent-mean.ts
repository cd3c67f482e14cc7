/** Mean of the newest values, updated in constant time. */
export class RecentMean {
  private readonly values: number[] = [];
  private readonly size: number;
  private next = 0;
  private sum = 0;

  /** @param size of values that count, at most. */
  constructor(size: number) {
    this.size = size;
  }

  /** Takes a value in, and lets the oldest go where there are enough. */
  push(value: number): void {
    this.sum += value - (this.values[this.next] ?? 0);
    this.values[this.next] = value;
    this.next = (this.next + 1) % this.size;
  }

  /** NaN before the first value. */
  get mean(): number {
    return this.sum / this.values.length;
  }
}
