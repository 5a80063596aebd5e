import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module';
import { analyze, openDatabase } from './database';
import { type Config, StartError } from './platform/config';
import { prepareHttp } from './platform/http';
import { Jobs } from './platform/jobs';
import { type Log, nestLog } from './platform/log';
import { Sockets } from './platform/sockets';
import { holdAlone } from './platform/sole';

/** The whole server on an open database, listening. */
export interface Running {
  app: NestExpressApplication;
  /** Takes nothing new in, answers what is under way, then closes, in this order. */
  stop(): Promise<void>;
}

/** `port` 0 takes a free one. Throws `StartError` for what an operator can mend. */
export async function startServer(
  config: Config,
  databaseUrl: string,
  log: Log,
  webFolder: string,
  /** Called when another server has taken the database: this one must stop. */
  lost: () => void = () => undefined,
): Promise<Running> {
  const { db, key, runtimeUrl } = await openDatabase(databaseUrl, config.runtimeUrl);
  const letGo = await holdAlone(runtimeUrl, lost).catch(async (error: unknown) => {
    await db.destroy();
    throw error;
  });
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.on({ config, log, db, key, jobsUrl: runtimeUrl, analyze: () => analyze(databaseUrl) }),
    { logger: nestLog(log), forceCloseConnections: true, bodyParser: false, abortOnError: false },
  );
  prepareHttp(app, config, log, webFolder);
  await app.init();
  const http = app.getHttpServer();
  http.headersTimeout = 10_000;
  http.requestTimeout = 60_000;
  // Longer than any proxy keeps an idle connection: who asks on one that closes at that moment gets no answer.
  http.keepAliveTimeout = 75_000;
  app.get(Sockets).attach(http);
  await app.get(Jobs).start();
  await new Promise<void>((done, failed) => {
    http.once('error', failed);
    // A room that comes back at once is let in from the queue instead of being refused.
    http.listen({ port: config.port, host: config.host, backlog: 4_096 }, done);
  }).catch(async (error: { code?: string; message: string }) => {
    await app.get(Jobs).stop();
    await letGo();
    await db.destroy();
    throw new StartError(
      error.code === 'EADDRINUSE'
        ? `Port ${config.port} is taken: stop the other program, or set PORT to a free one.`
        : `Port ${config.port} on ${config.host} cannot be opened (${error.message}): set PORT and HOST.`,
    );
  });
  return {
    app,
    stop: async () => {
      const closed = new Promise((done) => http.close(done));
      http.closeIdleConnections();
      await app.get(Sockets).drain();
      let patience: NodeJS.Timeout | undefined;
      await Promise.race([closed, new Promise((done) => (patience = setTimeout(done, 3_000)))]);
      clearTimeout(patience);
      await app.get(Jobs).stop();
      await app.close();
      await letGo();
      await db.destroy();
    },
  };
}
