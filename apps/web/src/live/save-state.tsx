import { Button, Text } from '@mantine/core';
import type { Waiting } from '@parley/client/outbox';
import { CallError } from '@parley/client/http';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '../platform/refusal';
import { useLink } from '../platform/realtime';
import { useSessionOps } from './live.data';
import styles from './live.module.css';

const isWords = ({ command }: Waiting) => command === 'live.comment' || command === 'live.submitStatement';
/** The text of a note or statement on its way. */
const bodyOf = ({ input }: Waiting) => (input as { body?: string }).body ?? '';

/** Whether what this person did has reached the server, in a word. */
export function SaveState({ sessionId, touched }: { sessionId: string; touched: boolean }) {
  const { t } = useTranslation();
  const link = useLink();
  const { waiting, refused } = useSessionOps(sessionId);
  if (refused.length)
    return (
      <strong className={styles.saveState} data-refused>
        {t('save.notSaved', { count: refused.length })}
      </strong>
    );
  const words = !waiting.length
    ? touched && t('save.saved')
    : link === 'open'
      ? t('save.saving')
      : t('save.waiting', { count: waiting.length });
  return <span className={styles.saveState}>{words}</span>;
}

interface UnsavedProps {
  sessionId: string;
  /** Takes a refused text back into its field, where there is one. */
  onEdit?: (kind: 'note' | 'statement', body: string) => void;
}

/** Own words that are not in yet, and everything that was refused: why, with the text kept. */
export function Unsaved({ sessionId, onEdit }: UnsavedProps) {
  const { t } = useTranslation();
  const textOf = useErrorText();
  const link = useLink();
  const { waiting, refused, discard } = useSessionOps(sessionId);
  const words = waiting.filter(isWords);
  if (!words.length && !refused.length) return null;
  return (
    <ul className={styles.unsaved} aria-label={t('save.label')}>
      {words.map((op) => (
        <li key={op.id}>
          <span dir="auto">{bodyOf(op)}</span>
          <Text size="sm" c="dimmed">
            {link === 'open' ? t('save.saving') : t('save.waitingOne')}
          </Text>
        </li>
      ))}
      {refused.map((op) => (
        <li key={op.id} data-refused>
          {isWords(op) && <span dir="auto">{bodyOf(op)}</span>}
          <Text size="sm" role="alert">
            {t(isWords(op) ? 'save.refusedWords' : 'save.refused')} {textOf(new CallError(op.refused!))}
          </Text>
          {op.refused?.ref && (
            <Text size="xs" c="dimmed">
              {t('error.reference', { ref: op.refused.ref })}
            </Text>
          )}
          <div className={styles.row}>
            {isWords(op) && onEdit && (
              <Button
                variant="default"
                onClick={() => {
                  onEdit(op.command === 'live.comment' ? 'note' : 'statement', bodyOf(op));
                  discard(op.id);
                }}
              >
                {t('save.edit')}
              </Button>
            )}
            <Button variant="subtle" onClick={() => discard(op.id)}>
              {isWords(op) ? t('save.discard') : t('save.understood')}
            </Button>
          </div>
        </li>
      ))}
    </ul>
  );
}
