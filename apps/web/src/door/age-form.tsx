import { Button, Text } from '@mantine/core';
import { CallError } from '@parley/client/http';
import { type FormEvent, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DateFields, dateOf, dateProblemText, type DateProblem, noDate } from './date-fields';
import type { Sending } from './door.data';
import styles from './door.module.css';
import { Foot, StepTitle, Trouble } from './step';

/**
 * Asks for the date of birth: the same for everybody, without a hint of what passes. What is typed is in this
 * component alone, and gone with it.
 */
export function AgeForm({ sending, onSend }: { sending: Sending<never>; onSend: (born: string) => void }) {
  const { t, i18n } = useTranslation();
  const titleId = useId();
  const form = useRef<HTMLFormElement>(null);
  const [parts, setParts] = useState(noDate);
  const [problem, setProblem] = useState<DateProblem | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const born = dateOf(parts);
    if (typeof born === 'string') {
      setProblem(null);
      return onSend(born);
    }
    setProblem(born);
    form.current?.querySelector<HTMLInputElement>(`[data-part="${born.part}"]`)?.focus();
  };
  const { error, isPending } = sending;
  const isNoBirthday = error instanceof CallError && error.code === 'request.invalid';
  return (
    <form ref={form} onSubmit={submit} noValidate className={styles.screen}>
      <StepTitle id={titleId}>{t('door.age.title')}</StepTitle>
      <Text c="dimmed">{t('door.age.lead')}</Text>
      <DateFields
        parts={parts}
        onChange={(next) => {
          setProblem(null);
          setParts(next);
        }}
        labelledBy={titleId}
        problem={problem}
        problemText={problem ? dateProblemText(t, i18n.language, parts, problem) : ''}
        isBirthday
      />
      <Trouble
        error={isPending || problem ? null : error}
        {...(isNoBirthday && { says: { 'request.invalid': t('door.age.noBirthday') } })}
      />
      <Foot>
        <Button type="submit" size="md" fullWidth loading={isPending}>
          {t('door.next')}
        </Button>
      </Foot>
    </form>
  );
}
