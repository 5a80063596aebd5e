import { Button, Textarea } from '@mantine/core';
import type { Media } from '@parley/contracts/media';
import type { Sending } from '@parley/client/upload';
import { useEffect, useEffectEvent, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Still } from '../platform/media';
import { SendingRow, useSendings, useUploads } from '../platform/uploads';
import styles from './activities.module.css';

const accepts = {
  photo: 'image/*,.heic,.heif',
  video: 'video/*,.mov,.mkv',
};

interface FilesFieldProps {
  kind: 'photo' | 'video';
  /** Names the place: files that are on their way are found again here. */
  tag: string;
  most: number;
  /** Those that are there whole. */
  mediaIds: readonly string[];
  note: string;
  /** What is known of files of before this page was loaded. */
  media: readonly Media[];
  labelledBy: string;
  describedBy: string | undefined;
  /** `arrived`: by itself. */
  onChange: (mediaIds: string[], note: string, arrived?: boolean) => void;
}

/** Photos or films: chosen, shown at once, and sent while the person goes on. */
export function FilesField(props: FilesFieldProps) {
  const { kind, tag, most, mediaIds, note, media, labelledBy, describedBy, onChange } = props;
  const { t } = useTranslation();
  const uploads = useUploads();
  const sendings = useSendings(tag);
  const input = useRef<HTMLInputElement>(null);

  const follow = useEffectEvent(() => {
    const there = sendings.filter(isThere).flatMap(({ mediaId }) => mediaId ?? []);
    const refused = new Set(
      sendings.filter(({ state }) => state === 'refused').map(({ mediaId }) => mediaId),
    );
    const next = [...new Set([...mediaIds, ...there])].filter((id) => !refused.has(id));
    if (next.join() !== mediaIds.join()) onChange(next, note, true);
  });
  const news = sendings.map(({ mediaId, state }) => `${mediaId} ${state}`).join();
  useEffect(() => follow(), [news]);

  const rest = mediaIds.filter((id) => !sendings.some(({ mediaId }) => mediaId === id));
  const count = rest.length + sendings.length;
  const remove = (id: string | null) => {
    if (id)
      onChange(
        [...mediaIds].filter((other) => other !== id),
        note,
      );
  };
  return (
    <div className={styles.files}>
      {rest.map((id) => {
        const file = media.find((one) => one.id === id);
        return (
          <div key={id} className={styles.fileRow}>
            <div className={styles.thumb}>
              {!file || file.state === 'ready' ? (
                <Still
                  mediaId={id}
                  alt={file?.name ?? ''}
                  width={file?.width ?? null}
                  height={file?.height ?? null}
                  sizes="96px"
                />
              ) : null}
            </div>
            <div>
              <div className={styles.fileName}>{file?.name}</div>
              {file?.state === 'refused' && file.refusal && (
                <p className={styles.problem}>{t(`media.refused.${file.refusal}`)}</p>
              )}
            </div>
            <Button
              variant="subtle"
              color="gray"
              aria-label={t('upload.remove', { name: file?.name ?? '' })}
              onClick={() => {
                void uploads?.removeMedia(id);
                remove(id);
              }}
            >
              {t('activity.remove')}
            </Button>
          </div>
        );
      })}
      {sendings.map((sending) => (
        <div key={sending.op} className={styles.sendingFile}>
          <Preview sending={sending} />
          <SendingRow sending={sending} onRemove={() => remove(sending.mediaId)} />
        </div>
      ))}
      {count < most && (
        <Button
          variant="default"
          className={styles.add}
          aria-labelledby={`${labelledBy} ${labelledBy}-add`}
          aria-describedby={describedBy}
          disabled={!uploads}
          onClick={() => input.current?.click()}
        >
          <span id={`${labelledBy}-add`}>{t(`activity.add.${kind}`, { count: count ? 2 : 1 })}</span>
        </Button>
      )}
      {most > 1 && <p className={styles.quiet}>{t('activity.most', { count, most })}</p>}
      <input
        ref={input}
        type="file"
        hidden
        multiple={most - count > 1}
        accept={accepts[kind]}
        data-testid={tag}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])].slice(0, most - count);
          for (const file of files) void uploads?.add(file, { purpose: 'submission', name: file.name, tag });
          currentTarget.value = '';
        }}
      />
      {count > 0 && (
        <Textarea
          label={t('activity.note')}
          autosize
          minRows={1}
          maxLength={500}
          dir="auto"
          value={note}
          onChange={({ currentTarget }) => onChange([...mediaIds], currentTarget.value)}
        />
      )}
    </div>
  );
}

/** All of its bytes are with the server. */
export const isThere = ({ state }: Sending) =>
  state === 'checking' || state === 'preparing' || state === 'ready';

/** The file as it lies on this phone, before the server can show it. */
function Preview({ sending: { file, name } }: { sending: Sending }) {
  const url = useMemo(
    () => (file instanceof Blob && file.type.startsWith('image/') ? URL.createObjectURL(file) : null),
    [file],
  );
  useEffect(() => () => void (url && URL.revokeObjectURL(url)), [url]);
  if (!url) return null;
  return (
    <div className={styles.thumb}>
      <img src={url} alt={name} onError={({ currentTarget }) => (currentTarget.hidden = true)} />
    </div>
  );
}
