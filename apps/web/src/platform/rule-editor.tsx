import { ActionIcon, Button, Checkbox, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import type { FactDef } from '@parley/contracts/profile';
import { type Condition, isCounted, MemberCount, type Rule } from '@parley/contracts/rule';
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs';
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs';
import { useTranslation } from 'react-i18next';
import styles from './rule-editor.module.css';

interface RuleEditorProps {
  value: Rule;
  onChange: (rule: Rule) => void;
  facts: readonly FactDef[];
}

const isNumber = ({ kind }: FactDef) => kind === 'number' || kind === 'scale';

/** What a fact can be asked for, by its kind. */
function waysOf(fact: FactDef): Condition['is'][] {
  if (isCounted({ fact: fact.key })) return ['atMost', 'atLeast'];
  if (fact.options.length) return ['anyOf', 'noneOf', 'known'];
  return isNumber(fact) ? ['atLeast', 'atMost', 'known'] : ['known'];
}

/** A condition on a fact that says as much as can be said without asking. */
function conditionOn(fact: FactDef, is: Condition['is'] = waysOf(fact)[0]!): Condition {
  if (is === 'anyOf' || is === 'noneOf') return { fact: fact.key, is, values: [fact.options[0]!.value] };
  return is === 'known' ? { fact: fact.key, is } : { fact: fact.key, is, value: 0 };
}

/** What is counted of members, beside what is known of them. */
export function useCounted(): FactDef[] {
  const { t } = useTranslation();
  return MemberCount.options.map((key) => ({
    ...{ key, label: t(`rule.count.${key}`), kind: 'number', options: [], editable: false, sensitive: false },
  }));
}

/** Says whom it is about: conditions on what is known, all of which must hold. */
export function RuleEditor({ value: rule, onChange, facts }: RuleEditorProps) {
  const { t } = useTranslation();
  const change = (at: number, condition: Condition) =>
    onChange(rule.map((each, place) => (place === at ? condition : each)));
  const [first] = facts;
  return (
    <Stack gap="sm">
      {!rule.length && <Text c="dimmed">{t('rule.everybody')}</Text>}
      {rule.map((condition, at) => {
        const fact = facts.find(({ key }) => key === condition.fact);
        const label = fact?.label ?? condition.fact;
        return (
          <fieldset key={at} className={styles.condition}>
            <legend>{at ? t('rule.and') : t('rule.who')}</legend>
            <NativeSelect
              aria-label={t('rule.fact')}
              value={condition.fact}
              data={facts.map(({ key, label: text }) => ({ value: key, label: text }))}
              onChange={(event) => {
                const chosen = facts.find(({ key }) => key === event.currentTarget.value);
                if (chosen) change(at, conditionOn(chosen));
              }}
            />
            <NativeSelect
              aria-label={t('rule.is')}
              value={condition.is}
              data={(fact ? waysOf(fact) : [condition.is]).map((is) => ({
                value: is,
                label: t(`rule.${is}`),
              }))}
              onChange={(event) => {
                const is = event.currentTarget.value as Condition['is'];
                if (fact)
                  change(
                    at,
                    'values' in condition && (is === 'anyOf' || is === 'noneOf')
                      ? { ...condition, is }
                      : conditionOn(fact, is),
                  );
              }}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={44}
              className={styles.remove}
              aria-label={t('rule.remove', { label })}
              onClick={() => onChange(rule.filter((_, place) => place !== at))}
            >
              <IconX size={18} aria-hidden />
            </ActionIcon>
            <Wanted condition={condition} fact={fact} onChange={(next) => change(at, next)} />
          </fieldset>
        );
      })}
      <Button
        variant="subtle"
        className={styles.add}
        leftSection={<IconPlus size={18} aria-hidden />}
        disabled={!first || rule.length >= 8}
        onClick={() => first && onChange([...rule, conditionOn(first)])}
      >
        {rule.length ? t('rule.more') : t('rule.add')}
      </Button>
    </Stack>
  );
}

interface WantedProps {
  condition: Condition;
  fact: FactDef | undefined;
  onChange: (condition: Condition) => void;
}

function Wanted({ condition, fact, onChange }: WantedProps) {
  const { t } = useTranslation();
  if ('values' in condition)
    return (
      <Checkbox.Group
        className={styles.wide}
        aria-label={t('rule.values')}
        value={condition.values}
        // A rule that is about no answer at all says nothing: the last one stays.
        onChange={(values) => values.length && onChange({ ...condition, values })}
      >
        <div className={styles.choices}>
          {fact?.options.map(({ value, label }) => (
            <Checkbox key={value} value={value} label={label} />
          ))}
        </div>
      </Checkbox.Group>
    );
  if ('value' in condition)
    return (
      <TextInput
        type="number"
        inputMode="decimal"
        aria-label={t('rule.value')}
        value={String(condition.value)}
        onChange={(event) => onChange({ ...condition, value: Number(event.currentTarget.value) })}
      />
    );
  return null;
}

/** A rule in words, for lists. */
export function useRuleText(facts: readonly FactDef[]) {
  const { t } = useTranslation();
  return (rule: Rule) =>
    rule
      .map((condition) => {
        const fact = facts.find(({ key }) => key === condition.fact);
        const labelOf = (value: string) =>
          fact?.options.find((option) => option.value === value)?.label ?? value;
        const what =
          'values' in condition
            ? condition.values.map(labelOf).join(', ')
            : 'value' in condition
              ? String(condition.value)
              : '';
        return `${fact?.label ?? condition.fact} ${t(`rule.${condition.is}`)} ${what}`.trim();
      })
      .join(` ${t('rule.and')} `);
}
