import { Button, NativeSelect, Textarea, Title } from '@mantine/core';
import type { Submission, Task } from '@parley/contracts/activities';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clock } from '../platform/format';
import { Film, Still } from '../platform/media';
import { Refusal } from '../platform/refusal';
import { useActivityId, useExcerpts, useRemoveExcerpt, useSaveExcerpt, useThemes } from './activities.data';
import styles from './activities.module.css';

/** A piece of what somebody sent: words of it, a picture, or a clip. */
type Piece =
  | { taskId: string; words: string }
  | { taskId: string; mediaId: string; kind: 'image' | 'video'; width: number | null; height: number | null };

/** What of a submission can be cut out. */
function piecesOf(submission: Submission): Piece[] {
  return submission.answers.flatMap((answer): Piece[] => {
    const { taskId } = answer;
    const words =
      answer.kind === 'text'
        ? [answer.text]
        : answer.kind === 'photo' || answer.kind === 'video'
          ? [answer.note ?? []].flat()
          : answer.kind === 'place'
            ? answer.pins.flatMap(({ note }) => note ?? [])
            : [];
    const files = 'mediaIds' in answer ? answer.mediaIds : [];
    return [
      ...words.map((text) => ({ taskId, words: text })),
      ...files.flatMap((id): Piece[] => {
        const file = submission.media.find((one) => one.id === id && one.state === 'ready');
        const { kind = null, width = null, height = null } = file ?? {};
        return kind === 'image' || kind === 'video' ? [{ taskId, mediaId: id, kind, width, height }] : [];
      }),
    ];
  });
}

/** Cuts a piece out of a submission as evidence: exactly as it was written or shown. */
export function ExcerptForm({
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
  const save = useSaveExcerpt();
  const themes = useThemes();
  const [excerptId] = useState(() => crypto.randomUUID());
  const pieces = piecesOf(submission);
  const [at, setAt] = useState(0);
  const piece = pieces[at];
  const [words, setWords] = useState(() => selectedIn(pieces));
  const [clip, setClip] = useState<{ from: number; to: number } | null>(null);
  const [note, setNote] = useState('');
  const [themeId, setThemeId] = useState('');
  const film = useRef<HTMLVideoElement>(null);
  if (!piece) return <p className={styles.quiet}>{t('excerpt.nothing')}</p>;
  const isWords = 'words' in piece;
  const text = words ?? (isWords ? piece.words : '');
  const isVerbatim = !isWords || piece.words.includes(text.trim());
  const set = (which: 'from' | 'to') => {
    const second = Math.round((film.current?.currentTime ?? 0) * 10) / 10;
    setClip((now) =>
      which === 'from'
        ? { from: second, to: Math.max(now?.to ?? 0, second + 1) }
        : { from: Math.min(now?.from ?? 0, second - 0.1), to: second },
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isVerbatim || (isWords && !text.trim())) return;
    save.mutate(
      {
        ...{ activityId, excerptId, submissionId: submission.id, taskId: piece.taskId },
        mediaId: isWords ? null : piece.mediaId,
        from: isWords ? null : (clip?.from ?? null),
        to: isWords ? null : (clip?.to ?? null),
        words: isWords ? text.trim() : null,
        note: note.trim() || null,
        themeId: themeId || null,
      },
      { onSuccess: onDone },
    );
  };
  const label = (one: Piece) => {
    const prompt = tasks.find(({ id }) => id === one.taskId)?.prompt ?? '';
    return 'words' in one
      ? `${prompt}: ${one.words.slice(0, 60)}`
      : `${prompt}: ${t(`gallery.media.${one.kind}`)}`;
  };
  return (
    <form
      className={styles.panel}
      onSubmit={submit}
      aria-label={t('excerpt.title')}
      onKeyDown={({ key, target }) => {
        if (isWords || (target instanceof Element && target.closest('textarea, select'))) return;
        if (key === 'i') set('from');
        if (key === 'o') set('to');
      }}
    >
      <Title order={3}>{t('excerpt.title')}</Title>
      <NativeSelect
        label={t('excerpt.piece')}
        data-autofocus
        value={String(at)}
        data={pieces.map((one, place) => ({ value: String(place), label: label(one) }))}
        onChange={({ currentTarget }) => {
          setAt(Number(currentTarget.value));
          setWords(null);
          setClip(null);
        }}
      />
      {isWords && (
        <Textarea
          label={t('excerpt.words')}
          description={t('excerpt.wordsHow')}
          error={isVerbatim ? undefined : t('excerpt.verbatim')}
          autosize
          minRows={2}
          dir="auto"
          value={text}
          onChange={({ currentTarget }) => setWords(currentTarget.value)}
        />
      )}
      {!isWords && piece.kind === 'video' && (
        <>
          <div className={styles.filmShown}>
            <Film
              mediaId={piece.mediaId}
              label={t('excerpt.clip')}
              width={piece.width}
              height={piece.height}
              controls
              video={film}
            />
          </div>
          <div className={styles.row}>
            <Button variant="default" onClick={() => set('from')}>
              {t('excerpt.from')}
            </Button>
            <Button variant="default" onClick={() => set('to')}>
              {t('excerpt.to')}
            </Button>
            <span role="status">
              {clip ? t('excerpt.span', { from: clock(clip.from), to: clock(clip.to) }) : t('excerpt.whole')}
            </span>
          </div>
        </>
      )}
      {!isWords && piece.kind === 'image' && (
        <div className={styles.open}>
          <Still mediaId={piece.mediaId} alt="" width={piece.width} height={piece.height} sizes="320px" />
        </div>
      )}
      <Textarea
        label={t('excerpt.note')}
        autosize
        minRows={1}
        maxLength={500}
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
      <NativeSelect
        label={t('excerpt.theme')}
        description={t('excerpt.themeHow')}
        value={themeId}
        data={[
          { value: '', label: t('excerpt.noTheme') },
          ...(themes.data ?? []).map(({ id, label: name }) => ({ value: id, label: name })),
        ]}
        onChange={({ currentTarget }) => setThemeId(currentTarget.value)}
      />
      <Refusal error={save.error} />
      <div className={styles.row}>
        <Button type="submit" loading={save.isPending}>
          {t('excerpt.save')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('activity.cancel')}
        </Button>
      </div>
    </form>
  );
}

/** Words that the person has marked on the page, where they are from this submission. */
function selectedIn(pieces: readonly Piece[]): string | null {
  const marked = window.getSelection()?.toString().trim() ?? '';
  const [first] = pieces;
  return marked && first && 'words' in first && first.words.includes(marked) ? marked : null;
}

/** What was cut out so far. */
export function Excerpts() {
  const { t } = useTranslation();
  const activityId = useActivityId();
  const excerpts = useExcerpts(activityId);
  const remove = useRemoveExcerpt();
  if (!excerpts.data?.length) return null;
  return (
    <section className={styles.part} aria-label={t('excerpt.all')}>
      <Title order={2}>{t('excerpt.all')}</Title>
      <ul className={styles.gallery}>
        {excerpts.data.map((excerpt) => (
          <li key={excerpt.id} className={styles.card}>
            {excerpt.words && <blockquote dir="auto">{excerpt.words}</blockquote>}
            {excerpt.mediaId && (
              <div className={styles.open}>
                <Still
                  mediaId={excerpt.mediaId}
                  alt={excerpt.note ?? ''}
                  width={null}
                  height={null}
                  sizes="240px"
                />
              </div>
            )}
            {excerpt.from !== null && excerpt.to !== null && (
              <p>{t('excerpt.span', { from: clock(excerpt.from), to: clock(excerpt.to) })}</p>
            )}
            {excerpt.note && <p dir="auto">{excerpt.note}</p>}
            <p className={styles.quiet}>
              {t('excerpt.by', { author: excerpt.author.handle, by: excerpt.by })} ·{' '}
              {t(`excerpt.quote.${excerpt.quote}`)}
              {excerpt.theme && ` · ${excerpt.theme.label}`}
            </p>
            <Button
              variant="subtle"
              color="gray"
              w="fit-content"
              aria-label={t('excerpt.removeNamed', {
                words: excerpt.words ?? excerpt.note ?? excerpt.author.handle,
              })}
              loading={remove.isPending && remove.variables.excerptId === excerpt.id}
              onClick={() => remove.mutate({ activityId, excerptId: excerpt.id })}
            >
              {t('activity.remove')}
            </Button>
          </li>
        ))}
      </ul>
      <Refusal error={remove.error} />
    </section>
  );
}
