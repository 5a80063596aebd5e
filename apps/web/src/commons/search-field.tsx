import { TextInput } from '@mantine/core';
import type { Found } from '@parley/contracts/commons';
import { Link, linkOptions } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useSearch } from './commons.data';
import styles from './commons.module.css';

/** Finds what was said, and what came of it. */
export function SearchField() {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const asked = useDeferredValue(words);
  const found = useSearch(asked);
  const isAsked = asked.trim().length >= 2;
  return (
    <search className={styles.search}>
      <TextInput
        type="search"
        label={t('search.label')}
        maxLength={100}
        value={words}
        onChange={({ currentTarget }) => setWords(currentTarget.value)}
      />
      <p role="status" className={styles.quiet}>
        {isAsked && found.data && t('search.count', { count: found.data.length })}
      </p>
      <Refusal error={isAsked ? found.error : null} />
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
        {t(`search.kind.${one.kind}`)} · {one.author} · {date(one.at.slice(0, 10))}
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
    case 'place':
      return linkOptions({ to: '/c/$slug/ideas/$placeId/context', params: { slug, placeId: of } });
    case 'group':
      return linkOptions({ to: '/c/$slug/groups/$groupId', params: { slug, groupId: of } });
    case 'session':
      return linkOptions({ to: '/c/$slug/sessions/$sessionId', params: { slug, sessionId: of } });
  }
}
