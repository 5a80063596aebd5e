import { Button, Kbd, Text } from '@mantine/core';
import type { DeskItem } from '@parley/contracts/moderation';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AttachedTo } from '../platform/attaching';
import { useFormat } from '../platform/format';
import { useNamed } from '../platform/named';
import { type Barrier, keys, type Wish, wishesFor } from './desk-keys';
import { useClockWords } from './clock-words';
import { useReasonWords } from './desk.data';
import styles from './desk.module.css';

/** What can be done with the item itself, in the order of its buttons; each with its key. */
const buttons = ['approve', 'trust', 'return', 'decline', 'merge', 'split', 'reword', 'spelling'] as const;

interface HeldItemProps {
  item: DeskItem;
  now: number;
  /** Why it cannot be decided here, if so. */
  barrier: Barrier | 'gone' | null;
  /** The caller has it. */
  isMine: boolean;
  isBusy: boolean;
  isSpaceHeld: boolean;
  /** Others are selected: what is decided is decided about those. */
  isQuiet: boolean;
  /** A form stands under it: then it alone is to be filled in. */
  hasForm: boolean;
  onWish: (wish: Wish) => void;
  /** The form or the refusal that stands under it. */
  children?: ReactNode;
}

/** One item with all that a decision needs: the words, where and by whom, what it says the same as, and the clock. */
export function HeldItem(props: HeldItemProps) {
  const { item, now, barrier, isMine, isBusy, isSpaceHeld, isQuiet, hasForm, onWish, children } = props;
  const { t } = useTranslation();
  const { moment } = useFormat();
  const named = useNamed();
  const reasonWords = useReasonWords();
  const clock = useClockWords()(item, now);
  const wishes = wishesFor(item);
  const { author, appeal, alike, replyTo, claim } = item;
  const isAppeal = item.moderation === 'appealed';
  const wordsOf = (wish: (typeof buttons)[number]) => {
    if (isAppeal && wish === 'decline') return t('moderate.wish.uphold');
    if (isAppeal && wish === 'approve') return t('moderate.wish.publish');
    return t(`moderate.wish.${wish}`);
  };
  return (
    <article className={styles.item} aria-labelledby="held-item">
      <header className={styles.itemHead}>
        <h2 id="held-item">
          {t(`moderate.heading.${isAppeal ? 'appeal' : item.type}`, { name: author.handle })}
        </h2>
        <p className={styles.meta}>
          {author.role !== 'member' && <span>{t(`role.${author.role}`)}</span>}
          {item.trusted && <span>{t('moderate.trusted')}</span>}
          <span>{item.space.title}</span>
          <span>{moment(item.at)}</span>
        </p>
        <p className={styles.meta}>
          <span className={styles.clock} data-clock={clock.kind}>
            {clock.words}
          </span>
          {item.moderation === 'frozen' && <span>{t('moderate.frozen')}</span>}
          {barrier === null && isMine && <span>{t('moderate.claim.mine')}</span>}
        </p>
      </header>

      {barrier && (
        <p className={styles.barrier} role="status">
          {t(`moderate.barrier.${barrier}`, { name: claim?.name ?? '' })}
        </p>
      )}

      {replyTo && (
        <section className={styles.context} aria-label={t('moderate.replyTo')}>
          <Text size="sm" c="dimmed">
            {t('moderate.replyTo')}
          </Text>
          <blockquote dir="auto">{replyTo}</blockquote>
        </section>
      )}

      <blockquote className={styles.words} dir="auto">
        {item.body}
      </blockquote>
      {item.files > 0 && (
        <AttachedTo contributionId={item.id} alt={t('talk.fileBy', { who: author.handle })} />
      )}

      {appeal && (
        <section className={styles.context} aria-label={t('moderate.appeal')}>
          <Text size="sm">
            {t('moderate.appeal.decided', {
              name: named(appeal.by),
              reason: reasonWords(appeal.reason),
            })}
          </Text>
          <Text size="sm" c="dimmed">
            {t('moderate.appeal.words', { name: author.handle })}
          </Text>
          <blockquote dir="auto">{appeal.words}</blockquote>
        </section>
      )}

      {alike.length > 0 && (
        <section className={styles.context} aria-label={t('moderate.alike', { count: alike.length })}>
          <Text size="sm" c="dimmed">
            {t('moderate.alike', { count: alike.length })}
          </Text>
          <ul className={styles.alike}>
            {alike.map(({ id, body }) => (
              <li key={id} dir="auto">
                {body}
              </li>
            ))}
          </ul>
          {!barrier && wishes.has('mergeAll') && (
            <Button
              variant="default"
              w="fit-content"
              rightSection={<Kbd aria-hidden>{t('moderate.key.mergeAll')}</Kbd>}
              aria-keyshortcuts={keys.mergeAll}
              disabled={isBusy}
              onClick={() => onWish('mergeAll')}
            >
              {t('moderate.wish.mergeAll')}
            </Button>
          )}
        </section>
      )}

      {children}

      {!barrier && !isQuiet && !hasForm && (
        <div className={styles.actions} role="group" aria-label={t('moderate.actions')}>
          {buttons
            .filter((wish) => wishes.has(wish))
            .map((wish) => (
              <Button
                key={wish}
                variant={wish === 'approve' ? 'filled' : 'default'}
                rightSection={<Kbd aria-hidden>{keys[wish]}</Kbd>}
                aria-keyshortcuts={keys[wish]}
                disabled={isBusy}
                onClick={() => onWish(wish)}
              >
                {wordsOf(wish)}
              </Button>
            ))}
        </div>
      )}
      <Button
        variant="subtle"
        className={styles.plain}
        px="xs"
        justify="flex-start"
        rightSection={<Kbd aria-hidden>{keys.hold}</Kbd>}
        aria-keyshortcuts={keys.hold}
        onClick={() => onWish('hold')}
      >
        {isSpaceHeld ? t('moderate.wish.lift') : t('moderate.wish.hold')}
      </Button>
    </article>
  );
}
