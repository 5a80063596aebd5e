import { Button, NativeSelect, Text, Title } from '@mantine/core';
import type { Impact, ImpactItem } from '@parley/contracts/loop';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFateWords } from '../platform/fate-words';
import { useFormat } from '../platform/format';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useImpact } from './feed.data';
import styles from './feed.module.css';

/** What I said, where it went, and what it changed. */
export function ImpactPage() {
  const { t } = useTranslation();
  const { community } = usePlace().membership;
  const [spaceId, setSpaceId] = useState('');
  const everywhere = useImpact('');
  const chosen = useImpact(spaceId);
  useTitle(t('impact.title'), community.name);
  const counts = everywhere.data?.pages[0];
  const items = chosen.data?.pages.flatMap((page) => page.items);
  return (
    <div className={styles.whole}>
      <header className={styles.head}>
        <Title order={1}>{t('impact.title')}</Title>
        <Text c="dimmed" maw="60ch">
          {t('impact.lead')}
        </Text>
      </header>
      {chosen.isPending && <Loading lines={6} />}
      {counts && <Counts impact={counts} />}
      {counts?.said === 0 && <Nothing>{t('impact.none')}</Nothing>}
      {counts && counts.spaces.length > 1 && (
        <NativeSelect
          size="md"
          maw="26rem"
          label={t('impact.where')}
          value={spaceId}
          onChange={({ currentTarget }) => setSpaceId(currentTarget.value)}
          data={[
            { value: '', label: t('impact.everywhere') },
            ...counts.spaces.map(({ id, title }) => ({ value: id, label: title })),
          ]}
        />
      )}
      {items && items.length > 0 && (
        <ul className={styles.items} aria-busy={chosen.isPlaceholderData}>
          {items.map((item) => (
            <li key={item.id}>
              <Item item={item} />
            </li>
          ))}
        </ul>
      )}
      {spaceId && items?.length === 0 && <Nothing>{t('impact.noneHere')}</Nothing>}
      <Refusal error={chosen.error} onRetry={() => void chosen.refetch()} />
      {chosen.hasNextPage && (
        <Button
          variant="default"
          className={styles.start}
          loading={chosen.isFetchingNextPage}
          onClick={() => void chosen.fetchNextPage()}
        >
          {t('impact.older')}
        </Button>
      )}
    </div>
  );
}

/** Only what was measured: a zero would say nothing. */
function Counts({ impact }: { impact: Impact }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const shown = (['said', 'read', 'answered', 'changed'] as const).filter((what) => impact[what] > 0);
  if (!shown.length) return null;
  return (
    <dl className={styles.counts}>
      {shown.map((what) => (
        <div key={what}>
          <dt>{t(`impact.${what}`, { count: impact[what] })}</dt>
          <dd>{number(impact[what])}</dd>
        </div>
      ))}
    </dl>
  );
}

function Item({ item }: { item: ImpactItem }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { slug } = usePlace().membership.community;
  const { step, next, state } = useFateWords();
  const words = item.body.length > 60 ? `${item.body.slice(0, 59)}…` : item.body;
  return (
    <article className={styles.item}>
      <p className={styles.itemWords} dir="auto">
        {item.body}
      </p>
      <p className={styles.small}>
        <span>{t(`impact.${item.type}`, { date: date(item.at) })}</span>
        <span dir="auto">{item.space.title}</span>
      </p>
      <div className={styles.way}>
        <p>
          <span className={styles.state} data-moderation={item.moderation} data-loop={item.loop}>
            {state(item)}
          </span>
        </p>
        <p>{step(item.latest)}</p>
        <p className={styles.next}>{next(item.next)}</p>
      </div>
      {item.updates.length > 0 && (
        <p className={styles.answers}>
          <span className={styles.label}>{t('impact.cameOf')}</span>
          {item.updates.map(({ id, title }) => (
            <Link
              key={id}
              to="/c/$slug/updates/$updateId"
              params={{ slug, updateId: id }}
              className={styles.link}
            >
              {title}
            </Link>
          ))}
        </p>
      )}
      <Link
        to="/c/$slug/impact/$contributionId"
        params={{ slug, contributionId: item.id }}
        className={styles.link}
        aria-label={t('impact.receiptNamed', { words })}
      >
        {t('impact.receipt')}
      </Link>
    </article>
  );
}
