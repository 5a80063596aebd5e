import { Injectable } from '@nestjs/common';
import type { InputOf, OutputOf } from '@parley/contracts/contract';
import type { LoopState, Outcome } from '@parley/contracts/contributions';
import type { bringIdeas, BroughtStatus, checkBrought } from '@parley/contracts/ideas';
import { cut } from '@parley/contracts/text';
import { surfacing } from '@parley/insight/surfacing';
import { FateService } from '../contributions/fate.service';
import type { Member } from '../platform/doors';
import { idOf } from '../platform/ids';
import { Tenancy } from '../platform/tenancy';
import { type Brought, readBrought } from './brought';
import { ideaWords } from './ideas.sql';
import { PlacesService } from './places.service';

const SHOWN = 5;
const CHUNK = 500;
const LATER_DAYS = 90;

/** What a status is read from; see `idea_status`. */
const states: Record<Exclude<BroughtStatus, 'leaveOut'>, { loop: LoopState; outcome: Outcome | null }> = {
  new: { loop: 'received', outcome: null },
  inReview: { loop: 'considered', outcome: null },
  planned: { loop: 'decided', outcome: 'adopted' },
  inProgress: { loop: 'decided', outcome: 'adopted' },
  delivered: { loop: 'delivered', outcome: 'adopted' },
  later: { loop: 'decided', outcome: 'deferred' },
  notNow: { loop: 'decided', outcome: 'declined' },
  alreadyThere: { loop: 'decided', outcome: 'alreadyThere' },
  answered: { loop: 'decided', outcome: 'informedOnly' },
};

/** Ideas that a brand brings along from another board: contributions like any, with where they come from. */
@Injectable()
export class BringingService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly fate: FateService,
    private readonly places: PlacesService,
  ) {}

  async check(
    caller: Member,
    { placeId, csv, columns, statuses }: InputOf<typeof checkBrought>,
  ): Promise<OutputOf<typeof checkBrought>> {
    await this.tenancy.inCommunity(caller.communityId, (em) => this.places.ideaPlace(em, caller, placeId));
    const { good, ...file } = readBrought(csv, columns, statuses);
    return {
      ...file,
      first: good.slice(0, SHOWN).map(({ title, text, status, at }) => ({
        ...{ title, text: cut(text, 400), status, on: at?.toISOString().slice(0, 10) ?? null },
      })),
    };
  }

  /** All good rows or none; a row that was brought along before stays as it is by now. */
  async bring(
    caller: Member,
    { placeId, from, csv, columns, statuses }: InputOf<typeof bringIdeas>,
  ): Promise<OutputOf<typeof bringIdeas>> {
    const { communityId, memberId } = caller;
    const { good, report } = readBrought(csv, columns, statuses);
    return this.tenancy.inCommunity(communityId, async (em) => {
      await this.places.ideaPlace(em, caller, placeId);
      const known: { key: string; id: string }[] = await em.query(
        `SELECT imported ->> 'key' AS key, id FROM idea WHERE community_id = $1 AND place_id = $2 AND imported ->> 'from' = $3`,
        [communityId, placeId, from],
      );
      const here = new Map(known.map(({ key, id }) => [key, id]));
      const fresh = good.filter(({ key }) => !here.has(key));
      const idFor = (key: string) => idOf('brought', placeId, from, key);
      for (let at = 0; at < fresh.length; at += CHUNK) {
        const rows = fresh.slice(at, at + CHUNK).map((one) => rowOf(one, idFor(one.key), from));
        await em.query(
          `WITH r AS (SELECT * FROM json_to_recordset($4::json) AS r (id uuid, body text, at timestamptz, loop text, outcome text,
               parts jsonb, imported jsonb, started boolean, status text, score double precision, note text)
           ), said AS (
             INSERT INTO contribution (community_id, id, room_id, author_id, type, body, at, loop, outcome, deliver_by, judge_until)
             SELECT $1, id, $2, $3, 'idea', body, at, loop, outcome,
               CASE WHEN outcome IN ('adopted', 'deferred') THEN current_date + ${LATER_DAYS} END,
               CASE WHEN loop = 'delivered' THEN now() END FROM r
           ), topics AS (
             INSERT INTO topic (community_id, id, place_id, last_at) SELECT $1, id, $2, at FROM r
           )
           INSERT INTO idea (community_id, id, place_id, at, parts, status, status_at, started_at, note, acknowledge_by,
             acknowledged_at, acknowledged_by, score, imported)
           SELECT $1, id, $2, at, parts, status, at, CASE WHEN started THEN at END, note, now(), now(), $3, score, imported FROM r`,
          [communityId, placeId, memberId, JSON.stringify(rows)],
        );
      }
      await this.fate.write(
        em,
        communityId,
        fresh
          .filter(({ status }) => states[status as keyof typeof states].outcome)
          .map((one) => ({
            ...{ contributionId: idFor(one.key), kind: 'decided', byId: null },
            detail: { outcome: states[one.status as keyof typeof states].outcome, note: noteOf(one, from) },
          })),
      );
      // What took the place of another there goes on in it here.
      const ids = new Map([...here, ...fresh.map(({ key }) => [key, idFor(key)] as const)]);
      const replaced = fresh.flatMap(({ key, replacedBy }) => {
        const into = replacedBy && replacedBy !== key ? ids.get(replacedBy) : undefined;
        return into ? [{ id: idFor(key), into }] : [];
      });
      if (replaced.length)
        await em.query(
          `UPDATE contribution c SET moderation = 'merged', merged_into = r."into"
           FROM json_to_recordset($2::json) AS r (id uuid, "into" uuid) WHERE c.community_id = $1 AND c.id = r.id`,
          [communityId, JSON.stringify(replaced)],
        );
      return { made: fresh.length, here: good.length - fresh.length, report };
    });
  }
}

const noteOf = ({ was }: Brought, from: string) => (was ? `${from}: ${was}` : from);

function rowOf(one: Brought, id: string, from: string) {
  const { key, title, text, by, support, at, status } = one;
  const state = states[status as keyof typeof states];
  const parts = { situation: '', struggle: '', outcome: '', idea: text };
  return {
    ...{ id, body: ideaWords(title, parts), at: (at ?? new Date()).toISOString(), ...state, parts, status },
    imported: { from, key, by, support },
    started: status === 'inProgress',
    note: state.outcome ? noteOf(one, from) : null,
    // Among those nobody has rated here yet, what had more support there comes first.
    score: surfacing([{ agree: 0, seen: 0 }], 0) + Math.min(support ?? 0, 1_000_000) * 1e-9,
  };
}
