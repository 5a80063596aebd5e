import { Button, Title } from '@mantine/core';
import type { Submission, Task, Visibility } from '@parley/contracts/activities';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LargePicture } from '../platform/files';
import { Loading } from '../platform/page';
import { Refusal } from '../platform/refusal';
import { useShared } from './activities.data';
import styles from './activities.module.css';
import { AnswerShown } from './answer-shown';

interface SharedAnswersProps {
  activityId: string;
  tasks: Task[];
  visibility: Visibility;
  /** Null: one may not look yet, or ever. */
  others: number | null;
}

/** What others sent, or why one does not see it. */
export function SharedAnswers({ activityId, tasks, visibility, others }: SharedAnswersProps) {
  const { t } = useTranslation();
  const shared = useShared(activityId, others !== null && others > 0);
  const all = shared.data?.pages.flatMap(({ submissions }) => submissions) ?? [];
  return (
    <section className={styles.part}>
      <Title order={2}>{t('activity.others')}</Title>
      {others === null && <p className={styles.quiet}>{t(`activity.seen.${visibility}`)}</p>}
      {others === 0 && <p className={styles.quiet}>{t('activity.othersNone')}</p>}
      {!!others && shared.isPending && <Loading />}
      <Refusal error={shared.error} onRetry={() => void shared.refetch()} />
      <ul className={styles.gallery}>
        {all.map((submission) => (
          <li key={submission.id}>
            <One submission={submission} tasks={tasks} />
          </li>
        ))}
      </ul>
      {shared.hasNextPage && (
        <Button
          variant="default"
          w="fit-content"
          loading={shared.isFetching}
          onClick={() => void shared.fetchNextPage()}
        >
          {t('activity.more')}
        </Button>
      )}
    </section>
  );
}

function One({ submission, tasks }: { submission: Submission; tasks: Task[] }) {
  const { t } = useTranslation();
  const [large, enlarge] = useState<string | null>(null);
  const file = submission.media.find(({ id }) => id === large);
  const author = submission.author.handle || t('activity.somebody');
  return (
    <article className={styles.card} aria-label={t('activity.by', { author })}>
      <p className={styles.quiet}>
        <span dir="auto">{author}</span>
        {submission.state === 'featured' && (
          <strong className={styles.featured}> · {t('activity.featured')}</strong>
        )}
      </p>
      {tasks.map((task) => {
        const answer = submission.answers.find(({ taskId }) => taskId === task.id);
        return (
          answer && (
            <div key={task.id} className={styles.answer}>
              <h4 dir="auto">{task.prompt}</h4>
              <AnswerShown task={task} answer={answer} media={submission.media} onOpen={enlarge} />
            </div>
          )
        );
      })}
      <LargePicture file={file} alt={t('activity.by', { author })} onClose={() => enlarge(null)} />
    </article>
  );
}
