import { Button, Text } from '@mantine/core';
import type { Author, Comment, Edited } from '@parley/contracts/contributions';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clock, useFormat } from '../platform/format';
import { Nothing } from '../platform/page';
import styles from './live.module.css';

/** Who wrote: the reader as "you", members by handle, the team by name and role. */
export function Byline({ author, me }: { author: Author; me?: string | undefined }) {
  const { t } = useTranslation();
  if (author.memberId === me) return <strong>{t('words.you')}</strong>;
  return (
    <strong>
      {author.handle}
      {author.role !== 'member' && <span className={styles.role}>{t(`role.${author.role}`)}</span>}
    </strong>
  );
}

/** Says where words are no longer quite those that were sent. */
export function EditedMark({ edited }: { edited?: Edited | null | undefined }) {
  const { t } = useTranslation();
  return edited ? <span className={styles.edited}>{t(`words.edited.${edited}`)}</span> : null;
}

interface WordsProps {
  /** Oldest first, as they are kept. */
  comments: readonly Comment[];
  /** The reader's own member id. */
  me?: string | undefined;
  /** How many are shown at first. */
  first?: number;
  large?: boolean;
  /** Cues whose seconds are those of a video; without it seconds are not shown. */
  hasSeconds?: (cueId: string) => boolean;
  /** What is said when there are none. */
  none: string;
}

/** Comments, newest first. */
export function Words({ comments, me, first = 20, large, hasSeconds, none }: WordsProps) {
  const { t } = useTranslation();
  const { time } = useFormat();
  const [all, setAll] = useState(false);
  const newest = comments.toReversed();
  const shown = all ? newest : newest.slice(0, first);
  if (!newest.length) return <Nothing>{none}</Nothing>;
  return (
    <>
      <ul className={styles.words} data-large={large || undefined}>
        {shown.map((comment) => (
          <li key={comment.id}>
            <p dir="auto">{comment.body}</p>
            <Text size="sm" c="dimmed" component="div">
              <Byline author={comment.author} me={me} />
              <span>
                {comment.cueId && comment.second !== null && hasSeconds?.(comment.cueId)
                  ? t('words.atSecond', { clock: clock(comment.second) })
                  : time(comment.at)}
              </span>
              <EditedMark edited={comment.edited} />
            </Text>
          </li>
        ))}
      </ul>
      {newest.length > shown.length && (
        <Button variant="default" onClick={() => setAll(true)}>
          {t('words.older', { count: newest.length - shown.length })}
        </Button>
      )}
    </>
  );
}
