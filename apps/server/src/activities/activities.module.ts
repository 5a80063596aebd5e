import { Module } from '@nestjs/common';
import { ContributionsModule } from '../contributions/contributions.module';
import { LoopModule } from '../loop/loop.module';
import { MediaModule } from '../media/media.module';
import { ReachModule } from '../reach/reach.module';
import { ActivitiesController } from './activities.controller';
import { ActivitiesService } from './activities.service';
import { CalendarService } from './calendar.service';
import { ExportService } from './export.service';
import { GalleryService } from './gallery.service';
import { SubmissionsService } from './submissions.service';

@Module({
  imports: [ReachModule, ContributionsModule, MediaModule, LoopModule],
  controllers: [ActivitiesController],
  providers: [ActivitiesService, SubmissionsService, GalleryService, CalendarService, ExportService],
  exports: [ActivitiesService, SubmissionsService, GalleryService],
})
export class ActivitiesModule {}
