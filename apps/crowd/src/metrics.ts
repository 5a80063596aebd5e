import type { SignedIn } from './person';
import { Problem } from './problem';

/** Sample name, with its labels, to value. */
type Samples = Map<string, number>;

/** The server's own figures, as its admin may read them. */
export class Metrics {
  private before: Samples = new Map();

  constructor(
    private readonly url: string,
    private readonly admin: SignedIn,
  ) {}

  /** CPU seconds of the server process so far. */
  async cpu(): Promise<number> {
    return (await this.read()).get('process_cpu_seconds_total') ?? NaN;
  }

  /** From here on `loopP99Ms` counts. */
  async begin() {
    this.before = await this.read();
  }

  /** How late the server's event loop was in the worst hundredth since `begin`, ms. */
  async loopP99Ms(): Promise<number> {
    const now = await this.read();
    const grown = bucketsOf(now, 'parley_event_loop_delay_seconds').map(([upTo, count], i) => {
      const [, before] = bucketsOf(this.before, 'parley_event_loop_delay_seconds')[i] ?? [upTo, 0];
      return [upTo, count - before] as const;
    });
    const p99 = quantile(grown, 0.99);
    if (p99 !== undefined) return p99 * 1_000;
    // Set back by every look, the one of `begin` among them.
    return (now.get('nodejs_eventloop_lag_p99_seconds') ?? NaN) * 1_000;
  }

  private async read(): Promise<Samples> {
    const response = await fetch(`${this.url}/metrics`, {
      headers: { cookie: this.admin.jar.header(), origin: this.url },
    }).catch(() => undefined);
    if (!response?.ok)
      throw new Problem(`The metrics of ${this.url} cannot be read (${response?.status ?? 'no answer'}).`);
    return parse(await response.text());
  }
}

/** Reads Prometheus' text format. */
export function parse(text: string): Samples {
  const samples: Samples = new Map();
  for (const line of text.split('\n')) {
    const [, name, value] = /^([a-zA-Z_:][\w:]*(?:\{.*\})?)\s+(\S+)/.exec(line) ?? [];
    if (name && value) samples.set(name, Number(value));
  }
  return samples;
}

/** Upper bound and cumulative count of each bucket of a histogram. */
function bucketsOf(samples: Samples, name: string): (readonly [upTo: number, count: number])[] {
  return [...samples].flatMap(([key, count]) => {
    const bound = key.startsWith(`${name}_bucket{`) ? /le="([^"]+)"/.exec(key)?.[1] : undefined;
    return bound ? [[bound === '+Inf' ? Infinity : Number(bound), count] as const] : [];
  });
}

/** The value below which `share` of a histogram lies, evenly spread within a bucket; undefined when it is empty. */
export function quantile(buckets: readonly (readonly [number, number])[], share: number): number | undefined {
  const all = buckets.at(-1)?.[1];
  if (!all) return undefined;
  const wanted = all * share;
  const i = buckets.findIndex(([, count]) => count >= wanted);
  const [upTo, count] = buckets[i]!;
  const [from, below] = buckets[i - 1] ?? [0, 0];
  return upTo === Infinity ? from : from + ((upTo - from) * (wanted - below)) / (count - below || 1);
}
