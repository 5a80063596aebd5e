import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { MediaRefusal } from '@parley/contracts/media';
import type { EntityManager } from 'typeorm';
import { AppError } from '../platform/errors';
import { Files } from '../platform/files';
import { Jobs } from '../platform/jobs';
import { errorFields, type Log, LOG } from '../platform/log';
import { Tenancy } from '../platform/tenancy';
import { returned } from '../platform/writer';
import { MediaRow } from './media.tables';
import { UploadsService } from './uploads.service';
import { type Made, Refused, Workshop } from './workshop';

/** What became of a file that was sent. */
export interface MadeOf {
  mediaId: string;
  ownerId: string | null;
  name: string;
  /** Null: it can be shown. */
  refusal: MediaRefusal | null;
}

interface Job {
  communityId: string;
  mediaId: string;
}

/** So often a file is tried that fails for no reason of its own; then it is too much for us. */
const TRIES = 3;
/** How often the progress is written down, ms. */
const PROGRESS_MS = 1_000;

/** Has files that were sent made into what may be shown, and takes them away again. */
@Injectable()
export class MakingService {
  private readonly listeners: ((em: EntityManager, communityId: string, made: MadeOf) => Promise<void>)[] =
    [];
  private readonly failures = new Map<string, number>();

  constructor(
    private readonly tenancy: Tenancy,
    private readonly jobs: Jobs,
    private readonly files: Files,
    private readonly uploads: UploadsService,
    private readonly workshop: Workshop,
    @Inject(LOG) private readonly log: Log,
  ) {
    jobs.handle('media-make', (job: Job) => this.make(job));
    jobs.handle('media-forget', (job: { communityId: string; hashes: string[] }) => this.forget(job));
    uploads.onRemove = ({ communityId }, mediaId) => this.takeBack(communityId, mediaId);
  }

  /** Told, in the transaction in which it is written down, what became of a file. */
  onMade(listener: (em: EntityManager, communityId: string, made: MadeOf) => Promise<void>) {
    this.listeners.push(listener);
  }

  /** Asked of who uses files: whether this one may not be taken back any more, because something rests on it. */
  readonly uses: ((em: EntityManager, communityId: string, mediaId: string) => Promise<boolean>)[] = [];

  /** Keeps the bytes of what was made; to be done before it is stored. */
  async keep(communityId: string, { renditions }: Made): Promise<void> {
    for (const { file, sha256 } of renditions) await this.files.take(communityId, file, sha256);
  }

  /** Stores what was made of a file, whose bytes are kept: it is ready from now on. */
  async store(em: EntityManager, communityId: string, mediaId: string, made: Made): Promise<void> {
    await em.query('DELETE FROM rendition WHERE community_id = $1 AND media_id = $2', [communityId, mediaId]);
    await em.query(
      `INSERT INTO rendition (community_id, media_id, name, media_type, width, height, bytes, sha256, film)
       SELECT $1, $2, r.name, r."mediaType", r.width, r.height, r.bytes, r.sha256, r.film
       FROM json_to_recordset($3::json) AS r (name text, "mediaType" text, width int, height int, bytes bigint,
         sha256 text, film jsonb)`,
      [communityId, mediaId, JSON.stringify(made.renditions)],
    );
    await em.query(
      `UPDATE media SET state = 'ready', kind = $3, width = $4, height = $5, duration_ms = $6, pages = $7, progress = 1,
         moved_at = now() WHERE community_id = $1 AND id = $2`,
      [communityId, mediaId, made.kind, made.width, made.height, made.durationMs, made.pages],
    );
  }

  /** Nothing of it is shown any more; its bytes go after the commit, where nothing else is the same. */
  async remove(em: EntityManager, communityId: string, mediaIds: readonly string[]): Promise<void> {
    if (!mediaIds.length) return;
    const gone = await returned<{ sha256: string | null }>(
      em,
      `UPDATE media m SET state = 'removed', sha256 = NULL, refusal = NULL, moved_at = now()
       FROM (SELECT id, sha256 FROM media WHERE community_id = $1 AND id = ANY ($2) FOR UPDATE) AS was
       WHERE m.community_id = $1 AND m.id = was.id RETURNING was.sha256`,
      [communityId, mediaIds],
    );
    const marks = await this.unmark(em, communityId, mediaIds);
    const shown = await returned<{ sha256: string }>(
      em,
      'DELETE FROM rendition WHERE community_id = $1 AND media_id = ANY ($2) RETURNING sha256',
      [communityId, mediaIds],
    );
    const hashes = [...gone, ...shown].flatMap(({ sha256 }) => sha256 ?? []);
    await this.jobs.add(em, 'media-forget', { communityId, hashes: [...hashes, ...marks] });
  }

  /** Takes the stills with names on them away; answers what their bytes were. */
  async unmark(em: EntityManager, communityId: string, mediaIds: readonly string[]): Promise<string[]> {
    const rows = await returned<{ sha256: string }>(
      em,
      'DELETE FROM marked WHERE community_id = $1 AND media_id = ANY ($2) RETURNING sha256',
      [communityId, mediaIds],
    );
    return rows.map(({ sha256 }) => sha256);
  }

  /** Removes bytes, where no row names them. */
  private async forget({ communityId, hashes }: { communityId: string; hashes: string[] }) {
    const kept: { sha256: string }[] = await this.tenancy.inCommunity(communityId, (em) =>
      em.query(
        `SELECT sha256 FROM rendition WHERE community_id = $1 AND sha256 = ANY ($2)
         UNION SELECT sha256 FROM marked WHERE community_id = $1 AND sha256 = ANY ($2)
         UNION SELECT sha256 FROM media WHERE community_id = $1 AND sha256 = ANY ($2)`,
        [communityId, hashes],
      ),
    );
    const known = new Set(kept.map(({ sha256 }) => sha256));
    for (const sha256 of new Set(hashes))
      if (!known.has(sha256)) await this.files.remove(communityId, sha256);
  }

  private async takeBack(communityId: string, mediaId: string) {
    await this.tenancy.inCommunity(communityId, async (em) => {
      for (const uses of this.uses)
        if (await uses(em, communityId, mediaId))
          throw new AppError(
            'media.inUse',
            'Something rests on this file: it cannot be taken back by itself.',
          );
      await this.remove(em, communityId, [mediaId]);
    });
  }

  private async make({ communityId, mediaId }: Job) {
    const row = await this.tenancy.inCommunity(communityId, (em) =>
      em.findOneBy(MediaRow, { communityId, id: mediaId }),
    );
    if (!row?.sha256 || (row.state !== 'verified' && row.state !== 'processing')) return;
    await this.progress(communityId, mediaId, 0);
    await mkdir(this.files.workFolder, { recursive: true });
    const folder = await mkdtemp(join(this.files.workFolder, 'make-'));
    try {
      const landed = await this.uploads.landed(mediaId);
      const source = landed ?? join(folder, 'source');
      if (!landed) await this.files.fetch(communityId, row.sha256, source);
      const into = join(folder, 'made');
      await mkdir(into);
      const outcome = await this.workshop
        .make(source, { purpose: row.purpose, into }, this.reporter(communityId, mediaId))
        .catch((error: unknown) => {
          if (error instanceof Refused) return error;
          const failures = (this.failures.get(mediaId) ?? 0) + 1;
          this.failures.set(mediaId, failures);
          if (failures < TRIES) throw error;
          this.log.error({ media: mediaId, ...errorFields(error) }, 'a file could not be made');
          return new Refused('tooHeavy');
        });
      this.failures.delete(mediaId);
      if (outcome instanceof Refused) await this.refuse(row, outcome.reason);
      else {
        if (landed) await this.files.take(communityId, landed, row.sha256);
        await this.keep(communityId, outcome);
        await this.tenancy.inCommunity(communityId, async (em) => {
          if (!(await this.isWanted(em, communityId, mediaId))) return;
          await this.store(em, communityId, mediaId, outcome);
          await this.tell(em, row, null);
        });
      }
      await this.uploads.forget(mediaId);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async refuse(row: MediaRow, refusal: MediaRefusal) {
    const { communityId, id } = row;
    await this.tenancy.inCommunity(communityId, async (em) => {
      if (!(await this.isWanted(em, communityId, id))) return;
      await em.query(
        `UPDATE media SET state = 'refused', refusal = $3, sha256 = NULL, moved_at = now() WHERE community_id = $1 AND id = $2`,
        [communityId, id, refusal],
      );
      await this.tell(em, row, refusal);
    });
  }

  /** Its sender may have taken it back meanwhile. */
  private async isWanted(em: EntityManager, communityId: string, mediaId: string): Promise<boolean> {
    const rows: unknown[] = await em.query(
      `SELECT id FROM media WHERE community_id = $1 AND id = $2 AND state IN ('verified', 'processing') FOR UPDATE`,
      [communityId, mediaId],
    );
    return rows.length > 0;
  }

  private async tell(
    em: EntityManager,
    { communityId, id, ownerId, name }: MediaRow,
    refusal: MediaRefusal | null,
  ) {
    for (const listener of this.listeners)
      await listener(em, communityId, { mediaId: id, ownerId, name, refusal });
  }

  /** Writes progress down now and then; a share that is not written is no harm. */
  private reporter(communityId: string, mediaId: string) {
    let last = Date.now();
    return (share: number) => {
      if (Date.now() - last < PROGRESS_MS) return;
      last = Date.now();
      void this.progress(communityId, mediaId, share).catch(() => undefined);
    };
  }

  private async progress(communityId: string, mediaId: string, share: number) {
    await this.tenancy.inCommunity(communityId, (em) =>
      em.query(
        `UPDATE media SET state = 'processing', progress = $3 WHERE community_id = $1 AND id = $2
           AND state IN ('verified', 'processing')`,
        [communityId, mediaId, share],
      ),
    );
  }
}
