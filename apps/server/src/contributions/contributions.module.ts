import { Module } from '@nestjs/common';
import { ReachModule } from '../reach/reach.module';
import { ContributionsController } from './contributions.controller';
import { ContributionsService } from './contributions.service';
import { FateService } from './fate.service';
import { ModerationDeskService } from './moderation-desk.service';
import { ModerationService } from './moderation.service';
import { PolicyService } from './policy.service';
import { SpacesService } from './spaces.service';
import { ThemesService } from './themes.service';

@Module({
  imports: [ReachModule],
  controllers: [ContributionsController],
  providers: [
    ContributionsService,
    FateService,
    ModerationService,
    ModerationDeskService,
    PolicyService,
    SpacesService,
    ThemesService,
  ],
  exports: [
    ContributionsService,
    FateService,
    ModerationDeskService,
    ModerationService,
    SpacesService,
    ThemesService,
  ],
})
export class ContributionsModule {}
