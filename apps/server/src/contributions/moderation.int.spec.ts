import { randomUUID } from 'node:crypto';
import type { CallError } from '@parley/client/http';
import {
  appealContribution,
  type ModerationRule,
  readReceipt,
  resubmitContribution,
  withdrawContribution,
} from '@parley/contracts/contributions';
import { readImpact } from '@parley/contracts/loop';
import {
  joinSession,
  rateStatement,
  sendComment,
  stageCue,
  startSession,
  submitStatement,
} from '@parley/contracts/live';
import {
  claimItems,
  decideItems,
  type Decision,
  exportContributions,
  exportDecisions,
  holdSpace,
  listContributions,
  listDecisions,
  listHeld,
  listSpaces,
  markRead,
  publishPolicy,
  readPolicy,
  replyToContribution,
  saveTheme,
  setCommunityRule,
  setSpaceRule,
} from '@parley/contracts/moderation';
import { listNotifications } from '@parley/contracts/reach';
import { parse } from 'csv-parse/sync';
import {
  cueOf,
  halden,
  memberOf,
  refusalOf,
  sessionOf,
  startTestServer,
  type TestServer,
  until,
  type Visitor,
} from '../../test/server';

const session = sessionOf('halden-one-film');
const film = cueOf('halden-one-film', 2);
const op = () => ({ opId: randomUUID(), sessionId: session });
const inHalden = { communityId: halden };

let server: TestServer;
let samira: Visitor;
let maren: Visitor;
let ines: Visitor;
let tunde: Visitor;
beforeEach(async () => {
  server = await startTestServer();
  // What the demo tells and holds is not of this story.
  await server.sql(`DELETE FROM notification;
    UPDATE contribution SET moderation = 'published', release_at = NULL, decide_by = NULL WHERE moderation = 'held'`);
  [samira, maren, ines, tunde] = (await Promise.all(
    ['samira', 'maren', 'ines', 'tunde'].map((key) => server.visit(key)),
  )) as [Visitor, Visitor, Visitor, Visitor];
});
afterEach(() => server.stop());

const rule = (mode: ModerationRule['mode'], holdSeconds = 5): ModerationRule => ({
  mode,
  holdSeconds,
  decideMinutes: 120,
});
const moderate = (to: ModerationRule) => maren.call(setCommunityRule, { ...inHalden, rule: to });
const decide = (who: Visitor, decision: Decision, ...contributionIds: string[]) =>
  who.call(decideItems, { ...inHalden, contributionIds, decision }).then(({ decided }) => decided);
const refusal = (answer: Promise<unknown>) =>
  answer.then(
    () => 'answered',
    (error: CallError) => error.code,
  );
const receiptOf = (who: Visitor, contributionId: string) =>
  who.call(readReceipt, { ...inHalden, contributionId });
const stepsOf = async (who: Visitor, contributionId: string) =>
  (await receiptOf(who, contributionId)).steps.map(({ kind }) => kind);
const told = async (who: Visitor) =>
  (await who.call(listNotifications, inHalden)).notifications.map(({ kind, data }) =>
    `${kind} ${data.step ?? ''}`.trim(),
  );

/** The Session on stage, with a member who writes and one who reads. */
async function live() {
  const jo = await (await server.visit('jo')).join(session);
  const writer = await ines.join(session);
  const reader = await tunde.join(session);
  await jo.send(startSession, op());
  await jo.send(stageCue, { ...op(), cueId: film });
  const say = async (body: string) => {
    const { comment, fate } = await writer.send(sendComment, { ...op(), body, cueId: film, second: 1 });
    return { id: comment.id, fate };
  };
  const state = async (body: string) => {
    const { statement, fate } = await writer.send(submitStatement, { ...op(), body });
    return { id: statement.id, fate };
  };
  const seen = () => [...reader.screen().comments, ...reader.screen().statements].map(({ body }) => body);
  return { jo, writer, reader, say, state, seen };
}

describe('the mode of a space', () => {
  it('open: everybody sees it at once, and the receipt says that an answer comes by the promised day', async () => {
    const { say, seen } = await live();
    const { id, fate } = await say('The hinge first.');
    expect(fate).toMatchObject({ moderation: 'published', next: { what: 'answer' } });
    await until(() => seen().includes('The hinge first.'));
    const { contribution, steps } = await receiptOf(ines, id);
    expect(steps.map(({ kind }) => kind)).toEqual(['received']);
    expect(contribution.next).toEqual({ what: 'answer', by: expect.stringMatching(/T23:59:59/) });
  });

  it('hold: only its author knows of it until the seconds are over, then everybody sees it by itself', async () => {
    await moderate(rule('hold', 5));
    const { say, state, seen, reader } = await live();
    const { id, fate } = await say('Held for a moment.');
    await state('Held as well.');
    expect(fate).toMatchObject({ moderation: 'held', next: { what: 'release' } });
    expect(await stepsOf(ines, id)).toEqual(['received', 'held']);
    const { items, waiting } = await samira.call(listHeld, inHalden);
    expect([items[0]?.id, waiting]).toEqual([id, 2]);
    expect(seen()).toEqual([]);
    await until(() => seen().length === 2);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(fate.next.by!));
    expect(await stepsOf(ines, id)).toEqual(['received', 'released']);
    const fresh = await (await server.visit('kenji')).join(session);
    expect(fresh.screen().comments).toEqual(reader.screen().comments);
  });

  it('hold: what a moderator pulls in time is not released', async () => {
    await moderate(rule('hold', 5));
    const { say, seen } = await live();
    const [stays, goes] = [await say('Pulled.'), await say('Stays in.')];
    expect(
      await decide(samira, { action: 'return', reason: 'unclear', note: 'What do you mean?' }, stays.id),
    ).toEqual([expect.objectContaining({ result: 'done', moderation: 'returned' })]);
    await until(() => seen().includes('Stays in.'));
    expect(seen()).toEqual(['Stays in.']);
    expect(await stepsOf(ines, stays.id)).toEqual(['received', 'returned']);
    expect(await stepsOf(ines, goes.id)).toEqual(['received', 'released']);
  });

  it('hold: what was due while the server was away is released when it is back', async () => {
    await moderate(rule('hold', 5));
    const { say } = await live();
    const { id } = await say('Before the restart.');
    await server.restart();
    await server.sql(`UPDATE contribution SET release_at = now() WHERE id = $1`, [id]);
    await server.restart();
    const again = await server.visit('ines');
    await until(async () => (await stepsOf(again, id)).includes('released'));
  });

  it('approve: waits for a moderator, says by when, and a trusted author waits no more', async () => {
    await moderate(rule('approve'));
    const { say, seen } = await live();
    const { id, fate } = await say('Please look.');
    expect(fate.next.what).toBe('decision');
    expect(Date.parse(fate.next.by!) - Date.now()).toBeCloseTo(120 * 60_000, -5);
    expect(seen()).toEqual([]);
    await decide(samira, { action: 'approveAndTrust' }, id);
    await until(() => seen().includes('Please look.'));
    expect(await told(ines)).toEqual(['receipt approved']);
    expect((await say('Now at once.')).fate.moderation).toBe('published');
  });

  it('team: nobody but the team ever sees it, and its author knows', async () => {
    await moderate(rule('team'));
    const { say, seen } = await live();
    const { id, fate } = await say('For you alone.');
    expect(fate).toMatchObject({ moderation: 'published', teamOnly: true });
    expect((await receiptOf(ines, id)).contribution.teamOnly).toBe(true);
    await decide(samira, { action: 'hide', reason: 'personal', note: null }, id);
    await decide(samira, { action: 'restore' }, id);
    await new Promise((done) => setTimeout(done, 300));
    expect(seen()).toEqual([]);
    const facts = await server.sql(`SELECT data FROM fact WHERE room_id = $1`, [session]);
    expect(JSON.stringify(facts)).not.toContain('For you alone.');
    await server.restart();
    const fresh = await (await server.visit('kenji')).join(session);
    expect([...fresh.screen().comments, ...fresh.screen().statements]).toEqual([]);
  });

  it('of its own comes before that of the community, and holding all before both', async () => {
    await maren.call(setSpaceRule, { ...inHalden, spaceId: session, rule: rule('approve') });
    const { say, seen } = await live();
    expect((await say('One.')).fate.moderation).toBe('held');
    await maren.call(setSpaceRule, { ...inHalden, spaceId: session, rule: null });
    expect((await say('Two.')).fate.moderation).toBe('published');
    await samira.call(holdSpace, { ...inHalden, spaceId: session, held: true });
    expect((await say('Three.')).fate.moderation).toBe('held');
    const { spaces } = await samira.call(listSpaces, inHalden);
    expect(spaces.find(({ id }) => id === session)).toMatchObject({ own: false, held: true });
    await samira.call(holdSpace, { ...inHalden, spaceId: session, held: false });
    expect((await say('Four.')).fate.moderation).toBe('published');
    await until(() => seen().length === 2);
    expect(seen()).toEqual(['Two.', 'Four.']);
  });
});

describe('moderators', () => {
  it('never act on the same item: of two at once one decides, and a claim keeps the other away', async () => {
    await moderate(rule('approve'));
    const jo = await server.visit('jo');
    const { say } = await live();
    const ids = await Promise.all(
      ['One.', 'Two.', 'Three.', 'Four.'].map(async (body) => (await say(body)).id),
    );
    const both = await Promise.all([
      decide(samira, { action: 'approve' }, ...ids),
      decide(jo, { action: 'decline', reason: 'offTopic', note: null }, ...ids),
    ]);
    for (const at of ids.keys())
      expect(both.map((decided) => decided[at]!.result).sort()).toEqual(['done', 'moved']);
    expect(await server.sql('SELECT count(*)::int FROM moderation_decision')).toEqual([{ count: 4 }]);

    const { id } = await say('Five.');
    expect((await samira.call(claimItems, { ...inHalden, take: [id] })).mine).toEqual([id]);
    expect((await jo.call(claimItems, { ...inHalden, take: [id] })).mine).toEqual([]);
    expect(await decide(jo, { action: 'approve' }, id)).toEqual([
      { contributionId: id, result: 'claimed', moderation: 'held', by: expect.stringMatching(/Samira/) },
    ]);
    expect((await jo.call(listHeld, inHalden)).items[0]?.claim?.name).toMatch(/Samira/);
    await samira.call(claimItems, { ...inHalden, release: [id] });
    expect((await decide(jo, { action: 'approve' }, id))[0]!.result).toBe('done');
  });

  it('whose answer was lost may ask again; who comes later is told who decided', async () => {
    await moderate(rule('approve'));
    const { say } = await live();
    const { id } = await say('Once.');
    for (let time = 0; time < 2; time += 1)
      expect((await decide(samira, { action: 'approve' }, id))[0]!.result).toBe('done');
    const jo = await server.visit('jo');
    expect(await decide(jo, { action: 'approve' }, id)).toEqual([
      { contributionId: id, result: 'moved', moderation: 'published', by: expect.stringMatching(/Samira/) },
    ]);
    expect(await server.sql('SELECT count(*)::int FROM moderation_decision')).toEqual([{ count: 1 }]);
    expect(await told(ines)).toEqual(['receipt approved']);
  });

  it('decide about two hundred in one go, really everywhere', async () => {
    const ids = await held(200);
    const decided = await decide(samira, { action: 'decline', reason: 'repeated', note: null }, ...ids);
    expect(decided.filter(({ result }) => result === 'done')).toHaveLength(200);
    expect((await samira.call(listHeld, inHalden)).waiting).toBe(0);
    const [counts] = await server.sql(
      `SELECT count(*) FILTER (WHERE moderation = 'declined')::int AS declined,
         (SELECT count(*)::int FROM receipt WHERE kind = 'declined') AS told FROM contribution WHERE id = ANY ($1)`,
      [ids],
    );
    expect(counts).toEqual({ declined: 200, told: 200 });
  });

  it('may name the same item twice: it is decided about once', async () => {
    const [id] = (await held(1)) as [string];
    const decision = { action: 'decline', reason: 'repeated', note: null } as const;
    expect(await decide(samira, decision, id, id)).toHaveLength(1);
    expect(await server.sql('SELECT count(*)::int FROM moderation_decision')).toEqual([{ count: 1 }]);
    const { reader, say } = await live();
    const said = await say('The hinge lokks weak.');
    await until(() => reader.screen().comments.length === 1);
    expect(
      await decide(samira, { action: 'spelling', body: 'The hinge looks weak.' }, said.id, said.id),
    ).toHaveLength(1);
  });

  it('do not bury what all see in what nobody may ever see', async () => {
    const { say } = await live();
    const { id: shown } = await say('Everybody reads this.');
    await moderate(rule('approve'));
    const { id: waits } = await say('Nobody reads this yet.');
    expect(await refusal(decide(samira, { action: 'merge', into: waits }, shown))).toBe('request.invalid');
  });

  it('trust nobody any more whose words they decline', async () => {
    await moderate(rule('approve'));
    const { say } = await live();
    await decide(samira, { action: 'approveAndTrust' }, (await say('One.')).id);
    const { id } = await say('Two.');
    await decide(samira, { action: 'hide', reason: 'offTopic', note: null }, id);
    expect((await say('Three.')).fate.moderation).toBe('held');
  });

  it('page through all that waits, the most urgent first, without a gap or a repeat', async () => {
    const ids = await held(120);
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await samira.call(listHeld, { ...inHalden, ...(cursor && { cursor }) });
      expect(page.waiting).toBe(120);
      found.push(...page.items.map(({ id }) => id));
      cursor = page.next ?? undefined;
    } while (cursor);
    expect(found).toHaveLength(120);
    expect(new Set(found)).toEqual(new Set(ids));
  });

  it('choose reasons of the policy that stands, and decisions keep its version', async () => {
    await moderate(rule('approve'));
    const { say } = await live();
    const { id } = await say('Buy my bicycle.');
    expect(await refusal(decide(samira, { action: 'decline', reason: 'selling', note: null }, id))).toBe(
      'request.invalid',
    );
    const { policy } = await ines.call(readPolicy, inHalden);
    const body = {
      ...policy.body,
      reasons: [
        ...policy.body.reasons,
        { key: 'selling', en: 'It sells something.', de: 'Es verkauft etwas.' },
      ],
    };
    await maren.call(publishPolicy, { ...inHalden, basedOn: policy.version, body });
    expect(await refusal(maren.call(publishPolicy, { ...inHalden, basedOn: policy.version, body }))).toBe(
      'edit.stale',
    );
    await decide(
      samira,
      { action: 'decline', reason: 'selling', note: 'There is a place for that elsewhere.' },
      id,
    );
    const { steps, contribution } = await receiptOf(ines, id);
    expect(steps.at(-1)).toMatchObject({
      kind: 'declined',
      reason: 'It sells something.',
      note: 'There is a place for that elsewhere.',
      by: { name: expect.stringMatching(/Samira/) },
    });
    expect(contribution.next.what).toBe('yourAppeal');
    const { entries } = await samira.call(listDecisions, inHalden);
    expect(entries).toEqual([
      expect.objectContaining({ action: 'decline', reason: 'It sells something.', policyVersion: 1 }),
    ]);
    const { csv, rows } = await maren.call(exportDecisions, inHalden);
    expect([rows, csv.includes('Buy my bicycle.')]).toEqual([1, true]);
    const audit = await server.sql(`SELECT action FROM audit WHERE action = 'moderation.exported'`);
    expect(audit).toHaveLength(1);
  });

  it('join what says the same, so that both authors hear of it', async () => {
    await moderate(rule('approve'));
    const { say, reader } = await live();
    const first = await say('The seat looks far too heavy for me');
    const other = await reader.send(sendComment, {
      ...op(),
      body: 'the seat looks too heavy for me!',
      cueId: film,
      second: 2,
    });
    const { items } = await samira.call(listHeld, inHalden);
    expect(items.map(({ alike }) => alike.map(({ id }) => id))).toEqual([[other.comment.id], [first.id]]);
    await decide(samira, { action: 'approve' }, first.id);
    await decide(samira, { action: 'merge', into: first.id }, other.comment.id);
    expect((await receiptOf(tunde, other.comment.id)).steps.at(-1)).toMatchObject({
      kind: 'merged',
      into: first.id,
    });
    await samira.call(saveTheme, { ...inHalden, themeId: randomUUID(), label: 'Seat', add: [first.id] });
    // What was merged shares the fate of what it was merged into.
    expect(await stepsOf(tunde, other.comment.id)).toEqual(['received', 'merged', 'grouped']);
  });

  it('mend a slip of the pen as such, and nothing more by that name', async () => {
    const { say, seen } = await live();
    const { id } = await say('The hinge lokks too weak for me.');
    await until(() => seen().length === 1);
    const mended = 'The hinge looks too weak for me.';
    expect(
      (await decide(samira, { action: 'spelling', body: 'The hinge looks strong enough.' }, id))[0]!.result,
    ).toBe('refused');
    await decide(samira, { action: 'spelling', body: mended }, id);
    await until(() => seen().includes(mended));
    const { contribution, versions } = await receiptOf(ines, id);
    expect(contribution.edited).toBe('spelling');
    expect(versions).toEqual([
      expect.objectContaining({ body: 'The hinge lokks too weak for me.', edited: 'spelling' }),
    ]);
    const fresh = await (await server.visit('kenji')).join(session);
    expect(fresh.screen().comments).toEqual([expect.objectContaining({ body: mended, edited: 'spelling' })]);
  });

  it('take words apart, and reword what nobody has rated; what was rated stays as it was rated', async () => {
    const { say, state, seen, reader } = await live();
    const two = await say('Lower the price. And show the hinge.');
    await decide(samira, { action: 'split', parts: ['Lower the price.', 'Show the hinge.'] }, two.id);
    await until(() => seen().length === 2);
    expect(seen().sort()).toEqual(['Lower the price.', 'Show the hinge.']);
    expect(await stepsOf(ines, two.id)).toEqual(['received', 'split']);

    const statement = await state('Price bad');
    await decide(samira, { action: 'reword', body: 'The price is too high.' }, statement.id);
    await until(() => seen().includes('The price is too high.'));
    await reader.send(rateStatement, { ...op(), statementId: statement.id, rating: 'agree' });
    await decide(samira, { action: 'reword', body: 'The price is much too high.' }, statement.id);
    await until(() => seen().includes('The price is much too high.'));
    expect(seen()).not.toContain('The price is too high.');
    const [before, after] = await server.sql<{ body: string; n: number }>(
      `SELECT body, (SELECT count(*)::int FROM rating r WHERE r.contribution_id = c.id) AS n FROM contribution c
       WHERE c.id = $1 OR c.split_of = $1 ORDER BY n DESC`,
      [statement.id],
    );
    expect([before, after]).toEqual([
      { body: 'The price is too high.', n: 1 },
      { body: 'The price is much too high.', n: 0 },
    ]);
  });

  it('hide what is out: nobody reads it any more, not even by catching up', async () => {
    const { say, seen, jo } = await live();
    await jo.send(sendComment, { ...op(), body: 'From the team.', cueId: film, second: 0 });
    const { id } = await say('My neighbour Karl, of 5 Mill Lane, drinks.');
    await until(() => seen().length === 2);
    await decide(samira, { action: 'hide', reason: 'personal', note: null }, id);
    await until(() => seen().length === 1);
    const facts = await server.sql('SELECT data FROM fact WHERE room_id = $1', [session]);
    expect(JSON.stringify(facts)).not.toContain('Karl');
    const kenji = await (await server.visit('kenji')).connect(halden);
    const answer = await kenji.send(joinSession, { sessionId: session, since: 0 });
    expect(JSON.stringify(answer)).not.toContain('Karl');
    await decide(samira, { action: 'restore' }, id);
    await until(() => seen().length === 2);
    expect(await told(ines)).toEqual(['receipt restored', 'receipt hidden']);
  });

  it('do not decide about their own words', async () => {
    await moderate(rule('approve'));
    await live();
    const join = await samira.join(session);
    const { comment } = await join.send(sendComment, { ...op(), body: 'Mine.', cueId: film, second: 1 });
    expect((await decide(samira, { action: 'approve' }, comment.id))[0]!.result).toBe('refused');
    expect((await decide(maren, { action: 'approve' }, comment.id))[0]!.result).toBe('done');
  });
});

describe('an author', () => {
  it('changes what was returned and sends it again; it waits once more', async () => {
    await moderate(rule('approve'));
    const { say, seen } = await live();
    const { id } = await say('Hm?');
    expect(
      await refusal(ines.call(resubmitContribution, { ...inHalden, contributionId: id, body: 'x' })),
    ).toBe('contribution.moved');
    await decide(samira, { action: 'return', reason: 'unclear', note: 'Say more.' }, id);
    await ines.call(resubmitContribution, { ...inHalden, contributionId: id, body: 'The hinge squeaks.' });
    await ines.call(resubmitContribution, { ...inHalden, contributionId: id, body: 'The hinge squeaks.' });
    expect(await stepsOf(ines, id)).toEqual(['received', 'returned', 'resubmitted', 'held']);
    await decide(samira, { action: 'approve' }, id);
    await until(() => seen().includes('The hinge squeaks.'));
    expect((await receiptOf(ines, id)).versions.map(({ body }) => body)).toEqual(['Hm?']);
  });

  it('appeals once, and another moderator decides', async () => {
    await moderate(rule('approve'));
    const { say, seen } = await live();
    const { id } = await say('Too expensive!');
    await decide(samira, { action: 'decline', reason: 'abusive', note: null }, id);
    const appeal = () =>
      ines.call(appealContribution, { ...inHalden, contributionId: id, words: 'That is no attack.' });
    await appeal();
    expect(await refusal(appeal())).toBe('contribution.moved');
    const [item] = (await samira.call(listHeld, inHalden)).items;
    expect(item).toMatchObject({
      moderation: 'appealed',
      appeal: { words: 'That is no attack.', by: { name: expect.stringMatching(/Samira/) } },
    });
    expect((await decide(samira, { action: 'uphold', note: null }, id))[0]!.result).toBe('refused');
    await decide(maren, { action: 'approve' }, id);
    await until(() => seen().includes('Too expensive!'));
    expect(await stepsOf(ines, id)).toEqual(['received', 'declined', 'appealed', 'restored']);
  });

  it('does not have an appeal decided by who took the words down, by whatever way round', async () => {
    const { say } = await live();
    const { id } = await say('Too dear by far.');
    await decide(samira, { action: 'hide', reason: 'abusive', note: null }, id);
    await ines.call(appealContribution, { ...inHalden, contributionId: id, words: 'It is not.' });
    for (const decision of [
      { action: 'uphold', note: null },
      { action: 'freeze' },
      { action: 'approve' },
    ] as const)
      expect((await decide(samira, decision, id))[0]!.result).toBe('refused');
    await decide(maren, { action: 'freeze' }, id);
    expect((await decide(samira, { action: 'hide', reason: 'abusive', note: null }, id))[0]!.result).toBe(
      'refused',
    );
    expect((await decide(maren, { action: 'approve' }, id))[0]!.result).toBe('done');
  });

  it('is told of each decision, also of the third like the first', async () => {
    const { say } = await live();
    const { id } = await say('Up and down.');
    for (let time = 0; time < 3; time += 1) {
      await decide(samira, { action: 'hide', reason: 'offTopic', note: null }, id);
      await decide(samira, { action: 'restore' }, id);
    }
    expect(await told(ines)).toHaveLength(6);
  });

  it('takes words back, whatever became of them', async () => {
    const { say, seen } = await live();
    const { id } = await say('I regret this.');
    await until(() => seen().length === 1);
    for (let time = 0; time < 2; time += 1)
      await ines.call(withdrawContribution, { ...inHalden, contributionId: id });
    await until(() => seen().length === 0);
    expect(await stepsOf(ines, id)).toEqual(['received', 'withdrawn']);
    expect(await refusal(tunde.call(withdrawContribution, { ...inHalden, contributionId: id }))).toBe(
      'request.notFound',
    );
    expect(await decide(samira, { action: 'hide', reason: 'personal', note: null }, id)).toEqual([
      expect.objectContaining({ result: 'moved', moderation: 'withdrawn' }),
    ]);
  });

  it('learns who has read it, only after real time on the reader’s screen', async () => {
    const { say } = await live();
    const ids = await Promise.all(['One.', 'Two.', 'Three.'].map(async (body) => (await say(body)).id));
    const read = (...seen: [string, number][]) =>
      maren
        .call(markRead, { ...inHalden, seen: seen.map(([contributionId, ms]) => ({ contributionId, ms })) })
        .then((answer) => answer.read);
    expect(await read([ids[0]!, 1_900])).toEqual([]);
    // More than went by since the report before.
    expect(await read([ids[0]!, 2_500], [ids[1]!, 60_000])).toEqual([ids[0]]);
    expect(await read([ids[0]!, 2_100])).toEqual([]);
    const { steps, contribution } = await receiptOf(ines, ids[0]!);
    expect(steps.at(-1)).toMatchObject({
      kind: 'read',
      by: { name: expect.stringMatching(/Maren/), title: expect.stringMatching(/\w/) },
    });
    expect(contribution.loop).toBe('read');
    expect((await receiptOf(ines, ids[1]!)).contribution.loop).toBe('received');
  });

  it('gets a reply of the team as a message of their own; where members wait, so does the team', async () => {
    const { say } = await live();
    const { id } = await say('When is it there?');
    const reply = (who: Visitor, opId: string, body: string) =>
      who.call(replyToContribution, { ...inHalden, contributionId: id, opId, body });
    const opId = randomUUID();
    for (let time = 0; time < 2; time += 1)
      expect((await reply(samira, opId, 'In spring.')).moderation).toBe('published');
    expect((await receiptOf(ines, id)).replies).toEqual([expect.objectContaining({ body: 'In spring.' })]);
    expect(await stepsOf(ines, id)).toEqual(['received', 'replied']);
    expect(await told(ines)).toEqual(['reply']);

    await moderate(rule('approve'));
    const waits = await reply(samira, randomUUID(), 'In April.');
    expect(waits.moderation).toBe('held');
    expect((await receiptOf(ines, id)).replies).toHaveLength(1);
    expect((await samira.call(listHeld, inHalden)).items).toEqual([
      expect.objectContaining({ id: waits.id, type: 'reply', replyTo: 'When is it there?' }),
    ]);
    await decide(maren, { action: 'approve' }, waits.id);
    expect((await receiptOf(ines, id)).replies.map(({ body }) => body)).toEqual(['In spring.', 'In April.']);
    expect(await told(ines)).toEqual(['reply', 'reply']);
    expect(
      (await decide(samira, { action: 'return', reason: 'unclear', note: null }, waits.id))[0]!.result,
    ).toBe('moved');
    // What is hidden is read nowhere any more.
    await decide(maren, { action: 'hide', reason: 'confidential', note: null }, waits.id);
    const everything = [
      await receiptOf(ines, id),
      await ines.call(listNotifications, inHalden),
      await ines.call(readImpact, inHalden),
    ];
    expect(JSON.stringify(everything)).not.toContain('In April.');
  });

  it('sees all of their own with what is next, and nobody else’s', async () => {
    const { say } = await live();
    for (let n = 0; n < 3; n += 1) await say(`Number ${n}.`);
    const { items, said } = await ines.call(readImpact, { ...inHalden, spaceId: session });
    expect(items.map(({ body }) => body)).toEqual(['Number 2.', 'Number 1.', 'Number 0.']);
    expect(said).toBeGreaterThanOrEqual(3);
    expect(items.every(({ next }) => next.by)).toBe(true);
    expect((await tunde.call(readImpact, { ...inHalden, spaceId: session })).items).toEqual([]);
  });
});

describe('an export', () => {
  it('has all that is listed, of every kind alike, page after page, and is written down', async () => {
    const { say } = await live();
    await say('=1+1');
    const all = await maren.call(exportContributions, inHalden);
    const lines = parse(all.csv, { columns: true }) as unknown as Record<string, string>[];
    expect(all).toMatchObject({ rows: lines.length, next: null });
    const kinds = await server.sql<{ key: string; n: number }>(
      `SELECT s.kind || ' ' || c.type AS key, count(*)::int AS n FROM contribution c JOIN space s ON s.id = c.room_id
       WHERE c.community_id = $1 AND c.type <> 'reply' AND c.moderation NOT IN ('withdrawn', 'split') GROUP BY 1`,
      [halden],
    );
    const counted: Record<string, number> = {};
    for (const { kind, type } of lines) counted[`${kind} ${type}`] = (counted[`${kind} ${type}`] ?? 0) + 1;
    expect(counted).toEqual(Object.fromEntries(kinds.map(({ key, n }) => [key, n])));
    for (const kind of ['discussion topic', 'discussion post', 'challenge idea', 'activity submission'])
      expect(Object.keys(counted)).toContain(kind);
    // A table reads it as words.
    expect(lines[0]).toMatchObject({ author: 'Ines from Porto', words: "'=1+1", loop: 'received' });
    const [rated] = await server.sql<{ id: string; agree: number; disagree: number }>(
      `SELECT id, agree, disagree FROM idea WHERE community_id = $1 AND agree > 0 ORDER BY agree DESC LIMIT 1`,
      [halden],
    );
    expect(lines.find(({ id }) => id === rated!.id)).toMatchObject({
      agree: String(rated!.agree),
      disagree: String(rated!.disagree),
    });

    const { contributions, next } = await maren.call(listContributions, inHalden);
    const rest = await maren.call(exportContributions, { ...inHalden, cursor: next! });
    expect(rest.rows).toBe(lines.length - contributions.length);
    expect(all.csv.endsWith(rest.csv)).toBe(true);
    const asked = { ...inHalden, spaceId: session, words: '1+1' };
    expect(await maren.call(exportContributions, asked)).toMatchObject({ rows: 1 });
    expect(
      await server.sql(`SELECT target, detail->'rows' AS rows FROM audit WHERE action = 'contributions.exported'
        ORDER BY at DESC LIMIT 1`),
    ).toEqual([{ target: session, rows: 1 }]);
    expect(await refusalOf(samira.call(exportContributions, inHalden))).toBe('auth.forbidden');
  });
});

describe('the tables', () => {
  it('let nobody change or take away what was written down', async () => {
    const grants = await server.sql<{ name: string; privilege: string }>(
      `SELECT table_name AS name, privilege_type AS privilege FROM information_schema.role_table_grants
       WHERE grantee = 'parley_runtime' AND privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE') AND table_name = ANY ($1)`,
      [
        [
          'receipt',
          'moderation_decision',
          'moderation_policy',
          'contribution_version',
          'promise_move',
          'update_version',
        ],
      ],
    );
    expect(grants).toEqual([]);
  });
});

/** So many that wait, by many authors, without saying each through a socket. */
async function held(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await server.sql(
    `INSERT INTO contribution (community_id, id, room_id, author_id, type, body, moderation, decide_by)
     SELECT $1, id, $2, $3, 'comment', 'Waits ' || place, 'held', now() + place / 3 * interval '1 minute'
     FROM unnest($4::uuid[]) WITH ORDINALITY AS made (id, place)`,
    [halden, session, memberOf('halden', 'ines'), ids],
  );
  return ids;
}
