import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPlace, postTo, readTopic, solveTopic, startTopic } from '@parley/contracts/commons';
import { withdrawContribution } from '@parley/contracts/contributions';
import { listNotifications } from '@parley/contracts/reach';
import {
  answerRecognition,
  giveKudos,
  listKinds,
  readCircle,
  setCircle,
  setKind,
  setKinds,
  type KudosReason,
  listRecognitions,
  offerRecognition,
  optOut,
  readBoard,
  readParticipation,
  readStanding,
  revokeKudos,
  setBoard,
} from '@parley/contracts/recognition';
import { guests } from '../../demo/story';
import {
  halden,
  memberOf,
  refusalOf,
  startTestServer,
  type TestServer,
  type Visitor,
} from '../../test/server';
import { asCaller } from '../seed-loop';
import { KudosService } from './kudos.service';
import { StandingService } from './standing.service';

let server: TestServer;
const as = {} as Record<'ines' | 'tunde' | 'lena' | 'maren' | 'samira', Visitor>;
let placeId: string;
const inHalden = { communityId: halden };
beforeAll(async () => {
  server = await startTestServer();
  for (const key of ['ines', 'tunde', 'lena', 'maren', 'samira'] as const) as[key] = await server.visit(key);
  ({ id: placeId } = await as.maren.call(openPlace, {
    ...{
      ...inHalden,
      placeId: randomUUID(),
      title: 'A place',
      purpose: 'To talk.',
      decision: 'What we build.',
    },
    ...{ decisionOwner: { name: 'Maria Kessler', title: 'VP Product' }, reportBackOn: '2030-01-01' },
    informsOnly: false,
  }));
  // What the demo's people did counts elsewhere.
  await server.sql('DELETE FROM rating_change');
  await server.sql('DELETE FROM rating');
  await server.sql('DELETE FROM kudos');
  await server.sql('DELETE FROM recognition');
  await server.sql('UPDATE standing SET score = 0, rank = NULL');
  await server.sql(`DELETE FROM notification WHERE kind = 'recognition'`);
});
afterAll(() => server.stop());

const begin = async (who: Visitor) =>
  (await who.call(startTopic, { ...inHalden, placeId, opId: randomUUID(), title: 'A topic', body: 'Of it.' }))
    .id;
const thank = (who: Visitor, contributionId: string, reason: KudosReason = 'insightful') =>
  who.call(giveKudos, { ...inHalden, contributionId, reason });
const revoke = (who: Visitor, contributionId: string) =>
  who.call(revokeKudos, { ...inHalden, contributionId });
const standingOf = async (who: Visitor) => (await who.call(readStanding, inHalden)).standing;
const reckon = () => server.get(StandingService).reckon(halden);
const newsOf = async (who: Visitor, kind: string) =>
  (await who.call(listNotifications, inHalden)).notifications.filter((one) => one.kind === kind);

describe('thanks', () => {
  it('are given once for each, with a reason that can be changed, by members themselves', async () => {
    const topicId = await begin(as.ines);
    await Promise.all([thank(as.tunde, topicId), thank(as.tunde, topicId), thank(as.tunde, topicId)]);
    expect(await thank(as.tunde, topicId, 'honest')).toMatchObject({ counts: { honest: 1 }, mine: 'honest' });
    await thank(as.lena, topicId, 'honest');
    const { kudos } = await as.ines.call(readTopic, { ...inHalden, topicId });
    expect(kudos).toEqual({ counts: { honest: 2 }, mine: null, until: null });
    const told = await newsOf(as.ines, 'kudos');
    expect(told.filter(({ data }) => data.by === 'T. Okafor')).toHaveLength(1);
  });

  it('are not for oneself, nor for what one does not see, nor for what is taken back', async () => {
    const topicId = await begin(as.ines);
    expect(await refusalOf(thank(as.ines, topicId))).toBe('kudos.own');
    expect(await refusalOf(thank(as.tunde, randomUUID()))).toBe('request.notFound');
    await as.ines.call(withdrawContribution, { ...inHalden, contributionId: topicId });
    expect(await refusalOf(thank(as.tunde, topicId))).toBe('request.notFound');
    const { id } = await as.maren.call(openPlace, {
      ...{ ...inHalden, placeId: randomUUID(), title: 'Circle', purpose: 'To talk.', decision: 'None.' },
      ...{ decisionOwner: { name: 'Maria Kessler', title: 'VP Product' }, reportBackOn: '2030-01-01' },
      ...{ informsOnly: false, audience: { types: [], circle: true } },
    });
    const hidden = { ...inHalden, placeId: id, opId: randomUUID(), title: 'Inside', body: 'Only.' };
    const { id: inside } = await as.maren.call(startTopic, hidden);
    expect(await refusalOf(thank(as.tunde, inside))).toBe('request.notFound');
  });

  it('can be taken back within a day, and not later', async () => {
    const topicId = await begin(as.ines);
    await thank(as.tunde, topicId);
    expect(await revoke(as.tunde, topicId)).toEqual({ counts: {}, mine: null, until: null });
    expect(await revoke(as.tunde, topicId)).toMatchObject({ mine: null });
    await thank(as.tunde, topicId);
    await server.sql(`UPDATE kudos SET at = now() - interval '25 hours' WHERE contribution_id = $1`, [
      topicId,
    ]);
    expect(await refusalOf(revoke(as.tunde, topicId))).toBe('kudos.settled');
    expect(await refusalOf(thank(as.tunde, topicId, 'honest'))).toBe('kudos.settled');
  });

  it('come with the answer that solves something, from who asked, and go with it', async () => {
    const topicId = await begin(as.ines);
    const { post } = await as.tunde.call(postTo, {
      ...{ ...inHalden, topicId, opId: randomUUID(), body: 'Left.', parentId: null, quote: null },
    });
    const credits = () =>
      server.sql(`SELECT from_id, to_id FROM kudos WHERE contribution_id = $1 AND revoked_at IS NULL`, [
        post.id,
      ]);
    await as.samira.call(solveTopic, { ...inHalden, topicId, postId: post.id });
    expect(await credits()).toEqual([
      { from_id: memberOf('halden', 'ines'), to_id: memberOf('halden', 'tunde') },
    ]);
    await as.ines.call(solveTopic, { ...inHalden, topicId, postId: null });
    expect(await credits()).toEqual([]);
  });
});

describe('standing', () => {
  it('is reckoned from thanks and ratings of the season, and says what is missing', async () => {
    await server.sql('DELETE FROM kudos');
    const kudos = server.get(KudosService);
    const topics = [await begin(as.ines), await begin(as.ines), await begin(as.tunde)];
    for (const name of guests.slice(0, 9))
      await kudos.give(asCaller('halden', name), topics[0]!, 'insightful');
    for (const name of guests.slice(9, 12)) await kudos.give(asCaller('halden', name), topics[2]!, 'honest');
    await reckon();
    const ines = await standingOf(as.ines);
    // Nine from whom nobody knows: half of three each.
    expect(ines).toMatchObject({ score: 13.5, fromKudos: 13.5, fromRatings: 0, level: 2, rank: null });
    expect(ines.missing).toEqual({ level: 3, points: 1.5, kudos: 1, ratings: 30 });
    expect(ines.received).toEqual({ insightful: 9 });
    expect((await standingOf(as.tunde)).score).toBe(3);
    expect((await standingOf(as.lena)).score).toBe(0);
    await as.ines.call(withdrawContribution, { ...inHalden, contributionId: topics[0]! });
    await reckon();
    expect((await standingOf(as.ines)).score).toBe(0);
  });

  it('gives credit for rating what others said', async () => {
    const statements = await server.sql<{ id: string }>(
      `SELECT id FROM contribution WHERE type = 'statement' AND author_id <> $1 LIMIT 4`,
      [memberOf('halden', 'lena')],
    );
    for (const { id } of statements)
      await server.sql(
        `INSERT INTO rating (community_id, contribution_id, member_id, value) VALUES ($1, $2, $3, 'agree')`,
        [halden, id, memberOf('halden', 'lena')],
      );
    await reckon();
    expect(await standingOf(as.lena)).toMatchObject({ score: 0.2, fromRatings: 0.2, fromKudos: 0 });
  });

  it('shows no board to members until a manager switches it on, and never who does not want to be on it', async () => {
    const board = (who: Visitor) => who.call(readBoard, inHalden);
    expect(await refusalOf(board(as.tunde))).toBe('request.notFound');
    expect((await board(as.samira)).ranked.map(({ handle }) => handle)).toContain('T. Okafor');
    await as.maren.call(setBoard, { ...inHalden, on: true });
    expect((await board(as.ines)).ranked[0]).toMatchObject({ rank: 1, handle: 'T. Okafor' });
    expect((await standingOf(as.tunde)).rank).toBe(1);
    await as.tunde.call(optOut, { ...inHalden, optedOut: true });
    expect((await board(as.ines)).ranked.map(({ handle }) => handle)).not.toContain('T. Okafor');
    await reckon();
    expect((await board(as.ines)).ranked.map(({ handle }) => handle)).not.toContain('T. Okafor');
    expect(await standingOf(as.tunde)).toMatchObject({ rank: null, score: 3, optedOut: true });
    // Who came after moves up.
    expect((await board(as.ines)).ranked[0]).toMatchObject({ rank: 1, handle: 'Lena aus Leipzig' });
  });
});

describe('participation', () => {
  it('says week by week how many say much, something, or read', async () => {
    const { weeks } = await as.samira.call(readParticipation, inHalden);
    expect(weeks.length).toBeGreaterThan(0);
    const { ones, nines, nineties } = weeks.at(-1)!;
    const [{ members }] = (await server.sql(
      `SELECT count(*)::int AS members FROM member WHERE community_id = $1 AND role = 'member' AND status = 'active'`,
      [halden],
    )) as unknown as [{ members: number }];
    expect(ones + nines + nineties).toBe(members);
    expect(nines).toBeGreaterThan(0);
    // Whoever says eight things in four weeks says much.
    await server.sql(
      `INSERT INTO contribution (community_id, id, room_id, author_id, type, body)
       SELECT $1, gen_random_uuid(), room_id, quiet.id, 'comment', 'Said ' || n
       FROM (SELECT room_id FROM contribution WHERE community_id = $1 AND type = 'comment' LIMIT 1) AS one,
         (SELECT id FROM member m WHERE community_id = $1 AND role = 'member' AND status = 'active'
          AND NOT EXISTS (SELECT FROM contribution c WHERE c.author_id = m.id) LIMIT 1) AS quiet,
         generate_series(1, 8) AS n`,
      [halden],
    );
    const again = (await as.samira.call(readParticipation, inHalden)).weeks.at(-1)!;
    expect([again.ones, again.ones + again.nines + again.nineties]).toEqual([ones + 1, members]);
    expect(await refusalOf(as.ines.call(readParticipation, inHalden))).toBe('auth.forbidden');
  });
});

describe('the trusted circle', () => {
  const setTo = (memberId: string, circle?: boolean, type?: 'customer' | 'partner') =>
    as.maren.call(setKind, { ...inHalden, memberId, type, circle });
  it('has criteria that everybody can read before anybody is in it, and who comes in is told them', async () => {
    await server.sql('UPDATE recognition_rule SET criteria = NULL');
    const lena = memberOf('halden', 'lena');
    expect(await refusalOf(setTo(lena, true))).toBe('circle.noCriteria');
    await as.maren.call(setCircle, { ...inHalden, criteria: 'Ten answers that helped somebody.' });
    expect(await as.tunde.call(readCircle, inHalden)).toEqual({
      ...{ criteria: 'Ten answers that helped somebody.', inIt: false, type: 'customer' },
    });
    await setTo(lena, true);
    await setTo(lena, true, 'partner');
    // What is not said stays as it is.
    await setTo(lena, undefined, 'partner');
    expect(await as.lena.call(readCircle, inHalden)).toMatchObject({ inIt: true, type: 'partner' });
    expect(await newsOf(as.lena, 'circle')).toMatchObject([
      { data: { note: 'Ten answers that helped somebody.' } },
    ]);
    const { members, counts, circle } = await as.maren.call(listKinds, { ...inHalden, words: 'LENA' });
    expect(members).toMatchObject([{ handle: 'Lena aus Leipzig', type: 'partner', circle: true }]);
    expect([counts.partner, circle]).toEqual([1, 1]);
    expect(await refusalOf(setTo(memberOf('halden', 'samira'), true))).toBe('request.notFound');
    await setTo(lena, false, 'customer');
  });
});

describe('what members are, of a whole segment at once', () => {
  it('is said of those who were not it before, and who comes into the circle is told once', async () => {
    await as.maren.call(setCircle, { ...inHalden, criteria: 'Ten answers that helped somebody.' });
    const segmentId = randomUUID();
    const people = ['ines', 'tunde', 'lena'].map((key) => memberOf('halden', key));
    await server.sql(
      `WITH made AS (INSERT INTO segment (community_id, id, name, rule, frozen_at) VALUES ($1, $2, 'Three', '[]', now()))
       INSERT INTO segment_member SELECT $1, $2, * FROM unnest($3::uuid[])`,
      [halden, segmentId, [...people, memberOf('halden', 'samira')]],
    );
    const say = (kind: { type?: 'customer' | 'partner'; circle?: boolean }) =>
      as.maren.call(setKinds, { ...inHalden, segmentId, ...kind });
    const told = async () => (await newsOf(as.tunde, 'circle')).length;
    const before = await told();
    expect(await say({ circle: true })).toEqual({ changed: 3 });
    expect(await say({ circle: true })).toEqual({ changed: 0 });
    expect(await told()).toBe(before + 1);
    expect(await say({ type: 'partner' })).toEqual({ changed: 3 });
    const { counts, circle } = await as.maren.call(listKinds, inHalden);
    expect([counts.partner, circle]).toEqual([3, 3]);
    expect(await as.lena.call(readCircle, inHalden)).toMatchObject({ inIt: true, type: 'partner' });
    expect(await say({ type: 'customer', circle: false })).toEqual({ changed: 3 });
    const nowhere = as.maren.call(setKinds, { ...inHalden, segmentId: randomUUID(), circle: true });
    expect(await refusalOf(nowhere)).toBe('request.notFound');
    expect(await refusalOf(as.samira.call(setKinds, { ...inHalden, segmentId, circle: true }))).toBe(
      'auth.forbidden',
    );
  });
});

describe('what is offered that is not money', () => {
  it('is accepted or declined by whom it is offered to, once however often it is sent', async () => {
    const offer = {
      ...{ ...inHalden, opId: randomUUID(), memberIds: [memberOf('halden', 'ines')] },
      ...{ kind: 'visit' as const, words: 'Come and see the line in Halden on 3 May.' },
    };
    await as.maren.call(offerRecognition, offer);
    await as.maren.call(offerRecognition, offer);
    const { offers } = await as.ines.call(readStanding, inHalden);
    expect(offers).toMatchObject([{ kind: 'visit', by: 'Maren', accepted: null }]);
    expect(await newsOf(as.ines, 'recognition')).toHaveLength(1);
    const answer = (who: Visitor, accept: boolean) =>
      who.call(answerRecognition, { ...inHalden, recognitionId: offers[0]!.id, accept });
    expect(await refusalOf(answer(as.tunde, true))).toBe('request.notFound');
    await answer(as.ines, true);
    const list = await as.maren.call(listRecognitions, { ...inHalden, words: 'ines' });
    expect(list.offers).toMatchObject([{ handle: 'Ines from Porto', accepted: true }]);
    expect(list.members.map(({ handle }) => handle)).toEqual(['Ines from Porto']);
    const toTeam = { ...offer, opId: randomUUID(), memberIds: [memberOf('halden', 'samira')] };
    expect(await refusalOf(as.maren.call(offerRecognition, toTeam))).toBe('request.invalid');
  });
});
