import { Button, Text, Title } from '@mantine/core';
import type { ActivityOnDesk } from '@parley/contracts/activities';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useActivityDesk } from './activities.data';
import styles from './activities.module.css';

/** Every Activity with how far it is: drafts, what is open, what was. */
export function ActivitiesDesk() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { role, community } = usePlace().membership;
  useTitle(t('activityDesk.title'), community.name);
  const activities = useActivityDesk();
  const plans = role === 'producer' || role === 'manager';
  const begin = () =>
    navigate({
      to: '/c/$slug/activities/$activityId/edit',
      params: { slug: community.slug, activityId: crypto.randomUUID() },
    });
  return (
    <div className={styles.page}>
      <Title order={1}>{t('activityDesk.title')}</Title>
      <Text maw="65ch">{t('activityDesk.lead')}</Text>
      {plans && (
        <Button w="fit-content" onClick={() => void begin()}>
          {t('activityDesk.new')}
        </Button>
      )}
      {activities.isPending && <Loading lines={6} />}
      <Refusal error={activities.error} onRetry={() => void activities.refetch()} />
      {activities.data && !activities.data.length && <Nothing>{t('activityDesk.none')}</Nothing>}
      <ul className={styles.list}>
        {activities.data?.map((activity) => (
          <li key={activity.id}>
            <Card activity={activity} plans={plans} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Card({ activity, plans }: { activity: ActivityOnDesk; plans: boolean }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const { slug } = usePlace().membership.community;
  const { id, title, phase, body, people, begun, sent, submissions, toLookAt } = activity;
  const isDraft = phase === 'draft';
  const go = isDraft ? (plans ? 'edit' : null) : 'look';
  return (
    <article className={styles.card} data-todo={phase === 'open' || phase === 'closing' || undefined}>
      <p className={styles.quiet}>
        <strong>{t(`activityDesk.phase.${phase}`)}</strong>
        {body && ` · ${t('activityDesk.due', { when: moment(body.dueAt) })}`}
      </p>
      <h2 dir="auto">{title}</h2>
      {!isDraft && (
        <dl className={styles.counts}>
          <div>
            <dt>{t('activityDesk.people')}</dt>
            <dd>{people}</dd>
          </div>
          <div>
            <dt>{t('activityDesk.begun')}</dt>
            <dd>{begun}</dd>
          </div>
          <div>
            <dt>{t('activityDesk.sent')}</dt>
            <dd>{sent}</dd>
          </div>
          <div>
            <dt>{t('activityDesk.submissions')}</dt>
            <dd>{submissions}</dd>
          </div>
          <div>
            <dt>{t('activityDesk.toLookAt')}</dt>
            <dd>{toLookAt}</dd>
          </div>
        </dl>
      )}
      {go && (
        <Link
          to={go === 'edit' ? '/c/$slug/activities/$activityId/edit' : '/c/$slug/activities/$activityId'}
          params={{ slug, activityId: id }}
          className={styles.go}
          aria-label={t('activities.goNamed', { go: t(`activityDesk.go.${go}`), title })}
        >
          {t(`activityDesk.go.${go}`)}
        </Link>
      )}
    </article>
  );
}
