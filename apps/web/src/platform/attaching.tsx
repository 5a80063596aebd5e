import { Text, TextInput } from '@mantine/core';
import { ATTACHED_MOST, type Attaching } from '@parley/contracts/media';
import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FilesShown, isThere, PickFiles } from './files';
import { useDraft } from './kept';
import { useAttached } from './media.data';
import { useSendings, useUploads } from './uploads';

interface Kept {
  id: string;
  name: string;
  alt: string;
}

function keptOf(text: string): Kept[] {
  try {
    return text ? (JSON.parse(text) as Kept[]) : [];
  } catch {
    return [];
  }
}

/**
 * Files that go with what is being written under a name; they are kept as its words are. `onSend` is called once all of
 * them are there.
 */
export function useAttaching(name: string, onSend: (files: Attaching[]) => void) {
  const { t } = useTranslation();
  const tag = `said.${name}`;
  const uploads = useUploads();
  const sendings = useSendings(tag);
  const [text, write] = useDraft(`${name}:files`);
  const kept = keptOf(text);
  const [isWaiting, setWaiting] = useState(false);
  const set = (next: Kept[]) => write(next.length ? JSON.stringify(next) : '');
  const files = kept.map(({ id, alt }): Attaching => ({ mediaId: id, alt: alt.trim() || null }));
  const isMoving = sendings.some(
    (one) => one.state !== 'refused' && !(isThere(one) && kept.some(({ id }) => id === one.mediaId)),
  );
  const goOn = useEffectEvent(() => {
    setWaiting(false);
    onSend(files);
  });
  useEffect(() => {
    if (!isWaiting || isMoving) return;
    const soon = setTimeout(() => goOn());
    return () => clearTimeout(soon);
  }, [isWaiting, isMoving]);
  const field = (
    <>
      <PickFiles
        tag={tag}
        accept="image/*,.heic,.heif,video/*,.mov,.mkv"
        most={ATTACHED_MOST}
        mediaIds={kept.map(({ id }) => id)}
        known={kept}
        add={t('write.addFiles')}
        under={(id) => (
          <TextInput
            label={t('write.alt')}
            description={t('write.altHow')}
            maxLength={200}
            dir="auto"
            value={kept.find((file) => file.id === id)?.alt ?? ''}
            onChange={({ currentTarget: { value } }) =>
              set(kept.map((file) => (file.id === id ? { ...file, alt: value } : file)))
            }
          />
        )}
        onChange={(ids) =>
          set(
            ids.map(
              (id) =>
                kept.find((file) => file.id === id) ?? {
                  id,
                  name: sendings.find(({ mediaId }) => mediaId === id)?.name ?? '',
                  alt: '',
                },
            ),
          )
        }
      />
      {isWaiting && (
        <Text size="sm" role="status">
          {t('write.waits')}
        </Text>
      )}
    </>
  );
  return {
    field,
    isWaiting,
    send: () => (isMoving ? setWaiting(true) : onSend(files)),
    /** They are part of what was said now. */
    clear: () => {
      uploads?.forget(tag);
      write('');
    },
  };
}

/** The files of a contribution, wherever it is shown. */
export function AttachedTo({ contributionId, alt }: { contributionId: string; alt: string }) {
  const attached = useAttached(contributionId);
  return <FilesShown files={attached.data ?? []} alt={alt} />;
}
