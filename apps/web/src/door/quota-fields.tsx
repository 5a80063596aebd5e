import { ActionIcon, Group, Text, TextInput } from '@mantine/core';
import type { Cell, PlanState, Share } from '@parley/contracts/door';
import type { FactDef } from '@parley/contracts/profile';
import IconTrash from '@tabler/icons-react/dist/esm/icons/IconTrash.mjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { RuleEditor } from '../platform/rule-editor';
import styles from './desk.module.css';

interface FieldsProps<T, S> {
  facts: readonly FactDef[];
  /** Who is in it; none of what was never published. */
  counts: S | undefined;
  wrong: (field: string) => boolean;
  onChange: (next: T) => void;
  onRemove: () => void;
}

/** One quota cell, being written. */
export function CellFields({
  cell,
  ...props
}: FieldsProps<Cell, PlanState['cells'][number]> & { cell: Cell }) {
  const { t } = useTranslation();
  const { facts, counts, wrong, onChange, onRemove } = props;
  const change = (part: Partial<Cell>) => onChange({ ...cell, ...part });
  return (
    <section className={styles.card} aria-label={cell.label || t('quotas.newCell')}>
      <Head
        kind={t('quotas.cell')}
        label={cell.label}
        isWrong={wrong('label')}
        isNew={!counts && !cell.label}
        onChange={(label) => change({ label })}
        onRemove={onRemove}
      />
      {counts && <Counts counts={counts} />}
      <RuleEditor value={cell.rule} facts={facts} onChange={(rule) => change({ rule })} />
      {wrong('rule') && <Wrong>{t('quotas.problem.rule')}</Wrong>}
      <div className={styles.pair}>
        <NumberField
          label={t('quotas.target')}
          value={cell.target}
          isNeeded
          onChange={(target) => change({ target: target ?? 0 })}
        />
        <NumberField
          label={t('quotas.soft')}
          value={cell.soft}
          error={wrong('soft') && t('quotas.problem.soft')}
          onChange={(soft) => change({ soft })}
        />
        <NumberField label={t('quotas.hard')} value={cell.hard} onChange={(hard) => change({ hard })} />
      </div>
    </section>
  );
}

/** One least share, being written. */
export function ShareFields({
  share,
  ...props
}: FieldsProps<Share, PlanState['shares'][number]> & { share: Share }) {
  const { t } = useTranslation();
  const { facts, counts, wrong, onChange, onRemove } = props;
  const change = (part: Partial<Share>) => onChange({ ...share, ...part });
  return (
    <section className={styles.card} aria-label={share.label || t('quotas.newShare')}>
      <Head
        kind={t('quotas.leastShare')}
        label={share.label}
        isWrong={wrong('label')}
        isNew={!counts && !share.label}
        onChange={(label) => change({ label })}
        onRemove={onRemove}
      />
      {counts && <Counts counts={counts} of={counts.of} />}
      <RuleEditor value={share.rule} facts={facts} onChange={(rule) => change({ rule })} />
      {wrong('rule') && <Wrong>{t('quotas.problem.rule')}</Wrong>}
      <NumberField
        label={t('quotas.least')}
        value={share.least}
        isNeeded
        error={wrong('least') && t('quotas.problem.least')}
        onChange={(least) => change({ least: least ?? 0 })}
      />
    </section>
  );
}

const Wrong = ({ children }: { children: string }) => (
  <Text role="alert" size="sm" c="var(--mantine-color-error)">
    {children}
  </Text>
);

/** Who is in it now, or would be with the change. */
function Counts({ counts, of }: { counts: Omit<PlanState['total'], 'hard'>; of?: number }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { filled, reserved, waiting, state } = counts;
  return (
    <Text className={styles.small}>
      {[
        of === undefined
          ? t('desk.filled', { count: filled })
          : `${t('desk.shareOf', { filled: number(filled), of: number(of) })} (${of ? Math.round((100 * filled) / of) : 0} %)`,
        reserved > 0 && t('desk.held', { count: reserved }),
        waiting > 0 && t('desk.waits', { count: waiting }),
        of === undefined
          ? t(`desk.state.${state}`)
          : t(`desk.shareState.${state === 'full' ? 'full' : 'open'}`),
      ]
        .filter(Boolean)
        .join(' · ')}
    </Text>
  );
}

interface HeadProps {
  kind: string;
  label: string;
  isWrong: boolean;
  isNew: boolean;
  onChange: (label: string) => void;
  onRemove: () => void;
}

function Head({ kind, label, isWrong, isNew, onChange, onRemove }: HeadProps) {
  const { t } = useTranslation();
  // What was added just now is written next.
  const [takesFocus] = useState(isNew);
  return (
    <Group gap="sm" align="flex-start" wrap="nowrap">
      <TextInput
        flex={1}
        label={kind}
        placeholder={t('quotas.name')}
        value={label}
        maxLength={60}
        error={isWrong && t('quotas.problem.label')}
        autoFocus={takesFocus}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        size={44}
        mt={24}
        aria-label={t('quotas.remove', { label: label || kind })}
        onClick={onRemove}
      >
        <IconTrash size={18} aria-hidden />
      </ActionIcon>
    </Group>
  );
}

interface NumberFieldProps {
  label: string;
  description?: string;
  value: number | null;
  /** Empty is not "no limit" here. */
  isNeeded?: boolean;
  error?: string | false;
  /** Null when it is empty. */
  onChange: (value: number | null) => void;
}

const numberOf = (typed: string) => (typed.trim() === '' ? null : Math.max(0, Math.trunc(Number(typed))));

/** A count, or no limit. What is typed stays as it is typed, so that a field can be emptied and written anew. */
export function NumberField({ label, description, value, isNeeded, error, onChange }: NumberFieldProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value === null ? '' : String(value));
  const isTheSame = (isNeeded ? (numberOf(typed) ?? 0) : numberOf(typed)) === value;
  return (
    <TextInput
      type="number"
      inputMode="numeric"
      min={0}
      label={label}
      {...(description && { description })}
      {...(!isNeeded && { placeholder: t('quotas.noLimit') })}
      error={error}
      value={isTheSame ? typed : (value ?? '')}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onChange(numberOf(event.currentTarget.value));
      }}
    />
  );
}
