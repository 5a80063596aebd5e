import { Controller } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import {
  checkInvitations,
  closeSource,
  createLink,
  decideApplication,
  exportApplications,
  leaveCommunity,
  listApplications,
  listInvitations,
  listVoices,
  publishPlan,
  publishScreener,
  readApplication,
  readDoor,
  readScreener,
  readVoice,
  resendInvitation,
  revokeInvitation,
  sendInvitations,
  tryPlan,
} from '@parley/contracts/door';
import { PeopleService } from '../people/people.service';
import { ProfileService } from '../people/profile.service';
import { type Member, members, type Overseer } from '../platform/doors';
import { Sockets } from '../platform/sockets';
import { Tenancy } from '../platform/tenancy';
import { Route } from '../platform/transport';
import { CandidatesService } from './candidates.service';
import { DeskService } from './desk.service';
import { InvitationsService } from './invitations.service';
import { QuotasService } from './quotas.service';
import { ScreenersService } from './screeners.service';

const managers = members(['manager'], { hidden: false });
/** And an admin through broken glass, who looks only. */
const readers = members(['manager'], { hidden: false, glass: true });
/** With a fresh proof of who asks. */
const proved = members(['manager'], { hidden: false, fresh: true });

/** The door from inside. */
@Controller()
export class DeskController {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly desk: DeskService,
    private readonly invitations: InvitationsService,
    private readonly screeners: ScreenersService,
    private readonly quotas: QuotasService,
    private readonly candidates: CandidatesService,
    private readonly profile: ProfileService,
    private readonly people: PeopleService,
    private readonly sockets: Sockets,
  ) {}

  @Route(readDoor, managers)
  readDoor({ communityId }: Member) {
    return this.desk.read(communityId);
  }

  @Route(createLink, managers)
  createLink(caller: Member, input: InputOf<typeof createLink>) {
    return this.invitations.createLink(caller, input);
  }

  @Route(closeSource, managers)
  closeSource({ communityId }: Member, { sourceId }: InputOf<typeof closeSource>) {
    return this.invitations.close(communityId, sourceId);
  }

  @Route(checkInvitations, managers)
  checkInvitations({ communityId }: Member, { csv }: InputOf<typeof checkInvitations>) {
    return this.invitations.check(communityId, csv);
  }

  @Route(sendInvitations, managers)
  sendInvitations(caller: Member, input: InputOf<typeof sendInvitations>) {
    return this.invitations.send(caller, input);
  }

  @Route(listInvitations, managers)
  listInvitations({ communityId }: Member, { sourceId }: InputOf<typeof listInvitations>) {
    return this.invitations.list(communityId, sourceId);
  }

  @Route(resendInvitation, managers)
  resend({ communityId }: Member, { invitationId, email }: InputOf<typeof resendInvitation>) {
    return this.invitations.resend(communityId, invitationId, email);
  }

  @Route(revokeInvitation, managers)
  revoke({ communityId }: Member, { invitationId }: InputOf<typeof revokeInvitation>) {
    return this.invitations.revoke(communityId, invitationId);
  }

  @Route(readScreener, managers)
  readScreener({ communityId }: Member) {
    return this.tenancy.inCommunity(communityId, async (em) => ({
      screener: await this.screeners.current(em, communityId),
      facts: await this.profile.defs(em),
    }));
  }

  @Route(publishScreener, managers)
  publishScreener({ communityId }: Member, { basedOn, body }: InputOf<typeof publishScreener>) {
    return this.tenancy.inCommunity(communityId, (em) =>
      this.screeners.publish(em, communityId, basedOn, body),
    );
  }

  @Route(tryPlan, managers)
  tryPlan({ communityId }: Member, { plan }: InputOf<typeof tryPlan>) {
    return this.desk.tryPlan(communityId, plan);
  }

  @Route(publishPlan, managers)
  publishPlan({ communityId }: Member, { basedOn, plan }: InputOf<typeof publishPlan>) {
    return this.desk.publishPlan(communityId, basedOn, plan);
  }

  @Route(listApplications, readers)
  listApplications({ communityId }: Member | Overseer, { status }: InputOf<typeof listApplications>) {
    return this.desk.list(communityId, status);
  }

  @Route(readApplication, readers)
  readApplication({ communityId }: Member | Overseer, { applicationId }: InputOf<typeof readApplication>) {
    return this.desk.readOne(communityId, applicationId);
  }

  @Route(decideApplication, managers)
  decide({ communityId }: Member, input: InputOf<typeof decideApplication>) {
    return this.desk.decide(communityId, input);
  }

  @Route(listVoices, readers)
  listVoices({ communityId }: Member | Overseer) {
    return this.desk.listVoices(communityId);
  }

  @Route(readVoice, managers)
  readVoice(caller: Member, input: InputOf<typeof readVoice>) {
    return this.desk.readVoice(caller, input);
  }

  @Route(exportApplications, proved)
  export(caller: Member) {
    return this.desk.export(caller);
  }

  @Route(leaveCommunity, members(undefined, { hidden: false, paused: true }))
  async leave({ communityId, memberId }: Member) {
    await this.tenancy.inCommunity(communityId, async (em) => {
      await this.people.leave(em, communityId, memberId);
      await this.quotas.recount(em, communityId);
      await this.candidates.offerSoon(em, communityId);
    });
    this.sockets.cut({ memberId });
    return {};
  }
}
