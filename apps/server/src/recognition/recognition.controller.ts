import { Controller } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import {
  answerRecognition,
  listKinds,
  readCircle,
  setCircle,
  setKind,
  setKinds,
  giveKudos,
  listRecognitions,
  offerRecognition,
  optOut,
  readBoard,
  readParticipation,
  readStanding,
  revokeKudos,
  setBoard,
} from '@parley/contracts/recognition';
import { type Member, members, type Overseer, teamRoles } from '../platform/doors';
import { Route } from '../platform/transport';
import { CircleService } from './circle.service';
import { KudosService } from './kudos.service';
import { OffersService } from './offers.service';
import { StandingService } from './standing.service';

const open = { hidden: false } as const;
const inside = members();
const anyone = members(undefined, open);
const managers = members(['manager'], open);

/** Thanks, standing, and what is offered that is not money. */
@Controller()
export class RecognitionController {
  constructor(
    private readonly kudos: KudosService,
    private readonly standing: StandingService,
    private readonly offers: OffersService,
    private readonly circle: CircleService,
  ) {}

  @Route(giveKudos, members(undefined, { ...open, partaking: true }))
  give(caller: Member, { contributionId, reason }: InputOf<typeof giveKudos>) {
    return this.kudos.give(caller, contributionId, reason);
  }

  @Route(revokeKudos, inside)
  revoke(caller: Member, { contributionId }: InputOf<typeof revokeKudos>) {
    return this.kudos.revoke(caller, contributionId);
  }

  @Route(readStanding, inside)
  read(caller: Member) {
    return this.standing.own(caller);
  }

  @Route(readBoard, members(undefined, { glass: true }))
  board(caller: Member | Overseer) {
    return this.standing.board(caller);
  }

  @Route(optOut, anyone)
  async out(caller: Member, { optedOut }: InputOf<typeof optOut>) {
    await this.standing.optOut(caller, optedOut);
    return {};
  }

  @Route(setBoard, managers)
  async switch({ communityId }: Member, { on }: InputOf<typeof setBoard>) {
    await this.standing.setBoard(communityId, on);
    return {};
  }

  @Route(readParticipation, members(teamRoles, open))
  participation(caller: Member) {
    return this.standing.participation(caller);
  }

  @Route(offerRecognition, managers)
  async offer(caller: Member, { communityId: _, ...offer }: InputOf<typeof offerRecognition>) {
    await this.offers.offer(caller, offer);
    return {};
  }

  @Route(listRecognitions, managers)
  list(caller: Member, { words }: InputOf<typeof listRecognitions>) {
    return this.offers.list(caller, words);
  }

  @Route(answerRecognition, anyone)
  async answer(caller: Member, { recognitionId, accept }: InputOf<typeof answerRecognition>) {
    await this.offers.answer(caller, recognitionId, accept);
    return {};
  }

  @Route(readCircle, inside)
  own(caller: Member) {
    return this.circle.read(caller);
  }

  @Route(setCircle, managers)
  async criteria({ communityId }: Member, { criteria }: InputOf<typeof setCircle>) {
    await this.circle.setCriteria(communityId, criteria);
    return {};
  }

  @Route(listKinds, managers)
  kinds(caller: Member, { words }: InputOf<typeof listKinds>) {
    return this.circle.list(caller, words);
  }

  @Route(setKind, managers)
  async kind(caller: Member, { memberId, type, circle }: InputOf<typeof setKind>) {
    await this.circle.setKind(caller, memberId, { type, circle });
    return {};
  }

  @Route(setKinds, managers)
  kindsOf(caller: Member, { segmentId, type, circle }: InputOf<typeof setKinds>) {
    return this.circle.setKinds(caller, segmentId, { type, circle });
  }
}
