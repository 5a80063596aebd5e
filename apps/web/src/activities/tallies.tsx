import type { readGallery, Task } from '@parley/contracts/activities';
import type { OutputOf } from '@parley/contracts/contract';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { AssetShown } from '../platform/media';
import styles from './activities.module.css';

type Tally = OutputOf<typeof readGallery>['tallies'][number];

/** What was chosen, ranked, rated and pinned, of all that the filters leave; every figure with its n. */
export function Tallies({ tasks, tallies }: { tasks: Task[]; tallies: Tally[] }) {
  const { t } = useTranslation();
  const counted = tallies.filter(({ n, options, values, pins }) => n > 0 && (options ?? values ?? pins));
  if (!counted.length) return null;
  return (
    <div className={styles.tallies}>
      {counted.map((tally) => {
        const task = tasks.find(({ id }) => id === tally.taskId)!;
        return (
          <figure key={tally.taskId} className={styles.tally}>
            <figcaption>
              <span dir="auto">{task.prompt}</span>{' '}
              <span className={styles.quiet}>{t('gallery.n', { count: tally.n })}</span>
            </figcaption>
            <Counts task={task} tally={tally} />
          </figure>
        );
      })}
    </div>
  );
}

function Counts({ task, tally: { options, values, pins, n } }: { task: Task; tally: Tally }) {
  const { t, i18n } = useTranslation();
  const { number } = useFormat();
  const label = (id: string) => task.options.find((option) => option.id === id)?.label ?? '';
  if (options && task.kind === 'rank') {
    const place = new Intl.NumberFormat(i18n.language, {
      maximumFractionDigits: 1,
      minimumFractionDigits: 1,
    });
    const ranked = options.filter(({ value }) => value > 0).sort((a, b) => a.value - b.value);
    return (
      <Bars
        rows={ranked.map(({ optionId, value }) => ({
          name: label(optionId),
          share: 1 - (value - 1) / Math.max(1, task.options.length - 1),
          words: t('gallery.meanPlace', { place: place.format(value) }),
        }))}
      />
    );
  }
  if (options)
    return (
      <Bars
        rows={options
          .toSorted((a, b) => b.value - a.value)
          .map(({ optionId, value }) => ({ name: label(optionId), share: value / n, words: number(value) }))}
      />
    );
  if (values)
    return (
      <Bars
        rows={values.map((value, at) => ({
          name: String(task.scale!.from + at),
          share: value / Math.max(1, ...values),
          words: number(value),
        }))}
      />
    );
  return task.asset ? (
    <div className={styles.picture}>
      <AssetShown asset={task.asset} sizes="320px" />
      {pins?.map(({ x, y }, at) => (
        <span
          key={at}
          className={styles.dot}
          style={{ left: `${x * 100}%`, top: `${y * 100}%` }}
          aria-hidden
        />
      ))}
    </div>
  ) : null;
}

const Bars = ({ rows }: { rows: { name: string; share: number; words: string }[] }) => (
  <ul className={styles.bars}>
    {rows.map(({ name, share, words }) => (
      <li key={name}>
        <span dir="auto">{name}</span>
        <span className={styles.bar} aria-hidden>
          <span style={{ inlineSize: `${Math.round(share * 100)}%` }} />
        </span>
        <span className={styles.figure}>{words}</span>
      </li>
    ))}
  </ul>
);
