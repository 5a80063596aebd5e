import { Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../platform/place';
import { useActivities } from './activities.data';
import styles from './activities.module.css';
import { useDueWords } from './due-words';
import { isToDo, useMineWords } from './list-page';

const SHOWN = 3;

/** What a member can do now, on the page where they arrive; nothing where there is nothing. */
export function ToDo() {
  const { t } = useTranslation();
  const { slug } = usePlace().membership.community;
  const { data } = useActivities();
  const due = useDueWords();
  const mine = useMineWords();
  const open = data?.filter(isToDo) ?? [];
  if (!open.length) return null;
  return (
    <section className={styles.part} aria-label={t('activities.toDo')}>
      <Title order={2}>{t('activities.toDo')}</Title>
      <ul className={styles.strip}>
        {open.slice(0, SHOWN).map((card) => (
          <li key={card.id}>
            <Link
              to="/c/$slug/activities/$activityId"
              params={{ slug, activityId: card.id }}
              className={styles.stripCard}
            >
              <strong dir="auto">{card.title}</strong>
              <span>{due(card)}</span>
              <span>{mine(card)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {open.length > SHOWN && (
        <Link to="/c/$slug/activities" params={{ slug }} className={styles.link}>
          {t('activities.all', { count: open.length })}
        </Link>
      )}
    </section>
  );
}
