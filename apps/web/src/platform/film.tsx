import type { MediaLinks } from '@parley/contracts/media';
import type Hls from 'hls.js';
import { type Ref, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFreshLinks } from './media.data';
import { NameMark } from './name-mark';

interface FilmPlayerProps {
  links: MediaLinks;
  label: string;
  controls?: boolean | undefined;
  video?: Ref<HTMLVideoElement> | undefined;
  muted?: boolean | undefined;
  from?: number | undefined;
}

/** Addresses are renewed so long before they end, ms. */
const EARLY_MS = 6_000;

/** Plays a film from its parts: by the page where the browser lets it, by the browser itself where it does not. */
export function FilmPlayer({ links, label, controls = false, video, muted = false, from }: FilmPlayerProps) {
  const { i18n } = useTranslation();
  const own = useRef<HTMLVideoElement>(null);
  const hasBegun = useRef(false);
  const fresh = useFreshLinks();
  const latest = useRef(fresh);
  useEffect(() => {
    latest.current = fresh;
  });

  useEffect(() => {
    const shown = own.current;
    if (!shown || !links.film) return;
    let gone = false;
    let player: Hls | undefined;
    let current = links;
    const renewed = async () => {
      if (Date.now() > current.expiresAt - EARLY_MS)
        current = (await latest.current(links.mediaId)) ?? current;
      return current;
    };
    const bySelf = () => {
      // It cannot be told of fresh addresses: when its own are too old it begins again where it was.
      const again = async () => {
        const at = shown.currentTime;
        const { film } = await renewed();
        if (gone || !film) return;
        shown.src = film.url;
        shown.currentTime = at;
      };
      shown.addEventListener('error', again);
      shown.src = links.film!.url;
      return () => shown.removeEventListener('error', again);
    };
    let end = () => undefined as void;
    void import('hls.js/light').then(({ default: Player }) => {
      if (gone) return;
      if (!Player.isSupported()) {
        end = bySelf();
        return;
      }
      player = new Player({
        enableWorker: false,
        capLevelToPlayerSize: true,
        maxBufferLength: 20,
        maxMaxBufferLength: 40,
        xhrSetup: async (request, url) => {
          const { film } = await renewed();
          const [, rendition = ''] = /\/media\/[^/]+\/([^/]+)\/[^/]+\/[^/]+$/.exec(url) ?? [];
          const key = film?.keys[rendition];
          request.open('GET', key ? url.replace(/[^/]+$/, key) : url, true);
        },
      });
      player.loadSource(links.film!.url);
      player.attachMedia(shown);
    });
    return () => {
      gone = true;
      end();
      player?.destroy();
    };
  }, [links]);

  // Captions are on, in the language of the screen where there are any.
  useEffect(() => {
    const list = own.current?.textTracks;
    const choose = () => {
      const tracks = [...(list ?? [])];
      const best = tracks.find((track) => track.language === i18n.language) ?? tracks[0];
      for (const track of tracks) {
        const mode = track === best ? 'showing' : 'disabled';
        if (track.mode !== mode) track.mode = mode;
      }
    };
    choose();
    // Where the person chooses by the browser's own controls, it is theirs.
    if (controls) return;
    // The browser has a mind of its own once it has read the tracks.
    list?.addEventListener?.('change', choose);
    list?.addEventListener?.('addtrack', choose);
    return () => {
      list?.removeEventListener?.('change', choose);
      list?.removeEventListener?.('addtrack', choose);
    };
  }, [controls, i18n.language]);

  return (
    <>
      <video
        ref={(element) => {
          own.current = element;
          if (typeof video === 'function') video(element);
          else if (video) video.current = element;
        }}
        controls={controls}
        controlsList="nodownload noremoteplayback"
        muted={muted}
        playsInline
        disablePictureInPicture
        preload="auto"
        onLoadedMetadata={({ currentTarget }) => {
          // Under fresh addresses it goes on where it was.
          if (from && !hasBegun.current) currentTarget.currentTime = from;
          hasBegun.current = true;
        }}
        poster={links.pictures.at(-1)?.url}
        aria-label={label}
      >
        {links.captions.map(({ url, language }) => (
          <track key={language} kind="captions" src={url} srcLang={language} label={language} />
        ))}
      </video>
      {links.mark && <NameMark text={links.mark} />}
    </>
  );
}
