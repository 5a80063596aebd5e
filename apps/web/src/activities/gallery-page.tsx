import { Button, Checkbox, Kbd, Text, Textarea, Title } from '@mantine/core';
import type { ActivityOnDesk, Submission, Task } from '@parley/contracts/activities';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { Still } from '../platform/media';
import {
  type GalleryFilter,
  useAccept,
  useActivityId,
  useFeature,
  useGallery,
  useGiveBack,
} from './activities.data';
import styles from './activities.module.css';
import { AnswerShown } from './answer-shown';
import { ExcerptForm, Excerpts } from './excerpts';
import { GalleryFilters } from './gallery-filters';
import { keys, type Wish, wishOf } from './gallery-keys';
import { ManageActivity } from './manage-activity';
import { Tallies } from './tallies';

/** How many are looked at beside each other. */
const BESIDE_MOST = 4;

/** What was sent to an Activity, for the team: look, take, give back, show first, cut out. */
export function GalleryPage() {
  const { t } = useTranslation();
  const { community } = usePlace().membership;
  const activityId = useActivityId();
  const [filter, setFilter] = useState<GalleryFilter>({});
  const gallery = useGallery(activityId, filter);
  const first = gallery.data?.pages[0];
  useTitle(first?.activity.title ?? t('activityDesk.title'), community.name);
  if (gallery.error && !first)
    return <Refusal error={gallery.error} onRetry={() => void gallery.refetch()} />;
  if (!first) return <Loading lines={8} />;
  const submissions = gallery.data!.pages.flatMap((page) => page.submissions);
  return (
    <div className={styles.page}>
      <header className={styles.part}>
        <Link to="/c/$slug/activities" params={{ slug: community.slug }} className={styles.link}>
          {t('activity.all')}
        </Link>
        <Title order={1} dir="auto">
          {first.activity.title}
        </Title>
        <ManageActivity activity={first.activity} />
      </header>
      <GalleryFilters activity={first.activity} tasks={first.tasks} filter={filter} onChange={setFilter} />
      <p className={styles.quiet} role="status">
        {t('gallery.count', { count: first.count })}
      </p>
      <Tallies tasks={first.tasks} tallies={first.tallies} />
      {submissions.length ? (
        <Looking activity={first.activity} tasks={first.tasks} submissions={submissions} />
      ) : (
        <Nothing>{t(Object.keys(filter).length ? 'gallery.noneFit' : 'gallery.none')}</Nothing>
      )}
      {gallery.hasNextPage && (
        <Button
          variant="default"
          w="fit-content"
          loading={gallery.isFetchingNextPage}
          onClick={() => void gallery.fetchNextPage()}
        >
          {t('activity.more')}
        </Button>
      )}
      <Excerpts />
    </div>
  );
}

interface LookingProps {
  activity: ActivityOnDesk;
  tasks: Task[];
  submissions: Submission[];
}

function Looking({ activity, tasks, submissions }: LookingProps) {
  const { t } = useTranslation();
  const { role } = usePlace().membership;
  const decides = role !== 'host';
  const root = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<string | null>(null);
  const [beside, setBeside] = useState<string[]>([]);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [form, setForm] = useState<'giveBack' | 'excerpt' | null>(null);
  const accept = useAccept();
  const feature = useFeature();
  const current = submissions.find(({ id }) => id === at) ?? submissions[0]!;
  const compared = submissions.filter(({ id }) => beside.includes(id));
  const inActivity = { activityId: activity.id };
  const goTo = (by: number) => {
    const next = submissions[submissions.indexOf(current) + by];
    if (!next) return;
    setAt(next.id);
    setForm(null);
    root.current?.querySelector<HTMLElement>(`[data-row="${next.id}"]`)?.focus();
  };
  const toggle = (id: string) =>
    setPicked((now) => new Set(now.has(id) ? [...now].filter((one) => one !== id) : [...now, id]));
  const takeAll = async () => {
    const ids = picked.size ? [...picked] : [current.id];
    for (const submissionId of ids)
      await accept.mutateAsync({ ...inActivity, submissionId }).catch(() => undefined);
    setPicked(new Set());
  };
  const act: Record<Wish, () => void> = {
    next: () => goTo(1),
    previous: () => goTo(-1),
    accept: () => decides && void takeAll(),
    giveBack: () => decides && setForm('giveBack'),
    feature: () =>
      decides &&
      feature.mutate({ ...inActivity, submissionId: current.id, featured: current.featuredAt === null }),
    excerpt: () => setForm('excerpt'),
    beside: () =>
      setBeside((now) =>
        now.includes(current.id)
          ? now.filter((id) => id !== current.id)
          : [...now, current.id].slice(-BESIDE_MOST),
      ),
    select: () => toggle(current.id),
    close: () => {
      setForm(null);
      setBeside([]);
    },
  };
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const wish = wishOf(event);
    const { target } = event;
    const isHere =
      target === document.body ||
      (target instanceof Element && (target.id === 'main' || (root.current?.contains(target) ?? false)));
    if (!wish || event.repeat || !isHere || (form && wish !== 'close')) return;
    event.preventDefault();
    act[wish]();
  });
  useEffect(() => {
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <div ref={root} className={styles.looking}>
      <ul className={styles.rows} aria-label={t('gallery.list')}>
        {submissions.map((submission) => (
          <li
            key={submission.id}
            className={styles.galleryRow}
            data-here={submission.id === current.id || undefined}
          >
            {decides && (
              <Checkbox
                aria-label={t('gallery.pick', { author: submission.author.handle })}
                checked={picked.has(submission.id)}
                onChange={() => toggle(submission.id)}
              />
            )}
            <button
              type="button"
              data-row={submission.id}
              className={styles.rowButton}
              aria-current={submission.id === current.id || undefined}
              onClick={() => {
                setAt(submission.id);
                setForm(null);
              }}
            >
              <Row submission={submission} />
            </button>
          </li>
        ))}
      </ul>
      {compared.length > 1 ? (
        <div className={styles.beside}>
          <Button variant="default" w="fit-content" onClick={() => setBeside([])}>
            {t('gallery.besideEnd')}
          </Button>
          <Compare submissions={compared} tasks={tasks} />
        </div>
      ) : (
        <section className={styles.panel} aria-label={t('activity.by', { author: current.author.handle })}>
          <div className={styles.spread}>
            <Title order={2} dir="auto">
              {current.author.handle}
            </Title>
            <span className={styles.stateLine} data-state={current.state}>
              {t(`gallery.state.${current.state}`)}
            </span>
          </div>
          <Facts submission={current} />
          <div className={styles.row} role="toolbar" aria-label={t('gallery.do')}>
            {decides && (
              <>
                <Act
                  wish="accept"
                  disabled={!['submitted', 'waiting'].includes(current.state) && !picked.size}
                  loading={accept.isPending}
                  onClick={act.accept}
                >
                  {picked.size ? t('gallery.acceptMany', { count: picked.size }) : t('gallery.accept')}
                </Act>
                <Act
                  wish="giveBack"
                  disabled={['returned', 'declined', 'withdrawn'].includes(current.state)}
                  onClick={act.giveBack}
                >
                  {t('gallery.giveBack')}
                </Act>
                <Act
                  wish="feature"
                  disabled={
                    current.featuredAt === null && (current.state !== 'accepted' || current.quote === 'no')
                  }
                  loading={feature.isPending}
                  onClick={act.feature}
                >
                  {t(current.featuredAt ? 'gallery.unfeature' : 'gallery.feature')}
                </Act>
              </>
            )}
            <Act wish="excerpt" onClick={act.excerpt}>
              {t('gallery.excerpt')}
            </Act>
            <Act wish="beside" onClick={act.beside}>
              {t(beside.includes(current.id) ? 'gallery.besideNot' : 'gallery.beside')}
            </Act>
          </div>
          <Refusal error={accept.error ?? feature.error} />
          {form === 'giveBack' && (
            <GiveBack key={current.id} submission={current} tasks={tasks} onDone={() => setForm(null)} />
          )}
          {form === 'excerpt' && (
            <ExcerptForm key={current.id} submission={current} tasks={tasks} onDone={() => setForm(null)} />
          )}
          {tasks.map((task) => (
            <div key={task.id} className={styles.answer}>
              <h3 dir="auto">{task.prompt}</h3>
              <AnswerShown
                task={task}
                answer={current.answers.find(({ taskId }) => taskId === task.id)}
                media={current.media}
              />
            </div>
          ))}
        </section>
      )}
    </div>
  );
}

interface ActProps {
  wish: Wish;
  disabled?: boolean;
  loading?: boolean;
  onClick: () => void;
  children: string;
}

const Act = ({ wish, disabled = false, loading = false, onClick, children }: ActProps) => (
  <Button
    variant="default"
    disabled={disabled}
    loading={loading}
    onClick={onClick}
    aria-keyshortcuts={keys[wish]}
    rightSection={<Kbd aria-hidden>{keys[wish]}</Kbd>}
  >
    {children}
  </Button>
);

function Row({ submission }: { submission: Submission }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const still = submission.media.find(({ state, kind }) => state === 'ready' && kind !== 'audio');
  const text = submission.answers.find(({ kind }) => kind === 'text');
  return (
    <>
      <span className={styles.thumb}>
        {still && <Still mediaId={still.id} alt="" width={still.width} height={still.height} sizes="64px" />}
      </span>
      <span className={styles.rowWords}>
        <strong dir="auto">{submission.author.handle}</strong>
        <span className={styles.clip} dir="auto">
          {text?.kind === 'text' ? text.text : ''}
        </span>
        <span className={styles.quiet}>
          {t(`gallery.state.${submission.state}`)} · {date(submission.at.slice(0, 10))}
        </span>
      </span>
    </>
  );
}

function Facts({ submission }: { submission: Submission }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  return (
    <Text size="sm" c="dimmed">
      {moment(submission.at)}
      {submission.late && ` · ${t('activity.late')}`}
      {submission.entry > 1 && ` · ${t('activity.entryN', { n: submission.entry })}`} ·{' '}
      {t(`excerpt.quote.${submission.quote}`)}
      {submission.accepted && ` · ${t('gallery.acceptedBy', { by: submission.accepted.by.name })}`}
    </Text>
  );
}

/** Beside each other, task by task. */
function Compare({ submissions, tasks }: { submissions: Submission[]; tasks: Task[] }) {
  return (
    <table className={styles.compare}>
      <thead>
        <tr>
          <td />
          {submissions.map(({ id, author }) => (
            <th key={id} scope="col" dir="auto">
              {author.handle}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {tasks.map((task) => (
          <tr key={task.id}>
            <th scope="row" dir="auto">
              {task.prompt}
            </th>
            {submissions.map(({ id, answers, media }) => (
              <td key={id}>
                <AnswerShown
                  task={task}
                  answer={answers.find(({ taskId }) => taskId === task.id)}
                  media={media}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What is to be mended, and why. */
function GiveBack({
  submission,
  tasks,
  onDone,
}: {
  submission: Submission;
  tasks: Task[];
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const activityId = useActivityId();
  const giveBack = useGiveBack();
  const [note, setNote] = useState('');
  const [taskIds, setTaskIds] = useState<string[]>([]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (note.trim())
      giveBack.mutate({ activityId, submissionId: submission.id, note, taskIds }, { onSuccess: onDone });
  };
  return (
    <form className={styles.panel} onSubmit={submit} aria-label={t('gallery.giveBack')}>
      <Textarea
        label={t('gallery.note')}
        description={t('gallery.noteHow')}
        autosize
        minRows={2}
        maxLength={1000}
        data-autofocus
        autoFocus
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
      <Checkbox.Group label={t('gallery.which')} value={taskIds} onChange={setTaskIds}>
        <div className={styles.choices}>
          {tasks.map(({ id, prompt }) => (
            <Checkbox key={id} value={id} label={prompt} />
          ))}
        </div>
      </Checkbox.Group>
      <Refusal error={giveBack.error} />
      <div className={styles.row}>
        <Button type="submit" loading={giveBack.isPending} disabled={!note.trim()}>
          {t('gallery.giveBack')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('activity.cancel')}
        </Button>
      </div>
    </form>
  );
}
