import { join } from 'node:path';
import { checkPort, dataEnv, endServer, spawnServer } from './start.mjs';
import { isEnding, onStop, progress, root, step } from './steps.mjs';

const webPort = 5173;

/** Runs the product from its sources: the server starts anew when they change, pages change in place. */
export async function dev() {
  await checkPort();
  await checkPort(String(webPort), 'localhost');
  const { build, createServer, runnerImport } = await import('vite');
  const env = { ...dataEnv(), PUBLIC_URL: process.env.PUBLIC_URL || `http://localhost:${webPort}` };

  if (!process.env.DATABASE_URL) {
    // Held here, so that a restart of the server does not restart the database.
    const { module } = await runnerImport(join(root, 'libs/postgres/src/embedded.ts'), { configFile: false });
    const dataDir = join(env.PARLEY_DATA_DIR, 'pg18');
    const postgres = await step('Starting the database', () => module.startPostgres({ dataDir }));
    onStop(() => postgres.stop());
    Object.assign(env, { DATABASE_URL: postgres.url, PARLEY_DEMO: process.env.PARLEY_DEMO || '1' });
  }

  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;
  let turn = Promise.resolve();
  const restart = () =>
    (turn = turn.then(async () => {
      if (child) await endServer(child, 3_000);
      if (isEnding()) return;
      child = spawnServer(env);
      child.once('exit', (code, signal) => {
        if (code)
          progress.out.write(`The server ended by itself (${code}); it starts again with the next change.\n`);
        else if (signal)
          progress.out.write(`The server was ended by ${signal}; it starts again with the next change.\n`);
      });
    }));
  onStop(async () => {
    await turn;
    if (child) await endServer(child, 15_000);
  });

  const app = join(root, 'apps/server');
  const watcher = await build({
    root: app,
    configFile: join(app, 'vite.config.ts'),
    build: { watch: {} },
    logLevel: 'error',
    clearScreen: false,
  });
  if (!('on' in watcher)) throw new Error('Vite does not watch');
  watcher.on('event', (event) => {
    if (event.code === 'BUNDLE_END') void restart();
    if ('result' in event) void event.result?.close();
  });
  onStop(() => watcher.close());

  const web = await createServer({ configFile: join(root, 'apps/web/vite.config.ts'), clearScreen: false });
  await web.listen();
  onStop(() => web.close());
  progress.out.write(`Pages are served at ${env.PUBLIC_URL}\n`);
  return new Promise(() => {});
}
