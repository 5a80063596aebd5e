import { Controller } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import {
  appealContribution,
  readReceipt,
  resubmitContribution,
  withdrawContribution,
} from '@parley/contracts/contributions';
import {
  claimItems,
  decideItems,
  exportContributions,
  exportDecisions,
  holdSpace,
  listContributions,
  listDecisions,
  listHeld,
  listSpaces,
  listThemes,
  markRead,
  publishPolicy,
  readPolicy,
  replyToContribution,
  saveTheme,
  setCommunityRule,
  setSpaceRule,
} from '@parley/contracts/moderation';
import { type Member, members, teamRoles } from '../platform/doors';
import { Route } from '../platform/transport';
import { FateService } from './fate.service';
import { ModerationDeskService } from './moderation-desk.service';
import { ModerationService } from './moderation.service';
import { PolicyService } from './policy.service';
import { SpacesService } from './spaces.service';
import { ThemesService } from './themes.service';

const anyone = members(undefined, { hidden: false });
const partaking = members(undefined, { hidden: false, partaking: true });
const team = members(teamRoles, { hidden: false });
const moderating = members(['moderator', 'producer', 'manager'], { hidden: false });
const managers = members(['manager'], { hidden: false });

/** What becomes of what was said: for its author, and for those who moderate. */
@Controller()
export class ContributionsController {
  constructor(
    private readonly fate: FateService,
    private readonly moderation: ModerationService,
    private readonly desk: ModerationDeskService,
    private readonly policy: PolicyService,
    private readonly spaces: SpacesService,
    private readonly themes: ThemesService,
  ) {}

  @Route(readReceipt, anyone)
  receipt(caller: Member, { contributionId }: InputOf<typeof readReceipt>) {
    return this.fate.read(caller, contributionId);
  }

  @Route(withdrawContribution, anyone)
  async withdraw(caller: Member, { contributionId }: InputOf<typeof withdrawContribution>) {
    await this.moderation.withdraw(caller, contributionId);
    return this.fate.read(caller, contributionId);
  }

  @Route(resubmitContribution, partaking)
  async resubmit(caller: Member, { contributionId, body }: InputOf<typeof resubmitContribution>) {
    await this.moderation.resubmit(caller, contributionId, body);
    return this.fate.read(caller, contributionId);
  }

  @Route(appealContribution, partaking)
  appeal(caller: Member, { contributionId, words }: InputOf<typeof appealContribution>) {
    return this.fate.appeal(caller, contributionId, words);
  }

  @Route(listHeld, moderating)
  held(caller: Member, input: InputOf<typeof listHeld>) {
    return this.desk.held(caller, input);
  }

  @Route(claimItems, moderating)
  claim(caller: Member, { take, release }: InputOf<typeof claimItems>) {
    return this.desk.claim(caller, take, release);
  }

  @Route(decideItems, moderating)
  decide(caller: Member, { contributionIds, decision }: InputOf<typeof decideItems>) {
    return this.moderation.decide(caller, { contributionIds, decision });
  }

  @Route(listContributions, team)
  list(caller: Member, input: InputOf<typeof listContributions>) {
    return this.desk.list(caller, input);
  }

  @Route(listThemes, team)
  async listThemes({ communityId }: Member) {
    return { themes: await this.themes.list(communityId) };
  }

  @Route(exportContributions, members(['manager'], { hidden: false, fresh: true }))
  export(caller: Member, filter: InputOf<typeof exportContributions>) {
    return this.desk.export(caller, filter);
  }

  @Route(saveTheme, members(['moderator', 'producer', 'host', 'manager'], { hidden: false }))
  saveTheme(caller: Member, input: InputOf<typeof saveTheme>) {
    return this.themes.save(caller, input);
  }

  @Route(markRead, team)
  async markRead(caller: Member, { seen }: InputOf<typeof markRead>) {
    return { read: await this.fate.markRead(caller, seen) };
  }

  @Route(replyToContribution, team)
  reply(caller: Member, { contributionId, opId, body }: InputOf<typeof replyToContribution>) {
    return this.moderation.reply(caller, contributionId, opId, body);
  }

  @Route(listSpaces, moderating)
  listSpaces({ communityId }: Member) {
    return this.spaces.list(communityId);
  }

  @Route(setSpaceRule, members(['producer', 'manager'], { hidden: false }))
  async setSpaceRule({ communityId }: Member, { spaceId, rule }: InputOf<typeof setSpaceRule>) {
    await this.spaces.setRule(communityId, spaceId, rule);
    return {};
  }

  @Route(holdSpace, moderating)
  async holdSpace({ communityId }: Member, { spaceId, held }: InputOf<typeof holdSpace>) {
    await this.spaces.hold(communityId, spaceId, held);
    return {};
  }

  @Route(setCommunityRule, managers)
  async setCommunityRule({ communityId }: Member, { rule }: InputOf<typeof setCommunityRule>) {
    await this.spaces.setCommunityRule(communityId, rule);
    return {};
  }

  @Route(readPolicy, anyone)
  readPolicy({ communityId }: Member) {
    return this.policy.read(communityId);
  }

  @Route(publishPolicy, managers)
  async publishPolicy({ communityId }: Member, { basedOn, body }: InputOf<typeof publishPolicy>) {
    return { policy: await this.policy.publish(communityId, basedOn, body) };
  }

  @Route(listDecisions, moderating)
  async log({ communityId }: Member, { before }: InputOf<typeof listDecisions>) {
    return { entries: await this.desk.readLog(communityId, before) };
  }

  @Route(exportDecisions, members(['manager'], { hidden: false, fresh: true }))
  exportLog(caller: Member) {
    return this.desk.exportLog(caller);
  }
}
