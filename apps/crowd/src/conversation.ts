import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Counts, noCounts, type Rating } from '@parley/contracts/contributions';
import { submitStatement } from '@parley/contracts/live';
import { recount } from '@parley/contracts/live-facts';
import { CsvError, parse } from 'csv-parse/sync';
import { Problem } from './problem';

/** What somebody said or rated, at its time in ms; `key` is the statement's id in the file. */
export type Step =
  | { kind: 'statement'; at: number; key: string; who: string; body: string }
  | { kind: 'rating'; at: number; key: string; who: string; rating: Rating };

/** A recorded conversation, in the order in which it happened. */
export interface Conversation {
  steps: Step[];
  statements: number;
  ratings: number;
  /** Everybody who wrote or rated, in order of appearance. */
  people: string[];
}

interface Row {
  line: number;
  at: (column: string) => string;
}

const ratings: Record<string, Rating> = { '1': 'agree', '-1': 'disagree', '0': 'unsure' };
const body = submitStatement.input.shape.body;

/** Reads comments.csv and votes.csv of a folder in the format of Polis exports. */
export async function readConversation(folder: string): Promise<Conversation> {
  const [comments, votes] = await Promise.all(
    ['comments.csv', 'votes.csv'].map(async (name) => {
      const bytes = await readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
        throw new Problem(`${join(folder, name)} cannot be read (${error.code}).`, 2);
      });
      try {
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      } catch {
        throw new Problem(`${name} is not a text in UTF-8.`, 2);
      }
    }),
  );
  return parseConversation(comments!, votes!);
}

/** The same from the texts of the two files; throws a `Problem` that names file and line. */
export function parseConversation(commentsText: string, votesText: string): Conversation {
  const statements = new Map<string, Step>();
  for (const row of rowsOf('comments.csv', commentsText, [
    'timestamp',
    'comment-id',
    'author-id',
    'comment-body',
  ])) {
    const key = id('comments.csv', row, 'comment-id');
    if (statements.has(key)) throw wrong('comments.csv', row.line, `has comment-id ${key} a second time`);
    const said = body.safeParse(row.at('comment-body'));
    if (!said.success)
      throw wrong(
        'comments.csv',
        row.line,
        `has a comment-body that is not taken: ${said.error.issues[0]!.message}`,
      );
    const who = id('comments.csv', row, 'author-id');
    statements.set(key, { kind: 'statement', at: time('comments.csv', row), key, who, body: said.data });
  }
  if (!statements.size) throw new Problem('comments.csv holds no comment.', 2);

  const votes = rowsOf('votes.csv', votesText, ['timestamp', 'voter-id', 'comment-id', 'vote']).map(
    (row): Step => {
      const key = id('votes.csv', row, 'comment-id');
      if (!statements.has(key))
        throw wrong('votes.csv', row.line, `names comment-id ${key}, which comments.csv does not have`);
      const rating = ratings[row.at('vote').trim()];
      if (!rating)
        throw wrong('votes.csv', row.line, `has the vote "${row.at('vote')}"; it takes 1, 0 or -1`);
      const who = id('votes.csv', row, 'voter-id');
      return { kind: 'rating', at: time('votes.csv', row), key, who, rating };
    },
  );

  // The sort is stable: at one time statements stay before votes, and each in the order of its file.
  const steps = [...statements.values(), ...votes].sort((a, b) => a.at - b.at);
  return {
    steps,
    statements: statements.size,
    ratings: votes.length,
    people: [...new Set(steps.map(({ who }) => who))],
  };
}

/** Counts of each person's latest rating, by statement. */
export function latestCounts({ steps }: Conversation): Map<string, Counts> {
  const latest = new Map<string, Rating>();
  const counts = new Map<string, Counts>();
  for (const step of steps) {
    if (step.kind === 'statement') {
      if (!counts.has(step.key)) counts.set(step.key, noCounts);
      continue;
    }
    const pair = JSON.stringify([step.who, step.key]);
    counts.set(step.key, recount(counts.get(step.key), latest.get(pair), step.rating));
    latest.set(pair, step.rating);
  }
  return counts;
}

/** How long to wait before each step, ms: gaps divided by `speed`, long silences cut to `longestPause`. */
export function pauses(steps: readonly Step[], speed: number, longestPause: number): number[] {
  return steps.map(({ at }, i) => (i ? Math.min(longestPause, (at - steps[i - 1]!.at) / speed) : 0));
}

function rowsOf(file: string, text: string, columns: readonly string[]): Row[] {
  let rows: { record: Record<string, string>; info: { lines: number } }[];
  try {
    // With `info` each row comes as record and info, which the types of the package do not say.
    rows = parse(text, {
      bom: true,
      info: true,
      skip_empty_lines: true,
      columns: (header: string[]) => {
        const missing = columns.filter((column) => !header.includes(column));
        if (missing.length) throw wrong(file, 1, `has no column ${missing.join(', ')}`);
        return header;
      },
    }) as unknown as typeof rows;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_QUOTE_NOT_CLOSED')
      throw wrong(file, openQuote(text), 'opens a quote that is never closed');
    throw wrong(file, Number(error['lines']), `is not proper CSV: ${error.message}`);
  }
  if (!rows.length && !text.trim()) throw new Problem(`${file} is empty.`, 2);
  return rows.map(({ record, info }) => {
    const breaks = Object.values(record).join('').split('\n').length - 1;
    return { line: info.lines - breaks, at: (column) => record[column] ?? '' };
  });
}

/** The line on which the last quote opens; the parser names the one on which the file ends. */
function openQuote(text: string): number {
  const quotes = [...text.matchAll(/"/g)];
  return text.slice(0, quotes.at(-1)?.index).split('\n').length;
}

function id(file: string, row: Row, column: string): string {
  const value = row.at(column).trim();
  if (!value) throw wrong(file, row.line, `has an empty ${column}`);
  return value;
}

function time(file: string, row: Row): number {
  const value = row.at('timestamp').trim();
  if (!/^\d{1,15}$/.test(value))
    throw wrong(file, row.line, `has the timestamp "${value}"; it takes milliseconds since 1970`);
  return Number(value);
}

const wrong = (file: string, line: number, what: string) => new Problem(`${file}, line ${line}, ${what}.`, 2);
