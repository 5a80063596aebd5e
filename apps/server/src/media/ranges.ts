/** The most that one request for a range gets, bytes. */
export const RANGE_MAX = 2 * 1024 ** 2;

/** What of `size` bytes is sent: all, one range, or nothing because the range asked for is none. */
export type Sent = { status: 200 | 206; from: number; to: number } | { status: 416 };

/** Reads a Range header. One range at a time; what is long is cut, and its reader asks for the rest. */
export function sentOf(range: string | undefined, size: number): Sent {
  if (range === undefined) return { status: 200, from: 0, to: size - 1 };
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range) ?? [];
  if (!first && !last) return { status: 416 };
  const from = first ? Number(first) : Math.max(0, size - Number(last));
  const to = Math.min(first && last ? Number(last) : size - 1, size - 1, from + RANGE_MAX - 1);
  return from > to ? { status: 416 } : { status: 206, from, to };
}
