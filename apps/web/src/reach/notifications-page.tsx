import { Button, Title } from '@mantine/core';
import type { Notification } from '@parley/contracts/reach';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { pageOf, useNotificationWords } from './notification-words';
import { PreferencesForm } from './preferences-form';
import { useMarkRead, useNotifications, useUnread } from './reach.data';
import styles from './reach.module.css';

/** What I was told, newest first; below it how I am reached. */
export function NotificationsPage() {
  const { t } = useTranslation();
  const { community } = usePlace().membership;
  const list = useNotifications(community.id);
  const markRead = useMarkRead(community.id);
  const unread = useUnread(community.id) ?? 0;
  useTitle(t('reach.title'), community.name);
  const all = list.data?.pages.flatMap((page) => page.notifications);
  return (
    <div className={styles.page}>
      <section className={styles.part} aria-labelledby="told">
        <div className={styles.top}>
          <Title order={1} id="told">
            {t('reach.title')}
          </Title>
          <div className={styles.row}>
            <span role="status" className={styles.small}>
              {unread > 0 && t('reach.unread', { count: unread })}
            </span>
            {unread > 0 && (
              <Button variant="default" onClick={() => markRead.mutate(undefined)}>
                {t('reach.readAll')}
              </Button>
            )}
          </div>
        </div>
        {list.isPending && <Loading lines={5} />}
        {all?.length === 0 && <Nothing>{t('reach.none')}</Nothing>}
        {all && all.length > 0 && (
          <ul className={styles.list}>
            {all.map((one) => (
              <li key={one.id}>
                <One notification={one} opened={() => !one.read && markRead.mutate([one.id])} />
              </li>
            ))}
          </ul>
        )}
        <Refusal error={list.error ?? markRead.error} onRetry={() => void list.refetch()} />
        {list.hasNextPage && (
          <Button
            variant="default"
            className={styles.start}
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t('reach.older')}
          </Button>
        )}
      </section>
      <PreferencesForm />
    </div>
  );
}

function One({ notification, opened }: { notification: Notification; opened: () => void }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const { slug } = usePlace().membership.community;
  const words = useNotificationWords();
  const { at, read, data } = notification;
  // What happened to one's words is told with one's words; the rest is on the page that it leads to.
  const isAboutWords = notification.kind !== 'promiseMoved';
  return (
    <article className={styles.one} data-unread={!read || undefined}>
      <p className={styles.line}>
        {!read && <span className={styles.new}>{t('reach.new')}</span>}
        <Link {...pageOf(notification, slug)} onClick={opened} dir="auto">
          {words(notification)}
        </Link>
      </p>
      {isAboutWords && data.words && (
        <figure className={styles.quote}>
          <figcaption>{t('reach.youWrote')}</figcaption>
          <blockquote dir="auto">{data.words}</blockquote>
        </figure>
      )}
      {data.reason && <p dir="auto">{t('reach.reason', { reason: data.reason })}</p>}
      {data.note && <p dir="auto">{data.note}</p>}
      <p className={styles.small}>
        <span>{moment(at)}</span>
        {!!data.others && <span>{t('reach.others', { count: data.others })}</span>}
      </p>
    </article>
  );
}
