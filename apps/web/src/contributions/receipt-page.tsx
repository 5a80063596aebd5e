import { Button, Text, Textarea, Title } from '@mantine/core';
import {
  COMMENT_MAX,
  moderationMoves,
  type Receipt,
  type ReceiptStep,
} from '@parley/contracts/contributions';
import { lengthOf } from '@parley/contracts/text';
import { Link, useParams } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFateWords } from '../platform/fate-words';
import { useFormat } from '../platform/format';
import { useDraft } from '../platform/kept';
import { useNamed } from '../platform/named';
import { Loading, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { useNow } from '../platform/realtime';
import { Refusal } from '../platform/refusal';
import { SpaceLink } from '../platform/space-link';
import { Sure } from '../platform/sure';
import { type Act, useAct, useReceipt } from './receipt.data';
import styles from './receipt.module.css';

const WORDS_MAX = 500;

/** What became of one's own words, step by step, and what comes next. */
export function ReceiptPage() {
  const { contributionId = '' } = useParams({ strict: false });
  const { t } = useTranslation();
  const { membership } = usePlace();
  useTitle(t('receipt.title'), membership.community.name);
  const receipt = useReceipt(contributionId);
  if (!receipt.data)
    return receipt.error ? (
      <Refusal error={receipt.error} onRetry={() => void receipt.refetch()} />
    ) : (
      <Loading lines={6} />
    );
  return <Shown key={contributionId} receipt={receipt.data} />;
}

function Shown({ receipt }: { receipt: Receipt }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const words = useFateWords();
  const named = useNamed();
  const { slug } = usePlace().membership.community;
  const { contribution, steps, versions, replies } = receipt;
  const { id, body, space, moderation, next, edited, teamOnly } = contribution;
  const act = useAct(id);
  const now = useNow(next.what === 'release' ? 1_000 : 30_000);
  const state = useRef<HTMLParagraphElement>(null);
  /** After something was done the focus is where it stands now. */
  const done = () => requestAnimationFrame(() => state.current?.focus());
  const run = (what: Act, then: () => void) =>
    act.mutate(what, {
      onSuccess: () => {
        then();
        done();
      },
    });
  const errorOf = (what: Act['do']) => (act.variables?.do === what ? act.error : null);
  return (
    <article className={styles.page}>
      <header>
        <Link to="/c/$slug/impact" params={{ slug }} className={styles.back}>
          {t('receipt.all')}
        </Link>
        <Title order={1} className={styles.heading}>
          {t('receipt.title')}
        </Title>
        <blockquote className={styles.words} dir="auto">
          {body}
        </blockquote>
        <p className={styles.quiet}>
          {t(`receipt.type.${contribution.type}`)} · <SpaceLink space={space} />
          {edited && ` · ${t(`receipt.edited.${edited}`)}`}
        </p>
      </header>

      <section className={styles.now} aria-label={t('receipt.now')}>
        <p ref={state} tabIndex={-1} className={styles.state}>
          {words.state(contribution)}
        </p>
        <p>{words.next(next, now)}</p>
        {next.what !== 'ended' && (
          <p className={styles.quiet}>{t('receipt.decides', { who: named(space.owner) })}</p>
        )}
        {teamOnly && moderation !== 'published' && <p className={styles.quiet}>{t('receipt.teamOnly')}</p>}
        {next.what === 'yourChange' && contribution.type === 'submission' && (
          <SpaceLink space={space} className={styles.link}>
            {t('receipt.mend')}
          </SpaceLink>
        )}
        {next.what === 'yourChange' && contribution.type !== 'submission' && (
          <WriteForm
            name={`parley:resubmit:${id}`}
            first={body}
            most={COMMENT_MAX}
            label={t('receipt.change')}
            how={t('receipt.changeHow')}
            submit={t('receipt.resubmit')}
            isPending={act.isPending}
            error={errorOf('resubmit')}
            onSubmit={(text, sent) => run({ do: 'resubmit', body: text }, sent)}
          />
        )}
        {next.what === 'yourAppeal' && (
          <WriteForm
            name={`parley:appeal:${id}`}
            first=""
            most={WORDS_MAX}
            label={t('receipt.appeal')}
            how={t('receipt.appealHow')}
            submit={t('receipt.sendAppeal')}
            isPending={act.isPending}
            error={errorOf('appeal')}
            onSubmit={(text, sent) => run({ do: 'appeal', words: text }, sent)}
          />
        )}
      </section>

      <section>
        <Title order={2}>{t('receipt.steps')}</Title>
        <ol className={styles.steps}>
          {steps.toReversed().map((step, at) => (
            <Step
              key={`${step.at} ${step.kind} ${at}`}
              step={step}
              slug={slug}
              text={words.step(withoutTwice(step))}
            />
          ))}
        </ol>
      </section>

      {replies.length > 0 && (
        <section>
          <Title order={2}>{t('receipt.replies')}</Title>
          <ul className={styles.replies}>
            {replies.map((reply) => (
              <li key={reply.id}>
                <blockquote dir="auto">{reply.body}</blockquote>
                <Text size="sm" c="dimmed">
                  {named(reply.by)} · {moment(reply.at)}
                </Text>
              </li>
            ))}
          </ul>
        </section>
      )}

      {versions.length > 0 && (
        <section>
          <Title order={2}>{t('receipt.versions')}</Title>
          <ol className={styles.replies}>
            {versions.map((version, at) => (
              <li key={at}>
                <blockquote dir="auto">{version.body}</blockquote>
                <Text size="sm" c="dimmed">
                  {t(`receipt.version.${version.edited}`)} · {moment(version.at)}
                </Text>
              </li>
            ))}
          </ol>
        </section>
      )}

      {moderationMoves[moderation].includes('withdrawn') && (
        <section className={styles.withdraw} aria-label={t('receipt.withdraw')}>
          <Sure
            label={t('receipt.withdraw')}
            question={t('receipt.withdrawSure')}
            yes={t('receipt.withdrawYes')}
            no={t('receipt.withdrawNo')}
            isGrave
            isPending={act.isPending}
            onYes={() => run({ do: 'withdraw' }, () => undefined)}
          >
            <Refusal error={errorOf('withdraw')} />
          </Sure>
        </section>
      )}
    </article>
  );
}

/** A note that quotes the reason says it already. */
const withoutTwice = (step: ReceiptStep): ReceiptStep =>
  step.reason && step.note?.includes(step.reason) ? { ...step, reason: null } : step;

function Step({ step, slug, text }: { step: ReceiptStep; slug: string; text: string }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  return (
    <li>
      <p>{text}</p>
      {step.note && (
        <blockquote className={styles.note} dir="auto">
          {step.note}
        </blockquote>
      )}
      {step.updateId && (
        <Link
          to="/c/$slug/updates/$updateId"
          params={{ slug, updateId: step.updateId }}
          className={styles.link}
        >
          {step.updateTitle ?? t('receipt.update')}
        </Link>
      )}
      {step.into && (step.kind === 'reworded' || step.kind === 'split') && (
        <Link
          to="/c/$slug/impact/$contributionId"
          params={{ slug, contributionId: step.into }}
          className={styles.link}
        >
          {t('receipt.into')}
        </Link>
      )}
      <time dateTime={step.at} className={styles.quiet}>
        {moment(step.at)}
      </time>
    </li>
  );
}

interface WriteFormProps {
  /** Under which the text is kept. */
  name: string;
  first: string;
  most: number;
  label: string;
  how: string;
  submit: string;
  isPending: boolean;
  error: unknown;
  onSubmit: (text: string, sent: () => void) => void;
}

/** What an author answers with; each letter is kept until it is taken. */
function WriteForm({ name, first, most, label, how, submit, isPending, error, onSubmit }: WriteFormProps) {
  const { t } = useTranslation();
  const [kept, write] = useDraft(name);
  const [isTouched, setTouched] = useState(kept !== '');
  const [problem, setProblem] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const text = isTouched ? kept : first;
  const tooLong = lengthOf(text) - most;
  const send = (event: FormEvent) => {
    event.preventDefault();
    const body = text.trim();
    const wrong = !body
      ? t('write.empty')
      : tooLong > 0
        ? t('write.tooLong', { count: tooLong })
        : first && body === first
          ? t('receipt.unchanged')
          : '';
    setProblem(wrong);
    if (wrong) field.current?.focus();
    else onSubmit(body, () => write(''));
  };
  return (
    <form className={styles.form} onSubmit={send}>
      <Textarea
        ref={field}
        label={label}
        description={how}
        dir="auto"
        autosize
        minRows={3}
        maxRows={12}
        value={text}
        error={problem}
        onChange={(event) => {
          setTouched(true);
          setProblem('');
          write(event.currentTarget.value);
        }}
      />
      <Refusal error={error} />
      <Button type="submit" w="fit-content" loading={isPending}>
        {submit}
      </Button>
    </form>
  );
}
