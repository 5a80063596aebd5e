import { Controller, Get, Inject, Injectable, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { openApi } from './api-page';
import { type Config, CONFIG } from './config';
import { requireStrong } from './doors';
import { AppError } from './errors';
import { Realtime } from './realtime';
import { Sockets } from './sockets';
import { cookieOf, Identities, Operation, SIGN_IN_COOKIE } from './transport';
import { Writer } from './writer';

/** What an operator watches, in Prometheus' form. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  constructor(sockets: Sockets, realtime: Realtime, writer: Writer) {
    collectDefaultMetrics({ register: this.registry });
    const gauge = (name: string, help: string, read: () => number) =>
      new Gauge({
        name,
        help,
        registers: [this.registry],
        collect() {
          this.set(read());
        },
      });
    gauge('parley_sockets', 'Open sockets', () => sockets.size);
    gauge('parley_facts_sent', 'Fact messages handed to sockets', () => realtime.sent.facts);
    gauge('parley_frames_sent', 'Frames handed to sockets', () => realtime.sent.frames);
    gauge('parley_skipped', 'Messages skipped for slow readers', () => realtime.sent.skipped);
    gauge('parley_write_batches', 'Transactions of the group commit', () => writer.stored.batches);
    gauge('parley_writes', 'Writes stored by the group commit', () => writer.stored.writes);
  }
}

@Controller()
export class OperationsController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly db: DataSource,
    private readonly metrics: Metrics,
    private readonly identities: Identities,
  ) {}

  /** The process runs. */
  @Get('/health/live')
  @Operation('ops.health.live')
  live() {
    return { ok: true };
  }

  /** It can serve: the database answers. */
  @Get('/health/ready')
  @Operation('ops.health.ready')
  async ready() {
    try {
      await this.db.query('SELECT 1');
    } catch {
      throw new AppError('server.busy', 'The database does not answer.', { retryAfterMs: 1_000 });
    }
    return { ok: true };
  }

  @Get('/metrics')
  @Operation('ops.metrics.read')
  async read(@Req() request: Request, @Res() response: Response) {
    const { metricsToken } = this.config;
    const scraper = metricsToken && request.headers.authorization === `Bearer ${metricsToken}`;
    if (!scraper) {
      const token = cookieOf(request, SIGN_IN_COOKIE);
      const person = token ? await this.identities.person(token) : undefined;
      if (!person) throw new AppError('auth.required', 'Sign in as an admin, or send the token.');
      if (!person.admin) throw new AppError('auth.forbidden', 'For admins of the install.');
      requireStrong(person);
    }
    response.type(this.metrics.registry.contentType).send(await this.metrics.registry.metrics());
  }

  @Get('/api/openapi.json')
  @Operation('ops.openapi.read')
  api() {
    return openApi(this.config);
  }
}
