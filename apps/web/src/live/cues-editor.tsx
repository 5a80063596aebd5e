import { Button, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import { type Cue, CueKind } from '@parley/contracts/live';
import { useTranslation } from 'react-i18next';
import styles from './live.module.css';
import { useAssets } from '../platform/media.data';

/** A cue as it is planned. */
export interface PlannedCue {
  key: string;
  kind: CueKind;
  title: string;
  prompt: string;
  assetId: string | null;
  otherAssetId: string | null;
  page: number | null;
}

export const newCue = (kind: CueKind = 'text'): PlannedCue => ({
  ...{ key: crypto.randomUUID(), kind, title: '', prompt: '', assetId: null, otherAssetId: null },
  page: kind === 'page' ? 1 : null,
});

export const plannedOf = ({ kind, title, prompt, asset, other, page }: Cue): PlannedCue => ({
  ...{ key: crypto.randomUUID(), kind, title, prompt, page },
  ...{ assetId: asset?.id ?? null, otherAssetId: other?.id ?? null },
});

/** What each kind of cue puts on stage. */
const shows: Record<CueKind, 'image' | 'video' | 'document' | null> = {
  text: null,
  rate: null,
  picture: 'image',
  pair: 'image',
  page: 'document',
  video: 'video',
};

interface CuesEditorProps {
  cues: readonly PlannedCue[];
  /** Fields that do not fit: `cues.0.assetId`. */
  wrong: ReadonlySet<string>;
  onChange: (cues: PlannedCue[]) => void;
}

/** The run of show: what comes on stage, in which order, and what is asked with it. */
export function CuesEditor({ cues, wrong, onChange }: CuesEditorProps) {
  const { t } = useTranslation();
  const assets = useAssets();
  const set = (at: number, part: Partial<PlannedCue>) =>
    onChange(cues.map((cue, place) => (place === at ? { ...cue, ...part } : cue)));
  const move = (at: number, by: number) => {
    const next = cues.toSpliced(at, 1);
    onChange(next.toSpliced(at + by, 0, cues[at]!));
  };
  return (
    <>
      <ol className={styles.planCues}>
        {cues.map((cue, at) => {
          const n = at + 1;
          const kind = shows[cue.kind];
          // A film without captions cannot go on stage.
          const fitting = (assets.data ?? []).filter(
            (asset) => asset.kind === kind && (kind !== 'video' || asset.captions.length > 0),
          );
          const asset = fitting.find(({ id }) => id === cue.assetId);
          const error = (field: 'title' | 'prompt' | 'assetId' | 'otherAssetId' | 'page') =>
            wrong.has(`cues.${at}.${field}`) ? t(`plan.cue.${field}.takes`) : undefined;
          const choose = (label: string, field: 'assetId' | 'otherAssetId') => (
            <NativeSelect
              label={label}
              value={cue[field] ?? ''}
              error={error(field)}
              data={[
                { value: '', label: t('plan.cue.choose') },
                ...fitting.map(({ id, title }) => ({ value: id, label: title })),
              ]}
              onChange={({ currentTarget }) => set(at, { [field]: currentTarget.value || null })}
            />
          );
          return (
            <li key={cue.key}>
              <fieldset className={styles.planCue}>
                <legend>{t('plan.cue.n', { n })}</legend>
                <NativeSelect
                  label={t('plan.cue.kind')}
                  value={cue.kind}
                  data={CueKind.options.map((value) => ({ value, label: t(`plan.cue.kind.${value}`) }))}
                  onChange={({ currentTarget }) => {
                    const next = newCue(CueKind.parse(currentTarget.value));
                    set(at, { ...next, key: cue.key, title: cue.title, prompt: cue.prompt });
                  }}
                />
                <TextInput
                  label={t('plan.cue.title')}
                  maxLength={120}
                  value={cue.title}
                  error={error('title')}
                  onChange={({ currentTarget }) => set(at, { title: currentTarget.value })}
                />
                <Textarea
                  label={t('plan.cue.prompt')}
                  maxLength={280}
                  autosize
                  minRows={1}
                  value={cue.prompt}
                  error={error('prompt')}
                  onChange={({ currentTarget }) => set(at, { prompt: currentTarget.value })}
                />
                {kind && choose(t(cue.kind === 'pair' ? 'plan.cue.left' : `plan.cue.${kind}`), 'assetId')}
                {cue.kind === 'pair' && choose(t('plan.cue.right'), 'otherAssetId')}
                {cue.kind === 'page' && (
                  <NumberInput
                    label={t('plan.cue.page', { count: asset?.pages ?? 1 })}
                    min={1}
                    max={asset?.pages ?? 60}
                    value={cue.page ?? 1}
                    error={error('page')}
                    onChange={(value) => set(at, { page: Number(value) || 1 })}
                  />
                )}
                <div className={styles.row}>
                  <Button
                    variant="default"
                    disabled={at === 0}
                    aria-label={t('plan.cue.up', { n })}
                    onClick={() => move(at, -1)}
                  >
                    {t('plan.up')}
                  </Button>
                  <Button
                    variant="default"
                    disabled={at === cues.length - 1}
                    aria-label={t('plan.cue.down', { n })}
                    onClick={() => move(at, 1)}
                  >
                    {t('plan.down')}
                  </Button>
                  <Button
                    variant="default"
                    disabled={cues.length === 1}
                    aria-label={t('plan.cue.remove', { n })}
                    onClick={() => onChange(cues.toSpliced(at, 1))}
                  >
                    {t('activity.remove')}
                  </Button>
                </div>
              </fieldset>
            </li>
          );
        })}
      </ol>
      <Button variant="default" w="fit-content" onClick={() => onChange([...cues, newCue()])}>
        {t('plan.cue.add')}
      </Button>
    </>
  );
}
