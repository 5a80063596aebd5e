import { Controller } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import { createSession, listCues, listSessions, readResult } from '@parley/contracts/live';
import { type Member, members, type Overseer } from '../platform/doors';
import { Route } from '../platform/transport';
import { LiveService } from './live.service';
import { SessionsService } from './sessions.service';

@Controller()
export class LiveController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly live: LiveService,
  ) {}

  @Route(listSessions, members(undefined, { glass: true }))
  async list(caller: Member | Overseer) {
    return { sessions: await this.sessions.list(caller) };
  }

  @Route(createSession, members(['producer', 'manager'], { hidden: false }))
  create(_caller: Member, { communityId, ...plan }: InputOf<typeof createSession>) {
    return this.sessions.create(communityId, plan);
  }

  @Route(listCues, members(['moderator', 'producer', 'manager']))
  async cues({ communityId }: Member, { sessionId }: InputOf<typeof listCues>) {
    return { cues: await this.sessions.cues(communityId, sessionId) };
  }

  @Route(readResult, members(undefined, { glass: true }))
  result(caller: Member | Overseer, { sessionId }: InputOf<typeof readResult>) {
    return this.live.result(caller, sessionId);
  }
}
