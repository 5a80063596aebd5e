import { Inject, Injectable } from '@nestjs/common';
import { type Candidacy, doorLink, type Step, type Threshold } from '@parley/contracts/door';
import type { EntityManager } from 'typeorm';
import { ConsentsService } from '../people/consents.service';
import { type Config, CONFIG } from '../platform/config';
import { AppError } from '../platform/errors';
import { Mails } from '../platform/mail';
import { ScopeKey } from '../platform/tenancy';
import { ApplicationRow } from './door.tables';
import { doorMail } from './mails';
import { fullFor } from './quotas';
import { QuotasService } from './quotas.service';
import { ScreenersService } from './screeners.service';
import { candidateToken, masked } from './tokens';

/** A candidate, as the cookie of their browser names them. */
export interface Candidate {
  communityId: string;
  applicationId: string;
}

/** Where candidates stand, as they see it on their page and in mails. */
@Injectable()
export class CandidacyService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly key: ScopeKey,
    private readonly mails: Mails,
    private readonly consents: ConsentsService,
    private readonly screeners: ScreenersService,
    private readonly quotas: QuotasService,
  ) {}

  async find(em: EntityManager, { communityId, applicationId }: Candidate, locked = false) {
    const application = await em.findOne(ApplicationRow, {
      where: { communityId, id: applicationId },
      ...(locked && { lock: { mode: 'pessimistic_write' as const } }),
    });
    if (!application) throw new AppError('auth.required', 'Open your invitation first.');
    return application;
  }

  /** What the person sees. */
  async look(em: EntityManager, application: ApplicationRow): Promise<Candidacy> {
    const { communityId, status, email, emailVerifiedAt } = application;
    const body = await this.screeners.version(em, communityId, application.screenerVersion);
    const holds = holdsPlace(application);
    const step = stepOf(application);
    const bound = application.invitationId ? email : null;
    return {
      threshold: await this.threshold(em, communityId, application.sourceId, bound),
      step,
      screener:
        step === 'questions'
          ? { version: application.screenerVersion, intro: body.intro, questions: body.questions }
          : null,
      consents: step === 'consents' ? await this.consents.texts(em) : [],
      heldUntil: holds ? application.reservedUntil!.toISOString() : null,
      offered: status === 'offered',
      waiting: status === 'waiting' ? await this.queue(em, application) : null,
      address: email ? { shown: masked(email), confirmed: emailVerifiedAt !== null || bound !== null } : null,
      openQuestion: body.openQuestion,
      voice: voiceOf(application, await readerOf(em, application)),
    };
  }

  private async queue(em: EntityManager, application: ApplicationRow): Promise<Candidacy['waiting']> {
    const { communityId, id, facts, waitingSince } = application;
    const { counters } = await this.quotas.standing(em, communityId);
    const [row] = (await em.query(
      `SELECT 1 + count(*) FILTER (WHERE (waiting_since, id) < ($2, $3::uuid))::int AS place, count(*)::int AS of,
         (SELECT CASE WHEN count(*) >= 10 THEN
            ceil(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM offered_at - decided_at)) / 86400)::int END
          FROM application WHERE community_id = $1 AND offered_at > now() - interval '90 days') AS typical
       FROM application WHERE community_id = $1 AND status = 'waiting'
         AND (email_verified_at IS NOT NULL OR invitation_id IS NOT NULL OR id = $3)`,
      [communityId, waitingSince, id],
    )) as [{ place: number; of: number; typical: number | null }];
    return {
      place: row.place,
      of: row.of,
      typicalDays: row.typical,
      full: fullFor(counters, facts).flatMap(({ label }) => (label ? [label] : [])),
      since: waitingSince!.toISOString(),
    };
  }

  async threshold(
    em: EntityManager,
    communityId: string,
    sourceId: string,
    email: string | null,
  ): Promise<Threshold> {
    const [{ questions, ...row }] = (await em.query(
      `SELECT json_build_object('id', c.id, 'slug', c.slug, 'name', c.name, 'brand', b.name, 'purpose', c.purpose,
         'accent', c.accent) AS community, json_build_object('name', p.name, 'role', m.role) AS "from", s.note,
         coalesce((SELECT jsonb_array_length(body -> 'questions') FROM screener
           WHERE community_id = s.community_id ORDER BY version DESC LIMIT 1), 0) AS questions
       FROM source s JOIN community c ON c.id = s.community_id JOIN brand b ON b.id = c.brand_id
       JOIN member m ON m.community_id = s.community_id AND m.id = s.invited_by JOIN person p ON p.id = m.person_id
       WHERE s.community_id = $1 AND s.id = $2`,
      [communityId, sourceId],
    )) as [Pick<Threshold, 'community' | 'from' | 'note' | 'questions'>];
    return { ...row, address: email ? masked(email) : null, questions, minutes: minutesFor(questions) };
  }

  /** Mails the link to the candidate's own page, with the words of `name`. */
  async mailPage(
    em: EntityManager,
    application: ApplicationRow,
    name: 'waiting' | 'offer' | 'notThisTime' | 'reply',
    values: Record<string, string> = {},
  ) {
    const { communityId, id, email, locale } = application;
    if (!email) return;
    const token = candidateToken(this.key, 's', communityId, id);
    const link = doorLink(this.config.publicUrl, token);
    const community = await communityName(em, communityId);
    await this.mails.post(em, {
      to: email,
      about: id,
      ...doorMail(locale, name, { ...values, community, link }),
    });
  }
}

/** Some twelve seconds a question, on a phone. */
export const minutesFor = (questions: number) => Math.max(1, Math.round(questions / 5));

export const holdsPlace = ({ status }: ApplicationRow) => status === 'reserved' || status === 'offered';

function stepOf(application: ApplicationRow): Step {
  const { status, consents, codeUntil, codeHash: code } = application;
  switch (status) {
    case 'screening':
      return 'questions';
    case 'admitted':
      return 'inside';
    case 'reserved':
    case 'offered':
      if (!consents) return 'consents';
      return code && codeUntil && codeUntil.getTime() > Date.now() ? 'code' : 'contact';
    default:
      return status;
  }
}

export async function communityName(em: EntityManager, communityId: string): Promise<string> {
  const [row] = (await em.query('SELECT name FROM community WHERE id = $1', [communityId])) as [
    { name: string },
  ];
  return row.name;
}

/** Somebody of the team, as a candidate reads of them. */
export type Reader = Pick<NonNullable<NonNullable<Candidacy['voice']>['readBy']>, 'name' | 'role'>;

export async function readerOf(
  em: EntityManager,
  { communityId, voiceReadBy }: ApplicationRow,
): Promise<Reader | undefined> {
  if (!voiceReadBy) return undefined;
  const [reader] = (await em.query(
    `SELECT p.name, m.role FROM member m JOIN person p ON p.id = m.person_id WHERE m.community_id = $1 AND m.id = $2`,
    [communityId, voiceReadBy],
  )) as Reader[];
  return reader;
}

/** What somebody without a place said, and who has read it. */
export function voiceOf(
  { voice, voiceAt, voiceReadAt, voiceReply }: ApplicationRow,
  reader: Reader | undefined,
): Candidacy['voice'] {
  if (voice === null) return null;
  return {
    text: voice,
    at: voiceAt!.toISOString(),
    readBy: reader && voiceReadAt ? { ...reader, at: voiceReadAt.toISOString() } : null,
    reply: voiceReply,
  };
}
