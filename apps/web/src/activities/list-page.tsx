import { Title, Text } from '@mantine/core';
import type { ActivityCard } from '@parley/contracts/activities';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useNamed } from '../platform/named';
import { useFormat } from '../platform/format';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useActivities } from './activities.data';
import styles from './activities.module.css';
import { useDueWords } from './due-words';

/** What a member can do, what is to come, and what they did. */
export function ActivitiesPage() {
  const { t } = useTranslation();
  const { community } = usePlace().membership;
  useTitle(t('activities.title'), community.name);
  const activities = useActivities();
  const now = activities.data?.filter(isToDo) ?? [];
  const others = activities.data?.filter((card) => !isToDo(card)) ?? [];
  return (
    <div className={styles.page}>
      <Title order={1}>{t('activities.title')}</Title>
      <Text maw="65ch">{t('activities.lead')}</Text>
      {activities.isPending && <Loading lines={6} />}
      <Refusal error={activities.error} onRetry={() => void activities.refetch()} />
      {activities.data && !now.length && (
        <Nothing>{t(others.length ? 'activities.nothing' : 'activities.none')}</Nothing>
      )}
      <ul className={styles.list}>
        {now.map((card) => (
          <li key={card.id}>
            <Card card={card} />
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <section className={styles.part}>
          <Title order={2}>{t('activities.others')}</Title>
          <ul className={styles.list}>
            {others.map((card) => (
              <li key={card.id}>
                <Card card={card} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** Something can be sent to it, or has to be mended. */
export const isToDo = ({ mine, phase }: ActivityCard) =>
  mine.returned > 0 || ((phase === 'open' || phase === 'closing') && mine.entry !== null);

function Card({ card }: { card: ActivityCard }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const named = useNamed();
  const due = useDueWords();
  const { slug } = usePlace().membership.community;
  const state = useMineWords()(card);
  return (
    <article className={styles.card} data-todo={isToDo(card) || undefined}>
      <p className={styles.quiet}>{due(card)}</p>
      <h3 dir="auto">{card.title}</h3>
      <p dir="auto">{card.purpose}</p>
      <p className={styles.quiet}>
        {t('activities.hears', { who: named(card.decisionOwner), when: date(card.reportBackOn) })}
      </p>
      <div className={styles.row}>
        <Link
          to="/c/$slug/activities/$activityId"
          params={{ slug, activityId: card.id }}
          className={styles.go}
          data-first={isToDo(card) || undefined}
          aria-label={t('activities.goNamed', { go: t(`activities.go.${goOf(card)}`), title: card.title })}
        >
          {t(`activities.go.${goOf(card)}`)}
        </Link>
        {state && <span className={styles.state}>{state}</span>}
      </div>
    </article>
  );
}

const goOf = (card: ActivityCard) =>
  card.mine.returned ? 'mend' : isToDo(card) ? (card.mine.draft ? 'goOn' : 'begin') : 'look';

/** What is mine of it, in a few words. */
export function useMineWords() {
  const { t } = useTranslation();
  return ({ mine, diary, tasks }: ActivityCard): string => {
    if (mine.returned) return t('activities.returned');
    if (diary) return t('activities.entries', { sent: mine.sent, count: diary.entries });
    if (mine.sent) return t('activities.sent');
    return mine.draft ? t('activities.begun') : t('activities.tasks', { count: tasks });
  };
}
