import { Controller } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import {
  listNotifications,
  readNotifications,
  readPreferences,
  updatePreferences,
} from '@parley/contracts/reach';
import { type Member, members } from '../platform/doors';
import { Route } from '../platform/transport';
import { ReachService } from './reach.service';

const anyone = members(undefined, { hidden: false });

@Controller()
export class ReachController {
  constructor(private readonly reach: ReachService) {}

  @Route(listNotifications, anyone)
  list(caller: Member, { cursor }: InputOf<typeof listNotifications>) {
    return this.reach.list(caller, cursor);
  }

  @Route(readNotifications, anyone)
  read(caller: Member, { ids }: InputOf<typeof readNotifications>) {
    return this.reach.read(caller, ids);
  }

  @Route(readPreferences, anyone)
  preferences(caller: Member) {
    return this.reach.preferences(caller);
  }

  @Route(updatePreferences, anyone)
  async prefer(caller: Member, { preferences }: InputOf<typeof updatePreferences>) {
    await this.reach.prefer(caller, preferences);
    return {};
  }
}
