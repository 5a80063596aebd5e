import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { InputOf, OutputOf } from '@parley/contracts/contract';
import { before, type Named, type Outcome } from '@parley/contracts/contributions';
import {
  type ApprovalStep,
  type AudienceTimes,
  type listDrafts,
  type saveUpdate,
  type UpdateBody,
  type UpdateDraft,
  updateMoves,
  type UpdateStatus,
} from '@parley/contracts/loop';
import type { EntityManager } from 'typeorm';
import { FateService } from '../contributions/fate.service';
import { AssetsService } from '../media/assets.service';
import type { Member } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { Tenancy } from '../platform/tenancy';
import { ReachService } from '../reach/reach.service';

/** An Update as it stands, locked. */
export interface UpdateRow {
  id: string;
  status: UpdateStatus;
  version: number;
  ownerId: string;
  title: string;
  youSaid: string;
  weDid: string | null;
  because: string | null;
  outcome: Outcome;
  on: string | null;
  beforeAssetId: string | null;
  afterAssetId: string | null;
  spaceId: string | null;
  keepsPromise: boolean;
  shareable: boolean;
  deliveredAt: Date | null;
  reopenedAt: Date | null;
}

/** SQL for an `UpdateRow`. */
export const columns = `id, status, version, owner_id AS "ownerId", title, you_said AS "youSaid", we_did AS "weDid", because,
  outcome, due_on::text AS "on", before_asset_id AS "beforeAssetId", after_asset_id AS "afterAssetId",
  space_id AS "spaceId", keeps_promise AS "keepsPromise", shareable, delivered_at AS "deliveredAt",
  reopened_at AS "reopenedAt"`;

/** What it says. */
export const bodyOf = (row: UpdateRow): UpdateBody => {
  const { title, youSaid, weDid, because, outcome, on, beforeAssetId, afterAssetId } = row;
  const { spaceId, keepsPromise, shareable } = row;
  return {
    ...{ title, youSaid, weDid, because, outcome, on, beforeAssetId, afterAssetId },
    ...{ spaceId, keepsPromise, shareable },
  };
};
/** Whether somebody beside the team knows it. */
export const isOut = (status: UpdateStatus) => status.startsWith('out');

/** Updates on their way: written from what members said, with what they answer, through the approvals. */
@Injectable()
export class DraftsService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly fate: FateService,
    private readonly reach: ReachService,
    private readonly assets: AssetsService,
  ) {}

  /** Not out yet first. Hosts see their own; who is asked for an approval what it is about; to others there is nothing. */
  list(caller: Member): Promise<OutputOf<typeof listDrafts>> {
    const { role, memberId } = caller;
    return this.tenancy.inCommunity(caller.communityId, async (em) => {
      const steps = await this.steps(em, caller.communityId);
      const isAsked = steps.some(({ memberIds }) => memberIds.includes(memberId));
      if (role === 'member' || (role !== 'host' && role !== 'manager' && !isAsked)) throw notFound();
      const team = await this.team(em, caller.communityId);
      return {
        drafts: await this.read(em, caller, null),
        steps,
        team,
      };
    });
  }

  /** Makes it, or writes it anew: what was approved before needs its approvals again. */
  save(
    caller: Member,
    { updateId, basedOn, body }: Omit<InputOf<typeof saveUpdate>, 'communityId'>,
  ): Promise<UpdateDraft> {
    const { communityId, memberId } = caller;
    return this.changed(caller, updateId, async (em) => {
      await this.check(em, communityId, body);
      const made: unknown[] =
        basedOn === 0
          ? await em.query(
              `INSERT INTO loop_update (community_id, id, status, version, owner_id, title, you_said, outcome, because, due_on,
             keeps_promise, shareable) VALUES ($1, $2, 'draft', 1, $3, $4, $5, $6, $7, $8, false, false)
           ON CONFLICT DO NOTHING RETURNING id`,
              [
                communityId,
                updateId,
                memberId,
                body.title,
                body.youSaid,
                body.outcome,
                body.because,
                body.on,
              ],
            )
          : [];
      const row = await this.lock(em, caller, updateId);
      if (made.length) {
        // Its id will be that of its thread's space.
        const taken: unknown[] = await em.query('SELECT FROM room WHERE community_id = $1 AND id = $2', [
          communityId,
          updateId,
        ]);
        if (taken.length) throw new AppError('op.mismatch', 'This id was used for something else.');
        return this.write(em, communityId, updateId, body, 1);
      }
      if (isOut(row.status) || row.status === 'withdrawn')
        throw new AppError('update.moved', 'It is out: correct it instead.');
      // The answer was lost, and it is asked again: nothing else has been written since.
      if (row.status === 'draft' && row.version === basedOn + 1 && isDeepStrictEqual(bodyOf(row), body))
        return;
      if (row.version !== basedOn)
        throw new AppError('edit.stale', 'Somebody else has changed it: load it first.');
      await this.anew(em, communityId, row, body);
    });
  }

  /** What is linked is considered from now on; its authors read so. */
  link(
    caller: Member,
    updateId: string,
    { contributionIds, themeIds, remove }: { contributionIds: string[]; themeIds: string[]; remove: boolean },
  ): Promise<UpdateDraft> {
    const { communityId, memberId } = caller;
    return this.changed(caller, updateId, async (em) => {
      const row = await this.lock(em, caller, updateId);
      if (isOut(row.status) || row.status === 'withdrawn')
        throw new AppError('update.moved', 'It is out: what it answers stays.');
      if (remove) {
        await em.query(
          'DELETE FROM update_theme WHERE community_id = $1 AND update_id = $2 AND theme_id = ANY ($3)',
          [communityId, updateId, themeIds],
        );
        await em.query(
          `DELETE FROM update_source WHERE community_id = $1 AND update_id = $2
             AND (contribution_id = ANY ($3) OR theme_id = ANY ($4))`,
          [communityId, updateId, contributionIds, themeIds],
        );
        return this.changedEvidence(em, communityId, row);
      }
      await em.query(
        `INSERT INTO update_theme (community_id, update_id, theme_id)
         SELECT $1, $2, id FROM theme WHERE community_id = $1 AND id = ANY ($3) ON CONFLICT DO NOTHING`,
        [communityId, updateId, themeIds],
      );
      await em.query(
        `INSERT INTO update_source (community_id, update_id, contribution_id, author_id)
         SELECT $1, $2, id, author_id FROM contribution WHERE community_id = $1 AND id = ANY ($3) AND type <> 'reply'
           AND moderation NOT IN ('withdrawn', 'split') ON CONFLICT DO NOTHING`,
        [communityId, updateId, contributionIds],
      );
      const ids = await this.gather(em, communityId, updateId);
      await this.fate.move(em, communityId, ids, {
        to: 'considered',
        byId: memberId,
        detail: { others: Math.max(0, ids.length - 1) },
      });
      await this.changedEvidence(em, communityId, row);
    });
  }

  submit(caller: Member, updateId: string, version: number): Promise<UpdateDraft> {
    const { communityId } = caller;
    return this.changed(caller, updateId, async (em) => {
      const row = await this.lock(em, caller, updateId, version);
      if (row.status !== 'draft') throw new AppError('update.moved', 'It has been submitted.');
      if (!(await this.gather(em, communityId, updateId)).length)
        throw new AppError('update.evidence', 'Link what it answers first.');
      const steps = await this.steps(em, communityId);
      const team = new Set((await this.team(em, communityId)).map(({ memberId }) => memberId));
      const stuck = steps.find(
        ({ memberIds }) => !memberIds.some((id) => id !== row.ownerId && team.has(id)),
      );
      if (stuck)
        throw new AppError(
          'request.invalid',
          `Nobody can approve "${stuck.label}": name somebody else for it.`,
          {
            fields: { steps: 'for each step somebody of the team who has not written it' },
          },
        );
      await this.turn(em, communityId, updateId, steps.length ? 'inApproval' : 'approved');
      if (steps.length) await this.askFor(em, communityId, row, steps, 1);
    });
  }

  /** The step that is due now, by one of those who are asked; nobody approves their own. */
  approve(
    caller: Member,
    updateId: string,
    { version, approved, note }: { version: number; approved: boolean; note: string | null },
  ): Promise<UpdateDraft> {
    const { communityId, memberId } = caller;
    return this.changed(caller, updateId, async (em) => {
      const row = await this.lock(em, caller, updateId, version, true);
      if (row.status !== 'inApproval')
        throw new AppError('update.moved', 'Nobody’s approval is asked for now.');
      const steps = await this.steps(em, communityId);
      const [{ given }] = (await em.query(
        `SELECT count(*)::int AS given FROM update_approval
         WHERE community_id = $1 AND update_id = $2 AND version = $3 AND approved`,
        [communityId, updateId, version],
      )) as [{ given: number }];
      if (!steps[given]?.memberIds.includes(memberId) || row.ownerId === memberId)
        throw new AppError('auth.forbidden', 'Somebody else is asked for this approval.');
      await em.query(
        `INSERT INTO update_approval (community_id, update_id, version, step, by_id, approved, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [communityId, updateId, version, given + 1, memberId, approved, note],
      );
      await this.reach.settle(em, communityId, approvalCause(row, given + 1));
      if (!approved) {
        // The next try is another version, with approvals of its own.
        await this.write(em, communityId, updateId, bodyOf(row), version + 1);
        await this.turn(em, communityId, updateId, 'draft');
      } else if (given + 1 === steps.length) await this.turn(em, communityId, updateId, 'approved');
      else await this.askFor(em, communityId, row, steps, given + 2);
    });
  }

  async setSteps(communityId: string, steps: readonly ApprovalStep[]): Promise<void> {
    await this.tenancy.inCommunity(communityId, async (em) => {
      const asked = [...new Set(steps.flatMap(({ memberIds }) => memberIds))];
      const known: unknown[] = await em.query(
        `SELECT id FROM member WHERE community_id = $1 AND id = ANY ($2) AND role <> 'member' AND status = 'active'`,
        [communityId, asked],
      );
      if (known.length !== asked.length)
        throw new AppError('request.invalid', 'Choose people of the team.', {
          fields: { steps: 'active people of the team' },
        });
      await em.query(
        `INSERT INTO approval_rule (community_id, steps) VALUES ($1, $2)
         ON CONFLICT (community_id) DO UPDATE SET steps = $2`,
        [communityId, JSON.stringify(steps)],
      );
      // What was asked of others before is asked anew, by its author.
      const asking: UpdateRow[] = await em.query(
        `SELECT ${columns} FROM loop_update WHERE community_id = $1 AND status = 'inApproval' ORDER BY id FOR UPDATE`,
        [communityId],
      );
      for (const row of asking) await this.anew(em, communityId, row, bodyOf(row));
    });
  }

  /** Whether somebody of the team writes it or is asked about it, be it out or not. */
  async isWorkedOnBy(em: EntityManager, caller: Member, updateId: string): Promise<boolean> {
    return (await this.read(em, caller, updateId)).length > 0;
  }

  /** One change under the Update's lock, and the draft as it is then. */
  changed(caller: Member, updateId: string, change: (em: EntityManager) => Promise<unknown>) {
    return this.tenancy.inCommunity(caller.communityId, async (em): Promise<UpdateDraft> => {
      await change(em);
      const [draft] = await this.read(em, caller, updateId);
      if (!draft) throw notFound();
      return draft;
    });
  }

  /** 404 for a host whose it is not, unless `asked`, by which approvers come. */
  async lock(
    em: EntityManager,
    { communityId, memberId, role }: Member,
    updateId: string,
    version?: number,
    asked = false,
  ): Promise<UpdateRow> {
    const [row] = (await em.query(
      `SELECT ${columns} FROM loop_update WHERE community_id = $1 AND id = $2 FOR UPDATE`,
      [communityId, updateId],
    )) as UpdateRow[];
    if (!row || (role !== 'manager' && row.ownerId !== memberId && !asked)) throw notFound();
    if (version !== undefined && row.version !== version)
      throw new AppError('edit.stale', 'Somebody else has changed it: load it first.');
    return row;
  }

  /** Assets and promises must be the community's own, and a promise can be kept once. */
  async check(em: EntityManager, communityId: string, body: UpdateBody) {
    const wanted = [body.beforeAssetId, body.afterAssetId].flatMap((id) => id ?? []);
    const known = await this.assets.assets(em, communityId, wanted);
    for (const field of ['beforeAssetId', 'afterAssetId'] as const)
      if (body[field] && !known.has(body[field]))
        throw new AppError('request.invalid', 'Choose an asset of this community.', {
          fields: { [`body.${field}`]: 'an asset of this community' },
        });
    if (!body.spaceId) return;
    const [space]: unknown[] = await em.query('SELECT FROM space WHERE community_id = $1 AND id = $2', [
      communityId,
      body.spaceId,
    ]);
    if (!space)
      throw new AppError('request.invalid', 'Choose a promise of this community.', {
        fields: { 'body.spaceId': 'a promise of this community' },
      });
  }

  async write(em: EntityManager, communityId: string, updateId: string, body: UpdateBody, version: number) {
    await em.query(
      `UPDATE loop_update SET version = $3, title = $4, you_said = $5, we_did = $6, because = $7, outcome = $8, due_on = $9,
         before_asset_id = $10, after_asset_id = $11, space_id = $12, keeps_promise = $13, shareable = $14,
         updated_at = now() WHERE community_id = $1 AND id = $2`,
      [
        ...[
          communityId,
          updateId,
          version,
          body.title,
          body.youSaid,
          body.weDid,
          body.because,
          body.outcome,
          body.on,
        ],
        ...[body.beforeAssetId, body.afterAssetId, body.spaceId, body.keepsPromise, body.shareable],
      ],
    );
  }

  /** A next version, in draft: what was approved before was another. */
  async anew(em: EntityManager, communityId: string, row: UpdateRow, body: UpdateBody) {
    await this.reach.settleLike(em, communityId, `update.${row.id}.v`);
    await this.write(em, communityId, row.id, body, row.version + 1);
    await this.turn(em, communityId, row.id, 'draft');
  }

  /** Takes in what its themes hold by now, and what was merged into any of it; answers all that it answers. */
  async gather(em: EntityManager, communityId: string, updateId: string): Promise<string[]> {
    await em.query(
      `INSERT INTO update_source (community_id, update_id, contribution_id, author_id, theme_id)
       SELECT DISTINCT ON (c.id) $1::uuid, $2::uuid, c.id, c.author_id, found.theme_id
       FROM (
         SELECT l.contribution_id AS id, l.theme_id FROM update_theme t
         JOIN theme_link l ON l.community_id = $1 AND l.theme_id = t.theme_id
         WHERE t.community_id = $1 AND t.update_id = $2
         UNION ALL
         SELECT m.id, us.theme_id FROM update_source us
         JOIN contribution m ON m.community_id = $1
           AND (m.merged_into = us.contribution_id OR m.split_of = us.contribution_id)
         WHERE us.community_id = $1 AND us.update_id = $2
       ) AS found
       JOIN contribution c ON c.community_id = $1 AND c.id = found.id AND c.type <> 'reply'
         AND c.moderation NOT IN ('withdrawn', 'split')
       ON CONFLICT DO NOTHING`,
      [communityId, updateId],
    );
    return this.sources(em, communityId, updateId);
  }

  /** The contributions that it answers. */
  async sources(em: EntityManager, communityId: string, updateId: string): Promise<string[]> {
    const rows: { id: string }[] = await em.query(
      `SELECT us.contribution_id AS id FROM update_source us
       JOIN contribution c ON c.community_id = $1 AND c.id = us.contribution_id AND c.moderation NOT IN ('withdrawn', 'split')
       WHERE us.community_id = $1 AND us.update_id = $2`,
      [communityId, updateId],
    );
    return rows.map(({ id }) => id);
  }

  /** What it answers belongs to what was approved. */
  private async changedEvidence(em: EntityManager, communityId: string, row: UpdateRow) {
    if (row.status !== 'draft') await this.anew(em, communityId, row, bodyOf(row));
  }

  /** To a state that it can reach; back in draft no time is set any more. */
  async turn(em: EntityManager, communityId: string, updateId: string, to: UpdateStatus) {
    await em.query(
      `UPDATE loop_update SET status = $3, updated_at = now(),
         contributors_at = CASE WHEN $3 = 'draft' THEN NULL ELSE contributors_at END,
         community_at = CASE WHEN $3 = 'draft' THEN NULL ELSE community_at END,
         public_at = CASE WHEN $3 = 'draft' THEN NULL ELSE public_at END
       WHERE community_id = $1 AND id = $2 AND status = ANY ($4)`,
      [communityId, updateId, to, before(updateMoves, to)],
    );
  }

  private team(
    em: EntityManager,
    communityId: string,
  ): Promise<{ memberId: string; name: string; title: string }[]> {
    return em.query(
      `SELECT id AS "memberId", handle AS name, title FROM member
       WHERE community_id = $1 AND role <> 'member' AND status = 'active' ORDER BY handle`,
      [communityId],
    );
  }

  private async steps(em: EntityManager, communityId: string): Promise<ApprovalStep[]> {
    const [rule] = (await em.query('SELECT steps FROM approval_rule WHERE community_id = $1', [
      communityId,
    ])) as {
      steps: ApprovalStep[];
    }[];
    return rule?.steps ?? [];
  }

  private async askFor(
    em: EntityManager,
    communityId: string,
    row: UpdateRow,
    steps: readonly ApprovalStep[],
    step: number,
  ) {
    const asked = steps[step - 1]!.memberIds.filter((id) => id !== row.ownerId);
    await this.reach.tell(
      em,
      communityId,
      asked.map((memberId) => ({
        memberId,
        kind: 'approval',
        cause: approvalCause(row, step),
        data: { updateId: row.id, title: row.title },
      })),
    );
  }

  /** One query; `updateId` null: all, those that are not out first. Others than managers see theirs, and what they are asked about or have decided. */
  private async read(em: EntityManager, caller: Member, updateId: string | null): Promise<UpdateDraft[]> {
    const { communityId, memberId, role } = caller;
    type Given = { step: number; approved: boolean; by: string; at: string; note: string | null };
    type Row = UpdateRow & {
      by: Named;
      contributorsAt: Date | null;
      communityAt: Date | null;
      publicAt: Date | null;
      contributors: number;
      contributions: number;
      themes: UpdateDraft['themes'];
      given: Given[];
      names: Record<string, string>;
      steps: ApprovalStep[];
      updatedAt: Date;
    };
    const rows: Row[] = await em.query(
      `SELECT ${columns
        .split(',')
        .map((column) => `u.${column.trim()}`)
        .join(', ')}, json_build_object('name', m.handle, 'title', m.title) AS by,
         u.contributors_at AS "contributorsAt", u.community_at AS "communityAt", u.public_at AS "publicAt",
         count.contributors, count.contributions, u.updated_at AS "updatedAt",
         (SELECT coalesce(json_agg(json_build_object('id', t.id, 'label', t.label, 'contributions',
            (SELECT count(*)::int FROM theme_link l WHERE l.community_id = $1 AND l.theme_id = t.id))), '[]')
          FROM update_theme ut JOIN theme t ON t.community_id = $1 AND t.id = ut.theme_id
          WHERE ut.community_id = $1 AND ut.update_id = u.id) AS themes,
         (SELECT coalesce(json_agg(json_build_object('step', a.step, 'approved', a.approved, 'by', who.handle, 'note', a.note,
            'at', to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))), '[]')
          FROM update_approval a JOIN member who ON who.community_id = $1 AND who.id = a.by_id
          WHERE a.community_id = $1 AND a.update_id = u.id
            AND a.version = CASE WHEN u.status = 'draft' THEN (SELECT max(version) FROM update_approval asked
              WHERE asked.community_id = $1 AND asked.update_id = u.id) ELSE u.version END) AS given,
         (SELECT coalesce(json_object_agg(id, handle), '{}') FROM member WHERE community_id = $1 AND role <> 'member') AS names,
         coalesce(rule.steps, '[]') AS steps
       FROM (SELECT u.* FROM loop_update u LEFT JOIN approval_rule rule ON rule.community_id = $1
         WHERE u.community_id = $1 AND ($2::uuid IS NULL OR u.id = $2) AND ($3 OR u.owner_id = $4
         OR EXISTS (SELECT FROM jsonb_array_elements(rule.steps) AS s WHERE s -> 'memberIds' ? $4::text AND u.status <> 'draft')
         OR EXISTS (SELECT FROM update_approval a WHERE a.community_id = $1 AND a.update_id = u.id AND a.by_id = $4))
         ORDER BY u.contributors_out_at IS NOT NULL, u.updated_at DESC LIMIT 100) AS u
       JOIN member m ON m.community_id = $1 AND m.id = u.owner_id
       LEFT JOIN approval_rule rule ON rule.community_id = $1
       CROSS JOIN LATERAL (SELECT count(*)::int AS contributions, count(DISTINCT author_id)::int AS contributors
         FROM update_source WHERE community_id = $1 AND update_id = u.id) AS count
       ORDER BY u.contributors_out_at IS NOT NULL, u.updated_at DESC`,
      [communityId, updateId, role === 'manager', memberId],
    );
    return rows.map((row) => draftOf(row, memberId));

    function draftOf(row: Row, me: string): UpdateDraft {
      const { id, status, version, by, ownerId, contributors, contributions, themes, given, names } = row;
      const next = given.filter(({ approved }) => approved).length;
      return {
        ...{ id, status, version, by, contributors, contributions, themes },
        body: bodyOf(row),
        byMemberId: ownerId,
        times: timesOf(row),
        delivered: row.deliveredAt !== null,
        approvals: row.steps.map(({ label, memberIds }, at) => {
          const answer = given.find(({ step }) => step === at + 1);
          return {
            label,
            who: memberIds.flatMap((one) => names[one] ?? []),
            decision: answer ? (answer.approved ? 'approved' : 'returned') : 'waiting',
            by: answer?.by ?? null,
            at: answer?.at ?? null,
            note: answer?.note ?? null,
            mine: status === 'inApproval' && at === next && memberIds.includes(me) && ownerId !== me,
          };
        }),
        updatedAt: row.updatedAt.toISOString(),
      };
    }
  }
}

const approvalCause = ({ id, version }: Pick<UpdateRow, 'id' | 'version'>, step: number) =>
  `update.${id}.v${version}.step${step}`;

const timesOf = ({
  contributorsAt,
  communityAt,
  publicAt,
}: Record<'contributorsAt' | 'communityAt' | 'publicAt', Date | null>): AudienceTimes | null =>
  contributorsAt &&
  communityAt && {
    contributorsAt: contributorsAt.toISOString(),
    communityAt: communityAt.toISOString(),
    publicAt: publicAt?.toISOString() ?? null,
  };
