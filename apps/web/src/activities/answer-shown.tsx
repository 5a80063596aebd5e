import type { Task, TaskAnswer } from '@parley/contracts/activities';
import type { Media } from '@parley/contracts/media';
import { useTranslation } from 'react-i18next';
import { FileShown } from '../platform/files';
import { AssetShown } from '../platform/media';
import styles from './activities.module.css';

interface AnswerProps {
  task: Task;
  answer: TaskAnswer | undefined;
  media: readonly Media[];
  /** Opens one of its pictures large. */
  onOpen?: ((mediaId: string) => void) | undefined;
}

/** What somebody answered. */
export function AnswerShown({ task, answer, media, onOpen }: AnswerProps) {
  const { t } = useTranslation();
  const label = (id: string) => task.options.find((option) => option.id === id)?.label ?? '';
  switch (answer?.kind) {
    case 'text':
      return (
        <p className={styles.words} dir="auto">
          {answer.text}
        </p>
      );
    case 'photo':
    case 'video':
      return (
        <>
          <div className={styles.shownFiles}>
            {answer.mediaIds.map((id) => (
              <FileShown
                key={id}
                file={media.find((one) => one.id === id)}
                alt={task.prompt}
                onOpen={onOpen}
              />
            ))}
          </div>
          {answer.note && (
            <p className={styles.words} dir="auto">
              {answer.note}
            </p>
          )}
        </>
      );
    case 'pick':
      return <p dir="auto">{answer.choices.map(label).join(', ')}</p>;
    case 'rank':
      return (
        <ol className={styles.rankShown}>
          {answer.order.map((id) => (
            <li key={id} dir="auto">
              {label(id)}
            </li>
          ))}
        </ol>
      );
    case 'scale':
      return <p>{t('activity.scaleShown', { value: answer.value, most: task.scale?.to ?? answer.value })}</p>;
    case 'place':
      return (
        <>
          {task.asset && (
            <div className={styles.picture}>
              <AssetShown asset={task.asset} sizes="320px" />
              {answer.pins.map(({ x, y }, at) => (
                <span
                  key={at}
                  className={styles.pin}
                  style={{ left: `${x * 100}%`, top: `${y * 100}%` }}
                  aria-hidden
                >
                  {at + 1}
                </span>
              ))}
            </div>
          )}
          <ol className={styles.rankShown}>
            {answer.pins.map(({ x, y, note }, at) => (
              <li key={at} dir="auto">
                {note ?? t('activity.pin', { n: at + 1, x: Math.round(x * 100), y: Math.round(y * 100) })}
              </li>
            ))}
          </ol>
        </>
      );
    default:
      return <p className={styles.quiet}>{t('activity.notAnswered')}</p>;
  }
}
