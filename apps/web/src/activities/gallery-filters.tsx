import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { type ActivityOnDesk, SubmissionState, type Task } from '@parley/contracts/activities';
import { useTranslation } from 'react-i18next';
import { useSegments } from '../platform/segments.data';
import type { GalleryFilter } from './activities.data';
import styles from './activities.module.css';

interface GalleryFiltersProps {
  activity: ActivityOnDesk;
  tasks: Task[];
  filter: GalleryFilter;
  onChange: (filter: GalleryFilter) => void;
}

/** Which of what was sent is looked at. */
export function GalleryFilters({ activity, tasks, filter, onChange }: GalleryFiltersProps) {
  const { t } = useTranslation();
  const segments = useSegments();
  const set = <K extends keyof GalleryFilter>(name: K, value: GalleryFilter[K] | '') => {
    const { [name]: _, ...rest } = filter;
    onChange(value ? { ...rest, [name]: value } : rest);
  };
  const all = { value: '', label: t('gallery.all') };
  const options = tasks.filter(({ kind }) => kind === 'pick').flatMap((task) => task.options);
  const diary = activity.body?.diary;
  return (
    <search className={styles.filters} aria-label={t('gallery.filters')}>
      <TextInput
        label={t('gallery.words')}
        value={filter.words ?? ''}
        maxLength={100}
        onChange={({ currentTarget }) => set('words', currentTarget.value)}
      />
      <NativeSelect
        label={t('gallery.state')}
        value={filter.state ?? ''}
        data={[
          all,
          ...SubmissionState.options.map((value) => ({ value, label: t(`gallery.state.${value}`) })),
        ]}
        onChange={({ currentTarget }) => set('state', currentTarget.value as SubmissionState)}
      />
      <NativeSelect
        label={t('gallery.task')}
        value={filter.taskId ?? ''}
        data={[all, ...tasks.map(({ id, prompt }) => ({ value: id, label: prompt }))]}
        onChange={({ currentTarget }) => set('taskId', currentTarget.value)}
      />
      <NativeSelect
        label={t('gallery.media')}
        value={filter.media ?? ''}
        data={[
          all,
          ...(['image', 'video', 'audio', 'none'] as const).map((value) => ({
            value,
            label: t(`gallery.media.${value}`),
          })),
        ]}
        onChange={({ currentTarget }) => set('media', currentTarget.value as 'image')}
      />
      {options.length > 0 && (
        <NativeSelect
          label={t('gallery.option')}
          value={filter.optionId ?? ''}
          data={[all, ...options.map(({ id, label }) => ({ value: id, label }))]}
          onChange={({ currentTarget }) => set('optionId', currentTarget.value)}
        />
      )}
      {!!segments.data?.length && (
        <NativeSelect
          label={t('gallery.segment')}
          value={filter.segmentId ?? ''}
          data={[all, ...segments.data.map(({ id, name }) => ({ value: id, label: name }))]}
          onChange={({ currentTarget }) => set('segmentId', currentTarget.value)}
        />
      )}
      {diary && (
        <NativeSelect
          label={t('gallery.entry')}
          value={String(filter.entry ?? '')}
          data={[
            all,
            ...Array.from({ length: diary.entries }, (_, at) => ({
              value: String(at + 1),
              label: t(`activity.${diary.every}`, { n: at + 1 }),
            })),
          ]}
          onChange={({ currentTarget }) => set('entry', Number(currentTarget.value))}
        />
      )}
      <Checkbox
        label={t('gallery.quotable')}
        checked={filter.quotable === 'true'}
        onChange={({ currentTarget }) => set('quotable', currentTarget.checked ? 'true' : '')}
      />
    </search>
  );
}
