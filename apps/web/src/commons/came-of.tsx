import type { OutputOf } from '@parley/contracts/contract';
import type { readTopic } from '@parley/contracts/commons';
import { Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { usePlace } from '../platform/place';
import styles from './commons.module.css';

/** What came of a topic or an idea, where it was said. */
export function CameOf({ updates }: Pick<OutputOf<typeof readTopic>, 'updates'>) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { slug } = usePlace().membership.community;
  if (!updates.length) return null;
  return (
    <section className={styles.solution} aria-labelledby="came">
      <Title order={2} size="h4" id="came">
        {t('talk.came')}
      </Title>
      <ul>
        {updates.map(({ id, title, at }) => (
          <li key={id}>
            <Link to="/c/$slug/updates/$updateId" params={{ slug, updateId: id }} className={styles.link}>
              <span dir="auto">{title}</span>
            </Link>{' '}
            <span className={styles.quiet}>{date(at.slice(0, 10))}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
