import { TITLE_MAX } from '@parley/contracts/commons';
import type { IdeaStatus } from '@parley/contracts/contributions';
import {
  ANY_VALUE,
  BROUGHT_MAX,
  BROUGHT_ROWS_MAX,
  type BroughtReport,
  type BroughtStatus,
  type IdeaColumns,
} from '@parley/contracts/ideas';
import { cut, line, text } from '@parley/contracts/text';
import { parse } from 'csv-parse/sync';
import { convert } from 'html-to-text';
import { AppError } from '../platform/errors';

/** An idea of another board, as it will be here. */
export interface Brought {
  key: string;
  title: string;
  text: string;
  by: string | null;
  support: number | null;
  at: Date | null;
  status: IdeaStatus;
  /** What it was called there. */
  was: string;
  replacedBy: string | null;
}

type Problem = BroughtReport['problems'][number];

const PROBLEMS_SHOWN = 100;
/** More different values than these are no statuses; an empty cell and any value are told apart then. */
const STATUSES_MOST = 20;

/** What a heading means by the look of it, in the languages of boards that people move from. */
const looks: Record<keyof IdeaColumns, RegExp> = {
  title: /^(title|titel|name|subject|betreff|t[ií]tulo|titre|idea|idee)$/i,
  text: /^(description|beschreibung|text|body|abstract|details?|content|inhalt|descripci[oó]n|summary)$/i,
  key: /^(id|key|nr|no|number|nummer|idea.?id|slug)$/i,
  by: /^(author|autor(in)?|by|von|creator|submitter|user(name)?|created.?by|posted.?by)$/i,
  support:
    /^(votes?|stimmen|cached_votes_up|votes?.?up|upvotes?|likes?|support(s|ers)?|score|points?|kudos)$/i,
  at: /^(created(.?(at|on))?|date|datum|submitted(.?(at|on))?|posted(.?(at|on))?|erstellt(.?am)?|fecha)$/i,
  status: /^(status|state|zustand|stand|estado|stage|retired_at)$/i,
  replacedBy: /^(superseded.?by|replaced.?by|duplicate.?of|merged.?(in)?to)$/i,
};

/** What a status of other boards is here by the look of it. */
const meanings: [RegExp, BroughtStatus][] = [
  [/^$/, 'new'],
  [/(already|exist|vorhanden|duplicate)/i, 'alreadyThere'],
  [/(progress|started|develop|arbeit|building)/i, 'inProgress'],
  [
    /(final|done|deliver|complete|implement|shipped|released|launched|umgesetzt|erledigt|active)/i,
    'delivered',
  ],
  [/(reject|declin|not.?plan|won.?t|abgelehnt|not.?now|closed)/i, 'notNow'],
  [/(withdraw|retired|zur[uü]ckgezogen|spam|deleted|archiv)/i, 'leaveOut'],
  [/(defer|later|sp[aä]ter|backlog|parked|someday|future)/i, 'later'],
  [/(accept|plan|approved|provisional|angenommen|geplant)/i, 'planned'],
  [/(review|consider|investigat|pr[uü]fung|discuss|under)/i, 'inReview'],
  [/(supersed|replac|ersetzt|answered|beantwortet)/i, 'answered'],
];
const meaningOf = (value: string): BroughtStatus =>
  meanings.find(([look]) => look.test(value.trim()))?.[1] ?? 'new';

export interface BroughtFile {
  headings: string[];
  columns: IdeaColumns | null;
  statuses: { value: string; count: number; to: BroughtStatus }[];
  report: BroughtReport;
  good: Brought[];
}

/** Reads a file of ideas. Without `columns` and `statuses` they are taken by the look of the file. */
export function readBrought(
  csv: string,
  chosen: IdeaColumns | null,
  given: Record<string, BroughtStatus> | null,
): BroughtFile {
  const { headings, rows } = split(csv);
  const columns = chosen ?? guess(headings);
  const empty: BroughtReport = { rows: rows.length, good: 0, bad: 0, leftOut: 0, shortened: 0, problems: [] };
  if (!columns) return { headings, columns, statuses: [], report: empty, good: [] };
  const place = Object.fromEntries(
    Object.entries(columns).map(([name, heading]) => [
      name,
      heading === null ? -1 : headings.indexOf(heading),
    ]),
  ) as Record<keyof IdeaColumns, number>;
  if (place.title < 0)
    throw new AppError('request.invalid', 'Choose the column of the title.', {
      fields: { 'columns.title': 'a heading of the file' },
    });
  const cell = (cells: readonly string[], name: keyof IdeaColumns) => (cells[place[name]] ?? '').trim();

  const values = new Map<string, number>();
  for (const { cells } of rows) {
    const value = place.status < 0 ? '' : cell(cells, 'status');
    values.set(value, (values.get(value) ?? 0) + 1);
  }
  const isFree = values.size > STATUSES_MOST || headings[place.status]?.endsWith('_at') === true;
  const kinds = new Map<string, number>();
  for (const [value, count] of values) {
    const kind = isFree && value ? ANY_VALUE : value;
    kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  }
  // A status there may be called `constructor`.
  const asGiven = new Map(Object.entries(given ?? {}));
  const look = (value: string) =>
    asGiven.get(value) ?? meaningOf(value === ANY_VALUE ? (headings[place.status] ?? '') : value);
  const statuses = [...kinds].map(([value, count]) => ({ value, count, to: look(value) }));
  const to = new Map(statuses.map((status) => [status.value, status.to]));

  const dates = datesOf(rows.map(({ cells }) => cell(cells, 'at')));
  const good: Brought[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  let [leftOut, shortened] = [0, 0];
  for (const { row, cells } of rows) {
    const refuse = (problem: Problem['problem'], what: string) =>
      problems.push({ row, problem, what: cut(what, 80) });
    const was = place.status < 0 ? '' : cell(cells, 'status');
    const status = to.get(isFree && was ? ANY_VALUE : was)!;
    const rawTitle = plain(cell(cells, 'title')).replace(/\s+/gu, ' ');
    const key = cell(cells, 'key') || `row ${row}`;
    const title = line(2_000).safeParse(rawTitle);
    const raw = cells.join('');
    if (cells.length !== headings.length) refuse('columns', rawTitle || key);
    else if (/[\0\ufffd\p{Surrogate}]/u.test(raw)) refuse('characters', rawTitle || key);
    else if (!title.success) refuse('title', rawTitle || key);
    else if (seen.has(key)) refuse('twice', key);
    else if (cell(cells, 'at') && !dates(cell(cells, 'at'))) refuse('date', cell(cells, 'at'));
    else if (status === 'leaveOut') {
      seen.add(key);
      leftOut += 1;
    } else {
      seen.add(key);
      const whole = plain(cell(cells, 'text'));
      const isLong = cut(title.data, TITLE_MAX) !== title.data;
      const body = [isLong ? title.data : '', whole].filter(Boolean).join('\n\n') || title.data;
      const kept = text(BROUGHT_MAX).safeParse(cut(body, BROUGHT_MAX));
      if (isLong || cut(body, BROUGHT_MAX) !== body) shortened += 1;
      good.push({
        ...{
          key,
          title: cut(title.data, TITLE_MAX),
          text: kept.success ? kept.data : cut(title.data, TITLE_MAX),
        },
        by: shortOf(cell(cells, 'by')),
        support: /^\d{1,9}$/.test(cell(cells, 'support')) ? Number(cell(cells, 'support')) : null,
        at: dates(cell(cells, 'at')),
        ...{ status, was: shortOf(was) ?? '', replacedBy: cell(cells, 'replacedBy') || null },
      });
    }
  }
  const report = {
    ...{ rows: rows.length, good: good.length, bad: problems.length, leftOut, shortened },
    problems: problems.slice(0, PROBLEMS_SHOWN),
  };
  return { headings, columns, statuses, report, good };
}

/** A name or a status as it is read here; null where there is nothing to see. */
const shortOf = (cell: string): string | null => {
  const short = line(80).safeParse(cut(cell, 80));
  return short.success ? short.data : null;
};

/** What was formatted is read as plain text, its paragraphs and lists kept; what only looks like a tag stays. */
function plain(cell: string): string {
  if (!/<\/?[a-z][^>]*>|&(#\d+|#x[\da-f]+|[a-z]+);/i.test(cell)) return cell.trim();
  return convert(cell, {
    wordwrap: false,
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      ...['script', 'style', 'iframe', 'object'].map((selector) => ({ selector, format: 'skip' })),
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
        selector,
        options: { uppercase: false },
      })),
    ],
  })
    .replace(/\u00a0/gu, ' ')
    .replace(/\n{3,}/gu, '\n\n')
    .trim();
}

function guess(headings: readonly string[]): IdeaColumns | null {
  const find = (name: keyof IdeaColumns) => headings.find((heading) => looks[name].test(heading)) ?? null;
  const title = find('title') ?? headings[0] ?? null;
  if (title === null) return null;
  const rest = Object.fromEntries(
    (Object.keys(looks) as (keyof IdeaColumns)[])
      .filter((name) => name !== 'title')
      .map((name) => [name, find(name)]),
  ) as Omit<IdeaColumns, 'title'>;
  return { title, ...rest };
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** How dates of a column are read: by the year first, by the name of the month, or by the day or the month first. */
function datesOf(cells: readonly string[]): (cell: string) => Date | null {
  const numbers = cells.flatMap((cell) => {
    const [, a, b] = /^(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}/.exec(cell) ?? [];
    return a && b ? [[Number(a), Number(b)] as const] : [];
  });
  // Days go beyond twelve; where none does, most of the world writes the day first.
  const isMonthFirst = numbers.some(([, b]) => b > 12) && !numbers.some(([a]) => a > 12);
  return (cell) => {
    const made = (year: number, month: number, day: number) => {
      const at = new Date(Date.UTC(year, month - 1, day, 12));
      const isReal = at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
      return isReal && year >= 1970 && at.getTime() <= Date.now() + 86_400_000 ? at : null;
    };
    const [, year, month, day] = /^(\d{4})-(\d{1,2})-(\d{1,2})/.exec(cell) ?? [];
    if (year) return made(Number(year), Number(month), Number(day));
    const [, d, name, y] = /^(\d{1,2})[ -]([a-z]{3})[a-z]*[ -](\d{4})/i.exec(cell) ?? [];
    if (d) return made(Number(y), months.indexOf(name!.toLowerCase()) + 1, Number(d));
    const [, a, b, last] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})/.exec(cell) ?? [];
    if (!a) return null;
    return isMonthFirst ? made(Number(last), Number(a), Number(b)) : made(Number(last), Number(b), Number(a));
  };
}

function split(csv: string): { headings: string[]; rows: { row: number; cells: string[] }[] } {
  // Spreadsheets of many countries separate by semicolon or tab.
  const [heading = ''] = csv.split(/\r?\n/, 1);
  const delimiter = [';', '\t'].find((sign) => heading.includes(sign) && !heading.includes(',')) ?? ',';
  try {
    const records = parse(csv, {
      ...{ bom: true, info: true, delimiter, relax_column_count: true, skip_empty_lines: true },
      max_record_size: 200_000,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    const [first, ...rest] = records;
    if (rest.length > BROUGHT_ROWS_MAX)
      throw new AppError('request.invalid', `At most ${BROUGHT_ROWS_MAX} rows: split the file.`, {
        fields: { csv: `at most ${BROUGHT_ROWS_MAX} rows` },
      });
    return {
      headings: (first?.record ?? []).map((name) => name.trim()),
      rows: rest.map(({ record, info }) => ({ row: info.lines, cells: record })),
    };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('request.invalid', 'The file could not be read as CSV.', {
      fields: { csv: `not CSV (${(error as { code?: string }).code ?? 'unreadable'})` },
    });
  }
}
