import { Checkbox, NativeSelect, Stack, TextInput } from '@mantine/core';
import type { FactDef } from '@parley/contracts/profile';
import type { FactValue } from '@parley/contracts/rule';
import { useTranslation } from 'react-i18next';

interface FactFieldProps {
  def: FactDef;
  /** Null when nothing is known. */
  value: FactValue | null;
  onChange: (value: FactValue | null) => void;
}

/** The field for a fact, by its kind. */
export function FactField({ def: { kind, label, options }, value, onChange }: FactFieldProps) {
  const { t } = useTranslation();
  if (kind === 'single')
    return (
      <NativeSelect
        label={label}
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
  return (
    <TextInput
      label={label}
      type={kind === 'date' ? 'date' : isNumber ? 'number' : 'text'}
      {...(isNumber && { inputMode: 'decimal' as const, step: 'any' })}
      maxLength={300}
      value={value === null ? '' : String(value)}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        onChange(typed === '' ? null : isNumber ? Number(typed) : typed);
      }}
    />
  );
}

/** What is known, in words. */
export const wordsOf = ({ options }: FactDef, value: FactValue) =>
  [value]
    .flat()
    .map((one) => options.find((option) => option.value === one)?.label ?? String(one))
    .join(', ');
