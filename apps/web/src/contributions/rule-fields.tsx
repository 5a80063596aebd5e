import { NativeSelect, Radio } from '@mantine/core';
import { ModerationMode, type ModerationRule } from '@parley/contracts/contributions';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import styles from './desk.module.css';

const MINUTE = 60;
/** What can be chosen; another value that stands already can be kept. */
const holds = [10, 30, 60, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, 60 * MINUTE];
const decides = [15, 30, 60, 240, 480, 1_440, 2_880, 4_320, 7_200, 10_080, 20_160];
const withOwn = (all: readonly number[], own: number) =>
  all.includes(own) ? all : [...all, own].sort((a, b) => a - b);

interface RuleFieldsProps {
  rule: ModerationRule;
  onChange: (rule: ModerationRule) => void;
}

/** How a place is moderated: who sees what is sent, when, and how long moderators take. */
export function RuleFields({ rule, onChange }: RuleFieldsProps) {
  const { t } = useTranslation();
  const { span } = useFormat();
  return (
    <div className={styles.rule}>
      <Radio.Group
        label={t('rules.mode')}
        value={rule.mode}
        onChange={(mode) => onChange({ ...rule, mode: ModerationMode.parse(mode) })}
      >
        <div className={styles.choices}>
          {ModerationMode.options.map((mode) => (
            <Radio
              key={mode}
              value={mode}
              label={t(`rules.mode.${mode}`)}
              description={t(`rules.mode.${mode}.means`)}
            />
          ))}
        </div>
      </Radio.Group>
      {rule.mode === 'hold' && (
        <NativeSelect
          label={t('rules.hold')}
          value={String(rule.holdSeconds)}
          data={withOwn(holds, rule.holdSeconds).map((seconds) => ({
            value: String(seconds),
            label: span(seconds),
          }))}
          onChange={(event) => onChange({ ...rule, holdSeconds: Number(event.currentTarget.value) })}
        />
      )}
      <NativeSelect
        label={t('rules.decide')}
        description={t('rules.decideHow')}
        value={String(rule.decideMinutes)}
        data={withOwn(decides, rule.decideMinutes).map((minutes) => ({
          value: String(minutes),
          label: span(minutes * MINUTE),
        }))}
        onChange={(event) => onChange({ ...rule, decideMinutes: Number(event.currentTarget.value) })}
      />
    </div>
  );
}

/** A rule in a line. */
export function useRuleWords() {
  const { t } = useTranslation();
  const { span } = useFormat();
  return ({ mode, holdSeconds, decideMinutes }: ModerationRule) =>
    [
      mode === 'hold' ? t('rules.short.hold', { span: span(holdSeconds) }) : t(`rules.short.${mode}`),
      mode === 'approve' && t('rules.short.decide', { span: span(decideMinutes * MINUTE) }),
    ]
      .filter(Boolean)
      .join(' ');
}
