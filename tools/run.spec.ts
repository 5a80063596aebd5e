import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { checkNode, checkWritable, installFailure } from './install.mjs';
import { checkPort } from './start.mjs';
import { Stop } from './steps.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

describe('Node.js', () => {
  it.each(['v18.20.4', 'v20.18.3', 'v21.7.0', 'v22.11.0'])('%s is refused with what to do', (version) => {
    expect(() => checkNode(version)).toThrow(Stop);
    expect(() => checkNode(version)).toThrow(/install a newer one/);
  });

  it.each(['v20.19.0', 'v22.12.0', 'v24.1.0'])('%s will do', (version) => {
    expect(() => checkNode(version)).not.toThrow();
  });

  it('ends the command with one sentence when it is too old', () => {
    const preload = `data:text/javascript,Object.defineProperty(process,'version',{value:'v18.1.0'})`;
    const done = spawnSync(process.execPath, ['--import', preload, 'tools/run.mjs', 'check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(done.status).toBe(1);
    expect(done.stderr.trim().split('\n')).toEqual([expect.stringMatching(/^Parley needs Node\.js 20\.19/)]);
  });
});

describe('the port', () => {
  let other: Server;
  let port: number;

  beforeEach(async () => {
    other = createServer();
    await new Promise<void>((tell) => other.listen(0, '127.0.0.1', tell));
    port = (other.address() as { port: number }).port;
  });

  afterEach(() => void other.close());

  it('is refused when another program has it', async () => {
    await expect(checkPort(String(port))).rejects.toThrow(`Port ${port} is taken`);
  });

  it('is refused when it is none', async () => {
    await expect(checkPort('parley')).rejects.toThrow(/is not a port/);
    await expect(checkPort('70000')).rejects.toThrow(/is not a port/);
  });

  it('is taken when it is free', async () => {
    await new Promise((tell) => other.close(tell));
    await expect(checkPort(String(port))).resolves.toBeUndefined();
  });
});

it('a folder that cannot be written is named', () => {
  expect(() => checkWritable('/proc/self')).toThrow(/cannot be written by this user/);
});

it.each([
  ['npm error code EAI_AGAIN\nnpm error request failed', /connect to the internet/],
  ['npm error code ENOSPC', /disk is full/],
  ['npm error code EACCES', /make this folder and ~\/\.npm yours/],
  ['npm error code EUSAGE', /do not fit together/],
])('%s becomes a sentence', (said, sentence) => {
  expect(installFailure(said)).toMatch(sentence);
});
