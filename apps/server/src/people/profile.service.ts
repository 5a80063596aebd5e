import { Injectable } from '@nestjs/common';
import type { MemberStatus } from '@parley/contracts/people';
import {
  type FactDef,
  type FactSource,
  problemOfFact,
  type Profile,
  type ProfileFact,
} from '@parley/contracts/profile';
import type { Facts, FactValue } from '@parley/contracts/rule';
import { ANSWER_MAX } from '@parley/contracts/screener';
import { text } from '@parley/contracts/text';
import type { EntityManager } from 'typeorm';
import { AppError, notFound } from '../platform/errors';
import { returned } from '../platform/writer';
import { ConsentsService } from './consents.service';
import { MemberRow } from './people.tables';

/** What a community keeps of its members, and where it has it from. */
@Injectable()
export class ProfileService {
  constructor(private readonly consents: ConsentsService) {}

  /** Told, in the transaction, whose facts have changed. */
  readonly onFacts: ((em: EntityManager, communityId: string, memberId: string) => Promise<void>)[] = [];

  /** The facts that are kept, in the order in which they were made. */
  defs(em: EntityManager): Promise<FactDef[]> {
    return em.query(
      'SELECT key, label, kind, options, editable, sensitive FROM profile_fact_def ORDER BY created_at, key',
    );
  }

  /** Everybody of role member with one of these statuses, with what is known of them: one query. */
  factsOf(
    em: EntityManager,
    statuses: readonly MemberStatus[],
  ): Promise<{ memberId: string; facts: Facts }[]> {
    return em.query(
      `SELECT m.id AS "memberId", coalesce(jsonb_object_agg(f.key, f.value) FILTER (WHERE f.key IS NOT NULL), '{}') AS facts
       FROM member m LEFT JOIN profile_fact f ON f.community_id = m.community_id AND f.member_id = m.id
       WHERE m.role = 'member' AND m.status = ANY ($1) GROUP BY m.id`,
      [statuses],
    );
  }

  /** What is known of one active member; null of others. */
  async factsOfOne(em: EntityManager, memberId: string): Promise<Facts | null> {
    const [row] = (await em.query(
      `SELECT coalesce(jsonb_object_agg(f.key, f.value) FILTER (WHERE f.key IS NOT NULL), '{}') AS facts
       FROM member m LEFT JOIN profile_fact f ON f.community_id = m.community_id AND f.member_id = m.id
       WHERE m.id = $1 AND m.role = 'member' AND m.status = 'active' GROUP BY m.id`,
      [memberId],
    )) as { facts: Facts }[];
    return row?.facts ?? null;
  }

  /** Writes down what fits its definition; the rest is left out. */
  async assert(
    em: EntityManager,
    communityId: string,
    memberId: string,
    facts: Facts,
    source: FactSource,
  ): Promise<void> {
    const fitting = (await this.defs(em)).flatMap((def) => {
      const value = facts[def.key];
      return value !== undefined && !problemOfFact(def, value)
        ? [[def.key, cleaned(def, value)] as const]
        : [];
    });
    if (!fitting.length) return;
    await em.query(
      `INSERT INTO profile_fact (community_id, member_id, key, value, source)
       SELECT $1, $2, key, value, $4 FROM jsonb_each($3::jsonb) AS given (key, value)
       ON CONFLICT (community_id, member_id, key) DO UPDATE SET value = excluded.value, source = excluded.source,
         asserted_at = now()`,
      [communityId, memberId, JSON.stringify(Object.fromEntries(fitting)), source],
    );
    for (const told of this.onFacts) await told(em, communityId, memberId);
  }

  /** The kind of a fact stays; so do the options that somebody's fact names. */
  async saveDef(em: EntityManager, communityId: string, def: FactDef): Promise<void> {
    const { key, label, kind, options, editable, sensitive } = def;
    const chooses = kind === 'single' || kind === 'multiple';
    const fields: Record<string, string> = {};
    if (chooses && options.length < 2) fields['options'] = 'at least two';
    if (!chooses && options.length) fields['options'] = 'only for facts with a choice';
    if (new Set(options.map(({ value }) => value)).size < options.length) fields['options'] = 'each once';
    if (Object.keys(fields).length) throw invalid(fields);
    const saved = await returned(
      em,
      `INSERT INTO profile_fact_def (community_id, key, label, kind, options, editable, sensitive)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (community_id, key) DO UPDATE SET label = excluded.label, options = excluded.options,
         editable = excluded.editable, sensitive = excluded.sensitive
       WHERE profile_fact_def.kind = excluded.kind RETURNING key`,
      [communityId, key, label, kind, JSON.stringify(options), editable, sensitive],
    );
    if (!saved.length) throw invalid({ kind: 'stays as it was first saved' });
    if (!chooses) return;
    const named: { choice: string }[] = await em.query(
      `SELECT DISTINCT choice FROM profile_fact, jsonb_array_elements_text(
         CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE jsonb_build_array(value) END) AS chosen (choice)
       WHERE community_id = $1 AND key = $2 AND choice <> ALL ($3)`,
      [communityId, key, options.map(({ value }) => value)],
    );
    if (named.length)
      throw invalid({ options: `with ${named.map(({ choice }) => choice).join(', ')}, which members have` });
  }

  /** Everything that is known about one member, for that member. */
  async read(em: EntityManager, communityId: string, memberId: string): Promise<Profile> {
    const [row] = (await em.query(
      `SELECT handle, avatar, observer, status, joined_at AS "joinedAt", came_by AS "cameBy" FROM member
       WHERE community_id = $1 AND id = $2`,
      [communityId, memberId],
    )) as (Pick<Profile, 'handle' | 'avatar' | 'observer' | 'cameBy'> & {
      status: MemberStatus;
      joinedAt: Date;
    })[];
    if (!row) throw notFound();
    const facts: (Omit<ProfileFact, 'since'> & { since: Date | null })[] = await em.query(
      `SELECT d.key, d.label, d.kind, d.options, d.editable, d.sensitive, f.value, f.source, f.asserted_at AS since
       FROM profile_fact_def d
       LEFT JOIN profile_fact f ON f.community_id = d.community_id AND f.key = d.key AND f.member_id = $2
       WHERE d.community_id = $1 ORDER BY d.created_at, d.key`,
      [communityId, memberId],
    );
    const { status, joinedAt, ...known } = row;
    return {
      ...known,
      memberId,
      paused: status === 'paused',
      joinedAt: joinedAt.toISOString(),
      facts: facts.map((fact) => ({ ...fact, since: fact.since?.toISOString() ?? null })),
      consents: await this.consents.of(em, communityId, memberId),
    };
  }

  async update(
    em: EntityManager,
    communityId: string,
    memberId: string,
    change: Partial<Pick<MemberRow, 'handle' | 'avatar' | 'observer'>>,
  ): Promise<void> {
    if (Object.keys(change).length) await em.update(MemberRow, { communityId, id: memberId }, change);
  }

  /** What the member says of themselves; null forgets it. */
  async updateFact(
    em: EntityManager,
    communityId: string,
    memberId: string,
    key: string,
    value: FactValue | null,
  ): Promise<void> {
    const def = (await this.defs(em)).find((known) => known.key === key);
    if (!def) throw notFound();
    if (!def.editable) throw new AppError('auth.forbidden', 'The team keeps this: ask them to change it.');
    if (value === null) {
      await em.query('DELETE FROM profile_fact WHERE community_id = $1 AND member_id = $2 AND key = $3', [
        communityId,
        memberId,
        key,
      ]);
      for (const told of this.onFacts) await told(em, communityId, memberId);
      return;
    }
    const problem = problemOfFact(def, value);
    if (problem) throw invalid({ value: problem });
    await this.assert(em, communityId, memberId, { [key]: value }, 'member');
  }
}

/** What is written freely is kept without marks that would hide or turn other text. */
const cleaned = ({ kind }: FactDef, value: FactValue): FactValue =>
  kind === 'text' || kind === 'region' ? text(ANSWER_MAX).parse(value) : value;
const invalid = (fields: Record<string, string>) =>
  new AppError('request.invalid', 'Please check what was sent.', { fields });
