import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CallError } from '@parley/client/http';
import { bare } from './baselines';
import { crew } from './crew';
import { door } from './door';
import { commons } from './commons';
import { fate } from './fate';
import { live, parts } from './live';
import { media } from './media';
import { notify } from './notify';
import { Problem, say } from './problem';
import { replay } from './replay';
import { room } from './room';
import { uploads } from './uploads';

const usage = `People made of software, over the public interface only.

  room   [--people 200] [--seconds N] [--no-drive]   fill the Session of the demo with plausible people
  replay <folder> [--speed 60] [--longest-pause 50]  play a recorded conversation (comments.csv, votes.csv) again
  live   [--people 1000] [--seconds 120] [--only ${parts.join('|')}]
                                                     measure a full Session, side by side with bare servers
  door   [--people 5000] [--parallel 200] [--turn 300]
                                                     bring people through the door under quotas that bind, and
                                                     measure it beside the same without quotas (--turn 0: do not)
  notify [--people 1000] [--kills 3]                 tell everybody what came of their words, while the server is killed
  media  <folder>                                    send every file of a folder, and compare what becomes of it with the
                                                     folder's manifest.json
  uploads [--megabytes 300] [--cuts 20] [--rate 1] [--at 10] [--pictures 40]
                                                     send large files over a thin line that is cut, and many pictures
  fate   [--contributions 100000] [--updates 2000]   fill a community, and measure what its pages cost the database
  commons [--scale 10]   the same of topics, ideas, ratings and thanks: 20,000 and 200,000, and that many times as many

media, uploads, notify, fate and commons start a server of their own. Every other command takes --url (or PARLEY_URL; default http://localhost:4310) and --community (default halden).`;

/** Settles with the first wish to stop; the second one stops at once. */
const interrupted = () =>
  new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        say('Coming to an end ...');
        done();
      });
  });

interface Given {
  values: Record<string, unknown>;
  words: string[];
  common: { url: string; community: string };
}

interface Outcome {
  ok: boolean;
}

const commands: Record<string, (args: string[]) => Promise<Outcome>> = {
  room: (args) => {
    const given = read(args, 0, {
      people: { type: 'string', default: '200' },
      seconds: { type: 'string' },
      'no-drive': { type: 'boolean', default: false },
    });
    return room({
      ...given.common,
      people: number(given.values, 'people', 1, 5_000),
      seconds: given.values['seconds'] ? number(given.values, 'seconds', 1, 86_400) : undefined,
      drive: !given.values['no-drive'],
      interrupted: interrupted(),
    });
  },
  replay: (args) => {
    const given = read(args, 1, {
      speed: { type: 'string', default: '60' },
      'longest-pause': { type: 'string', default: '50' },
    });
    const [folder, ...more] = given.words;
    if (!folder || more.length) throw new Problem('Name one folder to replay.', 2);
    return replay({
      ...given.common,
      folder,
      speed: number(given.values, 'speed', 0.001, 1e12),
      longestPause: number(given.values, 'longest-pause', 0, 3_600_000),
      interrupted: interrupted(),
    });
  },
  door: (args) => {
    const given = read(args, 0, {
      people: { type: 'string', default: '5000' },
      parallel: { type: 'string', default: '200' },
      turn: { type: 'string', default: '300' },
    });
    return door({
      ...given.common,
      people: number(given.values, 'people', 1, 100_000),
      parallel: number(given.values, 'parallel', 1, 1_000),
      turn: number(given.values, 'turn', 0, 5_000),
    });
  },
  notify: (args) => {
    const { values } = read(args, 0, {
      people: { type: 'string', default: '1000' },
      kills: { type: 'string', default: '3' },
    });
    return notify({
      people: number(values, 'people', 1, 5_000),
      kills: number(values, 'kills', 0, 20),
      interrupted: interrupted(),
    });
  },
  media: (args) => {
    const { words } = read(args, 1, {});
    const [folder, ...more] = words;
    if (!folder || more.length) throw new Problem('Name one folder with a manifest.json.', 2);
    return media({ folder, interrupted: interrupted() });
  },
  uploads: (args) => {
    const { values } = read(args, 0, {
      megabytes: { type: 'string', default: '300' },
      cuts: { type: 'string', default: '20' },
      rate: { type: 'string', default: '1' },
      at: { type: 'string', default: '10' },
      pictures: { type: 'string', default: '40' },
    });
    return uploads({
      megabytes: number(values, 'megabytes', 1, 590),
      cuts: number(values, 'cuts', 0, 200),
      rate: number(values, 'rate', 0.05, 1_000),
      at: number(values, 'at', 1, 50),
      pictures: number(values, 'pictures', 0, 90),
      interrupted: interrupted(),
    });
  },
  fate: (args) => {
    const { values } = read(args, 0, {
      contributions: { type: 'string', default: '100000' },
      updates: { type: 'string', default: '2000' },
    });
    return fate({
      contributions: number(values, 'contributions', 1_000, 1_000_000),
      updates: number(values, 'updates', 10, 100_000),
      interrupted: interrupted(),
    });
  },
  commons: (args) => {
    const { values } = read(args, 0, {
      scale: { type: 'string', default: '10' },
      base: { type: 'string', default: '20000' },
    });
    return commons({
      scale: number(values, 'scale', 2, 20),
      base: number(values, 'base', 1_000, 20_000),
      interrupted: interrupted(),
    });
  },
  live: (args) => {
    const given = read(args, 0, {
      people: { type: 'string', default: '1000' },
      seconds: { type: 'string', default: '120' },
      only: { type: 'string', multiple: true, default: [] },
    });
    const only = (given.values['only'] as string[]).flatMap((list) => list.split(','));
    const unknown = only.find((part) => !parts.some((known) => known === part));
    if (unknown) throw new Problem(`--only takes ${parts.join(', ')}, not "${unknown}".`, 2);
    return live({
      ...given.common,
      people: number(given.values, 'people', 20, 5_000),
      seconds: number(given.values, 'seconds', 5, 7_200),
      only: parts.filter((part) => !only.length || only.includes(part)),
      interrupted: interrupted(),
    });
  },
};

/** The options of a command, those that all take among them; at most `most` words beside them. */
function read(args: string[], most: number, options: NonNullable<ParseArgsConfig['options']>): Given {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: most > 0,
    options: {
      url: { type: 'string', default: process.env['PARLEY_URL'] || 'http://localhost:4310' },
      community: { type: 'string', default: 'halden' },
      ...options,
    },
  });
  if (!URL.canParse(String(values['url']))) throw new Problem(`"${values['url']}" is not an address.`, 2);
  const url = new URL(String(values['url'])).origin;
  return { values, words: positionals, common: { url, community: String(values['community']) } };
}

function number(values: Record<string, unknown>, name: string, least: number, most: number): number {
  const value = Number(values[name]);
  if (!(value >= least && value <= most))
    throw new Problem(`--${name} takes a number from ${least} to ${most}, not "${String(values[name])}".`, 2);
  return value;
}

async function main([command = '', ...args]: string[]) {
  // Children of `live`: they speak with it over their own channel.
  if (command === 'crew' && process.send) return crew();
  if (command === 'bare' && process.send) return bare();
  const run = commands[command];
  if (!run)
    throw new Problem(
      command && command !== 'help' ? `There is no command "${command}".\n\n${usage}` : usage,
      2,
    );
  const { ok, ...figures } = await run(args);
  process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(ok ? 0 : 1));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const code = (error as { code?: unknown }).code;
  if (error instanceof Problem) say(error.message);
  else if (error instanceof CallError) say(`The server refused: ${error.message} (${error.code})`);
  else if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')) say((error as Error).message);
  else say(String((error as Error)?.stack ?? error));
  process.exit(error instanceof Problem ? error.exitCode : String(code).startsWith('ERR_PARSE_ARGS') ? 2 : 1);
});
