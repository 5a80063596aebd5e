import { AppError } from './errors';

/** Where a page begins in a list that is in the order of a moment and an id: after these two. */
export interface After {
  at: string;
  id: string;
}

const starts = {
  newest: { at: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' },
  oldest: { at: '-infinity', id: '00000000-0000-0000-0000-000000000000' },
};
const form = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)~([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Reads a cursor that `cursorOf` made; without one the page begins with the newest, or the oldest. */
export function after(cursor: string | undefined, from: keyof typeof starts = 'newest'): After {
  if (!cursor) return starts[from];
  const [, at, id] = form.exec(cursor) ?? [];
  if (!at || !id || Number.isNaN(Date.parse(at)))
    throw new AppError('request.invalid', 'Load the list anew.', {
      fields: { cursor: 'as it was answered' },
    });
  return { at, id };
}

/** SQL for a moment to the microsecond: the driver's dates know only milliseconds, and would skip rows. */
export const markOf = (column: string) =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The cursor after `shown` rows, of which one more was read to know that there are more. */
export function cursorOf(rows: readonly { mark: string; id: string }[], shown: number): string | null {
  const last = rows[shown - 1];
  return rows.length > shown && last ? `${last.mark}~${last.id}` : null;
}
