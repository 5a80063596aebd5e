import { Button } from '@mantine/core';
import { openUploads, type Sending, Uploads } from '@parley/client/upload';
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs';
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs';
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from './api';
import { Refusal } from './refusal';
import styles from './media.module.css';

const UploadsContext = createContext<Uploads | null>(null);

interface UploadsProviderProps {
  communityId: string;
  personId: string;
  children: ReactNode;
}

/** Files on their way in one community; they go on while pages are turned, and after a reload. */
export function UploadsProvider({ communityId, personId, children }: UploadsProviderProps) {
  const [uploads, setUploads] = useState<Uploads | null>(null);
  useEffect(() => {
    let gone = false;
    let opened: Uploads | undefined;
    void openUploads(`parley-uploads:${personId}:${communityId}`).then((store) => {
      if (gone) return;
      opened = new Uploads({ communityId, call: api, store });
      setUploads(opened);
      void opened.resumeAll();
    });
    const hurry = () => opened?.hurry();
    window.addEventListener('online', hurry);
    return () => {
      gone = true;
      window.removeEventListener('online', hurry);
      opened?.stop();
    };
  }, [communityId, personId]);
  return <UploadsContext value={uploads}>{children}</UploadsContext>;
}

/** Null for the instant in which the browser opens its store. */
export const useUploads = () => useContext(UploadsContext);

const none: readonly Sending[] = [];

/** What is on its way under a tag, or under those that fit. */
export function useSendings(tag: string | ((tag: string) => boolean)): Sending[] {
  const uploads = useUploads();
  const all = useSyncExternalStore(
    (changed) => uploads?.watch(changed) ?? (() => undefined),
    () => uploads?.list ?? none,
  );
  return all.filter((sending) => (typeof tag === 'string' ? sending.tag === tag : tag(sending.tag)));
}

/** One file on its way: how far it is, in words and as a bar, and what can be done about it. */
export function SendingRow({ sending, onRemove }: { sending: Sending; onRemove?: () => void }) {
  const { t } = useTranslation();
  const uploads = useUploads();
  const { op, name, state, sent, bytes, progress, refusal, error } = sending;
  const share = Math.floor((100 * sent) / bytes);
  const words = {
    sending: t('upload.sending', { share }),
    paused: t('upload.paused', { share }),
    offline: t('upload.offline', { share }),
    checking: t('upload.checking'),
    preparing: t('upload.preparing', { share: Math.round(progress * 100) }),
    ready: t('upload.there'),
    refused: t('upload.refused'),
    failed: t('upload.failed'),
  }[state];
  const isMoving = state === 'sending' || state === 'offline';
  const remove = () => {
    void uploads?.remove(op);
    onRemove?.();
  };
  return (
    <div className={styles.sending} data-state={state}>
      <div className={styles.sendingName}>{name}</div>
      <progress
        className={styles.bar}
        aria-label={t('upload.progress', { name })}
        value={state === 'ready' ? 100 : share}
        max={100}
      />
      <div role="status">
        {state === 'ready' && <IconCheck size={16} aria-hidden className={styles.tick} />}
        {words}
      </div>
      {state === 'refused' && refusal && <p className={styles.why}>{t(`media.refused.${refusal}`)}</p>}
      {error && <Refusal error={error} />}
      <div className={styles.sendingDo}>
        {isMoving && (
          <Button variant="subtle" size="compact-md" onClick={() => uploads?.pause(op)}>
            {t('upload.pause')}
          </Button>
        )}
        {(state === 'paused' || state === 'failed') && (
          <Button variant="subtle" size="compact-md" onClick={() => uploads?.resume(op)}>
            {t(state === 'paused' ? 'upload.resume' : 'upload.again')}
          </Button>
        )}
        <Button
          variant="subtle"
          size="compact-md"
          color="gray"
          aria-label={t('upload.remove', { name })}
          onClick={remove}
        >
          <IconX size={16} aria-hidden />
        </Button>
      </div>
    </div>
  );
}
