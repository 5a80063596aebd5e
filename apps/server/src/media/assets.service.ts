import { Injectable } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import {
  type addAsset,
  type addVersion,
  type Asset,
  type AssetNews,
  assetNews,
  type AssetOnDesk,
  type releaseAsset,
  type setCaptions,
  type TimeMap,
  type updateAsset,
  type View,
} from '@parley/contracts/media';
import type { EntityManager } from 'typeorm';
import type { Member, Overseer } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { idOf } from '../platform/ids';
import { Sockets } from '../platform/sockets';
import { Tenancy } from '../platform/tenancy';
import { type Kind, type NewFact, returned, Writer } from '../platform/writer';
import { AccessService } from './access.service';
import { assetsOnDesk, theAssets } from './assets.sql';
import { MakingService } from './making.service';
import { AssetRow, AssetVersionRow, MediaRow } from './media.tables';

type Caller = Member | Overseer;

const VIEWS_PAGE = 50;

/** What the brand shows: in versions, to whom, from when, and taken back at once. */
@Injectable()
export class AssetsService {
  private readonly changes: Kind<AssetNews & { because: string | null }, object>;

  constructor(
    private readonly tenancy: Tenancy,
    private readonly writer: Writer,
    private readonly sockets: Sockets,
    private readonly access: AccessService,
    private readonly making: MakingService,
  ) {
    this.changes = {
      name: 'asset-change',
      store: (em, writes) =>
        Promise.all(
          writes.map(async ({ communityId, memberId, input }) => ({
            result: {},
            facts: await this.change(em, communityId, memberId, input),
          })),
        ),
    };
    making.uses.push((em, communityId, mediaId) => this.uses(em, communityId, mediaId));
  }

  /** Rooms that show an asset, or will: they are told when it is withdrawn or put back. */
  readonly rooms: ((em: EntityManager, communityId: string, assetId: string) => Promise<string[]>)[] = [];

  /** The community's assets of these ids, by id; one query. Where nobody asks, as everybody may know them. */
  async assets(
    em: EntityManager,
    communityId: string,
    ids: readonly string[],
    memberId: string | null = null,
  ): Promise<Map<string, Asset>> {
    if (!ids.length) return new Map();
    const rows = await theAssets(em, communityId, memberId, ids);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** By title, the first 200 that the caller may see now. Of a secret one its name, until they promise. */
  list(caller: Caller): Promise<Asset[]> {
    return this.tenancy.inCommunity(caller.communityId, async (em) => {
      const rows = await theAssets(em, caller.communityId, caller.memberId ?? null, null);
      return this.seen(
        em,
        caller,
        rows.filter(({ withdrawn }) => !withdrawn),
      );
    });
  }

  read(caller: Caller, assetId: string): Promise<Asset> {
    return this.tenancy.inCommunity(caller.communityId, (em) => this.one(em, caller, assetId));
  }

  /** They keep it to themselves. Said again it is the same. */
  promise(caller: Member, assetId: string): Promise<Asset> {
    const { communityId, memberId } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      await this.one(em, caller, assetId);
      await em.query(
        'INSERT INTO asset_promise (community_id, asset_id, member_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
        [communityId, assetId, memberId],
      );
      return this.one(em, caller, assetId);
    });
  }

  desk(caller: Member): Promise<AssetOnDesk[]> {
    return this.tenancy.inCommunity(caller.communityId, (em) => assetsOnDesk(em, caller, null));
  }

  add(caller: Member, { assetId, mediaId, ...body }: InputOf<typeof addAsset>): Promise<AssetOnDesk> {
    const { communityId, memberId } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const known = await em.findOneBy(AssetRow, { communityId, id: assetId });
      if (!known) {
        const media = await this.fresh(em, caller, mediaId);
        await em.insert(AssetRow, {
          ...{ communityId, id: assetId, kind: kindOf(media) },
          ...{ title: body.title, description: body.description, confidentiality: body.confidentiality },
          ...{ embargoUntil: body.embargoUntil ? new Date(body.embargoUntil) : null, addedBy: memberId },
        });
        await em.insert(AssetVersionRow, { communityId, assetId, n: 1, mediaId, map: null, byId: memberId });
      }
      return this.onDesk(em, caller, assetId);
    });
  }

  update(caller: Member, { assetId, ...body }: InputOf<typeof updateAsset>): Promise<AssetOnDesk> {
    return this.changing(caller, assetId, (em) =>
      em.update(
        AssetRow,
        { communityId: caller.communityId, id: assetId },
        {
          ...{ title: body.title, description: body.description, confidentiality: body.confidentiality },
          embargoUntil: body.embargoUntil ? new Date(body.embargoUntil) : null,
        },
      ),
    );
  }

  /** A version of the same kind; asked again with the same file, nothing more is made. */
  addVersion(caller: Member, { assetId, mediaId, map }: InputOf<typeof addVersion>): Promise<AssetOnDesk> {
    const { communityId, memberId } = caller;
    return this.changing(caller, assetId, async (em, asset) => {
      const known = await em.findOneBy(AssetVersionRow, { communityId, mediaId });
      if (known?.assetId === assetId) return;
      const media = await this.fresh(em, caller, mediaId);
      if (kindOf(media) !== asset.kind)
        throw new AppError('request.invalid', 'A version is of the same kind.', {
          fields: { mediaId: `a file of the kind ${asset.kind}` },
        });
      await em.query(
        `INSERT INTO asset_version (community_id, asset_id, n, media_id, map, by_id)
         SELECT $1, $2, max(n) + 1, $3, $4, $5 FROM asset_version WHERE community_id = $1 AND asset_id = $2`,
        [communityId, assetId, mediaId, map && JSON.stringify(map), memberId],
      );
    });
  }

  setMap(caller: Member, assetId: string, n: number, map: TimeMap | null): Promise<AssetOnDesk> {
    return this.changing(caller, assetId, async (em) => {
      if (n === 1 && map)
        throw new AppError('request.invalid', 'The first version has none before it.', {
          fields: { n: 'a version after the first' },
        });
      const changed = await returned(
        em,
        'UPDATE asset_version SET map = $4 WHERE community_id = $1 AND asset_id = $2 AND n = $3 RETURNING n',
        [caller.communityId, assetId, n, map && JSON.stringify(map)],
      );
      if (!changed.length) throw notFound();
    });
  }

  setCaptions(
    caller: Member,
    { assetId, n, language, mediaId }: InputOf<typeof setCaptions>,
  ): Promise<AssetOnDesk> {
    const { communityId } = caller;
    return this.changing(caller, assetId, async (em) => {
      if (!(await em.existsBy(AssetVersionRow, { communityId, assetId, n }))) throw notFound();
      const [before] = await returned<{ mediaId: string }>(
        em,
        `DELETE FROM version_captions WHERE community_id = $1 AND asset_id = $2 AND n = $3 AND language = $4
           AND media_id IS DISTINCT FROM $5 RETURNING media_id AS "mediaId"`,
        [communityId, assetId, n, language, mediaId],
      );
      if (before) await this.making.remove(em, communityId, [before.mediaId]);
      if (!mediaId) return;
      const media = await em.findOneBy(MediaRow, { communityId, id: mediaId, ownerId: caller.memberId });
      if (media?.purpose !== 'captions' || media.state === 'removed')
        throw new AppError('request.invalid', 'Send the captions first.', {
          fields: { mediaId: 'captions of one’s own' },
        });
      if (media.state !== 'ready') throw new AppError('media.notReady', 'The captions are not read yet.');
      await em.query(
        `INSERT INTO version_captions (community_id, asset_id, n, language, media_id) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING`,
        [communityId, assetId, n, language, mediaId],
      );
    });
  }

  release(caller: Member, { assetId, releaseId, segmentId, from, until }: InputOf<typeof releaseAsset>) {
    const { communityId, memberId } = caller;
    return this.changing(caller, assetId, async (em) => {
      if (segmentId) {
        const [segment] = (await em.query('SELECT id FROM segment WHERE community_id = $1 AND id = $2', [
          communityId,
          segmentId,
        ])) as unknown[];
        if (!segment)
          throw new AppError('request.invalid', 'Choose a segment.', { fields: { segmentId: 'a segment' } });
      }
      const changed = await returned(
        em,
        `INSERT INTO asset_release (community_id, id, asset_id, segment_id, from_at, until_at, by_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (community_id, id) DO UPDATE SET segment_id = $4, from_at = $5, until_at = $6
         WHERE asset_release.asset_id = $3 RETURNING id`,
        [communityId, releaseId, assetId, segmentId, from, until, memberId],
      );
      if (!changed.length) throw notFound();
    });
  }

  /** Releases assets to those whom something is for that names them, with it; said again it is the same. */
  async releaseWith(
    em: EntityManager,
    { communityId, memberId }: Pick<Member, 'communityId' | 'memberId'>,
    of: { id: string; assetIds: readonly string[]; segmentId: string | null; from: string },
  ): Promise<void> {
    for (const assetId of new Set(of.assetIds))
      await em.query(
        `INSERT INTO asset_release (community_id, id, asset_id, segment_id, from_at, by_id)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
        [communityId, idOf('release', of.id, assetId), assetId, of.segmentId, of.from, memberId],
      );
  }

  endRelease(caller: Member, assetId: string, releaseId: string): Promise<AssetOnDesk> {
    return this.changing(caller, assetId, (em) =>
      em.query('DELETE FROM asset_release WHERE community_id = $1 AND asset_id = $2 AND id = $3', [
        caller.communityId,
        assetId,
        releaseId,
      ]),
    );
  }

  /** From the commit on nothing of it is served, to anybody; every screen is told. */
  async withdraw(caller: Caller, assetId: string, because: string): Promise<void> {
    await this.changed(caller, { assetId, withdrawn: true, because });
  }

  async restore(caller: Member, assetId: string): Promise<AssetOnDesk> {
    await this.changed(caller, { assetId, withdrawn: false, because: null });
    return this.tenancy.inCommunity(caller.communityId, (em) => this.onDesk(em, caller, assetId));
  }

  /** Its files go for good; what was seen of it stays known. */
  async delete(caller: Member, assetId: string): Promise<void> {
    const { communityId } = caller;
    await this.tenancy.inCommunity(communityId, async (em) => {
      const asset = await this.lock(em, communityId, assetId);
      if (!asset.withdrawnAt) throw new AppError('asset.inUse', 'Withdraw it first.');
      if (asset.deletedAt) return;
      const media: { id: string }[] = await em.query(
        `SELECT media_id AS id FROM asset_version WHERE community_id = $1 AND asset_id = $2
         UNION SELECT media_id FROM version_captions WHERE community_id = $1 AND asset_id = $2`,
        [communityId, assetId],
      );
      await this.making.remove(
        em,
        communityId,
        media.map(({ id }) => id),
      );
      await em.update(AssetRow, { communityId, id: assetId }, { deletedAt: new Date() });
    });
  }

  /** What was served of it, newest first. */
  views({ communityId }: Caller, assetId: string, cursor: string | undefined) {
    if (cursor !== undefined && !/^\d{1,18}$/.test(cursor))
      throw new AppError('request.invalid', 'Load the list anew.', {
        fields: { cursor: 'as it was answered' },
      });
    return this.tenancy.inCommunity(communityId, async (em) => {
      if (!(await em.existsBy(AssetRow, { communityId, id: assetId }))) throw notFound();
      const rows: (Omit<View, 'at'> & { at: Date; id: string })[] = await em.query(
        `SELECT v.at, v.id, coalesce(m.handle, p.name) AS who,
           a.n AS version, v.rendition, v.part, v.bytes::float8 AS bytes
         FROM asset_version a JOIN media_view v ON v.community_id = $1 AND v.media_id = a.media_id
         JOIN person p ON p.id = v.person_id
         LEFT JOIN member m ON m.community_id = $1 AND m.id = v.member_id
         WHERE a.community_id = $1 AND a.asset_id = $2 AND ($3::bigint IS NULL OR v.id < $3)
         ORDER BY v.id DESC LIMIT $4`,
        [communityId, assetId, cursor ?? null, VIEWS_PAGE + 1],
      );
      return {
        views: rows.slice(0, VIEWS_PAGE).map(({ at, ...view }) => ({ ...view, at: at.toISOString() })),
        next: rows.length > VIEWS_PAGE ? rows[VIEWS_PAGE - 1]!.id : null,
      };
    });
  }

  /** It is or was on stage, or in an Update that is out: from now on all members may see it. */
  async show(em: EntityManager, communityId: string, assetId: string): Promise<void> {
    await em.query(
      'UPDATE asset SET released_at = now() WHERE community_id = $1 AND id = $2 AND released_at IS NULL',
      [communityId, assetId],
    );
  }

  /** Why it cannot be shown to members now; undefined where it can. */
  async hindrance(em: EntityManager, communityId: string, assetId: string): Promise<AppError | undefined> {
    const asset = await em.findOneBy(AssetRow, { communityId, id: assetId });
    if (!asset || asset.withdrawnAt)
      return new AppError('asset.withdrawn', 'It was withdrawn: it cannot be shown.');
    if (asset.embargoUntil && asset.embargoUntil > new Date())
      return new AppError('asset.embargoed', 'It is under an embargo: it cannot be shown yet.');
    return undefined;
  }

  // --- within ---

  private async changed(caller: Caller, change: AssetNews & { because: string | null }) {
    const { communityId, memberId } = caller;
    await this.tenancy.inCommunity(communityId, (em) => this.lock(em, communityId, change.assetId));
    await this.writer.write(this.changes, {
      ...{ communityId, memberId: memberId ?? caller.personId, opId: null },
      input: change,
    });
    this.sockets.news(communityId, assetNews, { assetId: change.assetId, withdrawn: change.withdrawn });
  }

  private async change(
    em: EntityManager,
    communityId: string,
    memberId: string,
    { assetId, withdrawn, because }: AssetNews & { because: string | null },
  ): Promise<NewFact[]> {
    const changed = await returned(
      em,
      `UPDATE asset SET withdrawn_at = CASE WHEN $3 THEN now() END, withdrawn_because = $4,
         withdrawn_by = (SELECT id FROM member WHERE community_id = $1 AND id = $5 AND $3)
       WHERE community_id = $1 AND id = $2 AND deleted_at IS NULL AND (withdrawn_at IS NOT NULL) <> $3 RETURNING id`,
      [communityId, assetId, withdrawn, because, memberId],
    );
    if (!changed.length) return [];
    if (withdrawn) {
      const media: { id: string }[] = await em.query(
        'SELECT media_id AS id FROM asset_version WHERE community_id = $1 AND asset_id = $2',
        [communityId, assetId],
      );
      await this.making.unmark(
        em,
        communityId,
        media.map(({ id }) => id),
      );
    }
    const rooms = new Set<string>();
    for (const list of this.rooms) for (const id of await list(em, communityId, assetId)) rooms.add(id);
    return [...rooms].map((roomId) => ({ roomId, name: 'live.assetChanged', data: { assetId, withdrawn } }));
  }

  private async lock(em: EntityManager, communityId: string, assetId: string): Promise<AssetRow> {
    const asset = await em.findOne(AssetRow, {
      where: { communityId, id: assetId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!asset) throw notFound();
    return asset;
  }

  /** Managers change everything; hosts what they added. */
  private changing(
    caller: Member,
    assetId: string,
    work: (em: EntityManager, asset: AssetRow) => Promise<unknown>,
  ): Promise<AssetOnDesk> {
    return this.tenancy.inCommunity(caller.communityId, async (em) => {
      const asset = await this.lock(em, caller.communityId, assetId);
      if (caller.role !== 'manager' && asset.addedBy !== caller.memberId)
        throw new AppError('auth.forbidden', 'For whoever added it, and for managers.');
      if (asset.deletedAt) throw new AppError('asset.withdrawn', 'Its files are deleted.');
      await work(em, asset);
      return this.onDesk(em, caller, assetId);
    });
  }

  private async onDesk(em: EntityManager, caller: Member, assetId: string): Promise<AssetOnDesk> {
    const [asset] = await assetsOnDesk(em, caller, assetId);
    if (!asset) throw notFound();
    return asset;
  }

  private async one(em: EntityManager, caller: Caller, assetId: string): Promise<Asset> {
    const rows = await theAssets(em, caller.communityId, caller.memberId ?? null, [assetId]);
    const [asset] = await this.seen(
      em,
      caller,
      rows.filter(({ withdrawn }) => !withdrawn),
    );
    if (!asset) throw notFound();
    return asset;
  }

  /** Those that the caller may see now, and those that they may see once they promise. */
  private async seen(em: EntityManager, caller: Caller, assets: Asset[]): Promise<Asset[]> {
    const may = await this.access.may(
      em,
      caller,
      assets.map(({ mediaId }) => mediaId),
      { beforePromise: true },
    );
    return assets.filter(({ mediaId }) => may.has(mediaId)).slice(0, 200);
  }

  /** A file of the caller's own that is here whole and belongs to nothing yet. */
  private async fresh(
    em: EntityManager,
    { communityId, memberId }: Member,
    mediaId: string,
  ): Promise<MediaRow> {
    const media = await em.findOneBy(MediaRow, {
      communityId,
      id: mediaId,
      ownerId: memberId,
      purpose: 'asset',
    });
    if (
      !media ||
      media.state === 'removed' ||
      media.state === 'expired' ||
      (await this.uses(em, communityId, mediaId))
    )
      throw new AppError('request.invalid', 'Send a file first.', {
        fields: { mediaId: 'a file of one’s own' },
      });
    if (media.state !== 'ready') throw new AppError('media.notReady', 'The file is not ready yet.');
    return media;
  }

  private async uses(em: EntityManager, communityId: string, mediaId: string): Promise<boolean> {
    const rows: unknown[] = await em.query(
      `SELECT FROM asset_version WHERE community_id = $1 AND media_id = $2
       UNION ALL SELECT FROM version_captions WHERE community_id = $1 AND media_id = $2`,
      [communityId, mediaId],
    );
    return rows.length > 0;
  }
}

function kindOf({ kind }: MediaRow): AssetRow['kind'] {
  if (kind === 'image' || kind === 'video' || kind === 'document') return kind;
  throw new AppError('request.invalid', 'Show a picture, a film or a document.', {
    fields: { mediaId: 'a picture, a film or a document' },
  });
}
