import { Button, Group, Text, Textarea } from '@mantine/core';
import { COMMENT_MAX } from '@parley/contracts/contributions';
import type { TeamContribution } from '@parley/contracts/moderation';
import { lengthOf } from '@parley/contracts/text';
import IconLock from '@tabler/icons-react/dist/esm/icons/IconLock.mjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDraft } from '../platform/kept';
import { useOp } from '../platform/op';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useReply, useRepliesWait } from './loop-desk.data';
import styles from './loop-desk.module.css';

interface PrivateReplyProps {
  contribution: TeamContribution;
  onClose: () => void;
  onSent: (told: string) => void;
}

/** A word to one author alone; kept in this browser until it is sent. */
export function PrivateReply({ contribution: { id, author, space }, onClose, onSent }: PrivateReplyProps) {
  const { t } = useTranslation();
  const { memberId } = usePlace().membership;
  const [text, write] = useDraft(`parley:reply:${memberId}:${id}`);
  const op = useOp();
  const [isShort, setShort] = useState(false);
  const reply = useReply();
  const waits = useRepliesWait(space.id);
  const over = lengthOf(text.trim()) - COMMENT_MAX;
  const send = () => {
    setShort(!text.trim());
    if (!text.trim() || over > 0) return;
    reply.mutate(
      { contributionId: id, opId: op.idOf(text.trim()), body: text.trim() },
      {
        onSuccess: ({ moderation }) => {
          write('');
          op.isIn();
          onSent(
            t(moderation === 'held' ? 'reading.replyHeld' : 'reading.replied', { handle: author.handle }),
          );
        },
      },
    );
  };
  return (
    <form
      className={styles.inset}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') onClose();
      }}
    >
      <Textarea
        label={t('reading.replyTo', { handle: author.handle })}
        description={
          <>
            <IconLock size={14} aria-hidden /> {t('reading.replyWho', { handle: author.handle })}{' '}
            {waits && t('reading.replyWaits')}
            {waits === null && t('reading.replyMayWait')}
          </>
        }
        data-autofocus
        autoFocus
        autosize
        minRows={3}
        dir="auto"
        value={text}
        error={
          isShort && !text.trim()
            ? t('write.empty')
            : over > 0
              ? t('write.tooLong', { count: over })
              : undefined
        }
        onChange={(event) => write(event.currentTarget.value)}
      />
      <Refusal error={reply.error} />
      <Group gap="sm">
        <Button type="submit" loading={reply.isPending}>
          {t('reading.replySend')}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('reading.close')}
        </Button>
      </Group>
      {text && <Text className={styles.small}>{t('reading.replyKept')}</Text>}
    </form>
  );
}
