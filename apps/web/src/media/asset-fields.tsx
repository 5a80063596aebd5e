import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { type AssetOnDesk, Confidentiality } from '@parley/contracts/media';
import { useTranslation } from 'react-i18next';
import { isoOf, localOf } from '../platform/format';

/** What is said of an asset. */
export type AssetWords = Pick<AssetOnDesk, 'title' | 'description' | 'confidentiality' | 'embargoUntil'>;

export const noWords: AssetWords = {
  title: '',
  description: '',
  confidentiality: 'private',
  embargoUntil: null,
};

interface AssetFieldsProps {
  words: AssetWords;
  onChange: (change: Partial<AssetWords>) => void;
}

export function AssetFields({ words, onChange }: AssetFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t('assets.name')}
        value={words.title}
        maxLength={120}
        required
        onChange={({ currentTarget }) => onChange({ title: currentTarget.value })}
      />
      <Textarea
        label={t('assets.description')}
        description={t('assets.descriptionHow')}
        value={words.description}
        maxLength={600}
        autosize
        minRows={2}
        required
        onChange={({ currentTarget }) => onChange({ description: currentTarget.value })}
      />
      <NativeSelect
        label={t('assets.confidentiality')}
        description={t('assets.traces')}
        value={words.confidentiality}
        data={Confidentiality.options.map((value) => ({ value, label: t(`assets.${value}`) }))}
        onChange={({ currentTarget }) =>
          onChange({ confidentiality: Confidentiality.parse(currentTarget.value) })
        }
      />
      <TextInput
        type="datetime-local"
        label={t('assets.embargo')}
        description={t('assets.embargoHow')}
        value={localOf(words.embargoUntil)}
        onChange={({ currentTarget }) => onChange({ embargoUntil: isoOf(currentTarget.value) })}
      />
    </>
  );
}
