import { Button, Checkbox, Group, Kbd, Text, Title } from '@mantine/core';
import { noMoods, secondOf } from '@parley/contracts/live';
import { type LiveSession } from '@parley/contracts/live-facts';
import IconPlayerPause from '@tabler/icons-react/dist/esm/icons/IconPlayerPause.mjs';
import IconPlayerPlay from '@tabler/icons-react/dist/esm/icons/IconPlayerPlay.mjs';
import IconPlayerSkipBack from '@tabler/icons-react/dist/esm/icons/IconPlayerSkipBack.mjs';
import { Link } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clock, useFormat } from '../platform/format';
import { readKept, writeKept } from '../platform/kept';
import { usePlace } from '../platform/place';
import { useLink, useNow, useWire } from '../platform/realtime';
import { Refusal } from '../platform/refusal';
import { AssetView } from './asset-view';
import { Brief, StatusMark } from './brief';
import { Digest } from './digest';
import { type Drive, driveOf, nextCue } from './drive';
import { useDrive } from './live.data';
import { LiveTrace } from './live-trace';
import { MoodCounts } from './moods';
import { StatementList } from './statements';
import { Words } from './words';
import styles from './control.module.css';

const KEYS_KEPT = 'parley:keys-off';

/** The control room: cues, stage, stream and pulse. Who drives can do it all by key; who does not looks on. */
export function ControlRoom({ session }: { session: LiveSession }) {
  const { t } = useTranslation();
  const { connection } = useWire();
  const link = useLink();
  const { card, stage, cue, desk, mine } = session;
  const drive = useDrive(card.id);
  const [keysOn, setKeysOn] = useState(() => !readKept(KEYS_KEPT));
  const isLive = card.status === 'live';
  const drives = mine.drives && card.status !== 'ended';
  const canDrive = drives && isLive && link === 'open' && !drive.isBusy;
  const next = nextCue(session);
  const isVideo = cue?.kind === 'video';

  const playFrom = (playing: boolean, from?: number) => {
    if (!stage || !cue) return;
    const now = secondOf(stage, cue, connection.now());
    // After the end, play begins anew.
    const isOver = !!cue.asset?.durationSeconds && now >= cue.asset.durationSeconds - 0.05;
    drive.play.mutate({ playing, position: from ?? (playing && isOver ? 0 : now) });
  };
  const putOnStage = (cueId: string) => {
    // By key one goes on with space, which would press once more the button that has the focus.
    if (keysOn && document.activeElement instanceof HTMLElement) document.activeElement.blur();
    drive.stage.mutate(cueId);
  };
  const act: Record<Drive, () => void> = {
    next: () => next && putOnStage(next.id),
    playPause: () => isVideo && stage && playFrom(!stage.playing),
    toStart: () => isVideo && stage && playFrom(stage.playing, 0),
  };
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const wanted = driveOf(event);
    if (!wanted || !canDrive || !keysOn || event.repeat) return;
    event.preventDefault();
    act[wanted]();
  });
  useEffect(() => {
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  return (
    <div className={styles.control}>
      <Digest session={session} />
      <header className={styles.head}>
        <StatusMark status={card.status} />
        <Title order={1}>{card.title}</Title>
        {card.status === 'scheduled' && drives && (
          <Button
            loading={drive.start.isPending}
            disabled={link !== 'open'}
            onClick={() => drive.start.mutate()}
          >
            {t('control.start')}
          </Button>
        )}
        {isLive && drives && <End onEnd={() => drive.end.mutate()} pending={drive.end.isPending} />}
        <ToResult session={session} />
      </header>
      {!mine.drives && <Text c="dimmed">{t('control.lookOn')}</Text>}
      <Refusal error={drive.error} />

      <div className={styles.columns}>
        <section aria-label={t('control.cues')} className={styles.column} tabIndex={0}>
          <h2>{t('control.cues')}</h2>
          <CueList session={session} disabled={!canDrive} drives={drives} onStage={putOnStage} />
          {drives && (
            <div className={styles.keys}>
              <Checkbox
                label={t('control.keysOn')}
                checked={keysOn}
                onChange={(event) => {
                  setKeysOn(event.currentTarget.checked);
                  writeKept(KEYS_KEPT, event.currentTarget.checked ? '' : 'off');
                }}
              />
              <dl>
                {(['next', 'playPause', 'toStart'] as const).map((each) => (
                  <div key={each}>
                    <dt>
                      <Kbd size="md">{t(`control.key.${each}`)}</Kbd>
                    </dt>
                    <dd>{t(`control.does.${each}`)}</dd>
                  </div>
                ))}
              </dl>
            </div>
          )}
        </section>

        <section aria-label={t('control.stage')} className={styles.column} tabIndex={0}>
          <h2>{t('control.stage')}</h2>
          {stage && cue ? (
            <>
              <StagePreview session={session} />
              {isVideo && drives && (
                <Group gap="xs">
                  <Button
                    disabled={!canDrive}
                    leftSection={
                      stage.playing ? (
                        <IconPlayerPause size={18} aria-hidden />
                      ) : (
                        <IconPlayerPlay size={18} aria-hidden />
                      )
                    }
                    onClick={act.playPause}
                  >
                    {stage.playing ? t('control.pause') : t('control.play')}
                  </Button>
                  <Button
                    variant="default"
                    disabled={!canDrive}
                    leftSection={<IconPlayerSkipBack size={18} aria-hidden />}
                    onClick={act.toStart}
                  >
                    {t('control.toStart')}
                  </Button>
                </Group>
              )}
            </>
          ) : (
            <Text c="dimmed">{isLive ? t('control.emptyStage') : t('control.notStarted')}</Text>
          )}
          <details className={styles.about}>
            <summary>{t('stage.about')}</summary>
            <Brief card={card} />
          </details>
        </section>

        <section aria-label={t('control.stream')} className={styles.column} tabIndex={0}>
          <h2>{t('control.stream')}</h2>
          <Words
            comments={session.comments}
            me={mine.memberId}
            hasSeconds={(id) => desk?.cues.find((each) => each.id === id)?.kind === 'video'}
            none={t('stage.noNotes')}
          />
        </section>

        <section aria-label={t('control.pulse')} className={styles.column} tabIndex={0}>
          <h2>{t('control.pulse')}</h2>
          <Pulse session={session} />
          <h3>{t('control.statements')}</h3>
          <StatementList
            statements={session.statements}
            counts={desk?.counts ?? {}}
            order="newest"
            none={t('control.noStatements')}
          />
        </section>
      </div>
    </div>
  );
}

/** Asked once, in place: no window that covers what is on stage. */
function End({ onEnd, pending }: { onEnd: () => void; pending: boolean }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  if (!asking)
    return (
      <Button variant="default" onClick={() => setAsking(true)}>
        {t('control.end')}
      </Button>
    );
  return (
    <Group gap="xs" role="group" aria-label={t('control.endSure')}>
      <Text>{t('control.endSure')}</Text>
      <Button autoFocus loading={pending} onClick={onEnd}>
        {t('control.endNow')}
      </Button>
      <Button variant="default" onClick={() => setAsking(false)}>
        {t('control.endNot')}
      </Button>
    </Group>
  );
}

function ToResult({ session: { card } }: { session: LiveSession }) {
  const { t } = useTranslation();
  const { slug } = usePlace().membership.community;
  if (card.status === 'scheduled') return null;
  return (
    <Link
      to="/c/$slug/sessions/$sessionId/result"
      params={{ slug, sessionId: card.id }}
      className={styles.link}
    >
      {card.status === 'ended' ? t('ended.toResult') : t('control.resultSoFar')}
    </Link>
  );
}

interface CueListProps {
  session: LiveSession;
  disabled: boolean;
  drives: boolean;
  onStage: (cueId: string) => void;
}

function CueList({ session: { desk, cue: onStageNow }, disabled, drives, onStage }: CueListProps) {
  const { t } = useTranslation();
  return (
    <ol className={styles.cues}>
      {desk?.cues.map((cue) => {
        const isOn = cue.id === onStageNow?.id;
        return (
          <li key={cue.id} aria-current={isOn ? 'step' : undefined}>
            <Text size="sm" c={isOn ? undefined : 'dimmed'}>
              {t('control.cue', { order: cue.order, kind: t(`cueKind.${cue.kind}`) })}
              {isOn && <strong>{t('control.onStage')}</strong>}
            </Text>
            <Text fw={600} dir="auto">
              {cue.title}
            </Text>
            <Text size="sm" c="dimmed" dir="auto">
              {cue.prompt}
            </Text>
            {drives && (
              <Button
                variant={isOn ? 'subtle' : 'default'}
                disabled={disabled}
                aria-label={t(isOn ? 'control.againNamed' : 'control.putNamed', { title: cue.title })}
                onClick={() => onStage(cue.id)}
              >
                {isOn ? t('control.again') : t('control.put')}
              </Button>
            )}
          </li>
        );
      })}
    </ol>
  );
}

function StagePreview({ session }: { session: LiveSession }) {
  const video = useRef<HTMLVideoElement>(null);
  const { stage, cue } = session;
  if (!stage || !cue) return null;
  return (
    <div className={styles.preview}>
      <AssetView stage={stage} cue={cue} video={video} silent />
      <p dir="auto">{cue.prompt}</p>
    </div>
  );
}

function Pulse({ session: { pulse, desk, stage, cue } }: { session: LiveSession }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const now = useNow(500);
  const second = stage && cue ? secondOf(stage, cue, now) : null;
  return (
    <>
      <dl className={styles.figures}>
        <div>
          <dt>{t('pulse.here')}</dt>
          <dd>{number(pulse.here)}</dd>
        </div>
        {pulse.observers > 0 && (
          <div>
            <dt>{t('pulse.observers')}</dt>
            <dd>{number(pulse.observers)}</dd>
          </div>
        )}
        <div>
          <dt>{t('pulse.reacted')}</dt>
          <dd>{number(pulse.reacted)}</dd>
        </div>
        <div>
          <dt>{t('pulse.mean')}</dt>
          <dd>{pulse.mean === null ? t('pulse.none') : number(pulse.mean)}</dd>
        </div>
        <div>
          <dt>{t('pulse.second')}</dt>
          <dd>{second === null ? t('pulse.none') : clock(second)}</dd>
        </div>
      </dl>
      <MoodCounts moods={desk?.trace?.moods ?? pulse.moods ?? noMoods} />
      {cue && cue.kind !== 'rate' && (
        <LiveTrace cue={cue} trace={desk?.trace ?? null} at={cue.kind === 'video' ? second : null} />
      )}
    </>
  );
}
