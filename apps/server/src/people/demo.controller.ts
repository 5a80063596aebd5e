import { Controller } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import {
  type DemoPerson,
  listDemoMails,
  listDemoPeople,
  makeDemoCrowd,
  signInAsDemo,
} from '@parley/contracts/demo';
import type { Response } from 'express';
import { notFound } from '../platform/errors';
import { Tenancy } from '../platform/tenancy';
import { type Passing, Route } from '../platform/transport';
import { agentOf, setSignIn } from './people.controller';
import { DemoService } from './demo.service';
import { PeopleService } from './people.service';
import { SignInService } from './sign-in.service';

/** Exists in demo mode alone. */
@Controller()
export class DemoController {
  constructor(
    private readonly demo: DemoService,
    private readonly people: PeopleService,
    private readonly signIns: SignInService,
    private readonly tenancy: Tenancy,
  ) {}

  @Route(listDemoPeople, 'anybody')
  async listPeople(): Promise<{ people: DemoPerson[] }> {
    return { people: await this.demo.people() };
  }

  @Route(signInAsDemo, 'anybody')
  async signIn(
    _caller: undefined,
    { personId }: InputOf<typeof signInAsDemo>,
    request: Passing,
    response: Response,
  ) {
    if (!(await this.demo.isDemo(personId))) throw notFound();
    // The demo asks nobody for a second factor.
    const strongAt = new Date();
    setSignIn(
      response,
      await this.tenancy.inInstall((em) => this.signIns.begin(em, personId, agentOf(request), strongAt)),
    );
    return this.people.me(personId, strongAt);
  }

  @Route(listDemoMails, 'anybody')
  async listMails(_caller: undefined, { to }: InputOf<typeof listDemoMails>) {
    return { mails: await this.demo.mails(to) };
  }

  @Route(makeDemoCrowd, 'anybody')
  async makeCrowd(_caller: undefined, { slug, from, count, handles }: InputOf<typeof makeDemoCrowd>) {
    return { people: await this.demo.crowd(slug, from, count, handles) };
  }
}
