import { Controller } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import {
  listFeedback,
  readFeedbackPrompt,
  sendFeedback,
  setFeedback,
  setPrompt,
} from '@parley/contracts/feedback';
import { type Member, members, teamRoles } from '../platform/doors';
import { Route } from '../platform/transport';
import { FeedbackService } from './feedback.service';

const anyone = members(undefined, { partaking: true });

/** What is said without being asked. */
@Controller()
export class FeedbackController {
  constructor(private readonly feedback: FeedbackService) {}

  @Route(readFeedbackPrompt, anyone)
  async prompt(caller: Member, input: InputOf<typeof readFeedbackPrompt>) {
    return { prompt: await this.feedback.prompt(caller, input) };
  }

  @Route(sendFeedback, anyone)
  send(caller: Member, input: InputOf<typeof sendFeedback>) {
    return this.feedback.send(caller, input);
  }

  @Route(listFeedback, members(teamRoles))
  list(caller: Member, input: InputOf<typeof listFeedback>) {
    return this.feedback.list(caller, input);
  }

  @Route(setFeedback, members(['manager']))
  async set(caller: Member, input: InputOf<typeof setFeedback>) {
    await this.feedback.set(caller, input);
    return {};
  }

  @Route(setPrompt, members(['manager']))
  async ask(caller: Member, input: InputOf<typeof setPrompt>) {
    await this.feedback.setPrompt(caller, input);
    return {};
  }
}
