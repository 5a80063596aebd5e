import { Button, Text, Textarea } from '@mantine/core';
import { COMMENT_MAX } from '@parley/contracts/contributions';
import { commentUpdate, type UpdatePage } from '@parley/contracts/loop';
import { lengthOf } from '@parley/contracts/text';
import IconLock from '@tabler/icons-react/dist/esm/icons/IconLock.mjs';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { useDraft } from '../platform/kept';
import { useOp } from '../platform/op';
import { Nothing } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useComment, useIsObserver } from './feed.data';
import styles from './feed.module.css';

/** What is said of how it was done, oldest first, and one's own comment; what of it waits says so to its author. */
export function Thread({ page }: { page: UpdatePage }) {
  const { t } = useTranslation();
  const { slug } = usePlace().membership.community;
  const observes = useIsObserver();
  return (
    <section className={styles.section} aria-labelledby="thread">
      <h2 id="thread">{t('updatePage.thread')}</h2>
      {page.thread.length ? (
        <ul className={styles.words}>
          {page.thread.map((comment) => (
            <li key={comment.id}>
              <Comment comment={comment} />
            </li>
          ))}
        </ul>
      ) : (
        <Nothing>{t('updatePage.threadNone')}</Nothing>
      )}
      {observes ? (
        <Text size="sm" c="dimmed">
          {t('verdict.observer')}{' '}
          <Link to="/c/$slug/profile" params={{ slug }} className={styles.inline}>
            {t('verdict.toProfile')}
          </Link>
        </Text>
      ) : (
        <Composer updateId={page.update.id} />
      )}
    </section>
  );
}

function Comment({ comment }: { comment: UpdatePage['thread'][number] }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const { memberId, community } = usePlace().membership;
  const { id, author, body, at, moderation } = comment;
  const isMine = author.memberId === memberId;
  return (
    <div className={styles.comment}>
      <p dir="auto">{body}</p>
      <p className={styles.small}>
        <strong>{isMine ? t('words.you') : author.handle}</strong>
        {author.role !== 'member' && <span className={styles.role}>{t(`role.${author.role}`)}</span>}
        <span>{moment(at)}</span>
      </p>
      {moderation !== 'published' && (
        <p className={styles.lock}>
          <IconLock size={16} aria-hidden />
          {moderation === 'held' ? t('updatePage.waits') : t('updatePage.notShown')}
        </p>
      )}
      {isMine && author.role === 'member' && (
        <Link
          to="/c/$slug/impact/$contributionId"
          params={{ slug: community.slug, contributionId: id }}
          className={styles.link}
        >
          {t('updatePage.toReceipt')}
        </Link>
      )}
    </div>
  );
}

function Composer({ updateId }: { updateId: string }) {
  const { t } = useTranslation();
  const { memberId } = usePlace().membership;
  const comment = useComment(updateId);
  const [text, write] = useDraft(`parley:draft:${memberId}:${updateId}:comment`);
  const [problem, setProblem] = useState('');
  const op = useOp();
  const field = useRef<HTMLTextAreaElement>(null);
  const left = COMMENT_MAX - lengthOf(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = commentUpdate.input.shape.body.safeParse(text);
    if (!body.success) {
      setProblem(left < 0 ? t('write.tooLong', { count: -left }) : t('write.empty'));
      field.current?.focus();
      return;
    }
    setProblem('');
    comment.mutate(
      { opId: op.idOf(body.data), body: body.data },
      {
        onSuccess: () => {
          write('');
          op.isIn();
        },
      },
    );
  };
  return (
    <form className={styles.composer} onSubmit={submit} noValidate>
      <Textarea
        ref={field}
        label={t('updatePage.write')}
        autosize
        minRows={2}
        maxRows={8}
        dir="auto"
        value={text}
        error={problem}
        onChange={({ currentTarget }) => {
          setProblem('');
          comment.reset();
          write(currentTarget.value);
        }}
      />
      {left < COMMENT_MAX / 5 && (
        <Text size="xs" c="dimmed">
          {left < 0 ? t('write.tooLong', { count: -left }) : t('write.left', { count: left })}
        </Text>
      )}
      <Refusal error={comment.error} />
      <div className={styles.row}>
        <Button type="submit" loading={comment.isPending}>
          {t('updatePage.send')}
        </Button>
        <Text component="span" role="status" size="sm" c="dimmed">
          {comment.data &&
            t(comment.data.moderation === 'published' ? 'updatePage.sent' : 'updatePage.sentHeld')}
        </Text>
      </div>
    </form>
  );
}
