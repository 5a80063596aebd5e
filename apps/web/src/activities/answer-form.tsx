import { Button, Radio } from '@mantine/core';
import {
  type ActivityPage,
  type AnswerFault,
  faultsOf,
  QuoteChoice,
  type Submission,
} from '@parley/contracts/activities';
import { type FormEvent, useEffect, useEffectEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isThere } from '../platform/files';
import { Refusal } from '../platform/refusal';
import { useSendings, useUploads } from '../platform/uploads';
import { useMend, useSend } from './activities.data';
import styles from './activities.module.css';
import { AnswerShown } from './answer-shown';
import { type Answers, byTask, listOf, opFor } from './answers';
import { TaskField } from './task-field';
import { type SaveState, useAnswers } from './use-answers';

interface AnswerFormProps {
  page: ActivityPage;
  part: { entry: number } | { submissionId: string };
  /** What is mended. */
  mends?: Submission;
  /** Of a diary: the entry before. */
  last: Submission | null;
  onSent: () => void;
}

type Faults = Record<string, AnswerFault | 'refused'>;

/** The tasks, one after the other; what is done is kept at once, and sent as a whole. */
export function AnswerForm({ page, part, mends, last, onSent }: AnswerFormProps) {
  const { t } = useTranslation();
  const { activity, tasks } = page;
  const entry = 'entry' in part ? part.entry : null;
  const first = useMemo(() => firstOf(page, mends), [page, mends]);
  const begun = useAnswers({
    ...{ activityId: activity.id, part, tasks, first },
    draft: page.drafts.find((draft) => draft.entry === entry),
  });
  const { answers, quote, kept } = begun;
  const tagOf = (taskId: string) =>
    `activity.${activity.id}.${'entry' in part ? part.entry : part.submissionId}.${taskId}`;
  const uploads = useUploads();
  const sendings = useSendings((tag) => tag.startsWith(tagOf('')));
  // What is there counts once the answer names it.
  const named = new Set(Object.values(answers).flatMap((one) => ('mediaIds' in one ? one.mediaIds : [])));
  const isMoving = sendings.some(
    (one) => one.state !== 'refused' && !(isThere(one) && one.mediaId && named.has(one.mediaId)),
  );
  // What waits for its files was asked to be sent: also before a reload.
  const [isTried, setTried] = useState(kept.wants);
  const send = useSend();
  const mend = useMend();
  const list = listOf(tasks, answers);
  const media = mends?.media ?? page.drafts.find((draft) => draft.entry === entry)?.media ?? [];

  /** What still is not as it is asked; files on their way count as there. */
  const look = (): Faults => {
    const wrong: Faults = faultsOf(tasks, list);
    for (const task of tasks) {
      const files = sendings.filter(({ tag }) => tag === tagOf(task.id));
      if (files.some(({ state }) => state === 'refused')) wrong[task.id] = 'refused';
      else if (wrong[task.id] === 'missing' && files.length) delete wrong[task.id];
    }
    return wrong;
  };
  const faults = isTried ? look() : {};
  const asksQuote = isTried && quote === null;
  const submit = () => {
    const done = () => {
      for (const { id } of tasks) uploads?.forget(tagOf(id));
      begun.isSent();
      onSent();
    };
    // It stands beside the button.
    const refused = () => undefined;
    const input = { activityId: activity.id, answers: list, quote: quote! };
    // Sent, this form may be gone before the answer is told of.
    if (mends) void mend.mutateAsync({ ...input, submissionId: mends.id }).then(done, refused);
    else {
      const op = opFor(kept, list, () => crypto.randomUUID());
      begun.begin(op);
      void send.mutateAsync({ ...input, entry: entry!, opId: op.id }).then(done, refused);
    }
  };
  const ask = (event: FormEvent) => {
    event.preventDefault();
    const wrong = look();
    setTried(true);
    const firstWrong = tasks.find(({ id }) => wrong[id])?.id;
    if (firstWrong || quote === null) {
      const at = document.getElementById(firstWrong ? `task-${firstWrong}` : `quote-${activity.id}`);
      at?.scrollIntoView({ block: 'start' });
      at?.focus({ preventScroll: true });
    } else if (isMoving) begun.want(true);
    else submit();
  };
  // It was asked to be sent, and what it waited for is here: also after a reload.
  const goOn = useEffectEvent(() => {
    if (!kept.wants || isMoving || send.isPending || mend.isPending) return;
    begun.want(false);
    if (!Object.keys(look()).length && quote !== null) submit();
  });
  useEffect(() => {
    if (uploads) goOn();
  }, [uploads, kept.wants, isMoving, list.length]);

  const error = mends ? mend.error : send.error;
  const count = Object.keys(faults).length;
  return (
    <form
      className={styles.form}
      onSubmit={ask}
      noValidate
      aria-label={t(mends ? 'activity.mendTitle' : 'activity.form')}
    >
      {begun.theirs && (
        <div className={styles.notice} role="alert">
          <p>{t('activity.stale')}</p>
          <div className={styles.answer}>
            {tasks.map((task) => {
              const theirs = begun.theirs!.answers.find(({ taskId }) => taskId === task.id);
              return (
                JSON.stringify(theirs) !== JSON.stringify(answers[task.id]) && (
                  <div key={task.id}>
                    <h4 dir="auto">{task.prompt}</h4>
                    <AnswerShown task={task} answer={theirs} media={begun.theirs!.media} />
                  </div>
                )
              );
            })}
          </div>
          <div className={styles.row}>
            <Button variant="default" onClick={() => begun.choose('mine')}>
              {t('activity.staleMine')}
            </Button>
            <Button variant="default" onClick={() => begun.choose('theirs')}>
              {t('activity.staleTheirs')}
            </Button>
          </div>
        </div>
      )}
      {tasks.map((task, at) => {
        const before = last?.answers.find(({ taskId }) => taskId === task.id);
        return (
          <TaskField
            key={task.id}
            task={task}
            n={at + 1}
            of={tasks.length}
            answer={answers[task.id]}
            fault={faults[task.id]}
            isReturned={mends?.returned?.taskIds.includes(task.id) ?? false}
            known={page.known.find(({ taskId }) => taskId === task.id)}
            before={
              before && (
                <details className={styles.more}>
                  <summary>{t('activity.lastTime')}</summary>
                  <AnswerShown task={task} answer={before} media={last!.media} />
                </details>
              )
            }
            tag={tagOf(task.id)}
            media={media}
            onAnswer={(answer, arrived) => begun.answer(task.id, answer, arrived)}
          />
        );
      })}
      <section
        id={`quote-${activity.id}`}
        tabIndex={-1}
        className={styles.task}
        data-fault={asksQuote || undefined}
      >
        <Radio.Group
          label={t('activity.quote')}
          size="md"
          description={t('activity.quoteHow')}
          descriptionProps={{ mb: 12 }}
          value={quote ?? ''}
          error={asksQuote ? t('activity.quoteMissing') : undefined}
          onChange={(value) => begun.setQuote(QuoteChoice.parse(value))}
        >
          <div className={styles.choices}>
            {QuoteChoice.options.map((value) => (
              <Radio
                key={value}
                value={value}
                label={t(`activity.quote.${value}`)}
                classNames={{ root: styles.option, body: styles.optionBody, label: styles.optionLabel }}
              />
            ))}
          </div>
        </Radio.Group>
      </section>
      <div className={styles.foot}>
        <p>{t(`activity.willBe.${activity.visibility}`)}</p>
        {count > 0 && (
          <p role="alert" className={styles.problem}>
            {t('activity.faults', { count })}
          </p>
        )}
        <Refusal error={error} />
        {kept.wants ? (
          <div className={styles.notice} role="status">
            <p>{t('activity.waitsForFiles')}</p>
            <Button variant="default" onClick={() => begun.want(false)}>
              {t('activity.notYetSend')}
            </Button>
          </div>
        ) : (
          <Button type="submit" size="lg" loading={send.isPending || mend.isPending}>
            {t(mends ? 'activity.sendAgain' : 'activity.send')}
          </Button>
        )}
        <SaveWords state={begun.state} />
      </div>
    </form>
  );
}

function SaveWords({ state }: { state: SaveState }) {
  const { t } = useTranslation();
  return (
    <p className={styles.quiet} role="status">
      {state !== 'empty' && t(`activity.save.${state}`)}
    </p>
  );
}

/** What it begins with: what is mended; or what is known of the member already, so that it need not be asked. */
function firstOf(page: ActivityPage, mends: Submission | undefined) {
  if (mends) return { answers: byTask(mends.answers), quote: mends.quote };
  const answers: Answers = Object.fromEntries(
    page.known.map(({ taskId, optionId }) => [
      taskId,
      { taskId, kind: 'pick' as const, choices: [optionId] },
    ]),
  );
  return { answers, quote: page.submissions[0]?.quote ?? null };
}
