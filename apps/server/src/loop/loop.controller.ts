import { Controller } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import {
  approveUpdate,
  breakPromise,
  commentUpdate,
  correctUpdate,
  deliverUpdate,
  linkEvidence,
  listDrafts,
  listEvidence,
  listPromises,
  listUpdates,
  movePromise,
  publishUpdate,
  readImpact,
  readPublicUpdate,
  readUpdate,
  saveUpdate,
  setApprovalSteps,
  submitUpdate,
  verifyUpdate,
  withdrawUpdate,
} from '@parley/contracts/loop';
import { type Member, members, type Overseer, teamRoles } from '../platform/doors';
import { Route } from '../platform/transport';
import { DraftsService } from './drafts.service';
import { FeedService } from './feed.service';
import { PromisesService } from './promises.service';
import { UpdatesService } from './updates.service';

const anyone = members(undefined, { glass: true });
const partaking = members(undefined, { partaking: true });
const judging = members(['member', 'moderator'], { partaking: true });
const writing = members(['host', 'manager']);
const managers = members(['manager']);

/** What came of what was said: for members, and for those who answer for it. */
@Controller()
export class LoopController {
  constructor(
    private readonly feed: FeedService,
    private readonly drafts: DraftsService,
    private readonly updates: UpdatesService,
    private readonly promises: PromisesService,
  ) {}

  @Route(listUpdates, anyone)
  list(caller: Member | Overseer, { cursor }: InputOf<typeof listUpdates>) {
    return this.feed.list(caller, cursor);
  }

  @Route(readUpdate, anyone)
  read(caller: Member | Overseer, { updateId }: InputOf<typeof readUpdate>) {
    return this.feed.read(caller, updateId);
  }

  @Route(listEvidence, anyone)
  evidence(caller: Member | Overseer, { updateId, cursor }: InputOf<typeof listEvidence>) {
    return this.feed.evidence(caller, updateId, cursor);
  }

  @Route(verifyUpdate, judging)
  async verify(caller: Member, { updateId, verdict }: InputOf<typeof verifyUpdate>) {
    return { verification: await this.feed.verify(caller, updateId, verdict) };
  }

  @Route(commentUpdate, partaking)
  comment(caller: Member, { updateId, opId, body }: InputOf<typeof commentUpdate>) {
    return this.feed.comment(caller, updateId, opId, body);
  }

  @Route(listPromises, anyone)
  listPromises(caller: Member | Overseer) {
    return this.promises.list(caller);
  }

  @Route(readImpact, members(undefined, { hidden: false }))
  impact(caller: Member, input: InputOf<typeof readImpact>) {
    return this.feed.impact(caller, input);
  }

  @Route(readPublicUpdate, 'anybody')
  readPublic(_: undefined, { communityId, updateId }: InputOf<typeof readPublicUpdate>) {
    return this.feed.readPublic(communityId, updateId);
  }

  @Route(movePromise, managers)
  async move(caller: Member, { spaceId, from, to, reason }: InputOf<typeof movePromise>) {
    await this.promises.move(caller, spaceId, from, to, reason);
    return {};
  }

  @Route(breakPromise, managers)
  async break(caller: Member, { spaceId, reason }: InputOf<typeof breakPromise>) {
    await this.promises.break(caller, spaceId, reason);
    return {};
  }

  @Route(listDrafts, members())
  listDrafts(caller: Member) {
    return this.drafts.list(caller);
  }

  @Route(saveUpdate, writing)
  save(caller: Member, input: InputOf<typeof saveUpdate>) {
    return this.drafts.save(caller, input);
  }

  @Route(linkEvidence, writing)
  link(caller: Member, { updateId, ...what }: InputOf<typeof linkEvidence>) {
    return this.drafts.link(caller, updateId, what);
  }

  @Route(submitUpdate, writing)
  submit(caller: Member, { updateId, version }: InputOf<typeof submitUpdate>) {
    return this.drafts.submit(caller, updateId, version);
  }

  @Route(approveUpdate, members(teamRoles))
  approve(caller: Member, { updateId, ...decision }: InputOf<typeof approveUpdate>) {
    return this.drafts.approve(caller, updateId, decision);
  }

  @Route(publishUpdate, managers)
  publish(caller: Member, input: InputOf<typeof publishUpdate>) {
    return this.updates.publish(caller, input);
  }

  @Route(correctUpdate, managers)
  correct(caller: Member, { updateId, ...change }: InputOf<typeof correctUpdate>) {
    return this.updates.correct(caller, updateId, change);
  }

  @Route(withdrawUpdate, managers)
  withdraw(caller: Member, input: InputOf<typeof withdrawUpdate>) {
    return this.updates.withdraw(caller, input);
  }

  @Route(deliverUpdate, managers)
  deliver(caller: Member, { updateId }: InputOf<typeof deliverUpdate>) {
    return this.updates.deliver(caller, updateId);
  }

  @Route(setApprovalSteps, managers)
  async setSteps({ communityId }: Member, { steps }: InputOf<typeof setApprovalSteps>) {
    await this.drafts.setSteps(communityId, steps);
    return {};
  }
}
