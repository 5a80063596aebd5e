import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { InputOf, OutputOf } from '@parley/contracts/contract';
import type {
  Application,
  ApplicationStatus,
  decideApplication,
  DoorDesk,
  Plan,
  PlanState,
  readApplication,
  readVoice,
  tryPlan,
} from '@parley/contracts/door';
import type { FactDef } from '@parley/contracts/profile';
import type { Facts, FactValue } from '@parley/contracts/rule';
import { stringify } from 'csv-stringify/sync';
import type { EntityManager } from 'typeorm';
import { AuditService } from '../people/audit.service';
import { ProfileService } from '../people/profile.service';
import type { Member } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { Tenancy } from '../platform/tenancy';
import { CandidacyService, type Reader, voiceOf } from './candidacy.service';
import { CandidatesService } from './candidates.service';
import { ApplicationRow } from './door.tables';
import { InvitationsService } from './invitations.service';
import { wordsOf } from './mails';
import { admitInOrder, type Counter, fullFor, stateOf } from './quotas';
import { QuotasService } from './quotas.service';
import { ScreenersService } from './screeners.service';
import { WaitlistService } from './waitlist.service';

const SHOWN = 200;

/** What applications are read with; gathered once, however many they are. */
interface Reading {
  defs: Map<string, FactDef>;
  counters: Counter[];
  places: Map<string, number>;
  sources: Map<string, string>;
  /** The team, who read what people say. */
  readers: Map<string, Reader>;
}

/** The manager's side of the door. */
@Injectable()
export class DeskService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly profile: ProfileService,
    private readonly audit: AuditService,
    private readonly screeners: ScreenersService,
    private readonly quotas: QuotasService,
    private readonly waitlist: WaitlistService,
    private readonly invitations: InvitationsService,
    private readonly candidates: CandidatesService,
    private readonly candidacy: CandidacyService,
  ) {}

  async read(communityId: string): Promise<DoorDesk> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const waiting = await this.waitlist.waiting(em, communityId);
      const [counts] = (await em.query(
        `SELECT count(*) FILTER (WHERE status = 'waiting')::int AS waiting,
           count(*) FILTER (WHERE voice IS NOT NULL AND voice_read_at IS NULL)::int AS "unreadVoices"
         FROM application WHERE community_id = $1`,
        [communityId],
      )) as [Pick<DoorDesk, 'waiting' | 'unreadVoices'>];
      return {
        ...counts,
        sources: await this.invitations.sources(em, communityId),
        plan: await this.quotas.state(em, communityId, waiting),
        questions: (await this.screeners.current(em, communityId)).body.questions.length,
      };
    });
  }

  /** Says what a plan would do, and does nothing. */
  async tryPlan(communityId: string, plan: Plan): Promise<OutputOf<typeof tryPlan>> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const { version } = await this.quotas.standing(em, communityId);
      const waiting = await this.waitlist.waiting(em, communityId);
      const { counters, over } = await this.quotas.trial(em, communityId, plan);
      return {
        enter: admitInOrder(counters, await this.quotas.line(em, communityId)).length,
        over,
        state: stateOf(version, counters, waiting),
      };
    });
  }

  async publishPlan(communityId: string, basedOn: number, plan: Plan): Promise<PlanState> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      await this.quotas.publish(em, communityId, basedOn, plan);
      await this.candidates.offerSoon(em, communityId);
      return this.quotas.state(em, communityId, await this.waitlist.waiting(em, communityId));
    });
  }

  /** The first two hundred. Those who wait come in their order, all others newest first. */
  async list(communityId: string, status: ApplicationStatus) {
    return this.tenancy.inCommunity(communityId, (em) =>
      this.readMany(
        em,
        communityId,
        'status = $2',
        status,
        status === 'waiting' ? 'waiting_since, id' : 'created_at DESC',
      ),
    );
  }

  async listVoices(communityId: string) {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const { applications, all } = await this.readMany(
        em,
        communityId,
        'voice IS NOT NULL AND $2::text IS NULL',
        null,
        'voice_read_at IS NOT NULL, voice_at DESC',
      );
      return { voices: applications, all };
    });
  }

  async readOne(communityId: string, applicationId: string): Promise<OutputOf<typeof readApplication>> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const row = await this.find(em, communityId, applicationId);
      const { questions } = await this.screeners.version(em, communityId, row.screenerVersion);
      return {
        ...this.told(row, await this.reading(em, communityId)),
        screenerVersion: row.screenerVersion,
        answers: questions.flatMap((question) =>
          question.id in row.answers ? [{ question, value: row.answers[question.id] ?? null }] : [],
        ),
        consents: (row.consents ?? []).map(({ purpose, version, at }) => ({
          purpose,
          givenVersion: version,
          changedAt: at,
        })),
      };
    });
  }

  async decide(
    communityId: string,
    { applicationId, decision, reason }: InputOf<typeof decideApplication>,
  ): Promise<Application> {
    if (decision === 'offer') {
      const waits = await this.tenancy.inCommunity(communityId, (em) =>
        this.find(em, communityId, applicationId),
      );
      if (waits.status !== 'offered' && waits.status !== 'reserved') {
        if (waits.status !== 'waiting') throw new AppError('door.stepOrder', 'This person does not wait.');
        if (!(await this.waitlist.offer(communityId, applicationId)))
          throw new AppError('door.full', 'There is no place for this person: widen a cell first.');
      }
    }
    return this.tenancy.inCommunity(communityId, async (em) => {
      const row = await this.find(em, communityId, applicationId, true);
      if (decision === 'notThisTime' && row.status !== 'notThisTime') {
        if (row.status !== 'waiting') throw new AppError('door.stepOrder', 'This person does not wait.');
        await em.query(
          `UPDATE application SET status = 'notThisTime', decided_at = now() WHERE community_id = $1 AND id = $2`,
          [communityId, applicationId],
        );
        await this.candidacy.mailPage(em, row, 'notThisTime', { reason: wordsOf(reason) });
      }
      return this.told(await this.find(em, communityId, applicationId), await this.reading(em, communityId));
    });
  }

  /** The first to read it stays its reader; a reply is mailed once. */
  async readVoice(
    { memberId, communityId, personId }: Member,
    { applicationId, reply }: InputOf<typeof readVoice>,
  ): Promise<Application> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const row = await this.find(em, communityId, applicationId, true);
      if (row.voice === null) throw notFound();
      await em.query(
        `UPDATE application SET voice_read_by = coalesce(voice_read_by, $3), voice_read_at = coalesce(voice_read_at, now()),
           voice_reply = CASE WHEN voice_reply = '' THEN $4 ELSE voice_reply END WHERE community_id = $1 AND id = $2`,
        [communityId, applicationId, memberId, reply],
      );
      if (reply && !row.voiceReply) {
        const [{ name }] = (await em.query('SELECT name FROM person WHERE id = $1', [personId])) as [
          { name: string },
        ];
        await this.candidacy.mailPage(em, row, 'reply', { name, reply });
      }
      return this.told(await this.find(em, communityId, applicationId), await this.reading(em, communityId));
    });
  }

  /** Every application that was not withdrawn, a column a fact; who took it stands in the audit log. */
  async export({ communityId, personId }: Member): Promise<{ csv: string; sha256: string; rows: number }> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const defs = await this.profile.defs(em);
      const rows: {
        id: string;
        status: string;
        source: string;
        placement: string;
        facts: Facts;
        createdAt: Date;
      }[] = await em.query(
        `SELECT a.id, a.status, s.label AS source, s.placement, a.facts, a.created_at AS "createdAt"
         FROM application a JOIN source s ON s.community_id = a.community_id AND s.id = a.source_id
         WHERE a.community_id = $1 AND a.status <> 'withdrawn' ORDER BY a.created_at, a.id`,
        [communityId],
      );
      const head = ['application', 'status', 'source', 'placement', 'begun', ...defs.map(({ key }) => key)];
      const lines = rows.map(({ id, status, source, placement, facts, createdAt }) => [
        id,
        status,
        source,
        placement,
        createdAt.toISOString(),
        ...defs.map(({ key }) => [facts[key] ?? ''].flat().join('; ')),
      ]);
      // What a spreadsheet would run is text.
      const csv = stringify([head, ...lines], { escape_formulas: true });
      const sha256 = createHash('sha256').update(csv).digest('hex');
      await this.audit.write(em, {
        actor: personId,
        action: 'door.exported',
        target: 'applications',
        detail: { rows: rows.length, sha256 },
      });
      return { csv, sha256, rows: rows.length };
    });
  }

  private async readMany(
    em: EntityManager,
    communityId: string,
    which: string,
    value: string | null,
    order: string,
  ): Promise<{ applications: Application[]; all: number }> {
    const found: { id: string; all: number }[] = await em.query(
      `SELECT id, count(*) OVER ()::int AS "all" FROM application WHERE community_id = $1 AND ${which}
       ORDER BY ${order} LIMIT ${SHOWN}`,
      [communityId, value],
    );
    const rows = new Map(
      (
        await em
          .createQueryBuilder(ApplicationRow, 'a')
          .where('a.community_id = :communityId AND a.id = ANY (:ids)', {
            communityId,
            ids: found.map(({ id }) => id),
          })
          .getMany()
      ).map((row) => [row.id, row]),
    );
    const reading = await this.reading(em, communityId);
    return {
      applications: found.map(({ id }) => this.told(rows.get(id)!, reading)),
      all: found[0]?.all ?? 0,
    };
  }

  private async reading(em: EntityManager, communityId: string): Promise<Reading> {
    const waiting: { id: string }[] = await em.query(
      `SELECT id FROM application WHERE community_id = $1 AND status = 'waiting' ORDER BY waiting_since, id`,
      [communityId],
    );
    const sources: { id: string; label: string }[] = await em.query(
      'SELECT id, label FROM source WHERE community_id = $1',
      [communityId],
    );
    const readers: (Reader & { id: string })[] = await em.query(
      `SELECT m.id, p.name, m.role FROM member m JOIN person p ON p.id = m.person_id
       WHERE m.community_id = $1 AND m.role <> 'member'`,
      [communityId],
    );
    return {
      defs: new Map((await this.profile.defs(em)).map((def) => [def.key, def])),
      counters: (await this.quotas.standing(em, communityId)).counters,
      places: new Map(waiting.map(({ id }, place) => [id, place + 1])),
      sources: new Map(sources.map(({ id, label }) => [id, label])),
      readers: new Map(readers.map(({ id, name, role }) => [id, { name, role }])),
    };
  }

  private told(row: ApplicationRow, { defs, counters, places, sources, readers }: Reading): Application {
    const reachable = row.emailVerifiedAt !== null || row.invitationId !== null;
    return {
      id: row.id,
      status: row.status,
      source: sources.get(row.sourceId) ?? '',
      handle: row.handle,
      email: reachable ? (row.email ?? '') : '',
      facts: Object.entries(row.facts).map(([key, value]) => {
        const def = defs.get(key);
        return { label: def?.label ?? key, value: inWords(value, def) };
      }),
      place: row.status === 'waiting' ? (places.get(row.id) ?? null) : null,
      full: row.status === 'waiting' ? fullFor(counters, row.facts).map(({ label }) => label) : [],
      since: (row.waitingSince ?? row.createdAt).toISOString(),
      voice: voiceOf(row, readers.get(row.voiceReadBy ?? '')),
    };
  }

  private async find(em: EntityManager, communityId: string, id: string, locked = false) {
    const row = await em.findOne(ApplicationRow, {
      where: { communityId, id },
      ...(locked && { lock: { mode: 'pessimistic_write' as const } }),
    });
    if (!row) throw notFound();
    return row;
  }
}

function inWords(value: FactValue, def: FactDef | undefined): string {
  const label = (choice: string | number) =>
    def?.options.find((option) => option.value === choice)?.label ?? String(choice);
  return [value].flat().map(label).join(', ');
}
