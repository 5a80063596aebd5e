import { Injectable } from '@nestjs/common';
import type { Confidentiality } from '@parley/contracts/media';
import type { EntityManager } from 'typeorm';
import { SegmentsService } from '../people/segments.service';
import type { Member, Overseer } from '../platform/doors';

type Caller = Member | Overseer;

/** Who, beyond what is written here, may see some of these files. */
export type Grant = (em: EntityManager, caller: Caller, mediaIds: string[]) => Promise<ReadonlySet<string>>;

interface OfAsset {
  mediaId: string;
  assetId: string;
  confidentiality: Confidentiality;
  withdrawn: boolean;
  /** The latest version that is ready, or captions of it. */
  latest: boolean;
  embargoed: boolean;
  shown: boolean;
  promised: boolean;
  /** Segments to which it is released now; null among them: all members. */
  released: (string | null)[];
}

/** What may be told of a file that may be seen. */
export interface Seen {
  /** Bears the viewer's name. */
  marked: boolean;
}

/** The one place that says who may see which file, now. It is asked for every link, and again for every byte. */
@Injectable()
export class AccessService {
  private readonly grants: Grant[] = [];

  constructor(private readonly segments: SegmentsService) {}

  /** Other features say who may see the files that are theirs. */
  grant(grant: Grant) {
    this.grants.push(grant);
  }

  /** Those of the files that the caller may see. */
  async may(
    em: EntityManager,
    caller: Caller,
    mediaIds: readonly string[],
    /** Also those that they may see as soon as they promise to keep them to themselves. */
    { beforePromise = false } = {},
  ): Promise<Map<string, Seen>> {
    const seen = new Map<string, Seen>();
    if (!mediaIds.length) return seen;
    const rows = await this.ofAssets(em, caller, mediaIds);
    const mine = new Set<string>();
    if (caller.role === 'member') {
      const asked = rows.flatMap(({ released }) => released.flatMap((id) => id ?? []));
      for (const id of await this.segments.among(em, caller.communityId, caller.memberId, asked))
        mine.add(id);
    }
    for (const row of rows)
      if (isOpenTo(caller, beforePromise ? { ...row, promised: true } : row, mine))
        seen.set(row.mediaId, { marked: row.confidentiality !== 'open' });
    const claimed = new Set(rows.map(({ mediaId }) => mediaId));
    const rest = mediaIds.filter((id) => !claimed.has(id));
    if (!rest.length) return seen;
    // One's own, until something is made of it that has rules of its own.
    const own: { id: string }[] = caller.memberId
      ? await em.query(
          `SELECT id FROM media WHERE community_id = $1 AND owner_id = $2 AND id = ANY ($3) AND state = 'ready'`,
          [caller.communityId, caller.memberId, rest],
        )
      : [];
    for (const { id } of own) seen.set(id, { marked: false });
    for (const grant of this.grants)
      for (const id of await grant(em, caller, rest)) seen.set(id, { marked: false });
    return seen;
  }

  private ofAssets(em: EntityManager, caller: Caller, mediaIds: readonly string[]): Promise<OfAsset[]> {
    return em.query(
      `WITH asked AS (
         SELECT v.asset_id, v.n, v.media_id FROM asset_version v WHERE v.community_id = $1 AND v.media_id = ANY ($2)
         UNION ALL
         SELECT c.asset_id, c.n, c.media_id FROM version_captions c WHERE c.community_id = $1 AND c.media_id = ANY ($2))
       SELECT asked.media_id AS "mediaId", a.id AS "assetId", a.confidentiality, a.withdrawn_at IS NOT NULL AS withdrawn,
         asked.n = (SELECT max(v.n) FROM asset_version v JOIN media m ON m.community_id = $1 AND m.id = v.media_id
           WHERE v.community_id = $1 AND v.asset_id = a.id AND m.state = 'ready') IS TRUE AS latest,
         coalesce(a.embargo_until > now(), false) AS embargoed, a.released_at IS NOT NULL AS shown,
         EXISTS (SELECT FROM asset_promise p WHERE p.community_id = $1 AND p.asset_id = a.id AND p.member_id = $3) AS promised,
         (SELECT coalesce(json_agg(r.segment_id), '[]') FROM asset_release r WHERE r.community_id = $1 AND r.asset_id = a.id
            AND r.from_at <= now() AND (r.until_at IS NULL OR r.until_at > now())) AS released
       FROM asked JOIN asset a ON a.community_id = $1 AND a.id = asked.asset_id`,
      [caller.communityId, mediaIds, caller.memberId ?? null],
    );
  }
}

function isOpenTo(caller: Caller, asset: OfAsset, segments: ReadonlySet<string>): boolean {
  if (asset.withdrawn) return false;
  if (asset.confidentiality === 'secret' && caller.memberId && !asset.promised) return false;
  if (caller.role !== 'member') return true;
  if (!asset.latest || asset.embargoed) return false;
  return asset.shown || asset.released.some((id) => id === null || segments.has(id));
}
