import { randomUUID } from 'node:crypto';
import { Controller } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import { makeDemoInvitations } from '@parley/contracts/demo';
import { notFound } from '../platform/errors';
import { idOf } from '../platform/ids';
import { Tenancy } from '../platform/tenancy';
import { Route } from '../platform/transport';
import { InvitationsService } from './invitations.service';

/** Exists in demo mode alone. */
@Controller()
export class DemoDoorController {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly invitations: InvitationsService,
  ) {}

  @Route(makeDemoInvitations, 'anybody')
  async make(_caller: undefined, { slug, sourceId, label, count }: InputOf<typeof makeDemoInvitations>) {
    const communityId = idOf('community', slug);
    return this.tenancy.inCommunity(communityId, async (em) => {
      const [host] = (await em.query(
        `SELECT id FROM member WHERE community_id = $1 AND role = 'manager' AND status = 'active' LIMIT 1`,
        [communityId],
      )) as { id: string }[];
      if (!host) throw notFound();
      await em.query(
        `INSERT INTO source (community_id, id, kind, label, placement, note, locale, invited_by)
         VALUES ($1, $2, 'mail', $3, '', '', 'en', $4) ON CONFLICT DO NOTHING`,
        [communityId, sourceId, label, host.id],
      );
      const people = Array.from({ length: count }, () => ({
        email: `${randomUUID()}@crowd.example.org`,
        name: '',
      }));
      const invited = await this.invitations.invite(em, communityId, sourceId, people);
      return { invitations: invited.map(({ email, token }) => ({ email, token })) };
    });
  }
}
