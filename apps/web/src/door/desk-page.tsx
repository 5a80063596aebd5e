import { Title } from '@mantine/core';
import { Link, Outlet } from '@tanstack/react-router';
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
  return (
    <div className={styles.desk}>
      <Title order={1}>{t('desk.title')}</Title>
      <nav aria-label={t('desk.parts')} className={styles.tabs}>
        {tabs.map(([to, part]) => (
          <Link key={part} to={to} params={{ slug }} activeOptions={{ exact: true }} className={styles.tab}>
            {t(`desk.part.${part}`)}
          </Link>
        ))}
      </nav>
      <Outlet />
    </div>
  );
}
