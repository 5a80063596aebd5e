import { Button, Text, Textarea, TextInput, Title } from '@mantine/core';
import { everybody, openPlace, type Place, TOPICS_MANY } from '@parley/contracts/commons';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { useNamed } from '../platform/named';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { ForWhom } from './idea-words';
import { AudienceFields } from './open-ideas-form';
import { useOpenPlace, usePlaces } from './commons.data';
import styles from './commons.module.css';

/** Where members talk between Sessions. */
export function TalkPage() {
  const { t } = useTranslation();
  const { role, community } = usePlace().membership;
  useTitle(t('talk.title'), community.name);
  const places = usePlaces();
  const all = places.data?.filter(({ kind }) => kind === 'discussion' || kind === 'group');
  const [opens, setOpens] = useState(false);
  return (
    <div className={styles.page}>
      <Title order={1}>{t('talk.title')}</Title>
      <Text maw="65ch">{t('talk.lead')}</Text>
      <Link to="/c/$slug/groups" params={{ slug: community.slug }} className={styles.link}>
        {t('groups.fromTalk')}
      </Link>
      {places.isPending && <Loading lines={6} />}
      <Refusal error={places.error} onRetry={() => void places.refetch()} />
      {all && !all.length && <Nothing>{t('talk.none')}</Nothing>}
      <ul className={styles.list}>
        {all?.map((place) => (
          <li key={place.id}>
            <Card place={place} />
          </li>
        ))}
      </ul>
      {(role === 'producer' || role === 'manager') &&
        (opens ? (
          <OpenForm onDone={() => setOpens(false)} />
        ) : (
          <Button variant="default" w="fit-content" onClick={() => setOpens(true)}>
            {t('talk.open')}
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
    <article className={styles.card}>
      <h2 dir="auto">
        <Link to="/c/$slug/talk/$placeId" params={{ slug, placeId: place.id }} className={styles.title}>
          {place.title}
        </Link>
      </h2>
      <p dir="auto">{place.purpose}</p>
      <ForWhom audience={place.audience} />
      <p className={styles.quiet}>
        {t(place.topics < TOPICS_MANY ? 'talk.topics' : 'talk.manyTopics', { count: place.topics })}
        {place.unread > 0 && <strong> · {t('talk.unread', { count: place.unread })}</strong>}
        {place.lastAt && ` · ${t('talk.last', { when: date(place.lastAt.slice(0, 10)) })}`}
      </p>
      <p className={styles.quiet}>
        {t('activities.hears', { who: named(place.decisionOwner), when: date(place.reportBackOn) })}
      </p>
    </article>
  );
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

function OpenForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const open = useOpenPlace();
  const [placeId] = useState(() => crypto.randomUUID());
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const [audience, setAudience] = useState(everybody);
  const [form, setForm] = useState({
    ...{ title: '', purpose: '', decision: '', ownerName: '', ownerTitle: '', reportBackOn: inDays(90) },
  });
  const field = (name: keyof typeof form) => ({
    label: t(`plan.act.${name}`),
    value: form[name],
    dir: 'auto' as const,
    error: wrong.has(name) ? t(`plan.act.${name}.takes`) : undefined,
    onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) =>
      setForm((now) => ({ ...now, [name]: value })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { ownerName, ownerTitle, ...rest } = form;
    const input = {
      ...rest,
      placeId,
      audience,
      decisionOwner: { name: ownerName, title: ownerTitle },
      informsOnly: false,
    };
    const checked = openPlace.input.omit({ communityId: true }).safeParse(input);
    const paths = checked.success ? [] : checked.error.issues.map(({ path }) => path.join('.'));
    setWrong(
      new Set(
        paths.map((path) =>
          path.replace('decisionOwner.name', 'ownerName').replace('decisionOwner.title', 'ownerTitle'),
        ),
      ),
    );
    if (checked.success) open.mutate(input, { onSuccess: onDone });
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate aria-label={t('talk.open')}>
      <Title order={2}>{t('talk.open')}</Title>
      <TextInput {...field('title')} maxLength={120} />
      <Textarea {...field('purpose')} maxLength={500} autosize minRows={2} />
      <Textarea {...field('decision')} maxLength={500} autosize minRows={2} />
      <TextInput {...field('ownerName')} maxLength={80} />
      <TextInput {...field('ownerTitle')} maxLength={80} />
      <TextInput {...field('reportBackOn')} type="date" />
      <AudienceFields audience={audience} onChange={setAudience} />
      <Refusal error={open.error} />
      <div className={styles.row}>
        <Button type="submit" loading={open.isPending}>
          {t('talk.openNow')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('activity.cancel')}
        </Button>
      </div>
    </form>
  );
}
