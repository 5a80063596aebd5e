/**
 * How long to wait before trying again after `tries` tries in vain, ms: up to 0.5 s, doubling to 15 s, full jitter,
 * so that a whole room does not come back in one moment. Never less than `least`, such as what the server asks for.
 */
export const backoff = (tries: number, least = 0): number =>
  least + Math.random() * Math.min(15_000, 500 * 2 ** tries);
