import type { Asset, AssetOnDesk, Media, TimeMap } from '@parley/contracts/media';
import type { EntityManager } from 'typeorm';
import type { Member } from '../platform/doors';

/** Assets with their latest version that is ready; of these ids or of all, by title. One query. */
export function theAssets(
  em: EntityManager,
  communityId: string,
  memberId: string | null,
  ids: readonly string[] | null,
): Promise<Asset[]> {
  return em.query(
    `SELECT a.id, a.kind, a.title, a.description, a.confidentiality, v.n AS version, v.media_id AS "mediaId", m.width, m.height,
       coalesce(round(m.duration_ms / 1000.0), 0)::int AS "durationSeconds", coalesce(m.pages, 1) AS pages,
       (SELECT coalesce(json_agg(c.language ORDER BY c.language), '[]') FROM version_captions c
         JOIN media t ON t.community_id = $1 AND t.id = c.media_id AND t.state = 'ready'
         WHERE c.community_id = $1 AND c.asset_id = a.id AND c.n = v.n) AS captions,
       a.confidentiality = 'secret' AND NOT EXISTS (SELECT FROM asset_promise p
         WHERE p.community_id = $1 AND p.asset_id = a.id AND p.member_id = $2) AS "promiseFirst",
       a.withdrawn_at IS NOT NULL AS withdrawn
     FROM asset a
     JOIN LATERAL (SELECT v.n, v.media_id FROM asset_version v
       JOIN media r ON r.community_id = $1 AND r.id = v.media_id AND r.state = 'ready'
       WHERE v.community_id = $1 AND v.asset_id = a.id ORDER BY v.n DESC LIMIT 1) v ON true
     JOIN media m ON m.community_id = $1 AND m.id = v.media_id
     WHERE a.community_id = $1 AND a.deleted_at IS NULL AND ($3::uuid[] IS NULL OR a.id = ANY ($3))
     ORDER BY a.title, a.id LIMIT 1000`,
    [communityId, memberId, ids],
  );
}

type DeskRow = Omit<AssetOnDesk, 'asset' | 'versions' | 'embargoUntil' | 'shownAt' | 'addedAt'> & {
  embargoUntil: Date | null;
  shownAt: Date | null;
  addedAt: Date;
  versions: {
    n: number;
    at: string;
    by: string;
    media: Media;
    captions: { language: string; mediaId: string }[];
    map: TimeMap | null;
  }[];
};

const iso = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Assets as the team works on them, the newest first; one of them, or all. Two queries. */
export async function assetsOnDesk(
  em: EntityManager,
  { communityId, memberId, role }: Member,
  assetId: string | null,
): Promise<AssetOnDesk[]> {
  const rows: DeskRow[] = await em.query(
    `SELECT a.id, a.title, a.description, a.confidentiality, a.embargo_until AS "embargoUntil", a.released_at AS "shownAt",
       a.created_at AS "addedAt", coalesce(adder.handle, '') AS "addedBy", $3 OR a.added_by IS NOT DISTINCT FROM $2::uuid AS mine,
       CASE WHEN a.withdrawn_at IS NOT NULL THEN json_build_object('at', ${iso('a.withdrawn_at')},
         'by', coalesce(withdrawer.handle, ''), 'because', a.withdrawn_because) END AS withdrawn,
       (SELECT coalesce(json_agg(json_build_object('id', r.id, 'from', ${iso('r.from_at')}, 'until', ${iso('r.until_at')},
          'segment', CASE WHEN s.id IS NOT NULL THEN json_build_object('id', s.id, 'name', s.name) END) ORDER BY r.from_at), '[]')
        FROM asset_release r LEFT JOIN segment s ON s.community_id = $1 AND s.id = r.segment_id
        WHERE r.community_id = $1 AND r.asset_id = a.id) AS releases,
       (SELECT count(DISTINCT w.member_id)::int FROM asset_version v JOIN media_view w ON w.community_id = $1
          AND w.media_id = v.media_id WHERE v.community_id = $1 AND v.asset_id = a.id) AS viewers,
       (SELECT coalesce(json_agg(json_build_object('n', v.n, 'at', ${iso('v.at')}, 'by', coalesce(who.handle, ''), 'map', v.map,
          'captions', (SELECT coalesce(json_agg(json_build_object('language', c.language, 'mediaId', c.media_id)
             ORDER BY c.language), '[]') FROM version_captions c
             WHERE c.community_id = $1 AND c.asset_id = a.id AND c.n = v.n),
          'media', json_build_object('id', m.id, 'name', m.name, 'kind', m.kind, 'state', m.state, 'bytes', m.bytes,
            'received', m.bytes, 'progress', m.progress, 'refusal', m.refusal, 'width', m.width, 'height', m.height,
            'durationSeconds', m.duration_ms / 1000.0, 'pages', m.pages)) ORDER BY v.n DESC), '[]')
        FROM asset_version v JOIN media m ON m.community_id = $1 AND m.id = v.media_id
        LEFT JOIN member who ON who.community_id = $1 AND who.id = v.by_id
        WHERE v.community_id = $1 AND v.asset_id = a.id) AS versions
     FROM asset a
     LEFT JOIN member adder ON adder.community_id = $1 AND adder.id = a.added_by
     LEFT JOIN member withdrawer ON withdrawer.community_id = $1 AND withdrawer.id = a.withdrawn_by
     WHERE a.community_id = $1 AND a.deleted_at IS NULL AND ($4::uuid IS NULL OR a.id = $4)
     ORDER BY a.created_at DESC, a.id LIMIT 200`,
    [communityId, memberId, role === 'manager', assetId],
  );
  const shown = new Map(
    (
      await theAssets(
        em,
        communityId,
        memberId,
        rows.map(({ id }) => id),
      )
    ).map((asset) => [asset.id, asset]),
  );
  return rows.map(({ embargoUntil, shownAt, addedAt, ...row }) => ({
    ...row,
    embargoUntil: embargoUntil?.toISOString() ?? null,
    shownAt: shownAt?.toISOString() ?? null,
    addedAt: addedAt.toISOString(),
    asset: shown.get(row.id) ?? null,
  }));
}
