import { Checkbox, Kbd, Text } from '@mantine/core';
import type { DeskItem } from '@parley/contracts/moderation';
import type { MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { writeKept } from '../platform/kept';
import { useClockWords } from './clock-words';
import { keys, wishes } from './desk-keys';
import styles from './desk.module.css';

/** Kept where this person does not want single keys to act. */
export const KEYS_KEPT = 'parley:desk-keys';

interface RowProps {
  item: DeskItem;
  now: number;
  me: string;
  isCurrent: boolean;
  isGone: boolean;
  isSelected: boolean;
  onOpen: (event: MouseEvent) => void;
  onPick: (event: MouseEvent) => void;
}

/** One item in the list: the words, whose, and how long it has. */
export function Row({ item, now, me, isCurrent, isGone, isSelected, onOpen, onPick }: RowProps) {
  const { t } = useTranslation();
  const clock = useClockWords()(item, now);
  const { claim } = item;
  return (
    <li className={styles.row} data-current={isCurrent || undefined} data-gone={isGone || undefined}>
      <Checkbox
        classNames={{ root: styles.check }}
        aria-label={t('moderate.select', { name: item.author.handle, words: item.body.slice(0, 60) })}
        checked={isSelected}
        onChange={() => undefined}
        onClick={onPick}
      />
      <button
        type="button"
        className={styles.open}
        data-item={item.id}
        aria-current={isCurrent || undefined}
        onClick={onOpen}
      >
        <span className={styles.excerpt} dir="auto">
          {item.body}
        </span>
        <span className={styles.meta}>
          <span>{item.author.handle}</span>
          {item.moderation === 'appealed' && <span className={styles.tag}>{t('moderate.tag.appeal')}</span>}
          {item.type === 'reply' && <span className={styles.tag}>{t('moderate.tag.reply')}</span>}
          {item.alike.length > 0 && <span>{t('moderate.tag.alike', { count: item.alike.length })}</span>}
          {isGone ? (
            <span>{t('moderate.tag.gone')}</span>
          ) : (
            <span className={styles.clock} data-clock={clock.kind}>
              {clock.words}
            </span>
          )}
          {claim && claim.memberId !== me && (
            <span className={styles.claim}>{t('moderate.tag.claim', { name: claim.name })}</span>
          )}
        </span>
      </button>
    </li>
  );
}

/** Every key and what it does; and whether single keys act at all. */
export function Keys({ isOn, onChange }: { isOn: boolean; onChange: (isOn: boolean) => void }) {
  const { t } = useTranslation();
  return (
    <section className={styles.keys} aria-label={t('moderate.keys')}>
      <dl>
        {wishes.map((wish) => (
          <div key={wish}>
            <dt>
              <Kbd>{wish === 'mergeAll' ? t('moderate.key.mergeAll') : keys[wish]}</Kbd>
            </dt>
            <dd>{t(`moderate.does.${wish}`)}</dd>
          </div>
        ))}
      </dl>
      <Text size="sm" c="dimmed">
        {t('moderate.keysMore')}
      </Text>
      <Checkbox
        label={t('moderate.keysOn')}
        checked={isOn}
        onChange={(event) => {
          onChange(event.currentTarget.checked);
          writeKept(KEYS_KEPT, event.currentTarget.checked ? '' : 'off');
        }}
      />
    </section>
  );
}
