import type { LoopState, Moderation, Next, Outcome, ReceiptStep } from '@parley/contracts/contributions';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { instantOf, useFormat } from './format';
import { useNamed } from './named';

/** What the state of a contribution is read from. */
export interface FateState {
  moderation: Moderation;
  loop: LoopState;
  outcome: Outcome | null;
  teamOnly: boolean;
}

const DAY_MS = 24 * 3_600_000;
const startOfDay = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
/** How many midnights lie between; positive when the day is still to come. */
const daysFrom = (now: Date, at: Date) => Math.round((startOfDay(at) - startOfDay(now)) / DAY_MS);

/** The fate of a contribution in plain words, for the person who wrote it. */
export function useFateWords() {
  const { t } = useTranslation();
  const { date, weekday, time } = useFormat();
  const named = useNamed();
  return useMemo(() => {
    /** Of something that has been: today, yesterday, on Tuesday, on 12 June 2026. */
    function since(iso: string) {
      const at = instantOf(iso);
      const ago = -daysFrom(new Date(), at);
      if (ago <= 0) return t('fate.when.today');
      if (ago === 1) return t('fate.when.yesterday');
      return ago < 7
        ? t('fate.when.weekday', { day: weekday(iso) })
        : t('fate.when.date', { day: date(iso) });
    }

    /** Of a last moment: by 14:30 today, by 12 June 2026; or until then. */
    function last(iso: string, how: 'within' | 'until') {
      const at = instantOf(iso);
      const ahead = daysFrom(new Date(), at);
      // The last second of a day is that day.
      const isDay = iso.endsWith('T23:59:59.000Z');
      if (!isDay && (ahead === 0 || ahead === 1))
        return t(`fate.${how}.${ahead ? 'tomorrow' : 'today'}`, { time: time(iso) });
      return t(`fate.${how}.date`, { day: date(isDay ? iso.slice(0, 10) : iso) });
    }

    /** Of a moment to come: in 30 seconds, in 12 minutes, tomorrow at 09:00. */
    function ahead(iso: string, now: number) {
      const at = instantOf(iso);
      const seconds = Math.max(1, Math.ceil((at.getTime() - now) / 1_000));
      if (seconds < 90) return t('fate.by.seconds', { count: seconds });
      if (seconds < 3_600) return t('fate.by.minutes', { count: Math.round(seconds / 60) });
      const days = daysFrom(new Date(now), at);
      return days < 2
        ? t(`fate.by.${days ? 'tomorrow' : 'today'}`, { time: time(iso) })
        : t('fate.by.date', { day: date(iso) });
    }

    function whoOf({ by }: ReceiptStep) {
      if (!by) return t('fate.team');
      return named(by);
    }

    /** What happened: "Maria Kessler (VP Product) read this on Tuesday." */
    function sentence(step: ReceiptStep) {
      const { kind, theme, others, outcome } = step;
      const told = { when: since(step.at), who: whoOf(step) };
      if (kind === 'grouped' && theme)
        return others
          ? t('fate.step.groupedWith', { ...told, theme, count: others })
          : t('fate.step.groupedAlone', { ...told, theme });
      if (kind === 'decided' && outcome) return t(`fate.step.decided.${outcome}`, told);
      return t(`fate.step.${kind}`, told);
    }

    return {
      /** One step, with the day until which something is promised and the reason where there is one. */
      step(step: ReceiptStep): string {
        const { on, outcome, reason } = step;
        const day = on ? date(on) : null;
        return [
          sentence(step),
          day && t(outcome === 'deferred' ? 'fate.step.hearAgain' : 'fate.step.due', { day }),
          reason && t('fate.reason', { reason }),
        ]
          .filter(Boolean)
          .join(' ');
      },

      /** What its author can expect, and by when; what is late says so. */
      next({ what, by }: Next, now = Date.now()): string {
        if (what === 'ended' || by === null) return t('fate.next.ended');
        const isLate = instantOf(by).getTime() < now;
        switch (what) {
          case 'release':
            return isLate ? t('fate.next.release.late') : t('fate.next.release', { when: ahead(by, now) });
          case 'yourChange':
          case 'yourAppeal':
          case 'verification':
            return t(`fate.next.${what}`, { when: last(by, 'until') });
          default:
            return t(isLate ? `fate.next.${what}.late` : `fate.next.${what}`, { when: last(by, 'within') });
        }
      },

      /** Where it stands, in a few words. What others do not see says that first. */
      state({ moderation, loop, outcome, teamOnly }: FateState): string {
        if (moderation !== 'published' && moderation !== 'merged') return t(`fate.state.${moderation}`);
        const state = loop === 'decided' && outcome ? t(`fate.outcome.${outcome}`) : t(`fate.state.${loop}`);
        return teamOnly ? t('fate.state.teamOnly', { state }) : state;
      },
    };
  }, [t, date, weekday, time, named]);
}
