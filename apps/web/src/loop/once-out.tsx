import { Button, Group, NativeSelect, Text, Textarea, TextInput, Title } from '@mantine/core';
import type { UpdateDraft } from '@parley/contracts/loop';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { useDraft } from '../platform/kept';
import { Loading } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { Sure } from '../platform/sure';
import { useUpdate } from './feed.data';
import { useCorrect, useDeliver, usePromises, useWithdraw } from './loop-desk.data';
import styles from './loop-desk.module.css';
import { UpdateEvidence } from './update-evidence';
import { UpdateFields } from './update-fields';
import { UpdateAsRead, UpdatePreview } from './update-preview';
import { Versions } from './versions';
import { bodyOf, dayOf, problemsOf, type Writing, writingOf } from './writing';

/** An Update that members read: what can still be done about it, and what it said before. */
export function OnceOut({ draft }: { draft: UpdateDraft }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const { membership } = usePlace();
  const { slug } = membership.community;
  const isManager = membership.role === 'manager';
  const { id: updateId, status, body, times, delivered } = draft;
  const published = useUpdate(updateId);
  const isOut = status !== 'withdrawn';
  const isDelivered =
    (body.outcome === 'adopted' || body.outcome === 'adapted') &&
    (status === 'outToCommunity' || status === 'outToPublic');
  const [isCorrecting, setCorrecting] = useState(false);
  const [told, setTold] = useState('');
  return (
    <div className={styles.editor}>
      {!isCorrecting && (
        <aside className={styles.beside} data-first aria-label={t('editor.preview')}>
          {published.data ? (
            <UpdateAsRead update={published.data.update} />
          ) : published.error ? (
            <Refusal error={published.error} onRetry={() => void published.refetch()} />
          ) : (
            <Loading lines={6} />
          )}
        </aside>
      )}
      <div className={styles.main}>
        <div className={styles.part}>
          <Text role="status" className={styles.told}>
            {told || t(`draft.status.${status}`)}
          </Text>
          {times && isOut && (
            <ul className={styles.plain}>
              <li>{t('draft.contributorsAt', { when: moment(times.contributorsAt) })}</li>
              <li>{t('draft.communityAt', { when: moment(times.communityAt) })}</li>
              {times.publicAt && <li>{t('draft.publicAt', { when: moment(times.publicAt) })}</li>}
            </ul>
          )}
          <Link to="/c/$slug/updates/$updateId" params={{ slug, updateId }} className={styles.link}>
            {t('editor.asMembers')}
          </Link>
        </div>
        {isOut && isManager && (
          <section className={styles.part} aria-labelledby="once-out">
            <Title order={2} id="once-out">
              {t('editor.onceOut')}
            </Title>
            {isCorrecting ? (
              <Correction
                draft={draft}
                onClose={(words) => {
                  setCorrecting(false);
                  if (words) setTold(words);
                }}
              />
            ) : (
              <Group gap="sm" align="flex-start">
                {isDelivered && !delivered && <Deliver updateId={updateId} />}
                <Button variant="default" onClick={() => setCorrecting(true)}>
                  {t('editor.correct')}
                </Button>
                <Withdraw draft={draft} />
              </Group>
            )}
            {delivered && <Text>{t('draft.delivered')}</Text>}
          </section>
        )}
        {published.data && <Versions versions={published.data.versions} />}
        <UpdateEvidence updateId={updateId} draft={draft} waiting={0} mayChange={false} />
      </div>
    </div>
  );
}

function Deliver({ updateId }: { updateId: string }) {
  const { t } = useTranslation();
  const deliver = useDeliver();
  return (
    <Sure
      label={t('editor.deliver')}
      question={t('editor.deliverSure')}
      yes={t('editor.deliverNow')}
      no={t('editor.notYet')}
      isPending={deliver.isPending}
      onYes={() => deliver.mutate({ updateId })}
    >
      <Refusal error={deliver.error} />
    </Sure>
  );
}

/** A correction being written, with the version it began from; kept in this browser until it is out. */
interface Mine {
  basedOn: number;
  writing: Writing;
  note: string;
}

function mineOf(text: string, draft: UpdateDraft): Mine {
  try {
    const mine = JSON.parse(text) as Mine;
    if (Number.isInteger(mine.basedOn) && typeof mine.writing?.title === 'string') return mine;
  } catch {
    // Nothing was begun.
  }
  return { basedOn: draft.version, writing: writingOf(draft.body), note: '' };
}

function Correction({ draft, onClose }: { draft: UpdateDraft; onClose: (told: string | null) => void }) {
  const { t } = useTranslation();
  const { memberId } = usePlace().membership;
  const [text, keep] = useDraft(`parley:correction:${memberId}:${draft.id}`);
  const mine = mineOf(text, draft);
  const correct = useCorrect();
  const [isTried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const { basedOn, writing, note } = mine;
  const change = (more: Partial<Mine>) => keep(JSON.stringify({ ...mine, ...more }));
  const isStale = draft.version !== basedOn;
  return (
    <form
      ref={form}
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        const body = bodyOf(writing);
        if (isStale || !body || !note.trim()) {
          // After the fields have said what is missing.
          setTimeout(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
          return;
        }
        correct.mutate(
          { updateId: draft.id, version: basedOn, body, note },
          {
            onSuccess: () => {
              keep('');
              onClose(t('editor.corrected'));
            },
          },
        );
      }}
    >
      <Text maw="65ch">{t('editor.correctHow')}</Text>
      {isStale && (
        <div className={styles.stale} role="alert">
          <Text>{t('error.edit.stale')}</Text>
          <UpdatePreview updateId={draft.id} writing={writingOf(draft.body)} by={draft.by} draft={draft} />
          <Group gap="sm">
            <Button variant="default" onClick={() => change({ basedOn: draft.version })}>
              {t('editor.keepMine')}
            </Button>
            <Button variant="default" onClick={() => keep('')}>
              {t('editor.takeTheirs')}
            </Button>
          </Group>
        </div>
      )}
      <UpdateFields
        isOut
        writing={writing}
        problems={isTried ? problemsOf(writing) : {}}
        onChange={(more) => change({ writing: { ...writing, ...more } })}
      />
      <Textarea
        label={t('editor.wrong')}
        description={t('editor.wrongHow')}
        autosize
        minRows={2}
        maxLength={500}
        value={note}
        error={isTried && !note.trim() ? t('editor.wrongTakes') : undefined}
        onChange={(event) => change({ note: event.currentTarget.value })}
      />
      <Text className={styles.small}>{t('editor.preview')}</Text>
      <UpdatePreview updateId={draft.id} writing={writing} by={draft.by} draft={draft} />
      <Refusal error={correct.error} />
      <Group gap="sm">
        <Button type="submit" loading={correct.isPending}>
          {t('editor.correctNow')}
        </Button>
        <Button
          variant="default"
          onClick={() => {
            keep('');
            onClose(null);
          }}
        >
          {t('editor.correctNot')}
        </Button>
      </Group>
    </form>
  );
}

function Withdraw({ draft: { id: updateId } }: { draft: UpdateDraft }) {
  const { t } = useTranslation();
  const withdraw = useWithdraw();
  const promises = usePromises();
  const [because, setBecause] = useState('');
  const [consultationId, setConsultationId] = useState('');
  const [answerBy, setAnswerBy] = useState('');
  const [isTried, setTried] = useState(false);
  const words = useRef<HTMLTextAreaElement>(null);
  const day = useRef<HTMLInputElement>(null);
  const today = dayOf(new Date());
  const open = (promises.data ?? []).filter(({ space, endedAt }) => space.kind !== 'update' && !endedAt);
  return (
    <Sure
      label={t('editor.withdraw')}
      question={t('editor.withdrawSure')}
      yes={t('editor.withdrawNow')}
      no={t('clock.leave')}
      isGrave
      isPending={withdraw.isPending}
      onYes={() => {
        setTried(true);
        if (!because.trim()) words.current?.focus();
        else if (answerBy < today) day.current?.focus();
        else withdraw.mutate({ updateId, because, consultationId: consultationId || null, answerBy });
      }}
    >
      <Textarea
        ref={words}
        label={t('editor.withdrawBecause')}
        autosize
        minRows={2}
        maxLength={1000}
        value={because}
        error={isTried && !because.trim() ? t('editor.withdrawBecauseTakes') : undefined}
        onChange={(event) => setBecause(event.currentTarget.value)}
      />
      <NativeSelect
        label={t('editor.consultation')}
        description={t('editor.consultationHow')}
        value={consultationId}
        data={[
          { value: '', label: t('editor.noConsultation') },
          ...open.map(({ space }) => ({ value: space.id, label: space.title })),
        ]}
        onChange={(event) => setConsultationId(event.currentTarget.value)}
      />
      <TextInput
        ref={day}
        type="date"
        className={styles.day}
        label={t('editor.answerBy')}
        min={today}
        value={answerBy}
        error={isTried && answerBy < today ? t('editor.answerByTakes') : undefined}
        onChange={(event) => setAnswerBy(event.currentTarget.value)}
      />
      <Refusal error={withdraw.error} />
    </Sure>
  );
}
