/** A dial value holds until the next one, at most this many seconds; then the person is not counted. */
export const HOLD_SECONDS = 45;

const NONE = 255;

/**
 * The trace of one round: for each second how many held the dial, and the sum and sum of squares of their values.
 *
 * A person's value at second t is their last sample at or before t, if it is at most `HOLD_SECONDS` old. Samples may
 * come in any order, twice, or again with another value for the same second: the trace depends only on the last value
 * of each second, and always equals a recount from the samples.
 */
export class DialTrace {
  private readonly people = new Map<string, Uint8Array>();
  private counts = new Int32Array(64);
  private sums = new Int32Array(64);
  private squares = new Float64Array(64);
  private end = 0;

  /** `length` in whole seconds: nothing is counted at or after it. */
  constructor(private readonly length = Infinity) {}

  /** Takes one sample: whole `second` from 0, `value` 0 to 100. */
  add(person: string, second: number, value: number) {
    if (second >= this.length) return;
    const samples = this.samplesOf(person, second);
    const before = heldAt(samples, second);
    samples[second] = value;
    this.end = Math.max(this.end, Math.min(second + HOLD_SECONDS + 1, this.length));
    this.grow(this.end);

    // From here to the next sample, or as long as it holds, the new value stands where the one before stood.
    for (let at = second; at <= second + HOLD_SECONDS && at < this.length; at += 1) {
      if (at > second && at < samples.length && samples[at] !== NONE) break;
      if (before && at - before.second <= HOLD_SECONDS) this.count(at, before.value, -1);
      this.count(at, value, 1);
    }
  }

  /** People who gave any sample. */
  get size() {
    return this.people.size;
  }

  /** Mean and number of people at one second; mean is null where nobody holds the dial. */
  at(second: number): { mean: number | null; n: number } {
    const n = this.counts[second] ?? 0;
    return { mean: n ? this.sums[second]! / n : null, n };
  }

  /** Variance at one second, from the stored sums; 0 where nobody holds the dial. */
  varianceAt(second: number): number {
    const { mean, n } = this.at(second);
    return mean === null ? 0 : Math.max(0, this.squares[second]! / n - mean * mean);
  }

  /** Seconds 0 to `upTo`, not more than anybody reached. */
  series(upTo = Infinity): { mean: (number | null)[]; n: number[] } {
    const length = Math.max(0, Math.min(this.end, Math.floor(upTo) + 1));
    const seconds = Array.from({ length }, (_, second) => this.at(second));
    return { mean: seconds.map(({ mean }) => mean), n: seconds.map(({ n }) => n) };
  }

  private samplesOf(person: string, second: number): Uint8Array {
    let samples = this.people.get(person);
    if (!samples || samples.length <= second) {
      const longer = new Uint8Array(Math.max(64, second + 1, (samples?.length ?? 0) * 2)).fill(NONE);
      if (samples) longer.set(samples);
      this.people.set(person, longer);
      samples = longer;
    }
    return samples;
  }

  private count(second: number, value: number, people: 1 | -1) {
    this.counts[second]! += people;
    this.sums[second]! += people * value;
    this.squares[second]! += people * value * value;
  }

  private grow(length: number) {
    if (length <= this.counts.length) return;
    const size = Math.max(length, this.counts.length * 2);
    const counts = new Int32Array(size);
    const sums = new Int32Array(size);
    const squares = new Float64Array(size);
    counts.set(this.counts);
    sums.set(this.sums);
    squares.set(this.squares);
    [this.counts, this.sums, this.squares] = [counts, sums, squares];
  }
}

/** The sample that holds at `second`, if there is one within the hold. */
function heldAt(samples: Uint8Array, second: number): { second: number; value: number } | undefined {
  for (let at = second; at >= 0 && second - at <= HOLD_SECONDS; at -= 1) {
    const value = at < samples.length ? samples[at]! : NONE;
    if (value !== NONE) return { second: at, value };
  }
  return undefined;
}
