import { createHash, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendSubmission } from '@parley/contracts/activities';
import { openPlace, postTo, readTopic, startTopic } from '@parley/contracts/commons';
import { withdrawContribution } from '@parley/contracts/contributions';
import { openIdeaPlace, readIdea, sendIdea } from '@parley/contracts/ideas';
import { ATTACHED_MOST, listAttached, readLinks } from '@parley/contracts/media';
import { decideItems, listHeld, setSpaceRule } from '@parley/contracts/moderation';
import { listNotifications } from '@parley/contracts/reach';
import { publish, task } from '../../test/activities';
import { picture, sendFile, uploadFile } from '../../test/files';
import { Files } from '../platform/files';
import { halden, refusalOf, startTestServer, type TestServer, until, type Visitor } from '../../test/server';

let server: TestServer;
const as = {} as Record<'ines' | 'tunde' | 'lena' | 'maren' | 'samira' | 'grace', Visitor>;
const inHalden = { communityId: halden };
const plan = () => ({
  ...{ ...inHalden, placeId: randomUUID(), title: 'On the road', purpose: 'To hear of rides.' },
  ...{ decision: 'What we build.', decisionOwner: { name: 'Maria Kessler', title: 'VP Product' } },
  ...{ reportBackOn: '2030-01-01', informsOnly: false },
});
let placeId: string;
beforeAll(async () => {
  server = await startTestServer();
  for (const key of ['ines', 'tunde', 'lena', 'maren', 'samira', 'grace'] as const)
    as[key] = await server.visit(key);
  ({ id: placeId } = await as.maren.call(openPlace, plan()));
});
afterAll(() => server.stop());

const photo = async (who: Visitor, colour = '#336699') =>
  sendFile(server, who, await picture(colour), 'submission');
const begin = async (
  who: Visitor,
  files: { mediaId: string; alt: string | null }[],
  place = placeId,
  opId = randomUUID(),
) =>
  (
    await who.call(startTopic, {
      ...inHalden,
      placeId: place,
      opId,
      title: 'Look',
      body: 'Here it is.',
      files,
    })
  ).id;
const read = (who: Visitor, topicId: string) => who.call(readTopic, { ...inHalden, topicId });
const sees = async (who: Visitor, mediaId: string, communityId = halden) =>
  (await who.call(readLinks, { communityId, ids: mediaId })).links.length === 1;
const attached = async (who: Visitor, id: string) =>
  (await who.call(listAttached, { ...inHalden, ids: id })).attached[0]?.files ?? [];

describe('a picture', () => {
  it('is part of a topic and of a post, for whoever sees the words', async () => {
    const [mine, yours] = [await photo(as.ines), await photo(as.tunde, '#cc8833')];
    const topicId = await begin(as.ines, [{ mediaId: mine, alt: 'A blue bicycle' }]);
    expect(await sees(as.ines, yours)).toBe(false);
    const said = { ...inHalden, topicId, opId: randomUUID(), body: 'And mine.', parentId: null, quote: null };
    const { post } = await as.tunde.call(postTo, { ...said, files: [{ mediaId: yours, alt: null }] });
    expect(post.files).toMatchObject([{ id: yours, name: 'a file', state: 'ready' }]);
    const { topic, posts } = await read(as.lena, topicId);
    // What somebody calls their files is nobody else's business.
    expect(topic.files).toMatchObject([
      { id: mine, alt: 'A blue bicycle', name: '', width: 700, height: 400 },
    ]);
    expect(posts[0]!.files).toMatchObject([{ id: yours, alt: null, name: '' }]);
    expect([await sees(as.lena, mine), await sees(as.lena, yours)]).toEqual([true, true]);
    expect(await attached(as.lena, topicId)).toMatchObject([{ id: mine }]);
  });

  it('is part of an idea', async () => {
    const idea = plan();
    await as.maren.call(openIdeaPlace, {
      ...{
        ...idea,
        kind: 'jobs',
        contextRequired: false,
        closesAt: null,
        acknowledgeDays: 3,
        cards: [],
        areas: [],
      },
    });
    const mediaId = await photo(as.ines);
    const { id } = await as.ines.call(sendIdea, {
      ...{ ...inHalden, placeId: idea.placeId, opId: randomUUID(), title: 'A hook', teamOnly: false },
      parts: {
        situation: 'In the hall.',
        struggle: 'It falls over.',
        outcome: 'It stands.',
        idea: 'A hook.',
      },
      files: [{ mediaId, alt: null }],
    });
    expect((await as.tunde.call(readIdea, { ...inHalden, ideaId: id })).idea.files).toMatchObject([
      { id: mediaId },
    ]);
    expect(await sees(as.tunde, mediaId)).toBe(true);

    // What the team shows on an idea for it alone is for its author too, and for nobody else.
    const { id: alone } = await as.ines.call(sendIdea, {
      ...{ ...inHalden, placeId: idea.placeId, opId: randomUUID(), title: 'A secret hook', teamOnly: true },
      ...{ parts: { situation: 'There.', struggle: '', outcome: 'It stands.', idea: '' }, files: [] },
    });
    const shownBack = await photo(as.maren);
    await as.maren.call(postTo, {
      ...{ ...inHalden, topicId: alone, opId: randomUUID(), body: 'So?', parentId: null, quote: null },
      files: [{ mediaId: shownBack, alt: null }],
    });
    expect([await sees(as.ines, shownBack), await sees(as.samira, shownBack)]).toEqual([true, true]);
    expect(await sees(as.tunde, shownBack)).toBe(false);
  });

  it('of what waits is seen by its author and by those who decide, and by all once it is out', async () => {
    const { id: held } = await as.maren.call(openPlace, plan());
    const rule = { mode: 'approve' as const, holdSeconds: 30, decideMinutes: 60 };
    await as.maren.call(setSpaceRule, { ...inHalden, spaceId: held, rule });
    const mediaId = await photo(as.ines);
    const topicId = await begin(as.ines, [{ mediaId, alt: null }], held);
    const item = (await as.samira.call(listHeld, inHalden)).items.find(({ id }) => id === topicId);
    expect(item).toMatchObject({ files: 1 });
    expect(await attached(as.samira, topicId)).toMatchObject([{ id: mediaId }]);
    expect([await sees(as.samira, mediaId), await sees(as.ines, mediaId)]).toEqual([true, true]);
    expect([await sees(as.lena, mediaId), await attached(as.lena, topicId)]).toEqual([false, []]);
    await as.samira.call(decideItems, {
      ...{ ...inHalden, contributionIds: [topicId], decision: { action: 'approve' as const } },
    });
    expect([await sees(as.lena, mediaId), (await attached(as.lena, topicId)).length]).toEqual([true, 1]);
  });

  it('is gone with the words', async () => {
    const mediaId = await photo(as.ines);
    const topicId = await begin(as.ines, [{ mediaId, alt: null }]);
    await as.ines.call(withdrawContribution, { ...inHalden, contributionId: topicId });
    for (const who of [as.ines, as.lena, as.samira]) expect(await sees(who, mediaId)).toBe(false);
    await until(async () => {
      const rows = await server.sql('SELECT FROM rendition WHERE media_id = $1', [mediaId]);
      return rows.length === 0;
    });
    expect(await attached(as.samira, topicId)).toEqual([]);
  });

  it('is one’s own, is here, and is part of one thing alone', async () => {
    const [mine, yours] = [await photo(as.ines), await photo(as.tunde)];
    const topicId = await begin(as.ines, [{ mediaId: mine, alt: null }]);
    for (const mediaId of [mine, yours, randomUUID()])
      expect(await refusalOf(begin(as.ines, [{ mediaId, alt: null }]))).toBe('media.notReady');
    const fresh = await photo(as.ines);
    const twice = Array(2).fill({ mediaId: fresh, alt: null });
    expect(await refusalOf(begin(as.ines, twice))).toBe('media.notReady');
    const many = Array.from({ length: ATTACHED_MOST + 1 }, () => ({ mediaId: randomUUID(), alt: null }));
    expect(await refusalOf(begin(as.ines, many))).toBe('request.invalid');
    expect((await read(as.lena, topicId)).topic.files).toHaveLength(1);
    expect(await refusalOf(as.grace.call(readTopic, { ...inHalden, topicId }))).not.toBe('done');
    expect(await refusalOf(sees(as.grace, mine))).not.toBe('done');
  });

  it('is part of what was sent first of ten at once, and the others are told', async () => {
    const mediaId = await photo(as.ines);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => refusalOf(begin(as.ines, [{ mediaId, alt: null }]))),
    );
    expect(outcomes.sort()).toEqual(['done', ...Array<string>(9).fill('media.notReady')]);
  });

  it('is part of one thing when a topic and a submission ask for it at once', async () => {
    const { activityId, tasks } = await publish(as.maren, { tasks: [task('photo')] });
    for (let time = 0; time < 5; time += 1) {
      const mediaId = await photo(as.ines);
      const outcomes = await Promise.all([
        refusalOf(begin(as.ines, [{ mediaId, alt: null }])),
        refusalOf(
          as.ines.call(sendSubmission, {
            ...{ ...inHalden, activityId, opId: randomUUID(), entry: 1, quote: 'no' },
            answers: [{ taskId: tasks[0]!.id, kind: 'photo', mediaIds: [mediaId], note: null }],
          }),
        ),
        refusalOf(begin(as.ines, [{ mediaId, alt: null }])),
      ]);
      const others = outcomes.filter((outcome) => outcome !== 'done');
      expect(others).toHaveLength(2);
      expect(others.filter((outcome) => !/media.notReady|submission.sent/.test(outcome))).toEqual([]);
    }
  });

  it('asked again with the same op is no other', async () => {
    const mediaId = await photo(as.ines);
    const opId = randomUUID();
    const ids = await Promise.all(
      Array.from({ length: 5 }, () => begin(as.ines, [{ mediaId, alt: null }], placeId, opId)),
    );
    expect(new Set(ids).size).toBe(1);
    expect((await read(as.lena, ids[0]!)).topic.files).toMatchObject([{ id: mediaId }]);
  });
});

it('a file that turns out to be none leaves the words, and its author is told', async () => {
  const broken = Buffer.concat([(await picture('#123456')).subarray(0, 60), Buffer.alloc(4)]);
  const mediaId = await uploadFile(as.ines, broken, 'submission');
  const stateOf = async () =>
    (await server.sql<{ state: string }>('SELECT state FROM media WHERE id = $1', [mediaId]))[0]?.state;
  await until(async () => (await stateOf()) === 'refused');
  // As on a phone, where it is sent before anybody has looked into it: the workshop is faster than a test.
  const files = server.get(Files);
  const sha256 = createHash('sha256').update(broken).digest('hex');
  const path = join(files.workFolder, mediaId);
  await writeFile(path, broken);
  await files.take(halden, path, sha256);
  await server.sql(`UPDATE media SET state = 'verified', refusal = NULL, sha256 = $2 WHERE id = $1`, [
    ...[mediaId, sha256],
  ]);
  const topicId = await begin(as.ines, [{ mediaId, alt: null }]);
  expect((await read(as.lena, topicId)).topic.files).toMatchObject([{ state: 'verified' }]);
  await server.sql(`SELECT graphile_worker.add_job('media-make', $1::json)`, [
    JSON.stringify({ communityId: halden, mediaId }),
  ]);
  await until(async () => (await stateOf()) === 'refused');
  expect((await read(as.lena, topicId)).topic.files).toEqual([]);
  expect((await read(as.ines, topicId)).topic.files).toMatchObject([
    { state: 'refused', refusal: 'unreadable' },
  ]);
  const { notifications } = await as.ines.call(listNotifications, inHalden);
  expect(notifications[0]).toMatchObject({
    kind: 'fileRefused',
    data: { topicId, title: 'Look', file: 'a file', refusal: 'unreadable' },
  });
});
