import { Injectable } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import {
  COMMENTS_SHOWN,
  type createSession,
  type Cue,
  type Mood,
  type SessionCard,
  type SessionResult,
  type SessionStatus,
  type Stage,
} from '@parley/contracts/live';
import { sessionRoom } from '@parley/contracts/live-facts';
import type { Asset } from '@parley/contracts/media';
import { type Fact, MISSED_MAX } from '@parley/contracts/realtime';
import { agreement } from '@parley/insight/surfacing';
import { type EntityManager, In } from 'typeorm';
import { ContributionsService } from '../contributions/contributions.service';
import { PromisesService } from '../loop/promises.service';
import { AssetsService } from '../media/assets.service';
import type { Member, Overseer } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { idOf } from '../platform/ids';
import { Tenancy } from '../platform/tenancy';
import type { Loaded, LiveRoom } from './live-room';
import { CueRow, RoundRow, SessionHostRow } from './live.tables';
import { moodAt, Round } from './round';

const COMMENTS_IN_RESULT = 500;

/** Sessions as they are stored: planning, listing, reading them back. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly contributions: ContributionsService,
    private readonly promises: PromisesService,
    private readonly assets: AssetsService,
  ) {}

  /** Live ones first, then the next, then the ended. Hosts see those they are assigned to. */
  list({ communityId, memberId, role }: Member | Overseer): Promise<SessionCard[]> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const rows: CardRow[] = await em.query(`${cards} WHERE session.community_id = $1`, [communityId]);
      const hosted = role === 'host' ? await em.findBy(SessionHostRow, { communityId, memberId }) : [];
      const mine = new Set(hosted.map(({ sessionId }) => sessionId));
      const order = { live: 0, scheduled: 1, ended: 2 };
      return rows
        .filter(({ id }) => role !== 'host' || mine.has(id))
        .sort(
          (a, b) =>
            order[a.status] - order[b.status] ||
            (a.status === 'ended' ? -1 : 1) * (a.startsAt.getTime() - b.startsAt.getTime()),
        )
        .map(cardOf);
    });
  }

  /** Asked again with the same id it answers the Session made before. All hosts of the community are assigned to it. */
  create(
    communityId: string,
    plan: Omit<InputOf<typeof createSession>, 'communityId'>,
  ): Promise<SessionCard> {
    const { sessionId, decisionOwner, cues, startsAt, plannedMinutes, reportBackOn, ...rest } = plan;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const [room] = (await em.query(
        'INSERT INTO room (community_id, id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id',
        [communityId, sessionRoom(sessionId)],
      )) as { id: string }[];
      if (!room) return cardOf(await this.row(em, communityId, sessionId));
      const assetIds = cues.flatMap(({ assetId, otherAssetId }) =>
        [assetId ?? [], otherAssetId ?? []].flat(),
      );
      const assets = await this.assets.assets(em, communityId, assetIds);
      const fields = Object.assign({}, ...cues.map((cue, place) => faultOf(cue, place, assets))) as Record<
        string,
        string
      >;
      if (Object.keys(fields).length)
        throw new AppError('request.invalid', 'Choose something that fits the cue.', { fields });
      await this.promises.make(em, communityId, {
        ...rest,
        id: sessionRoom(sessionId),
        kind: 'session',
        owner: decisionOwner,
        answerBy: reportBackOn,
      });
      await em.query(
        `INSERT INTO session (community_id, id, status, starts_at, planned_minutes) VALUES ($1, $2, 'scheduled', $3, $4)`,
        [communityId, sessionId, startsAt, plannedMinutes],
      );
      const rows = cues.map((cue, at) => ({
        communityId,
        id: idOf('cue', sessionId, at + 1),
        sessionId,
        place: at + 1,
        ...cue,
      }));
      if (rows.length) await em.insert(CueRow, rows);
      await em.query(
        `INSERT INTO session_host (community_id, session_id, member_id)
         SELECT community_id, $2, id FROM member WHERE community_id = $1 AND role = 'host' AND status = 'active'`,
        [communityId, sessionId],
      );
      return cardOf(await this.row(em, communityId, sessionId));
    });
  }

  /** Sessions that show an asset, or will. */
  async showing(em: EntityManager, communityId: string, assetId: string): Promise<string[]> {
    const rows: { id: string }[] = await em.query(
      `SELECT DISTINCT s.id FROM cue c JOIN session s ON s.community_id = $1 AND s.id = c.session_id AND s.status <> 'ended'
       WHERE c.community_id = $1 AND $2 IN (c.asset_id, c.other_asset_id)`,
      [communityId, assetId],
    );
    return rows.map(({ id }) => sessionRoom(id));
  }

  cues(communityId: string, sessionId: string): Promise<Cue[]> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      await this.row(em, communityId, sessionId);
      return this.cuesOf(em, communityId, sessionId);
    });
  }

  /** The whole Session from its rows. */
  load(communityId: string, sessionId: string): Promise<Loaded> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const row = await this.row(em, communityId, sessionId);
      const roomId = sessionRoom(sessionId);
      const cues = await this.cuesOf(em, communityId, sessionId);
      const hosts = await em.findBy(SessionHostRow, { communityId, sessionId });
      const facts = await latestFacts(em, roomId);
      return {
        shared: {
          card: cardOf(row),
          seq: facts.at(-1)?.[0] ?? 0,
          stage: row.stage,
          cue: cues.find(({ id }) => id === row.stage?.cueId) ?? null,
          comments: await this.contributions.listComments(em, roomId, COMMENTS_SHOWN),
          statements: await this.contributions.listStatements(em, roomId),
        },
        cues,
        hosts: new Set(hosts.map(({ memberId }) => memberId)),
        facts,
        rounds: await this.rounds(em, communityId, cues),
        ratings: await this.contributions.listRatings(em, roomId),
      };
    });
  }

  /** What the Session left. `room` holds its counts. */
  result(communityId: string, room: LiveRoom): Promise<SessionResult> {
    const { card, statements } = room.shared;
    const roomId = sessionRoom(card.id);
    return this.tenancy.inCommunity(communityId, async (em) => {
      const rounds = room.everyRound;
      const people = new Set(await this.contributions.authorsAndRaters(em, roomId));
      for (const round of rounds) for (const memberId of round.people) people.add(memberId);
      const agreementOf = (id: string) => {
        const { agree, disagree, unsure } = room.countsOf(id);
        return agreement({ agree, seen: agree + disagree + unsure });
      };
      return {
        card,
        people: people.size,
        rounds: rounds.map((round) => ({ cue: round.cue, trace: round.trace(Date.now()) })),
        statements: statements
          .map((statement) => ({ statement, counts: room.countsOf(statement.id) }))
          .sort((a, b) => agreementOf(b.statement.id) - agreementOf(a.statement.id)),
        comments: await this.contributions.listComments(em, roomId, COMMENTS_IN_RESULT),
        commentCount: await this.contributions.countComments(em, roomId),
      };
    });
  }

  private async row(em: EntityManager, communityId: string, id: string): Promise<CardRow> {
    const [row] = (await em.query(`${cards} WHERE session.community_id = $1 AND session.id = $2`, [
      communityId,
      id,
    ])) as CardRow[];
    if (!row) throw notFound();
    return row;
  }

  private async cuesOf(em: EntityManager, communityId: string, sessionId: string): Promise<Cue[]> {
    const rows = await em.find(CueRow, { where: { communityId, sessionId }, order: { place: 'ASC' } });
    const assets = await this.assets.assets(
      em,
      communityId,
      rows.flatMap(({ assetId, otherAssetId }) => [assetId ?? [], otherAssetId ?? []].flat()),
    );
    return rows.map(({ id, place, kind, title, prompt, assetId, otherAssetId, page }) => ({
      ...{ id, order: place, kind, title, prompt, page },
      asset: assets.get(assetId ?? '') ?? null,
      other: assets.get(otherAssetId ?? '') ?? null,
    }));
  }

  private async rounds(em: EntityManager, communityId: string, cues: Cue[]): Promise<Round[]> {
    const cueOf = new Map(cues.map((cue) => [cue.id, cue]));
    const rows = await em.findBy(RoundRow, { communityId, cueId: In([...cueOf.keys()]) });
    const rounds = rows.map(
      ({ cueId, round, onAirAt }) => new Round(cueOf.get(cueId)!, round, onAirAt.getTime()),
    );
    // How far a video was shown is not stored: after a restart all of it may be spoken of.
    const inOrder = rounds.toSorted((a, b) => a.onAirAt - b.onAirAt);
    for (const [at, round] of inOrder.entries()) {
      round.endedAt = inOrder[at + 1]?.onAirAt ?? null;
      round.reach(round.cue.asset?.durationSeconds ?? 0);
    }
    for (const round of rounds) {
      const samples: {
        memberId: string;
        dial: [number, number][] | null;
        moods: [number, number][] | null;
      }[] = await em.query(
        `SELECT member_id AS "memberId",
             json_agg(json_build_array(second, dial)) FILTER (WHERE dial IS NOT NULL) AS dial,
             json_agg(json_build_array(second, mood)) FILTER (WHERE mood IS NOT NULL) AS moods
           FROM sample WHERE community_id = $1 AND cue_id = $2 AND round = $3 GROUP BY member_id`,
        [communityId, round.cue.id, round.round],
      );
      for (const { memberId, dial, moods } of samples) {
        for (const [second, value] of dial ?? []) round.addDial(memberId, second, value);
        for (const [second, place] of moods ?? []) round.addMood(memberId, second, moodAt(place));
      }
    }
    return rounds;
  }
}

/** What of a cue does not fit its kind, by field. */
function faultOf(
  { kind, assetId, otherAssetId, page }: InputOf<typeof createSession>['cues'][number],
  place: number,
  assets: ReadonlyMap<string, Asset>,
): Record<string, string> {
  const at = (field: string, takes: string) => ({ [`cues.${place}.${field}`]: takes });
  const [asset, other] = [assets.get(assetId ?? ''), assets.get(otherAssetId ?? '')];
  if (assetId && !asset) return at('assetId', 'an asset of this community');
  if (otherAssetId && !other) return at('otherAssetId', 'an asset of this community');
  if (other && kind !== 'pair') return at('otherAssetId', 'with a pair alone');
  if (page !== null && kind !== 'page') return at('page', 'with a page of a document alone');
  switch (kind) {
    case 'picture':
      return !asset || asset.kind === 'image' ? {} : at('assetId', 'a picture');
    case 'video':
      if (asset?.kind !== 'video') return at('assetId', 'a film');
      return asset.captions.length ? {} : at('assetId', 'a film with captions');
    case 'pair':
      if (asset?.kind !== 'image') return at('assetId', 'a picture');
      return other?.kind === 'image' ? {} : at('otherAssetId', 'a picture');
    case 'page':
      if (asset?.kind !== 'document') return at('assetId', 'a document');
      return page && page <= asset.pages ? {} : at('page', `1 to ${asset.pages}`);
    default:
      return {};
  }
}

/** Samples of one member in one round, on their way to the table. */
export interface NewSamples {
  cueId: string;
  round: number;
  dial: readonly (readonly [second: number, value: number])[];
  moods: readonly (readonly [second: number, mood: Mood])[];
}

/** Oldest first. */
async function latestFacts(em: EntityManager, roomId: string): Promise<Fact[]> {
  const rows: { seq: string; name: string; data: unknown }[] = await em.query(
    'SELECT seq, name, data FROM fact WHERE room_id = $1 ORDER BY seq DESC LIMIT $2',
    [roomId, MISSED_MAX],
  );
  return rows.reverse().map(({ seq, name, data }) => [Number(seq), name, data]);
}

/** A Session with what its space says of it. */
interface CardRow {
  id: string;
  title: string;
  purpose: string;
  decision: string;
  ownerName: string;
  ownerTitle: string;
  reportBackOn: string;
  informsOnly: boolean;
  status: SessionStatus;
  startsAt: Date;
  plannedMinutes: number;
  startedAt: Date | null;
  endedAt: Date | null;
  stage: Stage | null;
}

const cards = `SELECT session.id, s.title, s.purpose, s.decision, s.owner_name AS "ownerName",
  s.owner_title AS "ownerTitle", s.answer_by::text AS "reportBackOn", s.informs_only AS "informsOnly", session.status,
  session.starts_at AS "startsAt", session.planned_minutes AS "plannedMinutes", session.started_at AS "startedAt",
  session.ended_at AS "endedAt", session.stage
  FROM session JOIN space s ON s.community_id = session.community_id AND s.id = session.id`;

const cardOf = (row: CardRow): SessionCard => ({
  id: row.id,
  title: row.title,
  purpose: row.purpose,
  decision: row.decision,
  decisionOwner: { name: row.ownerName, title: row.ownerTitle },
  reportBackOn: row.reportBackOn,
  informsOnly: row.informsOnly,
  status: row.status,
  startsAt: row.startsAt.toISOString(),
  plannedMinutes: row.plannedMinutes,
  startedAt: row.startedAt?.toISOString() ?? null,
  endedAt: row.endedAt?.toISOString() ?? null,
});
