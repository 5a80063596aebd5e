import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Member, Overseer } from '../platform/doors';
import { Files } from '../platform/files';
import { Jobs } from '../platform/jobs';
import { Tenancy } from '../platform/tenancy';
import type { RenditionRow } from './media.tables';
import { Workshop } from './workshop';

/** Whose name a still bears. Without a membership nothing is kept for them: they look in once. */
export interface Bearer {
  memberId: string | null;
  handle: string;
  /** Stays when the handle is changed. */
  sign: string;
}

export const bearerOf = (caller: Member | Overseer): Bearer =>
  caller.memberId
    ? { memberId: caller.memberId, handle: caller.handle, sign: signOf(caller.memberId) }
    : { memberId: null, handle: 'Parley', sign: signOf(caller.personId) };
const signOf = (id: string) => id.slice(-4).toUpperCase();

/** For how long a still with a name on it is kept, days. */
const KEPT_DAYS = 30;

export const wordsOf = ({ handle, sign }: Bearer) => `${handle} · ${sign}`;

/** Stills with the viewer's name all over them, made before they are needed where somebody said that they will be. */
@Injectable()
export class MarksService {
  /** Made right now, so that two requests do not make the same. */
  private readonly making = new Map<string, Promise<{ sha256: string; bytes: number }>>();

  constructor(
    private readonly tenancy: Tenancy,
    private readonly files: Files,
    private readonly workshop: Workshop,
    private readonly jobs: Jobs,
  ) {
    jobs.handle('media-mark', (job: { communityId: string; bearer: Bearer; assetIds: string[] }) =>
      this.ahead(job),
    );
    jobs.everywhere('media-marks', '17 3 * * *', (communityId) => this.tidy(communityId));
  }

  /** Has the stills of these assets made for a member, soon. */
  async prepare(communityId: string, bearer: Bearer, assetIds: readonly string[]): Promise<void> {
    if (!assetIds.length) return;
    await this.tenancy.inCommunity(communityId, (em) =>
      this.jobs.add(em, 'media-mark', { communityId, bearer, assetIds }),
    );
  }

  /** The still with the name on it. */
  async marked(
    { communityId, mediaId, name, sha256 }: Pick<RenditionRow, 'communityId' | 'mediaId' | 'name' | 'sha256'>,
    bearer: Bearer,
  ): Promise<Buffer | { sha256: string; bytes: number }> {
    if (!bearer.memberId)
      return this.workshop.mark(await this.files.read(communityId, sha256), wordsOf(bearer));
    const known = await this.tenancy.inCommunity(communityId, (em) =>
      em.query<{ sha256: string; bytes: string }[]>(
        `SELECT sha256, bytes FROM marked WHERE community_id = $1 AND media_id = $2 AND rendition = $3 AND member_id = $4`,
        [communityId, mediaId, name, bearer.memberId],
      ),
    );
    if (known[0]) return { sha256: known[0].sha256, bytes: Number(known[0].bytes) };
    const key = [communityId, mediaId, name, bearer.memberId].join(' ');
    const running = this.making.get(key) ?? this.make(communityId, mediaId, name, sha256, bearer);
    this.making.set(key, running);
    return running.finally(() => this.making.delete(key));
  }

  private async make(communityId: string, mediaId: string, name: string, original: string, bearer: Bearer) {
    const bytes = await this.workshop.mark(await this.files.read(communityId, original), wordsOf(bearer));
    const sha256 = await this.files.put(communityId, bytes);
    await this.tenancy.inCommunity(communityId, async (em) => {
      // Of what was taken back meanwhile nothing is kept; the lock lets the taking back wait, or this.
      const kept: unknown[] = await em.query(
        `WITH shown AS (
           SELECT a.withdrawn_at FROM asset a
           JOIN asset_version v ON v.community_id = $1 AND v.asset_id = a.id AND v.media_id = $2
           WHERE a.community_id = $1 FOR SHARE OF a)
         INSERT INTO marked (community_id, media_id, rendition, member_id, sha256, bytes)
         SELECT $1, $2, $3, $4, $5, $6 WHERE EXISTS (SELECT FROM shown WHERE withdrawn_at IS NULL)
         ON CONFLICT DO NOTHING RETURNING 1`,
        [communityId, mediaId, name, bearer.memberId, sha256, bytes.length],
      );
      if (!kept.length) await this.jobs.add(em, 'media-forget', { communityId, hashes: [sha256] });
    });
    return { sha256, bytes: bytes.length };
  }

  private async ahead({
    communityId,
    bearer,
    assetIds,
  }: {
    communityId: string;
    bearer: Bearer;
    assetIds: string[];
  }) {
    const stills = await this.tenancy.inCommunity(communityId, (em) => stillsOf(em, communityId, assetIds));
    for (const still of stills) await this.marked(still, bearer);
  }

  private async tidy(communityId: string) {
    await this.tenancy.inCommunity(communityId, async (em) => {
      const old: { sha256: string }[] = await em.query(
        `WITH old AS (DELETE FROM marked WHERE community_id = $1 AND at < now() - make_interval(days => $2) RETURNING sha256)
         SELECT sha256 FROM old`,
        [communityId, KEPT_DAYS],
      );
      if (old.length)
        await this.jobs.add(em, 'media-forget', { communityId, hashes: old.map(({ sha256 }) => sha256) });
    });
  }
}

/** The stills of assets that bear a name, of their latest version. */
function stillsOf(em: EntityManager, communityId: string, assetIds: string[]): Promise<RenditionRow[]> {
  return em.query(
    `SELECT r.community_id AS "communityId", r.media_id AS "mediaId", r.name, r.sha256
     FROM asset a
     JOIN LATERAL (SELECT v.media_id FROM asset_version v JOIN media m ON m.community_id = $1 AND m.id = v.media_id
       WHERE v.community_id = $1 AND v.asset_id = a.id AND m.state = 'ready' ORDER BY v.n DESC LIMIT 1) v ON true
     JOIN rendition r ON r.community_id = $1 AND r.media_id = v.media_id AND r.media_type = 'image/webp'
     WHERE a.community_id = $1 AND a.id = ANY ($2) AND a.confidentiality <> 'open' AND a.withdrawn_at IS NULL
     ORDER BY r.bytes`,
    [communityId, assetIds],
  );
}
