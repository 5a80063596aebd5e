import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { bin, root, run, step, Stop } from './steps.mjs';

/** Keeps Nx to this machine and to this run. */
export const nxEnv = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false' };

/** Builds those of the apps whose sources have changed since they were built. */
export async function build(/** @type {string[]} */ apps) {
  const stamps = new Map(apps.map((app) => [app, sourcesOf(app)]));
  const stale = apps.filter((app) => readStamp(app) !== stamps.get(app));
  if (stale.length === 0) return;
  await step(`Building ${stale.join(', ')}`, async () => {
    const projects = stale.map((app) => `@parley/${app}`).join(',');
    const { code, output } = await run(
      [
        process.execPath,
        bin('nx'),
        'run-many',
        '-t',
        'build',
        '-p',
        projects,
        '--output-style=static',
        '--parallel=2',
      ],
      { env: nxEnv },
    );
    if (code !== 0) {
      process.stderr.write(`\n${process.stderr.isTTY ? output : stripVTControlCharacters(output)}\n`);
      throw new Stop('The build failed: mend what is named above and run the command again.');
    }
    for (const app of stale) writeFileSync(stampFile(app), stamps.get(app) ?? '');
  });
}

const stampFile = (/** @type {string} */ app) => join(root, 'apps', app, 'dist/.sources');

function readStamp(/** @type {string} */ app) {
  return existsSync(stampFile(app)) ? readFileSync(stampFile(app), 'utf8') : '';
}

/** One hash of everything that goes into an app. */
function sourcesOf(/** @type {string} */ app) {
  const hash = createHash('sha256').update(process.version);
  const add = (/** @type {string} */ path) => hash.update(path).update(readFileSync(join(root, path)));
  const walk = (/** @type {string} */ folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory() && !/^(node_modules|dist|test|\..*)$/.test(entry.name)) walk(path);
      else if (entry.isFile() && !/\.spec\.tsx?$/.test(entry.name)) add(path);
    }
  };
  add('package-lock.json');
  add('tsconfig.base.json');
  walk('libs');
  walk(`apps/${app}`);
  return hash.digest('hex');
}
