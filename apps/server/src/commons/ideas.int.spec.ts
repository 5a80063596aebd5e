import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Audience,
  countAudience,
  everybody,
  listPlaces,
  openPlace,
  postTo,
  readTopic,
  search,
  startTopic,
  topicNews,
} from '@parley/contracts/commons';
import { readReceipt, withdrawContribution } from '@parley/contracts/contributions';
import {
  answerCoAuthor,
  judgeIdea,
  askCoAuthor,
  bringIdeas,
  checkBrought,
  commentCard,
  decideIdeas,
  type IdeaDecision,
  listIdeaDesk,
  listIdeas,
  markContext,
  openIdeaPlace,
  rateIdea,
  readCard,
  readContext,
  readIdea,
  readProcess,
  refineIdea,
  saveCard,
  sendIdea,
  similarIdeas,
} from '@parley/contracts/ideas';
import {
  breakPromise,
  deliverUpdate,
  linkEvidence,
  listEvidence,
  listPromises,
  publishUpdate,
  saveUpdate,
  submitUpdate,
} from '@parley/contracts/loop';
import { decideItems, setSpaceRule } from '@parley/contracts/moderation';
import { deleteSegment, saveSegment, updateFact } from '@parley/contracts/profile';
import { listNotifications } from '@parley/contracts/reach';
import { guests } from '../../demo/story';
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
import { challengePlan, ideaInput } from '../../test/ideas';
import { asCaller } from '../seed-loop';
import { IdeaDeskService } from './idea-desk.service';
import { IdeasService } from './ideas.service';
import { PlacesService } from './places.service';

let server: TestServer;
const as = {} as Record<'ines' | 'tunde' | 'lena' | 'maren' | 'samira' | 'maria' | 'chiara', Visitor>;
const inHalden = { communityId: halden };
beforeAll(async () => {
  server = await startTestServer();
  for (const key of ['ines', 'tunde', 'lena', 'maren', 'samira', 'maria', 'chiara'] as const)
    as[key] = await server.visit(key);
});
afterAll(() => server.stop());

const cards = () => [
  { id: randomUUID(), kind: 'goal' as const, title: 'Why', body: 'Fewer parts.' },
  { id: randomUUID(), kind: 'cost' as const, title: 'What it may cost', body: 'Ten euros.' },
];
type Plan = Partial<Parameters<typeof as.maren.call<typeof openIdeaPlace>>[1]>;
const open = async (more: Plan = {}) =>
  as.maren.call(openIdeaPlace, { ...challengePlan(), cards: [], ...more });
const why = ideaInput('').parts;
const send = async (who: Visitor, placeId: string, title = 'A lock with a magnet', more = {}) =>
  (await who.call(sendIdea, { ...ideaInput(placeId), title, ...more })).id;
const read = (who: Visitor, ideaId: string) => who.call(readIdea, { ...inHalden, ideaId });
const rate = (
  who: Visitor,
  ideaId: string,
  rating: 'agree' | 'disagree' | 'unsure' = 'agree',
  { version = 1, matters = false } = {},
) => who.call(rateIdea, { ...inHalden, ideaId, version, rating, matters });
const refine = (who: Visitor, ideaId: string, basedOn: number, title: string) =>
  who.call(refineIdea, { ...inHalden, ideaId, basedOn, title, parts: why, note: 'Clearer.' });
const decide = (who: Visitor, ideaIds: string[], decision: IdeaDecision, ownerId?: string) =>
  who.call(decideIdeas, { ...inHalden, ideaIds, decision, ...(ownerId && { ownerId }) });
const list = (who: Visitor, placeId: string, more = {}) =>
  who.call(listIdeas, { ...inHalden, placeId, ...more });
const newsOf = async (who: Visitor, ideaId: string) =>
  (await who.call(listNotifications, inHalden)).notifications.filter(({ data }) => data.ideaId === ideaId);
/** Has everything before them for long enough, as far as the clock says. */
const readAll = async (who: Visitor, placeId: string) => {
  const { cards: all } = await who.call(readContext, { ...inHalden, placeId });
  for (const { id } of all) {
    await who.call(markContext, { ...inHalden, placeId, cardId: id, ms: 0 });
    await server.sql(`UPDATE context_read SET opened_at = now() - interval '1 minute' WHERE card_id = $1`, [
      id,
    ]);
    await who.call(markContext, { ...inHalden, placeId, cardId: id, ms: 30_000 });
  }
};

describe('what there is to know first', () => {
  it('is needed before an idea or a rating where the challenge says so', async () => {
    const { id } = await open({ contextRequired: true, cards: cards() });
    expect(await refusalOf(send(as.ines, id))).toBe('idea.contextFirst');
    await readAll(as.ines, id);
    const ideaId = await send(as.ines, id);
    expect(await refusalOf(rate(as.tunde, ideaId))).toBe('idea.contextFirst');
    await readAll(as.tunde, id);
    expect((await rate(as.tunde, ideaId)).myRating).toMatchObject({ rating: 'agree' });
  });

  it('counts as read by the server’s clock, not by what a phone says', async () => {
    const { id } = await open({ contextRequired: true, cards: cards() });
    const cardId = (await as.ines.call(readContext, { ...inHalden, placeId: id })).cards[0]!.id;
    const mark = (ms: number) => as.ines.call(markContext, { ...inHalden, placeId: id, cardId, ms });
    expect(await mark(60_000)).toEqual({ read: false, informed: false });
    expect(await mark(60_000)).toEqual({ read: false, informed: false });
    await server.sql(`UPDATE context_read SET opened_at = now() - interval '1 minute' WHERE card_id = $1`, [
      cardId,
    ]);
    expect(await mark(300)).toEqual({ read: false, informed: false });
    expect(await mark(2_500)).toEqual({ read: true, informed: false });
    await readAll(as.ines, id);
    const { place, cards: now } = await as.ines.call(readContext, { ...inHalden, placeId: id });
    expect([place.informed, now.map(({ readers }) => readers)]).toEqual([true, [1, 1]]);
  });

  it('is asked about and corrected, and what it said stays to be read', async () => {
    const { id } = await open({ cards: cards() });
    const { cards: all } = await as.ines.call(readContext, { ...inHalden, placeId: id });
    const of = { ...inHalden, placeId: id, cardId: all[0]!.id };
    const { comment } = await as.ines.call(commentCard, { ...of, opId: randomUUID(), body: 'Which parts?' });
    const correct = (basedOn: number, body: string, who = as.maren) =>
      who.call(saveCard, { ...of, basedOn, kind: 'goal', title: 'Why', body });
    expect(await refusalOf(correct(1, 'Mine.', as.ines))).toBe('auth.forbidden');
    await correct(1, 'Fewer parts: nine in place of twelve.');
    expect(await refusalOf(correct(1, 'Other words.'))).toBe('edit.stale');
    const card = await as.tunde.call(readCard, of);
    expect(card.comments.map(({ body }) => body)).toEqual(['Which parts?']);
    expect(card.versions).toMatchObject([{ n: 1, body: 'Fewer parts.' }]);
    expect(card.comments).toMatchObject([{ correction: null }]);
    const receipt = await as.ines.call(readReceipt, { ...inHalden, contributionId: comment.id });
    expect(receipt.contribution).toMatchObject({ type: 'comment', space: { kind: 'challenge' } });
  });

  it('takes over the words that a member says it should have, who is named and told', async () => {
    const { id } = await open({ cards: cards() });
    const { cards: all } = await as.ines.call(readContext, { ...inHalden, placeId: id });
    const of = { ...inHalden, placeId: id, cardId: all[0]!.id };
    const propose = async (who: Visitor, body: string, corrects: number, opId = randomUUID()) =>
      (await who.call(commentCard, { ...of, opId, body, corrects })).comment.id;
    const opId = randomUUID();
    const nine = await propose(as.ines, 'Nine parts, not twelve.', 1, opId);
    const ten = await propose(as.tunde, 'Ten parts.', 1);
    const same = await propose(as.lena, 'Nine parts, not twelve.', 1);
    const take = (from: string, basedOn: number, body: string) =>
      as.maren.call(saveCard, { ...of, basedOn, kind: 'goal', title: 'Why', body, from });
    await take(nine, 1, 'Nine parts, not twelve.');
    const { comments } = await as.lena.call(readCard, of);
    expect(comments.map(({ id: one, correction }) => [one, correction])).toEqual([
      [nine, { taken: true }],
      [ten, { taken: false }],
      [same, { taken: false }],
    ]);
    const { cards: now } = await as.lena.call(readContext, { ...inHalden, placeId: id });
    expect(now[0]).toMatchObject({ body: 'Nine parts, not twelve.', version: 2, thanks: 'Ines from Porto' });
    const { contribution } = await as.ines.call(readReceipt, { ...inHalden, contributionId: nine });
    expect(contribution).toMatchObject({ loop: 'delivered', outcome: 'adopted' });
    const { notifications } = await as.ines.call(listNotifications, inHalden);
    expect(notifications.filter(({ data }) => data.contributionId === nine)).toMatchObject([
      { kind: 'receipt', data: { step: 'decided', title: 'Why' } },
    ]);

    // What two have said is both's, however often it is asked.
    for (let time = 0; time < 2; time += 1) await take(same, 2, 'Nine parts, not twelve.');
    const [both] = (await as.lena.call(readContext, { ...inHalden, placeId: id })).cards;
    expect(both).toMatchObject({ version: 2, thanks: 'Ines from Porto, Lena aus Leipzig' });
    expect(
      (await as.lena.call(readReceipt, { ...inHalden, contributionId: same })).contribution,
    ).toMatchObject({
      loop: 'delivered',
    });
    // Asked again because the answer was lost, it is answered though the card says something else by now.
    expect(await propose(as.ines, 'Nine parts, not twelve.', 1, opId)).toBe(nine);
    expect(await refusalOf(propose(as.lena, 'Twelve.', 1))).toBe('edit.stale');
    expect(await refusalOf(propose(as.lena, 'Nine parts, not twelve.', 2))).toBe('request.invalid');
    // Once; and neither another card's nor what was taken back.
    expect(await refusalOf(take(nine, 2, 'Nine.'))).toBe('contribution.moved');
    const other = { ...of, cardId: all[1]!.id };
    const elsewhere = {
      ...other,
      basedOn: 1,
      kind: 'cost' as const,
      title: 'Cost',
      body: 'None.',
      from: ten,
    };
    expect(await refusalOf(as.maren.call(saveCard, elsewhere))).toBe('contribution.moved');
    await as.tunde.call(withdrawContribution, { ...inHalden, contributionId: ten });
    expect(await refusalOf(take(ten, 2, 'Ten parts.'))).toBe('contribution.moved');
    expect((await as.lena.call(readContext, { ...inHalden, placeId: id })).cards[0]).toMatchObject({
      version: 2,
    });
    // What its author takes back is not thanked for.
    await as.lena.call(withdrawContribution, { ...inHalden, contributionId: same });
    expect((await as.tunde.call(readContext, { ...inHalden, placeId: id })).cards[0]).toMatchObject({
      thanks: 'Ines from Porto',
    });
    // What the team says by itself later has nobody else's words.
    const own = { ...of, basedOn: 2, kind: 'goal' as const, title: 'Why', body: 'As few as can be.' };
    await as.maren.call(saveCard, own);
    expect((await as.lena.call(readContext, { ...inHalden, placeId: id })).cards[0]).toMatchObject({
      ...{ version: 3, thanks: null },
    });
  });
});

describe('an idea', () => {
  it('says why before what, and is a contribution with a receipt and a day by which it is looked at', async () => {
    const { id } = await open();
    expect(await refusalOf(send(as.ines, id, 'No why', { parts: { ...why, struggle: '' } }))).toBe(
      'request.invalid',
    );
    const ideaId = await send(as.ines, id);
    const { idea } = await read(as.tunde, ideaId);
    expect(idea).toMatchObject({ title: 'A lock with a magnet', parts: why, status: 'new', version: 1 });
    const days = (Date.parse(idea.acknowledge.by) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(2.9);
    expect(days).toBeLessThan(3.1);
    const { contribution } = await as.ines.call(readReceipt, { ...inHalden, contributionId: ideaId });
    expect(contribution).toMatchObject({ type: 'idea', space: { kind: 'challenge' } });
  });

  it('is sent once however often it is asked, and is spoken of like a topic', async () => {
    const { id } = await open();
    const input = { ...ideaInput(id), title: 'Once' };
    const ids = await Promise.all(Array.from({ length: 8 }, () => as.ines.call(sendIdea, input)));
    const ideaId = ids[0]!.id;
    expect(new Set(ids.map((one) => one.id)).size).toBe(1);
    await as.tunde.call(postTo, {
      ...{
        ...inHalden,
        topicId: ideaId,
        opId: randomUUID(),
        body: 'How heavy?',
        parentId: null,
        quote: null,
      },
    });
    expect((await as.lena.call(readTopic, { ...inHalden, topicId: ideaId })).posts).toHaveLength(1);
    expect(await newsOf(as.ines, ideaId)).toMatchObject([{ kind: 'topic', data: { title: 'Once' } }]);
    // A topic without the form is not begun where ideas are sent.
    const topic = { ...inHalden, placeId: id, opId: randomUUID(), title: 'No form', body: 'None.' };
    expect(await refusalOf(as.ines.call(startTopic, topic))).toBe('request.notFound');
  });

  it('can be for the team alone', async () => {
    const { id } = await open();
    const ideaId = await send(as.ines, id, 'A secret lock of mine', { teamOnly: true });
    expect(await refusalOf(read(as.tunde, ideaId))).toBe('request.notFound');
    expect((await list(as.tunde, id)).ideas).toEqual([]);
    expect((await read(as.ines, ideaId)).idea.teamOnly).toBe(true);
    expect((await read(as.maren, ideaId)).idea.title).toBe('A secret lock of mine');
    const desk = await as.maren.call(listIdeaDesk, { ...inHalden, show: 'waiting', placeId: id });
    expect(desk.ideas.map((idea) => idea.id)).toEqual([ideaId]);
    const found = async (who: Visitor, words: string) =>
      (await who.call(search, { ...inHalden, words })).found.map(({ of }) => of);
    expect(await found(as.lena, 'secret lock of mine')).toEqual([]);
    // The team asks back there, and nobody else hears of it.
    const say = (who: Visitor, body: string) =>
      who.call(postTo, {
        ...{ ...inHalden, topicId: ideaId, opId: randomUUID(), body, parentId: null, quote: null },
      });
    await say(as.maren, 'Gimbalwort: how heavy may it be, @T. Okafor?');
    await say(as.ines, 'Half a kilo.');
    const talk = async (who: Visitor) =>
      (await who.call(readTopic, { ...inHalden, topicId: ideaId })).posts.map(({ body }) => body);
    expect(await talk(as.ines)).toEqual(['Gimbalwort: how heavy may it be, @T. Okafor?', 'Half a kilo.']);
    expect(await talk(as.samira)).toHaveLength(2);
    expect(await newsOf(as.ines, ideaId)).toMatchObject([{ kind: 'topic', data: { by: 'Maren' } }]);
    expect(await refusalOf(talk(as.tunde))).toBe('request.notFound');
    expect(await refusalOf(say(as.tunde, 'Me too.'))).toBe('request.notFound');
    expect(await newsOf(as.tunde, ideaId)).toEqual([]);
    expect(await found(as.lena, 'gimbalwort')).toEqual([]);
    // Whoever may open it finds it, by its own words and by what was said there.
    for (const who of [as.ines, as.maren, as.samira]) {
      expect(await found(who, 'gimbalwort')).toEqual([ideaId]);
      expect(await found(who, 'secret lock of mine')).toContain(ideaId);
    }
    await as.ines.call(withdrawContribution, { ...inHalden, contributionId: ideaId });
    expect([await found(as.maren, 'gimbalwort'), await found(as.maren, 'secret lock of mine')]).toEqual([
      [],
      [],
    ]);
  });

  it('is not taken, nor rated, when the challenge is closed', async () => {
    const { id } = await open();
    const ideaId = await send(as.ines, id);
    await server.sql(`UPDATE idea_place SET closes_at = now() - interval '1 second' WHERE id = $1`, [id]);
    expect(await refusalOf(send(as.tunde, id))).toBe('idea.closed');
    expect(await refusalOf(rate(as.tunde, ideaId))).toBe('idea.closed');
    // What others think is shown to all from now on.
    expect((await read(as.tunde, ideaId)).idea.result).not.toBeNull();
  });

  it('is found while one writes something like it, also with a slip of the pen', async () => {
    const { id } = await open();
    const ideaId = await send(as.ines, id, 'Mudguards that do not rattle');
    await send(as.ines, id, 'Something else', { parts: { ...why, idea: 'A bell.' } });
    const similar = async (words: string) =>
      (await as.tunde.call(similarIdeas, { ...inHalden, placeId: id, words })).similar.map((one) => one.id);
    expect((await similar('my mudguard is rattling'))[0]).toBe(ideaId);
    expect((await similar('mudgaurds'))[0]).toBe(ideaId);
    expect(await similar(`((' & | "`)).toEqual([]);
  });
});

describe('a rating', () => {
  it('comes before one sees what others think, counts once, and can be changed', async () => {
    const { id } = await open();
    const ideaId = await send(as.ines, id);
    await rate(as.lena, ideaId, 'disagree');
    expect((await read(as.tunde, ideaId)).idea.result).toBeNull();
    expect((await read(as.ines, ideaId)).idea.result).toMatchObject({ disagree: 1 });
    await rate(as.tunde, ideaId, 'unsure');
    const idea = await rate(as.tunde, ideaId, 'agree', { matters: true });
    expect(idea.result).toMatchObject({ agree: 1, disagree: 1, unsure: 0, matters: 1 });
    expect(await refusalOf(rate(as.ines, ideaId))).toBe('idea.own');
    expect(await refusalOf(rate(as.maria, ideaId))).toBe('auth.forbidden');
  });

  it('says of five ideas of a place that they matter, and no more', async () => {
    const { id } = await open();
    const ids: string[] = [];
    for (let n = 0; n < 6; n += 1) ids.push(await send(as.ines, id, `Idea ${n}`));
    for (const ideaId of ids.slice(0, 5)) await rate(as.tunde, ideaId, 'agree', { matters: true });
    expect(await refusalOf(rate(as.tunde, ids[5]!, 'agree', { matters: true }))).toBe('idea.mattersSpent');
    await rate(as.tunde, ids[0]!, 'agree', { matters: false });
    expect((await rate(as.tunde, ids[5]!, 'agree', { matters: true })).myRating?.matters).toBe(true);
  });

  it('is counted as a recount finds it, however many rate at once while it is refined', async () => {
    const { id } = await open();
    const ideaId = await send(as.ines, id);
    const ideas = server.get(IdeasService);
    const opinions = ['agree', 'disagree', 'unsure'] as const;
    const everybody = guests.slice(0, 40).map((name) => asCaller('halden', name));
    const rateTwice = async (guest: (typeof everybody)[number], at: number) => {
      const outcomes: string[] = [];
      for (const turn of [0, 1]) {
        const rating = opinions[(at + turn) % 3]!;
        const input = { communityId: halden, ideaId, version: 1, matters: at % 4 === 0, rating };
        outcomes.push(await refusalOf(ideas.rate(guest, input)));
      }
      return outcomes;
    };
    const all = await Promise.all([
      ...everybody.map(rateTwice),
      refusalOf(refine(as.ines, ideaId, 1, 'A lock with two magnets')),
    ]);
    const outcomes = all.flat();
    expect(new Set(outcomes)).toEqual(
      new Set(outcomes.includes('edit.stale') ? ['done', 'edit.stale'] : ['done']),
    );
    for (const guest of everybody.slice(0, 15))
      await ideas.rate(guest, { communityId: halden, ideaId, version: 2, rating: 'agree', matters: false });
    const recount = (version: number) =>
      server.sql(
        `SELECT count(*) FILTER (WHERE value = 'agree')::int AS agree, count(*) FILTER (WHERE value = 'disagree')::int AS disagree,
           count(*) FILTER (WHERE value = 'unsure')::int AS unsure, count(*) FILTER (WHERE matters)::int AS matters
         FROM rating WHERE contribution_id = $1 AND version = $2`,
        [ideaId, version],
      );
    const { idea, versions } = await read(as.ines, ideaId);
    expect([idea.result]).toMatchObject(await recount(2));
    expect(versions.map(({ n, result }) => [n, result])).toMatchObject([[1, (await recount(1))[0]]]);
  });

  it('tells what knowing the context changes, from ten on each side', async () => {
    const { id } = await open({ cards: cards() });
    const ideaId = await send(as.ines, id);
    const ideas = server.get(IdeasService);
    const everybody = guests.slice(0, 24).map((name) => asCaller('halden', name));
    for (const guest of everybody.slice(0, 12))
      await server.sql(
        `INSERT INTO context_read (community_id, card_id, member_id, read_at) SELECT $1, id, $3, now() FROM context_card
         WHERE place_id = $2`,
        [halden, id, guest.memberId],
      );
    const say = (from: number, to: number) =>
      Promise.all(
        everybody.slice(from, to).map((guest, at) =>
          ideas.rate(guest, {
            ...{ communityId: halden, ideaId, version: 1, matters: false },
            rating: from === 0 ? (at < 9 ? 'agree' : 'disagree') : at < 3 ? 'agree' : 'disagree',
          }),
        ),
      );
    await say(0, 12);
    await say(12, 21);
    expect((await read(as.ines, ideaId)).idea.result).toMatchObject({ informed: null, uninformed: null });
    await say(21, 24);
    expect((await read(as.ines, ideaId)).idea.result).toMatchObject({
      informed: { agree: 9, seen: 12 },
      uninformed: { agree: 6, seen: 12 },
    });
  });

  it('opens what rises once one has rated enough, and what to rate is never one’s own or rated', async () => {
    const { id } = await open();
    const ids: string[] = [];
    for (let n = 0; n < 9; n += 1) ids.push(await send(n % 2 ? as.ines : as.lena, id, `Idea ${n}`));
    const own = await send(as.tunde, id, 'Mine');
    const toRate = async () => (await list(as.tunde, id, { sort: 'toRate' })).ideas;
    expect((await toRate()).map((idea) => idea.id).sort()).toEqual([...ids].sort());
    expect((await list(as.tunde, id, { sort: 'top' })).ideas).toEqual([]);
    expect((await list(as.maren, id, { sort: 'top' })).ideas).toHaveLength(10);
    for (const ideaId of ids.slice(0, 7))
      await rate(as.tunde, ideaId, ideaId === ids[3] ? 'agree' : 'disagree', { matters: ideaId === ids[3] });
    const top = await list(as.tunde, id, { sort: 'top' });
    expect(top.ideas[0]!.id).toBe(ids[3]);
    expect(top.ideas.map((idea) => idea.id)).toContain(own);
    expect((await toRate()).map((idea) => idea.id).sort()).toEqual(ids.slice(7).sort());
  });
});

describe('refining', () => {
  it('makes a version with ratings of its own, tells who rated, and is not done twice over', async () => {
    const { id } = await open();
    const ideaId = await send(as.ines, id);
    await rate(as.tunde, ideaId, 'disagree');
    expect(await refusalOf(refine(as.lena, ideaId, 1, 'Not mine'))).toBe('auth.forbidden');
    const idea = await refine(as.ines, ideaId, 1, 'A lock with a magnet and a bolt');
    expect(idea).toMatchObject({ version: 2, result: { agree: 0, disagree: 0 } });
    expect(await refusalOf(refine(as.ines, ideaId, 1, 'Once more'))).toBe('edit.stale');
    expect(await newsOf(as.tunde, ideaId)).toMatchObject([{ kind: 'ideaRefined' }]);
    expect(await refusalOf(rate(as.tunde, ideaId, 'agree', { version: 1 }))).toBe('edit.stale');
    await rate(as.tunde, ideaId, 'agree', { version: 2 });
    const page = await read(as.tunde, ideaId);
    expect(page.versions).toMatchObject([
      { n: 1, title: 'A lock with a magnet', note: 'Clearer.', result: { disagree: 1, agree: 0 } },
    ]);
    expect(page.idea.result).toMatchObject({ agree: 1, disagree: 0 });
    const { steps } = await as.ines.call(readReceipt, { ...inHalden, contributionId: ideaId });
    expect(steps.map(({ kind }) => kind)).toContain('refined');
  });

  it('is for co-authors too, who spoke about it and have agreed', async () => {
    const { id } = await open();
    const ideaId = await send(as.ines, id);
    const ask = (memberId: string) => as.ines.call(askCoAuthor, { ...inHalden, ideaId, memberId });
    expect(await refusalOf(ask(memberOf('halden', 'tunde')))).toBe('request.invalid');
    await as.tunde.call(postTo, {
      ...{
        ...inHalden,
        topicId: ideaId,
        opId: randomUUID(),
        body: 'With a bolt.',
        parentId: null,
        quote: null,
      },
    });
    await ask(memberOf('halden', 'tunde'));
    await ask(memberOf('halden', 'tunde'));
    expect((await newsOf(as.tunde, ideaId)).map(({ kind }) => kind)).toEqual(['coAuthor']);
    expect(await refusalOf(refine(as.tunde, ideaId, 1, 'Too early'))).toBe('auth.forbidden');
    expect((await read(as.tunde, ideaId)).idea.invited).toBe(true);
    await as.tunde.call(answerCoAuthor, { ...inHalden, ideaId, agree: true });
    expect(await refusalOf(as.lena.call(answerCoAuthor, { ...inHalden, ideaId, agree: true }))).toBe(
      'request.notFound',
    );
    expect(await refine(as.tunde, ideaId, 1, 'With a bolt')).toMatchObject({ version: 2, mine: true });
    expect((await read(as.lena, ideaId)).idea.coAuthors).toMatchObject([{ handle: 'T. Okafor' }]);
    expect(await refusalOf(rate(as.tunde, ideaId, 'agree', { version: 2 }))).toBe('idea.own');
  });

  it('mends what a moderator gave back', async () => {
    const { id } = await open();
    await as.maren.call(setSpaceRule, {
      ...{ ...inHalden, spaceId: id, rule: { mode: 'approve', holdSeconds: 30, decideMinutes: 60 } },
    });
    const ideaId = await send(as.ines, id);
    const moderate = (decision: Parameters<typeof as.samira.call<typeof decideItems>>[1]['decision']) =>
      as.samira.call(decideItems, { ...inHalden, contributionIds: [ideaId], decision });
    await moderate({ action: 'return', reason: 'unclear', note: null });
    expect((await read(as.ines, ideaId)).idea.moderation).toBe('returned');
    await refine(as.ines, ideaId, 1, 'A clearer lock');
    expect((await read(as.ines, ideaId)).idea.moderation).toBe('held');
    await moderate({ action: 'approve' });
    expect((await read(as.tunde, ideaId)).idea.title).toBe('A clearer lock');
  });
});

describe('a manager with many ideas on Monday', () => {
  it('sees the most urgent first, looks at all of them at once, and every author is told by whom', async () => {
    const { id } = await open();
    const ids: string[] = [];
    for (let n = 0; n < 30; n += 1) ids.push(await send(n % 2 ? as.ines : as.tunde, id, `Many ${n}`));
    await server.sql(`UPDATE idea SET acknowledge_by = now() - interval '1 hour' WHERE id = ANY ($1)`, [
      ids.slice(20),
    ]);
    const desk = await as.maria.call(listIdeaDesk, { ...inHalden, show: 'waiting', placeId: id });
    expect(new Set(desk.ideas.slice(0, 10).map((idea) => idea.id))).toEqual(new Set(ids.slice(20)));
    expect(desk.ideas[0]!.alike.length).toBeGreaterThan(5);
    const late = await as.maria.call(listIdeaDesk, { ...inHalden, show: 'overdue', placeId: id });
    expect(late.ideas).toHaveLength(10);
    expect(late.acknowledged.due - late.acknowledged.inTime).toBeGreaterThanOrEqual(10);
    await server.get(IdeaDeskService).watch(halden);
    await server.get(IdeaDeskService).watch(halden);
    const told = (await as.maren.call(listNotifications, inHalden)).notifications.filter(
      ({ kind, data }) => kind === 'ideasLate' && data.spaceId === id,
    );
    expect(told).toMatchObject([{ data: { count: 10 } }]);

    const { done, moved } = await decide(
      as.maria,
      ids,
      { to: 'inReview', note: 'Thank you: we look at all of them by Friday.' },
      memberOf('halden', 'maren'),
    );
    expect([done.length, moved]).toEqual([30, []]);
    expect(await newsOf(as.ines, ids[1]!)).toMatchObject([
      { kind: 'idea', data: { status: 'inReview', note: 'Thank you: we look at all of them by Friday.' } },
    ]);
    const { idea } = await read(as.ines, ids[1]!);
    expect(idea).toMatchObject({
      status: 'inReview',
      owner: { name: 'Maren' },
      acknowledge: { who: { name: 'Maria' } },
    });
    const mine = await as.maren.call(listIdeaDesk, { ...inHalden, show: 'mine', placeId: id });
    expect(mine.ideas).toHaveLength(30);
    expect((await as.maria.call(listIdeaDesk, { ...inHalden, show: 'waiting', placeId: id })).ideas).toEqual(
      [],
    );
  });

  it('gives each a status, with a date or a reason where it takes one, and the author reads the steps', async () => {
    const { id } = await open();
    const ideaId = await send(as.ines, id);
    const status = async () => (await read(as.tunde, ideaId)).idea;
    await decide(as.maria, [ideaId], { to: 'later', note: 'After the winter.', on: '2030-05-01' });
    expect(await status()).toMatchObject({ status: 'later', on: '2030-05-01', note: 'After the winter.' });
    await decide(as.maria, [ideaId], { to: 'planned', note: null, on: '2030-03-01' });
    expect(await status()).toMatchObject({ status: 'planned', on: '2030-03-01' });
    await decide(as.maria, [ideaId], { to: 'inProgress', note: null });
    expect(await status()).toMatchObject({ status: 'inProgress' });
    await decide(as.maria, [ideaId], { to: 'planned', note: null, on: null });
    expect(await status()).toMatchObject({ status: 'planned' });
    await decide(as.maria, [ideaId], { to: 'notNow', note: 'The mould is fixed until 2027.' });
    expect(await status()).toMatchObject({ status: 'notNow', note: 'The mould is fixed until 2027.' });
    // Of a challenge an Update says what is delivered.
    expect(await decide(as.maria, [ideaId], { to: 'delivered', note: null })).toEqual({
      done: [],
      moved: [ideaId],
    });
    const { steps } = await as.ines.call(readReceipt, { ...inHalden, contributionId: ideaId });
    expect(steps.map(({ kind }) => kind)).toEqual([
      ...['received', 'decided', 'reopened', 'decided', 'started', 'reopened', 'decided'],
    ]);
    const bad = { ...inHalden, ideaIds: [ideaId], decision: { to: 'notNow', note: '' } };
    expect(await refusalOf(as.maria.call(decideIdeas, bad as never))).toBe('request.invalid');
    expect(await refusalOf(decide(as.maria, [ideaId], { to: 'later', note: null, on: '2001-01-01' }))).toBe(
      'request.invalid',
    );
  });

  it('joins those that say the same by the moderators’ way, and their authors go on with the one', async () => {
    const { id } = await open();
    const [one, two] = [await send(as.ines, id, 'One lock'), await send(as.tunde, id, 'One lock more')];
    expect(await decide(as.maren, [one, two], { to: 'merged', into: one })).toEqual({
      done: [two],
      moved: [],
    });
    expect((await read(as.tunde, two)).idea).toMatchObject({ status: 'merged', into: one });
    expect((await list(as.lena, id)).ideas.map((idea) => idea.id)).toEqual([one]);
    await decide(as.maria, [one], { to: 'alreadyThere', note: 'In the shop since May.' });
    const receipt = await as.tunde.call(readReceipt, { ...inHalden, contributionId: two });
    expect(receipt.contribution).toMatchObject({ moderation: 'merged', outcome: 'alreadyThere' });
  });

  it('answers a small suggestion within a week, by who is close to it, and without an Update', async () => {
    const areaId = randomUUID();
    const { id } = await open({
      ...{ kind: 'suggestions', acknowledgeDays: 7, placeId: randomUUID() },
      areas: [{ id: areaId, label: 'Workshop', ownerId: memberOf('halden', 'samira') }],
    });
    const parts = { situation: '', struggle: '', outcome: '', idea: 'Label the drawers.' };
    expect(await refusalOf(send(as.ines, id, 'Drawers', { parts, areaId: randomUUID() }))).toBe(
      'request.invalid',
    );
    const ideaId = await send(as.ines, id, 'Drawers', { parts, areaId });
    const desk = await as.samira.call(listIdeaDesk, { ...inHalden, show: 'mine' });
    expect(desk.ideas.map((idea) => idea.id)).toContain(ideaId);
    const { by } = (await read(as.ines, ideaId)).idea.acknowledge!;
    expect(Math.round((Date.parse(by) - Date.now()) / 86_400_000)).toBe(7);
    await server.sql(`UPDATE idea SET acknowledge_by = now() - interval '1 hour' WHERE id = $1`, [ideaId]);
    await server.get(IdeaDeskService).watch(halden);
    const { notifications } = await as.samira.call(listNotifications, inHalden);
    expect(
      notifications.filter(({ kind, data }) => kind === 'ideasLate' && data.spaceId === id),
    ).toMatchObject([{ data: { count: 1 } }]);
    await decide(as.samira, [ideaId], { to: 'delivered', note: 'Done this morning.' });
    expect((await read(as.tunde, ideaId)).idea).toMatchObject({
      status: 'delivered',
      note: 'Done this morning.',
      asked: false,
    });

    // Its author says whether it is right; what is not is open again, before its owner's eyes.
    const judge = (who: Visitor, right: boolean, because: string | null = null) =>
      who.call(judgeIdea, { ...inHalden, ideaId, right, because });
    expect((await read(as.ines, ideaId)).idea.asked).toBe(true);
    expect(await refusalOf(judge(as.tunde, true))).toBe('auth.forbidden');
    expect(await refusalOf(judge(as.ines, false))).toBe('request.invalid');
    await judge(as.ines, false, 'Two drawers have none.');
    expect((await read(as.ines, ideaId)).idea).toMatchObject({
      ...{ status: 'inReview', asked: false, note: null },
    });
    expect(await refusalOf(judge(as.ines, true))).toBe('contribution.moved');
    const told = (await as.samira.call(listNotifications, inHalden)).notifications;
    expect(told.filter(({ kind, data }) => kind === 'ideaBack' && data.ideaId === ideaId)).toMatchObject([
      { data: { by: 'Ines from Porto', note: 'Two drawers have none.' } },
    ]);
    await decide(as.samira, [ideaId], { to: 'delivered', note: 'These two as well.' });
    // Not while it is out of sight, where it could not be opened again.
    await server.sql(`UPDATE contribution SET moderation = 'hidden', appeal_until = now() WHERE id = $1`, [
      ideaId,
    ]);
    expect(await refusalOf(judge(as.ines, false, 'None of them.'))).toBe('contribution.moved');
    await server.sql(`UPDATE contribution SET moderation = 'published' WHERE id = $1`, [ideaId]);
    await judge(as.ines, true);
    expect((await read(as.ines, ideaId)).idea).toMatchObject({ status: 'delivered', asked: false });
    const { steps } = await as.ines.call(readReceipt, { ...inHalden, contributionId: ideaId });
    expect(steps.map(({ kind }) => kind).slice(-6)).toEqual([
      ...['delivered', 'disputed', 'reopened', 'decided', 'delivered', 'verified'],
    ]);
  });
});

describe('the status of an idea', () => {
  it('follows an Update that answers and delivers it, and a promise that is broken', async () => {
    const { id } = await open();
    const [mine, other] = [await send(as.ines, id, 'Built'), await send(as.tunde, id, 'Not built')];
    const updateId = randomUUID();
    const body = {
      ...{ title: 'The lock is here', youSaid: 'Two hands.', weDid: 'A magnet.', because: null },
      outcome: 'adopted',
      ...{ on: '2030-01-01', beforeAssetId: null, afterAssetId: null, spaceId: null, keepsPromise: false },
      shareable: false,
    } as const;
    await as.maren.call(saveUpdate, { ...inHalden, updateId, basedOn: 0, body });
    await as.maren.call(linkEvidence, { ...inHalden, updateId, contributionIds: [mine] });
    const draft = await as.maren.call(submitUpdate, { ...inHalden, updateId, version: 1 });
    const now = new Date(Date.now() - 1_000).toISOString();
    await as.maren.call(publishUpdate, {
      ...{ ...inHalden, updateId, version: draft.version },
      times: { contributorsAt: now, communityAt: now, publicAt: null },
    });
    const statusOf = async (ideaId: string) => (await read(as.lena, ideaId)).idea.status;
    await until(async () => (await statusOf(mine)) === 'planned');
    await until(async () =>
      refusalOf(as.maren.call(deliverUpdate, { ...inHalden, updateId })).then((r) => r === 'done'),
    );
    expect(await statusOf(mine)).toBe('delivered');
    expect(await statusOf(other)).toBe('new');
    // What came of it stands where it was said.
    const came = async (ideaId: string) =>
      (await as.lena.call(readTopic, { ...inHalden, topicId: ideaId })).updates.map((one) => one.title);
    expect(await came(mine)).toEqual(['The lock is here']);
    expect(await came(other)).toEqual([]);
    // Its words are read by all who read the Update; where it was said, by those who are there.
    const where = async (who: Visitor) =>
      (await who.call(listEvidence, { ...inHalden, updateId })).evidence.map(({ space }) => space?.id);
    expect(await where(as.lena)).toEqual([id]);
    await server.sql('UPDATE space SET circle = true WHERE id = $1', [id]);
    expect([await where(as.lena), await where(as.ines), await where(as.maren)]).toEqual([
      [undefined],
      [id],
      [id],
    ]);
    await server.sql('UPDATE space SET circle = false WHERE id = $1', [id]);
    await as.maren.call(breakPromise, { ...inHalden, spaceId: id, reason: 'The factory has closed.' });
    expect(await statusOf(other)).toBe('answered');
  });

  it('is what its two states say, of every idea there is', async () => {
    const odd = await server.sql(
      `SELECT i.id FROM idea i JOIN contribution c ON c.id = i.id
       WHERE i.status <> idea_status(c.moderation, c.loop, c.outcome, i.started_at)
         OR (i.status <> 'new' AND i.acknowledged_at IS NULL)`,
    );
    expect(odd).toEqual([]);
    const statuses = await server.sql<{ status: string }>('SELECT DISTINCT status FROM idea');
    expect(statuses.length).toBeGreaterThan(6);
  });

  it('shows on the page of the process where ideas are and how long it took', async () => {
    const { id } = await open();
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.push(await send(as.ines, id, `Way ${n}`));
    await server.sql(`UPDATE idea SET at = now() - interval '4 days' WHERE id = ANY ($1)`, [ids]);
    await decide(as.maria, ids.slice(0, 2), { to: 'planned', note: null, on: null });
    const { stages } = await as.tunde.call(readProcess, { ...inHalden, placeId: id });
    const of = (status: string) => stages.find((stage) => stage.status === status);
    expect(of('new')).toMatchObject({ ideas: 1, medianDays: null });
    expect(of('planned')).toMatchObject({ ideas: 2, medianDays: 4 });
    expect(of('planned')!.latest).toHaveLength(2);
  });
});

describe('a place that is not for everybody', () => {
  /** As if it were known how far they ride. */
  const rides = (memberIds: readonly string[], distance: number) =>
    server.sql(
      `INSERT INTO profile_fact (community_id, member_id, key, value, source)
       SELECT community_id, id, 'distance', to_jsonb($3::int), 'team' FROM member WHERE community_id = $1 AND id = ANY ($2)
       ON CONFLICT (community_id, member_id, key) DO UPDATE SET value = excluded.value`,
      [halden, memberIds, distance],
    );
  const ride = (keys: readonly string[], distance: number) =>
    rides(
      keys.map((key) => memberOf('halden', key)),
      distance,
    );
  const farRiders = async (freeze = false) => {
    const rule = [{ fact: 'distance', is: 'atLeast' as const, value: 900 }];
    const { id } = await as.maren.call(saveSegment, {
      ...{ ...inHalden, segmentId: randomUUID(), name: 'Far', rule, freeze },
    });
    return id;
  };

  it('is there for members of its types, of the circle or of a segment, and the team; for others nothing of it is', async () => {
    await server.sql(`UPDATE member SET type = 'partner' WHERE id = $1`, [memberOf('halden', 'lena')]);
    await server.sql('UPDATE member SET circle = true WHERE id = $1', [memberOf('halden', 'tunde')]);
    await ride(['lena'], 950);
    const cases: [Audience, Visitor, Visitor][] = [
      [{ ...everybody, types: ['partner'] }, as.lena, as.tunde],
      [{ ...everybody, circle: true }, as.tunde, as.lena],
      [{ ...everybody, segmentId: await farRiders() }, as.lena, as.tunde],
      [{ ...everybody, segmentId: await farRiders(true) }, as.lena, as.tunde],
    ];
    for (const [audience, insider, outsider] of cases) {
      const { id } = await open({ audience, title: 'For some' });
      const ideaId = await send(insider, id, 'Flugelhorn for insiders');
      const sees = async (who: Visitor) => ({
        listed: (await who.call(listPlaces, inHalden)).places.some((place) => place.id === id),
        promised: (await who.call(listPromises, inHalden)).promises.some(({ space }) => space.id === id),
        found: (await who.call(search, { ...inHalden, words: 'Flugelhorn' })).found.some(
          ({ of }) => of === ideaId,
        ),
        read: await refusalOf(read(who, ideaId)),
        cards: await refusalOf(who.call(readContext, { ...inHalden, placeId: id })),
        topic: await refusalOf(who.call(readTopic, { ...inHalden, topicId: ideaId })),
        sends: await refusalOf(send(who, id)),
        rates: await refusalOf(rate(who, ideaId)),
      });
      const nothing = { listed: false, promised: false, found: false };
      const no = 'request.notFound';
      expect(await sees(outsider)).toEqual({
        ...nothing,
        ...{ read: no, cards: no, topic: no, sends: no, rates: no },
      });
      const all = { listed: true, promised: true, found: true };
      expect(await sees(insider)).toMatchObject({ ...all, read: 'done', cards: 'done', sends: 'done' });
      expect(await sees(as.maren)).toMatchObject({ ...all, read: 'done' });
    }
  });

  it('follows its segment as members come into it and leave it, which nobody can delete any more', async () => {
    await ride(['lena'], 950);
    await ride(['tunde'], 20);
    const segmentId = await farRiders();
    const { id } = await open({ audience: { ...everybody, segmentId }, title: 'For far riders' });
    const seen = async () => {
      await server.get(PlacesService).keepPeople(halden);
      const sees = async (who: Visitor) =>
        (await who.call(listPlaces, inHalden)).places.some((place) => place.id === id);
      return [await sees(as.lena), await sees(as.tunde)];
    };
    expect(await seen()).toEqual([true, false]);
    await ride(['lena'], 20);
    await ride(['tunde'], 950);
    expect(await seen()).toEqual([false, true]);
    expect(await refusalOf(as.maren.call(deleteSegment, { ...inHalden, segmentId }))).toBe('segment.inUse');
    expect(await seen()).toEqual([false, true]);

    // Whoever is out of it is out of the place at once, whether it is they who have changed or the rule.
    const isIn = async (who: Visitor) => (await refusalOf(list(who, id))) === 'done';
    const ridesNow = (who: Visitor, value: number) =>
      who.call(updateFact, { ...inHalden, key: 'distance', value });
    await ridesNow(as.tunde, 20);
    await ridesNow(as.lena, 950);
    expect([await isIn(as.lena), await isIn(as.tunde)]).toEqual([true, false]);
    const rule = [{ fact: 'distance', is: 'atLeast' as const, value: 990 }];
    await as.maren.call(saveSegment, { ...inHalden, segmentId, name: 'Far', rule, freeze: false });
    expect([await isIn(as.lena), await isIn(as.maren)]).toEqual([false, true]);
    expect(
      await refusalOf(open({ audience: { ...everybody, segmentId: randomUUID() }, title: 'For nobody' })),
    ).toBe('request.invalid');
  });

  it('says beforehand for how many it would be, from ten on', async () => {
    const count = async (audience: Partial<Audience>) =>
      (await as.maren.call(countAudience, { ...inHalden, audience: { ...everybody, ...audience } })).count;
    const active = await server.sql<{ id: string; type: string; circle: boolean }>(
      `SELECT id, type, circle FROM member WHERE community_id = $1 AND role = 'member' AND status = 'active' ORDER BY type`,
      [halden],
    );
    expect(active.length).toBeGreaterThanOrEqual(22);
    await rides(
      active.map(({ id }) => id),
      20,
    );
    const [partner] = active.filter(({ type }) => type === 'partner');
    const customers = active.filter(({ type, circle }) => type === 'customer' && !circle).slice(0, 11);
    await rides(
      [partner!, ...customers].map(({ id }) => id),
      950,
    );
    const segmentId = await farRiders();
    expect([await count({}), await count({ segmentId })]).toEqual([active.length, 12]);
    // Of the twelve one is a partner: nor are the eleven told, beside which that one would stand.
    expect(await count({ segmentId, types: ['partner'] })).toBeNull();
    expect(await count({ segmentId, types: ['customer'] })).toBeNull();
    await rides([partner!.id], 20);
    expect(await count({ segmentId, types: ['customer'] })).toBe(11);
    expect(await count({ circle: true })).toBeNull();
  });

  it('speaks to nobody who does not see it, and no other screen hears of it', async () => {
    const { id } = await as.maren.call(openPlace, {
      ...{ ...inHalden, placeId: randomUUID(), title: 'Circle', purpose: 'To talk.', decision: 'None yet.' },
      ...{ decisionOwner: { name: 'Maria Kessler', title: 'VP Product' }, reportBackOn: '2030-01-01' },
      ...{ informsOnly: false, audience: { ...everybody, circle: true } },
    });
    const outside = await as.lena.connect(halden);
    const inside = await as.tunde.connect(halden);
    const heard: unknown[] = [];
    outside.socket.on('news', (...news: unknown[]) => heard.push(['outside', ...news]));
    inside.socket.on('news', (...news: unknown[]) => heard.push(['inside', news[0]]));
    const topic = { ...inHalden, placeId: id, opId: randomUUID(), title: 'Quiet', body: 'Hello @Lena K.' };
    const { id: topicId } = await as.tunde.call(startTopic, topic);
    await until(() => heard.length > 0);
    await new Promise((done) => setTimeout(done, 100));
    expect(heard).toEqual([['inside', topicNews]]);
    const told = (await as.lena.call(listNotifications, inHalden)).notifications;
    expect(told.filter(({ data }) => data.topicId === topicId)).toEqual([]);
  });

  it('is nothing in another community', async () => {
    const { id } = await open();
    const ideaId = await send(as.ines, id);
    expect(await refusalOf(as.chiara.call(readIdea, { communityId: morrow, ideaId }))).toBe(
      'request.notFound',
    );
    expect(await refusalOf(as.chiara.call(listIdeas, { communityId: morrow, placeId: id }))).toBe(
      'request.notFound',
    );
  });
});

describe('ideas of another board', () => {
  const csv = [
    'id,title,description,votes,created,status,superseded_by,author',
    '1,Lights that see,"<p>They see <b>me</b>.</p>",14,2023-04-01,Planned,,Ada',
    '2,A quieter bell,Too loud.,3,2023-04-02,Rejected,,Bo',
    '3,A bell less loud,The same.,1,2023-04-03,Superseded,2,Cy',
    '4,,No title,0,2023-04-04,New,,',
    '5,Gone,Away.,0,2023-04-05,Withdrawn,,',
  ].join('\n');
  const bring = async (placeId: string) => {
    const of = { ...inHalden, placeId, csv };
    const { columns, statuses } = await as.maren.call(checkBrought, { ...of, columns: null, statuses: null });
    return as.maren.call(bringIdeas, {
      ...{ ...of, from: 'Old board', columns: columns! },
      statuses: Object.fromEntries(statuses.map(({ value, to }) => [value, to])),
    });
  };

  it('come along with their words, dates, support and status, once however often they are brought', async () => {
    const { id } = await open();
    expect(await bring(id)).toMatchObject({
      made: 3,
      here: 0,
      report: { rows: 5, good: 3, bad: 1, leftOut: 1 },
    });
    expect(await bring(id)).toMatchObject({ made: 0, here: 3 });
    const { ideas } = await list(as.tunde, id, { sort: 'new' });
    expect(ideas.map(({ title, status }) => [title, status])).toEqual([
      ['A quieter bell', 'notNow'],
      ['Lights that see', 'planned'],
    ]);
    const { idea } = await read(as.tunde, ideas[1]!.id);
    expect(idea).toMatchObject({
      ...{
        parts: { idea: 'They see me.' },
        imported: { from: 'Old board', key: '1', by: 'Ada', support: 14 },
      },
      note: 'Old board: Planned',
    });
    expect(idea.at.slice(0, 10)).toBe('2023-04-01');
    // They are rated, found and decided about like any other.
    await rate(as.tunde, idea.id);
    expect(
      (await as.lena.call(search, { ...inHalden, words: 'lights see' })).found.map(({ of }) => of),
    ).toContain(idea.id);
    await decide(as.maria, [idea.id], { to: 'inProgress', note: null });
    expect((await read(as.lena, idea.id)).idea.status).toBe('inProgress');
    const [old] = await server.sql<{ id: string }>(
      `SELECT i.id FROM idea i WHERE place_id = $1 AND imported ->> 'key' = '3'`,
      [id],
    );
    expect((await read(as.lena, old!.id)).idea).toMatchObject({ status: 'merged', into: ideas[0]!.id });
    // Nobody waits for a first look at what was looked at elsewhere.
    const desk = await as.maren.call(listIdeaDesk, { ...inHalden, show: 'waiting', placeId: id });
    expect(desk.ideas).toEqual([]);
  });
});

it('takes an idea back with all that was seen of it', async () => {
  const { id } = await open();
  const ideaId = await send(as.ines, id, 'Gone soon');
  await as.ines.call(withdrawContribution, { ...inHalden, contributionId: ideaId });
  expect((await list(as.tunde, id)).ideas).toEqual([]);
  expect(await refusalOf(rate(as.tunde, ideaId))).toBe('request.notFound');
  expect(await refusalOf(read(as.tunde, ideaId))).toBe('request.notFound');
  const desk = await as.maren.call(listIdeaDesk, { ...inHalden, show: 'waiting', placeId: id });
  expect(desk.ideas).toEqual([]);
});
