import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { search } from '@parley/contracts/commons';
import { readReceipt, withdrawContribution } from '@parley/contracts/contributions';
import {
  feedbackNews,
  listFeedback,
  readFeedbackPrompt,
  sendFeedback,
  setFeedback,
  setPrompt,
} from '@parley/contracts/feedback';
import { listPromises } from '@parley/contracts/loop';
import { listContributions, replyToContribution } from '@parley/contracts/moderation';
import { listNotifications } from '@parley/contracts/reach';
import {
  assetOf,
  halden,
  morrow,
  refusalOf,
  startTestServer,
  type TestServer,
  until,
  type Visitor,
} from '../../test/server';
import { FeedbackService } from './feedback.service';

let server: TestServer;
const as = {} as Record<'ines' | 'tunde' | 'maren' | 'samira' | 'chiara', Visitor>;
const inHalden = { communityId: halden };
const film = assetOf('halden-one-film');
beforeAll(async () => {
  server = await startTestServer();
  for (const key of ['ines', 'tunde', 'maren', 'samira', 'chiara'] as const)
    as[key] = await server.visit(key);
  await server.sql('DELETE FROM feedback');
  await as.maren.call(setFeedback, {
    ...{ ...inHalden, owner: { name: 'Maren Vogt', title: 'Community manager' } },
    ...{ reportBackOn: '2030-01-01', replyDays: 3 },
  });
});
afterAll(() => server.stop());

const say = (who: Visitor, more: object = {}) =>
  who.call(sendFeedback, {
    ...{
      ...inHalden,
      opId: randomUUID(),
      page: 'talk',
      assetId: null,
      second: null,
      mood: 4,
      body: 'Good so.',
    },
    ...more,
  });
const list = (more: object = {}) => as.samira.call(listFeedback, { ...inHalden, ...more });

describe('what is said without being asked', () => {
  it('is for the team alone, has a receipt, and says whether and by when an answer comes', async () => {
    const { prompt } = await as.ines.call(readFeedbackPrompt, { ...inHalden, page: 'talk' });
    expect(prompt).toMatchObject({ prompt: null, replyDays: 3 });
    const { id } = await say(as.ines, { body: 'Snorkelwort: the bell is missing.' });
    const { contribution } = await as.ines.call(readReceipt, { ...inHalden, contributionId: id });
    expect(contribution).toMatchObject({
      teamOnly: true,
      space: { kind: 'feedback' },
      next: { what: 'answer' },
    });
    expect((await as.tunde.call(search, { ...inHalden, words: 'Snorkelwort' })).found).toEqual([]);
    expect(await refusalOf(as.tunde.call(listFeedback, inHalden))).toBe('auth.forbidden');
    // It is read and answered as everything else is.
    const { contributions } = await as.samira.call(listContributions, { ...inHalden, words: 'Snorkelwort' });
    expect(contributions.map((one) => one.id)).toEqual([id]);
    const clockOf = async () => {
      const { items, overdue } = await list();
      return [items.find((one) => one.id === id)!.answerBy?.slice(0, 10) ?? null, overdue];
    };
    const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    expect(await clockOf()).toEqual([daysFromNow(3), 0]);
    await server.sql(`UPDATE feedback SET at = now() - interval '4 days' WHERE id = $1`, [id]);
    expect(await clockOf()).toEqual([daysFromNow(-1), 1]);
    const toldLate = async () =>
      (await as.maren.call(listNotifications, inHalden)).notifications.filter(
        ({ kind }) => kind === 'feedbackLate',
      );
    await server.get(FeedbackService).watch(halden);
    await server.get(FeedbackService).watch(halden);
    expect(await toldLate()).toMatchObject([{ data: { count: 1 } }]);
    await as.samira.call(replyToContribution, {
      ...{ ...inHalden, contributionId: id, opId: randomUUID(), body: 'It comes in May.' },
    });
    expect(await clockOf()).toEqual([null, 0]);
    const { replies } = await as.ines.call(readReceipt, { ...inHalden, contributionId: id });
    expect(replies.map(({ body }) => body)).toEqual(['It comes in May.']);
    const { promises } = await as.ines.call(listPromises, inHalden);
    expect(promises.filter(({ space }) => space.kind === 'feedback')).toHaveLength(1);
  });

  it('is stored once however often it is sent, and gone when it is taken back', async () => {
    const opId = randomUUID();
    const sent = await Promise.all(Array.from({ length: 6 }, () => say(as.ines, { opId, page: 'groups' })));
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    expect((await list({ page: 'groups' })).items).toHaveLength(1);
    await as.ines.call(withdrawContribution, { ...inHalden, contributionId: sent[0]!.id });
    expect((await list({ page: 'groups' })).items).toEqual([]);
  });

  it('is told apart by page, asset and scene, with counts and mood that a recount finds', async () => {
    for (const [second, mood] of [
      [3, 1],
      [14, 2],
      [15, 5],
      [16, null],
    ] as const)
      await say(as.tunde, { page: 'session', assetId: film, second, mood, body: `At ${second}.` });
    const all = await list({ assetId: film });
    expect(all.scenes).toEqual([
      { from: 0, count: 2, mood: 1.5 },
      { from: 15, count: 2, mood: 5 },
    ]);
    expect(all.assets).toMatchObject([{ id: film, count: 4, mood: 2.7 }]);
    expect(all.pages.find(({ page }) => page === 'session')).toEqual({
      page: 'session',
      count: 4,
      mood: 2.7,
    });
    expect((await list({ assetId: film, scene: 15 })).items.map(({ body }) => body)).toEqual([
      'At 16.',
      'At 15.',
    ]);
    const { items } = await list({ page: 'session' });
    expect(items).toHaveLength(4);
    expect(items[0]).toMatchObject({ second: 16, mood: null, author: 'T. Okafor' });
  });

  it('is there on the team’s screens within five seconds, and on nobody else’s', async () => {
    const [team, member] = [await as.samira.connect(halden), await as.tunde.connect(halden)];
    const heard: unknown[] = [];
    team.socket.on('news', (name: unknown) => heard.push(['team', name]));
    member.socket.on('news', (name: unknown) => heard.push(['member', name]));
    const began = Date.now();
    await say(as.ines);
    await until(() => heard.length > 0, 5_000);
    expect(Date.now() - began).toBeLessThan(5_000);
    await new Promise((done) => setTimeout(done, 100));
    expect(heard).toEqual([['team', feedbackNews]]);
  });

  it('is asked by a question of its own on a page or of an asset, which is kept with what was said', async () => {
    const ask = (page: 'ideas' | null, assetId: string | null, prompt: string | null) =>
      as.maren.call(setPrompt, { ...inHalden, page, assetId, prompt });
    await ask('ideas', null, 'What is missing on this page?');
    await ask(null, film, 'Would you show it to somebody?');
    const promptOf = async (page: 'ideas' | 'talk', assetId?: string) =>
      (await as.ines.call(readFeedbackPrompt, { ...inHalden, page, ...(assetId && { assetId }) })).prompt
        ?.prompt;
    expect([await promptOf('ideas'), await promptOf('talk'), await promptOf('ideas', film)]).toEqual([
      ...['What is missing on this page?', null, 'Would you show it to somebody?'],
    ]);
    await say(as.ines, { page: 'ideas', body: 'A way back.' });
    expect((await list({ page: 'ideas' })).items[0]).toMatchObject({
      prompt: 'What is missing on this page?',
    });
    // Of those of the team who ask at the same time, one is the last.
    const asked = Array.from({ length: 24 }, (_, n) => `Which ${n}?`);
    const outcomes = await Promise.all(asked.map((prompt) => refusalOf(ask('ideas', null, prompt))));
    expect(new Set(outcomes)).toEqual(new Set(['done']));
    expect(asked).toContain(await promptOf('ideas'));
    await ask('ideas', null, null);
    expect(await promptOf('ideas')).toBeNull();
    expect(
      await refusalOf(as.maren.call(setPrompt, { ...inHalden, page: null, assetId: null, prompt: 'x' })),
    ).toBe('request.invalid');
  });

  it('is not about an asset that one may not see, nor of another community', async () => {
    const hidden = await server.sql<{ id: string }>(`SELECT id FROM asset WHERE community_id = $1 LIMIT 1`, [
      morrow,
    ]);
    expect(await refusalOf(say(as.ines, { assetId: hidden[0]!.id }))).toBe('request.notFound');
    expect(await refusalOf(say(as.ines, { assetId: randomUUID() }))).toBe('request.notFound');
    expect(
      (await as.chiara.call(readFeedbackPrompt, { communityId: morrow, page: 'talk' })).prompt,
    ).toBeNull();
  });
});
