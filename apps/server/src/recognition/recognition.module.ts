import { Module } from '@nestjs/common';
import { ReachModule } from '../reach/reach.module';
import { CircleService } from './circle.service';
import { KudosService } from './kudos.service';
import { OffersService } from './offers.service';
import { RecognitionController } from './recognition.controller';
import { StandingService } from './standing.service';

@Module({
  imports: [ReachModule],
  controllers: [RecognitionController],
  providers: [KudosService, StandingService, OffersService, CircleService],
  exports: [KudosService, StandingService, OffersService, CircleService],
})
export class RecognitionModule {}
