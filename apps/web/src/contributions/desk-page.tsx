import { Title } from '@mantine/core';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import styles from './desk.module.css';

const parts = [
  ['/c/$slug/desk', 'held'],
  ['/c/$slug/desk/log', 'log'],
  ['/c/$slug/desk/rules', 'rules'],
] as const;

/** The moderators' desk: what waits on it, and the way between its parts. */
export function DeskPage() {
  const { t } = useTranslation();
  const { name, slug } = usePlace().membership.community;
  useTitle(t('moderate.title'), name);
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
      <Title order={1}>{t('moderate.title')}</Title>
      <nav ref={nav} aria-label={t('moderate.parts')} className={styles.tabs}>
        {parts.map(([to, part]) => (
          <Link key={part} to={to} params={{ slug }} activeOptions={{ exact: true }} className={styles.tab}>
            {t(`moderate.part.${part}`)}
          </Link>
        ))}
      </nav>
      <Outlet />
    </div>
  );
}
