import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

/** Seconds as a clock: 0:07, 12:41, 1:02:03. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number) => String(part).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** `2026-06-12` or an instant; a date alone is that day everywhere. */
export const instantOf = (iso: string) => new Date(iso.length === 10 ? `${iso}T12:00:00` : iso);

/** A moment as the field of the browser writes it, in the time of this machine. */
export function localOf(iso: string | null): string {
  if (!iso) return '';
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export const isoOf = (local: string): string | null =>
  local && !Number.isNaN(Date.parse(local)) ? new Date(local).toISOString() : null;

/** From so many seconds on, what is measured is said in that unit. */
const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** Dates, times and numbers as people of the chosen language write them. */
export function useFormat() {
  const { i18n } = useTranslation();
  return useMemo(() => {
    const locale = i18n.language === 'en' ? 'en-GB' : i18n.language;
    const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' });
    const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long' });
    const moment = new Intl.DateTimeFormat(locale, {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      hour: '2-digit',
      minute: '2-digit',
    });
    const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
    const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
    const spans = Object.fromEntries(
      units.map(([unit]) => [
        unit,
        new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 }),
      ]),
    );
    return {
      date: (iso: string) => day.format(instantOf(iso)),
      weekday: (iso: string) => weekday.format(instantOf(iso)),
      moment: (at: string | number) => moment.format(new Date(at)),
      time: (at: string | number) => time.format(new Date(at)),
      number: (value: number) => number.format(value),
      /** How long that is, in the largest unit that says it well: 30 seconds, 4 hours, 2 days. */
      span: (seconds: number) => {
        const [unit, size] = units.find(([, each]) => seconds >= each) ?? units.at(-1)!;
        return spans[unit]!.format(Math.round(seconds / size));
      },
    };
  }, [i18n.language]);
}
