import { Button, Group, NativeSelect, Stack, Text, Textarea, Title, UnstyledButton } from '@mantine/core';
import type { Application } from '@parley/contracts/door';
import type { FactValue } from '@parley/contracts/rule';
import type { Question } from '@parley/contracts/screener';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, Nothing } from '../platform/page';
import { Refusal } from '../platform/refusal';
import { type Shelf, useApplication, useApplications, useDecide, useExport, useReadVoice } from './desk.data';
import styles from './desk.module.css';

const shelves: readonly Shelf[] = [
  'waiting',
  'voices',
  'offered',
  'reserved',
  'admitted',
  'notThisTime',
  'screening',
];

/** Left who waits, right the person; everything can be done without leaving the list. */
export function WaitingPage() {
  const { t } = useTranslation();
  const [shelf, setShelf] = useState<Shelf>('waiting');
  const [chosen, setChosen] = useState<string | null>(null);
  const list = useApplications(shelf);
  const save = useExport();
  const applications = list.data?.applications ?? [];
  const open = applications.find(({ id }) => id === chosen) ?? null;

  const byKey = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    const isTyping =
      event.target instanceof HTMLElement && /TEXTAREA|SELECT|INPUT/.test(event.target.tagName);
    if (!step || isTyping || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const at = applications.findIndex(({ id }) => id === chosen);
    const next = applications[Math.min(applications.length - 1, Math.max(0, at + step))];
    if (!next) return;
    setChosen(next.id);
    document.getElementById(`person-${next.id}`)?.focus();
  };

  return (
    <div className={styles.two} onKeyDown={byKey}>
      <section className={styles.part} aria-labelledby="people">
        <Group justify="space-between" align="flex-end">
          <NativeSelect
            label={t('people.shelf')}
            value={shelf}
            data={shelves.map((value) => ({ value, label: t(`people.shelf.${value}`) }))}
            onChange={(event) => {
              setShelf(event.currentTarget.value as Shelf);
              setChosen(null);
            }}
          />
          <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>
            {t('people.export')}
          </Button>
        </Group>
        <Refusal error={save.error} />
        <Title order={2} id="people">
          {t(`people.shelf.${shelf}`)}
        </Title>
        {list.error && <Refusal error={list.error} onRetry={() => void list.refetch()} />}
        {list.isPending && <Loading />}
        {list.data && !applications.length && (
          <Nothing>{t(`people.none.${shelf === 'voices' ? 'voices' : 'other'}`)}</Nothing>
        )}
        {list.data && list.data.all > applications.length && (
          <Text c="dimmed">{t('people.first', { shown: applications.length, count: list.data.all })}</Text>
        )}
        {applications.length > 0 && <Text className={styles.small}>{t('people.keys')}</Text>}
        <ul className={styles.list}>
          {applications.map((application) => (
            <li key={application.id}>
              <Person
                application={application}
                isVoice={shelf === 'voices'}
                isOpen={application.id === chosen}
                onOpen={() => setChosen(application.id)}
              />
            </li>
          ))}
        </ul>
      </section>
      <aside className={styles.aside} aria-label={t('people.details')}>
        {open ? <Details key={open.id} application={open} /> : <Nothing>{t('people.choose')}</Nothing>}
      </aside>
    </div>
  );
}

interface PersonProps {
  application: Application;
  isVoice: boolean;
  isOpen: boolean;
  onOpen: () => void;
}

function Person({ application, isVoice, isOpen, onOpen }: PersonProps) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { id, handle, place, since, full, email, voice, source } = application;
  return (
    <UnstyledButton
      id={`person-${id}`}
      className={styles.person}
      aria-current={isOpen}
      onClick={onOpen}
      onFocus={onOpen}
    >
      <span className={styles.label}>
        {place !== null && `${place}. `}
        {handle || t('people.unnamed')}
      </span>
      <span className={styles.small}>
        {[
          t('people.since', { date: date(since), source }),
          full.length > 0 &&
            t('people.full', { cells: full.map((label) => label || t('desk.everybody')).join(', ') }),
          !email && t('people.noAddress'),
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
      {isVoice && voice && (
        <span className={styles.small}>
          {voice.readBy ? t('people.readBy', { name: voice.readBy.name }) : t('people.unread')}
        </span>
      )}
    </UnstyledButton>
  );
}

function Details({ application }: { application: Application }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const { id, handle, status, email, facts, voice } = application;
  const whole = useApplication(id);
  return (
    <section className={styles.card}>
      <Title order={2}>{handle || t('people.unnamed')}</Title>
      <Text c="dimmed">
        {t(`people.status.${status}`)} · {email || t('people.noAddress')}
      </Text>
      {voice && (
        <Stack gap="xs">
          <blockquote className={styles.quote} dir="auto">
            {voice.text}
          </blockquote>
          <Text className={styles.small}>
            {voice.readBy
              ? t('people.readOn', { name: voice.readBy.name, when: moment(voice.readBy.at) })
              : t('people.saidOn', { when: moment(voice.at) })}
          </Text>
          {voice.reply && <Text>{t('people.replied', { reply: voice.reply })}</Text>}
          <Reply application={application} />
        </Stack>
      )}
      {facts.length > 0 && (
        <dl className={styles.facts}>
          {facts.map(({ label, value }) => (
            <Fact key={label} label={label} value={value} />
          ))}
        </dl>
      )}
      {status === 'waiting' && <Decide application={application} />}
      <details>
        <summary className={styles.link}>{t('people.answers')}</summary>
        {whole.error && <Refusal error={whole.error} />}
        {whole.isPending && <Loading />}
        {whole.data && (
          <>
            <Text className={styles.small}>
              {t('people.version', { version: whole.data.screenerVersion })}
            </Text>
            <dl className={styles.facts}>
              {whole.data.answers.map(({ question, value }) => (
                <Fact key={question.id} label={question.title} value={answerText(question, value)} />
              ))}
            </dl>
          </>
        )}
      </details>
    </section>
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

/** Out of turn, or "not this time" with the reason that the person gets. */
function Decide({ application: { id, email } }: { application: Application }) {
  const { t } = useTranslation();
  const decide = useDecide();
  const [isDeclining, setDeclining] = useState(false);
  const [reason, setReason] = useState('');
  return (
    <Stack gap="sm">
      <Refusal error={decide.error} />
      <Group gap="sm">
        <Button
          disabled={!email}
          loading={decide.isPending && decide.variables.decision === 'offer'}
          onClick={() => decide.mutate({ applicationId: id, decision: 'offer', reason: '' })}
        >
          {t('people.offer')}
        </Button>
        {!isDeclining && (
          <Button variant="default" onClick={() => setDeclining(true)}>
            {t('people.notThisTime')}
          </Button>
        )}
      </Group>
      {!email && <Text className={styles.small}>{t('people.cannotOffer')}</Text>}
      {isDeclining && (
        <>
          <Textarea
            label={t('people.reason')}
            description={t('people.reasonHow')}
            autosize
            minRows={2}
            maxLength={600}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Group gap="sm">
            <Button
              loading={decide.isPending && decide.variables.decision === 'notThisTime'}
              onClick={() => decide.mutate({ applicationId: id, decision: 'notThisTime', reason })}
            >
              {t('people.tell')}
            </Button>
            <Button variant="default" onClick={() => setDeclining(false)}>
              {t('people.keep')}
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}

function Reply({ application: { id, voice, email } }: { application: Application }) {
  const { t } = useTranslation();
  const read = useReadVoice();
  const [reply, setReply] = useState('');
  if (voice?.reply) return null;
  return (
    <Stack gap="sm">
      <Textarea
        label={t('people.reply')}
        description={email ? t('people.replyHow') : t('people.replyPage')}
        autosize
        minRows={2}
        maxLength={600}
        value={reply}
        onChange={(event) => setReply(event.currentTarget.value)}
      />
      <Refusal error={read.error} />
      <Group gap="sm">
        {(reply.trim() || !voice?.readBy) && (
          <Button
            variant={reply.trim() ? 'filled' : 'default'}
            loading={read.isPending}
            onClick={() => read.mutate({ applicationId: id, reply: reply.trim() })}
          >
            {reply.trim() ? t('people.sendReply') : t('people.markRead')}
          </Button>
        )}
        {!voice?.readBy && <Text className={styles.small}>{t('people.seesName')}</Text>}
      </Group>
    </Stack>
  );
}
