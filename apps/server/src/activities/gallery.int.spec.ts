import { createHash, randomUUID } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CallError } from '@parley/client/http';
import {
  acceptSubmission,
  exportActivityPath,
  listActivityDesk,
  listExcerpts,
  moveActivity,
  publishActivity,
  readGallery,
  remindActivity,
  removeExcerpt,
  saveActivity,
  saveExcerpt,
  sendSubmission,
  type TaskAnswer,
} from '@parley/contracts/activities';
import type { AskOf } from '@parley/contracts/contract';
import { decideItems, listThemes, saveTheme } from '@parley/contracts/moderation';
import { readReceipt } from '@parley/contracts/contributions';
import { linkEvidence, listPromises, publishUpdate, saveUpdate, submitUpdate } from '@parley/contracts/loop';
import { DAY, inMs, plan, publish, task } from '../../test/activities';
import { picture, sendFile } from '../../test/files';
import { halden, refusalOf, startTestServer, type TestServer, until, type Visitor } from '../../test/server';
import { idOf } from '../platform/ids';

let server: TestServer;
const as = {} as Record<'ines' | 'tunde' | 'lena' | 'emre' | 'maren' | 'samira' | 'jo' | 'maria', Visitor>;
beforeAll(async () => {
  server = await startTestServer();
  for (const key of ['ines', 'tunde', 'lena', 'emre', 'maren', 'samira', 'jo', 'maria'] as const)
    as[key] = await server.visit(key);
});
afterAll(() => server.stop());

const inHalden = { communityId: halden };
const sha = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

const tasks = [
  task('text'),
  task('photo', { required: false }),
  task('pick', { required: false }),
  task('rank', { required: false }),
  task('scale', { required: false }),
  task('place', { required: false, assetId: idOf('asset', 'halden-one') }),
] as const;
const [text, photo, pick, rank, scale, place] = tasks;
let activityId: string;
let mediaId: string;
const ids: Record<string, string> = {};
beforeAll(async () => {
  ({ activityId } = await publish(as.maren, { tasks: [...tasks], title: '=A try' }));
  mediaId = await sendFile(server, as.ines, await picture('#1d3557', 640, 400), 'submission');
  const [one, two, three] = pick.options.map(({ id }) => id) as [string, string, string];
  const order = rank.options.map(({ id }) => id);
  const send = async (who: keyof typeof as, quote: 'named' | 'no', answers: TaskAnswer[]) => {
    const input = { ...inHalden, activityId, opId: randomUUID(), entry: 1, quote, answers };
    ids[who] = (await as[who].call(sendSubmission, input)).submission.id;
  };
  await send('ines', 'named', [
    { taskId: text.id, kind: 'text', text: 'Two of them,\non the stairs. =SUM(A1)' },
    { taskId: photo.id, kind: 'photo', mediaIds: [mediaId], note: null },
    { taskId: pick.id, kind: 'pick', choices: [one, two] },
    { taskId: rank.id, kind: 'rank', order },
    { taskId: scale.id, kind: 'scale', value: 5 },
    { taskId: place.id, kind: 'place', pins: [{ x: 0.25, y: 0.5, note: 'Here it rattles.' }] },
  ]);
  await send('tunde', 'no', [
    { taskId: text.id, kind: 'text', text: '@In the cellar.' },
    { taskId: pick.id, kind: 'pick', choices: [three] },
    { taskId: rank.id, kind: 'rank', order: order.toReversed() },
    { taskId: scale.id, kind: 'scale', value: 5 },
  ]);
  await send('lena', 'named', [
    { taskId: text.id, kind: 'text', text: 'On the balcony.' },
    { taskId: scale.id, kind: 'scale', value: 1 },
  ]);
});

type Filter = Omit<AskOf<typeof readGallery>, 'communityId' | 'activityId'>;
const look = (filter: Filter = {}, who = as.samira) =>
  who.call(readGallery, { ...inHalden, activityId, ...filter });
const whose = async (filter: Filter) =>
  (await look(filter)).submissions.map(({ id }) => Object.keys(ids).find((who) => ids[who] === id)).sort();

describe('the gallery', () => {
  it('filters by task, state, kind of file, words, option, consent and segment', async () => {
    expect(await whose({})).toEqual(['ines', 'lena', 'tunde']);
    expect(await whose({ taskId: pick.id })).toEqual(['ines', 'tunde']);
    expect(await whose({ optionId: pick.options[2]!.id })).toEqual(['tunde']);
    expect(await whose({ media: 'image' })).toEqual(['ines']);
    expect(await whose({ media: 'none' })).toEqual(['lena', 'tunde']);
    expect(await whose({ words: 'STAIRS' })).toEqual(['ines']);
    expect(await whose({ words: 'rattles' })).toEqual(['ines']);
    expect(await whose({ words: '100%' })).toEqual([]);
    expect(await whose({ quotable: 'true' })).toEqual(['ines', 'lena']);
    expect(await whose({ segmentId: idOf('segment', 'halden', 'daily') })).toEqual(['ines', 'lena']);
    expect(await whose({ state: 'accepted' })).toEqual([]);
    expect(await whose({ entry: 2 })).toEqual([]);
  });

  it('counts what was chosen, ranked, rated and pinned, of what the filters leave', async () => {
    const { tallies, count } = await look();
    expect(count).toBe(3);
    const of = (id: string) => tallies.find(({ taskId }) => taskId === id)!;
    expect(of(pick.id)).toMatchObject({ n: 2, options: [{ value: 1 }, { value: 1 }, { value: 1 }] });
    expect(of(rank.id).options!.map(({ value }) => value)).toEqual([2, 2, 2]);
    expect(of(scale.id)).toMatchObject({ n: 3, values: [1, 0, 0, 0, 2] });
    expect(of(place.id).pins).toEqual([{ x: 0.25, y: 0.5, submissionId: ids['ines'] }]);
    const left = await look({ words: 'cellar' });
    expect(left.count).toBe(1);
    expect(left.tallies.find(({ taskId }) => taskId === rank.id)!.options!.map(({ value }) => value)).toEqual(
      [3, 2, 1],
    );
  });

  it('pages without leaving out or repeating anything', async () => {
    const many = await publish(as.maren);
    await server.sql(
      `WITH made AS (
         INSERT INTO contribution (community_id, id, room_id, author_id, type, body)
         SELECT $1, gen_random_uuid(), $2, m.id, 'submission', 'One of many.' FROM member m, generate_series(1, 9) AS n
         WHERE m.community_id = $1 AND m.role = 'member' AND m.status = 'active' LIMIT 60 RETURNING id, author_id)
       INSERT INTO submission (community_id, id, activity_id, member_id, entry, late, quote, answers, ready, sent_at)
       SELECT $1, id, $2, author_id, row_number() OVER (PARTITION BY author_id), false, 'no', '[]', true,
         date_trunc('second', now()) FROM made`,
      [halden, many.activityId],
    );
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await as.samira.call(readGallery, {
        ...{ ...inHalden, activityId: many.activityId },
        ...(cursor && { cursor }),
      });
      seen.push(...page.submissions.map(({ id }) => id));
      cursor = page.next ?? undefined;
      expect(page.count).toBe(60);
    } while (cursor);
    expect([seen.length, new Set(seen).size]).toEqual([60, 60]);
  });

  it('lets what waits through when it is taken, and nobody take their own', async () => {
    const held = await publish(as.maren, { approveFirst: true });
    const input = {
      ...inHalden,
      activityId: held.activityId,
      opId: randomUUID(),
      entry: 1,
      quote: 'no' as const,
    };
    const answers: TaskAnswer[] = [{ taskId: held.tasks[0]!.id, kind: 'text', text: 'Here.' }];
    const { submission } = await as.ines.call(sendSubmission, { ...input, answers });
    const one = { ...inHalden, activityId: held.activityId, submissionId: submission.id };
    const taken = await as.samira.call(acceptSubmission, one);
    expect(taken).toMatchObject({
      state: 'accepted',
      moderation: 'published',
      accepted: { by: { name: 'Samira' } },
    });
    // Asked again it is what it was.
    expect(await as.jo.call(acceptSubmission, one)).toMatchObject({ accepted: { by: { name: 'Samira' } } });
    await as.samira.call(decideItems, {
      ...{ ...inHalden, contributionIds: [submission.id] },
      decision: { action: 'hide', reason: 'offTopic', note: null },
    });
  });
});

describe('an excerpt', () => {
  const save = (more: object) =>
    as.samira
      .call(saveExcerpt, {
        ...{ ...inHalden, activityId, excerptId: randomUUID(), submissionId: ids['ines']!, taskId: text.id },
        ...{ mediaId: null, from: null, to: null, words: null, note: null, themeId: null },
        ...more,
      } as never)
      .then(
        (excerpt) => excerpt,
        (error: CallError) => error.body.fields ?? error.code,
      );

  it('has words exactly as they were written, or a file of that answer', async () => {
    expect(await save({ words: 'on the stairs' })).toMatchObject({
      ...{ words: 'on the stairs', author: { handle: 'Ines from Porto' }, quote: 'named', by: 'Samira' },
    });
    expect(await save({ words: 'on the  stairs' })).toEqual({ words: 'exactly as they were written' });
    expect(await save({ words: 'Here it rattles' })).toEqual({ words: 'exactly as they were written' });
    expect(await save({ words: 'Here it rattles', taskId: place.id })).toMatchObject({
      words: 'Here it rattles',
    });
    expect(await save({ mediaId, taskId: photo.id, note: 'The lock.' })).toMatchObject({
      mediaId,
      from: null,
    });
    expect(await save({ mediaId, taskId: text.id })).toEqual({ mediaId: 'a file of this answer' });
    expect(await save({ mediaId, taskId: photo.id, from: 0, to: 4 })).toEqual({ to: 'within the film' });
    expect(await save({ words: 'cellar', submissionId: ids['tunde'], taskId: pick.id })).toEqual({
      words: 'exactly as they were written',
    });
  });

  it('with a theme is evidence for it, and can be taken away', async () => {
    const themeId = randomUUID();
    await as.samira.call(saveTheme, { ...inHalden, themeId, label: 'No room', add: [], remove: [] });
    const excerpt = await save({ words: 'stairs', themeId });
    expect(excerpt).toMatchObject({ theme: { id: themeId, label: 'No room' } });
    const { themes } = await as.samira.call(listThemes, inHalden);
    expect(themes.find(({ id }) => id === themeId)).toMatchObject({ contributions: 1 });
    const excerptId = (excerpt as { id: string }).id;
    await as.samira.call(removeExcerpt, { ...inHalden, activityId, excerptId });
    const { excerpts } = await as.samira.call(listExcerpts, { ...inHalden, activityId });
    expect(excerpts.map(({ id }) => id)).not.toContain(excerptId);
    expect(excerpts.length).toBeGreaterThan(0);
  });
});

describe('the export', () => {
  const fetchAll = async () => {
    const path = exportActivityPath.replace(':communityId', halden).replace(':activityId', activityId);
    const answer = await as.maren.request(path);
    expect(answer.headers.get('content-type')).toBe('application/zip');
    return entriesOf(Buffer.from(await answer.arrayBuffer()));
  };

  it('names every file with the hash of its bytes, and none as it was sent', async () => {
    const entries = await fetchAll();
    const manifest = JSON.parse(entries.get('manifest.json')!.toString()) as {
      answers: { path: string; sha256: string };
      submissions: { id: string; quote: string; files: { path: string; sha256: string; bytes: number }[] }[];
    };
    expect(manifest.submissions.map(({ id }) => id).sort()).toEqual(Object.values(ids).sort());
    expect(manifest.answers.sha256).toBe(sha(entries.get('answers.csv')!));
    const files = manifest.submissions.flatMap((one) => one.files);
    expect(files).toHaveLength(1);
    for (const { path, sha256, bytes } of files) {
      expect(sha(entries.get(path)!)).toBe(sha256);
      expect(entries.get(path)).toHaveLength(bytes);
    }
    const originals = await server.sql<{ sha256: string }>('SELECT sha256 FROM media WHERE id = $1', [
      mediaId,
    ]);
    expect(files.map(({ sha256 }) => sha256)).not.toContain(originals[0]!.sha256);
    expect(new Set(entries.keys())).toEqual(
      new Set(['answers.csv', 'manifest.json', ...files.map(({ path }) => path)]),
    );
  });

  it('holds nothing that a spreadsheet would run, and is written down', async () => {
    const csv = (await fetchAll()).get('answers.csv')!.toString();
    expect(csv).toContain(`'@In the cellar.`);
    expect(csv).not.toMatch(/(^|,|")[=@+-]/m);
    const logged = await server.sql(`SELECT FROM audit WHERE action = 'activity.exported' AND target = $1`, [
      activityId,
    ]);
    expect(logged.length).toBeGreaterThan(0);
  });

  it('is for a manager who has proved anew that it is them', async () => {
    const path = exportActivityPath.replace(':communityId', halden).replace(':activityId', activityId);
    expect((await as.jo.request(path)).status).toBe(403);
    await server.sql(`UPDATE sign_in SET strong_at = now() - interval '11 minutes' WHERE person_id = $1`, [
      idOf('person', 'maren'),
    ]);
    const answer = await as.maren.request(path);
    expect(((await answer.json()) as { code: string }).code).toBe('factor.again');
    await server.sql('UPDATE sign_in SET strong_at = now() WHERE person_id = $1', [idOf('person', 'maren')]);
  });
});

describe('the team', () => {
  it('keeps a draft, publishes it with its promise, and can close it, open it again and put it away', async () => {
    const id = randomUUID();
    const ofOne = { ...inHalden, activityId: id };
    const draft = { title: 'Where does it sleep', rest: { purpose: 'To kn' } };
    expect(await as.jo.call(saveActivity, { ...ofOne, draft })).toMatchObject({ status: 'draft', draft });
    const body = plan();
    await as.jo.call(publishActivity, { ...ofOne, body });
    // Asked again it is what it was; otherwise it has gone on.
    expect(await refusalOf(as.jo.call(publishActivity, { ...ofOne, body }))).toBe('done');
    expect(
      await refusalOf(as.jo.call(publishActivity, { ...ofOne, body: { ...body, title: 'Other' } })),
    ).toBe('activity.moved');
    expect(await refusalOf(as.jo.call(saveActivity, { ...ofOne, draft }))).toBe('activity.moved');
    const { promises } = await as.ines.call(listPromises, inHalden);
    expect(promises.find(({ space }) => space.id === id)).toMatchObject({
      ...{ status: 'made', dueOn: body.reportBackOn, space: { kind: 'activity' } },
    });
    const move = (to: AskOf<typeof moveActivity>['move']) => as.jo.call(moveActivity, { ...ofOne, move: to });
    expect(await refusalOf(move({ to: 'archived' }))).toBe('activity.moved');
    expect((await move({ to: 'closed' })).phase).toBe('closed');
    expect((await move({ to: 'published', dueAt: inMs(DAY), graceHours: 2 })).phase).toBe('open');
    expect(await refusalOf(move({ to: 'published', dueAt: inMs(-DAY), graceHours: 2 }))).toBe(
      'request.invalid',
    );
    expect(await refusalOf(move({ to: 'published', dueAt: inMs(90 * DAY), graceHours: 2 }))).toBe(
      'request.invalid',
    );
    await move({ to: 'closed' });
    expect((await move({ to: 'archived' })).phase).toBe('archived');
    const { activities } = await as.samira.call(listActivityDesk, inHalden);
    expect(activities.find((one) => one.id === id)).toMatchObject({ status: 'archived', sent: 0 });
  });

  it('answers what was sent by an Update, which keeps the promise and decides every submission', async () => {
    const asked = await publish(as.maren);
    const send = async (who: Visitor, text_: string) => {
      const input = {
        ...inHalden,
        activityId: asked.activityId,
        opId: randomUUID(),
        entry: 1,
        quote: 'no' as const,
      };
      const answers: TaskAnswer[] = [{ taskId: asked.tasks[0]!.id, kind: 'text', text: text_ }];
      return (await who.call(sendSubmission, { ...input, answers })).submission.id;
    };
    const [named, other] = [await send(as.ines, 'The handle.'), await send(as.tunde, 'The lock.')];
    const updateId = randomUUID();
    const ofOne = { ...inHalden, updateId };
    const body = {
      ...{ title: 'The handle moves', youSaid: 'It is hard to carry.', weDid: 'It moves up.', because: null },
      ...{ outcome: 'adopted' as const, on: null, beforeAssetId: null, afterAssetId: null },
      ...{ spaceId: asked.activityId, keepsPromise: true, shareable: false },
    };
    await as.maren.call(saveUpdate, { ...ofOne, basedOn: 0, body });
    await as.maren.call(linkEvidence, { ...ofOne, contributionIds: [named] });
    await as.maren.call(submitUpdate, { ...ofOne, version: 1 });
    const at = new Date(Date.now() - 1_000).toISOString();
    await as.maren.call(publishUpdate, {
      ...{ ...ofOne, version: 1, times: { contributorsAt: at, communityAt: at, publicAt: null } },
    });
    await until(async () => {
      const { promises } = await as.ines.call(listPromises, inHalden);
      return promises.find(({ space }) => space.id === asked.activityId)?.status === 'kept';
    });
    const loopOf = async (who: Visitor, contributionId: string) =>
      (await who.call(readReceipt, { ...inHalden, contributionId })).contribution;
    expect(await loopOf(as.ines, named)).toMatchObject({ loop: 'decided', outcome: 'adopted' });
    expect(await loopOf(as.tunde, other)).toMatchObject({ loop: 'decided' });
  });

  it('reminds those who have not done it, and nobody twice a day', async () => {
    const open = await publish(as.maren, { segmentId: idOf('segment', 'halden', 'daily') });
    const input = {
      ...inHalden,
      activityId: open.activityId,
      opId: randomUUID(),
      entry: 1,
      quote: 'no' as const,
    };
    const answers: TaskAnswer[] = [{ taskId: open.tasks[0]!.id, kind: 'text', text: 'Here.' }];
    await as.lena.call(sendSubmission, { ...input, answers });
    const remind = () => as.maren.call(remindActivity, { ...inHalden, activityId: open.activityId });
    const first = (await remind()).told;
    const desk = (await as.maren.call(listActivityDesk, inHalden)).activities.find(
      ({ id }) => id === open.activityId,
    );
    expect(first).toBe(desk!.people - 1);
    expect((await remind()).told).toBe(0);
  });
});

/** What is in a ZIP, by name. */
function entriesOf(zip: Buffer): Map<string, Buffer> {
  const entries = new Map<string, Buffer>();
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  for (let i = 0; i < count; i += 1) {
    const [method, size] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const local = zip.readUInt32LE(at + 42);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const bytes = zip.subarray(from, from + size);
    entries.set(name, method === 8 ? inflateRawSync(bytes) : bytes);
    at += 46 + nameLength + extra + comment;
  }
  return entries;
}
