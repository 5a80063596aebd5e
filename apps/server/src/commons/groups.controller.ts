import { Controller } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import {
  answerMeetup,
  callSession,
  decideGroup,
  joinGroup,
  listGroups,
  proposeGroup,
  readGroup,
  saveMeetup,
  signCall,
} from '@parley/contracts/groups';
import { type Member, members, type Overseer } from '../platform/doors';
import { Route } from '../platform/transport';
import { CallsService } from './calls.service';
import { GroupsService } from './groups.service';
import { MeetupsService } from './meetups.service';

const anyone = members(undefined, { glass: true });
const themselves = members(['member'], { partaking: true });

/** Small groups of members; the team sponsors them and does not join. */
@Controller()
export class GroupsController {
  constructor(
    private readonly groups: GroupsService,
    private readonly meetups: MeetupsService,
    private readonly calls: CallsService,
  ) {}

  @Route(listGroups, anyone)
  list(caller: Member | Overseer) {
    return this.groups.list(caller);
  }

  @Route(proposeGroup, themselves)
  propose(caller: Member, input: InputOf<typeof proposeGroup>) {
    return this.groups.propose(caller, input);
  }

  @Route(readGroup, anyone)
  read(caller: Member | Overseer, { groupId }: InputOf<typeof readGroup>) {
    return this.groups.read(caller, groupId);
  }

  @Route(joinGroup, themselves)
  join(caller: Member, { groupId, joined }: InputOf<typeof joinGroup>) {
    return this.groups.join(caller, groupId, joined);
  }

  @Route(decideGroup, members(['manager']))
  decide(caller: Member, input: InputOf<typeof decideGroup>) {
    return this.groups.decide(caller, input);
  }

  @Route(saveMeetup, themselves)
  meet(caller: Member, input: InputOf<typeof saveMeetup>) {
    return this.meetups.save(caller, input);
  }

  @Route(answerMeetup, themselves)
  answer(caller: Member, { groupId, meetupId, coming }: InputOf<typeof answerMeetup>) {
    return this.meetups.answer(caller, groupId, meetupId, coming);
  }

  @Route(callSession, themselves)
  call(caller: Member, input: InputOf<typeof callSession>) {
    return this.groups.call(caller, input);
  }

  @Route(signCall, themselves)
  sign(caller: Member, { callId, signed }: InputOf<typeof signCall>) {
    return this.calls.setSigned(caller, callId, signed);
  }
}
