import { randomUUID } from 'node:crypto';
import type { CallError } from '@parley/client/http';
import { readReceipt } from '@parley/contracts/contributions';
import {
  approveUpdate,
  breakPromise,
  commentUpdate,
  correctUpdate,
  deliverUpdate,
  JUDGE_DAYS,
  linkEvidence,
  listDrafts,
  listEvidence,
  listPromises,
  listUpdates,
  movePromise,
  publishUpdate,
  readImpact,
  readPublicUpdate,
  readUpdate,
  REOPEN_LEAST,
  saveUpdate,
  setApprovalSteps,
  submitUpdate,
  type UpdateBody,
  type Verdict,
  verifyUpdate,
  withdrawUpdate,
} from '@parley/contracts/loop';
import { listSessions } from '@parley/contracts/live';
import { decideItems, saveTheme } from '@parley/contracts/moderation';
import { updateConsent } from '@parley/contracts/profile';
import { listNotifications } from '@parley/contracts/reach';
import {
  addressOf,
  assetOf,
  halden,
  mediaOf,
  memberOf,
  sessionOf,
  startTestServer,
  type TestServer,
  until,
  type Visitor,
} from '../../test/server';
import { PromisesService } from './promises.service';
import { UpdatesService } from './updates.service';

const inHalden = { communityId: halden };
const session = sessionOf('halden-one-film');
const people = ['maren', 'maria', 'samira', 'ines', 'tunde', 'kenji'] as const;

let server: TestServer;
let as: Record<(typeof people)[number], Visitor>;
beforeEach(async () => {
  server = await startTestServer();
  // What the demo tells is not of this story.
  await server.sql('DELETE FROM notification');
  const visitors = await Promise.all(people.map(async (key) => [key, await server.visit(key)] as const));
  as = Object.fromEntries(visitors) as typeof as;
});
afterEach(() => server.stop());

const words: UpdateBody = {
  title: 'The hinge is twice as strong',
  youSaid: 'The hinge looks too weak.',
  weDid: 'We doubled its wall.',
  because: null,
  outcome: 'adopted',
  on: '2030-05-01',
  beforeAssetId: null,
  afterAssetId: null,
  spaceId: null,
  keepsPromise: false,
  shareable: false,
};
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
const day = (days: number) => inSeconds(days * 86_400).slice(0, 10);
const refusal = (answer: Promise<unknown>) =>
  answer.then(
    () => 'answered',
    (error: CallError) => error.code,
  );

/** Something that a member said in the Session. */
async function said(author: string, body = 'The hinge looks weak.') {
  const id = randomUUID();
  await server.sql(
    `INSERT INTO contribution (community_id, id, room_id, author_id, type, body) VALUES ($1, $2, $3, $4, 'comment', $5)`,
    [halden, id, session, memberOf('halden', author), body],
  );
  return id;
}
async function draft(body: Partial<UpdateBody>, contributionIds: string[], themeIds: string[] = []) {
  const updateId = randomUUID();
  await as.maren.call(saveUpdate, { ...inHalden, updateId, basedOn: 0, body: { ...words, ...body } });
  await as.maren.call(linkEvidence, { ...inHalden, updateId, contributionIds, themeIds });
  return updateId;
}
const submit = (updateId: string, version = 1) =>
  as.maren.call(submitUpdate, { ...inHalden, updateId, version });
const publish = (
  updateId: string,
  times: { contributorsAt: string; communityAt: string; publicAt: string | null },
  version = 1,
) => as.maren.call(publishUpdate, { ...inHalden, updateId, version, times });
/** The job may be at it already: done when nothing is due any more. */
const release = () =>
  until(async () => {
    await server.get(UpdatesService).releaseDue(halden);
    const due = await server.sql(
      `SELECT FROM loop_update WHERE (status = 'scheduled' AND contributors_at <= now())
         OR (status = 'outToContributors' AND community_at <= now()) OR (status = 'outToCommunity' AND public_at <= now())`,
    );
    return !due.length;
  });
/** Out to everybody inside, and to the public where wanted. */
async function out(body: Partial<UpdateBody>, contributionIds: string[], isPublic = false) {
  const updateId = await draft(body, contributionIds);
  await submit(updateId);
  const at = inSeconds(-1);
  await publish(updateId, { contributorsAt: at, communityAt: at, publicAt: isPublic ? at : null });
  await release();
  return updateId;
}
const feedOf = async (who: Visitor) => (await who.call(listUpdates, inHalden)).updates.map(({ id }) => id);
const told = async (who: Visitor) => (await who.call(listNotifications, inHalden)).notifications;
const stateOf = async (id: string) => {
  const [row] = await server.sql<{ loop: string; outcome: string | null }>(
    'SELECT loop, outcome FROM contribution WHERE id = $1',
    [id],
  );
  return [row!.loop, row!.outcome].filter(Boolean).join(' ');
};
const stepsOf = async (who: Visitor, contributionId: string) =>
  (await who.call(readReceipt, { ...inHalden, contributionId })).steps.map(({ kind }) => kind);
const promiseOf = async (spaceId: string) =>
  (await as.ines.call(listPromises, inHalden)).promises.find(({ space }) => space.id === spaceId)!;
const backdate = (table: string, set: string, id: string) =>
  server.sql(`UPDATE ${table} SET ${set} WHERE id = $1`, [id]);

describe('an Update', () => {
  it('reaches contributors, then the community, then the public, and nobody sooner', async () => {
    const mine = await said('ines', 'The hinge looks weak to me.');
    const updateId = await draft({ shareable: true }, [mine]);
    await submit(updateId);
    const times = {
      contributorsAt: inSeconds(3_600),
      communityAt: inSeconds(7_200),
      publicAt: inSeconds(10_800),
    };
    await publish(updateId, times);
    await release();
    const look = async () => ({
      contributor: (await feedOf(as.ines)).includes(updateId),
      community: (await feedOf(as.tunde)).includes(updateId),
      directly: await refusal(as.tunde.call(readUpdate, { ...inHalden, updateId })),
      public: await refusal(server.stranger().call(readPublicUpdate, { ...inHalden, updateId })),
    });
    const hidden = { directly: 'request.notFound', public: 'request.notFound' };
    expect(await look()).toEqual({ contributor: false, community: false, ...hidden });

    await backdate('loop_update', `contributors_at = now()`, updateId);
    await release();
    expect(await look()).toEqual({ contributor: true, community: false, ...hidden });
    const [card] = (await as.ines.call(listUpdates, inHalden)).updates;
    expect(card).toMatchObject({
      contributorsOnly: true,
      publicUrl: null,
      mine: [{ contributionId: mine, words: 'The hinge looks weak to me.' }],
    });
    await backdate('loop_update', `community_at = now()`, updateId);
    await release();
    expect(await look()).toEqual({
      contributor: true,
      community: true,
      directly: 'answered',
      public: 'request.notFound',
    });
    await backdate('loop_update', `public_at = now()`, updateId);
    await release();
    expect((await look()).public).toBe('answered');
    expect((await as.tunde.call(readUpdate, { ...inHalden, updateId })).update.publicUrl).toMatch(
      /\/public\//,
    );
  });

  it('cannot be planned or brought out in another order, not even past the server', async () => {
    const updateId = await draft({}, [await said('ines')]);
    await submit(updateId);
    const wrong = { contributorsAt: inSeconds(60), communityAt: inSeconds(30), publicAt: null };
    expect(await refusal(publish(updateId, wrong))).toBe('request.invalid');
    const late = { contributorsAt: inSeconds(10), communityAt: inSeconds(60), publicAt: inSeconds(30) };
    expect(await refusal(publish(updateId, late))).toBe('request.invalid');
    await publish(updateId, { contributorsAt: inSeconds(60), communityAt: inSeconds(120), publicAt: null });
    for (const set of [
      `community_at = contributors_at - interval '1 second'`,
      `public_at = community_at - interval '1 second'`,
      `contributors_at = NULL`,
      `status = 'outToCommunity', community_out_at = now()`,
      `status = 'outToContributors', contributors_out_at = now()`,
      `status = 'outToContributors', contributors_out_at = contributors_at, community_out_at = contributors_at - interval '1 second'`,
      `contributors_out_at = contributors_at`,
    ])
      await expect(backdate('loop_update', set, updateId)).rejects.toThrow(/check constraint/);
  });

  it('goes to each contributor once, in their own words; to others it is in the feed alone', async () => {
    const ids = [
      await said('ines', 'Weak hinge.'),
      await said('ines', 'And squeaky.'),
      await said('kenji', 'It bends.'),
    ];
    const updateId = await out({}, ids);
    await release();
    const of = async (who: Visitor) => (await told(who)).filter(({ data }) => data.updateId === updateId);
    expect(await of(as.ines)).toEqual([
      expect.objectContaining({
        kind: 'update',
        data: expect.objectContaining({
          words: expect.stringMatching(/hinge|squeaky/),
          others: 1,
          outcome: 'adopted',
        }),
      }),
    ]);
    expect(await of(as.kenji)).toHaveLength(1);
    expect(await of(as.tunde)).toEqual([]);
    expect(await stateOf(ids[0]!)).toBe('decided adopted');
    expect(await stepsOf(as.ines, ids[0]!)).toEqual(['received', 'considered', 'decided']);
    const { items, changed } = await as.ines.call(readImpact, inHalden);
    expect(items[0]!.updates).toEqual([{ id: updateId, title: words.title, outcome: 'adopted' }]);
    expect(changed).toBeGreaterThanOrEqual(2);
  });

  it('names nobody for words that nobody may read', async () => {
    const mine = await said('ines', 'For the team alone.');
    await server.sql('UPDATE contribution SET team_only = true WHERE id = $1', [mine]);
    const updateId = await out({}, [mine, await said('kenji', 'For all.')]);
    const { update } = await as.tunde.call(readUpdate, { ...inHalden, updateId });
    expect(update.thanked).toEqual(['Kenji W.']);
    await server.sql(`UPDATE contribution SET team_only = false, moderation = 'withdrawn' WHERE id = $1`, [
      mine,
    ]);
    expect((await as.tunde.call(readUpdate, { ...inHalden, updateId })).update.thanked).toEqual(['Kenji W.']);
  });

  it('gives an answer of its own to what was only answered along with others before', async () => {
    const [one, other] = [await said('ines', 'The hinge.'), await said('kenji', 'The paint.')];
    const second = await draft({ title: 'The paint shines' }, [other]);
    await out({ spaceId: session, keepsPromise: true }, [one]);
    expect(await stateOf(other)).toBe('decided informedOnly');
    await submit(second);
    const at = inSeconds(-1);
    await publish(second, { contributorsAt: at, communityAt: at, publicAt: null });
    await release();
    expect(await stateOf(other)).toBe('decided adopted');
    expect((await as.kenji.call(readImpact, inHalden)).changed).toBeGreaterThanOrEqual(1);
  });

  it('follows words that were taken apart after they were linked', async () => {
    const both = await said('ines', 'The hinge. And the paint.');
    const updateId = await draft({}, [both]);
    await as.samira.call(decideItems, {
      ...inHalden,
      contributionIds: [both],
      decision: { action: 'split', parts: ['The hinge.', 'And the paint.'] },
    });
    await submit(updateId);
    const at = inSeconds(-1);
    await publish(updateId, { contributorsAt: at, communityAt: at, publicAt: null });
    await release();
    const { items } = await as.ines.call(readImpact, inHalden);
    expect(
      items
        .filter(({ updates }) => updates[0]?.id === updateId)
        .map(({ body }) => body)
        .sort(),
    ).toEqual(['And the paint.', 'The hinge.', 'The hinge. And the paint.']);
    expect((await as.ines.call(readUpdate, { ...inHalden, updateId })).update.contributions).toBe(2);
  });

  it('keeps no other waiting when it cannot go out, and takes nobody’s id', async () => {
    expect(
      await refusal(as.maren.call(saveUpdate, { ...inHalden, updateId: session, basedOn: 0, body: words })),
    ).toBe('op.mismatch');
    const bad = await draft({ title: 'Cannot go out' }, [await said('ines')]);
    const good = await draft({ title: 'Can go out' }, [await said('ines')]);
    // Something is in its way, such as nobody could foresee.
    await server.sql('INSERT INTO room (community_id, id) VALUES ($1, $2)', [halden, bad]);
    await server.sql(
      `INSERT INTO space (community_id, id, kind, title, purpose, decision, owner_name, owner_title, answer_by)
       VALUES ($1, $2, 'update', 'x', 'x', 'x', 'x', '', current_date)`,
      [halden, bad],
    );
    const at = inSeconds(-1);
    for (const updateId of [bad, good]) {
      await submit(updateId);
      await publish(updateId, { contributorsAt: at, communityAt: at, publicAt: null });
    }
    await until(async () => {
      await server.get(UpdatesService).releaseDue(halden);
      return (await feedOf(as.tunde)).includes(good);
    });
    expect(await feedOf(as.ines)).not.toContain(bad);
  });

  it('goes out with what was approved: what is linked or taken off later asks for the approvals anew', async () => {
    const [mine, other] = [await said('ines'), await said('kenji')];
    const updateId = await draft({}, [mine]);
    await submit(updateId);
    const linked = await as.maren.call(linkEvidence, { ...inHalden, updateId, contributionIds: [other] });
    expect(linked).toMatchObject({ status: 'draft', version: 2, contributions: 2 });
    await submit(updateId, 2);
    const at = inSeconds(-1);
    const ids = [mine, other];
    await server.sql(`UPDATE contribution SET moderation = 'withdrawn' WHERE id = ANY ($1)`, [ids]);
    expect(await refusal(publish(updateId, { contributorsAt: at, communityAt: at, publicAt: null }, 2))).toBe(
      'update.evidence',
    );
  });

  it('is read where it was said, too: the Session knows what came of it', async () => {
    const updateId = await out({}, [await said('ines')]);
    expect((await promiseOf(session)).updates).toEqual([{ id: updateId, title: words.title }]);
    const [item] = (await as.ines.call(readImpact, inHalden)).items;
    expect(item!.space).toMatchObject({
      id: session,
      owner: { name: 'Maria Kessler', title: expect.stringMatching(/\w/) },
    });
  });

  it('is not declined or deferred without a reason, nor goes out without what it answers', async () => {
    const save = (body: Partial<UpdateBody>) =>
      refusal(
        as.maren.call(saveUpdate, {
          ...inHalden,
          updateId: randomUUID(),
          basedOn: 0,
          body: { ...words, ...body },
        }),
      );
    expect(await save({ outcome: 'declined' })).toBe('request.invalid');
    expect(await save({ outcome: 'deferred', because: 'The mould is fixed.', on: null })).toBe(
      'request.invalid',
    );
    expect(await save({ outcome: 'adopted', weDid: null })).toBe('request.invalid');
    expect(await save({ outcome: 'declined', because: 'The mould is fixed until 2027.' })).toBe('answered');
    const updateId = await draft({}, []);
    expect(await refusal(submit(updateId))).toBe('update.evidence');
    await expect(backdate('loop_update', `outcome = 'declined'`, updateId)).rejects.toThrow(
      /check constraint/,
    );
  });

  it('takes in what its themes hold, and what was merged, up to the moment it goes out', async () => {
    const [first, second] = [await said('ines'), await said('kenji')];
    const themeId = randomUUID();
    await as.samira.call(saveTheme, { ...inHalden, themeId, label: 'Hinge', add: [first] });
    const updateId = await draft({}, [], [themeId]);
    await submit(updateId);
    await as.samira.call(saveTheme, { ...inHalden, themeId, label: 'Hinge', add: [second] });
    const at = inSeconds(-1);
    await publish(updateId, { contributorsAt: at, communityAt: at, publicAt: null });
    await release();
    const { update } = await as.kenji.call(readUpdate, { ...inHalden, updateId });
    expect(update).toMatchObject({ contributors: 2, contributions: 2, mine: [{ contributionId: second }] });
  });

  it('needs the approvals of the community, in their order, by others than its author, anew after each change', async () => {
    const steps = [
      { label: 'Legal', memberIds: [memberOf('halden', 'samira'), memberOf('halden', 'maren')] },
      { label: 'Brand', memberIds: [memberOf('halden', 'maria')] },
    ];
    await as.maren.call(setApprovalSteps, { ...inHalden, steps });
    const updateId = await draft({}, [await said('ines')]);
    await submit(updateId);
    const approve = (who: Visitor, version: number, approved = true) =>
      refusal(
        who.call(approveUpdate, {
          ...inHalden,
          updateId,
          version,
          approved,
          note: approved ? null : 'Say why.',
        }),
      );
    const at = inSeconds(-1);
    const times = { contributorsAt: at, communityAt: at, publicAt: null };
    expect(await refusal(publish(updateId, times))).toBe('update.moved');
    expect(await approve(as.maria, 1)).toBe('auth.forbidden');
    expect(await approve(as.maren, 1)).toBe('auth.forbidden');
    expect((await told(as.samira)).map(({ kind, read }) => [kind, read])).toEqual([['approval', false]]);
    expect(await approve(as.samira, 1)).toBe('answered');
    expect((await told(as.samira)).map(({ kind, read }) => [kind, read])).toEqual([['approval', true]]);
    expect(await approve(as.maria, 1, false)).toBe('answered');
    const [returned] = (await as.maren.call(listDrafts, inHalden)).drafts.filter(({ id }) => id === updateId);
    expect(returned).toMatchObject({
      status: 'draft',
      version: 2,
      approvals: [{ decision: 'approved' }, { decision: 'returned', note: 'Say why.' }],
    });

    await as.maren.call(saveUpdate, {
      ...inHalden,
      updateId,
      basedOn: 2,
      body: { ...words, because: 'You asked.' },
    });
    await submit(updateId, 3);
    expect(await approve(as.samira, 2)).toBe('edit.stale');
    expect(await approve(as.samira, 3)).toBe('answered');
    expect(await approve(as.maria, 3)).toBe('answered');
    await publish(updateId, times, 3);
    await release();
    expect(await feedOf(as.tunde)).toContain(updateId);
  });

  it('asks nobody in vain: a step that only its author could approve is refused, and other steps ask anew', async () => {
    const alone = [{ label: 'Legal', memberIds: [memberOf('halden', 'maren')] }];
    await as.maren.call(setApprovalSteps, { ...inHalden, steps: alone });
    const updateId = await draft({}, [await said('ines')]);
    expect(await refusal(submit(updateId))).toBe('request.invalid');
    const steps = [{ label: 'Legal', memberIds: [memberOf('halden', 'samira')] }];
    await as.maren.call(setApprovalSteps, { ...inHalden, steps });
    await submit(updateId);
    await as.maren.call(setApprovalSteps, { ...inHalden, steps: [] });
    const find = async () =>
      (await as.maren.call(listDrafts, inHalden)).drafts.find(({ id }) => id === updateId);
    expect(await find()).toMatchObject({ status: 'draft', version: 2 });
    expect((await told(as.samira)).every(({ read }) => read)).toBe(true);
    expect((await submit(updateId, 2)).status).toBe('approved');
  });

  it('is not overwritten by somebody who has not seen the latest, nor past its approvals', async () => {
    const updateId = await draft({}, [await said('ines')]);
    const begin = (title: string) =>
      refusal(as.maren.call(saveUpdate, { ...inHalden, updateId, basedOn: 0, body: { ...words, title } }));
    // The same again is a repeat; anything else is somebody else's.
    expect([await begin(words.title), await begin('Another')]).toEqual(['answered', 'edit.stale']);
    await submit(updateId);
    expect(await begin('Other words')).toBe('edit.stale');
    expect(
      (await as.maren.call(listDrafts, inHalden)).drafts.find(({ id }) => id === updateId),
    ).toMatchObject({
      status: 'approved',
      body: { title: words.title },
    });
    const save = (basedOn: number, title: string) =>
      refusal(as.maren.call(saveUpdate, { ...inHalden, updateId, basedOn, body: { ...words, title } }));
    expect([
      await save(1, 'Mine'),
      await save(1, 'Mine'),
      await save(1, 'Theirs'),
      await save(2, 'Both'),
    ]).toEqual([...['answered', 'answered', 'edit.stale', 'answered']]);
  });

  it('keeps what it said before it was corrected', async () => {
    const updateId = await out({}, [await said('ines')]);
    const body = { ...words, weDid: 'We made its wall 3 mm thick.' };
    await as.maren.call(correctUpdate, {
      ...inHalden,
      updateId,
      version: 1,
      body,
      note: 'It was not doubled.',
    });
    const { update, versions } = await as.tunde.call(readUpdate, { ...inHalden, updateId });
    expect(update).toMatchObject({ weDid: 'We made its wall 3 mm thick.', corrected: 1 });
    expect(versions).toEqual([
      expect.objectContaining({ weDid: 'We doubled its wall.', note: 'It was not doubled.' }),
    ]);
    expect((await told(as.ines)).map(({ kind }) => kind)).toEqual(['corrected', 'update']);
  });

  it('thanks and quotes those alone who agreed to it, as of now', async () => {
    const updateId = await out({}, [
      await said('ines', 'Named words.'),
      await said('kenji', 'Silent words.'),
    ]);
    const consent = async (who: Visitor, purpose: 'quoteNamed' | 'quoteAnonymous', given: boolean) =>
      who.call(updateConsent, { ...inHalden, purpose, version: 1, given });
    await consent(as.kenji, 'quoteNamed', false);
    await consent(as.kenji, 'quoteAnonymous', false);
    const look = async () => {
      const { update } = await as.tunde.call(readUpdate, { ...inHalden, updateId });
      const { evidence, unseen } = await as.tunde.call(listEvidence, { ...inHalden, updateId });
      return {
        thanked: update.thanked,
        words: evidence.map(({ words: own, handle }) => [own, handle]),
        unseen,
      };
    };
    expect(await look()).toEqual({
      thanked: ['Ines from Porto'],
      words: [['Named words.', 'Ines from Porto']],
      unseen: 1,
    });
    await consent(as.ines, 'quoteNamed', false);
    expect(await look()).toEqual({ thanked: [], words: [['Named words.', null]], unseen: 1 });
    await consent(as.ines, 'quoteAnonymous', false);
    expect(await look()).toEqual({ thanked: [], words: [], unseen: 2 });
    const own = await as.kenji.call(listEvidence, { ...inHalden, updateId });
    expect(own.evidence.map(({ words: said_ }) => said_)).toEqual(['Silent words.']);
    expect((await as.maren.call(listEvidence, { ...inHalden, updateId })).evidence).toHaveLength(2);
  });

  it('is private unless the brand marked it as shareable, and then tells nobody’s words', async () => {
    const secret = await out({}, [await said('ines', 'Only inside.')], true);
    expect((await as.ines.call(readUpdate, { ...inHalden, updateId: secret })).update.publicUrl).toBeNull();
    expect(await refusal(server.stranger().call(readPublicUpdate, { ...inHalden, updateId: secret }))).toBe(
      'request.notFound',
    );
    const shared = await out({ shareable: true }, [await said('ines', 'Only inside.')], true);
    const seen = await server.stranger().call(readPublicUpdate, { ...inHalden, updateId: shared });
    expect(seen).toMatchObject({ title: words.title, contributors: null });
    expect(JSON.stringify(seen)).not.toMatch(/Only inside|Ines/);
  });

  it('shows pictures that members had not seen before, once it is out', async () => {
    await server.sql('UPDATE asset SET released_at = NULL WHERE id = $1', [assetOf('halden-one')]);
    await server.sql('DELETE FROM asset_release WHERE asset_id = $1', [assetOf('halden-one')]);
    const look = async () =>
      (await as.ines.request(await addressOf(as.ines, mediaOf('halden-one'), 'w320'))).status;
    expect(await look()).toBe(404);
    const updateId = await out({ afterAssetId: assetOf('halden-one') }, [await said('ines')]);
    const { update } = await as.ines.call(readUpdate, { ...inHalden, updateId });
    expect(update.after?.mediaId).toBe(mediaOf('halden-one'));
    expect(await look()).toBe(200);
  });

  it('can be taken back for rework: what fed it is open again, with a day, and leads to the new consultation', async () => {
    const mine = await said('ines');
    const updateId = await out({}, [mine]);
    const withdraw = {
      ...inHalden,
      updateId,
      because: 'Too heavy after all.',
      consultationId: session,
      answerBy: day(20),
    };
    await as.maren.call(withdrawUpdate, withdraw);
    const { update } = await as.tunde.call(readUpdate, { ...inHalden, updateId });
    expect(update).toMatchObject({
      status: 'withdrawn',
      withdrawn: { because: 'Too heavy after all.', consultation: { id: session, kind: 'session' } },
    });
    const { contribution, steps } = await as.ines.call(readReceipt, { ...inHalden, contributionId: mine });
    expect(contribution).toMatchObject({
      loop: 'reopened',
      next: { what: 'otherAnswer', by: `${day(20)}T23:59:59.000Z` },
    });
    expect(steps.at(-1)).toMatchObject({ kind: 'reopened', note: 'Too heavy after all.', on: day(20) });
    expect(await promiseOf(updateId)).toMatchObject({ status: 'made', dueOn: day(20) });
    // What was said late where it was first said does not close what is promised anew.
    await as.maren.call(breakPromise, { ...inHalden, spaceId: session, reason: 'No film.' });
    await said('tunde', 'Late.');
    await server.get(PromisesService).watch(halden);
    expect(await stateOf(mine)).toBe('reopened adopted');
    // The next answer keeps that promise.
    await out({ spaceId: updateId, keepsPromise: true }, [mine]);
    expect((await promiseOf(updateId)).status).toBe('kept');
    expect(await stateOf(mine)).toBe('decided adopted');
  });
});

describe('verification', () => {
  async function delivered() {
    const mine = await said('ines');
    const updateId = await out({}, [mine]);
    await as.maren.call(deliverUpdate, { ...inHalden, updateId });
    return { mine, updateId };
  }
  const judge = (who: Visitor, updateId: string, verdict: Verdict) =>
    who.call(verifyUpdate, { ...inHalden, updateId, verdict });
  /** Verdicts of people made of software. */
  async function crowd(updateId: string, verdict: Verdict, count: number) {
    await server.sql(
      `INSERT INTO verdict (community_id, update_id, member_id, verdict)
       SELECT $1, $2, m.id, $3 FROM member m WHERE m.community_id = $1 AND m.role = 'member' AND m.status = 'active'
         AND NOT EXISTS (SELECT FROM verdict v WHERE v.update_id = $2 AND v.member_id = m.id)
         AND m.id <> ALL ($5::uuid[]) LIMIT $4`,
      [halden, updateId, verdict, count, ['ines', 'tunde', 'kenji'].map((key) => memberOf('halden', key))],
    );
  }

  it('asks contributors once it is there, and not those who have judged', async () => {
    const { mine, updateId } = await delivered();
    expect(await stateOf(mine)).toBe('delivered adopted');
    expect((await told(as.ines)).map(({ kind, read }) => [kind, read])).toEqual([
      ['verify', false],
      ['update', false],
    ]);
    await judge(as.ines, updateId, 'yes');
    expect((await told(as.ines)).find(({ kind }) => kind === 'verify')!.read).toBe(true);
    const { contribution } = await as.ines.call(readReceipt, { ...inHalden, contributionId: mine });
    expect(contribution.next.what).toBe('verification');
  });

  it('shows counts from ten on; one verdict each, the later one counts', async () => {
    const { updateId } = await delivered();
    await judge(as.ines, updateId, 'no');
    expect((await judge(as.ines, updateId, 'partly')).verification).toMatchObject({
      mine: 'partly',
      verdicts: null,
    });
    await crowd(updateId, 'yes', 9);
    const { verification } = await judge(as.tunde, updateId, 'yes');
    expect(verification.verdicts).toEqual({ yes: 10, partly: 1, no: 0 });
    const [recount] = await server.sql(
      `SELECT count(*) FILTER (WHERE verdict = 'yes')::int AS yes FROM verdict WHERE update_id = $1`,
      [updateId],
    );
    expect(recount).toEqual({ yes: 10 });
  });

  it('reopens what enough say was not done right, before everybody’s eyes, with a day; the new answer closes it', async () => {
    const { mine, updateId } = await delivered();
    await crowd(updateId, 'no', REOPEN_LEAST - 1);
    expect((await judge(as.tunde, updateId, 'yes')).verification.state).toBe('open');
    expect((await judge(as.kenji, updateId, 'no')).verification.state).toBe('reopened');
    expect(await refusal(judge(as.ines, updateId, 'no'))).toBe('update.moved');
    expect(await stepsOf(as.ines, mine)).toEqual([
      'received',
      'considered',
      'decided',
      'delivered',
      'disputed',
      'reopened',
    ]);
    const promise = await promiseOf(updateId);
    expect(promise).toMatchObject({ status: 'made', space: { kind: 'update' } });
    const body = { ...words, weDid: 'Now it really is twice as strong.' };
    await as.maren.call(correctUpdate, { ...inHalden, updateId, version: 1, body, note: 'Done again.' });
    expect(await stateOf(mine)).toBe('decided adopted');
    expect((await promiseOf(updateId)).status).toBe('kept');
    await as.maren.call(deliverUpdate, { ...inHalden, updateId });
    expect((await as.ines.call(readUpdate, { ...inHalden, updateId })).update.verification).toMatchObject({
      state: 'open',
      verdicts: null,
      mine: null,
    });
  });

  it('begins anew with a new answer: old verdicts neither reopen nor confirm it', async () => {
    const { updateId } = await delivered();
    await crowd(updateId, 'no', REOPEN_LEAST);
    await judge(as.tunde, updateId, 'no');
    await as.maren.call(correctUpdate, {
      ...inHalden,
      updateId,
      version: 1,
      body: words,
      note: 'Done again.',
    });
    const state = async () =>
      (await as.ines.call(readUpdate, { ...inHalden, updateId })).update.verification.state;
    expect(await state()).toBe('waiting');
    expect(await refusal(judge(as.kenji, updateId, 'yes'))).toBe('update.moved');
    await server.get(UpdatesService).verifyDue(halden);
    expect(await state()).toBe('waiting');
    await as.maren.call(deliverUpdate, { ...inHalden, updateId });
    expect((await judge(as.kenji, updateId, 'yes')).verification.state).toBe('open');
    // Said again it changes nothing.
    await as.maren.call(deliverUpdate, { ...inHalden, updateId });
    expect((await as.kenji.call(readUpdate, { ...inHalden, updateId })).update.verification.mine).toBe('yes');
  });

  it('can be reopened again: each time with a promise of its own, and breaking that answers what fed it', async () => {
    const { mine, updateId } = await delivered();
    const dispute = async () => {
      await crowd(updateId, 'no', REOPEN_LEAST);
      await judge(as.tunde, updateId, 'no');
    };
    const again = async (version: number) => {
      const body = { ...words, weDid: `Try ${version}.` };
      await as.maren.call(correctUpdate, { ...inHalden, updateId, version, body, note: 'Again.' });
      await as.maren.call(deliverUpdate, { ...inHalden, updateId });
    };
    await dispute();
    await again(1);
    await dispute();
    const of = async () =>
      (await as.ines.call(listPromises, inHalden)).promises
        .filter(({ space }) => space.id === updateId)
        .map(({ status }) => status);
    expect(await of()).toEqual(['made', 'kept']);
    await as.maren.call(breakPromise, {
      ...inHalden,
      spaceId: updateId,
      reason: 'It cannot be made stronger.',
    });
    expect(await of()).toEqual(['broken', 'kept']);
    expect(await stateOf(mine)).toBe('decided informedOnly');
  });

  it('stands after thirty days without enough who say no, and what was said of it is answered with it', async () => {
    const { mine, updateId } = await delivered();
    const { id } = await as.tunde.call(commentUpdate, {
      ...inHalden,
      updateId,
      opId: randomUUID(),
      body: 'It holds.',
    });
    expect(
      (await as.ines.call(readUpdate, { ...inHalden, updateId })).thread.map(({ body }) => body),
    ).toEqual(['It holds.']);
    await backdate(
      'loop_update',
      `judge_until = now(), delivered_at = now() - interval '${JUDGE_DAYS} days'`,
      updateId,
    );
    await server.get(UpdatesService).verifyDue(halden);
    expect([await stateOf(mine), await stateOf(id)]).toEqual(['verified adopted', 'decided informedOnly']);
    expect((await as.ines.call(readUpdate, { ...inHalden, updateId })).update.verification.state).toBe(
      'verified',
    );
  });

  it('is for what was adopted or adapted and is out', async () => {
    const declined = await out({ outcome: 'declined', because: 'No room.', weDid: null }, [
      await said('ines'),
    ]);
    expect(await refusal(as.maren.call(deliverUpdate, { ...inHalden, updateId: declined }))).toBe(
      'update.moved',
    );
    expect(await refusal(judge(as.ines, declined, 'yes'))).toBe('update.moved');
  });
});

describe('a promise', () => {
  const move = (to: string, reason = 'The mould is late.', from?: string) =>
    promiseOf(session).then(({ dueOn }) =>
      as.maren.call(movePromise, { ...inHalden, spaceId: session, from: from ?? dueOn, to, reason }),
    );
  const watch = () => server.get(PromisesService).watch(halden);
  const setDue = (days: number) =>
    server.sql(`UPDATE space SET answer_by = current_date + $2::int WHERE id = $1`, [session, days]);

  it('comes with every Session, before which nothing is asked', async () => {
    const promise = await promiseOf(session);
    expect(promise).toMatchObject({
      status: expect.stringMatching(/made|dueSoon/),
      owner: { name: expect.any(String) },
    });
    await expect(
      server.sql(
        `WITH r AS (INSERT INTO room (community_id, id) VALUES ($1, $2) RETURNING id)
         INSERT INTO space (community_id, id, kind, title, purpose, decision, owner_name, owner_title, answer_by)
         SELECT $1, id, 'session', 'x', 'x', 'x', 'x', '', current_date FROM r`,
        [halden, randomUUID()],
      ),
    ).rejects.toThrow(/has no promise/);
  });

  it('moves to a later day with a reason that members see and are told', async () => {
    await said('ines');
    const { dueOn: first } = await promiseOf(session);
    await move(day(40));
    expect(await promiseOf(session)).toMatchObject({
      dueOn: day(40),
      firstDueOn: first,
      moves: [{ from: first, to: day(40), reason: 'The mould is late.' }],
    });
    expect(await refusal(move(day(50), 'Again.', first))).toBe('edit.stale');
    expect(await refusal(move(day(-1)))).toBe('request.invalid');
    expect((await told(as.ines)).map(({ kind, data }) => [kind, data.on])).toEqual([
      ['promiseMoved', day(40)],
    ]);
    const { sessions } = await as.ines.call(listSessions, inHalden);
    expect(sessions.find(({ id }) => id === session)!.reportBackOn).toBe(day(40));
  });

  it('reminds its owner when it is due soon, and when it is late goes on to the managers and the brand, once each', async () => {
    const seen = async () => {
      const of = async (who: Visitor) =>
        (await told(who))
          .filter(({ kind, data }) => kind.startsWith('promise') && data.spaceId === session)
          .map(({ kind, data }) => `${kind} ${data.count ?? ''}`.trim());
      return { owner: await of(as.maria), manager: await of(as.maren) };
    };
    await setDue(3);
    await watch();
    await watch();
    expect(await seen()).toEqual({ owner: ['promiseDue'], manager: [] });
    await setDue(-1);
    await watch();
    expect(await seen()).toEqual({ owner: ['promiseLate 1', 'promiseDue'], manager: [] });
    expect((await promiseOf(session)).status).toBe('late');
    await setDue(-3);
    await watch();
    await setDue(-6);
    await watch();
    await watch();
    const { owner, manager } = await seen();
    expect(manager).toEqual(expect.arrayContaining(['promiseLate 2', 'promiseLate 3']));
    expect(owner).toEqual(expect.arrayContaining(['promiseLate 1', 'promiseLate 3']));
    await move(day(10));
    expect((await promiseOf(session)).status).toBe('made');
  });

  it('is kept by the Update that is out to the community, and everything else said there is answered by it', async () => {
    const [answered, other] = [await said('ines'), await said('kenji', 'The paint is dull.')];
    const updateId = await draft({ spaceId: session, keepsPromise: true }, [answered]);
    await submit(updateId);
    await publish(updateId, { contributorsAt: inSeconds(-1), communityAt: inSeconds(3_600), publicAt: null });
    await release();
    expect((await promiseOf(session)).status).not.toBe('kept');
    await backdate('loop_update', `community_at = now()`, updateId);
    await release();
    expect(await promiseOf(session)).toMatchObject({ status: 'kept', updates: [{ id: updateId }] });
    expect([await stateOf(answered), await stateOf(other)]).toEqual([
      'decided adopted',
      'decided informedOnly',
    ]);
    expect(
      (await as.kenji.call(readReceipt, { ...inHalden, contributionId: other })).steps.at(-1),
    ).toMatchObject({
      kind: 'decided',
      updateId,
    });
    // What comes out of moderation only now is answered as well.
    const late = await said('tunde');
    await watch();
    expect(await stateOf(late)).toBe('decided informedOnly');
    expect(await refusal(move(day(10)))).toBe('promise.ended');
  });

  it('is broken only with a public reason, which everybody who spoke there gets', async () => {
    const mine = await said('ines');
    const reason = 'The film is not made.';
    await as.maren.call(breakPromise, { ...inHalden, spaceId: session, reason });
    expect(await promiseOf(session)).toMatchObject({ status: 'broken', brokenBecause: reason });
    expect(
      (await as.ines.call(readReceipt, { ...inHalden, contributionId: mine })).steps.at(-1),
    ).toMatchObject({
      kind: 'decided',
      note: reason,
    });
    expect((await told(as.ines)).map(({ kind, data }) => [kind, data.note])).toEqual([['receipt', reason]]);
    expect(await refusal(as.maren.call(breakPromise, { ...inHalden, spaceId: session, reason }))).toBe(
      'promise.ended',
    );
  });

  it('of an Update that only its contributors know is known to them alone', async () => {
    const updateId = await draft({}, [await said('ines')]);
    await submit(updateId);
    await publish(updateId, { contributorsAt: inSeconds(-1), communityAt: inSeconds(3_600), publicAt: null });
    await release();
    const withdraw = { because: 'Too soon.', consultationId: null, answerBy: day(20) };
    await as.maren.call(withdrawUpdate, { ...inHalden, updateId, ...withdraw });
    const knows = async (who: Visitor) =>
      JSON.stringify((await who.call(listPromises, inHalden)).promises).includes(updateId);
    expect([await knows(as.ines), await knows(as.tunde), await knows(as.maren)]).toEqual([true, false, true]);
  });

  it('is not needed by the thread of an Update: what is said there is answered when its days are over', async () => {
    const updateId = await out({ outcome: 'declined', because: 'No room.', weDid: null }, [
      await said('ines'),
    ]);
    const { id } = await as.tunde.call(commentUpdate, {
      ...inHalden,
      updateId,
      opId: randomUUID(),
      body: 'A pity.',
    });
    await watch();
    expect(await stateOf(id)).toBe('received');
    await server.sql('UPDATE space SET answer_by = current_date - 1 WHERE id = $1', [updateId]);
    await watch();
    expect(await stateOf(id)).toBe('decided informedOnly');
  });

  it('to carry something out by a day is not forgotten when the day is past', async () => {
    const updateId = await out({ on: day(0) }, [await said('ines')]);
    await server.sql('UPDATE loop_update SET due_on = current_date - 1 WHERE id = $1', [updateId]);
    await watch();
    await watch();
    const late = (await told(as.maren)).filter(
      ({ kind, data }) => kind === 'promiseLate' && data.updateId === updateId,
    );
    expect(late).toHaveLength(1);
  });

  it('cannot vanish, nor change once it has ended', async () => {
    await as.maren.call(breakPromise, { ...inHalden, spaceId: session, reason: 'No.' });
    await expect(
      server.sql(
        `UPDATE promise SET status = 'made', broken_because = NULL, ended_at = NULL, ended_due_on = NULL WHERE space_id = $1`,
        [session],
      ),
    ).rejects.toThrow(/has ended/);
    const grants = await server.sql(
      `SELECT table_name FROM information_schema.role_table_grants WHERE grantee = 'parley_runtime'
         AND privilege_type = 'DELETE' AND table_name IN ('promise', 'space', 'contribution', 'loop_update')`,
    );
    expect(grants).toEqual([]);
  });

  it('counts into the Loop Rate by the day that was promised first', async () => {
    const rate = async () => (await as.ines.call(listPromises, inHalden)).rate;
    const before = await rate();
    const updateId = await out({ spaceId: session, keepsPromise: true }, [await said('ines')]);
    expect(await rate()).toMatchObject({ kept: before.kept + 1 });
    await server.sql('ALTER TABLE promise DISABLE TRIGGER promise_stays_ended');
    await server.sql(`UPDATE promise SET first_due_on = current_date - 3 WHERE kept_by = $1`, [updateId]);
    const after = await rate();
    expect(after).toMatchObject({ kept: before.kept, keptLate: before.keptLate + 1 });
    const all = after.kept + after.keptLate + after.broken + after.open;
    expect(after.rate).toBeCloseTo(after.kept / all, 10);
  });
});

describe('the demo', () => {
  it('tells of earlier days in the app, and mails nobody about them at whatever hour it is made', async () => {
    const fresh = await startTestServer();
    const [told_] = await fresh.sql(
      `SELECT count(*)::int > 0 AS told, count(*) FILTER (WHERE mail_at IS NOT NULL OR mail_id IS NOT NULL)::int AS mailed,
         (SELECT count(*)::int FROM reach_preference) AS preferences FROM notification`,
    );
    await fresh.stop();
    expect(told_).toEqual({ told: true, mailed: 0, preferences: 0 });
  });
});
