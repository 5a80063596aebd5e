import { setImmediate as breath } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import type { Trace } from '@parley/contracts/media';
import {
  fitOf,
  LOOK_BYTES,
  LOOKS_PER_SECOND,
  type Match,
  matching,
  readParts,
  whose,
} from '@parley/insight/leak';
import { AuditService } from '../people/audit.service';
import type { Member, Overseer } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { Files } from '../platform/files';
import { Tenancy } from '../platform/tenancy';
import { DeliveryService } from './delivery.service';

const unzipped = promisify(gunzip);

/** Longer, and the server would be busy with it for too long. */
const CLIP_SECONDS_MAX = 900;

/** Finds out whose copy of a film a clip is that turned up elsewhere. */
@Injectable()
export class LeaksService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly files: Files,
    private readonly delivery: DeliveryService,
    private readonly audit: AuditService,
  ) {}

  /** Compares an uploaded clip with every version of an asset, and with the code of everybody who was served any of it. */
  async trace({ communityId, personId }: Member | Overseer, assetId: string, clipId: string): Promise<Trace> {
    const found = await this.tenancy.inCommunity(communityId, async (em) => {
      const versions: { mediaId: string; n: number; sha256: string | null }[] = await em.query(
        `SELECT v.media_id AS "mediaId", v.n, r.sha256 FROM asset_version v
         LEFT JOIN rendition r ON r.community_id = $1 AND r.media_id = v.media_id AND r.name = 'looks'
         WHERE v.community_id = $1 AND v.asset_id = $2 ORDER BY v.n DESC`,
        [communityId, assetId],
      );
      const [clip] = (await em.query(
        `SELECT sha256 FROM rendition WHERE community_id = $1 AND media_id = $2 AND name = 'looks'`,
        [communityId, clipId],
      )) as { sha256: string }[];
      return { versions, clip };
    });
    if (!found.versions.length) throw notFound();
    if (!found.clip)
      throw new AppError('media.notReady', 'Send the clip as a film first, and wait until it is ready.');
    const clip = (await this.looks(communityId, found.clip.sha256)).subarray(
      0,
      CLIP_SECONDS_MAX * LOOKS_PER_SECOND * LOOK_BYTES,
    );
    let best: { match: Match; film: Uint8Array; mediaId: string; version: number } | undefined;
    for (const { mediaId, n, sha256 } of found.versions) {
      const film = sha256 && (await this.looks(communityId, sha256));
      const match = film && (await stepByStep(matching(film, clip)));
      if (match && match.likeness > (best?.match.likeness ?? 0)) best = { match, film, mediaId, version: n };
    }
    return this.tenancy.inCommunity(communityId, async (em) => {
      const viewers: { personId: string; name: string }[] = best
        ? await em.query(
            `SELECT p.id AS "personId", coalesce(max(m.handle), max(p.name)) AS name FROM media_view v
             JOIN person p ON p.id = v.person_id LEFT JOIN member m ON m.community_id = $1 AND m.id = v.member_id
             WHERE v.community_id = $1 AND v.media_id = $2 AND v.rendition ~ '^v[0-9]+$' GROUP BY p.id`,
            [communityId, best.mediaId],
          )
        : [];
      const parts = best ? readParts(best.film, clip, best.match) : [];
      const fits = viewers.map((who) => ({
        who,
        fit: fitOf(parts, (part) => this.delivery.copyOf(who.personId, best!.mediaId, part)),
      }));
      const named = whose(fits);
      const trace: Trace = {
        from: best
          ? { version: best.version, second: best.match.fromSecond, likeness: best.match.likeness }
          : null,
        among: viewers.length,
        who: named && { name: named.name, fit: fits.find(({ who }) => who === named)!.fit },
      };
      await this.audit.write(em, {
        actor: personId,
        action: 'asset.traced',
        target: assetId,
        detail: { clip: clipId, named: named?.personId ?? null, among: viewers.length },
      });
      return trace;
    });
  }

  private async looks(communityId: string, sha256: string): Promise<Uint8Array> {
    return new Uint8Array(await unzipped(await this.files.read(communityId, sha256)));
  }
}

/** How long it works before others have their turn, ms. */
const TURN_MS = 10;

/** Does it in small pieces: a live Session must not wait for it. */
async function stepByStep<T>(steps: Generator<void, T>): Promise<T> {
  for (let turn = Date.now(); ;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (Date.now() - turn < TURN_MS) continue;
    await breath();
    turn = Date.now();
  }
}
