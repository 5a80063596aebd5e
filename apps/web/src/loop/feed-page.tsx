import { Button, Text, Title } from '@mantine/core';
import type { PromiseCard, UpdateCard } from '@parley/contracts/loop';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { usePromises, useUpdates } from './feed.data';
import styles from './feed.module.css';
import { LoopRate } from './loop-rate';
import { StateLine, UpdateFoot, UpdateWords } from './update-words';
import { Verdict } from './verdict';

/** "What came of it": every Update that the reader may see, newest first, and how promises are kept. */
export function FeedPage() {
  const { t } = useTranslation();
  const { community } = usePlace().membership;
  const feed = useUpdates();
  const promises = usePromises();
  useTitle(t('feed.title'), community.name);
  const updates = feed.data?.pages.flatMap((page) => page.updates);
  const isQuoted = updates?.some(({ mine }) => mine.length > 0);
  return (
    <div className={styles.feed}>
      <header className={styles.head}>
        <Title order={1}>{t('feed.title')}</Title>
        {updates && updates.length > 0 && (
          <Text c="dimmed" maw="60ch">
            {t(isQuoted ? 'feed.lead' : 'feed.history')}
          </Text>
        )}
      </header>
      <aside className={styles.aside}>
        <Refusal error={promises.error} onRetry={() => void promises.refetch()} />
        {promises.data && <LoopRate rate={promises.data.rate} toPromises />}
      </aside>
      <div className={styles.column}>
        {feed.isPending && <Loading lines={6} />}
        {updates?.length === 0 && <Empty promises={promises.data?.promises} />}
        {updates && updates.length > 0 && (
          <ol className={styles.updates}>
            {updates.map((update) => (
              <li key={update.id}>
                <Card update={update} />
              </li>
            ))}
          </ol>
        )}
        <Refusal error={feed.error} onRetry={() => void (updates ? feed.fetchNextPage() : feed.refetch())} />
        {feed.hasNextPage && (
          <Button
            variant="default"
            className={styles.start}
            loading={feed.isFetchingNextPage}
            onClick={() => void feed.fetchNextPage()}
          >
            {t('feed.older')}
          </Button>
        )}
      </div>
    </div>
  );
}

function Card({ update }: { update: UpdateCard }) {
  const { t } = useTranslation();
  const { slug } = usePlace().membership.community;
  const params = { slug, updateId: update.id };
  return (
    <article className={styles.update} data-early={update.contributorsOnly || undefined}>
      <div className={styles.top}>
        <StateLine update={update} />
        <h2 dir="auto">
          <Link to="/c/$slug/updates/$updateId" params={params}>
            {update.title}
          </Link>
        </h2>
      </div>
      <UpdateWords update={update} />
      <Verdict update={update} />
      <UpdateFoot update={update} />
      <Link
        to="/c/$slug/updates/$updateId"
        params={params}
        className={styles.link}
        aria-label={t('feed.readAllNamed', { title: update.title })}
      >
        {t('feed.readAll')}
      </Link>
    </article>
  );
}

/** A new community: what will stand here, and when it begins. */
function Empty({ promises }: { promises: PromiseCard[] | undefined }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const open = promises?.filter(({ endedAt }) => endedAt === null);
  const next = open?.find(({ status }) => status !== 'late') ?? open?.[0];
  return (
    <>
      <Nothing>{t('feed.none')}</Nothing>
      {next && (
        <Text maw="60ch">{t('feed.noneFirst', { date: date(next.dueOn), title: next.space.title })}</Text>
      )}
    </>
  );
}
