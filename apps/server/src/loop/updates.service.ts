import { Inject, Injectable } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import type { Named } from '@parley/contracts/contributions';
import {
  JUDGE_DAYS,
  type publishUpdate,
  type UpdateBody,
  type UpdateDraft,
  type withdrawUpdate,
} from '@parley/contracts/loop';
import type { EntityManager } from 'typeorm';
import { excerptOf, FateService } from '../contributions/fate.service';
import { SpacesService } from '../contributions/spaces.service';
import { AssetsService } from '../media/assets.service';
import type { Member } from '../platform/doors';
import { AppError } from '../platform/errors';
import { Jobs } from '../platform/jobs';
import { errorFields, type Log, LOG } from '../platform/log';
import { Tenancy } from '../platform/tenancy';
import { type News, ReachService } from '../reach/reach.service';
import { bodyOf, columns, DraftsService, isOut, type UpdateRow } from './drafts.service';
import { PromisesService } from './promises.service';

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
/** By when something is carried out where nobody said by when. */
const DELIVERY_DAYS = 90;

/** Updates once they are approved: out to one audience after the other, corrected, delivered, judged, taken back. */
@Injectable()
export class UpdatesService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly drafts: DraftsService,
    private readonly spaces: SpacesService,
    private readonly fate: FateService,
    private readonly reach: ReachService,
    private readonly promises: PromisesService,
    private readonly assets: AssetsService,
    private readonly jobs: Jobs,
    @Inject(LOG) private readonly log: Log,
  ) {
    jobs.handle('loop.release', ({ communityId }: { communityId: string }) => this.releaseDue(communityId));
    jobs.everywhere('loop-release', '* * * * *', async (communityId) => {
      await this.releaseDue(communityId);
      await this.verifyDue(communityId);
    });
  }

  publish(
    caller: Member,
    { updateId, version, times }: Omit<InputOf<typeof publishUpdate>, 'communityId'>,
  ): Promise<UpdateDraft> {
    const { communityId } = caller;
    return this.drafts.changed(caller, updateId, async (em) => {
      const row = await this.drafts.lock(em, caller, updateId, version);
      if (row.status !== 'approved' && row.status !== 'scheduled')
        throw new AppError('update.moved', 'It is not approved, or out already.');
      if (!(await this.drafts.gather(em, communityId, updateId)).length)
        throw new AppError('update.evidence', 'Link what it answers first.');
      await em.query(
        `UPDATE loop_update SET status = 'scheduled', contributors_at = $3, community_at = $4, public_at = $5,
           updated_at = now() WHERE community_id = $1 AND id = $2`,
        [communityId, updateId, times.contributorsAt, times.communityAt, times.publicAt],
      );
      await this.jobs.add(em, 'loop.release', { communityId });
    });
  }

  /** What it said before stays to be read; where it was reopened this is the new answer. */
  correct(
    caller: Member,
    updateId: string,
    { version, body, note }: { version: number; body: UpdateBody; note: string },
  ): Promise<UpdateDraft> {
    const { communityId, memberId } = caller;
    return this.drafts.changed(caller, updateId, async (em) => {
      await this.drafts.check(em, communityId, body);
      const row = await this.drafts.lock(em, caller, updateId, version);
      if (!isOut(row.status)) throw new AppError('update.moved', 'It is not out.');
      await em.query(
        `INSERT INTO update_version (community_id, update_id, version, body, note, by_id) VALUES ($1, $2, $3, $4, $5, $6)`,
        [communityId, updateId, version, JSON.stringify(bodyOf(row)), note, memberId],
      );
      await this.drafts.write(
        em,
        communityId,
        updateId,
        { ...body, spaceId: row.spaceId, keepsPromise: row.keepsPromise },
        version + 1,
      );
      await this.releaseAssets(em, communityId, body);
      const ids = await this.drafts.sources(em, communityId, updateId);
      if (row.outcome !== body.outcome || row.on !== body.on || row.reopenedAt) {
        // A new decision takes the place of the old one, and what was delivered and judged was the old one.
        const detail = { updateId, updateTitle: body.title };
        await this.fate.move(em, communityId, ids, { to: 'reopened', byId: memberId, detail });
        await this.decide(em, communityId, { ...row, ...body }, ids);
        await em.query('DELETE FROM verdict WHERE community_id = $1 AND update_id = $2', [
          communityId,
          updateId,
        ]);
        await this.set(
          em,
          communityId,
          updateId,
          'reopened_at = NULL, delivered_at = NULL, judge_until = NULL, verified_at = NULL, yes = 0, partly = 0, no = 0',
        );
        await this.promises.keep(em, communityId, updateId, {
          id: updateId,
          title: body.title,
          ownerId: row.ownerId,
        });
      }
      await this.tell(em, communityId, updateId, 'corrected', `v${version + 1}`, { title: body.title, note });
    });
  }

  /** Back for rework: what fed it is open again, with a day, and leads to where it is thought through. */
  withdraw(
    caller: Member,
    { updateId, because, consultationId, answerBy }: Omit<InputOf<typeof withdrawUpdate>, 'communityId'>,
  ): Promise<UpdateDraft> {
    const { communityId, memberId } = caller;
    return this.drafts.changed(caller, updateId, async (em) => {
      const row = await this.drafts.lock(em, caller, updateId);
      if (row.status === 'withdrawn') return;
      if (!isOut(row.status)) throw new AppError('update.moved', 'It is not out.');
      if (answerBy < inDays(0))
        throw new AppError('request.invalid', 'Choose a day that is still to come.', {
          fields: { answerBy: 'a day from today on' },
        });
      const [space] = consultationId
        ? ((await em.query('SELECT id FROM space WHERE community_id = $1 AND id = $2', [
            communityId,
            consultationId,
          ])) as { id: string }[])
        : [{ id: null }];
      if (!space)
        throw new AppError('request.invalid', 'Choose a consultation of this community.', {
          fields: { consultationId: 'a Session of this community' },
        });
      await em.query(
        `UPDATE loop_update SET status = 'withdrawn', withdrawn_at = now(), withdrawn_because = $3, consultation_id = $4,
           updated_at = now() WHERE community_id = $1 AND id = $2`,
        [communityId, updateId, because, consultationId],
      );
      // What was not mailed yet would tell of something that does not stand.
      await this.reach.settleLike(em, communityId, `update.${updateId}.`);
      await this.reopen(em, communityId, row, memberId, answerBy, because);
    });
  }

  /** What was decided is there; its contributors are asked whether it was done right. */
  deliver(caller: Member, updateId: string): Promise<UpdateDraft> {
    const { communityId, memberId } = caller;
    return this.drafts.changed(caller, updateId, async (em) => {
      const row = await this.drafts.lock(em, caller, updateId);
      if (row.reopenedAt) throw new AppError('update.moved', 'It was reopened: correct it first.');
      if (row.deliveredAt && row.status !== 'withdrawn') return;
      if (row.status !== 'outToCommunity' && row.status !== 'outToPublic')
        throw new AppError('update.moved', 'It is not out to the community.');
      if (row.outcome !== 'adopted' && row.outcome !== 'adapted')
        throw new AppError('update.moved', 'Only what was adopted or adapted is delivered.');
      const until = new Date(Date.now() + JUDGE_DAYS * 86_400_000);
      await em.query(
        `UPDATE loop_update SET delivered_at = now(), judge_until = $3, updated_at = now() WHERE community_id = $1 AND id = $2`,
        [communityId, updateId, until],
      );
      const { title } = row;
      await this.fate.move(em, communityId, await this.drafts.sources(em, communityId, updateId), {
        to: 'delivered',
        byId: memberId,
        judgeUntil: until,
        detail: { updateId, updateTitle: title },
      });
      await this.tell(em, communityId, updateId, 'verify', `verify.${until.toISOString()}`, { title });
    });
  }

  /** Opens what fed it anew, and promises another answer: on its own thread, whose promise is the Update's own. */
  async reopen(
    em: EntityManager,
    communityId: string,
    { id, title }: Pick<UpdateRow, 'id' | 'title'>,
    byId: string | null,
    answerBy: string,
    because: string | null,
  ): Promise<void> {
    const ids = await this.drafts.sources(em, communityId, id);
    const detail = { updateId: id, updateTitle: title, on: answerBy, ...(because && { note: because }) };
    await this.fate.move(em, communityId, ids, { to: 'reopened', byId, deliverBy: answerBy, detail });
    await this.promises.promise(
      em,
      communityId,
      id,
      answerBy,
      byId && because ? { byId, because } : undefined,
    );
    await this.tell(em, communityId, id, 'receipt', `reopened.${answerBy}`, {
      step: 'reopened',
      title,
      on: answerBy,
      ...(because && { note: because }),
    });
  }

  /** Brings out what is due, audience by audience; each step is whole or did not happen, and none keeps another waiting. */
  async releaseDue(communityId: string): Promise<void> {
    const failed: string[] = [];
    for (;;) {
      let at: string | undefined;
      try {
        const released = await this.tenancy.inCommunity(communityId, async (em) => {
          const [row] = (await em.query(
            `SELECT ${columns} FROM loop_update WHERE community_id = $1 AND id <> ALL ($2) AND (
               (status = 'scheduled' AND contributors_at <= now()) OR (status = 'outToContributors' AND community_at <= now())
               OR (status = 'outToCommunity' AND public_at <= now()))
             ORDER BY contributors_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
            [communityId, failed],
          )) as UpdateRow[];
          if (!row) return false;
          at = row.id;
          if (row.status === 'scheduled') await this.toContributors(em, communityId, row);
          else if (row.status === 'outToContributors') await this.toCommunity(em, communityId, row);
          else await this.set(em, communityId, row.id, `status = 'outToPublic', public_out_at = now()`);
          return true;
        });
        if (!released) return;
      } catch (error) {
        if (!at) throw error;
        this.log.error(
          { update: at, ...errorFields(error) },
          'an Update could not go out; it will be tried again',
        );
        failed.push(at);
      }
    }
  }

  private async toContributors(em: EntityManager, communityId: string, row: UpdateRow) {
    const ids = await this.drafts.gather(em, communityId, row.id);
    // What it answered was taken back meanwhile: it goes back to nobody.
    if (!ids.length) return this.drafts.anew(em, communityId, row, bodyOf(row));
    await this.set(
      em,
      communityId,
      row.id,
      `status = 'outToContributors', contributors_out_at = now(), contributions = $3,
       contributors = (SELECT count(DISTINCT author_id) FROM update_source WHERE community_id = $1 AND update_id = $2)`,
      [ids.length],
    );
    await em.query(
      `INSERT INTO update_space (community_id, space_id, update_id)
       SELECT DISTINCT $1::uuid, c.room_id, $2::uuid FROM update_source us
       JOIN contribution c ON c.community_id = $1 AND c.id = us.contribution_id
       WHERE us.community_id = $1 AND us.update_id = $2
       UNION SELECT $1, space_id, $2 FROM loop_update WHERE community_id = $1 AND id = $2 AND space_id IS NOT NULL
       ON CONFLICT DO NOTHING`,
      [communityId, row.id],
    );
    await this.openThread(em, communityId, row);
    await this.releaseAssets(em, communityId, row);
    await this.decide(em, communityId, row, ids);
    await this.tell(em, communityId, row.id, 'update', 'out', {
      title: row.title,
      outcome: row.outcome,
      note: row.weDid ?? row.because,
    });
  }

  private async toCommunity(em: EntityManager, communityId: string, row: UpdateRow) {
    await this.set(em, communityId, row.id, `status = 'outToCommunity', community_out_at = now()`);
    if (row.keepsPromise && row.spaceId) await this.promises.keep(em, communityId, row.spaceId, row);
  }

  /** Where it is spoken of. */
  private async openThread(em: EntityManager, communityId: string, row: UpdateRow) {
    await em.query('INSERT INTO room (community_id, id, open) VALUES ($1, $2, true) ON CONFLICT DO NOTHING', [
      communityId,
      row.id,
    ]);
    const [owner] = (await em.query(
      'SELECT handle AS name, title FROM member WHERE community_id = $1 AND id = $2',
      [communityId, row.ownerId],
    )) as [Named];
    await this.spaces.create(em, communityId, {
      id: row.id,
      kind: 'update',
      title: row.title,
      purpose: row.youSaid,
      decision: row.weDid ?? row.because ?? row.title,
      owner,
      answerBy: inDays(JUDGE_DAYS),
      informsOnly: true,
    });
  }

  private async decide(em: EntityManager, communityId: string, row: UpdateRow, ids: readonly string[]) {
    const { outcome, on, title } = row;
    const isDue = outcome === 'adopted' || outcome === 'adapted' || outcome === 'deferred';
    // What was only answered along with others gets an answer of its own now.
    const swept: { id: string }[] = await em.query(
      `SELECT c.id FROM contribution c WHERE c.community_id = $1 AND c.id = ANY ($2) AND c.loop = 'decided'
         AND c.outcome = 'informedOnly' AND NOT EXISTS (SELECT FROM update_source us
           JOIN loop_update u ON u.community_id = $1 AND u.id = us.update_id AND u.contributors_out_at IS NOT NULL
           WHERE us.community_id = $1 AND us.contribution_id = c.id AND us.update_id <> $3)`,
      [communityId, ids, row.id],
    );
    await this.fate.move(
      em,
      communityId,
      swept.map(({ id }) => id),
      { to: 'reopened', byId: row.ownerId, detail: { updateId: row.id, updateTitle: title } },
    );
    await this.fate.move(em, communityId, ids, {
      to: 'decided',
      byId: row.ownerId,
      outcome,
      deliverBy: isDue ? (on ?? inDays(DELIVERY_DAYS)) : null,
      detail: {
        outcome,
        updateId: row.id,
        updateTitle: title,
        others: Math.max(0, ids.length - 1),
        ...(on && { on }),
        ...(row.because && { note: excerptOf(row.because) }),
      },
    });
  }

  /** What nobody said no to in time counts as verified. */
  async verifyDue(communityId: string): Promise<void> {
    await this.tenancy.inCommunity(communityId, async (em) => {
      const rows: { id: string; title: string; ownerId: string }[] = await em.query(
        `SELECT id, title, owner_id AS "ownerId" FROM loop_update WHERE community_id = $1 AND judge_until <= now()
           AND verified_at IS NULL AND reopened_at IS NULL AND status <> 'withdrawn' FOR UPDATE SKIP LOCKED LIMIT 20`,
        [communityId],
      );
      for (const row of rows) {
        await this.set(em, communityId, row.id, 'verified_at = now()');
        const detail = { updateId: row.id, updateTitle: row.title };
        const move = { byId: null, detail };
        await this.fate.move(em, communityId, await this.drafts.sources(em, communityId, row.id), {
          to: 'verified',
          ...move,
        });
        // What was said of it has been heard with it.
        await this.fate.move(em, communityId, await this.fate.undecided(em, communityId, row.id), {
          to: 'decided',
          outcome: 'informedOnly',
          byId: row.ownerId,
          detail: { outcome: 'informedOnly', ...detail },
        });
      }
    });
  }

  private async set(
    em: EntityManager,
    communityId: string,
    id: string,
    what: string,
    values: unknown[] = [],
  ) {
    await em.query(`UPDATE loop_update SET ${what}, updated_at = now() WHERE community_id = $1 AND id = $2`, [
      communityId,
      id,
      ...values,
    ]);
  }

  /** Members may fetch its pictures from now on. */
  private async releaseAssets(
    em: EntityManager,
    communityId: string,
    { beforeAssetId, afterAssetId }: Pick<UpdateBody, 'beforeAssetId' | 'afterAssetId'>,
  ) {
    for (const id of [beforeAssetId, afterAssetId]) if (id) await this.assets.show(em, communityId, id);
  }

  /** Tells each contributor once, with their own words. */
  private async tell(
    em: EntityManager,
    communityId: string,
    updateId: string,
    kind: News['kind'],
    what: string,
    data: News['data'],
  ) {
    const contributors: { authorId: string; id: string; body: string }[] = await em.query(
      `SELECT DISTINCT ON (us.author_id) us.author_id AS "authorId", c.id, left(c.body, 201) AS body FROM update_source us
       JOIN contribution c ON c.community_id = $1 AND c.id = us.contribution_id
       WHERE us.community_id = $1 AND us.update_id = $2 AND c.moderation NOT IN ('withdrawn', 'split')
       ORDER BY us.author_id, c.at DESC`,
      [communityId, updateId],
    );
    await this.reach.tell(
      em,
      communityId,
      contributors.map(({ authorId, id, body }) => ({
        memberId: authorId,
        kind,
        cause: `update.${updateId}.${what}`,
        data: {
          ...data,
          updateId,
          contributionId: id,
          words: excerptOf(body),
          others: contributors.length - 1,
          ...(data.note && { note: excerptOf(data.note) }),
        },
      })),
    );
  }
}
