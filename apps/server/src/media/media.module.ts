import { Module } from '@nestjs/common';
import { ContributionsModule } from '../contributions/contributions.module';
import { AccessService } from './access.service';
import { AttachmentsService } from './attachments.service';
import { AssetsController } from './assets.controller';
import { AssetsService } from './assets.service';
import { DeliveryService } from './delivery.service';
import { LeaksService } from './leaks.service';
import { MakingService } from './making.service';
import { MarksService } from './marks.service';
import { MediaController } from './media.controller';
import { UploadsService } from './uploads.service';
import { Workshop } from './workshop';

@Module({
  imports: [ContributionsModule],
  controllers: [MediaController, AssetsController],
  providers: [
    Workshop,
    UploadsService,
    MakingService,
    AccessService,
    AssetsService,
    MarksService,
    DeliveryService,
    LeaksService,
    AttachmentsService,
  ],
  exports: [AccessService, AttachmentsService, AssetsService, MakingService, MarksService],
})
export class MediaModule {}
