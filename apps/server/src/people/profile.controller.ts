import { Controller } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import {
  countSegment,
  deleteSegment,
  listConsentTexts,
  listFactDefs,
  listSegments,
  pauseMembership,
  publishConsentText,
  readProfile,
  resumeMembership,
  saveFactDef,
  saveSegment,
  updateConsent,
  updateFact,
  updateProfile,
} from '@parley/contracts/profile';
import type { EntityManager } from 'typeorm';
import { everyRole, type Member, members, type Overseer } from '../platform/doors';
import { Sockets } from '../platform/sockets';
import { Tenancy } from '../platform/tenancy';
import { Route } from '../platform/transport';
import { ConsentsService } from './consents.service';
import { PeopleService } from './people.service';
import { ProfileService } from './profile.service';
import { SegmentsService } from './segments.service';

const anyone = members(everyRole, { hidden: false });
const managers = members(['manager'], { hidden: false });

/** What is known of members: for themselves, and for the manager who keeps it. */
@Controller()
export class ProfileController {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly people: PeopleService,
    private readonly profile: ProfileService,
    private readonly consents: ConsentsService,
    private readonly segments: SegmentsService,
    private readonly sockets: Sockets,
  ) {}

  @Route(readProfile, anyone)
  read(caller: Member) {
    return this.changed(caller, () => Promise.resolve());
  }

  @Route(updateProfile, anyone)
  async update(caller: Member, { communityId, ...change }: InputOf<typeof updateProfile>) {
    const profile = await this.changed(caller, (em) =>
      this.profile.update(em, communityId, caller.memberId, change),
    );
    // What an open socket may do was decided when it was opened: it comes back as who they are now.
    if (profile.observer !== caller.observer || profile.handle !== caller.handle)
      this.sockets.cut({ memberId: caller.memberId });
    return profile;
  }

  @Route(updateFact, anyone)
  updateFact(caller: Member, { key, value }: InputOf<typeof updateFact>) {
    return this.changed(caller, (em) =>
      this.profile.updateFact(em, caller.communityId, caller.memberId, key, value),
    );
  }

  @Route(updateConsent, anyone)
  updateConsent(caller: Member, input: InputOf<typeof updateConsent>) {
    return this.changed(caller, (em) => this.consents.set(em, caller.communityId, caller.memberId, input));
  }

  @Route(pauseMembership, anyone)
  async pause({ communityId, memberId }: Member) {
    await this.tenancy.inCommunity(communityId, (em) => this.people.pause(em, communityId, memberId));
    this.sockets.cut({ memberId });
    return {};
  }

  @Route(resumeMembership, members(everyRole, { hidden: false, paused: true }))
  async resume({ communityId, memberId }: Member) {
    await this.tenancy.inCommunity(communityId, (em) => this.people.resume(em, communityId, memberId));
    return {};
  }

  @Route(listFactDefs, managers)
  listFacts({ communityId }: Member) {
    return this.tenancy.inCommunity(communityId, async (em) => ({ facts: await this.profile.defs(em) }));
  }

  @Route(saveFactDef, managers)
  saveFact(_caller: Member, { communityId, ...def }: InputOf<typeof saveFactDef>) {
    return this.tenancy.inCommunity(communityId, async (em) => {
      await this.profile.saveDef(em, communityId, def);
      return { facts: await this.profile.defs(em) };
    });
  }

  @Route(listConsentTexts, members(['moderator', 'producer', 'manager'], { hidden: false, admin: true }))
  listTexts(_caller: Member | Overseer, { communityId }: InputOf<typeof listConsentTexts>) {
    return this.tenancy.inCommunity(communityId, async (em) => ({ texts: await this.consents.texts(em) }));
  }

  @Route(publishConsentText, members(['manager'], { hidden: false, admin: true }))
  publishText(
    _caller: Member | Overseer,
    { communityId, purpose, basedOn, body }: InputOf<typeof publishConsentText>,
  ) {
    return this.tenancy.inCommunity(communityId, async (em) => {
      await this.consents.publish(em, communityId, purpose, basedOn, body);
      return { texts: await this.consents.texts(em) };
    });
  }

  @Route(listSegments, managers)
  listSegments({ communityId }: Member) {
    return this.tenancy.inCommunity(communityId, async (em) => ({
      segments: await this.segments.list(em, communityId),
    }));
  }

  @Route(saveSegment, managers)
  saveSegment({ communityId }: Member, input: InputOf<typeof saveSegment>) {
    return this.tenancy.inCommunity(communityId, (em) => this.segments.save(em, communityId, input));
  }

  @Route(deleteSegment, managers)
  async deleteSegment({ communityId }: Member, { segmentId }: InputOf<typeof deleteSegment>) {
    await this.tenancy.inCommunity(communityId, (em) => this.segments.remove(em, communityId, segmentId));
    return {};
  }

  @Route(countSegment, managers)
  countSegment({ communityId }: Member, { rule }: InputOf<typeof countSegment>) {
    return this.tenancy.inCommunity(communityId, async (em) => ({
      count: await this.segments.count(em, communityId, rule),
    }));
  }

  /** The profile as it is after a change. */
  private changed({ communityId, memberId }: Member, change: (em: EntityManager) => Promise<void>) {
    return this.tenancy.inCommunity(communityId, async (em) => {
      await change(em);
      return this.profile.read(em, communityId, memberId);
    });
  }
}
