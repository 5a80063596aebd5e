import { isDate } from '@parley/contracts/screener';
import type { ScopeKey } from '../platform/tenancy';

/** Days for which a browser in which somebody was too young is not asked again. */
export const MARK_DAYS = 30;
const OLDEST = 130;

/** Whole years from a day to a day, both as `2026-02-28`. Who is born on 29 February is a year older on 1 March. */
export function yearsBetween(born: string, today: string): number {
  const years = Number(today.slice(0, 4)) - Number(born.slice(0, 4));
  return today.slice(5) < born.slice(5) ? years - 1 : years;
}

/** Whether it is a day on which somebody alive may have been born. */
export const isBirthDate = (born: string, today: string) =>
  isDate(born) && born <= today && yearsBetween(born, today) <= OLDEST;

/**
 * What stays in a browser in which somebody was younger than `years`: that number and a date, no more. It closes
 * every gate of that age and above.
 */
export function ageMark(key: ScopeKey, years: number, now = Date.now()): string {
  const words = `${years}.${Math.floor(now / 86_400_000) + MARK_DAYS}`;
  return `${words}.${key.mark('age', words)}`;
}

/** The age that the browser's mark speaks of; null without a mark of ours that still holds. */
export function markedAge(key: ScopeKey, mark: string | undefined, now = Date.now()): number | null {
  const [years = '', until = '', signature] = (mark ?? '').split('.');
  if (signature !== key.mark('age', `${years}.${until}`)) return null;
  return Number(until) >= Math.floor(now / 86_400_000) ? Number(years) : null;
}
