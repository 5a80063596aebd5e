import { Button, Group, Radio, Textarea } from '@mantine/core';
import type { Decided, TeamContribution } from '@parley/contracts/moderation';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading } from '../platform/page';
import { Refusal } from '../platform/refusal';
import { useReasons, useSight } from './loop-desk.data';
import styles from './loop-desk.module.css';

const NOTE_MAX = 1_000;

/** Why it was not done, in words; null when it was. */
export function useUndone() {
  const { t } = useTranslation();
  return ({ result, by }: Decided): string | null => {
    if (result === 'done') return null;
    if (result === 'claimed') return t('moderate.fared.claimed', { name: by ?? t('moderate.somebody') });
    if (result === 'moved') return by ? t('moderate.fared.movedBy', { name: by }) : t('moderate.fared.moved');
    return t('moderate.fared.refused');
  };
}

interface HideFormProps {
  contribution: TeamContribution;
  onClose: () => void;
  onDone: (told: string) => void;
}

/** Takes what is published out of sight, with a reason of the policy, which its author is told. */
export function HideForm({ contribution: { id, author }, onClose, onDone }: HideFormProps) {
  const { t, i18n } = useTranslation();
  const reasons = useReasons();
  const sight = useSight();
  const undone = useUndone();
  const [reason, setReason] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [isTried, setTried] = useState(false);
  const { handle } = author;
  return (
    <form
      className={styles.inset}
      aria-label={t('reading.hideOf', { handle })}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!reason) return;
        sight.mutate(
          { id, decision: { action: 'hide', reason, note: note.trim() || null } },
          { onSuccess: (decided) => onDone(undone(decided) ?? t('reading.hidden', { handle })) },
        );
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') onClose();
      }}
    >
      {reasons.isPending && <Loading lines={4} />}
      <Refusal error={reasons.error} onRetry={() => void reasons.refetch()} />
      {reasons.data && (
        <Radio.Group
          label={t('moderate.reason')}
          description={t('reading.hideHow')}
          value={reason}
          error={isTried && !reason && t('reading.hideTakes')}
          onChange={setReason}
        >
          <div className={styles.reasons}>
            {reasons.data.map(({ key, en, de }, place) => (
              <Radio
                key={key}
                size="md"
                value={key}
                autoFocus={place === 0}
                label={i18n.language === 'de' ? de : en}
              />
            ))}
          </div>
        </Radio.Group>
      )}
      <Textarea
        label={t('reading.hideNote', { handle })}
        autosize
        minRows={2}
        maxLength={NOTE_MAX}
        dir="auto"
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Refusal error={sight.error} />
      <Group gap="sm">
        <Button type="submit" loading={sight.isPending}>
          {t('reading.hideNow')}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('reading.close')}
        </Button>
      </Group>
    </form>
  );
}
