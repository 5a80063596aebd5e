import { Text, Title } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Loading, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { usePlaceId } from './commons.data';
import shared from './commons.module.css';
import { Status } from './idea-words';
import { useProcess } from './ideas.data';
import styles from './ideas.module.css';

const MANY = 1_000;

/** The way of an idea in a place, step by step. */
export function ProcessPage() {
  const { t } = useTranslation();
  const { community } = usePlace().membership;
  const placeId = usePlaceId();
  const process = useProcess(placeId);
  // Whoever comes from an idea sees at which of them it is.
  const { hash } = useLocation();
  useTitle(t('ideas.process'), community.name);
  if (process.error && !process.data)
    return <Refusal error={process.error} onRetry={() => void process.refetch()} />;
  if (!process.data) return <Loading lines={8} />;
  const { place, stages } = process.data;
  const { slug } = community;
  return (
    <div className={shared.page}>
      <header className={shared.head}>
        <Link to="/c/$slug/ideas/$placeId" params={{ slug, placeId }} className={shared.link}>
          {place.title}
        </Link>
        <Title order={1}>{t('ideas.process')}</Title>
        <Text maw="65ch">{t('process.lead')}</Text>
      </header>
      <ol className={styles.way}>
        {stages.map(({ status, ideas, medianDays, latest }) => (
          <li
            key={status}
            id={status}
            data-none={!ideas || undefined}
            aria-current={hash === status ? 'step' : undefined}
          >
            <Status idea={{ status, on: null }} />
            {hash === status && <strong>{t('process.here')}</strong>}
            <p>
              {t(
                status === 'delivered' && place.kind === 'suggestions'
                  ? 'process.says.deliveredSmall'
                  : `process.says.${status}`,
              )}
            </p>
            <p className={shared.quiet}>
              {ideas < MANY ? t('ideas.count', { count: ideas }) : t('process.more', { count: ideas })}
              {medianDays !== null &&
                ` · ${t('process.days', { count: Math.max(1, Math.round(medianDays)) })}`}
            </p>
            {latest.length > 0 && (
              <ul className={styles.examples}>
                {latest.map(({ id, title }) => (
                  <li key={id}>
                    <Link
                      to="/c/$slug/ideas/idea/$ideaId"
                      params={{ slug, ideaId: id }}
                      className={shared.link}
                      dir="auto"
                    >
                      {title}
                    </Link>
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}
