import { Button, Text } from '@mantine/core';
import type { Evidence as Words, UpdateCard } from '@parley/contracts/loop';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading } from '../platform/page';
import { Refusal } from '../platform/refusal';
import { useEvidence } from './feed.data';
import styles from './feed.module.css';

/** The words that an Update answers, opened on demand: others' as far as they agreed, the rest counted. */
export function Evidence({ update }: { update: UpdateCard }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <section className={styles.section}>
      <h2>{t('updatePage.evidence')}</h2>
      <Button
        variant="default"
        className={styles.start}
        aria-expanded={isOpen}
        aria-controls="evidence"
        onClick={() => setOpen(!isOpen)}
      >
        {isOpen
          ? t('updatePage.evidenceClose')
          : t('updatePage.evidenceOpen', { count: update.contributions })}
      </Button>
      <div id="evidence">{isOpen && <Opened updateId={update.id} />}</div>
    </section>
  );
}

function Opened({ updateId }: { updateId: string }) {
  const { t } = useTranslation();
  const evidence = useEvidence(updateId);
  const pages = evidence.data?.pages;
  const unseen = pages?.[0]?.unseen ?? 0;
  return (
    <div className={styles.section}>
      {evidence.isPending && <Loading />}
      {pages && (
        <>
          <Text size="sm" c="dimmed">
            {t('updatePage.evidenceHow')}
          </Text>
          <ul className={styles.words}>
            {pages
              .flatMap((page) => page.evidence)
              .map((words) => (
                <li key={words.contributionId}>
                  <One words={words} />
                </li>
              ))}
          </ul>
        </>
      )}
      <Refusal error={evidence.error} onRetry={() => void evidence.refetch()} />
      {evidence.hasNextPage && (
        <Button
          variant="default"
          className={styles.start}
          loading={evidence.isFetchingNextPage}
          onClick={() => void evidence.fetchNextPage()}
        >
          {t('updatePage.moreWords')}
        </Button>
      )}
      {unseen > 0 && <Text>{t('updatePage.unseen', { count: unseen })}</Text>}
    </div>
  );
}

function One({ words }: { words: Words }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const who = words.mine ? t('updatePage.mine') : (words.handle ?? t('updatePage.another'));
  return (
    <figure className={styles.quote} data-mine={words.mine || undefined}>
      <blockquote dir="auto">{words.words}</blockquote>
      <figcaption>
        <strong>{who}</strong>
        {words.space && <span dir="auto">{words.space.title}</span>}
        <span>{date(words.at)}</span>
        {words.theme && <span>{t('updatePage.inTheme', { theme: words.theme })}</span>}
      </figcaption>
    </figure>
  );
}
