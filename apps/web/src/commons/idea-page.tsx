import { Button, NativeSelect, TextInput, Title } from '@mantine/core';
import { Following, type Post } from '@parley/contracts/commons';
import {
  type Idea,
  ideaParts,
  type IdeaParts,
  type IdeaPlace,
  type IdeaVersion,
} from '@parley/contracts/ideas';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FilesShown } from '../platform/files';
import { useFormat } from '../platform/format';
import { Kudos } from '../platform/kudos';
import { Loading, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { SureWhy } from '../platform/sure';
import { useFollow, useTopic } from './commons.data';
import shared from './commons.module.css';
import { IdeaForm } from './idea-form';
import { IdeaRating, Result } from './idea-rating';
import { authorsOf, kindOf, Status, useStatusWords } from './idea-words';
import { DecideForm } from './decide-form';
import { useAnswerAuthor, useAskAuthor, useIdea, useIdeaId, useJudge, useRefine } from './ideas.data';
import styles from './ideas.module.css';
import { CameOf } from './came-of';
import { Thread } from './thread';

/** An idea: where it is, what it says and said, what others think, and what is said about it. */
export function IdeaPage() {
  const { t } = useTranslation();
  const { community } = usePlace().membership;
  const ideaId = useIdeaId();
  const page = useIdea(ideaId);
  useTitle(page.data?.idea.title ?? t('ideas.title'), community.name);
  if (page.error && !page.data) return <Refusal error={page.error} onRetry={() => void page.refetch()} />;
  if (!page.data) return <Loading lines={8} />;
  return <Whole key={ideaId} {...page.data} />;
}

interface WholeProps {
  idea: Idea;
  place: IdeaPlace;
  versions: IdeaVersion[];
}

function Whole({ idea, place, versions }: WholeProps) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { role, community } = usePlace().membership;
  const words = useStatusWords();
  const follow = useFollow();
  const { slug } = community;
  const [refines, setRefines] = useState(false);
  const isMerged = idea.moderation === 'merged';
  const mayRefine =
    idea.mine &&
    !place.closed &&
    ['new', 'inReview'].includes(idea.status) &&
    idea.moderation !== 'withdrawn';
  return (
    <article className={shared.page}>
      <header className={shared.head}>
        <Link to="/c/$slug/ideas/$placeId" params={{ slug, placeId: place.id }} className={shared.link}>
          {place.title}
        </Link>
        <Title order={1} dir="auto">
          {idea.title}
        </Title>
        <p className={shared.quiet}>
          {t('idea.by', { names: authorsOf(idea) })} · {date(idea.at)}
          {idea.version > 1 && ` · ${t('idea.version', { n: idea.version })}`}
          {idea.moderation === 'held' && ` · ${t('talk.held')}`}
          {idea.teamOnly && ` · ${t('idea.teamOnly')}`}
          {idea.area && ` · ${idea.area.label}`}
        </p>
        {idea.imported && (
          <p className={shared.quiet}>
            {t('idea.imported', { from: idea.imported.from })}{' '}
            {idea.imported.support !== null && t('idea.importedSupport', { count: idea.imported.support })}
          </p>
        )}
      </header>
      <section className={styles.state} data-status={idea.status} aria-label={t('ideas.status')}>
        <Status idea={idea} />
        <p>{words(idea)}</p>
        {idea.note && <p dir="auto">{idea.note}</p>}
        {idea.into && (
          <Link to="/c/$slug/ideas/idea/$ideaId" params={{ slug, ideaId: idea.into }} className={shared.link}>
            {t('idea.toMerged')}
          </Link>
        )}
        <Link
          to="/c/$slug/ideas/$placeId/process"
          params={{ slug, placeId: place.id }}
          hash={idea.status}
          className={shared.link}
        >
          {t('ideas.process')}
        </Link>
      </section>
      {idea.invited && <Invited ideaId={idea.id} />}
      <Judged key={idea.id} ideaId={idea.id} asked={idea.asked} />
      {refines ? (
        <Refine idea={idea} place={place} onDone={() => setRefines(false)} />
      ) : (
        <>
          <Parts place={place} parts={idea.parts} />
          <FilesShown files={idea.files} alt={t('talk.fileBy', { who: idea.author.handle })} />
          {mayRefine && (
            <Button variant="default" w="fit-content" onClick={() => setRefines(true)}>
              {t('idea.refine')}
            </Button>
          )}
        </>
      )}
      {!isMerged && (
        <>
          <IdeaRating idea={idea} place={place} />
          <Echo idea={idea} />
        </>
      )}
      {versions.length > 0 && (
        <details className={styles.versions}>
          <summary>{t('idea.versions', { count: versions.length })}</summary>
          {versions.map((version) => (
            <section key={version.n} className={styles.version}>
              <p className={shared.quiet}>
                {t('idea.versionUntil', {
                  ...{ n: version.n, when: date(version.until), who: version.by, note: version.note },
                })}
              </p>
              <h3 dir="auto">{version.title}</h3>
              <Parts place={place} parts={version.parts} />
              {version.result && <Result result={version.result} />}
            </section>
          ))}
        </details>
      )}
      {role !== 'member' && !isMerged && (
        <DecideForm ideaIds={[idea.id]} kinds={[kindOf(place)]} others={[]} onDone={() => undefined} />
      )}
      {!isMerged && (
        <section className={shared.head} aria-labelledby="said">
          <Title order={2} id="said">
            {t('idea.talk')}
          </Title>
          <NativeSelect
            w="fit-content"
            label={t('talk.following')}
            value={idea.following}
            data={Following.options.map((value) => ({ value, label: t(`talk.following.${value}`) }))}
            onChange={({ currentTarget }) =>
              follow.mutate({ topicId: idea.id, following: Following.parse(currentTarget.value) })
            }
          />
          <Talk idea={idea} />
        </section>
      )}
    </article>
  );
}

/** What it says, each part under its question. */
function Parts({ place, parts }: { place: IdeaPlace; parts: IdeaParts }) {
  const { t } = useTranslation();
  return (
    <dl className={styles.parts}>
      {ideaParts.map(
        (part) =>
          parts[part] && (
            <div key={part}>
              <dt>{t(`idea.part.${kindOf(place)}.${part}`)}</dt>
              <dd className={shared.words} dir="auto">
                {parts[part]}
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}

function Invited({ ideaId }: { ideaId: string }) {
  const { t } = useTranslation();
  const answer = useAnswerAuthor();
  return (
    <section className={styles.state} aria-label={t('idea.author.title')}>
      <p>{t('idea.author.asked')}</p>
      <div className={shared.row}>
        <Button loading={answer.isPending} onClick={() => answer.mutate({ ideaId, agree: true })}>
          {t('idea.author.yes')}
        </Button>
        <Button variant="default" onClick={() => answer.mutate({ ideaId, agree: false })}>
          {t('idea.author.no')}
        </Button>
      </div>
      <Refusal error={answer.error} />
    </section>
  );
}

/** Whether a small thing that was delivered is right; if not, what is still missing. */
function Judged({ ideaId, asked }: { ideaId: string; asked: boolean }) {
  const { t } = useTranslation();
  const judge = useJudge();
  const answered = useRef<HTMLParagraphElement>(null);
  const isAnswered = judge.isSuccess && !asked;
  // What had the focus is gone with the question.
  useEffect(() => {
    if (isAnswered) answered.current?.focus();
  }, [isAnswered]);
  if (isAnswered)
    return (
      <p ref={answered} tabIndex={-1} className={shared.quiet} style={{ outline: 'none' }}>
        {t(judge.variables.right ? 'idea.judge.isRight' : 'idea.judge.isBack')}
      </p>
    );
  if (!asked) return null;
  return (
    <section className={styles.state} aria-label={t('idea.judge.title')}>
      <p>{t('idea.judge.title')}</p>
      <Button
        w="fit-content"
        loading={judge.isPending}
        onClick={() => judge.mutate({ ideaId, right: true, because: null })}
      >
        {t('idea.judge.yes')}
      </Button>
      <SureWhy
        label={t('idea.judge.no')}
        question={t('idea.judge.ask')}
        yes={t('idea.judge.send')}
        no={t('activity.cancel')}
        isPending={judge.isPending}
        maxLength={500}
        onYes={(because) => judge.mutate({ ideaId, right: false, because })}
      />
      <Refusal error={judge.error} />
    </section>
  );
}

function Refine({ idea, place, onDone }: { idea: Idea; place: IdeaPlace; onDone: () => void }) {
  const { t } = useTranslation();
  const refine = useRefine();
  const [note, setNote] = useState('');
  const [isTried, setTried] = useState(false);
  return (
    <IdeaForm
      name={`parley:refine:${idea.id}:${idea.version}`}
      label={t('idea.refine')}
      place={place}
      first={{ title: idea.title, parts: idea.parts }}
      send={t('idea.refine.save')}
      isPending={refine.isPending}
      error={refine.error}
      onCancel={onDone}
      onSend={(text, sent) => {
        setTried(true);
        if (!note.trim()) return;
        refine.mutate(
          { ideaId: idea.id, ...text, basedOn: idea.version, note },
          {
            onSuccess: () => {
              sent();
              onDone();
            },
          },
        );
      }}
    >
      <TextInput
        label={t('idea.refine.note')}
        description={t('idea.refineHow')}
        maxLength={300}
        dir="auto"
        value={note}
        error={isTried && !note.trim() ? t('write.empty') : undefined}
        onChange={({ currentTarget: { value } }) => setNote(value)}
      />
    </IdeaForm>
  );
}

/** What its author, if it is a member, is thanked for, and what came of it. */
function Echo({ idea }: { idea: Idea }) {
  const [first] = useTopic(idea.id).data?.pages ?? [];
  if (!first) return null;
  const isThanked = idea.moderation === 'published' && !idea.teamOnly && !idea.imported;
  return (
    <>
      {isThanked && (
        <Kudos contributionId={idea.id} who={idea.author.handle} tally={first.kudos} mine={idea.mine} />
      )}
      <CameOf updates={first.updates} />
    </>
  );
}

/** What is said about it; who speaks can be asked to be one of its authors. */
function Talk({ idea }: { idea: Idea }) {
  const { t } = useTranslation();
  const pages = useTopic(idea.id);
  const ask = useAskAuthor();
  if (pages.error && !pages.data) return <Refusal error={pages.error} onRetry={() => void pages.refetch()} />;
  if (!pages.data) return <Loading lines={4} />;
  const authors = new Set([idea.author, ...idea.coAuthors].map(({ memberId }) => memberId));
  const more = ({ author, moderation }: Post) =>
    idea.mine && moderation === 'published' && author.role === 'member' && !authors.has(author.memberId) ? (
      <Button
        variant="subtle"
        size="compact-md"
        loading={ask.isPending && ask.variables.memberId === author.memberId}
        disabled={ask.isSuccess && ask.variables.memberId === author.memberId}
        onClick={() => ask.mutate({ ideaId: idea.id, memberId: author.memberId })}
      >
        {t('idea.author.ask', { who: author.handle })}
      </Button>
    ) : null;
  return (
    <>
      <Refusal error={ask.error} />
      <Thread pages={pages} more={more} />
    </>
  );
}
