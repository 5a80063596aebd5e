import { Button, Group, Tabs, Text, Title } from '@mantine/core';
import type { Cue, Mood, Stage } from '@parley/contracts/live';
import type { LiveSession } from '@parley/contracts/live-facts';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { AssetView } from './asset-view';
import { Brief, Lobby, StatusMark } from './brief';
import { Composer, useComposer } from './composer';
import { Digest } from './digest';
import { useReact, useTakePart } from './live.data';
import { MoodCounts } from './moods';
import { OwnFates } from './own-fate';
import { RatingCard } from './rating-card';
import { ReactBar } from './react-bar';
import { SaveState, Unsaved } from './save-state';
import { StatementList } from './statements';
import { Words } from './words';
import styles from './stage.module.css';

interface MemberStageProps {
  session: LiveSession;
  update: (change: (session: LiveSession) => LiveSession) => void;
}

/** The member's screen, phone first: the asset, one card, and the thumb's zone. */
export function MemberStage({ session, update }: MemberStageProps) {
  const { card, stage, cue, pulse } = session;
  if (card.status === 'ended') return <Ended session={session} />;
  if (card.status === 'scheduled' || !stage || !cue) return <Lobby card={card} here={pulse.here} />;
  return <OnStage session={session} stage={stage} cue={cue} update={update} />;
}

/** Own reactions in one round; a new round begins untouched. */
interface Given {
  round: string;
  dial: number | null;
  mood: Mood | null;
}

function OnStage({ session, stage, cue, update }: MemberStageProps & { stage: Stage; cue: Cue }) {
  const { t } = useTranslation();
  const { membership } = usePlace();
  const sessionId = session.card.id;
  const video = useRef<HTMLVideoElement>(null);
  const round = `${stage.cueId} ${stage.round}`;
  const [kept, setKept] = useState<Given>({ round, dial: null, mood: null });
  const given = kept.round === round ? kept : { round, dial: null, mood: null };
  const react = useReact(sessionId, stage, cue, () => {
    const shown = video.current;
    return shown && shown.readyState > 0 ? shown.currentTime : null;
  });
  const isRating = cue.kind === 'rate';
  const composer = useComposer(session, isRating ? 'statement' : 'note');
  const touched = given.dial !== null || given.mood !== null || Object.keys(session.mine.ratings).length > 0;
  const { takesPart, memberId } = session.mine;
  const statements = takesPart ? (
    <RatingCard session={session} update={update} />
  ) : (
    <StatementList statements={session.statements} order="newest" none={t('observer.noStatements')} />
  );

  return (
    <div className={styles.stage}>
      <Digest session={session} />
      <div className={styles.top}>
        <AssetView stage={stage} cue={cue} video={video} />
        <RoomLine session={session}>
          <SaveState sessionId={sessionId} touched={touched} />
        </RoomLine>
      </div>

      <section className={styles.card} aria-label={t('stage.card')}>
        <Title order={1} className={styles.prompt} dir="auto">
          {cue.prompt}
        </Title>
        {isRating && statements}
      </section>

      <div className={styles.lists}>
        <Unsaved sessionId={sessionId} onEdit={composer.edit} />
        <OwnFates fates={composer.fates} />
        <Tabs defaultValue="notes" keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="notes">{t('stage.notes', { count: session.comments.length })}</Tabs.Tab>
            {!isRating && (
              <Tabs.Tab value="statements">
                {t('stage.statements', { count: session.statements.length })}
              </Tabs.Tab>
            )}
            <Tabs.Tab value="about">{t('stage.about')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="notes" pt="md">
            <Words
              comments={session.comments}
              me={memberId}
              none={t('stage.noNotes')}
              hasSeconds={(cueId) => cueId === cue.id && cue.kind === 'video'}
            />
          </Tabs.Panel>
          <Tabs.Panel value="statements" pt="md">
            {statements}
          </Tabs.Panel>
          <Tabs.Panel value="about" pt="md">
            <Brief card={session.card} />
          </Tabs.Panel>
        </Tabs>
      </div>

      {!takesPart && membership.role === 'member' && <LooksOn />}
      {takesPart && (
        <div className={styles.thumb}>
          {!isRating && (
            <ReactBar
              dial={given.dial}
              mood={given.mood}
              disabled={false}
              onDial={(dial) => {
                setKept({ ...given, dial });
                react.moveDial(dial);
              }}
              onMood={(mood) => {
                setKept({ ...given, mood });
                react.tapMood(mood);
              }}
            />
          )}
          <Composer composer={composer} />
        </div>
      )}
    </div>
  );
}

/** For somebody who looks on: one quiet line, and the way to take part. */
function LooksOn() {
  const { t } = useTranslation();
  const takePart = useTakePart();
  return (
    <div className={styles.thumb}>
      <Group justify="space-between">
        <span>{t('observer.lookOn')}</span>
        <Button variant="default" loading={takePart.isPending} onClick={() => takePart.mutate()}>
          {t('observer.takePart')}
        </Button>
      </Group>
      <Refusal error={takePart.error} />
    </div>
  );
}

/** How the room is: people always, the rest only after one's own reaction. */
function RoomLine({ session, children }: { session: LiveSession; children: React.ReactNode }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { pulse, cue, mine } = session;
  const isReacting = cue?.kind !== 'rate';
  return (
    <div className={styles.room}>
      <div className={styles.roomLine}>
        <span>
          {t('room.here', { count: pulse.here })}
          {pulse.observers > 0 && ` · ${t('room.observers', { count: pulse.observers })}`}
          {pulse.mean !== null && ` · ${t('room.mean', { mean: number(pulse.mean) })}`}
        </span>
        {children}
      </div>
      {pulse.moods ? (
        <MoodCounts moods={pulse.moods} />
      ) : (
        isReacting && mine.takesPart && <span>{t('room.afterYours')}</span>
      )}
    </div>
  );
}

function Ended({ session: { card } }: { session: LiveSession }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { slug } = usePlace().membership.community;
  return (
    <section className={styles.ended}>
      <StatusMark status="ended" />
      <Title order={1}>{card.title}</Title>
      <Text>{t('ended.thanks', { name: card.decisionOwner.name, date: date(card.reportBackOn) })}</Text>
      <Link
        to="/c/$slug/sessions/$sessionId/result"
        params={{ slug, sessionId: card.id }}
        className={styles.toResult}
      >
        {t('ended.toResult')}
      </Link>
      <Unsaved sessionId={card.id} />
      <Brief card={card} />
    </section>
  );
}
