import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ConsentsService } from '../people/consents.service';
import { ProfileService } from '../people/profile.service';
import { SignInService } from '../people/sign-in.service';
import { AppError } from '../platform/errors';
import { returned } from '../platform/writer';
import type { ApplicationRow } from './door.tables';
import { QuotasService } from './quotas.service';

/** How long after admission the browser of a candidate may still ask for its sign-in, if the answer was lost. */
const LATE_MINUTES = 15;

/** From a kept place to inside. */
@Injectable()
export class AdmissionService {
  constructor(
    private readonly signIns: SignInService,
    private readonly profile: ProfileService,
    private readonly consents: ConsentsService,
    private readonly quotas: QuotasService,
  ) {}

  /** In one transaction: the place, the person, the membership, what was said and agreed to; answers the sign-in. */
  async admit(em: EntityManager, application: ApplicationRow, userAgent: string): Promise<string> {
    const { communityId, id, email, handle, locale, invitationId } = application;
    await em.query(
      `INSERT INTO person (id, email, name, locale) VALUES ($1, $2, $3, $4) ON CONFLICT (email) DO NOTHING`,
      [randomUUID(), email, handle, locale],
    );
    const [{ personId }] = (await em.query('SELECT id AS "personId" FROM person WHERE email = $1', [
      email,
    ])) as [{ personId: string }];
    await this.refuseMembers(em, communityId, personId);
    const [{ memberId }] = (await returned<{ memberId: string }>(
      em,
      `INSERT INTO member (community_id, id, person_id, handle, role, status, came_by)
       SELECT $1, $2, $3, $4, 'member', 'active', label FROM source WHERE community_id = $1 AND id = $5
       ON CONFLICT (community_id, person_id) DO UPDATE SET status = 'active', handle = excluded.handle,
         came_by = excluded.came_by, joined_at = now()
       RETURNING id AS "memberId"`,
      [communityId, randomUUID(), personId, handle, application.sourceId],
    )) as [{ memberId: string }];
    await em.query(
      `UPDATE application SET status = 'admitted', admitted_at = now(), member_id = $3, code_hash = NULL, code_until = NULL,
         email_verified_at = coalesce(email_verified_at, now())
       WHERE community_id = $1 AND id = $2`,
      [communityId, id, memberId],
    );
    if (invitationId)
      await em.query(
        `UPDATE invitation SET status = 'accepted', changed_at = now() WHERE community_id = $1 AND id = $2`,
        [communityId, invitationId],
      );
    await this.profile.assert(em, communityId, memberId, application.facts, 'screener');
    await this.consents.give(em, communityId, memberId, application.consents ?? []);
    const signIn = await this.signIns.begin(em, personId, userAgent);
    // Last, because everybody who enters waits for these rows.
    await this.quotas.settle(em, communityId, application.cellIds, 'fill');
    return signIn;
  }

  /** Inside already: the answer to the last step was lost, or it was sent twice. For a while it is given again. */
  async enteredLate(em: EntityManager, application: ApplicationRow, userAgent: string): Promise<string> {
    const [row] = (await em.query(
      `SELECT m.person_id AS "personId" FROM application a JOIN member m ON m.community_id = a.community_id AND m.id = a.member_id
       WHERE a.community_id = $1 AND a.id = $2 AND a.admitted_at > now() - make_interval(mins => $3)`,
      [application.communityId, application.id, LATE_MINUTES],
    )) as { personId: string }[];
    if (!row) throw new AppError('invitation.alreadyIn', 'You are inside already: sign in.');
    return this.signIns.begin(em, row.personId, userAgent);
  }

  async refuseSuspended(em: EntityManager, communityId: string, personId: string) {
    const status = await this.standingOf(em, communityId, personId);
    if (status === 'suspended') throw new AppError('auth.forbidden', 'Your membership is suspended.');
    return status;
  }

  async refuseMembers(em: EntityManager, communityId: string, personId: string) {
    const status = await this.refuseSuspended(em, communityId, personId);
    if (status === 'active' || status === 'paused')
      throw new AppError('invitation.alreadyIn', 'You are a member already.');
  }

  private async standingOf(em: EntityManager, communityId: string, personId: string) {
    const [row] = (await em.query('SELECT status FROM member WHERE community_id = $1 AND person_id = $2', [
      communityId,
      personId,
    ])) as { status: string }[];
    return row?.status;
  }
}
