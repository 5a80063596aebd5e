import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../platform/refusal';
import type { Fared } from './desk.data';
import styles from './desk.module.css';

/** What became of one item, in words. */
export function useFaredWords() {
  const { t } = useTranslation();
  return ({ result, by }: Pick<Fared, 'result' | 'by'>) => {
    if (result === 'claimed') return t('moderate.fared.claimed', { name: by ?? t('moderate.somebody') });
    if (result === 'moved') return by ? t('moderate.fared.movedBy', { name: by }) : t('moderate.fared.moved');
    return t(`moderate.fared.${result}`);
  };
}

const results = ['done', 'claimed', 'moved', 'refused', 'unsent'] as const;

interface ResultsProps {
  fared: readonly Fared[];
  /** Why the rest could not be asked about. */
  error: unknown;
  onRetry: () => void;
  onClose: () => void;
}

/** What became of many: how many are done, and each that is not, with why. */
export function Results({ fared, error, onRetry, onClose }: ResultsProps) {
  const { t } = useTranslation();
  const words = useFaredWords();
  const left = fared.filter(({ result }) => result !== 'done');
  const counts = results
    .map((result) => [result, fared.filter((each) => each.result === result).length] as const)
    .filter(([, count]) => count > 0);
  return (
    <section className={styles.outcome} aria-label={t('moderate.outcome')}>
      <p role="status">
        {counts.map(([result, count]) => t(`moderate.count.${result}`, { count })).join(' ')}
      </p>
      {left.length > 0 && (
        <ul className={styles.left}>
          {left.map(({ item, ...one }) => (
            <li key={item.id}>
              <span dir="auto">{item.body}</span>
              <Text size="sm" c="dimmed">
                {words(one)}
              </Text>
            </li>
          ))}
        </ul>
      )}
      <Refusal error={error} onRetry={onRetry} />
      <Group gap="sm">
        <Button variant="default" onClick={onClose}>
          {t('moderate.understood')}
        </Button>
      </Group>
    </section>
  );
}
