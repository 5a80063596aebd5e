import { Title } from '@mantine/core';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import styles from './loop-desk.module.css';

const tabs = [
  ['/c/$slug/loop', 'reading'],
  ['/c/$slug/loop/updates', 'updates'],
  ['/c/$slug/loop/promises', 'promises'],
] as const;

/** The team's part of the loop: what was said, what is answered, and by when. */
export function LoopPage() {
  const { t } = useTranslation();
  const { name, slug } = usePlace().membership.community;
  useTitle(t('loopDesk.title'), name);
  const { pathname } = useLocation();
  const nav = useRef<HTMLElement>(null);
  // On a phone the parts may not fit beside each other: the one that is shown is in sight.
  useEffect(() => {
    nav.current
      ?.querySelector('[aria-current=page]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [pathname]);
  return (
    <div className={styles.desk}>
      <Title order={1}>{t('loopDesk.title')}</Title>
      <nav ref={nav} aria-label={t('loopDesk.parts')} className={styles.tabs}>
        {tabs.map(([to, part]) => (
          <Link
            key={part}
            to={to}
            params={{ slug }}
            activeOptions={{ exact: part === 'reading' }}
            className={styles.tab}
          >
            {t(`loopDesk.part.${part}`)}
          </Link>
        ))}
      </nav>
      <Outlet />
    </div>
  );
}
