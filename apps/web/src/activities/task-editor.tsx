import { Button, Checkbox, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import { type TaskBody, TaskKind } from '@parley/contracts/activities';
import type { Asset } from '@parley/contracts/media';
import type { ProfileFact } from '@parley/contracts/profile';
import { useTranslation } from 'react-i18next';
import styles from './activities.module.css';
import { ofKind, optionsOf } from './planning';

interface TaskEditorProps {
  task: TaskBody;
  n: number;
  of: number;
  assets: readonly Asset[];
  facts: readonly ProfileFact[];
  /** Fields of this task of which something is missing. */
  problems: ReadonlySet<string>;
  onChange: (task: TaskBody) => void;
  onMove: (by: number) => void;
  onCopy: () => void;
  onRemove: () => void;
}

/** One task as the team writes it. */
export function TaskEditor(props: TaskEditorProps) {
  const { task, n, of, assets, facts, problems, onChange, onMove, onCopy, onRemove } = props;
  const { t } = useTranslation();
  const { kind, options, scale } = task;
  const change = (part: Partial<TaskBody>) => onChange({ ...task, ...part });
  const error = (field: string) =>
    problems.has(field) ? t(`plan.task.${field as 'prompt'}.takes`) : undefined;
  const pictures = assets.filter((asset) => kind !== 'place' || asset.kind === 'image');
  const single = facts.filter((fact) => fact.kind === 'single' && !fact.sensitive);
  const many = kind === 'pick' || kind === 'photo' || kind === 'video' || kind === 'place';
  return (
    <fieldset className={styles.editor} id={`edit-${task.id}`}>
      <legend>{t('plan.task.n', { n })}</legend>
      <NativeSelect
        label={t('plan.task.kind')}
        value={kind}
        data={TaskKind.options.map((value) => ({ value, label: t(`plan.task.kind.${value}`) }))}
        onChange={({ currentTarget }) => onChange(ofKind(task, TaskKind.parse(currentTarget.value)))}
      />
      <TextInput
        label={t('plan.task.prompt')}
        maxLength={280}
        dir="auto"
        value={task.prompt}
        error={error('prompt')}
        onChange={({ currentTarget }) => change({ prompt: currentTarget.value })}
      />
      <Textarea
        label={t('plan.task.help')}
        maxLength={600}
        autosize
        minRows={1}
        dir="auto"
        value={task.help ?? ''}
        onChange={({ currentTarget }) => change({ help: currentTarget.value || null })}
      />
      {(kind === 'pick' || kind === 'rank') && (
        <Textarea
          label={t('plan.task.options')}
          description={t('plan.task.optionsHow')}
          autosize
          minRows={2}
          dir="auto"
          value={options.map(({ label }) => label).join('\n')}
          error={error('options')}
          onChange={({ currentTarget }) => change({ options: optionsOf(currentTarget.value, options) })}
        />
      )}
      {scale && (
        <div className={styles.row}>
          <NativeSelect
            label={t('plan.task.from')}
            value={String(scale.from)}
            data={['0', '1']}
            onChange={({ currentTarget }) =>
              change({ scale: { ...scale, from: Number(currentTarget.value) } })
            }
          />
          <NumberInput
            label={t('plan.task.to')}
            min={2}
            max={10}
            value={scale.to}
            onChange={(value) => change({ scale: { ...scale, to: Number(value) || 5 } })}
          />
          <TextInput
            label={t('plan.task.fromLabel')}
            maxLength={60}
            value={scale.fromLabel}
            error={error('scale')}
            onChange={({ currentTarget }) => change({ scale: { ...scale, fromLabel: currentTarget.value } })}
          />
          <TextInput
            label={t('plan.task.toLabel')}
            maxLength={60}
            value={scale.toLabel}
            error={error('scale')}
            onChange={({ currentTarget }) => change({ scale: { ...scale, toLabel: currentTarget.value } })}
          />
        </div>
      )}
      {many && (
        <NumberInput
          label={t(`plan.task.most.${kind}`)}
          min={1}
          max={10}
          value={task.most}
          onChange={(value) => change({ most: Math.min(10, Math.max(1, Number(value) || 1)) })}
        />
      )}
      <NativeSelect
        label={t(kind === 'place' ? 'plan.task.picture' : 'plan.task.asset')}
        value={task.assetId ?? ''}
        error={error('assetId')}
        data={[
          { value: '', label: t('plan.task.noAsset') },
          ...pictures.map(({ id, title }) => ({ value: id, label: title })),
        ]}
        onChange={({ currentTarget }) => change({ assetId: currentTarget.value || null })}
      />
      {kind === 'pick' && task.most === 1 && single.length > 0 && (
        <NativeSelect
          label={t('plan.task.fact')}
          description={t('plan.task.factHow')}
          value={task.fact ?? ''}
          data={[
            { value: '', label: t('plan.task.noFact') },
            ...single.map(({ key, label }) => ({ value: key, label })),
          ]}
          onChange={({ currentTarget }) => {
            const fact = single.find(({ key }) => key === currentTarget.value);
            // Its options are what is known: so that what is known fits.
            change({
              fact: fact?.key ?? null,
              ...(fact && {
                options: optionsOf(fact.options.map(({ label }) => label).join('\n'), options),
              }),
            });
          }}
        />
      )}
      <Checkbox
        label={t('plan.task.required')}
        checked={task.required}
        onChange={({ currentTarget }) => change({ required: currentTarget.checked })}
      />
      <div className={styles.row}>
        <Button
          variant="default"
          disabled={n === 1}
          aria-label={t('plan.task.up', { n })}
          onClick={() => onMove(-1)}
        >
          {t('plan.up')}
        </Button>
        <Button
          variant="default"
          disabled={n === of}
          aria-label={t('plan.task.down', { n })}
          onClick={() => onMove(1)}
        >
          {t('plan.down')}
        </Button>
        <Button variant="default" aria-label={t('plan.task.copy', { n })} onClick={onCopy}>
          {t('plan.copy')}
        </Button>
        <Button
          variant="default"
          disabled={of === 1}
          aria-label={t('plan.task.remove', { n })}
          onClick={onRemove}
        >
          {t('activity.remove')}
        </Button>
      </div>
    </fieldset>
  );
}
