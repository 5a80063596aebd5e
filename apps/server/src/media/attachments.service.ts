import { Injectable } from '@nestjs/common';
import type { Attached, Attaching } from '@parley/contracts/media';
import type { EntityManager } from 'typeorm';
import { ModerationService } from '../contributions/moderation.service';
import type { Member, Overseer } from '../platform/doors';
import { AppError } from '../platform/errors';
import { Tenancy } from '../platform/tenancy';
import { type Outcome, returned, type Write } from '../platform/writer';
import { AccessService } from './access.service';
import { MakingService } from './making.service';

/** A file that becomes part of a contribution. */
export type NewAttachment = Attaching & { taskId?: string };

/** A file may be sent as soon as all of its bytes are here. */
const sendable = ['verified', 'processing', 'ready'];

/** SQL for a file as the contract's Media; of what is still on its way only its owner asks. */
export const mediaJson = (
  m: string,
) => `json_build_object('id', ${m}.id, 'name', ${m}.name, 'kind', ${m}.kind, 'state', ${m}.state,
  'bytes', ${m}.bytes, 'received', CASE WHEN ${m}.state = 'receiving' THEN 0 ELSE ${m}.bytes END, 'progress', ${m}.progress,
  'refusal', ${m}.refusal, 'width', ${m}.width, 'height', ${m}.height, 'durationSeconds', ${m}.duration_ms / 1000.0,
  'pages', ${m}.pages)`;

/** SQL for the files of a contribution, each with which task it answers. */
export const attachedTo = (communityId: string, contributionId: string) =>
  `(SELECT coalesce(jsonb_agg(${mediaJson('f')}::jsonb || jsonb_build_object('alt', at.alt, 'taskId', at.task_id)
     ORDER BY at.n, f.id), '[]') FROM attachment at JOIN media f ON f.community_id = at.community_id AND f.id = at.media_id
   WHERE at.community_id = ${communityId} AND at.contribution_id = ${contributionId})`;

/** Others than their sender do not learn what files were called, nor of those that cannot be shown. */
export const shownAttached = (files: readonly Attached[], mine: boolean): Attached[] =>
  mine ? [...files] : files.filter(({ state }) => state !== 'refused').map((file) => ({ ...file, name: '' }));

/** Files as parts of contributions: each belongs to its sender, and to one contribution. */
@Injectable()
export class AttachmentsService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly access: AccessService,
    private readonly making: MakingService,
    moderation: ModerationService,
  ) {
    making.uses.push((em, communityId, mediaId) => this.uses(em, communityId, mediaId));
    moderation.onWithdrawn.push((em, communityId, id) =>
      this.attach(em, communityId, id, []).then(() => undefined),
    );
  }

  /** The files of contributions of any kind, as far as the caller may see them now. */
  list(caller: Member | Overseer, contributionIds: string[]) {
    const { communityId, memberId } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const rows: { contributionId: string; mine: boolean; files: Attached[] }[] = await em.query(
        `SELECT c.id AS "contributionId", c.author_id IS NOT DISTINCT FROM $3 AS mine, ${attachedTo('$1', 'c.id')} AS files
         FROM contribution c WHERE c.community_id = $1 AND c.id = ANY ($2)`,
        [communityId, contributionIds, memberId ?? null],
      );
      const ids = rows.flatMap(({ files }) => files.map(({ id }) => id));
      const seen = await this.access.may(em, caller, ids);
      return rows.map(({ contributionId, mine, files }) => ({
        contributionId,
        files: shownAttached(
          files.filter(({ id, state }) => seen.has(id) || (mine && state !== 'ready')),
          mine,
        ),
      }));
    });
  }

  /** Those of the files that cannot be sent: not the member's, not here, or part of another contribution. */
  async unfit(
    em: EntityManager,
    communityId: string,
    memberId: string,
    mediaIds: readonly string[],
    contributionId: string | null,
  ): Promise<Set<string>> {
    const unfit = new Set(mediaIds.filter((id, at) => mediaIds.indexOf(id) < at));
    if (!mediaIds.length) return unfit;
    const rows: { id: string }[] = await em.query(
      `SELECT m.id FROM media m WHERE m.community_id = $1 AND m.owner_id = $2 AND m.id = ANY ($3) AND m.purpose = 'submission'
         AND m.state = ANY ($4) AND NOT EXISTS (SELECT FROM attachment a WHERE a.community_id = $1 AND a.media_id = m.id
           AND a.contribution_id IS DISTINCT FROM $5)
       FOR SHARE`,
      [communityId, memberId, mediaIds, sendable, contributionId],
    );
    const fit = new Set(rows.map(({ id }) => id));
    for (const id of mediaIds) if (!fit.has(id)) unfit.add(id);
    return unfit;
  }

  /** Names the files of a contribution anew; those that it does not name any more go. Answers these. */
  async attach(
    em: EntityManager,
    communityId: string,
    contributionId: string,
    files: readonly NewAttachment[],
  ): Promise<string[]> {
    const gone = await returned<{ id: string }>(
      em,
      `DELETE FROM attachment WHERE community_id = $1 AND contribution_id = $2 AND media_id <> ALL ($3)
       RETURNING media_id AS id`,
      [communityId, contributionId, files.map(({ mediaId }) => mediaId)],
    );
    if (files.length)
      await em.query(
        `INSERT INTO attachment (community_id, contribution_id, media_id, task_id, alt, n)
         SELECT $1, $2, * FROM unnest($3::uuid[], $4::uuid[], $5::text[]) WITH ORDINALITY
         ON CONFLICT (community_id, contribution_id, media_id) DO UPDATE SET n = excluded.n`,
        [
          ...[communityId, contributionId, files.map(({ mediaId }) => mediaId)],
          ...[files.map(({ taskId }) => taskId ?? null), files.map(({ alt }) => alt)],
        ],
      );
    const ids = gone.map(({ id }) => id);
    await this.making.remove(em, communityId, ids);
    return ids;
  }

  /** Stores contributions with their files; of whom some cannot be sent is told so, and nothing of theirs is stored. */
  async storing<I extends { files: readonly Attaching[] }, R extends { id: string }>(
    em: EntityManager,
    writes: Write<I>[],
    store: (writes: Write<I>[]) => Promise<(Outcome<R> | AppError)[]>,
  ): Promise<(Outcome<R> | AppError)[]> {
    const faults = new Map<Write<I>, AppError>();
    const taken = new Set<string>();
    for (const write of writes) {
      const ids = write.input.files.map(({ mediaId }) => mediaId);
      const unfit = await this.unfit(em, write.communityId, write.memberId, ids, null);
      if (unfit.size || ids.some((id) => taken.has(id)))
        faults.set(
          write,
          new AppError('media.notReady', 'Some files are not here yet, or not yours to send.', {
            fields: { files: 'files that have arrived' },
          }),
        );
      else for (const id of ids) taken.add(id);
    }
    const passing = writes.filter((write) => !faults.has(write));
    const stored = passing.length ? await store(passing) : [];
    const outcomes = new Map(passing.map((write, at) => [write, stored[at]!]));
    for (const [{ communityId, input }, outcome] of outcomes)
      if (input.files.length && !(outcome instanceof AppError))
        await this.attach(em, communityId, outcome.result.id, input.files);
    return writes.map((write) => faults.get(write) ?? outcomes.get(write)!);
  }

  private async uses(em: EntityManager, communityId: string, mediaId: string): Promise<boolean> {
    const rows: unknown[] = await em.query(
      'SELECT FROM attachment WHERE community_id = $1 AND media_id = $2',
      [communityId, mediaId],
    );
    return rows.length > 0;
  }
}
