import { Injectable } from '@nestjs/common';
import type { OutputOf } from '@parley/contracts/contract';
import type { ModerationMode, ModerationRule, SpaceKind } from '@parley/contracts/contributions';
import type { listSpaces } from '@parley/contracts/moderation';
import type { MemberType } from '@parley/contracts/people';
import type { EntityManager } from 'typeorm';
import { notFound } from '../platform/errors';
import { Tenancy } from '../platform/tenancy';
import { returned } from '../platform/writer';

export interface NewSpace {
  id: string;
  kind: SpaceKind;
  title: string;
  purpose: string;
  decision: string;
  owner: { name: string; title: string };
  /** `yyyy-mm-dd` */
  answerBy: string;
  informsOnly: boolean;
  /** How it is moderated where not as the community. */
  mode?: ModerationMode | undefined;
  /** Whom it is for, where not for everybody: members of these types, those in the circle, those of a segment. */
  audience?: { types: readonly MemberType[]; circle: boolean; segmentId: string | null } | undefined;
  /** Of whom alone it is. */
  groupId?: string | undefined;
}

/** How spaces are moderated in a community that has not chosen. */
export const usualRule: ModerationRule = { mode: 'open', holdSeconds: 30, decideMinutes: 2_880 };

/** SQL for the rule of space `s` with the community's `r`, which may be missing. */
export const ruleOf = `coalesce(s.mode, r.mode, '${usualRule.mode}') AS mode,
  coalesce(s.hold_seconds, r.hold_seconds, ${usualRule.holdSeconds}) AS hold_seconds,
  coalesce(s.decide_minutes, r.decide_minutes, ${usualRule.decideMinutes}) AS decide_minutes`;

/** Where things are said, and how each place is moderated. */
@Injectable()
export class SpacesService {
  constructor(private readonly tenancy: Tenancy) {}

  /** Opens nothing yet: its room does. The owner is reminded where somebody of the team bears that name. */
  async create(em: EntityManager, communityId: string, space: NewSpace): Promise<void> {
    await em.query(
      `INSERT INTO space (community_id, id, kind, title, purpose, decision, owner_name, owner_title, owner_id,
         answer_by, informs_only, mode, hold_seconds, decide_minutes, for_types, circle, group_id, segment_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, (SELECT m.id FROM member m JOIN person ON person.id = m.person_id
         WHERE m.community_id = $1 AND m.role <> 'member' AND m.status = 'active' AND $7 IN (m.handle, person.name)
         ORDER BY m.joined_at LIMIT 1), $9, $10, $11::text,
         CASE WHEN $11::text IS NOT NULL THEN ${usualRule.holdSeconds} END, CASE WHEN $11::text IS NOT NULL THEN ${usualRule.decideMinutes} END,
         nullif($12::text[], '{}'), $13, $14, $15)`,
      [
        communityId,
        space.id,
        space.kind,
        space.title,
        space.purpose,
        space.decision,
        space.owner.name,
        space.owner.title,
        space.answerBy,
        space.informsOnly,
        space.mode ?? null,
        space.audience?.types ?? [],
        space.audience?.circle ?? false,
        space.groupId ?? null,
        space.audience?.segmentId ?? null,
      ],
    );
  }

  /** Somebody else of the team answers for what is said there, and is reminded. */
  async hand(
    em: EntityManager,
    communityId: string,
    spaceIds: readonly string[],
    memberId: string,
  ): Promise<void> {
    await em.query(
      `UPDATE space s SET owner_id = m.id, owner_name = m.handle, owner_title = m.title FROM member m
       WHERE s.community_id = $1 AND s.id = ANY ($2) AND m.community_id = $1 AND m.id = $3`,
      [communityId, spaceIds, memberId],
    );
  }

  /** Members hear of it by another day. */
  async answerBy(em: EntityManager, communityId: string, spaceId: string, on: string): Promise<void> {
    await em.query('UPDATE space SET answer_by = $3 WHERE community_id = $1 AND id = $2', [
      communityId,
      spaceId,
      on,
    ]);
  }

  list(communityId: string): Promise<OutputOf<typeof listSpaces>> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const rows: {
        id: string;
        kind: SpaceKind;
        title: string;
        mode: ModerationRule['mode'];
        hold_seconds: number;
        decide_minutes: number;
        own: boolean;
        held: boolean;
      }[] = await em.query(
        // An Update's thread follows the community; there are many of them.
        `SELECT s.id, s.kind, s.title, ${ruleOf}, s.mode IS NOT NULL AS own, s.held
         FROM space s LEFT JOIN community_rule r ON r.community_id = s.community_id
         WHERE s.community_id = $1 AND (s.kind <> 'update' OR s.mode IS NOT NULL OR s.held)
         ORDER BY s.created_at DESC, s.id LIMIT 200`,
        [communityId],
      );
      return {
        rule: await this.rule(em, communityId),
        spaces: rows.map(({ id, kind, title, own, held, ...rule }) => ({
          id,
          kind,
          title,
          own,
          held,
          rule: { mode: rule.mode, holdSeconds: rule.hold_seconds, decideMinutes: rule.decide_minutes },
        })),
      };
    });
  }

  /** The rule by which one space is moderated. */
  async ruleFor(em: EntityManager, communityId: string, spaceId: string): Promise<ModerationRule> {
    const [row] = (await em.query(
      `SELECT ${ruleOf} FROM space s LEFT JOIN community_rule r ON r.community_id = s.community_id
       WHERE s.community_id = $1 AND s.id = $2`,
      [communityId, spaceId],
    )) as { mode: ModerationRule['mode']; hold_seconds: number; decide_minutes: number }[];
    if (!row) throw notFound();
    return { mode: row.mode, holdSeconds: row.hold_seconds, decideMinutes: row.decide_minutes };
  }

  /** The rule of spaces that have none of their own. */
  async rule(em: EntityManager, communityId: string): Promise<ModerationRule> {
    const [row] = (await em.query(
      `SELECT mode, hold_seconds AS "holdSeconds", decide_minutes AS "decideMinutes" FROM community_rule
       WHERE community_id = $1`,
      [communityId],
    )) as ModerationRule[];
    return row ?? usualRule;
  }

  async setCommunityRule(communityId: string, rule: ModerationRule): Promise<void> {
    await this.tenancy.inCommunity(communityId, (em) =>
      em.query(
        `INSERT INTO community_rule (community_id, mode, hold_seconds, decide_minutes) VALUES ($1, $2, $3, $4)
         ON CONFLICT (community_id) DO UPDATE SET mode = $2, hold_seconds = $3, decide_minutes = $4`,
        [communityId, rule.mode, rule.holdSeconds, rule.decideMinutes],
      ),
    );
  }

  setRule(communityId: string, spaceId: string, rule: ModerationRule | null): Promise<void> {
    return this.update(communityId, spaceId, 'mode = $3, hold_seconds = $4, decide_minutes = $5', [
      rule?.mode ?? null,
      rule?.holdSeconds ?? null,
      rule?.decideMinutes ?? null,
    ]);
  }

  hold(communityId: string, spaceId: string, held: boolean): Promise<void> {
    return this.update(communityId, spaceId, 'held = $3', [held]);
  }

  private async update(communityId: string, spaceId: string, set: string, values: unknown[]): Promise<void> {
    const changed = await this.tenancy.inCommunity(communityId, (em) =>
      returned(em, `UPDATE space SET ${set} WHERE community_id = $1 AND id = $2 RETURNING id`, [
        communityId,
        spaceId,
        ...values,
      ]),
    );
    if (!changed.length) throw notFound();
  }
}
