import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '../platform/config';
import { AdmissionService } from './admission.service';
import { CandidacyService } from './candidacy.service';
import { CandidatesController } from './candidates.controller';
import { CandidatesService } from './candidates.service';
import { DemoDoorController } from './demo-door.controller';
import { DeskController } from './desk.controller';
import { DeskService } from './desk.service';
import { InvitationsService } from './invitations.service';
import { QuotasService } from './quotas.service';
import { ScreenersService } from './screeners.service';
import { WaitlistService } from './waitlist.service';

const services = [
  AdmissionService,
  CandidacyService,
  CandidatesService,
  DeskService,
  InvitationsService,
  QuotasService,
  ScreenersService,
  WaitlistService,
];

@Module({})
export class DoorModule {
  static on({ demo }: Config): DynamicModule {
    return {
      module: DoorModule,
      controllers: [CandidatesController, DeskController, ...(demo ? [DemoDoorController] : [])],
      providers: services,
      exports: services,
    };
  }
}
