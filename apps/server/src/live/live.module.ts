import { Module } from '@nestjs/common';
import { ContributionsModule } from '../contributions/contributions.module';
import { LoopModule } from '../loop/loop.module';
import { MediaModule } from '../media/media.module';
import { LiveController } from './live.controller';
import { LiveGateway } from './live.gateway';
import { LiveService } from './live.service';
import { SessionsService } from './sessions.service';

@Module({
  imports: [ContributionsModule, MediaModule, LoopModule],
  controllers: [LiveController],
  providers: [SessionsService, LiveService, LiveGateway],
  exports: [SessionsService],
})
export class LiveModule {}
