import { Text, TextInput, Title } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import type { Found } from '@parley/contracts/commons';
import { Link, linkOptions, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useFound } from './commons.data';
import styles from './commons.module.css';

/** Whatever one may see, by its words: what was said, where, and what came of it. What is looked for stands in the address. */
export function SearchPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { slug, name } = usePlace().membership.community;
  const { words: asked = '' } = useLocation().search;
  const [words, setWords] = useState(asked);
  const sent = useRef(asked);
  const ask = useDebouncedCallback((value: string) => {
    sent.current = value;
    void navigate({
      ...{ to: '/c/$slug/search', params: { slug }, replace: true },
      search: value ? { words: value } : {},
    });
  }, 250);
  // The address may change by another hand: by the way to the search in the header, or back.
  const follow = useEffectEvent((value: string) => {
    if (value === sent.current) return;
    sent.current = value;
    setWords(value);
  });
  useEffect(() => follow(asked), [asked]);
  const found = useFound(asked);
  const isAsked = asked.trim().length >= 2;
  useTitle(t('search.title'), name);
  return (
    <search className={styles.page}>
      <Title order={1}>{t('search.title')}</Title>
      <Text maw="65ch">{t('search.how')}</Text>
      <TextInput
        type="search"
        label={t('search.label')}
        maxLength={100}
        autoFocus
        value={words}
        onChange={({ currentTarget: { value } }) => {
          setWords(value);
          ask(value);
        }}
      />
      <p role="status" className={styles.quiet}>
        {isAsked && found.data && t('search.count', { count: found.data.length })}
      </p>
      <Refusal error={isAsked ? found.error : null} />
      {isAsked && found.data?.length === 0 && <Nothing>{t('search.none')}</Nothing>}
      {isAsked && !!found.data?.length && (
        <ul className={styles.list}>
          {found.data.map((one) => (
            <li key={one.id} className={styles.found}>
              <Hit one={one} />
            </li>
          ))}
        </ul>
      )}
    </search>
  );
}

function Hit({ one }: { one: Found }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { slug } = usePlace().membership.community;
  return (
    <>
      <Link {...pageOf(one, slug)} className={styles.title} dir="auto">
        {one.title}
      </Link>
      <p dir="auto">
        {one.excerpt.split(/[«»]/).map((part, at) => (at % 2 ? <mark key={at}>{part}</mark> : part))}
      </p>
      <p className={styles.quiet}>
        {[t(`search.kind.${one.kind}`), one.author, date(one.at.slice(0, 10))].filter(Boolean).join(' · ')}
      </p>
    </>
  );
}

function pageOf({ on, of }: Found, slug: string) {
  switch (on) {
    case 'update':
      return linkOptions({ to: '/c/$slug/updates/$updateId', params: { slug, updateId: of } });
    case 'topic':
      return linkOptions({ to: '/c/$slug/talk/topics/$topicId', params: { slug, topicId: of } });
    case 'idea':
      return linkOptions({ to: '/c/$slug/ideas/idea/$ideaId', params: { slug, ideaId: of } });
    case 'cards':
      return linkOptions({ to: '/c/$slug/ideas/$placeId/context', params: { slug, placeId: of } });
    case 'talk':
      return linkOptions({ to: '/c/$slug/talk/$placeId', params: { slug, placeId: of } });
    case 'ideas':
      return linkOptions({ to: '/c/$slug/ideas/$placeId', params: { slug, placeId: of } });
    case 'activity':
      return linkOptions({ to: '/c/$slug/activities/$activityId', params: { slug, activityId: of } });
    case 'group':
      return linkOptions({ to: '/c/$slug/groups/$groupId', params: { slug, groupId: of } });
    case 'session':
      return linkOptions({ to: '/c/$slug/sessions/$sessionId', params: { slug, sessionId: of } });
  }
}
