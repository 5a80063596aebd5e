import { Button, Text, Title } from '@mantine/core';
import { Decision, type LogEntry } from '@parley/contracts/moderation';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useExportLog, useLog, useReasonWords } from './desk.data';
import styles from './desk.module.css';

type Action = Decision['action'];
const actions = new Set<string>(Decision.options.map(({ shape }) => shape.action.value));
const isAction = (action: string): action is Action => actions.has(action);

/** What was decided: who, what, by which rule, when. */
export function LogPage() {
  const { t } = useTranslation();
  const { membership } = usePlace();
  useTitle(t('moderate.part.log'), t('moderate.title'), membership.community.name);
  const log = useLog();
  const exported = useExportLog();
  if (!log.data)
    return log.error ? (
      <Refusal error={log.error} onRetry={() => void log.refetch()} />
    ) : (
      <Loading lines={6} />
    );
  const entries = log.data.pages.flat();
  return (
    <section className={styles.part} aria-label={t('moderate.part.log')}>
      <div className={styles.bar}>
        <Title order={2}>{t('log.heading')}</Title>
        {membership.role === 'manager' && (
          <Button variant="default" loading={exported.isPending} onClick={() => exported.mutate()}>
            {t('log.export')}
          </Button>
        )}
      </div>
      <div role="status">
        {exported.data && (
          <Text size="sm" c="dimmed" className={styles.sum}>
            {t('log.exported', { count: exported.data.rows, sum: exported.data.sha256 })}
          </Text>
        )}
      </div>
      <Refusal error={exported.error} />
      {entries.length === 0 ? (
        <Nothing>{t('log.none')}</Nothing>
      ) : (
        <ol className={styles.log}>
          {entries.map((entry) => (
            <Entry key={entry.seq} entry={entry} />
          ))}
        </ol>
      )}
      <Refusal error={log.isFetchNextPageError ? log.error : null} />
      {log.hasNextPage && (
        <Button
          variant="default"
          w="fit-content"
          loading={log.isFetchingNextPage}
          onClick={() => void log.fetchNextPage()}
        >
          {t('log.older')}
        </Button>
      )}
    </section>
  );
}

function Entry({ entry }: { entry: LogEntry }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const reasonWords = useReasonWords();
  const { action, by, reason, note, policyVersion, excerpt, space, at } = entry;
  return (
    <li className={styles.entry}>
      <p className={styles.entryHead}>
        <strong>{isAction(action) ? t(`log.did.${action}`, { by }) : `${by}: ${action}`}</strong>
        <time dateTime={at}>{moment(at)}</time>
      </p>
      <blockquote dir="auto">{excerpt}</blockquote>
      {reason && <Text size="sm">{t('log.reason', { reason: reasonWords(reason) })}</Text>}
      {note && (
        <Text size="sm" dir="auto">
          {t('log.note', { note })}
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {t('log.where', { space })} ·{' '}
        {policyVersion ? t('log.version', { version: policyVersion }) : t('log.usual')}
      </Text>
    </li>
  );
}
