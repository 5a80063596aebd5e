import { Injectable } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import {
  endSession,
  joinSession,
  leaveSession,
  playStage,
  rateStatement,
  sendComment,
  sendSamples,
  stageCue,
  startSession,
  submitStatement,
} from '@parley/contracts/live';
import { driving, members, takingPart } from '../platform/doors';
import type { Seat } from '../platform/seat';
import { Answers } from '../platform/sockets';
import { LiveService } from './live.service';

const partaking = members(takingPart, { partaking: true });

@Injectable()
export class LiveGateway {
  constructor(private readonly live: LiveService) {}

  @Answers(joinSession, members())
  join(seat: Seat, { sessionId, since }: InputOf<typeof joinSession>) {
    return this.live.join(seat, sessionId, since);
  }

  @Answers(leaveSession, members())
  async leave(seat: Seat, { sessionId }: InputOf<typeof leaveSession>) {
    this.live.leave(seat, sessionId);
    return {};
  }

  @Answers(startSession, members(driving))
  async start(seat: Seat, { opId, sessionId }: InputOf<typeof startSession>) {
    await this.live.drive(seat, opId, { act: 'start', sessionId });
    return {};
  }

  /** A moderator may stop a Session at once. */
  @Answers(endSession, members([...driving, 'moderator']))
  async end(seat: Seat, { opId, sessionId }: InputOf<typeof endSession>) {
    await this.live.drive(seat, opId, { act: 'end', sessionId });
    return {};
  }

  @Answers(stageCue, members(driving))
  async stage(seat: Seat, { opId, ...move }: InputOf<typeof stageCue>) {
    await this.live.drive(seat, opId, { act: 'stage', ...move });
    return {};
  }

  @Answers(playStage, members(driving))
  async play(seat: Seat, { opId, ...move }: InputOf<typeof playStage>) {
    await this.live.drive(seat, opId, { act: 'play', ...move });
    return {};
  }

  @Answers(sendSamples, partaking)
  async sample(seat: Seat, { sessionId, ...samples }: InputOf<typeof sendSamples>) {
    await this.live.sample(seat, sessionId, samples);
    return {};
  }

  @Answers(sendComment, members(undefined, { partaking: true }))
  comment(seat: Seat, { opId, ...comment }: InputOf<typeof sendComment>) {
    return this.live.comment(seat, opId, comment);
  }

  @Answers(submitStatement, partaking)
  submit(seat: Seat, { opId, sessionId, body }: InputOf<typeof submitStatement>) {
    return this.live.state(seat, opId, sessionId, body);
  }

  @Answers(rateStatement, partaking)
  async rate(seat: Seat, { opId, sessionId, statementId, rating }: InputOf<typeof rateStatement>) {
    return { counts: await this.live.rate(seat, opId, sessionId, statementId, rating) };
  }
}
