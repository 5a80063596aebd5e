import type { ActivityCard } from '@parley/contracts/activities';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';

const HOUR = 3_600_000;

/** Until when something can be sent, as one would say it. */
export function useDueWords() {
  const { t } = useTranslation();
  const { moment, date } = useFormat();
  return ({ phase, opensAt, dueAt, graceHours, mine }: ActivityCard): string => {
    switch (phase) {
      case 'scheduled':
        return t('activity.opens', { when: moment(opensAt) });
      case 'open':
        return t('activity.due', { when: moment(mine.entryDueAt ?? dueAt) });
      case 'closing':
        return t('activity.grace', { when: moment(Date.parse(dueAt) + graceHours * HOUR) });
      default:
        return t('activity.ended', { when: date(dueAt.slice(0, 10)) });
    }
  };
}
