import { copyFile, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { UploadPurpose } from '@parley/contracts/media';
import type { EntityManager } from 'typeorm';
import type * as story from '../demo/story';
import { fragmentsOf } from './media/fragments';
import { MakingService } from './media/making.service';
import { AssetVersionRow } from './media/media.tables';
import { type Made, type Rendition, Workshop } from './media/workshop';
import { Files } from './platform/files';
import { idOf } from './platform/ids';
import { Tenancy } from './platform/tenancy';
import { assetId, communityId } from './seed-ids';

/** An asset of the demo with its first version, where it is not there yet. */
export async function addAsset(app: NestExpressApplication, folder: string, asset: story.Asset) {
  const [tenancy, making, files] = [app.get(Tenancy), app.get(MakingService), app.get(Files)];
  const community = communityId(asset.community);
  const key = { communityId: community, assetId: assetId(asset.key) };
  if (await tenancy.inCommunity(community, (em) => em.existsBy(AssetVersionRow, key))) return;
  await mkdir(files.workFolder, { recursive: true });
  const work = await mkdtemp(join(files.workFolder, 'demo-'));
  try {
    const sources = [
      { of: [asset.key], file: asset.file, purpose: 'asset' as const, language: '' },
      ...asset.captions.map(({ file, lang }) => ({
        ...{ of: [asset.key, lang], file, purpose: 'captions' as const, language: lang },
      })),
    ];
    const parts: ((typeof sources)[number] & { made: Made; mediaId: string })[] = [];
    for (const source of sources) {
      const made = await madeOf(app, folder, work, source.purpose, asset, source.file);
      await making.keep(community, made);
      parts.push({ ...source, made, mediaId: idOf('media', ...source.of) });
    }
    await tenancy.inCommunity(community, async (em) => {
      await em.query(
        `INSERT INTO asset (community_id, id, kind, title, description) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
        [community, key.assetId, asset.kind, asset.title, asset.alt],
      );
      for (const { mediaId, purpose, file, made } of parts) {
        await addMedia(em, community, mediaId, purpose, file);
        await making.store(em, community, mediaId, made);
      }
      const [{ mediaId }, ...captions] = parts as [(typeof parts)[number], ...(typeof parts)[number][]];
      await em.insert(AssetVersionRow, { ...key, n: 1, mediaId, map: null, byId: null });
      for (const { mediaId: words, language } of captions)
        await em.query(
          `INSERT INTO version_captions (community_id, asset_id, n, language, media_id) VALUES ($1, $2, 1, $3, $4)`,
          [community, key.assetId, language, words],
        );
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** A photo that somebody of the demo sends; answers its id. */
export async function addPhoto(
  app: NestExpressApplication,
  folder: string,
  { community, ownerId, file }: { community: string; ownerId: string; file: string },
): Promise<string> {
  const [making, files] = [app.get(MakingService), app.get(Files)];
  const id = idOf('media', ownerId, file);
  await mkdir(files.workFolder, { recursive: true });
  const into = await mkdtemp(join(files.workFolder, 'demo-'));
  try {
    const made = await app.get(Workshop).make(join(folder, file), { purpose: 'submission', into });
    await making.keep(community, made);
    await app.get(Tenancy).inCommunity(community, async (em) => {
      await addMedia(em, community, id, 'submission', file, ownerId);
      await making.store(em, community, id, made);
    });
  } finally {
    await rm(into, { recursive: true, force: true });
  }
  return id;
}

async function addMedia(
  em: EntityManager,
  community: string,
  id: string,
  purpose: UploadPurpose,
  file: string,
  ownerId: string | null = null,
) {
  await em.query(
    `INSERT INTO media (community_id, id, purpose, name, bytes, state, owner_id) VALUES ($1, $2, $3, $4, 0, 'verified', $5)
     ON CONFLICT DO NOTHING`,
    [community, id, purpose, file, ownerId],
  );
}

/** Pictures and captions are made as anybody's; the film is drawn in the form in which it is served. */
async function madeOf(
  app: NestExpressApplication,
  folder: string,
  work: string,
  purpose: UploadPurpose,
  asset: story.Asset,
  file: string,
): Promise<Made> {
  const into = await mkdtemp(join(work, 'made-'));
  if (purpose !== 'asset' || asset.kind !== 'video')
    return app.get(Workshop).make(join(folder, file), { purpose, into });
  const film = await fragmentsOf(join(folder, file));
  const size = { width: 960, height: 540 };
  return {
    kind: 'video',
    ...size,
    durationMs: Math.round(film.segments.reduce((sum, [seconds]) => sum + seconds, 0) * 1_000),
    pages: null,
    renditions: [
      { ...(await copied(folder, file, into)), name: 'v540', mediaType: 'video/mp4', ...size, film },
      {
        ...(await copied(folder, asset.poster!, into)),
        name: 'poster',
        mediaType: 'image/webp',
        ...size,
        film: null,
      },
    ],
  };
}

/** The store takes files away: of the demo's own it gets a copy. */
async function copied(
  folder: string,
  file: string,
  into: string,
): Promise<Pick<Rendition, 'file' | 'bytes' | 'sha256'>> {
  const copy = join(into, file);
  await copyFile(join(folder, file), copy);
  const sha256 = createHash('sha256')
    .update(await readFile(copy))
    .digest('hex');
  return { file: copy, bytes: (await stat(copy)).size, sha256 };
}
