import { beforeAll, describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layers, packages, webOnly } from './boundaries.mjs';
import config from './eslint.config.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
let eslint: ESLint;

beforeAll(() => {
  eslint = new ESLint({ cwd: root, overrideConfigFile: true, overrideConfig: config as never });
});

/** What lint says of a text, if it stood in that file. */
async function complaints(filePath: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: join(root, filePath) });
  return result!.messages
    .filter(({ ruleId }) => ruleId !== '@typescript-eslint/no-unused-vars')
    .map(({ message }) => message);
}

const use = (from: string) => `import { thing } from '${from}';\nexport const it = thing;\n`;

describe('what may not be imported', () => {
  it.each([
    ['libs/contracts/src/live.ts', '@parley/client/http'],
    ['libs/insight/src/rank.ts', '@parley/contracts/live'],
    ['libs/ui/src/theme.tsx', '@parley/contracts/live'],
    ['libs/postgres/src/embedded.ts', '@parley/insight/rank'],
    ['libs/client/src/http.ts', '@parley/ui/theme'],
    ['libs/client/src/http.ts', '../../contracts/src/live'],
    ['apps/server/src/live/live.service.ts', '@parley/client/http'],
    ['apps/server/src/live/live.service.ts', '../../../web/src/main'],
    ['apps/web/src/live/stage-page.tsx', '@parley/insight/rank'],
    ['apps/web/src/live/stage-page.tsx', '@parley/postgres/embedded'],
    ['apps/crowd/src/main.ts', '@parley/insight/rank'],
    ['apps/e2e/live.e2e.ts', '@parley/server/main'],
    ['apps/server/src/platform/log.ts', '../people/members.service'],
    ['apps/server/src/people/members.service.ts', '../reach/reach.service.js'],
    ['apps/server/src/live/live.service.ts', '../analysis/rank'],
    ['apps/server/src/live/live.service.ts', '../commons/topics.service'],
    ['apps/server/src/activities/tasks.service.ts', '../live/live.service'],
    ['apps/server/src/live/parts/cue.ts', '../../care/alerts.service'],
    ['apps/server/src/live/live.service.ts', '../people/people.tables'],
    ['apps/server/src/live/live.int.spec.ts', '../people/people.tables.js'],
    ['apps/server/src/people/people.module.ts', '../app.module'],
    ['apps/web/src/live/stage-page.tsx', '../people/card'],
    ['apps/web/src/live/stage-page.tsx', '../app/routes'],
    ['apps/web/src/platform/realtime.ts', '../live/live.data'],
  ])('%s: %s', async (file, from) => {
    expect(await complaints(file, use(from))).toHaveLength(1);
    expect(await complaints(file, `export const it = import('${from}');\n`)).toHaveLength(1);
    expect(await complaints(file, `export type It = import('${from}').It;\n`)).toHaveLength(1);
  });
});

describe('what may be imported', () => {
  it.each([
    ['libs/contracts/src/live.ts', './contract.js'],
    ['libs/client/src/http.ts', '@parley/contracts/live'],
    ['apps/server/src/live/live.service.ts', '../people/members.service.js'],
    ['apps/server/src/live/live.service.ts', './live.tables'],
    ['apps/server/src/live/live.service.ts', '../platform/tenancy'],
    ['apps/server/src/live/live.int.spec.ts', '@parley/client/http'],
    ['apps/server/src/live/live.int.spec.ts', '../../test/server.js'],
    ['apps/server/src/analysis/report.service.ts', '@parley/insight/rank'],
    ['apps/server/src/app.module.ts', './care/care.module'],
    ['apps/server/src/database.ts', './people/people.tables'],
    ['apps/server/test/server.ts', '../src/app.module'],
    ['apps/web/src/live/stage-page.tsx', '../platform/realtime'],
    ['apps/web/src/app/routes.tsx', '../live/stage-page'],
    ['apps/web/src/main.tsx', './app/routes'],
    ['apps/crowd/src/main.ts', '@parley/client/http'],
  ])('%s: %s', async (file, from) => {
    expect(await complaints(file, use(from))).toEqual([]);
  });
});

const serverFile = 'apps/server/src/live/live.service.ts';
const page = 'apps/web/src/live/stage-page.tsx';

describe('what may not be written', () => {
  it.each([
    [serverFile, `import { forwardRef } from '@nestjs/common';\nexport const it = forwardRef;`],
    [serverFile, `export class It {\n  async handleConnection() {}\n}`],
    [serverFile, `export class It {\n  handleConnection = async () => {};\n}`],
    [serverFile, `export const sql = 'SET LOCAL app.community = 1';`],
    [serverFile, 'export const sql = (id: string) => `set app.community = ${id}`;'],
    [serverFile, `export const options = { synchronize: true };`],
    [serverFile, `export const it = (db: Db) => db.synchronize();`],
    [serverFile, `export const it = (em: Em) => em.save({});`],
    [serverFile, `export const it = (my: My) => my.memberRepository.save({});`],
    [serverFile, `export const it = (em: Em) => em.getRepository('Member').save({});`],
    [serverFile, `export const it = () => console.log('hello');`],
    ['libs/contracts/src/index.ts', `export * from './live.js';`],
    [page, `export const It = () => <p>Hello</p>;`],
    [page, `export const It = () => <p>{'Hello'}</p>;`],
    [page, `export const It = () => <img src="/a.png" alt="A face" />;`],
    [page, `import { useState } from 'react';\nexport const It = (p: P) => (p.on ? useState(1) : null);`],
  ])('%s: %s', async (file, text) => {
    expect(await complaints(file, `${text}\n`)).toHaveLength(1);
  });

  it.each([
    [serverFile, `export const sql = "SELECT set_config('app.community', $1, true)";`],
    [serverFile, `export const it = (em: Em) => em.insert('Member', {});`],
    [serverFile, `export const it = (files: Files) => files.save('a.png');`],
    [page, `export const It = ({ t }: P) => <p title={t('hello')}>{t('hello')} · 5 %</p>;`],
    ['apps/web/src/live/stage-page.spec.tsx', `export const It = () => <p>Hello</p>;`],
  ])('%s lets pass: %s', async (file, text) => {
    expect(await complaints(file, `${text}\n`)).toEqual([]);
  });
});

describe('the lists', () => {
  const folders = (path: string) =>
    existsSync(join(root, path))
      ? readdirSync(join(root, path), { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map(({ name }) => name)
      : [];

  it('have a place for each package', () => {
    const present = [...folders('apps'), ...folders('libs')];
    expect(Object.keys(packages)).toEqual(expect.arrayContaining(present));
  });

  it('have a place for each feature', () => {
    expect([...layers.flat(), 'migrations']).toEqual(expect.arrayContaining(folders('apps/server/src')));
    expect([...layers.flat(), ...webOnly, 'app']).toEqual(expect.arrayContaining(folders('apps/web/src')));
  });
});
