import { Button } from '@mantine/core';
import { type Cue, secondOf, type Stage } from '@parley/contracts/live';
import IconVolume from '@tabler/icons-react/dist/esm/icons/IconVolume.mjs';
import IconVolumeOff from '@tabler/icons-react/dist/esm/icons/IconVolumeOff.mjs';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NameMark } from '../platform/name-mark';
import { useWire } from '../platform/realtime';
import { inStep } from './in-step';
import styles from './stage.module.css';

interface AssetViewProps {
  stage: Stage;
  cue: Cue;
  /** The viewer's handle, laid over the asset. */
  mark: string;
  video: RefObject<HTMLVideoElement | null>;
  /** Small previews make no sound. */
  silent?: boolean;
}

/** The asset of the cue on stage, with the viewer's name on it. */
export function AssetView({ stage, cue, mark, video, silent }: AssetViewProps) {
  const { asset } = cue;
  if (!asset) return null;
  return (
    <div className={styles.asset} style={{ aspectRatio: `${asset.width} / ${asset.height}` }}>
      {asset.kind === 'image' ? (
        <img src={asset.files[0]?.url} alt={asset.description} width={asset.width} height={asset.height} />
      ) : (
        <VideoInStep
          key={`${stage.cueId} ${stage.round}`}
          stage={stage}
          cue={cue}
          video={video}
          silent={silent}
        />
      )}
      <NameMark text={mark} />
    </div>
  );
}

/** The moments at which a video is looked after, ms. */
const LOOK = 250;
/** After a jump the browser gets this long to arrive before the next one, ms. */
const SETTLE = 1_500;

function VideoInStep({ stage, cue, video, silent }: Omit<AssetViewProps, 'mark'>) {
  const { t, i18n } = useTranslation();
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

  // Captions are on by default, in the language of the screen where there are any.
  useEffect(() => {
    const list = video.current?.textTracks;
    const choose = () => {
      const tracks = [...(list ?? [])];
      const best = tracks.find((track) => track.language === i18n.language) ?? tracks[0];
      for (const track of tracks) {
        const mode = track === best ? 'showing' : 'disabled';
        if (track.mode !== mode) track.mode = mode;
      }
    };
    choose();
    // The browser has a mind of its own once it has read the tracks.
    list?.addEventListener?.('change', choose);
    list?.addEventListener?.('addtrack', choose);
    return () => {
      list?.removeEventListener?.('change', choose);
      list?.removeEventListener?.('addtrack', choose);
    };
  }, [i18n.language, video]);

  const turn = () => {
    const next = !muted;
    setMuted(next);
    // At once, inside the tap: browsers allow sound only then.
    if (video.current) video.current.muted = next;
  };

  return (
    <>
      <video
        ref={video}
        muted={muted}
        playsInline
        disablePictureInPicture
        preload="auto"
        poster={asset.posterUrl ?? undefined}
        aria-label={asset.description}
      >
        {asset.files.map(({ url, type }) => (
          <source key={url} src={url} type={type} />
        ))}
        {asset.captions.map(({ url, language }) => (
          <track key={url} kind="captions" src={url} srcLang={language} label={language} />
        ))}
      </video>
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
