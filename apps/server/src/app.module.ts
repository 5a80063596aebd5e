import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, DiscoveryModule } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { ActivitiesModule } from './activities/activities.module';
import { DemoCommonsModule } from './commons/demo-commons.module';
import { CommonsModule } from './commons/commons.module';
import { ContributionsModule } from './contributions/contributions.module';
import { DoorModule } from './door/door.module';
import { LiveModule } from './live/live.module';
import { DemoLoopModule } from './loop/demo-loop.module';
import { LoopModule } from './loop/loop.module';
import { MediaModule } from './media/media.module';
import { PeopleModule } from './people/people.module';
import { type Config, CONFIG } from './platform/config';
import { Files } from './platform/files';
import { Jobs, JOBS_URL } from './platform/jobs';
import { type Log, LOG } from './platform/log';
import { Mails } from './platform/mail';
import { Metrics, OperationsController } from './platform/operations';
import { Realtime } from './platform/realtime';
import { Seal } from './platform/seal';
import { Sockets } from './platform/sockets';
import { ScopeKey, Tenancy } from './platform/tenancy';
import { DoorGuard, OutputInterceptor, ProblemFilter } from './platform/transport';
import { Writer } from './platform/writer';
import { RecognitionModule } from './recognition/recognition.module';
import { ReachModule } from './reach/reach.module';

/** What is made before the app: settings, log, and the open database. */
export interface Ground {
  config: Config;
  log: Log;
  db: DataSource;
  key: ScopeKey;
  jobsUrl: string;
  /** Brings the planner's statistics up to date. */
  analyze: () => Promise<void>;
}

const parts = [Tenancy, Seal, Realtime, Sockets, Writer, Jobs, Mails, Files, Metrics];

@Global()
@Module({})
class PlatformModule {
  static on({ config, log, db, key, jobsUrl }: Ground): DynamicModule {
    const given = [
      { provide: CONFIG, useValue: config },
      { provide: LOG, useValue: log },
      { provide: DataSource, useValue: db },
      { provide: ScopeKey, useValue: key },
      { provide: JOBS_URL, useValue: jobsUrl },
    ];
    return {
      module: PlatformModule,
      imports: [DiscoveryModule],
      controllers: [OperationsController],
      providers: [
        ...given,
        ...parts,
        { provide: APP_GUARD, useClass: DoorGuard },
        { provide: APP_INTERCEPTOR, useClass: OutputInterceptor },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
      exports: [...given.map(({ provide }) => provide), ...parts],
    };
  }
}

/** The features, lowest first. */
@Module({})
export class AppModule {
  static on(ground: Ground): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.on(ground),
        PeopleModule.on(ground.config),
        ReachModule,
        ContributionsModule,
        MediaModule,
        LoopModule,
        ...(ground.config.demo ? [DemoLoopModule.on(ground.analyze)] : []),
        RecognitionModule,
        DoorModule.on(ground.config),
        LiveModule,
        ActivitiesModule,
        CommonsModule,
        ...(ground.config.demo ? [DemoCommonsModule.on(ground.analyze)] : []),
      ],
    };
  }
}
