import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listPlaces, postTo, readTopic, search, startTopic } from '@parley/contracts/commons';
import {
  answerMeetup,
  callSession,
  decideGroup,
  joinGroup,
  listGroups,
  proposeGroup,
  readGroup,
  saveMeetup,
  signCall,
} from '@parley/contracts/groups';
import {
  breakPromise,
  linkEvidence,
  listPromises,
  publishUpdate,
  saveUpdate,
  submitUpdate,
} from '@parley/contracts/loop';
import { listContributions } from '@parley/contracts/moderation';
import { listNotifications } from '@parley/contracts/reach';
import { guests } from '../../demo/story';
import { foundGroup, meetupPlan } from '../../test/groups';
import {
  halden,
  memberOf,
  morrow,
  refusalOf,
  startTestServer,
  type TestServer,
  until,
  type Visitor,
} from '../../test/server';
import { PromisesService } from '../loop/promises.service';
import { asCaller } from '../seed-loop';
import { CallsService } from './calls.service';
import { GroupsService } from './groups.service';

let server: TestServer;
const as = {} as Record<'ines' | 'tunde' | 'lena' | 'maren' | 'samira' | 'maria' | 'chiara', Visitor>;
const inHalden = { communityId: halden };
beforeAll(async () => {
  server = await startTestServer();
  for (const key of ['ines', 'tunde', 'lena', 'maren', 'samira', 'maria', 'chiara'] as const)
    as[key] = await server.visit(key);
});
afterAll(() => server.stop());

const propose = async (who: Visitor, name = 'Night riders') => {
  const groupId = randomUUID();
  await who.call(proposeGroup, { ...inHalden, groupId, name, purpose: 'To ride after ten.' });
  return groupId;
};
const join = (who: Visitor, groupId: string, joined = true) =>
  who.call(joinGroup, { ...inHalden, groupId, joined });
const guestsJoin = async (groupId: string, from: number, to: number) => {
  for (const guest of guests.slice(from, to))
    await server.get(GroupsService).join(asCaller('halden', guest), groupId, true);
};
const read = (who: Visitor, groupId: string) => who.call(readGroup, { ...inHalden, groupId });
const sponsor = (groupId: string) =>
  as.maren.call(decideGroup, {
    ...{ ...inHalden, groupId, decision: { to: 'active', sponsorId: memberOf('halden', 'maria') } },
  });
const newsOf = async (who: Visitor, groupId: string) =>
  (await who.call(listNotifications, inHalden)).notifications.filter(({ data }) => data.groupId === groupId);

describe('a small group', () => {
  it('is founded by five, and opens with the sponsor whom the brand names', async () => {
    const groupId = await propose(as.ines);
    expect(await refusalOf(sponsor(groupId))).toBe('group.moved');
    await join(as.tunde, groupId);
    await guestsJoin(groupId, 0, 2);
    expect((await read(as.lena, groupId)).group).toMatchObject({
      state: 'proposed',
      members: 4,
      mine: false,
    });
    await join(as.lena, groupId);
    expect((await read(as.ines, groupId)).group).toMatchObject({
      state: 'forming',
      members: 5,
      placeId: null,
    });
    const { notifications } = await as.maren.call(listNotifications, inHalden);
    expect(
      notifications.filter(({ kind, data }) => kind === 'groupWaits' && data.groupId === groupId),
    ).toHaveLength(1);
    // One of five who leaves takes it back.
    await join(as.lena, groupId, false);
    expect((await read(as.ines, groupId)).group.state).toBe('proposed');
    await join(as.lena, groupId);
    await sponsor(groupId);
    expect((await read(as.ines, groupId)).group).toMatchObject({
      ...{ state: 'active', placeId: groupId, sponsor: { name: 'Maria' } },
    });
    expect((await newsOf(as.tunde, groupId)).map(({ data }) => data.group)).toEqual(['founded']);
    expect((await newsOf(as.maria, groupId)).map(({ data }) => data.group)).toEqual(['sponsor']);
    const { promises } = await as.ines.call(listPromises, inHalden);
    expect(promises.find(({ space }) => space.id === groupId)).toMatchObject({
      owner: { name: 'Maria' },
      status: 'made',
    });
    expect((await read(as.ines, groupId)).people.filter(({ founder }) => founder)).toHaveLength(5);
  });

  it('lets in one of many who come at once when one place is left', async () => {
    const groupId = await foundGroup(server, 'ines');
    const count = async () =>
      (
        await server.sql<{ n: number }>(
          'SELECT count(*)::int AS n FROM group_member WHERE group_id = $1 AND left_at IS NULL',
          [groupId],
        )
      )[0]!.n;
    const ids = Array.from({ length: 49 - (await count()) }, () => randomUUID());
    await server.sql(
      `INSERT INTO person (id, email, name) SELECT id, id || '@example.org', 'Filler' FROM unnest($1::uuid[]) AS made (id)`,
      [ids],
    );
    await server.sql(
      `INSERT INTO member (community_id, id, person_id, handle, role, status)
       SELECT $1, id, id, 'Filler ' || id, 'member', 'active' FROM unnest($2::uuid[]) AS made (id)`,
      [halden, ids],
    );
    await server.sql(
      `INSERT INTO group_member (community_id, group_id, member_id) SELECT $1, $2, unnest($3::uuid[])`,
      [halden, groupId, ids],
    );
    expect(await count()).toBe(49);
    const outcomes = await Promise.all([as.tunde, as.lena].map((who) => refusalOf(join(who, groupId))));
    expect(outcomes.sort()).toEqual(['done', 'group.full']);
    expect(await count()).toBe(50);
    await server.sql(`UPDATE member SET status = 'left' WHERE community_id = $1 AND id = ANY ($2)`, [
      halden,
      ids,
    ]);
  });

  it('has a place of its own that nobody else sees, not in a list, the search, nor by its address', async () => {
    const groupId = await foundGroup(server, 'ines');
    const topic = { ...inHalden, placeId: groupId, opId: randomUUID(), title: 'Xylophonics', body: 'Ours.' };
    const { id: topicId } = await as.ines.call(startTopic, topic);
    const sees = async (who: Visitor) => [
      (await who.call(listPlaces, inHalden)).places.some(({ id }) => id === groupId),
      (await who.call(search, { ...inHalden, words: 'Xylophonics' })).found.length > 0,
      await refusalOf(who.call(readTopic, { ...inHalden, topicId })),
      (await who.call(listPromises, inHalden)).promises.some(({ space }) => space.id === groupId),
    ];
    expect(await sees(as.ines)).toEqual([true, true, 'done', true]);
    expect(await sees(as.lena)).toEqual([false, false, 'request.notFound', false]);
    expect(await sees(as.samira)).toEqual([true, true, 'done', true]);
    expect((await read(as.lena, groupId)).people).toEqual([]);
    await join(as.lena, groupId);
    expect(await sees(as.lena)).toEqual([true, true, 'done', true]);
    await join(as.lena, groupId, false);
    expect(await sees(as.lena)).toEqual([false, false, 'request.notFound', false]);
    expect(await refusalOf(as.chiara.call(readGroup, { communityId: morrow, groupId }))).toBe(
      'request.notFound',
    );
  });

  it('is declined or ended with a reason that its members read, and then nothing more is said there', async () => {
    const groupId = await propose(as.ines, 'Never');
    await as.maren.call(decideGroup, {
      ...{ ...inHalden, groupId, decision: { to: 'declined', because: 'There is one like it.' } },
    });
    expect((await read(as.ines, groupId)).group).toMatchObject({
      state: 'declined',
      because: 'There is one like it.',
    });
    expect(await refusalOf(read(as.tunde, groupId))).toBe('request.notFound');
    expect(await refusalOf(join(as.ines, groupId))).toBe('group.moved');
    const active = await foundGroup(server, 'ines');
    await as.maren.call(decideGroup, {
      ...inHalden,
      groupId: active,
      decision: { to: 'archived', because: 'Done.' },
    });
    const topic = { ...inHalden, placeId: active, opId: randomUUID(), title: 'Late', body: 'Still?' };
    expect(await refusalOf(as.ines.call(startTopic, topic))).toBe('session.ended');
  });

  it('falls asleep when nobody says anything for two months, and wakes with the next word', async () => {
    const groupId = await foundGroup(server, 'ines');
    await server.sql(`UPDATE micro_group SET created_at = now() - interval '61 days' WHERE id = $1`, [
      groupId,
    ]);
    const state = async () => {
      await server.get(GroupsService).watch(halden);
      return (await read(as.ines, groupId)).group.state;
    };
    expect(await state()).toBe('dormant');
    const topic = { ...inHalden, placeId: groupId, opId: randomUUID(), title: 'Awake', body: 'Again.' };
    const { id: topicId } = await as.ines.call(startTopic, topic);
    expect(await state()).toBe('active');
    await server.sql(`UPDATE topic SET last_at = now() - interval '61 days' WHERE id = $1`, [topicId]);
    expect(await state()).toBe('dormant');
    await as.ines.call(postTo, {
      ...inHalden,
      topicId,
      opId: randomUUID(),
      body: 'Hm.',
      parentId: null,
      quote: null,
    });
    expect(await state()).toBe('active');
  });
});

describe('a meet-up', () => {
  it('tells the exact place to those alone who come', async () => {
    const groupId = await foundGroup(server, 'ines');
    await join(as.tunde, groupId);
    const plan = { ...inHalden, groupId, ...meetupPlan() };
    await as.ines.call(saveMeetup, plan);
    const placeFor = async (who: Visitor) =>
      (await read(who, groupId)).meetups.map(({ place, area }) => [place, area]);
    expect(await placeFor(as.ines)).toEqual([['At the pump behind the church', 'Leipzig, south']]);
    expect(await placeFor(as.tunde)).toEqual([[null, 'Leipzig, south']]);
    expect(await placeFor(as.lena)).toEqual([]);
    expect(await placeFor(as.maren)).toEqual([]);
    const answer = (who: Visitor, coming: boolean) =>
      who.call(answerMeetup, { ...inHalden, groupId, meetupId: plan.meetupId, coming });
    expect(await answer(as.tunde, true)).toMatchObject({ place: 'At the pump behind the church', coming: 1 });
    expect(await answer(as.tunde, false)).toMatchObject({ place: null, coming: 0 });
    expect(await refusalOf(answer(as.lena, true))).toBe('group.notIn');
    const all = JSON.stringify([
      await read(as.tunde, groupId),
      await as.tunde.call(listNotifications, inHalden),
      await as.tunde.call(search, { ...inHalden, words: 'pump behind the church' }),
    ]);
    expect(all).not.toContain('pump behind');
  });

  it('tells who comes of a change, and when it is cancelled; it is changed by who made it', async () => {
    const groupId = await foundGroup(server, 'ines');
    await join(as.tunde, groupId);
    const plan = { ...inHalden, groupId, ...meetupPlan() };
    await as.ines.call(saveMeetup, plan);
    await as.tunde.call(answerMeetup, { ...inHalden, groupId, meetupId: plan.meetupId, coming: true });
    await as.tunde.call(saveMeetup, { ...plan, title: 'Taken over' });
    expect((await read(as.ines, groupId)).meetups[0]!.title).toBe('A ride');
    await as.ines.call(saveMeetup, { ...plan, place: 'At the bridge' });
    await as.ines.call(saveMeetup, { ...plan, place: 'At the bridge' });
    await as.ines.call(saveMeetup, { ...plan, place: 'At the bridge', cancelled: true });
    await join(as.tunde, groupId, false);
    expect((await read(as.ines, groupId)).meetups[0]!.coming).toBe(0);
    await as.ines.call(saveMeetup, { ...plan, place: 'At the well' });
    const told = (await newsOf(as.tunde, groupId)).filter(({ kind }) => kind === 'meetup');
    expect(told.map(({ data }) => data.group ?? null).sort()).toEqual(['cancelled', null, null].sort());
    const past = { ...plan, ...meetupPlan(), startsAt: '2020-01-01T00:00:00.000Z' };
    expect(await refusalOf(as.ines.call(saveMeetup, past))).toBe('request.invalid');
  });
});

describe('a call for a Session', () => {
  const called = async () => {
    const groupId = await foundGroup(server, 'ines');
    const callId = randomUUID();
    const call = await as.ines.call(callSession, {
      ...{ ...inHalden, groupId, callId, title: 'Talk to us about range' },
      questions: ['Why is it less in winter?', 'Will there be a second battery?'],
    });
    return { groupId, callId, call };
  };
  const sign = (who: Visitor, callId: string, signed = true) =>
    who.call(signCall, { ...inHalden, callId, signed });
  const enough = async (callId: string, needed: number) => {
    for (const guest of guests.slice(0, needed - 1))
      await server.get(CallsService).setSigned(asCaller('halden', guest), callId, true);
  };

  it('says how many it takes, is signed by anybody once, and can be unsigned until it is enough', async () => {
    const { call, callId } = await called();
    expect(call).toMatchObject({ signed: 1, needed: 10, mine: true, answer: null });
    await Promise.all([sign(as.lena, callId), sign(as.lena, callId)]);
    expect((await as.tunde.call(listGroups, inHalden)).calls.find(({ id }) => id === callId)).toMatchObject({
      ...{ signed: 2, mine: false, group: 'Cargo on two wheels' },
    });
    expect(await sign(as.lena, callId, false)).toMatchObject({ signed: 1, mine: false });
    expect(await refusalOf(sign(as.maren, callId))).toBe('auth.forbidden');
  });

  it('makes the sponsor’s promise begin when enough have signed, and everybody who signed is told of the answer', async () => {
    const { call, callId, groupId } = await called();
    await enough(callId, call.needed);
    const due = new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10);
    const open = (await as.tunde.call(listGroups, inHalden)).calls.find(({ id }) => id === callId)!;
    expect(open.answer).toEqual({ dueOn: due, status: 'due', updateId: null, because: null });
    expect(await refusalOf(sign(as.ines, callId, false))).toBe('group.moved');
    const { promises } = await as.tunde.call(listPromises, inHalden);
    expect(promises.find(({ space }) => space.id === callId)).toMatchObject({
      ...{ owner: { name: 'Maria' }, dueOn: due, status: 'made', space: { kind: 'call' } },
    });
    expect((await newsOf(as.maria, groupId)).filter(({ kind }) => kind === 'call')).toMatchObject([
      { data: { group: 'yours', on: due, title: 'Talk to us about range' } },
    ]);
    // What was asked leads to the group that asks it.
    const { found } = await as.lena.call(search, { ...inHalden, words: 'second battery in winter' });
    expect(found[0]).toMatchObject({ on: 'group', of: groupId });
    // The clock is the same for every promise.
    await server.sql(`UPDATE space SET answer_by = current_date - 1 WHERE id = $1`, [callId]);
    await server.get(PromisesService).watch(halden);
    const { notifications } = await as.maria.call(listNotifications, inHalden);
    expect(
      notifications.filter(({ kind, data }) => kind === 'promiseLate' && data.spaceId === callId),
    ).toHaveLength(1);

    // The answer is an Update: no way of its own.
    const { contributions: items } = await as.maren.call(listContributions, { ...inHalden, spaceId: callId });
    expect(items).toHaveLength(1);
    const updateId = randomUUID();
    const body = {
      ...{
        title: 'We talk about range on 3 May',
        youSaid: 'Why less in winter?',
        weDid: 'A Session.',
        because: null,
      },
      ...{ on: '2030-05-03', beforeAssetId: null, afterAssetId: null, spaceId: callId, keepsPromise: true },
      ...{ shareable: false, outcome: 'adopted' as const },
    };
    await as.maren.call(saveUpdate, { ...inHalden, updateId, basedOn: 0, body });
    await as.maren.call(linkEvidence, { ...inHalden, updateId, contributionIds: [items[0]!.id] });
    const draft = await as.maren.call(submitUpdate, { ...inHalden, updateId, version: 1 });
    const now = new Date(Date.now() - 1_000).toISOString();
    await as.maren.call(publishUpdate, {
      ...{ ...inHalden, updateId, version: draft.version },
      times: { contributorsAt: now, communityAt: now, publicAt: null },
    });
    const answerOf = async () => (await read(as.ines, groupId)).calls[0]!.answer;
    await until(async () => (await answerOf())?.status === 'kept');
    expect(await answerOf()).toMatchObject({ updateId });
    await server.get(GroupsService).watch(halden);
    await server.get(GroupsService).watch(halden);
    const told = (await newsOf(as.ines, groupId)).filter(({ kind }) => kind === 'call');
    expect(told.map(({ data }) => data.group).sort()).toEqual(['answered', 'reached']);
  });

  it('goes over to another sponsor with what was promised, who hears of it', async () => {
    const { call, callId, groupId } = await called();
    await enough(callId, call.needed);
    const hand = () =>
      as.maren.call(decideGroup, {
        ...{ ...inHalden, groupId, decision: { to: 'active', sponsorId: memberOf('halden', 'samira') } },
      });
    await hand();
    await hand();
    expect((await newsOf(as.samira, groupId)).map(({ data }) => data.group)).toEqual(['sponsor']);
    const { promises } = await as.ines.call(listPromises, inHalden);
    for (const id of [groupId, callId])
      expect(promises.find(({ space }) => space.id === id)).toMatchObject({ owner: { name: 'Samira' } });
    await server.sql(`UPDATE space SET answer_by = current_date - 1 WHERE id = $1`, [callId]);
    await server.get(PromisesService).watch(halden);
    const { notifications } = await as.samira.call(listNotifications, inHalden);
    expect(
      notifications.filter(({ kind, data }) => kind === 'promiseLate' && data.spaceId === callId),
    ).toHaveLength(1);
  });

  it('is answered with a public reason where there will be none', async () => {
    const { call, callId, groupId } = await called();
    await enough(callId, call.needed);
    await as.maren.call(breakPromise, {
      ...inHalden,
      spaceId: callId,
      reason: 'The figures are not ours to tell.',
    });
    await server.get(GroupsService).watch(halden);
    expect((await read(as.ines, groupId)).calls[0]!.answer).toMatchObject({
      ...{ status: 'broken', because: 'The figures are not ours to tell.' },
    });
    const told = (await newsOf(as.ines, groupId)).find(({ data }) => data.group === 'answered');
    expect(told?.data.note).toBe('The figures are not ours to tell.');
  });
});
