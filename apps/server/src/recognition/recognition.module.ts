import { Module } from '@nestjs/common';
import { ReachModule } from '../reach/reach.module';
import { KudosService } from './kudos.service';
import { OffersService } from './offers.service';
import { RecognitionController } from './recognition.controller';
import { StandingService } from './standing.service';

@Module({
  imports: [ReachModule],
  controllers: [RecognitionController],
  providers: [KudosService, StandingService, OffersService],
  exports: [KudosService, StandingService, OffersService],
})
export class RecognitionModule {}
