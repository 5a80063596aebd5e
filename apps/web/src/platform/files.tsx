import { Button, Modal } from '@mantine/core';
import type { Sending } from '@parley/client/upload';
import type { Media } from '@parley/contracts/media';
import { type ReactNode, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Film, Still } from './media';
import styles from './media.module.css';
import { SendingRow, useSendings, useUploads } from './uploads';

/** All of its bytes are with the server. */
export const isThere = ({ state }: Sending) =>
  state === 'checking' || state === 'preparing' || state === 'ready';

/** What is known of a file that was sent before this page was loaded. */
type Known = Pick<Media, 'id' | 'name'> & Partial<Pick<Media, 'state' | 'refusal' | 'width' | 'height'>>;

interface PickFilesProps {
  /** Names the place: files that are on their way are found again here. */
  tag: string;
  /** As the browser's attribute. */
  accept: string;
  most: number;
  /** Those that are there whole. */
  mediaIds: readonly string[];
  known: readonly Known[];
  /** What the button says. */
  add: string;
  /** Ids of what names and describes the button beside that. */
  labelledBy?: string;
  describedBy?: string | undefined;
  /** What is asked of each file. */
  under?: (mediaId: string) => ReactNode;
  /** `arrived`: by itself. */
  onChange: (mediaIds: string[], arrived?: boolean) => void;
}

/** Files: chosen, shown at once, and sent while the person goes on. */
export function PickFiles(props: PickFilesProps) {
  const { tag, accept, most, mediaIds, known, add, labelledBy, describedBy, under, onChange } = props;
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
    if (next.join() !== mediaIds.join()) onChange(next, true);
  });
  const news = sendings.map(({ mediaId, state }) => `${mediaId} ${state}`).join();
  useEffect(() => follow(), [news]);

  const rest = mediaIds.filter((id) => !sendings.some(({ mediaId }) => mediaId === id));
  const count = rest.length + sendings.length;
  const remove = (id: string | null) => {
    if (id) onChange(mediaIds.filter((other) => other !== id));
  };
  return (
    <div className={styles.files}>
      {rest.map((id) => {
        const file = known.find((one) => one.id === id);
        const isReady = !file?.state || file.state === 'ready';
        return (
          <div key={id} className={styles.fileRow}>
            <div className={styles.thumb}>
              {isReady && (
                <Still
                  mediaId={id}
                  alt={file?.name ?? ''}
                  width={file?.width ?? null}
                  height={file?.height ?? null}
                  sizes="96px"
                />
              )}
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
            {under?.(id)}
          </div>
        );
      })}
      {sendings.map((sending) => (
        <div key={sending.op} className={styles.sendingFile}>
          <Preview sending={sending} />
          <SendingRow sending={sending} onRemove={() => remove(sending.mediaId)} />
          {sending.mediaId && mediaIds.includes(sending.mediaId) && under?.(sending.mediaId)}
        </div>
      ))}
      {count < most && (
        <Button
          variant="default"
          className={styles.add}
          {...(labelledBy && { 'aria-labelledby': `${labelledBy} ${labelledBy}-add` })}
          aria-describedby={describedBy}
          disabled={!uploads}
          onClick={() => input.current?.click()}
        >
          <span {...(labelledBy && { id: `${labelledBy}-add` })}>{add}</span>
        </Button>
      )}
      {most > 1 && count > 0 && <p className={styles.quiet}>{t('activity.most', { count, most })}</p>}
      <input
        ref={input}
        type="file"
        hidden
        multiple={most - count > 1}
        accept={accept}
        data-testid={tag}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])].slice(0, most - count);
          for (const file of files) void uploads?.add(file, { purpose: 'submission', name: file.name, tag });
          currentTarget.value = '';
        }}
      />
    </div>
  );
}

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

interface FileShownProps {
  file: Media | undefined;
  alt: string;
  onOpen?: ((mediaId: string) => void) | undefined;
}

/** A file that somebody sent; what can be seen of it yet. */
export function FileShown({ file, alt, onOpen }: FileShownProps) {
  const { t } = useTranslation();
  if (!file) return null;
  const { id, width, height, state, kind } = file;
  if (state === 'refused')
    return <p className={styles.problem}>{file.refusal && t(`media.refused.${file.refusal}`)}</p>;
  if (state !== 'ready') return <p className={styles.quiet}>{t('activity.preparing')}</p>;
  if (kind === 'video' || kind === 'audio')
    return (
      <div className={styles.shown}>
        <Film mediaId={id} label={alt} width={width} height={height} controls />
      </div>
    );
  const still = (
    <Still mediaId={id} alt={alt} width={width} height={height} sizes="(min-width: 40em) 320px, 90vw" />
  );
  return onOpen ? (
    <button
      type="button"
      className={styles.shown}
      onClick={() => onOpen(id)}
      aria-label={t('activity.enlarge', { what: alt })}
    >
      {still}
    </button>
  ) : (
    <div className={styles.shown}>{still}</div>
  );
}

interface LargeProps {
  /** Undefined: nothing is to be shown. */
  file: Media | undefined;
  alt: string;
  onClose: () => void;
}

/** A picture as large as the screen. */
export function LargePicture({ file, alt, onClose }: LargeProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={file !== undefined}
      onClose={onClose}
      size="80rem"
      classNames={{ body: styles.large! }}
      title={alt}
      // Locking it writes a style into the page, which its policy forbids.
      lockScroll={false}
      closeButtonProps={{ 'aria-label': t('activity.close') }}
    >
      {file && <Still mediaId={file.id} alt={alt} width={file.width} height={file.height} sizes="90vw" />}
    </Modal>
  );
}

interface FilesShownProps {
  files: readonly (Media & { alt: string | null })[];
  /** Of what nobody has described. */
  alt: string;
}

/** Files that belong to what was said; a picture is shown large when it is asked for. */
export function FilesShown({ files, alt }: FilesShownProps) {
  const [large, setLarge] = useState<string | null>(null);
  const opened = files.find(({ id }) => id === large);
  if (!files.length) return null;
  return (
    <div className={styles.filesShown}>
      {files.map((file) => (
        <FileShown key={file.id} file={file} alt={file.alt ?? alt} onOpen={setLarge} />
      ))}
      <LargePicture file={opened} alt={opened?.alt ?? alt} onClose={() => setLarge(null)} />
    </div>
  );
}
