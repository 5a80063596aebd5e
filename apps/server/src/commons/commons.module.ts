import { Module } from '@nestjs/common';
import { ContributionsModule } from '../contributions/contributions.module';
import { LoopModule } from '../loop/loop.module';
import { MediaModule } from '../media/media.module';
import { RecognitionModule } from '../recognition/recognition.module';
import { ReachModule } from '../reach/reach.module';
import { AttachedService } from './attached.service';
import { BringingService } from './bringing.service';
import { CallsService } from './calls.service';
import { CommonsController } from './commons.controller';
import { ContextService } from './context.service';
import { FeedbackController } from './feedback.controller';
import { FeedbackService } from './feedback.service';
import { GroupsController } from './groups.controller';
import { GroupsService } from './groups.service';
import { IdeaDeskService } from './idea-desk.service';
import { IdeasController } from './ideas.controller';
import { IdeasService } from './ideas.service';
import { MeetupsService } from './meetups.service';
import { PlacesService } from './places.service';
import { SearchService } from './search.service';
import { TopicsService } from './topics.service';

@Module({
  imports: [ReachModule, ContributionsModule, MediaModule, LoopModule, RecognitionModule],
  controllers: [CommonsController, IdeasController, GroupsController, FeedbackController],
  providers: [
    AttachedService,
    PlacesService,
    TopicsService,
    SearchService,
    IdeasService,
    IdeaDeskService,
    BringingService,
    FeedbackService,
    ContextService,
    CallsService,
    GroupsService,
    MeetupsService,
  ],
  exports: [PlacesService, TopicsService, IdeasService, SearchService],
})
export class CommonsModule {}
