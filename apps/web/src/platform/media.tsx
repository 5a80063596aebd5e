import { Button } from '@mantine/core';
import type { Asset, MediaLinks } from '@parley/contracts/media';
import { type ReactNode, type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FilmPlayer } from './film';
import { useAsset, useLinks, usePromise } from './media.data';
import styles from './media.module.css';
import { Refusal } from './refusal';

interface BoxProps {
  width: number | null;
  height: number | null;
  children?: ReactNode;
}

/** Keeps the place of what is to come, so that nothing jumps. */
const Box = ({ width, height, children }: BoxProps) => (
  <div className={styles.box} style={{ aspectRatio: `${width || 16} / ${height || 9}` }}>
    {children}
  </div>
);

interface StillProps {
  mediaId: string;
  alt: string;
  width: number | null;
  height: number | null;
  /** How wide it is shown, as in the attribute of an image. */
  sizes?: string | undefined;
  /** Of a document. */
  page?: number | undefined;
}

/** A picture, a page of a document or the poster of a film, as large as it is needed. */
export function Still({ mediaId, alt, width, height, sizes = '100vw', page }: StillProps) {
  const { t } = useTranslation();
  const links = useLinks(mediaId);
  const [failures, setFailures] = useState(0);
  if (links.data === null)
    return (
      <Box {...{ width, height }}>
        <p>{t('media.gone')}</p>
      </Box>
    );
  const sources = sourcesOf(links.data, page);
  const largest = sources.at(-1);
  if (!largest || failures > 2)
    return <Box {...{ width, height }}>{(links.isError || failures > 2) && <p>{t('media.failed')}</p>}</Box>;
  return (
    <img
      className={styles.still}
      src={largest.url}
      srcSet={sources.map((one) => `${one.url} ${one.width}w`).join(', ')}
      sizes={sizes}
      alt={alt}
      width={width ?? largest.width}
      height={height ?? largest.height}
      draggable={false}
      onError={() => {
        // Its address was too old when it came into view.
        setFailures(failures + 1);
        void links.refetch();
      }}
    />
  );
}

function sourcesOf(links: MediaLinks | undefined, page: number | undefined) {
  const found = page === undefined ? links?.pictures : links?.pages.slice(page - 1, page);
  return found ?? [];
}

interface AssetProps {
  asset: Asset;
  page?: number | null | undefined;
  sizes?: string | undefined;
  /** With the browser's own controls. */
  controls?: boolean;
  video?: Ref<HTMLVideoElement>;
  muted?: boolean;
  /** The second of a film at which it begins. */
  from?: number | undefined;
}

/** An asset, with which it is for whoever says something about what is before them. */
export function AssetShown(props: AssetProps) {
  const { id, title } = props.asset;
  return (
    <div data-asset={id} data-title={title} style={{ display: 'contents' }}>
      <Shown {...props} />
    </div>
  );
}

/** As it may be shown: after a promise where it is secret, and not at all where it was withdrawn. */
function Shown({ asset: given, page, sizes, controls, video, muted, from }: AssetProps) {
  const { t } = useTranslation();
  const asset = useAsset(given);
  const { mediaId, description, width, height } = asset;
  if (asset.withdrawn)
    return (
      <Box {...{ width, height }}>
        <p>{t('media.withdrawn')}</p>
      </Box>
    );
  if (asset.promiseFirst) return <PromiseFirst asset={asset} />;
  if (asset.kind !== 'video')
    return (
      <Still
        {...{ mediaId, width, height, sizes }}
        alt={description}
        page={asset.kind === 'document' ? (page ?? 1) : undefined}
      />
    );
  return <Film {...{ mediaId, width, height, controls, video, muted, from }} label={description} />;
}

function PromiseFirst({ asset }: { asset: Asset }) {
  const { t } = useTranslation();
  const promise = usePromise(asset.id);
  return (
    <Box width={asset.width} height={asset.height}>
      <div className={styles.secret}>
        <p>{t('media.secret')}</p>
        <Button onClick={() => promise.mutate()} loading={promise.isPending}>
          {t('media.promise')}
        </Button>
        <Refusal error={promise.error} />
      </div>
    </Box>
  );
}

interface FilmProps {
  mediaId: string;
  label: string;
  width: number | null;
  height: number | null;
  controls?: boolean | undefined;
  video?: Ref<HTMLVideoElement> | undefined;
  muted?: boolean | undefined;
  from?: number | undefined;
}

/** A film with its captions, and over it whose screen this is. */
export function Film({ mediaId, label, width, height, controls, video, muted, from }: FilmProps) {
  const { t } = useTranslation();
  const links = useLinks(mediaId);
  // What plays goes on with the addresses it began with; its parts are fetched under fresh ones.
  const [begun, setBegun] = useState<MediaLinks>();
  const now = links.data;
  if (now && begun?.mediaId !== now.mediaId) setBegun(now);
  if (links.data === null)
    return (
      <Box {...{ width, height }}>
        <p>{t('media.gone')}</p>
      </Box>
    );
  if (!begun?.film) return <Box {...{ width, height }}>{links.isError && <p>{t('media.failed')}</p>}</Box>;
  return <FilmPlayer {...{ label, controls, video, muted, from }} links={begun} />;
}
