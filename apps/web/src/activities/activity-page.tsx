import { Button, Title } from '@mantine/core';
import {
  type ActivityPage as Page,
  entryDueAt,
  type Submission,
  type Task,
} from '@parley/contracts/activities';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { AssetShown } from '../platform/media';
import { useNamed } from '../platform/named';
import { Loading, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useActivity, useActivityId } from './activities.data';
import styles from './activities.module.css';
import { AnswerForm } from './answer-form';
import { AnswerShown } from './answer-shown';
import { useDueWords } from './due-words';
import { SharedAnswers } from './shared-answers';
import { StateWords } from './state-words';

/** An Activity for a member: what is asked and why, what is theirs, and what others sent. */
export function ActivityPage() {
  const { t } = useTranslation();
  const { community } = usePlace().membership;
  const activityId = useActivityId();
  const page = useActivity(activityId);
  useTitle(page.data?.activity.title ?? t('activities.title'), community.name);
  if (page.error && !page.data) return <Refusal error={page.error} onRetry={() => void page.refetch()} />;
  if (!page.data) return <Loading lines={8} />;
  return <Whole page={page.data} />;
}

function Whole({ page }: { page: Page }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const named = useNamed();
  const due = useDueWords();
  const { slug } = usePlace().membership.community;
  const { activity, instructions, files, tasks, submissions, others } = page;
  const [opened, open] = useState<number | null>(null);
  const entry = opened ?? activity.mine.entry;
  const returned = submissions.filter(({ state }) => state === 'returned');
  const rest = submissions.filter(({ state }) => state !== 'returned');
  const isOpen = activity.phase === 'open' || activity.phase === 'closing';
  return (
    <article className={styles.whole}>
      <header className={styles.part}>
        <Link to="/c/$slug/activities" params={{ slug }} className={styles.link}>
          {t('activity.all')}
        </Link>
        <p className={styles.quiet}>{due(activity)}</p>
        <Title order={1} dir="auto">
          {activity.title}
        </Title>
        <dl className={styles.brief}>
          <div>
            <dt>{t('brief.purpose')}</dt>
            <dd dir="auto">{activity.purpose}</dd>
          </div>
          <div>
            <dt>{t('brief.decision')}</dt>
            <dd dir="auto">
              {activity.decision}
              {activity.informsOnly && ` ${t('brief.informsOnly')}`}
            </dd>
          </div>
          <div>
            <dt>{t('brief.owner')}</dt>
            <dd>{named(activity.decisionOwner)}</dd>
          </div>
          <div>
            <dt>{t('brief.reportBack')}</dt>
            <dd>{date(activity.reportBackOn)}</dd>
          </div>
        </dl>
      </header>

      <section className={styles.part} aria-label={t('activity.instructions')}>
        <p className={styles.words} dir="auto">
          {instructions}
        </p>
        {files.map((asset) => (
          <figure key={asset.id} className={styles.figure}>
            <div className={styles.shown}>
              <AssetShown asset={asset} controls sizes="(min-width: 48em) 700px, 100vw" />
            </div>
            <figcaption dir="auto">{asset.title}</figcaption>
          </figure>
        ))}
      </section>

      {returned.map((submission) => (
        <ToMend key={submission.id} page={page} submission={submission} />
      ))}

      {activity.diary && isOpen && <Entries page={page} entry={entry} onOpen={open} />}
      {isOpen && entry !== null && (
        <AnswerForm
          key={entry}
          page={page}
          part={{ entry }}
          last={activity.diary ? (rest[0] ?? null) : null}
          onSent={() => open(null)}
        />
      )}
      {activity.phase === 'scheduled' && <p className={styles.notice}>{t('activity.notYet')}</p>}
      {!isOpen && activity.phase !== 'scheduled' && !submissions.length && (
        <p className={styles.notice}>{t('activity.over')}</p>
      )}
      {isOpen && entry === null && activity.diary && activity.mine.sent < activity.diary.entries && (
        <p className={styles.notice}>
          {t('activity.nextEntry', {
            when: date(entryDueAt(activity, activity.mine.sent).slice(0, 10)),
          })}
        </p>
      )}

      {rest.length > 0 && (
        <section className={styles.part}>
          <Title order={2}>{t('activity.mine')}</Title>
          {rest.map((submission) => (
            <Sent
              key={submission.id}
              submission={submission}
              tasks={tasks}
              isDiary={activity.diary !== null}
            />
          ))}
        </section>
      )}
      <SharedAnswers
        activityId={activity.id}
        tasks={tasks}
        visibility={activity.visibility}
        others={others}
      />
    </article>
  );
}

/** Days or weeks of a diary: which are sent, which is to be written. */
function Entries({
  page,
  entry,
  onOpen,
}: {
  page: Page;
  entry: number | null;
  onOpen: (entry: number) => void;
}) {
  const { t } = useTranslation();
  const { activity, submissions } = page;
  const sent = new Set(
    submissions.filter(({ state }) => state !== 'withdrawn').map((submission) => submission.entry),
  );
  const { every, entries } = activity.diary!;
  // What is to come cannot be written yet.
  const now = new Date().toISOString();
  return (
    <nav className={styles.entries} aria-label={t('activity.entries')}>
      {Array.from({ length: entries }, (_, at) => at + 1).map((n) => {
        const isToCome = n > 1 && entryDueAt(activity, n - 1) > now;
        const state = sent.has(n) ? 'sent' : isToCome ? 'toCome' : 'open';
        return (
          <Button
            key={n}
            variant={n === entry ? 'filled' : 'default'}
            disabled={state !== 'open'}
            aria-current={n === entry || undefined}
            aria-label={t(`activity.entry.${state}`, { name: t(`activity.${every}`, { n }) })}
            onClick={() => onOpen(n)}
          >
            {t(`activity.${every}`, { n })}
            {state === 'sent' && ' ✓'}
          </Button>
        );
      })}
    </nav>
  );
}

function ToMend({ page, submission }: { page: Page; submission: Submission }) {
  const { t, i18n } = useTranslation();
  const { returned } = submission;
  return (
    <section className={styles.part}>
      <div className={styles.notice} role="note">
        <Title order={2}>{t('activity.mendTitle')}</Title>
        {returned?.reason && <p>{returned.reason[i18n.language === 'de' ? 'de' : 'en']}</p>}
        {returned?.note && (
          <blockquote className={styles.note} dir="auto">
            {returned.note}
          </blockquote>
        )}
        {submission.media.some(({ state }) => state === 'refused') && <p>{t('activity.mendFiles')}</p>}
        <p className={styles.quiet}>{t('activity.mendHow')}</p>
      </div>
      <AnswerForm
        page={page}
        part={{ submissionId: submission.id }}
        mends={submission}
        last={null}
        onSent={() => undefined}
      />
    </section>
  );
}

function Sent({ submission, tasks, isDiary }: { submission: Submission; tasks: Task[]; isDiary: boolean }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const { slug } = usePlace().membership.community;
  return (
    <article className={styles.card}>
      <StateWords submission={submission} />
      <p className={styles.quiet}>
        {isDiary && `${t('activity.entryN', { n: submission.entry })} · `}
        {moment(submission.at)}
        {submission.late && ` · ${t('activity.late')}`}
      </p>
      <details className={styles.more}>
        <summary>{t('activity.whatSent')}</summary>
        {tasks.map((task) => (
          <div key={task.id} className={styles.answer}>
            <h4 dir="auto">{task.prompt}</h4>
            <AnswerShown
              task={task}
              answer={submission.answers.find(({ taskId }) => taskId === task.id)}
              media={submission.media}
            />
          </div>
        ))}
      </details>
      <Link
        to="/c/$slug/impact/$contributionId"
        params={{ slug, contributionId: submission.id }}
        className={styles.link}
      >
        {t('activity.receipt')}
      </Link>
    </article>
  );
}
