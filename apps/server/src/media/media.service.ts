import { Injectable } from '@nestjs/common';
import { type Asset, assetFilePath } from '@parley/contracts/media';
import type { EntityManager } from 'typeorm';
import type { Member, Overseer } from '../platform/doors';
import { notFound } from '../platform/errors';
import { Tenancy } from '../platform/tenancy';
import { AssetFileRow, AssetRow } from './media.tables';

/** Assets and their files. */
@Injectable()
export class MediaService {
  constructor(private readonly tenancy: Tenancy) {}

  /** The community's assets of these ids, by id; one query. */
  async assets(em: EntityManager, communityId: string, ids: string[]): Promise<Map<string, Asset>> {
    if (!ids.length) return new Map();
    const rows: (Omit<Asset, 'files' | 'posterUrl' | 'captions'> & { parts: AssetFileRow[] })[] =
      await em.query(
        `SELECT a.id, a.kind, a.title, a.description, a.width, a.height, a.duration_seconds AS "durationSeconds",
         (SELECT coalesce(json_agg(json_build_object('communityId', f.community_id, 'assetId', f.asset_id, 'name', f.name,
            'purpose', f.purpose, 'mediaType', f.media_type, 'language', f.language) ORDER BY f.place), '[]')
          FROM asset_file f WHERE f.community_id = a.community_id AND f.asset_id = a.id) AS parts
       FROM asset a WHERE a.community_id = $1 AND a.id = ANY ($2)`,
        [communityId, ids],
      );
    return new Map(
      rows.map(({ parts, ...row }) => {
        const of = (purpose: AssetFileRow['purpose']) => parts.filter((file) => file.purpose === purpose);
        const asset: Asset = {
          ...row,
          files: of('play').map((file) => ({ url: urlOf(file), type: file.mediaType })),
          posterUrl: of('poster').map(urlOf)[0] ?? null,
          captions: of('captions').map((file) => ({ url: urlOf(file), language: file.language ?? 'en' })),
        };
        return [row.id, asset];
      }),
    );
  }

  /** By title, the first 200; of those that members have been shown where a member asks. */
  list({ communityId, role }: Member): Promise<Asset[]> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const rows: { id: string }[] = await em.query(
        `SELECT id FROM asset WHERE community_id = $1 AND ($2 OR released_at IS NOT NULL) ORDER BY title, id LIMIT 200`,
        [communityId, role !== 'member'],
      );
      const ids = rows.map(({ id }) => id);
      const found = await this.assets(em, communityId, ids);
      return ids.map((id) => found.get(id)!);
    });
  }

  /** Where the bytes of a file are. 404 when the community has no such file, or members have not been shown it. */
  async file({ communityId, role }: Member | Overseer, assetId: string, name: string): Promise<AssetFileRow> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const asset = await em.findOneBy(AssetRow, { communityId, id: assetId });
      const row = await em.findOneBy(AssetFileRow, { communityId, assetId, name });
      if (!asset || !row || (role === 'member' && !asset.releasedAt)) throw notFound();
      return row;
    });
  }

  /** From now on members may fetch it. */
  async release(em: EntityManager, communityId: string, assetId: string) {
    await em.query(
      'UPDATE asset SET released_at = now() WHERE community_id = $1 AND id = $2 AND released_at IS NULL',
      [communityId, assetId],
    );
  }

  async add(em: EntityManager, asset: AssetRow, files: AssetFileRow[]) {
    await em.insert(AssetRow, asset);
    await em.insert(AssetFileRow, files);
  }
}

const urlOf = ({ communityId, assetId, name }: AssetFileRow) =>
  assetFilePath
    .replace(':communityId', communityId)
    .replace(':assetId', assetId)
    .replace(':name', encodeURIComponent(name));
