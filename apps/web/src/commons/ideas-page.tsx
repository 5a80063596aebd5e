import { Button, Text, Title } from '@mantine/core';
import type { Place } from '@parley/contracts/commons';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { useNamed } from '../platform/named';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { usePlaces } from './commons.data';
import shared from './commons.module.css';
import { ForWhom, kindOf } from './idea-words';
import styles from './ideas.module.css';
import { OpenIdeasForm } from './open-ideas-form';

/** Where ideas are asked for. */
export function IdeasPage() {
  const { t } = useTranslation();
  const { role, community } = usePlace().membership;
  useTitle(t('ideas.title'), community.name);
  const places = usePlaces();
  const [opens, setOpens] = useState(false);
  const all = places.data?.filter(({ kind }) => kind !== 'discussion' && kind !== 'group');
  return (
    <div className={shared.page}>
      <Title order={1}>{t('ideas.title')}</Title>
      <Text maw="65ch">{t('ideas.lead')}</Text>
      {role !== 'member' && (
        <Link to="/c/$slug/ideas/desk" params={{ slug: community.slug }} className={shared.link}>
          {t('ideas.desk')}
        </Link>
      )}
      {places.isPending && <Loading lines={6} />}
      <Refusal error={places.error} onRetry={() => void places.refetch()} />
      {all && !all.length && <Nothing>{t('ideas.none')}</Nothing>}
      <ul className={shared.list}>
        {all?.map((place) => (
          <li key={place.id}>
            <Card place={place} />
          </li>
        ))}
      </ul>
      {(role === 'producer' || role === 'manager') &&
        (opens ? (
          <OpenIdeasForm onDone={() => setOpens(false)} />
        ) : (
          <Button variant="default" w="fit-content" onClick={() => setOpens(true)}>
            {t('open.challenge')}
          </Button>
        ))}
    </div>
  );
}

function Card({ place }: { place: Place }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const named = useNamed();
  const { slug } = usePlace().membership.community;
  return (
    <article className={shared.card}>
      <p className={styles.kind}>{t(`ideas.kind.${kindOf(place)}`)}</p>
      <h2 dir="auto">
        <Link to="/c/$slug/ideas/$placeId" params={{ slug, placeId: place.id }} className={shared.title}>
          {place.title}
        </Link>
      </h2>
      <p dir="auto">{place.purpose}</p>
      <ForWhom audience={place.audience} />
      <p className={shared.quiet}>
        {t('ideas.count', { count: place.topics })}
        {place.unread > 0 && <strong> · {t('talk.unread', { count: place.unread })}</strong>}
      </p>
      <p className={shared.quiet}>
        {t('activities.hears', { who: named(place.decisionOwner), when: date(place.reportBackOn) })}
      </p>
    </article>
  );
}
