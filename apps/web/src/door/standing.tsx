import { Anchor, Button, Text, Textarea, Title } from '@mantine/core';
import { type Candidacy, OFFER_HOURS, sendVoice, VOICE_MAX } from '@parley/contracts/door';
import { lengthOf } from '@parley/contracts/text';
import type { TFunction } from 'i18next';
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { useDraft } from '../platform/kept';
import { Refusal } from '../platform/refusal';
import { CodeForm, ContactForm } from './contact-form';
import { type Steps, voiceName } from './door.data';
import styles from './door.module.css';
import { StepTitle } from './step';

interface StandingProps {
  candidacy: Candidacy;
  steps: Steps;
  hint?: ReactNode;
}

/** For whom there is no place: where they stand, what happens next, and what they can still do. */
export function Standing({ candidacy, steps, hint }: StandingProps) {
  return (
    <div className={styles.standing}>
      {candidacy.step === 'waiting' ? (
        <Waiting
          waiting={candidacy.waiting}
          community={candidacy.threshold.community.name}
          canBeReached={candidacy.address?.confirmed ?? false}
        />
      ) : (
        <NotThisTime candidacy={candidacy} />
      )}
      {candidacy.step === 'waiting' && <Reach candidacy={candidacy} steps={steps} hint={hint} />}
      {(candidacy.openQuestion || candidacy.voice) && <Voice candidacy={candidacy} sending={steps.voice} />}
      <Withdraw candidacy={candidacy} sending={steps.withdraw} />
    </div>
  );
}

interface WaitingProps {
  waiting: Candidacy['waiting'];
  community: string;
  canBeReached: boolean;
  /** Beside a list: no heading of the page, and no focus. */
  isPreview?: boolean;
}

/** Where somebody who waits stands. */
export function Waiting({ waiting, community, canBeReached, isPreview = false }: WaitingProps) {
  const { t } = useTranslation();
  const { date, number } = useFormat();
  const full = waiting?.full ?? [];
  return (
    <section className={styles.block}>
      <StepTitle order={isPreview ? 3 : 1} takesFocus={!isPreview}>
        {t('door.waiting.title')}
      </StepTitle>
      {full.length === 1 ? (
        <Text>{t('door.waiting.fullOne', { what: full[0], community })}</Text>
      ) : full.length ? (
        <div>
          <Text>{t('door.waiting.fullSeveral', { community })}</Text>
          <ul className={styles.full}>
            {full.map((what) => (
              <li key={what} dir="auto">
                {what}
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <Text>{t('door.waiting.full', { community })}</Text>
      )}
      {waiting && (
        <dl className={styles.facts}>
          <div>
            <dt>{t('door.waiting.place')}</dt>
            <dd>
              <strong className={styles.figure}>{number(waiting.place)}</strong>{' '}
              <span>{t('door.waiting.of', { count: waiting.of })}</span>
            </dd>
          </div>
          <div>
            <dt>{t('door.waiting.howLong')}</dt>
            <dd>{typicalText(t, waiting.typicalDays)}</dd>
          </div>
          <div>
            <dt>{t('door.waiting.since')}</dt>
            <dd>{date(waiting.since)}</dd>
          </div>
        </dl>
      )}
      <Text>
        {t('door.waiting.next', { hours: OFFER_HOURS })}
        {canBeReached && ` ${t('door.waiting.nothing')}`}
      </Text>
    </section>
  );
}

/** How long others waited, in days or, where that is long, in weeks. */
function typicalText(t: TFunction, days: number | null): string {
  if (days === null) return t('door.waiting.unknown');
  return days < 14
    ? t('door.waiting.days', { count: Math.max(1, days) })
    : t('door.waiting.weeks', { count: Math.ceil(days / 7) });
}

/** Where a place will be offered; without a confirmed address nobody can be told of one. */
function Reach({ candidacy, steps, hint }: StandingProps) {
  const { t } = useTranslation();
  const [isOther, setIsOther] = useState(false);
  const { address } = candidacy;
  // An address that was given anew is the one that the next code is for.
  const [shown, setShown] = useState(address?.shown);
  const [wasOpen] = useState(!address?.confirmed);
  if (shown !== address?.shown) {
    setShown(address?.shown);
    setIsOther(false);
  }
  return (
    <section className={styles.block} aria-labelledby="door-reach">
      <StepTitle order={2} id="door-reach" takesFocus={wasOpen && !!address?.confirmed}>
        {t(address?.confirmed ? 'door.reach.known' : 'door.reach.title')}
      </StepTitle>
      {address?.confirmed ? (
        <Text>{t('door.reach.to', { address: address.shown })}</Text>
      ) : address && !isOther ? (
        <CodeForm
          candidacy={candidacy}
          sending={steps.code}
          contact={steps.contact}
          onOther={() => setIsOther(true)}
          hint={hint}
          isPart
        />
      ) : (
        <>
          <Text>{t('door.reach.why')}</Text>
          <ContactForm candidacy={candidacy} sending={steps.contact} isPart />
        </>
      )}
    </section>
  );
}

function NotThisTime({ candidacy: { threshold } }: { candidacy: Candidacy }) {
  const { t } = useTranslation();
  return (
    <section className={styles.block}>
      <StepTitle>{t('door.notThisTime.title')}</StepTitle>
      <Text>{t('door.notThisTime.text', { community: threshold.community.name })}</Text>
    </section>
  );
}

/** One open question, once; and what came of the answer. */
function Voice({ candidacy, sending }: { candidacy: Candidacy; sending: Steps['voice'] }) {
  const { t } = useTranslation();
  const id = useId();
  const [text, write] = useDraft(voiceName(candidacy.threshold.community.id));
  const [problem, setProblem] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const { voice, openQuestion } = candidacy;
  const [wasAsked] = useState(!voice);
  const left = VOICE_MAX - lengthOf(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const words = sendVoice.input.shape.text.safeParse(text);
    setProblem(words.success ? '' : left < 0 ? t('write.tooLong', { count: -left }) : t('door.voice.empty'));
    if (words.success) sending.send({ text: words.data });
    else field.current?.focus();
  };
  if (voice) return <VoiceReceipt voice={voice} question={openQuestion} isNew={wasAsked} />;
  return (
    <form onSubmit={submit} noValidate className={styles.block}>
      <Text c="dimmed">{t('door.voice.still')}</Text>
      <Title order={2} id={id} dir="auto">
        {openQuestion}
      </Title>
      <Text size="sm" c="dimmed">
        {t('door.voice.how')}
      </Text>
      <Textarea
        ref={field}
        aria-labelledby={id}
        autosize
        minRows={4}
        maxRows={12}
        dir="auto"
        value={text}
        error={problem}
        onChange={(event) => {
          setProblem('');
          write(event.currentTarget.value);
        }}
      />
      {left < VOICE_MAX / 5 && (
        <Text size="sm" c="dimmed">
          {left < 0 ? t('write.tooLong', { count: -left }) : t('write.left', { count: left })}
        </Text>
      )}
      <Refusal error={sending.error} />
      <Button type="submit" size="md" loading={sending.isPending} className={styles.wide}>
        {t('door.voice.send')}
      </Button>
    </form>
  );
}

interface VoiceReceiptProps {
  voice: NonNullable<Candidacy['voice']>;
  question: string;
  /** Sent just now: it takes the place of the form, and the focus. */
  isNew: boolean;
}

function VoiceReceipt({ voice, question, isNew }: VoiceReceiptProps) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { readBy, reply } = voice;
  return (
    <section className={styles.block} aria-labelledby="door-voice">
      <StepTitle order={2} id="door-voice" takesFocus={isNew}>
        {question || t('door.voice.title')}
      </StepTitle>
      <blockquote className={styles.said} dir="auto">
        {voice.text}
      </blockquote>
      <ul className={styles.receipt}>
        <li>{t('door.voice.sent', { date: date(voice.at) })}</li>
        <li>
          {readBy
            ? t('door.voice.read', {
                name: readBy.name,
                role: t(`role.${readBy.role}`),
                date: date(readBy.at),
              })
            : t('door.voice.notRead')}
        </li>
      </ul>
      {readBy && reply && (
        <div>
          <Text size="sm" c="dimmed">
            {t('door.voice.reply', { name: readBy.name, role: t(`role.${readBy.role}`) })}
          </Text>
          <blockquote className={styles.said} dir="auto">
            {reply}
          </blockquote>
        </div>
      )}
    </section>
  );
}

/** Gives back a kept place and has everything erased; asks once, in place. */
export function Withdraw({ candidacy, sending }: { candidacy: Candidacy; sending: Steps['withdraw'] }) {
  const { t } = useTranslation();
  /** Null before it was asked. */
  const [isSure, setIsSure] = useState<boolean | null>(null);
  const link = useRef<HTMLButtonElement>(null);
  const question = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (isSure !== null) (isSure ? question : link).current?.focus();
  }, [isSure]);
  if (!isSure)
    return (
      <div className={styles.leave}>
        <Anchor
          ref={link}
          component="button"
          type="button"
          className={styles.quiet}
          onClick={() => setIsSure(true)}
        >
          {t('door.withdraw.ask')}
        </Anchor>
      </div>
    );
  return (
    <section className={styles.leave} aria-label={t('door.withdraw.ask')}>
      <Text ref={question} tabIndex={-1} className={styles.title}>
        {t('door.withdraw.sure')}
      </Text>
      <Refusal error={sending.error} />
      <div className={styles.ways}>
        <Button variant="default" size="md" onClick={() => setIsSure(false)}>
          {t('door.withdraw.no')}
        </Button>
        <Button
          variant="default"
          c="var(--mantine-color-error)"
          size="md"
          className={styles.grow}
          loading={sending.isPending}
          onClick={() => sending.send(candidacy)}
        >
          {t('door.withdraw.yes')}
        </Button>
      </div>
    </section>
  );
}

/** What is left after that: nothing of the person. */
export function Withdrawn({ candidacy: { threshold } }: { candidacy: Candidacy }) {
  const { t } = useTranslation();
  return (
    <section className={styles.block}>
      <StepTitle>{t('door.withdrawn.title')}</StepTitle>
      <Text>{t('door.withdrawn.text')}</Text>
      <Text c="dimmed">
        {t(threshold.address ? 'door.withdrawn.again' : 'door.withdrawn.againOpen', {
          community: threshold.community.name,
        })}
      </Text>
    </section>
  );
}
