import { Button, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import type { Application } from '@parley/contracts/door';
import type { FactValue } from '@parley/contracts/rule';
import type { Question } from '@parley/contracts/screener';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { Sure } from '../platform/sure';
import { useApplication, useOwnName, useReadVoice } from './desk.data';
import styles from './desk.module.css';
import { Waiting } from './standing';

interface CandidateDetailsProps {
  application: Application;
  /** So many stand in the same list. */
  all: number;
  deciding: {
    isPending: boolean;
    error: unknown;
    decide: (decision: 'offer' | 'notThisTime', reason: string) => void;
  };
}

/** One candidate: what is known, what they said, and what can be done for them. */
export function CandidateDetails({ application, all, deciding }: CandidateDetailsProps) {
  const { t } = useTranslation();
  const { date, moment } = useFormat();
  const { name: community } = usePlace().membership.community;
  const { handle, status, email, facts, voice, full, place, since, source } = application;
  return (
    <section className={styles.card} aria-label={handle || t('people.unnamed')}>
      <Title order={2} id="person-open" tabIndex={-1} dir="auto">
        {handle || t('people.unnamed')}
      </Title>
      <Text c="dimmed">
        {t(`people.status.${status}`)} · {email || t('people.noAddress')}
      </Text>
      <dl className={styles.facts}>
        <Fact label={t('people.came')} value={t('people.since', { date: date(since), source })} />
        {full.length > 0 && (
          <Fact
            label={t('people.fullNow')}
            value={full.map((label) => label || t('desk.everybody')).join(', ')}
          />
        )}
        {facts.map(({ label, value }) => (
          <Fact key={label} label={label} value={value} />
        ))}
      </dl>
      {status === 'waiting' && <Decide application={application} {...deciding} />}
      {voice && (
        <Stack gap="xs">
          <Title order={3}>{t('people.said')}</Title>
          <blockquote className={styles.quote} dir="auto">
            {voice.text}
          </blockquote>
          <Text className={styles.small}>
            {voice.readBy
              ? t('people.readOn', { name: voice.readBy.name, when: moment(voice.readBy.at) })
              : t('people.saidOn', { when: moment(voice.at) })}
          </Text>
          {voice.reply && (
            <Text className={styles.words} dir="auto">
              {t('people.replied', { reply: voice.reply })}
            </Text>
          )}
          <Reply application={application} />
        </Stack>
      )}
      <Answers applicationId={application.id} />
      {status === 'waiting' && place !== null && (
        <details>
          <summary className={styles.link}>{t('people.sees')}</summary>
          <div className={styles.phone}>
            <Waiting
              isPreview
              community={community}
              canBeReached={email !== ''}
              // How long others have waited is known to the candidate's own page alone.
              waiting={{ place, of: all, typicalDays: null, full, since }}
            />
          </div>
        </details>
      )}
    </section>
  );
}

/** Everything that was answered, once somebody wants to read it. */
function Answers({ applicationId }: { applicationId: string }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={styles.link}>{t('people.answers')}</summary>
      {isOpen && <AnswerList applicationId={applicationId} />}
    </details>
  );
}

function AnswerList({ applicationId }: { applicationId: string }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const whole = useApplication(applicationId);
  if (!whole.data)
    return whole.error ? <Refusal error={whole.error} onRetry={() => void whole.refetch()} /> : <Loading />;
  const { screenerVersion, answers, consents } = whole.data;
  return (
    <Stack gap="xs">
      <Text className={styles.small}>{t('people.version', { version: screenerVersion })}</Text>
      {!answers.length && <Text c="dimmed">{t('people.noAnswers')}</Text>}
      <dl className={styles.facts}>
        {answers.map(({ question, value }) => (
          <Fact key={question.id} label={question.title} value={answerText(question, value)} />
        ))}
        {consents.map(({ purpose, changedAt, givenVersion }) => (
          <Fact
            key={purpose}
            label={t(`door.consent.${purpose}`)}
            value={t('people.agreed', { date: changedAt ? date(changedAt) : '', version: givenVersion })}
          />
        ))}
      </dl>
    </Stack>
  );
}

const Fact = ({ label, value }: { label: string; value: string }) => (
  <>
    <dt dir="auto">{label}</dt>
    <dd dir="auto">{value}</dd>
  </>
);

const answerText = ({ options }: Question, value: FactValue | null) =>
  [value ?? '']
    .flat()
    .map((one) => options.find((option) => option.value === one)?.label ?? String(one))
    .join(', ');

type DecideProps = Pick<CandidateDetailsProps, 'application'> & CandidateDetailsProps['deciding'];

/** Out of turn, or "not this time" with the reason that the person gets. */
function Decide({ application: { email }, isPending, error, decide }: DecideProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [isMissing, setMissing] = useState(false);
  return (
    <Stack gap="sm">
      <Refusal error={error} />
      <Group gap="sm" align="flex-start">
        <Button disabled={!email} loading={isPending} onClick={() => decide('offer', '')}>
          {t('people.offer')}
        </Button>
        <Sure
          label={t('people.notThisTime')}
          question={t('people.notThisTimeSure')}
          yes={t('people.tell')}
          no={t('people.keep')}
          isGrave
          isPending={isPending}
          onYes={() => (reason.trim() ? decide('notThisTime', reason.trim()) : setMissing(true))}
        >
          <Textarea
            label={t('people.reason')}
            description={t('people.reasonHow')}
            autosize
            minRows={2}
            maxRows={8}
            maxLength={600}
            value={reason}
            error={isMissing && !reason.trim() && t('people.reasonMissing')}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </Sure>
      </Group>
      {!email && <Text className={styles.small}>{t('people.cannotOffer')}</Text>}
    </Stack>
  );
}

/** Says to the author that it was read, and by whom; with words if there are any. */
function Reply({ application: { id, voice, email } }: { application: Application }) {
  const { t } = useTranslation();
  const read = useReadVoice();
  const name = useOwnName();
  const [reply, setReply] = useState('');
  if (voice?.reply) return null;
  return (
    <Stack gap="sm">
      <Textarea
        label={t('people.reply')}
        description={email ? t('people.replyHow') : t('people.replyPage')}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={600}
        value={reply}
        onChange={(event) => setReply(event.currentTarget.value)}
      />
      <Refusal error={read.error} />
      {(reply.trim() || !voice?.readBy) && (
        <Group gap="sm">
          <Button
            variant="default"
            loading={read.isPending}
            onClick={() => read.mutate({ applicationId: id, reply: reply.trim() })}
          >
            {reply.trim() ? t('people.sendReply') : t('people.markRead')}
          </Button>
          <Text className={styles.small}>{t('people.seesName', { name })}</Text>
        </Group>
      )}
    </Stack>
  );
}
