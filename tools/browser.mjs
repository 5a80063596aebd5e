import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, run, Stop } from './steps.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const macs = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * Finds a browser for the journeys, or fetches one, and answers with the environment that names it.
 * @returns {Promise<Record<string, string | undefined>>}
 */
export async function findBrowser() {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    if (!runs(given))
      throw new Stop(`CHROMIUM_PATH=${given} is not a browser that runs: correct or unset it.`);
    return { CHROMIUM_PATH: given };
  }
  const found = installed() ?? (await playwrights()) ?? (await fromDebian());
  if (found) return { CHROMIUM_PATH: found };
  const portable = await fromRegistry();
  if (portable) return portable;
  throw new Stop(
    'There is no browser for the journeys and none could be fetched: install Chromium or set CHROMIUM_PATH to one.',
  );
}

function installed() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, ...macs].find((path) => isProgram(path) && runs(path));
}

async function playwrights() {
  try {
    const require = createRequire(join(root, 'apps/e2e/package.json'));
    const { chromium } = require('playwright-core');
    const path = chromium.executablePath();
    return path && runs(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

async function fromDebian() {
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return undefined;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const limits = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=20'];
  await run(['apt-get', ...limits, 'update'], { env });
  await run(['apt-get', ...limits, 'install', '-y', '--no-install-recommends', 'chromium'], { env });
  return installed();
}

/** A Chromium packed for npm, which needs neither root nor the system's libraries. */
async function fromRegistry() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const shelf = join(root, '.data/browser');
  const main = join(shelf, 'node_modules/@sparticuz/chromium/package.json');
  mkdirSync(shelf, { recursive: true });
  if (!existsSync(main)) {
    const install = [
      'install',
      '--prefix',
      shelf,
      '--no-save',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
    ];
    const { code } = await run(['npm', ...install, '@sparticuz/chromium@143.0.4']);
    if (code !== 0) return undefined;
  }
  // It unpacks itself into TMPDIR, with its own libraries when it believes to be on the machine it was made for.
  const env = {
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x',
    TMPDIR: join(shelf, 'unpacked'),
    LD_LIBRARY_PATH: [join(shelf, 'unpacked/al2023/lib'), process.env.LD_LIBRARY_PATH]
      .filter(Boolean)
      .join(':'),
  };
  mkdirSync(env.TMPDIR, { recursive: true });
  const entry = pathToFileURL(createRequire(main).resolve('@sparticuz/chromium')).href;
  const program = `const { default: chromium } = await import(${JSON.stringify(entry)}); console.log(await chromium.executablePath());`;
  const { output } = await run([process.execPath, '--input-type=module', '-e', program], { env });
  const path = output.trim().split('\n').at(-1) ?? '';
  // The library path is for the browser; temporary files go where they would have gone.
  const browser = { CHROMIUM_PATH: path, LD_LIBRARY_PATH: env.LD_LIBRARY_PATH, TMPDIR: tmpdir() };
  return isProgram(path) && runs(path, browser) ? browser : undefined;
}

/** @param {string} path @param {Record<string, string | undefined>} [env] */
function runs(path, env) {
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--version'];
  return spawnSync(path, args, { env: { ...process.env, ...env }, timeout: 20_000 }).status === 0;
}

function isProgram(/** @type {string} */ path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
