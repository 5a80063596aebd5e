import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  editPost,
  everybody,
  followTopic,
  listPlaces,
  listTopics,
  openPlace,
  postTo,
  readHistory,
  readTopic,
  search,
  seeTopic,
  solveTopic,
  startTopic,
  topicNews,
} from '@parley/contracts/commons';
import { readReceipt, withdrawContribution } from '@parley/contracts/contributions';
import { openIdeaPlace } from '@parley/contracts/ideas';
import { listPromises } from '@parley/contracts/loop';
import { decideItems, setSpaceRule } from '@parley/contracts/moderation';
import { listNotifications } from '@parley/contracts/reach';
import {
  halden,
  morrow,
  refusalOf,
  startTestServer,
  type TestServer,
  until,
  type Visitor,
} from '../../test/server';
import { challengePlan } from '../../test/ideas';
import { SearchService } from './search.service';

let server: TestServer;
const as = {} as Record<'ines' | 'tunde' | 'lena' | 'maren' | 'samira' | 'grace', Visitor>;
let placeId: string;
const inHalden = { communityId: halden };
const plan = () => ({
  ...{
    ...inHalden,
    placeId: randomUUID(),
    title: 'On the road',
    purpose: 'To hear of rides.',
    decision: 'What we build.',
  },
  ...{
    decisionOwner: { name: 'Maria Kessler', title: 'VP Product' },
    reportBackOn: '2030-01-01',
    informsOnly: false,
  },
});
beforeAll(async () => {
  server = await startTestServer();
  for (const key of ['ines', 'tunde', 'lena', 'maren', 'samira', 'grace'] as const)
    as[key] = await server.visit(key);
  ({ id: placeId } = await as.maren.call(openPlace, plan()));
});
afterAll(() => server.stop());

const begin = async (who: Visitor, title = 'The bell', body = 'Is it loud enough?', place = placeId) =>
  (await who.call(startTopic, { ...inHalden, placeId: place, opId: randomUUID(), title, body })).id;
const say = (
  who: Visitor,
  topicId: string,
  body: string,
  more: { parentId?: string; quote?: string; opId?: string } = {},
) =>
  who.call(postTo, { ...inHalden, topicId, opId: randomUUID(), body, parentId: null, quote: null, ...more });
const read = (who: Visitor, topicId: string) => who.call(readTopic, { ...inHalden, topicId });
const newsOf = async (who: Visitor, topicId: string) =>
  (await who.call(listNotifications, inHalden)).notifications.filter(({ data }) => data.topicId === topicId);
const moderated = async (mode: 'approve' | 'team') => {
  const { id } = await as.maren.call(openPlace, plan());
  await as.maren.call(setSpaceRule, {
    ...inHalden,
    spaceId: id,
    rule: { mode, holdSeconds: 30, decideMinutes: 60 },
  });
  return id;
};

describe('a place', () => {
  it('comes with its promise, once however often it is asked', async () => {
    const place = plan();
    await as.maren.call(openPlace, place);
    await as.maren.call(openPlace, place);
    const { promises } = await as.ines.call(listPromises, inHalden);
    expect(promises.filter(({ space }) => space.id === place.placeId)).toMatchObject([
      { status: 'made', dueOn: '2030-01-01', space: { kind: 'discussion' } },
    ]);
  });

  it('counts what is new for each member', async () => {
    const { id } = await as.maren.call(openPlace, plan());
    const one = await begin(as.ines, 'One', 'First.', id);
    await begin(as.ines, 'Two', 'Second.', id);
    const unread = async (who: Visitor) =>
      (await who.call(listPlaces, inHalden)).places.find((place) => place.id === id)!.unread;
    expect([await unread(as.ines), await unread(as.tunde)]).toEqual([0, 2]);
    await as.tunde.call(seeTopic, { ...inHalden, topicId: one, upTo: new Date().toISOString() });
    expect(await unread(as.tunde)).toBe(1);
    await say(as.lena, one, 'And a third.');
    expect([await unread(as.ines), await unread(as.tunde)]).toEqual([1, 2]);
    await as.tunde.call(followTopic, { ...inHalden, topicId: one, following: 'mute' });
    expect(await unread(as.tunde)).toBe(1);
  });
});

describe('a topic', () => {
  it('is begun at midnight, seen by all at once, and is a contribution with a receipt', async () => {
    const topicId = await begin(as.ines, 'The bell', 'Is it loud enough?\nI think not.');
    const { topic } = await read(as.tunde, topicId);
    expect(topic).toMatchObject({
      ...{ title: 'The bell', body: 'Is it loud enough?\nI think not.', posts: 0, mine: false },
      author: { handle: 'Ines from Porto' },
    });
    const receipt = await as.ines.call(readReceipt, { ...inHalden, contributionId: topicId });
    expect(receipt.contribution).toMatchObject({
      type: 'topic',
      space: { kind: 'discussion' },
      next: { what: 'answer' },
    });
  });

  it('is sent once however often it is asked', async () => {
    const input = { ...inHalden, placeId, opId: randomUUID(), title: 'Once', body: 'Only.' };
    const ids = await Promise.all(Array.from({ length: 10 }, () => as.ines.call(startTopic, input)));
    expect(new Set(ids.map(({ id }) => id)).size).toBe(1);
  });

  it('takes answers to answers, with words of what is answered as they were written', async () => {
    const topicId = await begin(as.ines);
    const { post } = await say(as.tunde, topicId, 'It is drowned by the tram.');
    const { post: answer } = await say(as.lena, topicId, 'Which tram?', {
      parentId: post.id,
      quote: 'drowned by the tram',
    });
    expect(answer).toMatchObject({ parentId: post.id, quote: 'drowned by the tram' });
    expect(
      await refusalOf(say(as.lena, topicId, 'No.', { parentId: post.id, quote: 'drowned by a tram' })),
    ).toBe('request.invalid');
    const elsewhere = await begin(as.ines);
    expect(await refusalOf(say(as.lena, elsewhere, 'No.', { parentId: post.id }))).toBe('request.invalid');
    const { posts, topic } = await read(as.ines, topicId);
    expect(posts.map(({ body }) => body)).toEqual(['It is drowned by the tram.', 'Which tram?']);
    expect(topic).toMatchObject({ posts: 2, fresh: 2 });
  });

  it('moves to the front when something is said, and pages do not miss or repeat any', async () => {
    const { id } = await as.maren.call(openPlace, plan());
    const ids: string[] = [];
    for (let n = 0; n < 45; n += 1) ids.push(await begin(as.ines, `Topic ${n}`, 'So.', id));
    await say(as.tunde, ids[0]!, 'First again.');
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await as.lena.call(listTopics, { ...inHalden, placeId: id, ...(cursor && { cursor }) });
      seen.push(...page.topics.map((topic) => topic.id));
      cursor = page.next ?? undefined;
    } while (cursor);
    expect(seen[0]).toBe(ids[0]);
    expect([seen.length, new Set(seen).size]).toEqual([45, 45]);
  });

  it('waits for a moderator where the place says so, and whom it concerns is told only then', async () => {
    const place = await moderated('approve');
    const topicId = await begin(as.ines, 'Held', 'Hello @Lena K.', place);
    expect(await refusalOf(read(as.tunde, topicId))).toBe('request.notFound');
    expect((await read(as.ines, topicId)).topic.moderation).toBe('held');
    expect(await newsOf(as.lena, topicId)).toEqual([]);
    await as.samira.call(decideItems, {
      ...inHalden,
      contributionIds: [topicId],
      decision: { action: 'approve' },
    });
    expect((await read(as.tunde, topicId)).topic.title).toBe('Held');
    const other = await moderated('team');
    expect(await refusalOf(read(as.tunde, await begin(as.ines, 'For the team', 'Only.', other)))).toBe(
      'request.notFound',
    );
  });

  it('is gone from every list and from the search when it is taken back', async () => {
    const topicId = await begin(as.ines, 'Zanzibarquietude', 'Gone soon.');
    const found = async () =>
      (await as.tunde.call(search, { ...inHalden, words: 'Zanzibarquietude' })).found.length;
    expect(await found()).toBe(1);
    await as.ines.call(withdrawContribution, { ...inHalden, contributionId: topicId });
    expect(await found()).toBe(0);
    expect(await refusalOf(read(as.tunde, topicId))).toBe('request.notFound');
    expect(await refusalOf(say(as.tunde, topicId, 'Still?'))).toBe('request.notFound');
  });

  it('is told to every screen without a word of what it is', async () => {
    const topicId = await begin(as.ines);
    const screen = await as.lena.connect(halden);
    const other = await as.grace.connect(morrow);
    const heard: unknown[][] = [];
    screen.socket.on('news', (...news: unknown[]) => heard.push(news));
    other.socket.on('news', (...news: unknown[]) => heard.push(['elsewhere', ...news]));
    const { post } = await say(as.tunde, topicId, 'Something new.');
    await until(() => heard.length > 0);
    expect(heard).toEqual([[topicNews, { placeId, topicId, id: post.id }]]);
  });

  it('is told of once it may be seen, where somebody looks first', async () => {
    const held = await moderated('approve');
    const topicId = await begin(as.ines, 'Held', 'Until it is looked at.', held);
    const screen = await as.lena.connect(halden);
    const heard: unknown[][] = [];
    screen.socket.on('news', (...news: unknown[]) => heard.push(news));
    await as.samira.call(decideItems, {
      ...inHalden,
      contributionIds: [topicId],
      decision: { action: 'approve' },
    });
    await until(() => heard.length > 0);
    expect(heard).toEqual([[topicNews, { placeId: held, topicId, id: topicId }]]);
  });
});

describe('words', () => {
  it('are changed by their author alone, and what they were stays to be read', async () => {
    const topicId = await begin(as.ines);
    const { post } = await say(as.tunde, topicId, 'It is to loud.');
    const edit = (who: Visitor, postId: string, body: string) =>
      who.call(editPost, { ...inHalden, postId, body });
    expect(await refusalOf(edit(as.lena, post.id, 'Mine.'))).toBe('request.notFound');
    await edit(as.tunde, post.id, 'It is too loud.');
    await edit(as.ines, topicId, 'Other words.');
    const page = await read(as.lena, topicId);
    expect(page.topic).toMatchObject({ title: 'The bell', body: 'Other words.', edited: 'author' });
    expect(page.posts[0]).toMatchObject({ body: 'It is too loud.', edited: 'author' });
    const history = (who: Visitor) => who.call(readHistory, { ...inHalden, postId: post.id });
    expect((await history(as.tunde)).versions).toMatchObject([{ body: 'It is to loud.' }]);
    expect((await history(as.samira)).versions).toHaveLength(1);
    expect(await refusalOf(history(as.lena))).toBe('request.notFound');
  });

  it('are looked at again where moderators look first', async () => {
    const place = await moderated('approve');
    const topicId = await begin(as.ines, 'Held', 'Nice words.', place);
    await as.samira.call(decideItems, {
      ...inHalden,
      contributionIds: [topicId],
      decision: { action: 'approve' },
    });
    await as.ines.call(editPost, { ...inHalden, postId: topicId, body: 'Bad words.' });
    expect(await refusalOf(read(as.tunde, topicId))).toBe('request.notFound');
  });
});

describe('whom it concerns', () => {
  it('is told once of each: who is spoken to, who began it, who follows; not who mutes it, nor oneself', async () => {
    const topicId = await begin(as.ines);
    await as.lena.call(followTopic, { ...inHalden, topicId, following: 'follow' });
    await say(as.tunde, topicId, 'What do you say, @Ines from Porto?');
    expect(await newsOf(as.ines, topicId)).toMatchObject([{ kind: 'mention', data: { by: 'T. Okafor' } }]);
    expect(await newsOf(as.lena, topicId)).toMatchObject([{ kind: 'topic', data: { title: 'The bell' } }]);
    expect(await newsOf(as.tunde, topicId)).toEqual([]);
    await as.ines.call(followTopic, { ...inHalden, topicId, following: 'mute' });
    await say(as.tunde, topicId, 'Nobody is called, not even @Ines from Porto.');
    expect(await newsOf(as.ines, topicId)).toHaveLength(1);
    // Who has read it is not mailed of it any more.
    await as.lena.call(seeTopic, { ...inHalden, topicId, upTo: new Date().toISOString() });
    expect((await newsOf(as.lena, topicId)).every(({ read: isRead }) => isRead)).toBe(true);
  });

  it('is credited when an answer solves it; that is said by who began it, or the team', async () => {
    const topicId = await begin(as.ines);
    const { post } = await say(as.tunde, topicId, 'Two turns to the left.');
    const solve = (who: Visitor, postId: string | null = post.id) =>
      who.call(solveTopic, { ...inHalden, topicId, postId });
    expect(await refusalOf(solve(as.lena))).toBe('auth.forbidden');
    await solve(as.ines);
    await solve(as.ines);
    expect((await read(as.lena, topicId)).topic.solvedBy).toBe(post.id);
    const { steps } = await as.tunde.call(readReceipt, { ...inHalden, contributionId: post.id });
    expect(steps.filter(({ kind }) => kind === 'solved')).toHaveLength(1);
    expect(await refusalOf(solve(as.ines, randomUUID()))).toBe('request.notFound');
    await solve(as.samira, null);
    expect((await read(as.lena, topicId)).topic.solvedBy).toBeNull();
  });
});

describe('the search', () => {
  it('finds words in both languages, in other forms, and with a slip of the pen', async () => {
    const english = await begin(as.ines, 'Panniers in the rain', 'My waterproof bags were leaking again.');
    const german = await begin(as.tunde, 'Gepäckträger', 'Die Taschen passten nicht auf den Träger.');
    const found = async (words: string) =>
      (await as.lena.call(search, { ...inHalden, words })).found.map(({ of }) => of);
    expect(await found('leak bag')).toContain(english);
    expect(await found('Tasche')).toContain(german);
    expect(await found('watreproof')).toContain(english);
    expect(await found('lekaing')).toContain(english);
    expect(await found('nothing-like-this-anywhere')).toEqual([]);
    expect(await refusalOf(found('a\0b'))).toBe('request.invalid');
    for (const odd of [`' OR 1=1 --`, '"unclosed', '((', '%%%', '\\\\', 'a & | !'])
      expect(Array.isArray(await found(odd))).toBe(true);
  });

  it('shows where it fits, and nothing that one may not see', async () => {
    await begin(as.ines, 'Quokkaword one', 'Here is a quokkaword inside.');
    await begin(as.ines, 'Quokkaword two', 'Held.', await moderated('approve'));
    const { found } = await as.tunde.call(search, { ...inHalden, words: 'quokkaword' });
    expect(found).toMatchObject([{ kind: 'topic', title: 'Quokkaword one', author: 'Ines from Porto' }]);
    expect(found[0]!.excerpt).toContain('«');
    expect((await as.grace.call(search, { communityId: morrow, words: 'quokkaword' })).found).toEqual([]);
  });

  it('finds where one can go too, by its title with a slip of the pen or by what it is for', async () => {
    const rename = async (table: string, column: string, where: string) =>
      (
        await server.sql<{ id: string }>(
          `UPDATE ${table} SET ${column} = 'Zephyrbloom days' WHERE community_id = $1 AND id = (
             SELECT id FROM ${table} WHERE community_id = $1 AND ${where} ORDER BY id LIMIT 1) RETURNING id`,
          [halden],
        )
      )[0]!.id;
    const session = await rename('space', 'title', `kind = 'session'`);
    const activity = await rename(
      'space',
      'title',
      `id IN (SELECT id FROM activity WHERE status = 'published')`,
    );
    const past = await rename(
      'space',
      'title',
      `id IN (SELECT id FROM activity WHERE status = 'published') AND id <> '${activity}'`,
    );
    await server.sql(`UPDATE activity SET status = 'archived' WHERE id = $1`, [past]);
    const group = await rename('micro_group', 'name', `state = 'active'`);
    const update = await rename(
      'loop_update',
      'title',
      `community_out_at IS NOT NULL AND status <> 'withdrawn'`,
    );
    const { id: place } = await as.maren.call(openPlace, { ...plan(), purpose: 'For zephyrblooms.' });
    const { id: board } = await as.maren.call(openIdeaPlace, {
      ...{ ...challengePlan(), title: 'Zephyrbloom board' },
      cards: [{ id: randomUUID(), kind: 'goal', title: 'Why', body: 'More zephyrbloom.' }],
    });
    const circle = await as.maren.call(openPlace, {
      ...{ ...plan(), title: 'Zephyrbloom circle', audience: { ...everybody, circle: true } },
    });
    const found = async (who: Visitor, words: string) =>
      (await who.call(search, { ...inHalden, words })).found.map(({ kind, on, of }) => [kind, on, of]);
    const topic = await begin(as.ines, 'A zephyrbloom', 'Seen at dawn.');
    const titled = [
      ['topic', 'topic', topic] as const,
      ...[['session', 'session', session] as const, ['activity', 'activity', activity] as const],
      ...[['place', 'ideas', board] as const, ['group', 'group', group] as const],
      ['update', 'update', update] as const,
    ];
    // What is called so comes before what only speaks of it.
    const lena = await found(as.lena, 'zephyrbloom');
    expect(new Set(lena.slice(0, titled.length))).toEqual(new Set(titled));
    expect(new Set(lena.slice(titled.length))).toEqual(
      new Set([
        ['place', 'talk', place],
        ['card', 'cards', board],
      ]),
    );
    expect((await found(as.maren, 'zephyrbloom')).map(([, , of]) => of)).toContain(circle.id);
    expect(await found(as.lena, 'zephrybloom days')).toEqual(expect.arrayContaining(titled.slice(1, 3)));
    expect((await as.grace.call(search, { communityId: morrow, words: 'zephyrbloom' })).found).toEqual([]);

    // What is asked of some is not found by others, and what is put away by nobody.
    const segmentId = randomUUID();
    await server.sql(
      `INSERT INTO segment VALUES ($1, $2, 'Nobody', '[{"fact":"distance","is":"atLeast","value":999999}]')`,
      [halden, segmentId],
    );
    await server.sql('UPDATE activity SET segment_id = $2 WHERE id = $1', [activity, segmentId]);
    const ofs = async (who: Visitor) => (await found(who, 'zephyrbloom')).map(([, , of]) => of);
    expect(await ofs(as.lena)).not.toContain(activity);
    expect(await ofs(as.maren)).toContain(activity);
    expect(await ofs(as.maren)).not.toContain(past);
  });

  it('finds what one said oneself while nobody else does', async () => {
    const held = await begin(as.ines, 'Numbatword', 'Waits.', await moderated('approve'));
    const found = async (who: Visitor) =>
      (await who.call(search, { ...inHalden, words: 'numbatword' })).found.map(({ id }) => id);
    expect([await found(as.ines), await found(as.tunde), await found(as.maren)]).toEqual([[held], [], []]);
    await as.ines.call(withdrawContribution, { ...inHalden, contributionId: held });
    expect(await found(as.ines)).toEqual([]);
  });

  it('finds the newest too where more fits than is weighed', async () => {
    const topicId = await begin(as.ines, 'Wombatword first', 'The first of very many.');
    await server.sql(
      `INSERT INTO contribution (community_id, id, room_id, author_id, type, body, at)
       SELECT community_id, gen_random_uuid(), room_id, author_id, 'comment', 'wombatword ' || n, now() - n * interval '1 day'
       FROM contribution, generate_series(1, 700) AS n WHERE community_id = $1 AND id = $2`,
      [halden, topicId],
    );
    const newest = await begin(as.tunde, 'Wombatword wombatword', 'Wombatword, and again wombatword.');
    const { found } = await as.lena.call(search, { ...inHalden, words: 'wombatword' });
    expect(found).toHaveLength(30);
    expect(found[0]!.id).toBe(newest);
    expect(new Set(found.map(({ id }) => id)).size).toBe(30);
    await server.sql(`DELETE FROM contribution WHERE type = 'comment' AND body LIKE 'wombatword %'`);
  });

  it('does not lead a slip of the pen to a word that nobody says any more', async () => {
    const topicId = await begin(as.ines, 'Xylophonique', 'Said once.');
    // More than one share of them.
    await server.sql(
      `INSERT INTO sec.said_word SELECT '${halden}', 'hushed' || n FROM generate_series(1, 2500) AS n`,
    );
    const alike = async (word = 'xylophoniqu') =>
      (
        await server.sql<{ n: number }>(
          `SELECT count(*)::int AS n FROM sec.said_word WHERE word LIKE '${word}%'`,
        )
      )[0]!.n;
    expect((await as.lena.call(search, { ...inHalden, words: 'xylohponique' })).found[0]!.of).toBe(topicId);
    await server.get(SearchService).forget(halden);
    expect(await alike('hushed')).toBe(0);
    expect(await alike()).toBe(1);
    await as.ines.call(withdrawContribution, { ...inHalden, contributionId: topicId });
    expect((await as.lena.call(search, { ...inHalden, words: 'xylophonique' })).found).toEqual([]);
    await server.get(SearchService).forget(halden);
    expect(await alike()).toBe(0);
  });
});
