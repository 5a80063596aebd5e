import { Textarea } from '@mantine/core';
import type { Media } from '@parley/contracts/media';
import { useTranslation } from 'react-i18next';
import { PickFiles } from '../platform/files';
import { useSendings } from '../platform/uploads';

const accepts = {
  photo: 'image/*,.heic,.heif',
  video: 'video/*,.mov,.mkv',
};

interface FilesFieldProps {
  kind: 'photo' | 'video';
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

/** Photos or films, and what is to be said of them. */
export function FilesField(props: FilesFieldProps) {
  const { kind, tag, most, mediaIds, note, media, labelledBy, describedBy, onChange } = props;
  const { t } = useTranslation();
  const sendings = useSendings(tag);
  const hasAny = mediaIds.length > 0 || sendings.length > 0;
  return (
    <>
      <PickFiles
        {...{ tag, most, mediaIds, labelledBy, describedBy }}
        known={media}
        accept={accepts[kind]}
        add={t(`activity.add.${kind}`, { count: hasAny ? 2 : 1 })}
        onChange={(ids, arrived) => onChange(ids, note, arrived)}
      />
      {hasAny && (
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
    </>
  );
}
