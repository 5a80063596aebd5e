import { Button } from '@mantine/core';
import { type Cue, secondOf, type Stage } from '@parley/contracts/live';
import IconVolume from '@tabler/icons-react/dist/esm/icons/IconVolume.mjs';
import IconVolumeOff from '@tabler/icons-react/dist/esm/icons/IconVolumeOff.mjs';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AssetShown } from '../platform/media';
import { useWire } from '../platform/realtime';
import { inStep } from './in-step';
import styles from './stage.module.css';

interface AssetViewProps {
  stage: Stage;
  cue: Cue;
  video: RefObject<HTMLVideoElement | null>;
  /** Small previews make no sound. */
  silent?: boolean;
}

/** What the cue on stage shows, with the viewer's name on it. */
export function AssetView({ stage, cue, video, silent }: AssetViewProps) {
  const { asset, other } = cue;
  if (!asset) return null;
  if (asset.kind === 'video' && !asset.withdrawn && !asset.promiseFirst)
    return (
      <div className={styles.asset} style={{ aspectRatio: `${asset.width} / ${asset.height}` }}>
        <VideoInStep
          key={`${stage.cueId} ${stage.round}`}
          stage={stage}
          cue={cue}
          video={video}
          silent={silent}
        />
      </div>
    );
  const sizes = silent ? '320px' : '(min-width: 900px) 50vw, 100vw';
  return (
    <div
      className={styles.asset}
      data-pair={other ? true : undefined}
      style={{ aspectRatio: `${asset.width * (other ? 2 : 1)} / ${asset.height}` }}
    >
      <AssetShown asset={asset} page={cue.page} sizes={sizes} />
      {other && <AssetShown asset={other} sizes={sizes} />}
    </div>
  );
}

/** The moments at which a video is looked after, ms. */
const LOOK = 250;
/** After a jump the browser gets this long to arrive before the next one, ms. */
const SETTLE = 1_500;

function VideoInStep({ stage, cue, video, silent }: AssetViewProps) {
  const { t } = useTranslation();
  const { connection } = useWire();
  const [muted, setMuted] = useState(true);
  const jumpedAt = useRef(0);
  const asset = cue.asset!;

  useEffect(() => {
    const keep = () => {
      const shown = video.current;
      if (!shown) return;
      const expected = secondOf(stage, cue, connection.now());
      const isOver = asset.durationSeconds > 0 && expected >= asset.durationSeconds - 0.05;
      const playing = stage.playing && !isOver;
      // A browser that refuses leaves it paused; the next look tries again.
      if (playing && shown.paused) void shown.play().catch(() => undefined);
      if (!playing && !shown.paused) shown.pause();
      if (shown.seeking) return;
      if (isOver) {
        // Who comes after the end stands at the end.
        if (Math.abs(shown.currentTime - asset.durationSeconds) > 1)
          shown.currentTime = asset.durationSeconds;
        return;
      }
      const { jumpTo, rate } = inStep({ actual: shown.currentTime, expected, playing });
      shown.playbackRate = rate;
      if (jumpTo !== null && (!playing || performance.now() - jumpedAt.current > SETTLE)) {
        jumpedAt.current = performance.now();
        shown.currentTime = jumpTo;
      }
    };
    keep();
    const timer = setInterval(keep, LOOK);
    return () => clearInterval(timer);
  }, [asset, connection, cue, stage, video]);

  const turn = () => {
    const next = !muted;
    setMuted(next);
    // At once, inside the tap: browsers allow sound only then.
    if (video.current) video.current.muted = next;
  };

  return (
    <>
      <AssetShown asset={asset} video={video} muted={muted} />
      {!silent && (
        <Button
          className={styles.sound}
          variant="filled"
          color="dark"
          size="sm"
          leftSection={muted ? <IconVolumeOff size={18} aria-hidden /> : <IconVolume size={18} aria-hidden />}
          onClick={turn}
        >
          {muted ? t('stage.soundOn') : t('stage.soundOff')}
        </Button>
      )}
    </>
  );
}
