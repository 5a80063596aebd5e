import { Button, SegmentedControl, Text, Textarea } from '@mantine/core';
import { COMMENT_MAX, type Fate, STATEMENT_MAX } from '@parley/contracts/contributions';
import { sendComment, submitStatement } from '@parley/contracts/live';
import { type LiveSession } from '@parley/contracts/live-facts';
import { lengthOf } from '@parley/contracts/text';
import { Link } from '@tanstack/react-router';
import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readKept, useDraft, writeKept } from '../platform/kept';
import { usePlace } from '../platform/place';
import { isSeen, useOwnFates, useSay } from './live.data';
import styles from './live.module.css';

type Kind = 'note' | 'statement';
const bodies = { note: sendComment.input.shape.body, statement: submitStatement.input.shape.body };
const most = { note: COMMENT_MAX, statement: STATEMENT_MAX };

/**
 * What a member writes: each letter is kept, each text sent is kept until the server has it.
 * `first` is what is offered until the member chooses: a statement while statements are rated.
 */
export function useComposer(session: LiveSession, first: Kind) {
  const { t } = useTranslation();
  const { membership } = usePlace();
  const say = useSay(session);
  const [chosen, setChosen] = useState<{ first: Kind; kind: Kind } | null>(null);
  const [problem, setProblem] = useState('');
  const { fates, expect } = useOwnFates(session.card.id);
  const field = useRef<HTMLTextAreaElement>(null);
  const kind = chosen?.first === first ? chosen.kind : first;
  const nameOf = (of: Kind) => `parley:draft:${membership.memberId}:${session.card.id}:${of}`;
  const [text, write] = useDraft(nameOf(kind));
  const left = most[kind] - lengthOf(text);

  const send = () => {
    const body = bodies[kind].safeParse(text);
    if (!body.success) {
      setProblem(left < 0 ? t('write.tooLong', { count: -left }) : t('write.empty'));
      field.current?.focus();
      return;
    }
    setProblem('');
    const name = nameOf(kind);
    const stored: Promise<{ fate: Fate }> = kind === 'note' ? say.comment(body.data) : say.state(body.data);
    write('');
    // Where the browser keeps no outbox, the draft stays behind until the text is in.
    if (!say.lasting) writeKept(name, text);
    stored
      .then(({ fate }) => {
        if (!isSeen(fate)) expect();
        if (!say.lasting && readKept(name) === text) writeKept(name, '');
      })
      // A refusal is shown by `Unsaved`, with the text.
      .catch(() => undefined);
  };
  const choose = (of: Kind) => {
    setProblem('');
    setChosen({ first, kind: of });
  };
  const edit = (of: Kind, body: string) => {
    const there = readKept(nameOf(of));
    const next = there ? `${there}\n${body}` : body;
    if (of === kind) write(next);
    else writeKept(nameOf(of), next);
    choose(of);
    field.current?.focus();
  };
  const change = (next: string) => {
    setProblem('');
    write(next);
  };
  return { kind, text, left, problem, fates, field, choose, change, send, edit };
}

/** The field in which a member writes, within reach of the thumb. */
export function Composer({ composer }: { composer: ReturnType<typeof useComposer> }) {
  const { t } = useTranslation();
  const { slug } = usePlace().membership.community;
  const { kind, text, left, problem, field, choose, change, send } = composer;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isSend = event.key === 'Enter' && (kind === 'statement' || event.ctrlKey || event.metaKey);
    if (!isSend || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form className={styles.composer} onSubmit={onSubmit}>
      <div className={styles.kinds}>
        <SegmentedControl
          fullWidth
          aria-label={t('write.kind')}
          value={kind}
          onChange={(value) => choose(value as Kind)}
          data={[
            { value: 'note', label: t('write.note') },
            { value: 'statement', label: t('write.statement') },
          ]}
        />
        <Link to="/c/$slug/rules" params={{ slug }} className={styles.rules}>
          {t('write.rules')}
        </Link>
      </div>
      <div className={styles.write}>
        <Textarea
          ref={field}
          className={styles.field}
          aria-label={kind === 'note' ? t('write.noteLabel') : t('write.statementLabel')}
          placeholder={kind === 'note' ? t('write.notePlaceholder') : t('write.statementPlaceholder')}
          autosize
          minRows={1}
          maxRows={4}
          dir="auto"
          enterKeyHint={kind === 'statement' ? 'send' : 'enter'}
          value={text}
          error={problem}
          onChange={(event) => change(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <Button type="submit" aria-label={kind === 'note' ? t('write.sendNote') : t('write.sendStatement')}>
          {kind === 'note' ? t('write.send') : t('write.submit')}
        </Button>
      </div>
      {left < most[kind] / 5 && (
        <Text size="xs" c="dimmed">
          {left < 0 ? t('write.tooLong', { count: -left }) : t('write.left', { count: left })}
        </Text>
      )}
    </form>
  );
}
