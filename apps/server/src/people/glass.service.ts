import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Locale } from '@parley/contracts/people';
import type { Person } from '../platform/doors';
import { notFound } from '../platform/errors';
import { Mails } from '../platform/mail';
import { Tenancy } from '../platform/tenancy';
import { AuditService } from './audit.service';
import { peopleMail } from './mails';
import { CommunityRow } from './people.tables';

const GLASS_MINUTES = 60;

/** Broken glass: an admin of the install looks into a community, for a reason, for an hour, and its managers know. */
@Injectable()
export class GlassService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly audit: AuditService,
    private readonly mails: Mails,
  ) {}

  /** Opens the community to this sign-in. It is open, written down and mailed, or nothing of it. */
  async break({ personId, signInId }: Person, communityId: string, reason: string) {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const community = await em.findOneBy(CommunityRow, { id: communityId });
      if (!community) throw notFound();
      const id = randomUUID();
      const [opened] = (await em.query(
        `INSERT INTO glass (community_id, id, person_id, sign_in_id, reason, closes_at)
         VALUES ($1, $2, $3, $4, $5, now() + make_interval(mins => $6)) RETURNING closes_at AS "closesAt"`,
        [communityId, id, personId, signInId, reason, GLASS_MINUTES],
      )) as [{ closesAt: Date }];
      const closesAt = opened.closesAt.toISOString();
      await this.audit.write(em, {
        actor: personId,
        action: 'glass.broken',
        target: id,
        detail: { reason, closesAt },
      });
      const [admin] = (await em.query('SELECT name FROM person WHERE id = $1', [personId])) as [
        { name: string },
      ];
      const managers = (await em.query(
        `SELECT p.email, p.name, p.locale FROM member m JOIN person p ON p.id = m.person_id
         WHERE m.community_id = $1 AND m.role = 'manager' AND m.status = 'active'`,
        [communityId],
      )) as { email: string; name: string; locale: Locale }[];
      for (const { email, name, locale } of managers)
        await this.mails.post(em, {
          to: email,
          ...peopleMail(locale, 'glassBroken', {
            name,
            admin: admin.name,
            community: community.name,
            reason,
            minutes: GLASS_MINUTES,
          }),
        });
      return { closesAt };
    });
  }

  /** Whether this sign-in has opened the community and the hour is not over. */
  async isBroken({ personId, signInId }: Person, communityId: string): Promise<boolean> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const [{ open }] = (await em.query(
        `SELECT EXISTS (SELECT FROM glass
           WHERE community_id = $1 AND sign_in_id = $2 AND person_id = $3 AND closes_at > now()) AS open`,
        [communityId, signInId, personId],
      )) as [{ open: boolean }];
      return open;
    });
  }
}
