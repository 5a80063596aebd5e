import { Text, Title } from '@mantine/core';
import type { PromiseCard } from '@parley/contracts/loop';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { SpaceLink } from '../platform/space-link';
import { Face } from './face';
import { usePromises } from './feed.data';
import styles from './feed.module.css';
import { LoopRate } from './loop-rate';

/** Every promise to report back: what is asked, who decides, the day, and what became of it. */
export function PromisesPage() {
  const { t } = useTranslation();
  const { community } = usePlace().membership;
  const promises = usePromises();
  useTitle(t('promisesPage.title'), community.name);
  const all = promises.data?.promises;
  return (
    <div className={styles.feed}>
      <header className={styles.head}>
        <Title order={1}>{t('promisesPage.title')}</Title>
        <Text c="dimmed" maw="60ch">
          {t('promisesPage.lead')}
        </Text>
      </header>
      <aside className={styles.aside}>{promises.data && <LoopRate rate={promises.data.rate} />}</aside>
      <div className={styles.column}>
        {promises.isPending && <Loading lines={6} />}
        <Refusal error={promises.error} onRetry={() => void promises.refetch()} />
        {all?.length === 0 && <Nothing>{t('promisesPage.none')}</Nothing>}
        {all && all.length > 0 && (
          <>
            <Group isOpen title={t('promisesPage.open')} promises={all.filter(({ endedAt }) => !endedAt)} />
            <Group title={t('promisesPage.ended')} promises={all.filter(({ endedAt }) => endedAt)} />
          </>
        )}
      </div>
    </div>
  );
}

interface GroupProps {
  title: string;
  promises: PromiseCard[];
  /** Said also when there is nothing. */
  isOpen?: boolean;
}

function Group({ title, promises, isOpen = false }: GroupProps) {
  const { t } = useTranslation();
  if (!promises.length) return isOpen ? <Nothing>{t('promisesPage.noneOpen')}</Nothing> : null;
  return (
    <section className={styles.section} aria-label={title}>
      <h2>{title}</h2>
      <ul className={styles.promises}>
        {promises.map((promise) => (
          <li key={promise.space.id}>
            <Promised promise={promise} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How the day stands, in words. */
function useDay() {
  const { t } = useTranslation();
  const { date } = useFormat();
  return ({ status, dueOn, firstDueOn, endedAt }: PromiseCard) => {
    if (status === 'kept' && endedAt)
      return t(endedAt.slice(0, 10) <= firstDueOn ? 'promisesPage.keptInTime' : 'promisesPage.keptLate', {
        date: date(endedAt),
      });
    if (status === 'broken' && endedAt) return t('promisesPage.broken', { date: date(endedAt) });
    return t(`promisesPage.${status === 'kept' || status === 'broken' ? 'made' : status}`, {
      date: date(dueOn),
    });
  };
}

function Promised({ promise }: { promise: PromiseCard }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { slug } = usePlace().membership.community;
  const day = useDay();
  const {
    space,
    purpose,
    decision,
    owner,
    informsOnly,
    status,
    firstDueOn,
    dueOn,
    moves,
    brokenBecause,
    updates,
  } = promise;
  const isUpdate = space.kind === 'update';
  return (
    <article className={styles.promise}>
      <p className={styles.day} data-status={status}>
        {day(promise)}
      </p>
      <h3 dir="auto">
        <SpaceLink space={space} />
      </h3>
      {isUpdate && <p className={styles.small}>{t('promisesPage.ofUpdate')}</p>}
      <p dir="auto">{purpose}</p>
      <p>
        <span className={styles.label}>{t('promisesPage.decision')}</span>
        <span dir="auto">{decision}</span>
      </p>
      {informsOnly && !isUpdate && <p className={styles.informs}>{t('promisesPage.informsOnly')}</p>}
      <div>
        <span className={styles.label}>{t('promisesPage.owner')}</span>
        <Face by={owner} />
      </div>
      {moves.length > 0 && (
        <ul className={styles.moves}>
          {moves.map(({ at, from, to, reason }) => (
            <li key={at}>
              {t('promisesPage.moved', { at: date(at), from: date(from), to: date(to) })}{' '}
              <q dir="auto">{reason}</q>
            </li>
          ))}
        </ul>
      )}
      {!moves.length && firstDueOn !== dueOn && (
        <p className={styles.small}>{t('promisesPage.first', { date: date(firstDueOn) })}</p>
      )}
      {status === 'late' && <p className={styles.small}>{t('promisesPage.lateWhy')}</p>}
      {brokenBecause && <p dir="auto">{brokenBecause}</p>}
      {updates.length > 0 && (
        <div>
          <span className={styles.label}>{t('promisesPage.answers')}</span>
          {updates.map(({ id, title }) => (
            <Link
              key={id}
              to="/c/$slug/updates/$updateId"
              params={{ slug, updateId: id }}
              className={styles.link}
            >
              {title}
            </Link>
          ))}
        </div>
      )}
    </article>
  );
}
