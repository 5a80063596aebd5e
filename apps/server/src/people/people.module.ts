import { type DynamicModule, Global, Injectable, Module } from '@nestjs/common';
import type { Config } from '../platform/config';
import type { Person } from '../platform/doors';
import { Identities } from '../platform/transport';
import { AuditService } from './audit.service';
import { CompanyService } from './company.service';
import { ConsentsService } from './consents.service';
import { DemoController } from './demo.controller';
import { DemoService } from './demo.service';
import { FactorsController } from './factors.controller';
import { FactorsService } from './factors.service';
import { GlassService } from './glass.service';
import { PeopleController } from './people.controller';
import { PeopleService } from './people.service';
import { ProfileController } from './profile.controller';
import { ProfileService } from './profile.service';
import { SegmentsService } from './segments.service';
import { SignInService } from './sign-in.service';

/** What the platform asks at the door. */
@Injectable()
class SignedIn extends Identities {
  constructor(
    private readonly signIns: SignInService,
    private readonly people: PeopleService,
    private readonly broken: GlassService,
  ) {
    super();
  }
  override person(token: string) {
    return this.signIns.personOf(token);
  }
  override glass(person: Person, communityId: string) {
    return this.broken.isBroken(person, communityId);
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
      controllers: [
        PeopleController,
        ProfileController,
        FactorsController,
        ...(demo ? [DemoController] : []),
      ],
      providers: [
        PeopleService,
        SignInService,
        FactorsService,
        CompanyService,
        GlassService,
        AuditService,
        ProfileService,
        ConsentsService,
        SegmentsService,
        ...(demo ? [DemoService] : []),
        { provide: Identities, useClass: SignedIn },
      ],
      exports: [
        PeopleService,
        SignInService,
        ProfileService,
        ConsentsService,
        SegmentsService,
        AuditService,
        Identities,
        ...(demo ? [DemoService] : []),
      ],
    };
  }
}
