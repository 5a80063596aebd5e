import { Button, Group, NativeSelect, Text, Title } from '@mantine/core';
import type { UpdateDraft } from '@parley/contracts/loop';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useEvidence } from './feed.data';
import { useLink, useThemes } from './loop-desk.data';
import styles from './loop-desk.module.css';

interface UpdateEvidenceProps {
  updateId: string;
  draft: UpdateDraft | undefined;
  /** How much is to be linked as soon as it is saved for the first time. */
  waiting: number;
  mayChange: boolean;
}

/** What an Update answers: themes and single contributions. Whoever wrote one of them hears first. */
export function UpdateEvidence({ updateId, draft, waiting, mayChange }: UpdateEvidenceProps) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { slug } = usePlace().membership.community;
  const themes = useThemes();
  const evidence = useEvidence(updateId, draft !== undefined);
  const link = useLink();
  const [themeId, setThemeId] = useState('');
  const isRemoving = (id: string) =>
    link.isPending &&
    link.variables.remove === true &&
    [...(link.variables.themeIds ?? []), ...(link.variables.contributionIds ?? [])].includes(id);
  const linked = new Set(draft?.themes.map(({ id }) => id));
  const open = (themes.data ?? []).filter(({ id }) => !linked.has(id));
  const words = evidence.data?.pages.flatMap((page) => page.evidence) ?? [];
  return (
    <section className={styles.part} aria-labelledby="evidence">
      <Title order={2} id="evidence">
        {t('editor.evidence')}
      </Title>
      <Text role="status">
        {draft
          ? draft.contributions
            ? t('editor.evidenceOf', {
                said: t('editor.contributions', { count: draft.contributions }),
                people: t('reading.themeMembers', { count: draft.contributors }),
              })
            : t('editor.evidenceNone')
          : waiting
            ? t('editor.evidenceWaits', { count: waiting })
            : t('editor.evidenceFirst')}
      </Text>
      {draft && mayChange && (
        <Group gap="sm" align="flex-end">
          <NativeSelect
            label={t('editor.linkTheme')}
            value={themeId}
            data={[
              { value: '', label: t('editor.chooseTheme') },
              ...open.map(({ id, label, contributions }) => ({
                value: id,
                label: `${label} (${contributions})`,
              })),
            ]}
            onChange={(event) => setThemeId(event.currentTarget.value)}
          />
          <Button
            variant="default"
            disabled={!themeId}
            loading={link.isPending && !link.variables.remove}
            onClick={() =>
              link.mutate({ updateId, themeIds: [themeId] }, { onSuccess: () => setThemeId('') })
            }
          >
            {t('editor.linkIt')}
          </Button>
          <Link to="/c/$slug/loop" params={{ slug }} className={styles.link}>
            {t('editor.fromReading')}
          </Link>
        </Group>
      )}
      <Refusal error={link.error} />
      <Refusal error={themes.error} onRetry={() => void themes.refetch()} />
      {draft && draft.themes.length > 0 && (
        <ul className={styles.rows}>
          {draft.themes.map(({ id, label, contributions }) => (
            <li key={id} className={styles.linked}>
              <Text>
                <strong dir="auto">{label}</strong>{' '}
                <span className={styles.small}>{t('reading.themeCount', { count: contributions })}</span>
              </Text>
              {mayChange && (
                <Button
                  variant="subtle"
                  color="gray"
                  aria-label={t('editor.removeNamed', { what: label })}
                  loading={isRemoving(id)}
                  onClick={() => link.mutate({ updateId, themeIds: [id], remove: true })}
                >
                  {t('editor.remove')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {words.length > 0 && (
        <details open={words.length <= 6}>
          <summary className={styles.link}>{t('editor.words')}</summary>
          <ul className={styles.rows}>
            {words.map(({ contributionId, words: said, at, theme, space }) => (
              <li key={contributionId} className={styles.linked}>
                <div className={styles.linkedWords}>
                  <p className={styles.evidenceWords} dir="auto">
                    {said}
                  </p>
                  <Text className={styles.small}>
                    {[date(at), space?.title, theme && t('editor.throughTheme', { theme })]
                      .filter(Boolean)
                      .join(' · ')}
                  </Text>
                </div>
                {mayChange && !theme && (
                  <Button
                    variant="subtle"
                    color="gray"
                    aria-label={t('editor.removeNamed', { what: said.slice(0, 60) })}
                    loading={isRemoving(contributionId)}
                    onClick={() => link.mutate({ updateId, contributionIds: [contributionId], remove: true })}
                  >
                    {t('editor.remove')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
          {evidence.hasNextPage && (
            <Button
              variant="default"
              loading={evidence.isFetchingNextPage}
              onClick={() => void evidence.fetchNextPage()}
            >
              {t('reading.more')}
            </Button>
          )}
        </details>
      )}
      <Refusal error={evidence.error} />
    </section>
  );
}
