import type { DeskItem } from '@parley/contracts/moderation';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';

/** How long an item has: until it is visible by itself, until it is due, or for how long it has been late. */
export function useClockWords() {
  const { t } = useTranslation();
  const { span } = useFormat();
  return ({ releaseAt, decideBy }: Pick<DeskItem, 'releaseAt' | 'decideBy'>, now: number) => {
    const left = (Date.parse(releaseAt ?? decideBy) - now) / 1_000;
    if (releaseAt)
      return {
        kind: 'release' as const,
        words:
          left > 0 ? t('moderate.clock.release', { span: span(Math.ceil(left)) }) : t('moderate.clock.out'),
      };
    return left > 0
      ? { kind: 'due' as const, words: t('moderate.clock.due', { span: span(Math.max(60, left)) }) }
      : { kind: 'late' as const, words: t('moderate.clock.late', { span: span(Math.max(60, -left)) }) };
  };
}
