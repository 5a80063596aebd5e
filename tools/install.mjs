import { createHash } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, step, Stop } from './steps.mjs';

/** Refuses versions of Node.js that the packages do not run on. */
export function checkNode(version = process.version) {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
  const runs = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (!runs)
    throw new Stop(
      `Parley needs Node.js 20.19, 22.12 or later and this is ${version.slice(1)}: install a newer one from https://nodejs.org and run the command again.`,
    );
}

/** Refuses a checkout that this user cannot build in. */
export function checkWritable(folder = root) {
  for (const name of ['', '.data', '.nx', 'node_modules']) {
    const path = join(folder, name);
    if (!existsSync(path)) continue;
    try {
      accessSync(path, constants.W_OK | constants.X_OK);
    } catch {
      throw new Stop(
        `The folder ${path} cannot be written by this user: copy Parley to a folder of your own, or make this one yours.`,
      );
    }
  }
  mkdirSync(join(folder, '.data'), { recursive: true });
}

/** Installs the packages unless those of this lock file are there; then it needs no network. */
export async function install() {
  const stampFile = join(root, 'node_modules/.parley');
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const machine = `${process.version} ${process.platform} ${process.arch}`;
  const stamp = `${machine} ${createHash('sha256').update(lock).digest('hex')}`;
  const last = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
  if (last === stamp) return;
  // Whoever ran npm here by hand has done it already.
  if ((!last || last.startsWith(`${machine} `)) && isInstalled(lock)) return writeFileSync(stampFile, stamp);
  await step('Installing the packages', async () => {
    const npm = process.env.npm_execpath?.endsWith('.js')
      ? [process.execPath, process.env.npm_execpath]
      : ['npm'];
    const { code, output } = await run([
      ...npm,
      ...['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
      (await hasNetwork()) ? '--prefer-offline' : '--offline',
      // NODE_ENV=production or a setting of the user's would leave out what the build needs.
      ...['--include=dev', '--include=optional'],
      ...['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'],
    ]);
    if (code !== 0) throw new Stop(installFailure(output));
    writeFileSync(stampFile, stamp);
  });
}

/** Why npm failed, as a sentence. */
export function installFailure(/** @type {string} */ output) {
  if (/ENOSPC|no space left/i.test(output))
    return 'The disk is full: free about 1.5 GB and run the command again.';
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|ERR_SOCKET/.test(
      output,
    )
  )
    return 'The packages could not be fetched: connect to the internet (only the first start needs it) and run the command again.';
  if (/EACCES|EPERM|EROFS/.test(output))
    return 'npm may not write where it keeps its packages: make this folder and ~/.npm yours and run the command again.';
  if (/EUSAGE|in sync/.test(output))
    return 'package.json and package-lock.json do not fit together: run "npm install --ignore-scripts" and try again.';
  writeFileSync(join(root, '.data/install.log'), output);
  return 'The packages could not be installed: read .data/install.log, mend what it says and run the command again.';
}

/** Whether somebody has installed exactly this lock file, on this platform, by npm itself. */
function isInstalled(/** @type {string} */ lock) {
  const file = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(file)) return false;
  const present = JSON.parse(readFileSync(file, 'utf8')).packages;
  return Object.entries(JSON.parse(lock).packages).every(
    ([path, wanted]) =>
      !path.includes('node_modules/') ||
      wanted.link ||
      present[path]?.version === wanted.version ||
      (wanted.optional && !isForHere(wanted)),
  );
}

/** Whether an optional package is this platform's own: the others may be missing. */
function isForHere(/** @type {{ os?: string[], cpu?: string[], libc?: string[] }} */ { os, cpu, libc }) {
  if (!os && !cpu) return false;
  /** @type {any} */
  const { header } = process.report.getReport();
  return (
    (!os || os.includes(process.platform)) &&
    (!cpu || cpu.includes(process.arch)) &&
    (!libc || libc.includes(header.glibcVersionRuntime ? 'glibc' : 'musl'))
  );
}

/** Without a network npm tries each of a thousand packages for a minute; told so, it looks into its cache at once. */
async function hasNetwork() {
  const { env } = process;
  const isProxied = Object.keys(env).some(
    (name) => /^(npm_config_)?(https?_)?proxy$/i.test(name) && env[name],
  );
  if (isProxied || !env.npm_execpath) return true;
  const { hostname } = new URL(env.npm_config_registry || 'https://registry.npmjs.org');
  return lookup(hostname).then(
    () => true,
    () => false,
  );
}
