import { Module } from '@nestjs/common';
import { ContributionsModule } from '../contributions/contributions.module';
import { LoopModule } from '../loop/loop.module';
import { RecognitionModule } from '../recognition/recognition.module';
import { ReachModule } from '../reach/reach.module';
import { CommonsController } from './commons.controller';
import { ContextService } from './context.service';
import { IdeaDeskService } from './idea-desk.service';
import { IdeasController } from './ideas.controller';
import { IdeasService } from './ideas.service';
import { SearchService } from './search.service';
import { TopicsService } from './topics.service';

@Module({
  imports: [ReachModule, ContributionsModule, LoopModule, RecognitionModule],
  controllers: [CommonsController, IdeasController],
  providers: [TopicsService, SearchService, IdeasService, IdeaDeskService, ContextService],
  exports: [TopicsService, IdeasService, IdeaDeskService],
})
export class CommonsModule {}
