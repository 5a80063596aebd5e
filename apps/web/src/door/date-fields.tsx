import { Input } from '@mantine/core';
import { isDate } from '@parley/contracts/screener';
import type { TFunction } from 'i18next';
import { type KeyboardEvent, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './door.module.css';

const names = ['day', 'month', 'year'] as const;
export type DatePart = (typeof names)[number];
/** A date as it is being typed. */
export type DateParts = Record<DatePart, string>;
export const noDate: DateParts = { day: '', month: '', year: '' };
const longest: Record<DatePart, number> = { day: 2, month: 2, year: 4 };

/** Which field of a date is wrong, and what about it. */
export interface DateProblem {
  part: DatePart;
  why: 'missing' | 'wrong' | 'noSuchDay';
  /** How many days that month has. */
  days: number;
}

const digitsOf = (text: string) => text.normalize('NFKC').replace(/\D/g, '');

/** The day that was typed, as `2026-02-28`, or what is wrong with it. */
export function dateOf(parts: DateParts): string | DateProblem {
  const { day, month, year } = parts;
  const wrong = (part: DatePart, why: DateProblem['why'] = 'wrong', days = 0) => ({ part, why, days });
  for (const part of names) if (!parts[part]) return wrong(part, 'missing');
  if (Number(day) < 1 || Number(day) > 31) return wrong('day');
  if (Number(month) < 1 || Number(month) > 12) return wrong('month');
  const start = `${year}-${month.padStart(2, '0')}`;
  if (!isDate(`${start}-01`)) return wrong('year');
  const iso = `${start}-${day.padStart(2, '0')}`;
  return isDate(iso)
    ? iso
    : wrong('day', 'noSuchDay', new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate());
}

/** `2026-02-28` in its parts; none where it is no date. */
export function partsOf(iso: unknown): DateParts {
  if (typeof iso !== 'string' || !isDate(iso)) return noDate;
  const [year = '', month = '', day = ''] = iso.split('-');
  return { day, month, year };
}

/** What is wrong with a date, in words that name the field. */
export function dateProblemText(t: TFunction, language: string, parts: DateParts, problem: DateProblem) {
  if (problem.why !== 'noSuchDay') return t(`door.date.${problem.why}.${problem.part}`);
  const first = new Date(Date.UTC(Number(parts.year), Number(parts.month) - 1, 1));
  const month = new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return t('door.date.noSuchDay', { month: month.format(first), days: problem.days });
}

/** The order in which people of a language write a date. */
export function orderOf(language: string): DatePart[] {
  // English is written in two orders; which one is meant, the browser knows.
  const locale = navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language;
  const order = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale)
    .formatToParts(0)
    .flatMap(({ type }) => names.filter((name) => name === type));
  return order.length === 3 ? order : [...names];
}

interface DateFieldsProps {
  parts: DateParts;
  onChange: (parts: DateParts) => void;
  /** The id of the text that says what date is meant. */
  labelledBy: string;
  problem?: DateProblem | null;
  problemText?: string;
  isBirthday?: boolean;
}

/** A date by typing: nothing is preset, and no list starts anywhere. */
export function DateFields(props: DateFieldsProps) {
  const { parts, onChange, labelledBy, problem, problemText, isBirthday } = props;
  const { t, i18n } = useTranslation();
  const problemId = useId();
  const group = useRef<HTMLDivElement>(null);
  const order = orderOf(i18n.language);
  const focus = (part: DatePart | undefined) =>
    part && group.current?.querySelector<HTMLInputElement>(`[data-part="${part}"]`)?.focus();

  const write = (part: DatePart, text: string) => {
    const typed = digitsOf(text).slice(0, longest[part]);
    const isFull = typed.length === longest[part] && typed.length > parts[part].length;
    onChange({ ...parts, [part]: typed });
    // Full: the next empty one follows, without a tap.
    if (isFull) focus(order.slice(order.indexOf(part) + 1).find((next) => !parts[next]));
  };
  const back = (part: DatePart, event: KeyboardEvent) => {
    if (event.key !== 'Backspace' || parts[part]) return;
    event.preventDefault();
    focus(order[order.indexOf(part) - 1]);
  };
  return (
    <div role="group" aria-labelledby={labelledBy} ref={group} className={styles.dateFields}>
      {order.map((part) => (
        <label key={part}>
          <span className={styles.label}>{t(`door.date.${part}`)}</span>
          <Input
            // Its own would leave out whose text says what is wrong.
            withAria={false}
            classNames={{ input: styles.input! }}
            data-part={part}
            inputMode="numeric"
            autoComplete={isBirthday ? `bday-${part}` : 'off'}
            enterKeyHint={part === order[2] ? 'done' : 'next'}
            // Room for what is pasted with blanks; digits that are too many are not taken.
            maxLength={12}
            value={parts[part]}
            error={problem?.part === part}
            aria-invalid={problem?.part === part || undefined}
            aria-describedby={problem?.part === part ? problemId : undefined}
            onChange={(event) => write(part, event.currentTarget.value)}
            onKeyDown={(event) => back(part, event)}
          />
        </label>
      ))}
      <p id={problemId} role="alert" className={styles.problem}>
        {problem && problemText}
      </p>
    </div>
  );
}
