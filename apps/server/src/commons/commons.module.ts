import { Module } from '@nestjs/common';
import { ContributionsModule } from '../contributions/contributions.module';
import { LoopModule } from '../loop/loop.module';
import { ReachModule } from '../reach/reach.module';
import { CommonsController } from './commons.controller';
import { SearchService } from './search.service';
import { TopicsService } from './topics.service';

@Module({
  imports: [ReachModule, ContributionsModule, LoopModule],
  controllers: [CommonsController],
  providers: [TopicsService, SearchService],
  exports: [TopicsService],
})
export class CommonsModule {}
