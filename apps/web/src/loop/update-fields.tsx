import { Checkbox, NativeSelect, Radio, Text, Textarea, TextInput } from '@mantine/core';
import type { Asset } from '@parley/contracts/media';
import type { PromiseCard } from '@parley/contracts/loop';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Still } from '../platform/media';
import { Refusal } from '../platform/refusal';
import { useAssets } from '../platform/media.data';
import { usePromises } from './loop-desk.data';
import styles from './loop-desk.module.css';
import { labelsOf } from './update-words';
import { dayOf, hasDay, needs, outcomes, type Problems, type Writing } from './writing';

interface UpdateFieldsProps {
  writing: Writing;
  /** Those that are to be said by now. */
  problems: Problems;
  onChange: (change: Partial<Writing>) => void;
  /** Once it is out, whose promise it keeps stays as it is. */
  isOut?: boolean;
}

/** What an Update says: the outcome first, because it decides what else has to be said. */
export function UpdateFields({ writing, problems, onChange, isOut = false }: UpdateFieldsProps) {
  const { t } = useTranslation();
  const { outcome } = writing;
  const wrong = (field: keyof Problems) =>
    problems[field] && t(`editor.${field}.${problems[field]}` as 'editor.title.missing');
  const told = (field: 'weDid' | 'because' | 'on') =>
    needs(outcome, field) ? t('editor.needed') : t('editor.ifYouLike');
  const { did, why } = labelsOf({ outcome: outcome ?? 'adopted' });
  return (
    <fieldset className={styles.fields}>
      <legend className={styles.hidden}>{t('editor.fields')}</legend>
      <Radio.Group
        label={t('editor.outcomeLabel')}
        description={t('editor.outcomeHow')}
        value={outcome}
        error={wrong('outcome')}
        onChange={(value) => onChange({ outcome: outcomes.find((each) => each === value) ?? null })}
      >
        <div className={styles.outcomes} id="field-outcome">
          {outcomes.map((value) => (
            <Radio
              key={value}
              size="md"
              value={value}
              classNames={{ root: styles.outcome, body: styles.outcomeBody }}
              label={t(`fate.outcome.${value}`)}
              description={t(`editor.outcomeIs.${value}`)}
            />
          ))}
        </div>
      </Radio.Group>
      <TextInput
        id="field-title"
        label={t('editor.title')}
        value={writing.title}
        error={wrong('title')}
        onChange={(event) => onChange({ title: event.currentTarget.value })}
      />
      <Textarea
        id="field-youSaid"
        label={t('feed.youSaid')}
        description={t('editor.youSaidHow')}
        autosize
        minRows={2}
        value={writing.youSaid}
        error={wrong('youSaid')}
        onChange={(event) => onChange({ youSaid: event.currentTarget.value })}
      />
      <Textarea
        id="field-weDid"
        label={`${t(`feed.${did}`)} (${told('weDid')})`}
        autosize
        minRows={2}
        value={writing.weDid}
        error={wrong('weDid')}
        onChange={(event) => onChange({ weDid: event.currentTarget.value })}
      />
      <Textarea
        id="field-because"
        label={`${t(`feed.${why}`)} (${told('because')})`}
        description={needs(outcome, 'because') ? t('editor.becauseNeeded') : t('editor.becauseHow')}
        autosize
        minRows={2}
        value={writing.because}
        error={wrong('because')}
        onChange={(event) => onChange({ because: event.currentTarget.value })}
      />
      {hasDay(outcome) && (
        <TextInput
          id="field-on"
          type="date"
          className={styles.day}
          label={`${t(outcome === 'deferred' ? 'editor.until' : 'editor.deliveredBy')} (${told('on')})`}
          {...(outcome === 'deferred' && { min: dayOf(new Date()) })}
          value={writing.on}
          error={wrong('on')}
          onChange={(event) => onChange({ on: event.currentTarget.value })}
        />
      )}
      <Pictures writing={writing} onChange={onChange} />
      {!isOut && <PromiseChoice writing={writing} onChange={onChange} />}
      <Checkbox
        size="md"
        label={t('editor.shareable')}
        description={t('editor.shareableHow')}
        checked={writing.shareable}
        onChange={(event) => onChange({ shareable: event.currentTarget.checked })}
      />
    </fieldset>
  );
}

type Part = Pick<UpdateFieldsProps, 'writing' | 'onChange'>;

function Pictures({ writing, onChange }: Part) {
  const { t } = useTranslation();
  const assets = useAssets();
  const choice = (field: 'beforeAssetId' | 'afterAssetId') => (
    <div className={styles.picture}>
      <NativeSelect
        label={t(`editor.${field}`)}
        value={writing[field] ?? ''}
        data={[
          { value: '', label: t('editor.noPicture') },
          ...(assets.data ?? []).map(({ id, title, kind }) => ({
            value: id,
            label: kind === 'video' ? t('editor.video', { title }) : title,
          })),
        ]}
        onChange={(event) => onChange({ [field]: event.currentTarget.value || null })}
      />
      <Picture asset={assets.data?.find(({ id }) => id === writing[field])} />
    </div>
  );
  return (
    <div>
      <div className={styles.pair}>
        {choice('beforeAssetId')}
        {choice('afterAssetId')}
      </div>
      <Text className={styles.small}>{t('editor.picturesHow')}</Text>
      <Refusal error={assets.error} onRetry={() => void assets.refetch()} />
    </div>
  );
}

/** An asset as a still picture. */
export function Picture({ asset }: { asset: Asset | undefined }) {
  if (!asset) return null;
  const { mediaId, description, width, height } = asset;
  return (
    <div className={styles.still}>
      <Still {...{ mediaId, width, height }} alt={description} sizes="320px" />
    </div>
  );
}

function PromiseChoice({ writing, onChange }: Part) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const promises = usePromises();
  const open = (promises.data ?? []).filter(({ endedAt, space }) => !endedAt || space.id === writing.spaceId);
  const nameOf = ({ space, dueOn }: PromiseCard) =>
    t('editor.promiseOf', { title: space.title, date: date(dueOn) });
  return (
    <div className={styles.part}>
      <NativeSelect
        label={t('editor.promise')}
        value={writing.spaceId ?? ''}
        data={[
          { value: '', label: t('editor.noPromise') },
          ...open.map((promise) => ({ value: promise.space.id, label: nameOf(promise) })),
        ]}
        onChange={(event) => {
          const spaceId = event.currentTarget.value || null;
          onChange({ spaceId, ...(!spaceId && { keepsPromise: false }) });
        }}
      />
      <Refusal error={promises.error} onRetry={() => void promises.refetch()} />
      {writing.spaceId && (
        <Checkbox
          size="md"
          label={t('editor.keeps')}
          description={t('editor.keepsHow')}
          checked={writing.keepsPromise}
          onChange={(event) => onChange({ keepsPromise: event.currentTarget.checked })}
        />
      )}
    </div>
  );
}
