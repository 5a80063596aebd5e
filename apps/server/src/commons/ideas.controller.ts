import { Controller } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import {
  answerCoAuthor,
  bringIdeas,
  checkBrought,
  askCoAuthor,
  commentCard,
  decideIdeas,
  judgeIdea,
  listIdeaDesk,
  listIdeas,
  markContext,
  openIdeaPlace,
  rateIdea,
  readCard,
  readContext,
  readIdea,
  readProcess,
  refineIdea,
  saveCard,
  sendIdea,
  similarIdeas,
} from '@parley/contracts/ideas';
import { type Member, members, type Overseer, takingPart, teamRoles } from '../platform/doors';
import { Tenancy } from '../platform/tenancy';
import { Route } from '../platform/transport';
import { BringingService } from './bringing.service';
import { ContextService } from './context.service';
import { IdeaDeskService } from './idea-desk.service';
import { IdeasService } from './ideas.service';
import { PlacesService } from './places.service';

const anyone = members(undefined, { glass: true });
const inside = members();
const partaking = members(undefined, { partaking: true });
const planning = members(['producer', 'manager']);

/** Challenges and ideas. */
@Controller()
export class IdeasController {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly places: PlacesService,
    private readonly ideas: IdeasService,
    private readonly desk: IdeaDeskService,
    private readonly context: ContextService,
    private readonly bringing: BringingService,
  ) {}

  @Route(openIdeaPlace, planning)
  open(caller: Member, { communityId: _, ...plan }: InputOf<typeof openIdeaPlace>) {
    return this.places.openForIdeas(caller, plan);
  }

  @Route(listIdeas, anyone)
  list(caller: Member | Overseer, input: InputOf<typeof listIdeas>) {
    return this.ideas.list(caller, input);
  }

  @Route(similarIdeas, anyone)
  async similar(caller: Member | Overseer, { placeId, words }: InputOf<typeof similarIdeas>) {
    return { similar: await this.ideas.similar(caller, placeId, words) };
  }

  @Route(sendIdea, partaking)
  send(caller: Member, input: InputOf<typeof sendIdea>) {
    return this.ideas.send(caller, input);
  }

  @Route(readIdea, anyone)
  read(caller: Member | Overseer, { ideaId }: InputOf<typeof readIdea>) {
    return this.ideas.read(caller, ideaId);
  }

  @Route(refineIdea, partaking)
  refine(caller: Member, input: InputOf<typeof refineIdea>) {
    return this.ideas.refine(caller, input);
  }

  @Route(rateIdea, members(takingPart, { partaking: true }))
  rate(caller: Member, input: InputOf<typeof rateIdea>) {
    return this.ideas.rate(caller, input);
  }

  @Route(askCoAuthor, partaking)
  async ask(caller: Member, { ideaId, memberId }: InputOf<typeof askCoAuthor>) {
    await this.ideas.askAuthor(caller, ideaId, memberId);
    return {};
  }

  @Route(answerCoAuthor, partaking)
  async answer(caller: Member, { ideaId, agree }: InputOf<typeof answerCoAuthor>) {
    await this.ideas.answerAuthor(caller, ideaId, agree);
    return {};
  }

  @Route(judgeIdea, partaking)
  async judge(caller: Member, { ideaId, right, because }: InputOf<typeof judgeIdea>) {
    await this.ideas.judge(caller, ideaId, right, because);
    return {};
  }

  @Route(decideIdeas, members(teamRoles))
  decide(caller: Member, input: InputOf<typeof decideIdeas>) {
    return this.desk.decide(caller, input);
  }

  @Route(listIdeaDesk, members(teamRoles))
  work(caller: Member, input: InputOf<typeof listIdeaDesk>) {
    return this.desk.list(caller, input);
  }

  @Route(readProcess, anyone)
  process(caller: Member | Overseer, { placeId }: InputOf<typeof readProcess>) {
    return this.desk.process(caller, placeId);
  }

  // --- bringing along ---

  @Route(checkBrought, members(['manager']))
  check(caller: Member, input: InputOf<typeof checkBrought>) {
    return this.bringing.check(caller, input);
  }

  @Route(bringIdeas, members(['manager']))
  bring(caller: Member, input: InputOf<typeof bringIdeas>) {
    return this.bringing.bring(caller, input);
  }

  // --- what there is to know first ---

  @Route(readContext, anyone)
  cards(caller: Member | Overseer, { placeId }: InputOf<typeof readContext>) {
    return this.tenancy.inCommunity(caller.communityId, async (em) => ({
      place: await this.places.ideaPlace(em, caller, placeId),
      cards: await this.context.list(em, caller, placeId),
    }));
  }

  @Route(markContext, inside)
  async mark(caller: Member, { placeId, cardId, ms }: InputOf<typeof markContext>) {
    const read = await this.context.mark(caller, placeId, cardId, ms);
    return this.tenancy.inCommunity(caller.communityId, async (em) => ({
      read,
      informed: (await this.places.ideaPlace(em, caller, placeId)).informed,
    }));
  }

  @Route(saveCard, planning)
  async save(caller: Member, input: InputOf<typeof saveCard>) {
    await this.context.save(caller, input);
    return {};
  }

  @Route(readCard, anyone)
  card(caller: Member | Overseer, { placeId, cardId }: InputOf<typeof readCard>) {
    return this.context.read(caller, placeId, cardId);
  }

  @Route(commentCard, partaking)
  comment(caller: Member, input: InputOf<typeof commentCard>) {
    return this.context.comment(caller, input);
  }
}
