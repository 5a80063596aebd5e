import { Title } from '@mantine/core';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import styles from './desk.module.css';

const tabs = [
  ['/c/$slug/door', 'overview'],
  ['/c/$slug/door/invitations', 'invitations'],
  ['/c/$slug/door/screener', 'screener'],
  ['/c/$slug/door/quotas', 'quotas'],
  ['/c/$slug/door/waiting', 'waiting'],
] as const;

/** The manager's desk of the door: what stands on it, and the way between its parts. */
export function DeskPage() {
  const { t } = useTranslation();
  const { name, slug } = usePlace().membership.community;
  useTitle(t('desk.title'), name);
  const { pathname } = useLocation();
  const nav = useRef<HTMLElement>(null);
  // On a phone the parts do not fit beside each other: the one that is shown is in sight.
  useEffect(() => {
    nav.current
      ?.querySelector('[aria-current=page]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [pathname]);
  return (
    <div className={styles.desk}>
      <Title order={1}>{t('desk.title')}</Title>
      <nav ref={nav} aria-label={t('desk.parts')} className={styles.tabs}>
        {tabs.map(([to, part]) => (
          <Link
            key={part}
            to={to}
            params={{ slug }}
            activeOptions={{ exact: true, includeSearch: false }}
            className={styles.tab}
          >
            {t(`desk.part.${part}`)}
          </Link>
        ))}
      </nav>
      <Outlet />
    </div>
  );
}
