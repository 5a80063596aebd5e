import { Controller, type DynamicModule, Module } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import { costDemoCommons, fillDemoCommons } from '@parley/contracts/demo';
import { ANALYZE } from '../loop/demo-loop.service';
import { Route } from '../platform/transport';
import { RecognitionModule } from '../recognition/recognition.module';
import { CommonsModule } from './commons.module';
import { DemoCommonsService } from './demo-commons.service';

/** Exists in demo mode alone. */
@Controller()
export class DemoCommonsController {
  constructor(private readonly demo: DemoCommonsService) {}

  @Route(fillDemoCommons, 'anybody')
  fill(_caller: undefined, input: InputOf<typeof fillDemoCommons>) {
    return this.demo.fill(input);
  }

  @Route(costDemoCommons, 'anybody')
  costs(_caller: undefined, { slug, place, analyze }: InputOf<typeof costDemoCommons>) {
    return this.demo.costs(slug, place, analyze);
  }
}

@Module({})
export class DemoCommonsModule {
  static on(analyze: () => Promise<void>): DynamicModule {
    return {
      module: DemoCommonsModule,
      imports: [CommonsModule, RecognitionModule],
      controllers: [DemoCommonsController],
      providers: [DemoCommonsService, { provide: ANALYZE, useValue: analyze }],
    };
  }
}
