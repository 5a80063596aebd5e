import { Module } from '@nestjs/common';
import { ContributionsModule } from '../contributions/contributions.module';
import { MediaModule } from '../media/media.module';
import { ReachModule } from '../reach/reach.module';
import { DraftsService } from './drafts.service';
import { FeedService } from './feed.service';
import { LoopController } from './loop.controller';
import { PromisesService } from './promises.service';
import { UpdatesService } from './updates.service';

@Module({
  imports: [ReachModule, ContributionsModule, MediaModule],
  controllers: [LoopController],
  providers: [PromisesService, DraftsService, UpdatesService, FeedService],
  exports: [PromisesService, FeedService],
})
export class LoopModule {}
