import { Controller } from '@nestjs/common';
import {
  countAudience,
  editPost,
  followTopic,
  listPlaces,
  listTopics,
  openPlace,
  postTo,
  readHistory,
  readTopic,
  search,
  seeTopic,
  solveTopic,
  startTopic,
} from '@parley/contracts/commons';
import type { InputOf } from '@parley/contracts/contract';
import { type Member, members, type Overseer } from '../platform/doors';
import { Route } from '../platform/transport';
import { PlacesService } from './places.service';
import { SearchService } from './search.service';
import { TopicsService } from './topics.service';

const anyone = members(undefined, { glass: true });
const inside = members();
const partaking = members(undefined, { partaking: true });

/** Where members talk between Sessions. */
@Controller()
export class CommonsController {
  constructor(
    private readonly topics: TopicsService,
    private readonly where: PlacesService,
    private readonly searching: SearchService,
  ) {}

  @Route(listPlaces, anyone)
  async places(caller: Member | Overseer) {
    return { places: await this.where.list(caller) };
  }

  @Route(openPlace, members(['producer', 'manager']))
  open(caller: Member, { communityId: _, ...place }: InputOf<typeof openPlace>) {
    return this.where.open(caller, place);
  }

  @Route(countAudience, members(['producer', 'manager']))
  async count(caller: Member, { audience }: InputOf<typeof countAudience>) {
    return { count: await this.where.count(caller, audience) };
  }

  @Route(listTopics, anyone)
  list(caller: Member | Overseer, { placeId, cursor }: InputOf<typeof listTopics>) {
    return this.topics.listTopics(caller, placeId, cursor);
  }

  @Route(startTopic, partaking)
  start(caller: Member, input: InputOf<typeof startTopic>) {
    return this.topics.start(caller, input);
  }

  @Route(readTopic, anyone)
  read(caller: Member | Overseer, { topicId, cursor }: InputOf<typeof readTopic>) {
    return this.topics.read(caller, topicId, cursor);
  }

  @Route(postTo, partaking)
  post(caller: Member, input: InputOf<typeof postTo>) {
    return this.topics.post(caller, input);
  }

  @Route(editPost, partaking)
  async edit(caller: Member, { postId, body }: InputOf<typeof editPost>) {
    await this.topics.edit(caller, postId, body);
    return {};
  }

  @Route(readHistory, members(['member', 'moderator', 'producer', 'manager'], { glass: true }))
  async history(caller: Member | Overseer, { postId }: InputOf<typeof readHistory>) {
    return { versions: await this.topics.history(caller, postId) };
  }

  @Route(seeTopic, inside)
  async see(caller: Member, { topicId, upTo }: InputOf<typeof seeTopic>) {
    await this.topics.see(caller, topicId, upTo);
    return {};
  }

  @Route(followTopic, inside)
  async follow(caller: Member, { topicId, following }: InputOf<typeof followTopic>) {
    await this.topics.follow(caller, topicId, following);
    return {};
  }

  @Route(solveTopic, partaking)
  async solve(caller: Member, { topicId, postId }: InputOf<typeof solveTopic>) {
    await this.topics.solve(caller, topicId, postId);
    return {};
  }

  @Route(search, anyone)
  async search(caller: Member | Overseer, { words }: InputOf<typeof search>) {
    return { found: await this.searching.find(caller, words) };
  }
}
