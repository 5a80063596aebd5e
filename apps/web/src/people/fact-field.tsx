import { Checkbox, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import type { FactDef } from '@parley/contracts/profile';
import type { FactValue } from '@parley/contracts/rule';
import { ANSWER_MAX, type AnswerProblem } from '@parley/contracts/screener';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';

interface FactFieldProps {
  def: FactDef;
  /** Null when nothing is known. */
  value: FactValue | null;
  problem: AnswerProblem | null;
  onChange: (value: FactValue | null) => void;
}

/** The field for a fact, by its kind. */
export function FactField({ def, value, problem, onChange }: FactFieldProps) {
  const { t } = useTranslation();
  const { kind, label, options } = def;
  const error = problem && t(problemTexts[problem]);
  if (kind === 'single')
    return (
      <NativeSelect
        label={label}
        error={error}
        value={typeof value === 'string' ? value : ''}
        data={[
          { value: '', label: t('profile.notSaid') },
          ...options.map((option) => ({ value: option.value, label: option.label })),
        ]}
        onChange={(event) => onChange(event.currentTarget.value || null)}
      />
    );
  if (kind === 'multiple')
    return (
      <Checkbox.Group
        label={label}
        description={t('profile.severalHow')}
        error={error}
        value={Array.isArray(value) ? value : []}
        onChange={(chosen) => onChange(chosen.length ? chosen : null)}
      >
        <Stack gap="xs" mt="xs">
          {options.map((option) => (
            <Checkbox key={option.value} value={option.value} label={option.label} />
          ))}
        </Stack>
      </Checkbox.Group>
    );
  const isNumber = kind === 'number' || kind === 'scale';
  const shared = {
    label,
    description: t('profile.emptyHow'),
    error,
    maxLength: ANSWER_MAX,
    value: value === null ? '' : String(value),
  };
  if (kind === 'text')
    return (
      <Textarea
        {...shared}
        autosize
        minRows={2}
        onChange={(event) => onChange(event.currentTarget.value || null)}
      />
    );
  return (
    <TextInput
      {...shared}
      type={kind === 'date' ? 'date' : isNumber ? 'number' : 'text'}
      {...(isNumber && { inputMode: 'decimal' as const, step: 'any' })}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        onChange(typed === '' ? null : isNumber ? Number(typed) : typed);
      }}
    />
  );
}

const problemTexts = {
  missing: 'door.problem.missing',
  choice: 'door.problem.choice',
  count: 'door.problem.choice',
  number: 'door.problem.number',
  range: 'door.problem.number',
  date: 'door.problem.date',
  text: 'door.problem.text',
  region: 'door.problem.region',
} as const satisfies Record<AnswerProblem, string>;

/** Says what is known in words, as people of the language write them. */
export function useFactWords() {
  const { i18n } = useTranslation();
  const { date } = useFormat();
  return ({ kind, options }: FactDef, value: FactValue): string => {
    if (typeof value === 'number') return value.toLocaleString(i18n.language);
    if (kind === 'date') return date(String(value));
    return [value]
      .flat()
      .map((one) => options.find((option) => option.value === one)?.label ?? one)
      .join(', ');
  };
}
