import { Button } from '@mantine/core';
import type { UploadPurpose } from '@parley/contracts/media';
import { useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { SendingRow, useSendings, useUploads } from '../platform/uploads';
import styles from './media.module.css';

interface FileFieldProps {
  label: string;
  /** Names the place: a file that is on its way is found again here. */
  tag: string;
  purpose: UploadPurpose;
  accept: string;
  /** Told once it is all there and ready. */
  onReady: (mediaId: string | null) => void;
}

/** Chooses one file and sends it. */
export function FileField({ label, tag, purpose, accept, onReady }: FileFieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const uploads = useUploads();
  const input = useRef<HTMLInputElement>(null);
  const [sending] = useSendings(tag).slice(-1);
  const ready = sending?.state === 'ready' ? sending.mediaId : null;
  const told = useRef<string | null>(null);
  useEffect(() => {
    if (told.current === ready) return;
    told.current = ready;
    onReady(ready);
  }, [onReady, ready]);
  return (
    <div className={styles.file}>
      <span id={id} className={styles.label}>
        {label}
      </span>
      {sending ? (
        <SendingRow sending={sending} />
      ) : (
        <Button
          variant="default"
          w="fit-content"
          aria-describedby={id}
          disabled={!uploads}
          onClick={() => input.current?.click()}
        >
          {t('upload.choose')}
        </Button>
      )}
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        data-testid={tag}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) void uploads?.add(file, { purpose, name: file.name, tag });
          currentTarget.value = '';
        }}
      />
    </div>
  );
}

export const shownFiles = 'image/*,video/*,application/pdf,.heic,.heif,.mov,.mkv';
export const captionFiles = '.vtt,.srt,text/vtt';
