import { Button, Text } from '@mantine/core';
import type { Post, Topic } from '@parley/contracts/commons';
import { COMMENT_MAX } from '@parley/contracts/contributions';
import { type ReactNode, useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FilesShown } from '../platform/files';
import { useFormat } from '../platform/format';
import { Kudos } from '../platform/kudos';
import { useOp } from '../platform/op';
import { Nothing } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useEdit, useHistory, usePost, useSee, useSolve, type useTopic, useTopicNews } from './commons.data';
import styles from './commons.module.css';
import { WriteForm } from './write-form';

interface ThreadProps {
  pages: ReturnType<typeof useTopic>;
  /** Whether a post can be marked as the one that solves it. */
  solves?: boolean;
  /** What can be done with somebody's post beside answering it. */
  more?: (post: Post) => ReactNode;
}

/** What was said to a topic, what is new of it since one was here, and where one answers. */
export function Thread({ pages, solves = false, more }: ThreadProps) {
  const { t } = useTranslation();
  const { role, handle } = usePlace().membership;
  const { topic, seenAt: seenNow } = pages.data!.pages.at(-1)!;
  // What was new when the page was opened stays marked while it is read.
  const [seenAt] = useState(seenNow);
  const posts = pages.data!.pages.flatMap((page) => page.posts);
  const names = [...new Set([topic, ...posts].map(({ author }) => author.handle))].filter(
    (one) => one !== handle,
  );
  const [said, setSaid] = useState<readonly string[]>([]);
  // One's own is here already.
  const isNew = said.some((id) => !posts.some((post) => post.id === id));
  const [answers, setAnswers] = useState<{ to: Post | null; quote: string | null } | null>(null);
  const see = useSee();
  useTopicNews({ topicId: topic.id }, (id) => setSaid((before) => [...before, id]));
  const lastAt = posts.at(-1)?.at ?? topic.at;
  const markSeen = useEffectEvent((upTo: string) => see.mutate({ topicId: topic.id, upTo }));
  useEffect(() => {
    // Whoever has had it before them for two seconds has seen it.
    const timer = setTimeout(() => document.visibilityState === 'visible' && markSeen(lastAt), 2_000);
    return () => clearTimeout(timer);
  }, [lastAt]);
  /** What is new stands at the end, which may not have been loaded yet. */
  const toEnd = async () => {
    setSaid([]);
    let last: Pick<typeof pages, 'data' | 'isError'> = await pages.refetch();
    while (last.data?.pages.at(-1)?.next && !last.isError) last = await pages.fetchNextPage();
  };
  const tops = posts.filter(({ parentId }) => !parentId || !posts.some(({ id }) => id === parentId));
  const under = (id: string): Post[] =>
    posts.filter(({ parentId }) => parentId === id).flatMap((post) => [post, ...under(post.id)]);
  const maySolve = solves && (topic.mine || role !== 'member');
  const answer = (to: Post | null) => {
    const marked = window.getSelection()?.toString().trim() ?? '';
    setAnswers({
      to,
      quote: marked && (to?.body ?? topic.body).includes(marked) ? marked.slice(0, 400) : null,
    });
  };
  const one = (post: Post) => (
    <>
      <One
        post={post}
        topic={topic}
        seenAt={seenAt}
        maySolve={maySolve}
        more={more?.(post)}
        onAnswer={answer}
      />
      {answers?.to?.id === post.id && (
        <Answer topic={topic} names={names} {...answers} onDone={() => setAnswers(null)} />
      )}
    </>
  );
  return (
    <>
      {!posts.length && <Nothing>{t('talk.noPosts')}</Nothing>}
      <ol className={styles.posts}>
        {tops.map((post) => (
          <li key={post.id}>
            {one(post)}
            {under(post.id).length > 0 && (
              <ol className={styles.under}>
                {under(post.id).map((child) => (
                  <li key={child.id}>{one(child)}</li>
                ))}
              </ol>
            )}
          </li>
        ))}
      </ol>
      {pages.hasNextPage && (
        <Button
          variant="default"
          w="fit-content"
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {t('activity.more')}
        </Button>
      )}
      {(isNew || (pages.hasNextPage && !!topic.fresh)) && (
        <div role="status" className={styles.fresh}>
          <Button loading={pages.isFetching} onClick={() => void toEnd()}>
            {t('talk.fresh')}
          </Button>
        </div>
      )}
      <Answer topic={topic} names={names} to={null} quote={null} onSent={() => void toEnd()} />
    </>
  );
}

interface WordsProps {
  of: Topic | Post;
  id: string;
  maxLength: number;
  /** What else can be done with them. */
  children?: ReactNode;
}

/** Somebody's words, which are theirs to change. */
export function Words({ of, id, maxLength, children }: WordsProps) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const { memberId, role } = usePlace().membership;
  const [edits, setEdits] = useState(false);
  const edit = useEdit();
  return (
    <>
      {edits ? (
        <WriteForm
          name={`parley:edit:${memberId}:${id}`}
          label={t('talk.change')}
          first={of.body}
          most={maxLength}
          send={t('talk.changeNow')}
          isPending={edit.isPending}
          error={edit.error}
          autoFocus
          onCancel={() => setEdits(false)}
          onSend={(body, sent) =>
            edit.mutate(
              { postId: id, body },
              {
                onSuccess: () => {
                  sent();
                  setEdits(false);
                },
              },
            )
          }
        />
      ) : (
        <p className={styles.words} dir="auto">
          {of.body}
        </p>
      )}
      <FilesShown files={of.files} alt={t('talk.fileBy', { who: of.author.handle })} />
      <p className={styles.quiet}>
        <strong>{of.author.handle}</strong>
        {of.author.role !== 'member' && ` · ${t(`role.${of.author.role}`)}`} · {moment(of.at)}
        {of.edited &&
          ` · ${of.edited === 'author' && !of.mine ? t('talk.edited') : t(`receipt.edited.${of.edited}`)}`}
        {of.moderation === 'held' && ` · ${t('talk.held')}`}
      </p>
      {of.edited && (of.mine || role !== 'member') && <History id={id} />}
      {((of.mine && !edits) || children) && (
        <div className={styles.row}>
          {children}
          {of.mine && !edits && (
            <Button variant="subtle" size="compact-md" onClick={() => setEdits(true)}>
              {t('talk.change')}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

/** What was written before it was changed, the newest first. */
function History({ id }: { id: string }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const [isOpen, setOpen] = useState(false);
  const history = useHistory(id, isOpen);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className={styles.quiet}>{t('talk.history')}</summary>
      <Refusal error={history.error} onRetry={() => void history.refetch()} />
      {history.data?.toReversed().map(({ body, at }) => (
        <blockquote key={at}>
          <p className={styles.words} dir="auto">
            {body}
          </p>
          <p className={styles.quiet}>{t('talk.until', { when: moment(at) })}</p>
        </blockquote>
      ))}
    </details>
  );
}

interface OneProps {
  post: Post;
  topic: Topic;
  seenAt: string | null;
  maySolve: boolean;
  more: ReactNode;
  onAnswer: (to: Post) => void;
}

function One({ post, topic, seenAt, maySolve, more, onAnswer }: OneProps) {
  const { t } = useTranslation();
  const solve = useSolve();
  const isNew = !post.mine && seenAt !== null && post.at > seenAt;
  const isSolution = topic.solvedBy === post.id;
  return (
    <div className={styles.post} data-new={isNew || undefined}>
      {isNew && <p className={styles.newMark}>{t('talk.newMark')}</p>}
      {post.quote && <blockquote dir="auto">{post.quote}</blockquote>}
      <Words of={post} id={post.id} maxLength={COMMENT_MAX}>
        <Button
          variant="subtle"
          size="compact-md"
          aria-label={t('talk.answerNamed', { who: post.author.handle })}
          onClick={() => onAnswer(post)}
        >
          {t('talk.answer')}
        </Button>
        {maySolve && post.moderation === 'published' && (
          <Button
            variant="subtle"
            size="compact-md"
            loading={solve.isPending}
            aria-pressed={isSolution}
            onClick={() => solve.mutate({ topicId: topic.id, postId: isSolution ? null : post.id })}
          >
            {t(isSolution ? 'talk.solvesNot' : 'talk.solves')}
          </Button>
        )}
        {more}
        {post.moderation === 'published' && (
          <Kudos contributionId={post.id} who={post.author.handle} tally={post.kudos} mine={post.mine} />
        )}
      </Words>
    </div>
  );
}

interface AnswerProps {
  topic: Topic;
  names: readonly string[];
  to: Post | null;
  quote: string | null;
  onSent?: () => void;
  onDone?: () => void;
}

function Answer({ topic, names, to, quote, onSent, onDone }: AnswerProps) {
  const { t } = useTranslation();
  const { memberId } = usePlace().membership;
  const post = usePost();
  const op = useOp();
  return (
    <WriteForm
      name={`parley:post:${memberId}:${topic.id}:${to?.id ?? ''}`}
      label={to ? t('talk.answerNamed', { who: to.author.handle }) : t('talk.say')}
      most={COMMENT_MAX}
      send={t('talk.send')}
      isPending={post.isPending}
      error={post.error}
      autoFocus={to !== null}
      names={names}
      takesFiles
      {...(onDone && { onCancel: onDone })}
      onSend={(body, sent, files) =>
        post.mutate(
          {
            topicId: topic.id,
            opId: op.idOf(JSON.stringify([to?.id, quote, body, files])),
            body,
            parentId: to?.id ?? null,
            quote,
            files,
          },
          {
            onSuccess: () => {
              sent();
              op.isIn();
              onSent?.();
              onDone?.();
            },
          },
        )
      }
    >
      {quote && <blockquote dir="auto">{quote}</blockquote>}
      {post.data?.fate.moderation === 'held' && (
        <Text size="sm" role="status">
          {t('talk.heldNow')}
        </Text>
      )}
    </WriteForm>
  );
}
