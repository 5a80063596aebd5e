import { checkNode, checkWritable, install } from './install.mjs';
import { isEnding, progress, root, run, Stop, watchForStop } from './steps.mjs';

/** Commands of the crowd that start a server of their own. */
const ofTheirOwn = ['notify', 'fate'];

/**
 * What stands behind `npm start`, `npm run dev`, `npm test`, `npm run check` and `npm run crowd`.
 * It runs before anything is installed, so it and what it loads at first need Node.js alone.
 */
const modes = {
  start: async () => (await import('./start.mjs')).start(),
  dev: async () => (await import('./dev.mjs')).dev(),
  test: async (/** @type {string[]} */ ...args) => (await import('./test.mjs')).test(args),
  check: async (/** @type {string[]} */ ...args) =>
    (await import('./test.mjs')).test(['--only=format,lint,types,unit', ...args]),
  crowd: async (/** @type {string[]} */ ...args) => {
    const { build } = await import('./build.mjs');
    await build(ofTheirOwn.includes(args[0] ?? '') ? ['server', 'crowd'] : ['crowd']);
    const { code } = await run(
      [process.execPath, '--enable-source-maps', `${root}/apps/crowd/dist/main.js`, ...args],
      {
        cwd: process.env.INIT_CWD || root,
        live: true,
      },
    );
    return code;
  },
};

const [mode = '', ...args] = process.argv.slice(2);
try {
  const go = modes[/** @type {keyof typeof modes} */ (mode)];
  if (!go) throw new Stop(`Say one of: ${Object.keys(modes).join(', ')}.`);
  // stdout belongs to the crowd's answer.
  if (mode === 'crowd') progress.out = process.stderr;
  checkNode();
  checkWritable();
  watchForStop(mode === 'start' || mode === 'dev' ? 0 : 130);
  await install();
  const code = await go(...args);
  if (!isEnding()) process.exit(code);
} catch (error) {
  if (!isEnding()) {
    process.stderr.write(`${sentence(error)}\n`);
    process.exit(1);
  }
}

function sentence(/** @type {any} */ error) {
  if (error instanceof Stop || error.name === 'PostgresError') return error.message;
  if (error.code === 'ENOSPC') return 'The disk is full: free about 1.5 GB and run the command again.';
  return process.env.DEBUG ? error.stack : `Parley could not go on: ${error.message} (DEBUG=1 tells more).`;
}
