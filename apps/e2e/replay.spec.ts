import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { Parley } from './parley';

const root = join(import.meta.dirname, '../..');
/** A recorded conversation, where it lies beside the checkout; else one that is made here. */
const london = join(root, '../shared/data/polis/london.youth.policing');
const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

/** 12 statements and 24 people who rate, some of them anew. */
function madeConversation(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-conversation-'));
  const comments = ['timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body'];
  const votes = ['timestamp,datetime,comment-id,voter-id,vote'];
  for (let id = 0; id < 12; id += 1)
    comments.push(`${1_000_000 + id * 700},x,${id},${id % 5},0,0,1,"Statement ${id}, ""quoted"""`);
  for (let n = 0; n < 400; n += 1)
    votes.push(`${1_010_000 + n * 3_000},x,${(n * 7) % 12},${(n * 5) % 24},${((n * n + n) % 3) - 1}`);
  writeFileSync(join(folder, 'comments.csv'), `${comments.join('\n')}\n`);
  writeFileSync(join(folder, 'votes.csv'), `${votes.join('\n')}\n`);
  return folder;
}

test('a replayed conversation counts the same though the server is killed three times', async () => {
  const folder = existsSync(london) ? london : madeConversation();
  const crowd = spawn(
    process.execPath,
    [join(root, 'apps/crowd/dist/main.js'), 'replay', folder, '--speed', '60', '--url', parley.url],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let out = '';
  let said = '';
  crowd.stdout.on('data', (text: Buffer) => (out += text.toString()));
  crowd.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const exit = new Promise<number | null>((done) => crowd.once('exit', done));

  let kills = 0;
  for (; kills < 3 && crowd.exitCode === null; kills += 1) {
    await sleep(3_000);
    await parley.kill();
    await parley.start();
  }
  expect(await exit, said).toBe(0);
  const figures = JSON.parse(out) as Record<string, unknown>;
  expect(figures).toMatchObject({ countsEqual: true, acked: figures['sent'] });
  expect([kills, Number(figures['reconnects']) > 0]).toEqual([3, true]);
});
