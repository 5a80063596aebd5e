import { Button, Textarea, TextInput } from '@mantine/core';
import { callSession, type SessionCall } from '@parley/contracts/groups';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Nothing } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import styles from './commons.module.css';
import { useCall, useSign } from './groups.data';

/** Calls for a Session, with what became of each. */
export function Calls({ calls }: { calls: readonly SessionCall[] }) {
  const { t } = useTranslation();
  if (!calls.length) return <Nothing>{t('calls.none')}</Nothing>;
  return (
    <ul className={styles.list}>
      {calls.map((call) => (
        <li key={call.id}>
          <Call call={call} />
        </li>
      ))}
    </ul>
  );
}

function Call({ call }: { call: SessionCall }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { role, community } = usePlace().membership;
  const sign = useSign();
  const { answer, signed, needed, mine } = call;
  return (
    <article className={styles.card}>
      <h3 dir="auto">{call.title}</h3>
      <ul dir="auto" className={styles.questions}>
        {call.questions.map((question) => (
          <li key={question}>{question}</li>
        ))}
      </ul>
      <p className={styles.quiet}>
        {t('calls.from', { group: call.group, by: call.by })} · {date(call.at)}
      </p>
      <p role="status">
        <strong>{t('calls.signed', { signed, needed })}</strong>
        {mine && ` ${t('calls.youSigned')}`}
      </p>
      {answer && (
        <p>
          {t(`calls.${answer.status}`, { when: date(answer.dueOn), because: answer.because ?? '' })}{' '}
          {answer.updateId && (
            <Link
              to="/c/$slug/updates/$updateId"
              params={{ slug: community.slug, updateId: answer.updateId }}
              className={styles.link}
            >
              {t('calls.toAnswer')}
            </Link>
          )}
        </p>
      )}
      {role === 'member' &&
        (!mine || !answer) &&
        (!answer || answer.status === 'due' || answer.status === 'late') && (
          <Button
            w="fit-content"
            variant={mine ? 'default' : 'filled'}
            loading={sign.isPending}
            onClick={() => sign.mutate({ callId: call.id, signed: !mine })}
          >
            {t(mine ? 'calls.unsign' : 'calls.sign')}
          </Button>
        )}
      <Refusal error={sign.error} />
    </article>
  );
}

/** Where a group calls for a Session, with its own questions. */
export function CallForm({ groupId, onDone }: { groupId: string; onDone: () => void }) {
  const { t } = useTranslation();
  const call = useCall();
  const [callId] = useState(() => crypto.randomUUID());
  const [title, setTitle] = useState('');
  const [questions, setQuestions] = useState('');
  const [isTried, setTried] = useState(false);
  const input = {
    ...{ groupId, callId, title },
    questions: questions
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  };
  const checked = callSession.input.omit({ communityId: true }).safeParse(input);
  const wrong = (field: string) =>
    isTried && !checked.success && checked.error.issues.some(({ path }) => path[0] === field);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (checked.success) call.mutate(input, { onSuccess: onDone });
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate aria-label={t('calls.make')}>
      <TextInput
        label={t('calls.name')}
        maxLength={120}
        dir="auto"
        autoFocus
        value={title}
        error={wrong('title') ? t('write.empty') : undefined}
        onChange={({ currentTarget: { value } }) => setTitle(value)}
      />
      <Textarea
        label={t('calls.questions')}
        autosize
        minRows={3}
        dir="auto"
        value={questions}
        error={wrong('questions') ? t('calls.questionsTake') : undefined}
        onChange={({ currentTarget: { value } }) => setQuestions(value)}
      />
      <Refusal error={call.error} />
      <div className={styles.row}>
        <Button type="submit" loading={call.isPending}>
          {t('calls.makeNow')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('groups.cancel')}
        </Button>
      </div>
    </form>
  );
}
