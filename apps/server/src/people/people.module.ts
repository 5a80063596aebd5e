import { type DynamicModule, Global, Injectable, Module } from '@nestjs/common';
import type { Config } from '../platform/config';
import { Identities } from '../platform/transport';
import { DemoController } from './demo.controller';
import { DemoService } from './demo.service';
import { PeopleController } from './people.controller';
import { PeopleService } from './people.service';
import { SignInService } from './sign-in.service';

/** What the platform asks at the door. */
@Injectable()
class SignedIn extends Identities {
  constructor(
    private readonly signIns: SignInService,
    private readonly people: PeopleService,
  ) {
    super();
  }
  override person(token: string) {
    return this.signIns.personOf(token);
  }
  override standing(personId: string, communityId: string) {
    return this.people.standing(personId, communityId);
  }
}

// Global because the door, which stands in the platform, asks it.
@Global()
@Module({})
export class PeopleModule {
  static on({ demo }: Config): DynamicModule {
    return {
      module: PeopleModule,
      controllers: [PeopleController, ...(demo ? [DemoController] : [])],
      providers: [
        PeopleService,
        SignInService,
        ...(demo ? [DemoService] : []),
        { provide: Identities, useClass: SignedIn },
      ],
      exports: [PeopleService, Identities, ...(demo ? [DemoService] : [])],
    };
  }
}
