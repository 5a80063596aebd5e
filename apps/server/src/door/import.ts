import { IMPORT_ROWS_MAX, type ImportReport, type RowProblem } from '@parley/contracts/door';
import { line } from '@parley/contracts/text';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { AppError } from '../platform/errors';

/** Somebody to invite, in the row of the file as a person counts it. */
export interface Invitee {
  row: number;
  email: string;
  name: string;
}

interface Bad {
  row: number;
  problem: RowProblem;
  what: string;
  twin: number | null;
}

const PROBLEMS_SHOWN = 100;
const Address = z.email().max(254);
const Name = line(80);
/** What a spreadsheet would run. A name may not begin so; an address cannot. */
const formula = /^[=+@\t\r-]/;
const headings = { email: /^(e-?mail(-?address|-?adresse)?|adresse)$/i, name: /^name$/i };

/** Reads a file of people to invite. Who cannot be invited because of what is in the file is among the `bad`. */
export function readInvitees(csv: string): { good: Invitee[]; bad: Bad[]; rows: number } {
  const rows = split(csv);
  const first = rows[0]?.cells ?? [];
  const column = (heading: RegExp) => first.findIndex((cell) => heading.test(cell.trim()));
  const hasHeading = column(headings.email) >= 0;
  const at = hasHeading
    ? { email: column(headings.email), name: column(headings.name) }
    : { email: 0, name: 1 };
  const body = hasHeading ? rows.slice(1) : rows;
  if (body.length > IMPORT_ROWS_MAX)
    throw new AppError('request.invalid', `At most ${IMPORT_ROWS_MAX} rows: split the file.`, {
      fields: { csv: `at most ${IMPORT_ROWS_MAX} rows` },
    });

  const good: Invitee[] = [];
  const bad: Bad[] = [];
  const seen = new Map<string, number>();
  for (const { row, cells } of body) {
    const refuse = (problem: RowProblem, what: string, twin: number | null = null) =>
      bad.push({ row, problem, what: what.slice(0, 80), twin });
    const email = (cells[at.email] ?? '').trim().toLowerCase();
    const name = (at.name < 0 ? '' : (cells[at.name] ?? '')).trim();
    const all = cells.join(' ');
    if (hasHeading ? cells.length !== first.length : cells.length > 2) refuse('columns', cells.join(', '));
    else if (all.includes('\ufffd') || all.includes('\0')) refuse('characters', email || name);
    else if (formula.test(name) || formula.test(email)) refuse('formula', formula.test(name) ? name : email);
    else if (!Address.safeParse(email).success) refuse('address', email);
    else if (name && !Name.safeParse(name).success) refuse('name', name);
    else if (seen.has(email)) refuse('twice', email, seen.get(email)!);
    else {
      seen.set(email, row);
      good.push({ row, email, name: name ? Name.parse(name) : '' });
    }
  }
  return { good, bad, rows: body.length };
}

export function reportOf(rows: number, good: number, bad: readonly Bad[]): ImportReport {
  const inOrder = [...bad].sort((a, b) => a.row - b.row);
  return { rows, good, bad: bad.length, problems: inOrder.slice(0, PROBLEMS_SHOWN) };
}

function split(csv: string): { row: number; cells: string[] }[] {
  // Spreadsheets of many countries separate by semicolon or tab.
  const [heading = ''] = csv.split(/\r?\n/, 1);
  const delimiter = [';', '\t'].find((sign) => heading.includes(sign) && !heading.includes(',')) ?? ',';
  try {
    const records = parse(csv, {
      bom: true,
      info: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 4_000,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return records.map(({ record, info }) => ({ row: info.lines, cells: record }));
  } catch (error) {
    throw new AppError('request.invalid', 'The file could not be read as CSV.', {
      fields: { csv: `not CSV (${(error as { code?: string }).code ?? 'unreadable'})` },
    });
  }
}
