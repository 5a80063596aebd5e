import { createHmac } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import {
  FILM_LINK_MS,
  mediaFilePath,
  type MediaKind,
  type MediaLinks,
  type Picture,
  PICTURE_LINK_MS,
} from '@parley/contracts/media';
import type { Response } from 'express';
import type { EntityManager } from 'typeorm';
import type { Member, Overseer } from '../platform/doors';
import { notFound } from '../platform/errors';
import { Files, privately } from '../platform/files';
import { ScopeKey, Tenancy } from '../platform/tenancy';
import type { Passing } from '../platform/transport';
import { Writer } from '../platform/writer';
import { AccessService } from './access.service';
import { Keys } from './keys';
import { bearerOf, MarksService, wordsOf } from './marks.service';
import type { Film, RenditionRow } from './media.tables';
import { listOf, masterOf } from './playlists';
import { sentOf } from './ranges';
import { views } from './views';

type Caller = Member | Overseer;

/** A part of a rendition, as it is asked for. */
export interface Address {
  mediaId: string;
  rendition: string;
  part: string;
  key: string;
}

interface Rendition extends Omit<RenditionRow, 'bytes'> {
  bytes: string | number;
  kind: MediaKind;
}

/** What is sent: what was made for this viewer just now, or bytes of a file. */
type Body = { made: Buffer } | { sha256: string; from: number; bytes: number };

/** What can be asked for by name; what is kept beside these is never shown. */
const shown = /^(w\d+|p\d+|poster|v\d+|a96|text)$/;

/** Where a file is wanted by a page of ours; not as a page of its own, and not by a plugin. */
const wanted = new Set(['image', 'video', 'audio', 'track', 'empty', undefined]);
const HLS = 'application/vnd.apple.mpegurl';

/** Hands out addresses, and serves what they name: to who was given them, while they may, and not without writing it down. */
@Injectable()
export class DeliveryService {
  private readonly keys: Keys;
  private readonly codes: Buffer;

  constructor(
    key: ScopeKey,
    private readonly tenancy: Tenancy,
    private readonly access: AccessService,
    private readonly marks: MarksService,
    private readonly files: Files,
    private readonly writer: Writer,
  ) {
    this.keys = new Keys(key.derive('media links'));
    this.codes = key.derive('media copies');
  }

  /** Addresses of those of the files that the caller may see, in the order asked for. */
  links(caller: Caller, mediaIds: readonly string[]): Promise<MediaLinks[]> {
    return this.tenancy.inCommunity(caller.communityId, async (em) => {
      const seen = await this.access.may(em, caller, mediaIds);
      const files = await filesOf(em, caller.communityId, [...seen.keys()]);
      return mediaIds.flatMap((id) => {
        const file = files.get(id);
        return file ? this.linksOf(caller, file, seen.get(id)!.marked) : [];
      });
    });
  }

  private linksOf(caller: Caller, file: FileToShow, marked: boolean): MediaLinks {
    const { mediaId, kind, renditions } = file;
    const isFilm = kind === 'video' || kind === 'audio';
    const expiresAt = Date.now() + (isFilm ? FILM_LINK_MS : PICTURE_LINK_MS);
    const keyOf = (rendition: string, of = mediaId) =>
      this.keys.sign({ communityId: caller.communityId, mediaId: of, rendition, viewer: caller }, expiresAt);
    const url = (rendition: string, part: string, of = mediaId) =>
      addressOf(caller.communityId, { mediaId: of, rendition, part, key: keyOf(rendition, of) });
    const pictures = (begins: RegExp): Picture[] =>
      renditions
        .filter(({ name }) => begins.test(name))
        .map(({ name, width, height }) => ({
          url: url(name, 'whole'),
          width: width ?? 0,
          height: height ?? 0,
        }));
    const tracks = renditions.filter(({ name }) => /^(v\d+|a96)$/.test(name));
    return {
      ...{ mediaId, kind, expiresAt },
      ...{ width: file.width, height: file.height },
      durationSeconds: file.durationMs === null ? null : Number(file.durationMs) / 1_000,
      pictures:
        kind === 'image' || isFilm ? pictures(/^(w\d+|poster)$/).sort((a, b) => a.width - b.width) : [],
      pages: kind === 'document' ? pictures(/^p\d+$/) : [],
      film: tracks.length
        ? {
            url: url('film', 'list'),
            keys: Object.fromEntries(
              ['film', ...tracks.map(({ name }) => name)].map((name) => [name, keyOf(name)]),
            ),
          }
        : null,
      captions: file.captions.map(({ language, mediaId: of }) => ({
        language,
        url: url('text', 'whole', of),
      })),
      mark: marked ? wordsOf(bearerOf(caller)) : null,
    };
  }

  /** Serves a part; whatever does not fit is told the same as what is not there. */
  async serve(caller: Caller, address: Address, request: Passing, response: Response): Promise<void> {
    const { communityId } = caller;
    const { mediaId, rendition, part, key } = address;
    if (!this.keys.opens(key, { communityId, mediaId, rendition, viewer: caller })) throw notFound();
    if (!wanted.has(request.headers['sec-fetch-dest'] as string | undefined)) throw notFound();
    const found = await this.tenancy.inCommunity(communityId, async (em) => {
      const seen = (await this.access.may(em, caller, [mediaId])).get(mediaId);
      return seen && { seen, renditions: await renditionsOf(em, communityId, mediaId) };
    });
    if (!found) throw notFound();
    const body = await this.bodyOf(caller, address, found.renditions, found.seen.marked);
    const type = part === 'list' ? HLS : found.renditions.find(({ name }) => name === rendition)!.mediaType;
    const size = 'made' in body ? body.made.length : body.bytes;
    const sent = sentOf(request.headers.range, size);
    privately(response, type);
    if (sent.status === 416) {
      response.status(416).setHeader('content-range', `bytes */${size}`);
      return void response.end();
    }
    const bytes = sent.to - sent.from + 1;
    const isHead = request.method === 'HEAD';
    const view = { mediaId, memberId: caller.memberId ?? null, personId: caller.personId, rendition, part };
    await this.writer.write(views, {
      ...{ communityId, memberId: caller.memberId ?? caller.personId, opId: null },
      input: { ...view, bytes: isHead ? 0 : bytes },
    });
    response.status(sent.status);
    response.setHeader('accept-ranges', 'bytes');
    response.setHeader('content-length', bytes);
    if (sent.status === 206) response.setHeader('content-range', `bytes ${sent.from}-${sent.to}/${size}`);
    if (isHead) return void response.end();
    const source =
      'made' in body
        ? Readable.from([body.made.subarray(sent.from, sent.to + 1)])
        : await this.files.open(communityId, body.sha256, {
            from: body.from + sent.from,
            to: body.from + sent.to,
          });
    // A viewer who goes away in the middle of a film is no failure.
    await pipeline(source, response).catch(() => undefined);
  }

  private async bodyOf(
    caller: Caller,
    { mediaId, rendition, part }: Address,
    renditions: Rendition[],
    marked: boolean,
  ): Promise<Body> {
    const until = Date.now() + FILM_LINK_MS;
    const keyOf = (name: string) =>
      this.keys.sign({ communityId: caller.communityId, mediaId, rendition: name, viewer: caller }, until);
    if (rendition === 'film' && part === 'list') {
      const tracks = renditions.filter(({ name, film }) => film && shown.test(name));
      if (!tracks.length) throw notFound();
      return written(
        masterOf(tracks.map((track) => ({ ...track, film: track.film!, key: keyOf(track.name) }))),
      );
    }
    const row = shown.test(rendition) ? renditions.find(({ name }) => name === rendition) : undefined;
    if (!row) throw notFound();
    if (!row.film) {
      if (part !== 'whole') throw notFound();
      if (!marked || row.mediaType !== 'image/webp')
        return { sha256: row.sha256, from: 0, bytes: Number(row.bytes) };
      const still = await this.marks.marked(row, bearerOf(caller));
      return Buffer.isBuffer(still) ? { made: still } : { from: 0, ...still };
    }
    if (part === 'list') return written(listOf({ film: row.film, key: keyOf(rendition) }));
    if (part === 'init') return sliceOf(row, row.film.init);
    const n = /^(0|[1-9]\d{0,4})$/.test(part) ? Number(part) : -1;
    // Of two copies that look the same, the one that is this viewer's for this part.
    const other = renditions.find(({ name }) => name === `${rendition}b`);
    const copy = other && this.copyOf(caller.personId, mediaId, n) === 1 ? other : row;
    const segment = copy.film!.segments[n];
    if (!segment) throw notFound();
    return sliceOf(copy, [segment[1], segment[2]]);
  }

  /** Which of the two copies of a part a viewer is sent: a code of their own over the whole film. */
  copyOf(personId: string, mediaId: string, part: number): 0 | 1 {
    const bits = createHmac('sha256', this.codes)
      .update(`${mediaId}\n${personId}\n${part >> 8}`)
      .digest();
    const at = part & 255;
    return ((bits[at >> 3]! >> (at & 7)) & 1) as 0 | 1;
  }
}

const written = (text: string): Body => ({ made: Buffer.from(text) });
const sliceOf = ({ sha256 }: Rendition, [from, bytes]: [number, number]): Body => ({ sha256, from, bytes });

const addressOf = (communityId: string, { mediaId, rendition, part, key }: Address) =>
  mediaFilePath
    .replace(':communityId', communityId)
    .replace(':mediaId', mediaId)
    .replace(':rendition', rendition)
    .replace(':part', part)
    .replace(':key', key);

function renditionsOf(em: EntityManager, communityId: string, mediaId: string): Promise<Rendition[]> {
  return em.query(
    `SELECT r.community_id AS "communityId", r.media_id AS "mediaId", r.name, r.media_type AS "mediaType", r.width, r.height,
       r.bytes, r.sha256, r.film, m.kind
     FROM rendition r JOIN media m ON m.community_id = $1 AND m.id = r.media_id AND m.state = 'ready'
     WHERE r.community_id = $1 AND r.media_id = $2 ORDER BY r.bytes`,
    [communityId, mediaId],
  );
}

interface FileToShow {
  mediaId: string;
  kind: MediaKind;
  width: number | null;
  height: number | null;
  durationMs: string | null;
  renditions: { name: string; width: number | null; height: number | null; film: Film | null }[];
  captions: { language: string; mediaId: string }[];
}

/** Files with their renditions and captions; one query. */
async function filesOf(
  em: EntityManager,
  communityId: string,
  mediaIds: readonly string[],
): Promise<Map<string, FileToShow>> {
  const rows: FileToShow[] = await em.query(
    `SELECT m.id AS "mediaId", m.kind, m.width, m.height, m.duration_ms AS "durationMs",
       (SELECT coalesce(json_agg(json_build_object('name', r.name, 'width', r.width, 'height', r.height)
          ORDER BY length(r.name), r.name), '[]')
        FROM rendition r WHERE r.community_id = $1 AND r.media_id = m.id) AS renditions,
       (SELECT coalesce(json_agg(json_build_object('language', c.language, 'mediaId', c.media_id) ORDER BY c.language), '[]')
        FROM asset_version v JOIN version_captions c ON c.community_id = $1 AND c.asset_id = v.asset_id AND c.n = v.n
        JOIN media t ON t.community_id = $1 AND t.id = c.media_id AND t.state = 'ready'
        WHERE v.community_id = $1 AND v.media_id = m.id) AS captions
     FROM media m WHERE m.community_id = $1 AND m.id = ANY ($2) AND m.state = 'ready'`,
    [communityId, mediaIds],
  );
  return new Map(rows.map((row) => [row.mediaId, row]));
}
