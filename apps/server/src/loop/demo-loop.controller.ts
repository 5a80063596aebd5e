import { Controller } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import { costDemoPages, fillDemoLoop } from '@parley/contracts/demo';
import { Route } from '../platform/transport';
import { DemoLoopService } from './demo-loop.service';

/** Exists in demo mode alone. */
@Controller()
export class DemoLoopController {
  constructor(private readonly demo: DemoLoopService) {}

  @Route(fillDemoLoop, 'anybody')
  fill(_caller: undefined, input: InputOf<typeof fillDemoLoop>) {
    return this.demo.fill(input);
  }

  @Route(costDemoPages, 'anybody')
  costs(_caller: undefined, { slug, place, analyze }: InputOf<typeof costDemoPages>) {
    return this.demo.costs(slug, place, analyze);
  }
}
