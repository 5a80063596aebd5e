import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Service {
  image?: string;
  build?: { context: string; dockerfile: string };
  depends_on?: Record<string, { condition: string }>;
  environment?: Record<string, string>;
  volumes?: string[];
  healthcheck?: unknown;
}

const compose = parse(read('docker/compose.yaml')) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};

/** The instructions, each on one line. */
const dockerfile = read('docker/Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter(Boolean)
  .map((line) => ({ word: line.split(' ', 1)[0]!, rest: line.slice(line.indexOf(' ') + 1).trim() }));

const copies = dockerfile
  .filter(({ word }) => word === 'COPY')
  .map(({ rest }) => {
    const words = rest.split(/\s+/);
    const from = words[0]!.startsWith('--from=') ? words.shift()!.slice('--from='.length) : undefined;
    return { from, sources: words.slice(0, -1) };
  });

describe('the image', () => {
  it('copies nothing that is not there', () => {
    const wanted = copies.filter(({ from }) => !from).flatMap(({ sources }) => sources);
    expect(wanted.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('copies only from stages that come before', () => {
    const stages = dockerfile.flatMap(({ word, rest }) =>
      word === 'FROM' ? (/ AS (\w+)$/.exec(rest)?.[1] ?? []) : [],
    );
    expect(stages).toEqual(expect.arrayContaining(copies.flatMap(({ from }) => from ?? [])));
  });

  it('knows each package before it installs', () => {
    const packages = ['apps', 'libs'].flatMap((folder) =>
      readdirSync(join(root, folder)).map((name) => `${folder}/${name}/package.json`),
    );
    const first = dockerfile.findIndex(({ rest }) => rest.includes('npm ci'));
    const copied = dockerfile.slice(0, first).map(({ rest }) => rest.split(' ')[0]);
    expect(copied).toEqual(expect.arrayContaining(packages));
  });

  it('brings along what opens files, and FFmpeg of the system', () => {
    const last = dockerfile.slice(dockerfile.map(({ word }) => word).lastIndexOf('FROM'));
    expect(last.some(({ word, rest }) => word === 'RUN' && /install .*\bffmpeg\b/.test(rest))).toBe(true);
    expect(last.some(({ word, rest }) => word === 'COPY' && rest.includes('apps/server/workshop'))).toBe(
      true,
    );
    // The picture library has its code in optional packages.
    expect(
      dockerfile.filter(({ rest }) => rest.includes('npm ci')).some(({ rest }) => /omit=optional/.test(rest)),
    ).toBe(false);
  });

  it('runs as an ordinary user, says whether it is well, and starts what the build makes', () => {
    const last = dockerfile.slice(dockerfile.map(({ word }) => word).lastIndexOf('FROM'));
    const said = (word: string) => last.find((line) => line.word === word)?.rest;
    expect(said('USER')).toBe('node');
    expect(said('HEALTHCHECK')).toContain('/health/ready');
    expect(JSON.parse(said('CMD')!)).toEqual(['node', '--enable-source-maps', 'apps/server/dist/main.js']);
  });
});

describe('the compose file', () => {
  const services = Object.values(compose.services);
  const text = read('docker/compose.yaml');

  it('uses settings that are documented', () => {
    const manual = read('docs/operations.md');
    const used = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name!));
    Object.keys(compose.services.server!.environment!).forEach((name) => used.add(name));
    expect([...used].filter((name) => !manual.includes(`\`${name}\``))).toEqual([]);
  });

  it('takes secrets from outside and has the demo off', () => {
    const { server, database } = compose.services;
    expect(database!.environment!.POSTGRES_PASSWORD).toMatch(/^\$\{POSTGRES_PASSWORD:\?/);
    expect(server!.environment!.DATABASE_URL).toContain('${POSTGRES_PASSWORD:?');
    expect(server!.environment!.PARLEY_DEMO).toBe('${PARLEY_DEMO:-0}');
  });

  it('builds from files that are there', () => {
    const { context, dockerfile: file } = compose.services.server!.build!;
    expect(existsSync(join(root, 'docker', context, file))).toBe(true);
  });

  it('waits only for services that can say they are well, and declares its volumes', () => {
    for (const { depends_on = {}, volumes = [] } of services) {
      for (const name of Object.keys(depends_on)) expect(compose.services[name]?.healthcheck).toBeDefined();
      for (const volume of volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    }
  });

  const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;
  if (hasCompose)
    it('is understood by docker compose', () => {
      const env = { ...process.env, PUBLIC_URL: 'https://parley.example.com', POSTGRES_PASSWORD: 'secret' };
      const done = spawnSync('docker', ['compose', '-f', 'docker/compose.yaml', 'config', '-q'], {
        cwd: root,
        env,
        encoding: 'utf8',
      });
      expect(done.stderr).toBe('');
      expect(done.status).toBe(0);
    });
});
