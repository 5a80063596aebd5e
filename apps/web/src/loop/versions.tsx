import type { UpdatePage } from '@parley/contracts/loop';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import styles from './feed.module.css';

/** What an Update said before each correction, and what was wrong with it. */
export function Versions({ versions }: Pick<UpdatePage, 'versions'>) {
  const { t } = useTranslation();
  const { date } = useFormat();
  if (!versions.length) return null;
  return (
    <section className={styles.section} aria-labelledby="versions">
      <h2 id="versions">{t('updatePage.history')}</h2>
      <ol className={styles.history}>
        {versions.map((before) => (
          <li key={before.version}>
            <p className={styles.small}>{t('updatePage.correctedOn', { date: date(before.at) })}</p>
            <p dir="auto">{before.note}</p>
            <details className={styles.details}>
              <summary>{t('updatePage.didSay')}</summary>
              <div className={styles.formerly}>
                <p dir="auto">
                  <strong>{before.title}</strong>
                </p>
                {[before.youSaid, before.weDid, before.because].map(
                  (words, part) =>
                    words && (
                      <p key={part} dir="auto">
                        {words}
                      </p>
                    ),
                )}
                <p className={styles.small}>{t(`fate.outcome.${before.outcome}`)}</p>
              </div>
            </details>
          </li>
        ))}
      </ol>
    </section>
  );
}
