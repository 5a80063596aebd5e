import { Button, VisuallyHidden } from '@mantine/core';
import type { TaskOption } from '@parley/contracts/activities';
import IconArrowDown from '@tabler/icons-react/dist/esm/icons/IconArrowDown.mjs';
import IconArrowUp from '@tabler/icons-react/dist/esm/icons/IconArrowUp.mjs';
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './activities.module.css';
import { moved } from './answers';

interface RankFieldProps {
  options: readonly TaskOption[];
  /** Best first; those that have no place yet are missing. */
  order: readonly string[];
  labelledBy: string;
  onChange: (order: string[]) => void;
}

/** Puts options in order: tapped one after the other, then moved up and down. */
export function RankField({ options, order, labelledBy, onChange }: RankFieldProps) {
  const { t } = useTranslation();
  const [said, say] = useState('');
  const list = useRef<HTMLOListElement>(null);
  const label = (id: string) => options.find((option) => option.id === id)?.label ?? '';
  const rest = options.filter(({ id }) => !order.includes(id));
  const change = (next: string[], id: string) => {
    const place = next.indexOf(id) + 1;
    say(
      place
        ? t('activity.rank.now', { option: label(id), place, count: options.length })
        : t('activity.rank.out', { option: label(id) }),
    );
    onChange(next);
  };
  const move = (at: number, by: number) => {
    const id = order[at]!;
    change(moved(order, at, by), id);
    // The button goes along with what it moves.
    const selector = `[data-move="${by < 0 ? 'up' : 'down'}"]`;
    requestAnimationFrame(() => {
      const row = list.current?.children[at + by];
      const button = row?.querySelector<HTMLButtonElement>(`${selector}:not([disabled])`);
      (button ?? row?.querySelector<HTMLButtonElement>('[data-move]:not([disabled])'))?.focus();
    });
  };
  return (
    <div className={styles.rank} role="group" aria-labelledby={labelledBy}>
      {order.length > 0 && (
        <ol ref={list} className={styles.ranked}>
          {order.map((id, at) => (
            <li key={id}>
              <span className={styles.place}>{at + 1}</span>
              <span className={styles.rankLabel} dir="auto">
                {label(id)}
              </span>
              <Button
                variant="subtle"
                color="gray"
                data-move="up"
                aria-label={t('activity.rank.up', { option: label(id) })}
                disabled={at === 0}
                onClick={() => move(at, -1)}
              >
                <IconArrowUp size={18} aria-hidden />
              </Button>
              <Button
                variant="subtle"
                color="gray"
                data-move="down"
                aria-label={t('activity.rank.down', { option: label(id) })}
                disabled={at === order.length - 1}
                onClick={() => move(at, 1)}
              >
                <IconArrowDown size={18} aria-hidden />
              </Button>
              <Button
                variant="subtle"
                color="gray"
                aria-label={t('activity.rank.remove', { option: label(id) })}
                onClick={() =>
                  change(
                    order.filter((other) => other !== id),
                    id,
                  )
                }
              >
                <IconX size={18} aria-hidden />
              </Button>
            </li>
          ))}
        </ol>
      )}
      {rest.length > 0 && (
        <>
          <p className={styles.quiet}>{t('activity.rank.next', { place: order.length + 1 })}</p>
          <div className={styles.unranked}>
            {rest.map(({ id, label: words }) => (
              <Button
                key={id}
                variant="default"
                className={styles.choice}
                onClick={() => change([...order, id], id)}
              >
                {words}
              </Button>
            ))}
          </div>
        </>
      )}
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </div>
  );
}
