import { Button, Group, Text, Textarea, Title } from '@mantine/core';
import type { UpdateBody, UpdateDraft } from '@parley/contracts/loop';
import { Link, useLocation, useParams } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { AudienceTimes } from './audience-times';
import { useApprove, useDrafts, usePromises, useSubmit } from './loop-desk.data';
import styles from './loop-desk.module.css';
import { OnceOut } from './once-out';
import { UpdateEvidence } from './update-evidence';
import { UpdateFields } from './update-fields';
import { UpdatePreview } from './update-preview';
import { type SaveState, useWriting } from './use-writing';
import { keptWriting, problemsOf, writingOf } from './writing';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** An Update that is there as soon as something is written. */
    begins?: boolean;
  }
}

/** One Update, from the first word to what is said of it once it is out. */
export function EditorPage() {
  const { t } = useTranslation();
  const { updateId = '' } = useParams({ strict: false });
  const { community, memberId, role } = usePlace().membership;
  useTitle(t('editor.page'), community.name);
  const list = useDrafts();
  const draft = list.data?.drafts.find(({ id }) => id === updateId);
  const { begins } = useLocation().state;
  // Only what was begun here can be empty; any other id belongs to somebody else or to nothing.
  const isBegun = useMemo(
    () => Boolean(begins) || keptWriting(memberId, updateId) !== null,
    [begins, memberId, updateId],
  );
  const mayWrite = isBegun && (role === 'host' || role === 'manager');
  const isOut = draft && (draft.status.startsWith('out') || draft.status === 'withdrawn');
  return (
    <>
      <div>
        <Link to="/c/$slug/loop/updates" params={{ slug: community.slug }} className={styles.link}>
          {t('editor.back')}
        </Link>
        <Title order={2} dir="auto" className={styles.updateTitle}>
          {draft?.body.title ?? t(mayWrite ? 'editor.new' : 'editor.page')}
        </Title>
      </div>
      {list.isPending && <Loading lines={6} />}
      {!list.data && <Refusal error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && !draft && !mayWrite && (
        <div>
          <Nothing>{t('editor.notYours')}</Nothing>
          <Link
            to="/c/$slug/updates/$updateId"
            params={{ slug: community.slug, updateId }}
            className={styles.link}
          >
            {t('editor.asMembers')}
          </Link>
        </div>
      )}
      {list.data && (draft || mayWrite) && !isOut && (
        <Editor key={updateId} updateId={updateId} draft={draft} hasSteps={list.data.steps.length > 0} />
      )}
      {isOut && <OnceOut draft={draft} />}
    </>
  );
}

interface EditorProps {
  updateId: string;
  draft: UpdateDraft | undefined;
  hasSteps: boolean;
}

function Editor({ updateId, draft, hasSteps }: EditorProps) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const { membership } = usePlace();
  const { role, memberId, handle } = membership;
  const status = draft?.status ?? 'draft';
  const [isEditing, setEditing] = useState(false);
  const isMine = role === 'manager' || !draft || draft.byMemberId === memberId;
  const canEdit = isMine && (status === 'draft' || isEditing);
  const doc = useWriting(updateId, draft, canEdit);
  const { writing, state, theirs } = doc;
  const [isTried, setTried] = useState(false);
  const [lacksEvidence, setLacksEvidence] = useState(false);
  const submit = useSubmit();
  const form = useRef<HTMLFormElement>(null);
  const problems = problemsOf(writing);
  const by = draft?.by ?? { name: handle, title: t(`role.${role}`) };
  const returned = status === 'draft' && draft?.approvals.findLast(({ decision }) => decision === 'returned');

  const ask = async () => {
    setTried(true);
    const hasEvidence = (draft?.contributions ?? 0) > 0 || doc.linksWaiting > 0;
    setLacksEvidence(!hasEvidence);
    if (Object.keys(problems).length) {
      // After the fields have said what is missing.
      setTimeout(() =>
        form.current
          ?.querySelector<HTMLElement>(
            '[aria-invalid=true], [role=radiogroup][aria-describedby*=error] input',
          )
          ?.focus(),
      );
      return;
    }
    if (!hasEvidence) return;
    try {
      const version = await doc.flush();
      await submit.mutateAsync({ updateId, version });
      setEditing(false);
      setTried(false);
    } catch {
      // Said where it is saved, or below the button.
    }
  };

  const preview = (
    <aside className={styles.beside} data-first={!canEdit || undefined} aria-label={t('editor.preview')}>
      <Text className={styles.small}>{t('editor.preview')}</Text>
      <UpdatePreview
        updateId={updateId}
        writing={canEdit || !draft ? writing : writingOf(draft.body)}
        by={by}
        draft={draft}
        isAlone={!canEdit}
      />
    </aside>
  );
  return (
    <div className={styles.editor}>
      {!canEdit && preview}
      <div className={styles.main}>
        {draft?.approvals.map(
          (approval) =>
            approval.mine && <Decision key={approval.label} draft={draft} label={approval.label} />,
        )}
        {returned && (
          <div className={styles.asked}>
            <Text fw={600}>{t('draft.returned', { name: returned.by ?? '' })}</Text>
            <blockquote className={styles.quote} dir="auto">
              {returned.note}
            </blockquote>
          </div>
        )}
        {status !== 'draft' && (
          <div className={styles.part}>
            <Text className={styles.told} role="status">
              {t(`draft.status.${status}`)}
            </Text>
            {isMine && !isEditing && (
              <>
                <Button variant="default" className={styles.start} onClick={() => setEditing(true)}>
                  {t('editor.edit')}
                </Button>
                <Text className={styles.small}>{t('editor.editHow')}</Text>
              </>
            )}
          </div>
        )}
        {theirs && draft && (
          <section className={styles.stale} role="alert" aria-label={t('editor.stale')}>
            <Text>{t('error.edit.stale')}</Text>
            <Text className={styles.small}>{t('editor.theirs')}</Text>
            <UpdatePreview updateId={updateId} writing={theirs} by={draft.by} draft={draft} />
            <Group gap="sm">
              <Button variant="default" onClick={doc.keepMine}>
                {t('editor.keepMine')}
              </Button>
              <Button variant="default" onClick={doc.takeTheirs}>
                {t('editor.takeTheirs')}
              </Button>
            </Group>
          </section>
        )}
        {status === 'scheduled' && draft?.times && (
          <ul className={styles.plain}>
            <li>{t('draft.contributorsAt', { when: moment(draft.times.contributorsAt) })}</li>
            <li>{t('draft.communityAt', { when: moment(draft.times.communityAt) })}</li>
            {draft.times.publicAt && <li>{t('draft.publicAt', { when: moment(draft.times.publicAt) })}</li>}
          </ul>
        )}
        {draft && (status === 'approved' || status === 'scheduled') && !isEditing && (
          <section className={styles.part} aria-labelledby="times">
            <Title order={3} id="times">
              {t('editor.times')}
            </Title>
            {role === 'manager' ? (
              <AudienceTimes key={JSON.stringify(draft.times)} draft={draft} />
            ) : (
              <Text>{t('editor.managersPublish')}</Text>
            )}
          </section>
        )}
        {canEdit ? (
          <form
            ref={form}
            className={styles.form}
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              void ask();
            }}
          >
            <Saved state={doc.isBegun ? state : null} />
            <Refusal error={doc.error} />
            <UpdateFields writing={writing} problems={isTried ? problems : {}} onChange={doc.write} />
          </form>
        ) : (
          draft && <AlsoSays body={draft.body} />
        )}
        <UpdateEvidence updateId={updateId} draft={draft} waiting={doc.linksWaiting} mayChange={canEdit} />
        {canEdit && (
          <div className={styles.part}>
            {isTried && Object.keys(problems).length > 0 && (
              <Text role="alert" className={styles.missing}>
                {t('editor.notWhole')}
              </Text>
            )}
            {lacksEvidence && !draft?.contributions && (
              <Text role="alert" className={styles.missing}>
                {t('error.update.evidence')}
              </Text>
            )}
            <Refusal error={submit.error} />
            <Button
              className={styles.start}
              loading={submit.isPending}
              disabled={state === 'stale'}
              onClick={() => void ask()}
            >
              {t(hasSteps ? 'editor.submit' : 'editor.ready')}
            </Button>
            <Text className={styles.small}>{t(hasSteps ? 'editor.submitHow' : 'editor.readyHow')}</Text>
          </div>
        )}
        {draft && hasApprovals(draft) && <Approvals draft={draft} />}
      </div>
      {canEdit && preview}
    </div>
  );
}

/** Whether approvals are asked for or were given; steps that came later are not about it. */
const hasApprovals = ({ status, approvals }: UpdateDraft) =>
  status === 'draft' || status === 'inApproval'
    ? approvals.length > 0
    : approvals.some(({ decision }) => decision !== 'waiting');

/** What the card does not show. */
function AlsoSays({ body: { spaceId, keepsPromise, shareable } }: { body: UpdateBody }) {
  const { t } = useTranslation();
  const promises = usePromises();
  const title = promises.data?.find(({ space }) => space.id === spaceId)?.space.title;
  return (
    <>
      {keepsPromise && title && <Text>{t('editor.keepsIt', { title })}</Text>}
      {shareable && <Text>{t('editor.mayPass')}</Text>}
    </>
  );
}

/** Where the writing is: saved, on its way, or in this browser. */
function Saved({ state }: { state: SaveState | null }) {
  const { t } = useTranslation();
  return (
    <Text role="status" className={styles.small}>
      {state && t(`editor.state.${state}`)}
    </Text>
  );
}

/** The decision of one who is asked. */
function Decision({ draft: { id: updateId, version, by }, label }: { draft: UpdateDraft; label: string }) {
  const { t } = useTranslation();
  const approve = useApprove();
  const [note, setNote] = useState('');
  const [isTried, setTried] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const decide = (approved: boolean) => {
    if (!approved && !note.trim()) {
      setTried(true);
      field.current?.focus();
      return;
    }
    approve.mutate({ updateId, version, approved, note: note.trim() ? note : null });
  };
  return (
    <section className={styles.asked} aria-label={t('editor.yourApproval')}>
      <Title order={3}>{t('editor.yourApproval')}</Title>
      <Text>{t('editor.asksYou', { name: by.name, label })}</Text>
      <Textarea
        ref={field}
        label={t('editor.note')}
        description={t('editor.noteHow')}
        autosize
        minRows={2}
        maxLength={1000}
        value={note}
        error={isTried && !note.trim() ? t('editor.noteTakes') : undefined}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Refusal error={approve.error} />
      <Group gap="sm">
        <Button loading={approve.isPending && approve.variables.approved} onClick={() => decide(true)}>
          {t('editor.approve')}
        </Button>
        <Button
          variant="default"
          loading={approve.isPending && !approve.variables.approved}
          onClick={() => decide(false)}
        >
          {t('editor.return')}
        </Button>
      </Group>
    </section>
  );
}

function Approvals({ draft: { approvals, status, by } }: { draft: UpdateDraft }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  return (
    <section className={styles.part} aria-labelledby="approvals">
      <Title order={3} id="approvals">
        {t('editor.approvals')}
      </Title>
      <ol className={styles.steps}>
        {approvals.map(({ label, who, decision, by: decider, at, note }) => {
          // What was approved before it was changed counts no more.
          const stands = status === 'draft' && decision === 'approved' ? 'waiting' : decision;
          const nobody = who.every((name) => name === by.name);
          return (
            <li key={label} className={styles.approval}>
              <Text fw={600} dir="auto">
                {label}
              </Text>
              <Text>
                {stands === 'waiting'
                  ? t('editor.asked', { who: who.join(', ') })
                  : t(`editor.decided.${stands}`, { name: decider ?? '', when: at ? moment(at) : '' })}
              </Text>
              {stands !== 'waiting' && note && (
                <blockquote className={styles.quote} dir="auto">
                  {note}
                </blockquote>
              )}
              {stands === 'waiting' && nobody && <Text className={styles.missing}>{t('editor.nobody')}</Text>}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
