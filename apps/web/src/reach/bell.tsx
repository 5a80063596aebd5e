import IconBell from '@tabler/icons-react/dist/esm/icons/IconBell.mjs';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useUnread } from './reach.data';
import styles from './reach.module.css';

interface BellProps {
  communityId: string;
  slug: string;
  className: string | undefined;
}

/** The way to what one was told, with how much of it is unread. */
export function Bell({ communityId, slug, className }: BellProps) {
  const { t } = useTranslation();
  const unread = useUnread(communityId) ?? 0;
  const isMany = unread > 99;
  const label = isMany ? 'reach.bellMany' : unread ? 'reach.bellUnread' : 'reach.bell';
  return (
    <Link
      to="/c/$slug/notifications"
      params={{ slug }}
      className={className}
      aria-label={t(label, { count: unread })}
    >
      <IconBell size={22} aria-hidden />
      {unread > 0 && (
        <span className={styles.unread} aria-hidden="true">
          {isMany ? t('reach.many') : unread}
        </span>
      )}
    </Link>
  );
}
