import { type DynamicModule, Module } from '@nestjs/common';
import { ContributionsModule } from '../contributions/contributions.module';
import { DemoLoopController } from './demo-loop.controller';
import { ANALYZE, DemoLoopService } from './demo-loop.service';
import { LoopModule } from './loop.module';

/** In demo mode alone. */
@Module({})
export class DemoLoopModule {
  static on(analyze: () => Promise<void>): DynamicModule {
    return {
      module: DemoLoopModule,
      imports: [LoopModule, ContributionsModule],
      controllers: [DemoLoopController],
      providers: [DemoLoopService, { provide: ANALYZE, useValue: analyze }],
    };
  }
}
