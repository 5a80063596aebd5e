import { AppError } from './errors';

const KEYS_KEPT = 10_000;

/** Keeps one network from doing a thing too often. Kept in memory: a restart forgives. */
export class Limit {
  /** By network, with whom was longest unheard of in front. */
  private readonly times = new Map<string, number[]>();

  constructor(
    private readonly most: number,
    private readonly withinMs: number,
  ) {}

  /** Counts one, or refuses it. */
  charge(address: string) {
    this.check(address);
    this.count(address);
  }

  /** Refuses once as many have been counted as may be. */
  check(address: string, now = Date.now()) {
    if (this.recent(networkOf(address), now).length >= this.most)
      throw new AppError('request.slowDown', 'Too much was asked for from here: wait a while.', {
        retryAfterMs: Math.min(this.withinMs, 600_000),
      });
  }

  count(address: string, now = Date.now()) {
    const key = networkOf(address);
    const recent = this.recent(key, now);
    this.times.delete(key);
    this.times.set(key, [...recent, now]);
    if (this.times.size > KEYS_KEPT) this.times.delete(this.times.keys().next().value!);
  }

  private recent(key: string, now: number) {
    return (this.times.get(key) ?? []).filter((at) => at > now - this.withinMs);
  }
}

/** Who has an IPv6 network has all of its addresses. */
export const networkOf = (address: string) =>
  address.includes(':') && !address.includes('.') ? address.split(':').slice(0, 4).join(':') : address;
