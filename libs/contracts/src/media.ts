import { z } from 'zod';
import { endpoint, Id } from './contract';
import { line, text } from './text';

// --- uploads: bytes on their way ---

/** What an upload is for; it decides how large and how long it may be, and who may send it. */
export const UploadPurpose = z.enum(['asset', 'captions', 'submission']);
export type UploadPurpose = z.infer<typeof UploadPurpose>;

export const MediaKind = z.enum(['image', 'video', 'audio', 'document', 'captions']);
export type MediaKind = z.infer<typeof MediaKind>;

/**
 * `receiving` bytes; all are there and `verified`; made into what may be shown (`processing`); `ready`. Or `refused` with
 * a reason, `expired` because nothing came for a day, `removed` by who sent it or may.
 */
export const MediaState = z.enum([
  'receiving',
  'verified',
  'processing',
  'ready',
  'refused',
  'expired',
  'removed',
]);
export type MediaState = z.infer<typeof MediaState>;

export const mediaMoves: Record<MediaState, readonly MediaState[]> = {
  receiving: ['verified', 'expired', 'removed'],
  verified: ['processing', 'removed'],
  processing: ['ready', 'refused', 'removed'],
  ready: ['removed'],
  refused: ['removed'],
  expired: [],
  removed: [],
};

/** Why a file cannot be taken; the web app says for each what to do. */
export const MediaRefusal = z.enum([
  'empty',
  'typeNotAllowed',
  'notForThis',
  'unreadable',
  'heic',
  'tooBig',
  'tooLong',
  'tooManyStreams',
  'tooHeavy',
  'blocked',
]);
export type MediaRefusal = z.infer<typeof MediaRefusal>;

/** The most bytes of one file. */
export const uploadMax: Record<UploadPurpose, number> = {
  asset: 4 * 1024 ** 3,
  captions: 1024 ** 2,
  submission: 600 * 1024 ** 2,
};
/** What one member may have stored for submissions, in bytes and in files. */
export const MEMBER_BYTES_MAX = 2 * 1024 ** 3;
export const MEMBER_FILES_MAX = 100;
/** Each part is sent with its checksum and counts when it is there whole; this bounds what a cut line sends again. */
export const UPLOAD_PART = 1024 ** 2;
/** An upload to which nothing came for so long is given up, ms. */
export const UPLOAD_EXPIRES_MS = 24 * 3_600_000;

/** A file as its sender sees it. */
export const Media = z.object({
  id: z.uuid(),
  /** As the file was called, cleaned. */
  name: z.string(),
  /** Null until it was looked into. */
  kind: MediaKind.nullable(),
  state: MediaState,
  bytes: z.int(),
  received: z.int(),
  /** 0 to 1, of the making. */
  progress: z.number(),
  refusal: MediaRefusal.nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  durationSeconds: z.number().nullable(),
  pages: z.int().nullable(),
});
export type Media = z.infer<typeof Media>;

/**
 * tus 1.0.0 with creation, expiration, termination and checksum (sha1, sha256). POST with `Upload-Length` and
 * `Upload-Metadata`: `name`, `purpose` (an `UploadPurpose`) and `op`, a UUID made by the client: asked again with it, the
 * same upload is answered. The id, and so the address, is the server's.
 */
export const uploadsPath = '/api/c/:communityId/uploads';
/** HEAD, PATCH and DELETE of one's own upload. */
export const uploadPath = '/api/c/:communityId/uploads/:uploadId';

const Ids = z
  .string()
  .max(40 * 37)
  .transform((list) => list.split(','))
  .pipe(z.array(Id).min(1).max(40));

export const listMedia = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/media',
  rights: ['upload.read own pending'],
  summary: 'How far one’s own uploads are; ids separated by commas.',
  input: z.strictObject({ communityId: Id, ids: Ids }),
  output: z.object({ media: z.array(Media) }),
});

// --- what is shown ---

/** One size of a picture. */
export const Picture = z.object({ url: z.string(), width: z.int(), height: z.int() });
export type Picture = z.infer<typeof Picture>;

/**
 * Where a viewer finds a file, for a short while. Each address is good for this viewer in this sign-in, for this
 * rendition, until `expiresAt`, and asks at the door again who may.
 */
export const MediaLinks = z.object({
  mediaId: z.uuid(),
  kind: MediaKind,
  width: z.int().nullable(),
  height: z.int().nullable(),
  durationSeconds: z.number().nullable(),
  /** Server time, ms. */
  expiresAt: z.int(),
  /** Of an image, smallest first; of a video its poster. */
  pictures: z.array(Picture),
  /** Of a document, page by page. */
  pages: z.array(Picture),
  /** Of a video or sound: an HLS playlist, and the key that stands last in the address of each rendition's parts. */
  film: z.object({ url: z.string(), keys: z.record(z.string(), z.string()) }).nullable(),
  captions: z.array(z.object({ url: z.string(), language: z.string() })),
  /** Words to lay over a video, moving: who looks. Stills bear theirs. */
  mark: z.string().nullable(),
});
export type MediaLinks = z.infer<typeof MediaLinks>;

/** For how long an address holds, ms. */
export const PICTURE_LINK_MS = 60_000;
export const FILM_LINK_MS = 30_000;

export const readLinks = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/media/links',
  rights: ['asset.thumbnail.read'],
  summary: 'Where the caller finds what they may see of these files now; the others are left out.',
  input: z.strictObject({ communityId: Id, ids: Ids }),
  output: z.object({ links: z.array(MediaLinks) }),
});

/**
 * A part of a rendition: `part` is `whole`, or of a film `list`, `init` or the number of a segment. `key` is the signed
 * part of the address. Bytes, single ranges, never cached by others.
 */
export const mediaFilePath = '/api/c/:communityId/media/:mediaId/:rendition/:part/:key';

// --- attachments: what members show ---

/** The most files of what is said; a submission has its own number for each task. */
export const ATTACHED_MOST = 4;

/** A file of one's own that becomes part of what one says, and what is to be seen, for people who do not see it. */
export const Attaching = z.strictObject({ mediaId: Id, alt: text(200).nullable() });
export type Attaching = z.infer<typeof Attaching>;
export const Attachings = z.array(Attaching).max(ATTACHED_MOST).default([]);

/** A file that is part of a contribution. Others than its sender do not learn its name. */
export const Attached = Media.extend({ alt: z.string().nullable() });
export type Attached = z.infer<typeof Attached>;

export const listAttached = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/attached',
  rights: ['asset.thumbnail.read'],
  summary: 'The files of contributions, as far as the caller may see them; ids separated by commas.',
  input: z.strictObject({ communityId: Id, ids: Ids }),
  output: z.object({
    attached: z.array(z.object({ contributionId: z.uuid(), files: z.array(Attached) })),
  }),
});

// --- assets: what the brand shows ---

/**
 * `open`: may be passed on. `private`: for members, with the viewer's name on it. `secret`: and each viewer says first
 * that they keep it to themselves.
 */
export const Confidentiality = z.enum(['open', 'private', 'secret']);
export type Confidentiality = z.infer<typeof Confidentiality>;

/**
 * Where something of this version stood in the version before: from second `at` of this one, for `seconds`, it shows
 * what stood at `was`. What is in no span is new.
 */
export const TimeSpan = z.strictObject({
  at: z.number().min(0).max(86_400),
  was: z.number().min(0).max(86_400),
  seconds: z.number().positive().max(86_400),
});
export type TimeSpan = z.infer<typeof TimeSpan>;

const roughly = 0.001;
/** In the order of this version; none overlaps another in it. */
export const TimeMap = z
  .array(TimeSpan)
  .max(200)
  .refine(
    (spans) =>
      spans.every(({ at }, place) => {
        const earlier = spans[place - 1];
        return !earlier || earlier.at + earlier.seconds <= at + roughly;
      }),
    'spans in their order, none of which overlaps another',
  );
export type TimeMap = z.infer<typeof TimeMap>;

/** The second of the version before that second `s` shows; null where it is new. */
export function secondBefore(map: TimeMap, s: number): number | null {
  const span = map.find(({ at, seconds }) => s >= at && s < at + seconds);
  return span ? span.was + (s - span.at) : null;
}

/** The seconds of this version that show second `s` of the version before, in order: a scene may come twice, or be gone. */
export const secondsAfter = (map: TimeMap, s: number): number[] =>
  map.flatMap(({ at, was, seconds }) => (s >= was && s < was + seconds ? [at + (s - was)] : []));

/** Something to show, as everybody who may see it knows it. Its latest version that is ready. */
export const Asset = z.object({
  id: z.uuid(),
  kind: z.enum(['image', 'video', 'document']),
  title: z.string(),
  /** What is seen, for people who do not see it. */
  description: z.string(),
  confidentiality: Confidentiality,
  version: z.int(),
  /** What `readLinks` is asked for. */
  mediaId: z.uuid(),
  width: z.int(),
  height: z.int(),
  /** Length of a video in whole seconds; 0 for what stands still. */
  durationSeconds: z.int(),
  /** Of a document; 1 for others. */
  pages: z.int(),
  /** Languages that there are captions in. */
  captions: z.array(z.string()),
  /** The caller has to say first that they keep it to themselves; where nobody asks, whether anybody has to. */
  promiseFirst: z.boolean(),
  /** Taken off every screen: nothing of it is served. */
  withdrawn: z.boolean(),
});
export type Asset = z.infer<typeof Asset>;

export const Release = z.object({
  id: z.uuid(),
  /** Null: to all members. */
  segment: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  from: z.iso.datetime(),
  until: z.iso.datetime().nullable(),
});
export type Release = z.infer<typeof Release>;

/** An asset as the team works on it. */
export const AssetOnDesk = z.object({
  id: z.uuid(),
  title: z.string(),
  description: z.string(),
  confidentiality: Confidentiality,
  /** No member sees it before, wherever it was released. */
  embargoUntil: z.iso.datetime().nullable(),
  /** When it was first on stage: from then on all members may see it. */
  shownAt: z.iso.datetime().nullable(),
  releases: z.array(Release),
  withdrawn: z.object({ at: z.iso.datetime(), by: z.string(), because: z.string() }).nullable(),
  addedBy: z.string(),
  addedAt: z.iso.datetime(),
  /** The caller may change it. */
  mine: z.boolean(),
  /** How many members have seen anything of it. */
  viewers: z.int(),
  /** The newest first. */
  versions: z.array(
    z.object({
      n: z.int(),
      at: z.iso.datetime(),
      by: z.string(),
      media: Media,
      captions: z.array(z.object({ language: z.string(), mediaId: z.uuid() })),
      /** To the version before; null for the first, or where it was not said. */
      map: TimeMap.nullable(),
    }),
  ),
  /** What shows where it is ready. */
  asset: Asset.nullable(),
});
export type AssetOnDesk = z.infer<typeof AssetOnDesk>;

const inCommunity = { communityId: Id };
const ofAsset = { communityId: Id, assetId: Id };
const ofVersion = { ...ofAsset, n: z.coerce.number().int().min(1).max(999) };
const Nothing = z.object({});
const cursor = z.string().max(120).optional();

export const listAssets = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/assets',
  rights: ['asset.list'],
  summary: 'What there is to show, by title; members are told only of what they may see now.',
  input: z.strictObject(inCommunity),
  output: z.object({ assets: z.array(Asset) }),
});

export const readAsset = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/assets/:assetId',
  rights: ['asset.meta.read'],
  summary: 'One asset that the caller may see now.',
  input: z.strictObject(ofAsset),
  output: Asset,
});

export const promiseSecrecy = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/assets/:assetId/promise',
  rights: ['asset.meta.read'],
  summary: 'Says that one keeps a secret asset to oneself; it shows from then on.',
  input: z.strictObject(ofAsset),
  output: Asset,
});

export const listAssetDesk = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/asset-desk',
  rights: ['asset.desk.read'],
  summary: 'Every asset with its versions, releases and state, the newest first.',
  input: z.strictObject(inCommunity),
  output: z.object({ assets: z.array(AssetOnDesk) }),
});

const AssetBody = {
  title: line(120),
  description: text(600),
  confidentiality: Confidentiality,
  embargoUntil: z.iso.datetime().nullable(),
};

/** `assetId` is made by the client: asked again, nothing is made twice. */
export const addAsset = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/assets',
  rights: ['asset.upload'],
  summary: 'Makes an asset of an uploaded file.',
  input: z.strictObject({ ...ofAsset, mediaId: Id, ...AssetBody }),
  output: AssetOnDesk,
});

export const updateAsset = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/assets/:assetId',
  rights: ['asset.update'],
  summary: 'Other words, another confidentiality or embargo.',
  input: z.strictObject({ ...ofAsset, ...AssetBody }),
  output: AssetOnDesk,
});

export const addVersion = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/assets/:assetId/versions',
  rights: ['asset.upload'],
  summary: 'A new version of a file of the same kind, with where its seconds stood in the one before.',
  input: z.strictObject({ ...ofAsset, mediaId: Id, map: TimeMap.nullable() }),
  output: AssetOnDesk,
});

export const setTimeMap = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/assets/:assetId/versions/:n/map',
  rights: ['asset.update'],
  summary: 'Says where the seconds of a version stood in the one before.',
  input: z.strictObject({ ...ofVersion, map: TimeMap.nullable() }),
  output: AssetOnDesk,
});

export const setCaptions = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/assets/:assetId/versions/:n/captions',
  rights: ['asset.update'],
  summary: 'Captions of a version in one language, from an uploaded file; null takes them away.',
  input: z.strictObject({
    ...ofVersion,
    language: z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/),
    mediaId: Id.nullable(),
  }),
  output: AssetOnDesk,
});

/** `releaseId` is made by the client. */
export const releaseAsset = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/assets/:assetId/releases/:releaseId',
  rights: ['asset.release to segment'],
  summary: 'Lets members of a segment, or all, see it in a window of time.',
  input: z
    .strictObject({
      ...ofAsset,
      releaseId: Id,
      segmentId: Id.nullable(),
      from: z.iso.datetime(),
      until: z.iso.datetime().nullable(),
    })
    .refine(({ from, until }) => !until || Date.parse(from) < Date.parse(until), {
      path: ['until'],
      error: 'after it begins',
    }),
  output: AssetOnDesk,
});

export const endRelease = endpoint({
  method: 'DELETE',
  path: '/api/c/:communityId/assets/:assetId/releases/:releaseId',
  rights: ['asset.release to segment'],
  summary: 'Takes a release back.',
  input: z.strictObject({ ...ofAsset, releaseId: Id }),
  output: AssetOnDesk,
});

export const withdrawAsset = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/assets/:assetId/withdraw',
  rights: ['asset.withdraw'],
  summary: 'Takes an asset off every screen at once; nothing of it is served any more.',
  input: z.strictObject({ ...ofAsset, because: text(300) }),
  output: Nothing,
});

export const restoreAsset = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/assets/:assetId/restore',
  rights: ['asset.restore'],
  summary: 'Puts a withdrawn asset back.',
  input: z.strictObject(ofAsset),
  output: AssetOnDesk,
});

export const deleteAsset = endpoint({
  method: 'DELETE',
  path: '/api/c/:communityId/assets/:assetId',
  rights: ['asset.delete'],
  summary: 'Deletes the files of a withdrawn asset for good; who saw what of it stays known.',
  input: z.strictObject(ofAsset),
  output: Nothing,
});

/** One thing that was served of an asset. */
export const View = z.object({
  at: z.iso.datetime(),
  who: z.string(),
  version: z.int(),
  rendition: z.string(),
  part: z.string(),
  bytes: z.int(),
});
export type View = z.infer<typeof View>;

export const listViews = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/assets/:assetId/views',
  rights: ['asset.view-log.read'],
  summary: 'What was served of an asset, to whom and when, newest first.',
  input: z.strictObject({ ...ofAsset, cursor }),
  output: z.object({ views: z.array(View), next: z.string().nullable() }),
});

/** Whose copy of a film a clip is, as far as it can be said. */
export const Trace = z.object({
  /** Where in the film it is from, seconds, and how alike they are, up to 1; null when it is not of this film. */
  from: z.object({ version: z.int(), second: z.number(), likeness: z.number() }).nullable(),
  /** How many were served any of that version. */
  among: z.int(),
  /** Null where it is not beyond doubt. `fit`: standard deviations above chance. */
  who: z.object({ name: z.string(), fit: z.number() }).nullable(),
});
export type Trace = z.infer<typeof Trace>;

/** `mediaId` is a film that was uploaded as an asset's would be. What was asked is written down. */
export const traceLeak = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/assets/:assetId/trace',
  rights: ['asset.leak.trace'],
  summary: 'Whose copy of a film a clip is that turned up elsewhere.',
  input: z.strictObject({ ...ofAsset, mediaId: Id }),
  output: Trace,
});

/** What every screen of a community is told at once when an asset is withdrawn or put back. */
export const assetNews = 'media.assetChanged';
export const AssetNews = z.object({ assetId: z.uuid(), withdrawn: z.boolean() });
export type AssetNews = z.infer<typeof AssetNews>;

export const mediaEndpoints = [
  listMedia,
  readLinks,
  listAttached,
  listAssets,
  readAsset,
  promiseSecrecy,
  listAssetDesk,
  addAsset,
  updateAsset,
  addVersion,
  setTimeMap,
  setCaptions,
  releaseAsset,
  endRelease,
  withdrawAsset,
  restoreAsset,
  deleteAsset,
  listViews,
  traceLeak,
] as const;

/** The logo of a community. */
export const logoPath = '/api/c/:communityId/logo';
