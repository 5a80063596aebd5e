import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';

/** What a command of the crowd that starts a server of its own answers. */
async function crowd(...args: string[]) {
  const main = join(import.meta.dirname, '../crowd/dist/main.js');
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let said = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const code = await new Promise((done) => child.once('exit', done));
  expect(code, `${out}${said}`).toBe(0);
  return JSON.parse(out) as Record<string, unknown>;
}

test('everybody is told once in the app and has one mail, though the server is killed', async () => {
  const figures = await crowd('notify', '--people', '30', '--kills', '1');
  expect(figures).toMatchObject({ expected: 30, delivered: 30, doubled: 0, missing: 0, kills: 1 });
});

test('the feed, one’s impact and the desk ask the database once or twice', async () => {
  const figures = await crowd('fate', '--contributions', '2000', '--updates', '40');
  expect(figures).toMatchObject({ contributions: 2000, updates: 40, deskQueries: 1, impactQueries: 2 });
  // One more where there are pictures on the page.
  expect(figures['feedQueries']).toBeLessThanOrEqual(2);
});

test('a page of the commons asks the database a few times, however much is said there', async () => {
  const figures = await crowd('commons', '--base', '1000', '--scale', '2');
  expect(figures).toMatchObject({ contributions: 2000, scale: 2 });
  const pages = Object.values(figures['pages'] as Record<string, { queries: number; rows: number }>);
  expect(pages.length).toBeGreaterThan(6);
  for (const { queries, rows } of pages) {
    expect(queries).toBeGreaterThan(0);
    expect(queries).toBeLessThanOrEqual(8);
    expect(rows).toBeGreaterThan(0);
  }
});
