import type { Task, TaskAnswer } from '@parley/contracts/activities';
import type { Media } from '@parley/contracts/media';
import { useTranslation } from 'react-i18next';
import { AssetShown, Film, Still } from '../platform/media';
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

function FileShown({
  file,
  alt,
  onOpen,
}: {
  file: Media | undefined;
  alt: string;
  onOpen: AnswerProps['onOpen'];
}) {
  const { t } = useTranslation();
  if (!file) return null;
  const { id, width, height, state, kind } = file;
  if (state === 'refused')
    return <p className={styles.problem}>{file.refusal && t(`media.refused.${file.refusal}`)}</p>;
  if (state !== 'ready') return <p className={styles.quiet}>{t('activity.preparing')}</p>;
  if (kind === 'video' || kind === 'audio')
    return (
      <div className={styles.filmShown}>
        <Film mediaId={id} label={alt} width={width} height={height} controls />
      </div>
    );
  const still = (
    <Still mediaId={id} alt={alt} width={width} height={height} sizes="(min-width: 40em) 320px, 90vw" />
  );
  return onOpen ? (
    <button
      type="button"
      className={styles.open}
      onClick={() => onOpen(id)}
      aria-label={t('activity.enlarge')}
    >
      {still}
    </button>
  ) : (
    <div className={styles.open}>{still}</div>
  );
}
