import { Text } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../platform/place';
import styles from './frame.module.css';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The person has just come in for the first time. */
    isNew?: boolean;
  }
}

/** For somebody who has just come in: where they are, and what has come of what others said. */
export function Welcome() {
  const { t } = useTranslation();
  const { community, handle } = usePlace().membership;
  const isNew = useLocation({ select: ({ state }) => state.isNew });
  return isNew ? (
    <Text role="status" className={styles.welcome}>
      {t('door.welcome', { name: handle, community: community.name })}{' '}
      <Link to="/c/$slug/updates" params={{ slug: community.slug }}>
        {t('door.welcomeHistory')}
      </Link>
    </Text>
  ) : null;
}
