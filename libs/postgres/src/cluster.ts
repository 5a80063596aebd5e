import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Account, canReach, rootsOwnFolder } from './binaries.js';
import { explain, PostgresError } from './postgres-error.js';

/** A data folder: `data` is PostgreSQL's, the password, the port and the log lie beside it. */
export interface Cluster {
  folder: string;
  data: string;
  account: Account;
  native: string;
  durable: boolean;
}

/** A PostgreSQL at work on a cluster. */
export interface Running {
  pid: number;
  port: number;
  status: string;
  /** False when the process that started it is gone, and with it whoever would stop it. */
  held: boolean;
}

export const major = '18';
export const owner = 'parley';

export const plainEnv = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** The real path of the data folder, moved to where `account` can reach it if need be. */
export function settle(dataDir: string, account: Account): string {
  try {
    // A link whose end is gone: the data was removed on purpose.
    if (lstatSync(dataDir, { throwIfNoEntry: false })?.isSymbolicLink() && !existsSync(dataDir))
      unlinkSync(dataDir);
    if (existsSync(dataDir) && (lstatSync(dataDir).isSymbolicLink() || readdirSync(dataDir).length))
      return realpathSync(dataDir);
    if (existsSync(dataDir)) rmdirSync(dataDir);

    const parent = dirname(dataDir);
    const made = mkdirSync(parent, { recursive: true });
    // Under a strict umask the account could not pass through the folders just made.
    if (made && account)
      for (let path = parent; path.length >= made.length; path = dirname(path)) chmodSync(path, 0o755);
    // A private folder is passable after this and still cannot be listed; one further up is not ours to open.
    if (account && !canReach(parent, account) && canReach(dirname(parent), account)) chmodSync(parent, 0o711);
    if (!account || canReach(parent, account)) return join(realpathSync(parent), basename(dataDir));

    mkdirSync(rootsOwnFolder, { recursive: true });
    chmodSync(rootsOwnFolder, 0o755);
    const elsewhere = mkdtempSync(join(rootsOwnFolder, 'data-'));
    chownSync(elsewhere, account.uid, account.gid);
    symlinkSync(elsewhere, dataDir);
    return elsewhere;
  } catch (error) {
    throw explain(error, dataDir);
  }
}

/** Makes the cluster with its password and its database, unless it is there. */
export function initialise({ folder, data, account, native, durable }: Cluster): void {
  sweepDrafts(folder);
  if (existsSync(join(data, 'PG_VERSION'))) return checkVersion(data);
  if (existsSync(folder) && readdirSync(folder).length)
    throw new PostgresError(
      `The folder ${folder} holds files that are not Parley's database: move them away, or set PARLEY_DATA_DIR to another folder.`,
    );
  // Made aside and moved in whole: an interrupted start leaves no half cluster behind.
  const draft = `${folder}.new-${process.pid}`;
  try {
    mkdirSync(draft, { mode: 0o700 });
    if (account) chownSync(draft, account.uid, account.gid);
    const draftData = join(draft, 'data');
    run(join(native, 'bin/initdb'), [
      ...['-D', draftData, '-U', owner, '--auth=trust', '--no-instructions', '--encoding=UTF8'],
      ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ...(durable ? [] : ['--no-sync']),
    ]);
    writeFileSync(join(draftData, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n');
    const password = randomBytes(24).toString('base64url');
    // Single-user mode listens nowhere, so nobody can come in before the password is set.
    const said = run(
      join(native, 'bin/postgres'),
      ['--single', '-D', draftData, 'postgres'],
      `ALTER ROLE ${owner} PASSWORD '${password}'\nCREATE DATABASE ${owner}\n`,
    );
    if (/ERROR|FATAL|PANIC/.test(said)) throw new Error(said);
    const passwordFile = join(draft, 'password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (account) chownSync(passwordFile, account.uid, account.gid);
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another start may have been quicker: its cluster is as good.
    if (existsSync(join(data, 'PG_VERSION'))) return;
    throw explain(error, folder);
  }

  function run(command: string, args: string[], input = '') {
    const done = spawnSync(command, args, { ...account, cwd: '/', env: plainEnv, input, encoding: 'utf8' });
    const said = `${done.stderr}${done.stdout}${done.error?.message ?? ''}`;
    if (done.status !== 0) throw new Error(said || `${command} ended by ${done.signal}`);
    return said;
  }
}

function checkVersion(data: string) {
  const version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (version !== major)
    throw new PostgresError(
      `The folder ${dirname(data)} holds the data of PostgreSQL ${version} and Parley brings ${major}: set PARLEY_DATA_DIR to an empty folder and load a dump of the old data, or set DATABASE_URL to a PostgreSQL ${version} server.`,
    );
}

function sweepDrafts(folder: string) {
  for (const name of readdirSync(dirname(folder)))
    if (name.startsWith(`${basename(folder)}.new-`) && !bornAt(Number(name.split('-').at(-1))))
      rmSync(join(dirname(folder), name), { recursive: true, force: true });
}

export function readPassword(folder: string): string {
  try {
    return readFileSync(join(folder, 'password'), 'utf8').trim();
  } catch (error) {
    throw explain(error, folder);
  }
}

/** The PostgreSQL at work on this data, if any. */
export function findRunning(data: string): Running | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw explain(error, dirname(data));
  }
  const pid = Number(lines[0]);
  const words = pid > 0 ? commandOf(pid) : [];
  const [, holder, born] = /cluster_name=parley-(\d+)-(\d+)/.exec(words.join(' ')) ?? [];
  if (basename(words[0] ?? '') !== 'postgres' || (holder && !words.includes(data))) {
    // Left by a crash, and its number may be another program's by now: PostgreSQL would refuse to start.
    if (words.length) rmSync(join(data, 'postmaster.pid'), { force: true });
    return undefined;
  }
  const held = !holder || bornAt(Number(holder)) === born;
  return { pid, port: Number(lines[3]), status: (lines[7] ?? 'starting').trim(), held };
}

/** Names a process in PostgreSQL's own command line as the one that will stop it. */
export const holderName = () => `parley-${process.pid}-${bornAt(process.pid)}`;

function commandOf(pid: number): string[] {
  if (process.platform !== 'linux') return ps(pid, 'command').split(' ').filter(Boolean);
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
  } catch {
    return [];
  }
}

/** When a process began, to tell it from a later one of the same number; empty when there is none. */
function bornAt(pid: number): string {
  if (process.platform !== 'linux') {
    const began = ps(pid, 'lstart');
    return began && String(Date.parse(began));
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // After the name, which may itself hold spaces and brackets, comes the state; Z is dead already.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? '' : fields[19]!;
  } catch {
    return '';
  }
}

const ps = (pid: number, what: string) =>
  (spawnSync('ps', ['-o', `${what}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '').trim();
