import { Checkbox, Text, Textarea, TextInput, UnstyledButton } from '@mantine/core';
import type { FactValue } from '@parley/contracts/rule';
import { ANSWER_MAX, type AnswerProblem, type AskedQuestion } from '@parley/contracts/screener';
import { lengthOf } from '@parley/contracts/text';
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs';
import type { TFunction } from 'i18next';
import { type CSSProperties, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DateFields, dateOf, type DateParts, dateProblemText, partsOf } from './date-fields';
import styles from './door.module.css';
import { StepTitle } from './step';

interface QuestionFieldProps {
  question: AskedQuestion;
  value: FactValue | undefined;
  onChange: (value: FactValue | undefined) => void;
  /** In place of `onChange` where one tap is the whole answer. */
  onChosen?: (value: FactValue) => void;
  problem?: AnswerProblem | null;
  /** A small line above the title. */
  above?: string;
  order?: 1 | 2 | 3;
  takesFocus?: boolean;
  disabled?: boolean;
}

/** One question of a screener with the field for its answer. */
export function QuestionField(props: QuestionFieldProps) {
  const { question, value, problem, above, order = 1, takesFocus = false } = props;
  const { t, i18n } = useTranslation();
  const id = useId();
  const { kind, title, least, most } = question;
  const howMany = kind === 'multiple' && (most !== null || (least ?? 0) > 1);
  const help = [
    question.help || (kind === 'region' ? t('door.region') : ''),
    howMany ? rangeText(t, 'door.choose', question) : '',
  ]
    .filter(Boolean)
    .join(' ');
  // A date says itself, field by field, what is wrong with it.
  const wrong = problem && !(kind === 'date' && value) ? problemText(t, problem, question) : '';
  const ids = { title: `${id}title`, help: `${id}help`, problem: `${id}problem` };
  // A single field carries its help and its problem itself; for a group they stand around it.
  const isField = kind === 'number' || kind === 'text' || kind === 'region';
  const around = [help && ids.help, wrong && ids.problem].filter(Boolean).join(' ');
  return (
    <div className={styles.question}>
      <StepTitle id={ids.title} order={order} takesFocus={takesFocus} {...(above && { above })}>
        {title}
      </StepTitle>
      {help && !isField && (
        <Text c="dimmed" id={ids.help} dir="auto">
          {help}
        </Text>
      )}
      <Field
        {...props}
        help={help}
        wrong={wrong}
        language={i18n.language}
        aria={{
          'aria-labelledby': ids.title,
          ...(!isField && around && { 'aria-describedby': around }),
        }}
      />
      {!isField && (
        <p id={ids.problem} role="alert" className={styles.problem}>
          {wrong}
        </p>
      )}
    </div>
  );
}

interface FieldProps extends QuestionFieldProps {
  aria: { 'aria-labelledby': string; 'aria-describedby'?: string };
  help: string;
  wrong: string;
  language: string;
}

const fieldStyles = {
  input: styles.input!,
  description: styles.hint!,
  error: styles.wrong!,
};

function Field(props: FieldProps) {
  switch (props.question.kind) {
    case 'single':
      return <Choices {...props} />;
    case 'scale':
      return <Scale {...props} />;
    case 'multiple':
      return <Several {...props} />;
    case 'number':
      return <NumberText {...props} />;
    case 'date':
      return <DateAnswer {...props} />;
    case 'text':
      return <LongText {...props} />;
    case 'region':
      return <Region {...props} />;
  }
}

/** Buttons rather than radio buttons: those would answer as soon as somebody moves through them by keyboard. */
function Choices({ question, value, onChange, onChosen, aria, disabled }: FieldProps) {
  return (
    <div role="group" {...aria} className={styles.choices}>
      {question.options.map((option) => (
        <UnstyledButton
          key={option.value}
          type="button"
          className={styles.choice}
          aria-pressed={value === option.value}
          disabled={disabled}
          onClick={() => (onChosen ?? onChange)(option.value)}
        >
          <span dir="auto">{option.label}</span>
          <IconCheck size={20} aria-hidden className={styles.check} />
        </UnstyledButton>
      ))}
    </div>
  );
}

function Scale({ question, value, onChange, onChosen, aria, disabled }: FieldProps) {
  const { t } = useTranslation();
  const { least, most, ends } = question;
  const first = least ?? 1;
  const steps = Array.from({ length: Math.max(1, (most ?? 5) - first + 1) }, (_, step) => first + step);
  const last = steps.at(-1)!;
  const wordsAt = (step: number) => (step === first ? ends[0] : step === last ? ends[1] : '');
  // More than six do not fit beside each other on a phone.
  const columns = steps.length > 6 ? Math.ceil(steps.length / 2) : steps.length;
  return (
    <div role="group" {...aria} className={styles.scale}>
      <div
        className={styles.steps}
        style={{ '--steps': steps.length, '--columns': columns } as CSSProperties}
      >
        {steps.map((step) => (
          <UnstyledButton
            key={step}
            type="button"
            className={styles.scaleStep}
            aria-pressed={value === step}
            aria-label={wordsAt(step) ? t('door.scaleStep', { step, words: wordsAt(step) }) : String(step)}
            disabled={disabled}
            onClick={() => (onChosen ?? onChange)(step)}
          >
            {step}
          </UnstyledButton>
        ))}
      </div>
      {(ends[0] || ends[1]) && (
        <div className={styles.ends} aria-hidden="true" dir="auto">
          <span>{ends[0] && t('door.scaleStep', { step: first, words: ends[0] })}</span>
          <span>{ends[1] && t('door.scaleStep', { step: last, words: ends[1] })}</span>
        </div>
      )}
    </div>
  );
}

function Several({ question, value, onChange, aria, problem, disabled }: FieldProps) {
  const chosen = Array.isArray(value) ? value : [];
  return (
    <div role="group" {...aria} className={styles.choices}>
      {question.options.map((option) => (
        <Checkbox.Card
          key={option.value}
          className={styles.choice}
          checked={chosen.includes(option.value)}
          disabled={disabled ?? false}
          aria-invalid={problem ? true : undefined}
          onChange={(isOn) => {
            // In the order in which they are offered, so that the same choices are the same answer.
            const next = question.options
              .map((each) => each.value)
              .filter((each) => (each === option.value ? isOn : chosen.includes(each)));
            onChange(next.length ? next : undefined);
          }}
        >
          <span dir="auto">{option.label}</span>
          <Checkbox.Indicator aria-hidden />
        </Checkbox.Card>
      ))}
    </div>
  );
}

/** A number as people write it: `1,5` and `12.000` in German, `1.5` and `12,000` in English; else the text itself. */
export function numberOf(text: string, language: string): number | string {
  const plain = text.normalize('NFKC').replace(/[\s'’]/g, '');
  const [thousands, point] = language === 'de' ? ['.', ','] : [',', '.'];
  const groups = new RegExp(`^-?\\d{1,3}(\\${thousands}\\d{3})+(\\${point}\\d+)?$`);
  const digits = groups.test(plain) ? plain.replaceAll(thousands!, '') : plain;
  const dotted = digits.replace(',', '.');
  return /^-?\d+(\.\d+)?$/.test(dotted) ? Number(dotted) : plain;
}

function NumberText({ value, onChange, aria, help, wrong, language }: FieldProps) {
  const [text, setText] = useState(() =>
    value === undefined ? '' : String(value).replace('.', language === 'de' ? ',' : '.'),
  );
  return (
    <TextInput
      {...aria}
      classNames={fieldStyles}
      description={help}
      errorProps={{ role: 'alert' }}
      inputMode="decimal"
      autoComplete="off"
      enterKeyHint="next"
      maxLength={20}
      value={text}
      error={wrong}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        setText(typed);
        onChange(typed.trim() ? numberOf(typed, language) : undefined);
      }}
    />
  );
}

function DateAnswer({ value, onChange, aria, problem, language }: FieldProps) {
  const { t } = useTranslation();
  const [parts, setParts] = useState(() => partsOf(value));
  const write = (next: DateParts) => {
    setParts(next);
    const typed = dateOf(next);
    const isEmpty = !next.day && !next.month && !next.year;
    onChange(typeof typed === 'string' ? typed : isEmpty ? undefined : Object.values(next).join(' '));
  };
  const wrong = problem ? dateOf(parts) : null;
  const shown = wrong && typeof wrong !== 'string' && value ? wrong : null;
  return (
    <DateFields
      parts={parts}
      onChange={write}
      labelledBy={aria['aria-labelledby']}
      problem={shown}
      problemText={shown ? dateProblemText(t, language, parts, shown) : ''}
    />
  );
}

function LongText({ value, onChange, aria, help, wrong }: FieldProps) {
  const { t } = useTranslation();
  const text = typeof value === 'string' ? value : '';
  const left = ANSWER_MAX - lengthOf(text);
  return (
    <>
      <Textarea
        {...aria}
        classNames={fieldStyles}
        description={help}
        errorProps={{ role: 'alert' }}
        autosize
        minRows={3}
        maxRows={8}
        dir="auto"
        value={text}
        error={wrong}
        onChange={(event) => onChange(event.currentTarget.value || undefined)}
      />
      {left < ANSWER_MAX / 5 && (
        <Text size="sm" c="dimmed">
          {left < 0 ? t('write.tooLong', { count: -left }) : t('write.left', { count: left })}
        </Text>
      )}
    </>
  );
}

function Region({ value, onChange, aria, help, wrong }: FieldProps) {
  return (
    <TextInput
      {...aria}
      classNames={fieldStyles}
      description={help}
      errorProps={{ role: 'alert' }}
      autoComplete="postal-code"
      enterKeyHint="next"
      maxLength={60}
      value={typeof value === 'string' ? value : ''}
      error={wrong}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    />
  );
}

type Bounds = Pick<AskedQuestion, 'least' | 'most'>;

/** "2 to 5", "at least 2" or "at most 5", in a sentence of that kind; nothing where anything will do. */
function rangeText(t: TFunction, sentence: 'door.choose' | 'door.number', { least, most }: Bounds): string {
  if (least !== null && most !== null)
    return least === most ? t(`${sentence}.exactly`, { least }) : t(`${sentence}.between`, { least, most });
  if (least !== null) return t(`${sentence}.atLeast`, { least });
  return most === null ? '' : t(`${sentence}.atMost`, { most });
}

function problemText(t: TFunction, problem: AnswerProblem, question: AskedQuestion): string {
  if (problem === 'count') return rangeText(t, 'door.choose', question);
  if (problem === 'range') return rangeText(t, 'door.number', question);
  const chooses = question.options.length > 0 || question.kind === 'scale';
  return t(problem === 'missing' && chooses ? 'door.problem.choose' : `door.problem.${problem}`);
}
