import { NativeSelect } from '@mantine/core';
import { QuoteChoice, type Submission } from '@parley/contracts/activities';
import { useTranslation } from 'react-i18next';
import { useNamed } from '../platform/named';
import { Refusal } from '../platform/refusal';
import { useActivityId, useQuote } from './activities.data';
import styles from './activities.module.css';

/** Where one's own submission is, in words, and how it may be quoted. */
export function StateWords({ submission }: { submission: Submission }) {
  const { t } = useTranslation();
  const named = useNamed();
  const activityId = useActivityId();
  const quote = useQuote();
  const { state, accepted } = submission;
  return (
    <>
      <p className={styles.stateLine} data-state={state}>
        {t(`submission.${state}`, { who: accepted ? named(accepted.by) : '' })}
      </p>
      {state !== 'withdrawn' && (
        <NativeSelect
          label={t('activity.quote')}
          value={submission.quote}
          data={QuoteChoice.options.map((value) => ({ value, label: t(`activity.quote.${value}`) }))}
          onChange={({ currentTarget }) =>
            quote.mutate({
              ...{ activityId, submissionId: submission.id },
              quote: QuoteChoice.parse(currentTarget.value),
            })
          }
        />
      )}
      <Refusal error={quote.error} />
    </>
  );
}
