import { ActionIcon, Button, Checkbox, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import type { FactDef } from '@parley/contracts/profile';
import { Leads, type Question } from '@parley/contracts/screener';
import IconArrowDown from '@tabler/icons-react/dist/esm/icons/IconArrowDown.mjs';
import IconArrowUp from '@tabler/icons-react/dist/esm/icons/IconArrowUp.mjs';
import IconCopy from '@tabler/icons-react/dist/esm/icons/IconCopy.mjs';
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs';
import IconTrash from '@tabler/icons-react/dist/esm/icons/IconTrash.mjs';
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs';
import type { KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { becoming, emptyOption } from './screener.data';
import styles from './screener.module.css';

interface QuestionEditorProps {
  question: Question;
  place: number;
  of: number;
  /** Those that stand before it: it may be asked because of an answer to one of them. */
  earlier: readonly Question[];
  facts: readonly FactDef[];
  /** What is wrong with it, by field. */
  problems: ReadonlyMap<string, string>;
  onChange: (question: Question) => void;
  onMove: (by: -1 | 1) => void;
  onCopy: () => void;
  onRemove: () => void;
}

/** One question of a screener, being written. */
export function QuestionEditor(props: QuestionEditorProps) {
  const { question, place, of, facts, problems, onChange, onMove, onCopy, onRemove } = props;
  const { t } = useTranslation();
  const { kind, title, help, required, options, fact } = question;
  const name = title || t('screener.unnamed', { place: place + 1 });
  const change = (part: Partial<Question>) => onChange({ ...question, ...part });
  const wrong = (field: string) => problems.has(field) && t(`screener.problem.${problemOf(field, kind)}`);
  const byKey = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    onMove(event.key === 'ArrowUp' ? -1 : 1);
  };
  const fitting = facts.filter((def) => def.kind === kind);
  return (
    <section className={styles.card} aria-label={name} onKeyDown={byKey}>
      <header className={styles.cardHead}>
        <Text fw={600} size="sm" c="dimmed">
          {t('screener.place', { place: place + 1, kind: t(`screener.kind.${kind}`) })}
        </Text>
        <Group gap={4} wrap="nowrap">
          <Tool label={t('screener.up', { name })} disabled={!place} onClick={() => onMove(-1)}>
            <IconArrowUp size={18} aria-hidden />
          </Tool>
          <Tool label={t('screener.down', { name })} disabled={place === of - 1} onClick={() => onMove(1)}>
            <IconArrowDown size={18} aria-hidden />
          </Tool>
          <Tool label={t('screener.copy', { name })} onClick={onCopy}>
            <IconCopy size={18} aria-hidden />
          </Tool>
          <Tool label={t('screener.remove', { name })} onClick={onRemove}>
            <IconTrash size={18} aria-hidden />
          </Tool>
        </Group>
      </header>
      <TextInput
        label={t('screener.title')}
        value={title}
        error={wrong('title')}
        onChange={(event) => change({ title: event.currentTarget.value })}
      />
      <TextInput
        label={t('screener.help')}
        value={help}
        error={wrong('help')}
        onChange={(event) => change({ help: event.currentTarget.value })}
      />
      {options.length > 0 && <Options {...props} />}
      <Bounds {...props} />
      <Behind {...props} />
      <details className={styles.more} open={problems.has('askedIf') || undefined}>
        <summary>{t('screener.more')}</summary>
        <Stack gap="sm">
          <Checkbox
            label={t('screener.optional')}
            checked={!required}
            onChange={(event) => change({ required: !event.currentTarget.checked })}
          />
          <AskedIf {...props} />
          <NativeSelect
            label={t('screener.fact')}
            description={fitting.length ? t('screener.factHow') : t('screener.factNone')}
            disabled={!fitting.length}
            value={fact ?? ''}
            data={[
              { value: '', label: t('screener.factNot') },
              ...fitting.map(({ key, label }) => ({ value: key, label })),
            ]}
            onChange={(event) =>
              onChange(
                becoming(
                  question,
                  fitting.find(({ key }) => key === event.currentTarget.value),
                ),
              )
            }
          />
        </Stack>
      </details>
    </section>
  );
}

const said = ['title', 'options', 'most', 'askedIf', 'label', 'within'] as const;
/** Which sentence says what a field takes. */
const problemOf = (field: string, kind: Question['kind']) =>
  field === 'most' && kind === 'multiple' ? 'choose' : (said.find((name) => name === field) ?? 'other');

/** What is set where it is not seen at once: when it is asked, and what becomes of the answer. */
function Behind({ question, earlier, facts }: QuestionEditorProps) {
  const { t } = useTranslation();
  const { askedIf, fact, required } = question;
  const leader = earlier.find(({ id }) => id === askedIf?.questionId);
  const answers = leader?.options.filter(({ value }) => askedIf?.anyOf.includes(value)) ?? [];
  const words = [
    leader &&
      t('screener.onlyAfter', { title: leader.title, answers: answers.map(({ label }) => label).join(', ') }),
    fact && t('screener.becomes', { fact: facts.find(({ key }) => key === fact)?.label ?? fact }),
    !required && t('screener.optional'),
  ].filter(Boolean);
  if (!words.length) return null;
  return (
    <Text size="sm" c="dimmed" dir="auto">
      {words.join(' · ')}
    </Text>
  );
}

function Tool({
  label,
  children,
  ...more
}: {
  label: string;
  children: ReactNode;
  disabled?: boolean;
  onClick: () => void;
}) {
  return (
    <ActionIcon variant="subtle" color="gray" size={44} aria-label={label} title={label} {...more}>
      {children}
    </ActionIcon>
  );
}

function useLeads() {
  const { t } = useTranslation();
  return Leads.options.map((value) => ({ value, label: t(`screener.leads.${value}`) }));
}

/** The answers to choose from, and where each leads. Those of a fact are the fact's. */
function Options({ question, problems, onChange }: QuestionEditorProps) {
  const { t } = useTranslation();
  const leads = useLeads();
  const { options, fact } = question;
  const change = (at: number, part: Partial<(typeof options)[number]>) =>
    onChange({
      ...question,
      options: options.map((option, place) => (place === at ? { ...option, ...part } : option)),
    });
  return (
    <fieldset className={styles.options}>
      <legend>{t('screener.answers')}</legend>
      {options.map((option, at) => {
        const label = option.label || t('screener.answer', { place: at + 1 });
        return (
          <div key={option.value} className={styles.option}>
            <TextInput
              aria-label={t('screener.answer', { place: at + 1 })}
              value={option.label}
              error={problems.has(`options.${at}.label`) && t('screener.problem.label')}
              onChange={(event) => change(at, { label: event.currentTarget.value })}
            />
            <NativeSelect
              aria-label={t('screener.leadsOf', { label })}
              data={leads}
              value={option.leads}
              onChange={(event) => change(at, { leads: Leads.parse(event.currentTarget.value) })}
            />
            <Tool
              label={t('screener.removeAnswer', { label })}
              disabled={options.length <= 2}
              onClick={() => onChange({ ...question, options: options.filter((_, place) => place !== at) })}
            >
              <IconX size={18} aria-hidden />
            </Tool>
          </div>
        );
      })}
      {problems.has('options') && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {t('screener.problem.options')}
        </Text>
      )}
      {fact ? (
        <Text size="sm" c="dimmed">
          {t('screener.answersOfFact')}
        </Text>
      ) : (
        <Button
          variant="subtle"
          className={styles.start}
          leftSection={<IconPlus size={18} aria-hidden />}
          disabled={options.length >= 20}
          onClick={() =>
            onChange({
              ...question,
              options: [...options, emptyOption(options.map(({ value }) => value))],
            })
          }
        >
          {t('screener.addAnswer')}
        </Button>
      )}
    </fieldset>
  );
}

const numberOr = (text: string): number | null => (text.trim() === '' ? null : Number(text));
const textOf = (value: number | null) => (value === null || Number.isNaN(value) ? '' : String(value));

/** What is taken, and outside of what an answer leads elsewhere. */
function Bounds({ question, problems, onChange }: QuestionEditorProps) {
  const { t } = useTranslation();
  const leads = useLeads();
  const { kind, least, most, ends, within } = question;
  const change = (part: Partial<Question>) => onChange({ ...question, ...part });
  const isScale = kind === 'scale';
  const hasRange = kind === 'number' || isScale || kind === 'multiple';
  const canLead = kind === 'number' || isScale || kind === 'date';
  if (!hasRange && !canLead) return null;
  const bound = (name: 'least' | 'most') => (
    <TextInput
      type="number"
      inputMode="numeric"
      label={t(
        kind === 'multiple'
          ? `screener.choose.${name}`
          : isScale
            ? `screener.scale.${name}`
            : `screener.${name}`,
      )}
      value={textOf(name === 'least' ? least : most)}
      error={
        name === 'most' &&
        problems.has('most') &&
        t(kind === 'multiple' ? 'screener.problem.choose' : 'screener.problem.most')
      }
      onChange={(event) => change({ [name]: numberOr(event.currentTarget.value) })}
    />
  );
  return (
    <>
      {hasRange && (
        <div className={styles.pair}>
          {bound('least')}
          {bound('most')}
        </div>
      )}
      {isScale && (
        <div className={styles.pair}>
          {([0, 1] as const).map((end) => (
            <TextInput
              key={end}
              label={t(end ? 'screener.endHigh' : 'screener.endLow')}
              value={ends[end]}
              error={problems.has(`ends.${end}`) && t('screener.problem.other')}
              onChange={(event) => {
                const words = event.currentTarget.value;
                change({ ends: end ? [ends[0], words] : [words, ends[1]] });
              }}
            />
          ))}
        </div>
      )}
      {canLead && (
        <Checkbox
          label={t('screener.within')}
          checked={within !== null}
          onChange={(event) =>
            change({
              within: event.currentTarget.checked
                ? { least: null, most: null, otherwise: 'notThisTime' }
                : null,
            })
          }
        />
      )}
      {canLead && within && (
        <div className={styles.three}>
          {(['least', 'most'] as const).map((name) => (
            <TextInput
              key={name}
              type="number"
              inputMode="numeric"
              label={t(kind === 'date' ? `screener.year.${name}` : `screener.${name}`)}
              value={textOf(within[name])}
              error={name === 'most' && problems.has('within') && t('screener.problem.within')}
              onChange={(event) =>
                change({ within: { ...within, [name]: numberOr(event.currentTarget.value) } })
              }
            />
          ))}
          <NativeSelect
            label={t('screener.otherwise')}
            data={leads}
            value={within.otherwise}
            onChange={(event) =>
              change({ within: { ...within, otherwise: Leads.parse(event.currentTarget.value) } })
            }
          />
        </div>
      )}
    </>
  );
}

/** The earlier answer because of which it is asked. */
function AskedIf({ question, earlier, problems, onChange }: QuestionEditorProps) {
  const { t } = useTranslation();
  const { askedIf } = question;
  const leaders = earlier.filter(({ options }) => options.length);
  const leader = leaders.find(({ id }) => id === askedIf?.questionId);
  return (
    <>
      <NativeSelect
        label={t('screener.askedIf')}
        value={askedIf?.questionId ?? ''}
        error={problems.has('askedIf') && t('screener.problem.askedIf')}
        data={[
          { value: '', label: t('screener.always') },
          ...leaders.map(({ id, title }, at) => ({
            value: id,
            label: t('screener.dependsOn', { title: title || t('screener.unnamed', { place: at + 1 }) }),
          })),
        ]}
        onChange={(event) => {
          const chosen = leaders.find(({ id }) => id === event.currentTarget.value);
          onChange({
            ...question,
            askedIf: chosen ? { questionId: chosen.id, anyOf: [chosen.options[0]!.value] } : null,
          });
        }}
      />
      {askedIf && leader && (
        <Checkbox.Group
          label={t('screener.onAnswers')}
          value={askedIf.anyOf}
          onChange={(anyOf) => anyOf.length && onChange({ ...question, askedIf: { ...askedIf, anyOf } })}
        >
          <Stack gap="xs" mt="xs">
            {leader.options.map(({ value, label }, at) => (
              <Checkbox key={value} value={value} label={label || t('screener.answer', { place: at + 1 })} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
    </>
  );
}
