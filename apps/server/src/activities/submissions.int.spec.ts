import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CallError } from '@parley/client/http';
import {
  acceptSubmission,
  featureSubmission,
  listActivities,
  listShared,
  mendSubmission,
  moveActivity,
  publishActivity,
  quoteSubmission,
  readActivity,
  returnSubmission,
  saveSubmissionDraft,
  sendSubmission,
  type TaskAnswer,
  type TaskBody,
} from '@parley/contracts/activities';
import { readReceipt, withdrawContribution } from '@parley/contracts/contributions';
import { listPromises } from '@parley/contracts/loop';
import { decideItems } from '@parley/contracts/moderation';
import { readLinks } from '@parley/contracts/media';
import { saveSegment } from '@parley/contracts/profile';
import { listNotifications } from '@parley/contracts/reach';
import { text } from '@parley/contracts/text';
import { DAY, inMs, plan, publish, task } from '../../test/activities';
import { picture, sendFile, uploadFile } from '../../test/files';
import {
  halden,
  memberOf,
  refusalOf,
  startTestServer,
  type TestServer,
  until,
  type Visitor,
} from '../../test/server';
import { oddTexts } from '../../test/texts';
import { idOf } from '../platform/ids';
import { CalendarService } from './calendar.service';

let server: TestServer;
const as = {} as Record<'ines' | 'tunde' | 'lena' | 'maren' | 'samira' | 'jo' | 'chiara', Visitor>;
beforeAll(async () => {
  server = await startTestServer();
  for (const key of ['ines', 'tunde', 'lena', 'maren', 'samira', 'jo', 'chiara'] as const)
    as[key] = await server.visit(key);
});
afterAll(() => server.stop());

const inHalden = { communityId: halden };
const faultsOf = (answer: Promise<unknown>) =>
  answer.then(
    () => ({}),
    (error: CallError) => error.body.fields,
  );
const words = (of: TaskBody, text = 'In the hall.'): TaskAnswer => ({ taskId: of.id, kind: 'text', text });
const photos = (of: TaskBody, ...mediaIds: string[]): TaskAnswer => ({
  ...{ taskId: of.id, kind: 'photo', mediaIds, note: null },
});
const send = (
  who: Visitor,
  activityId: string,
  answers: TaskAnswer[],
  more: { opId?: string; entry?: number; quote?: 'named' | 'anonymous' | 'no' } = {},
) =>
  who.call(sendSubmission, {
    ...inHalden,
    activityId,
    opId: randomUUID(),
    entry: 1,
    quote: 'named',
    answers,
    ...more,
  });
const shown = async (who: Visitor, activityId: string) =>
  (await who.call(listShared, { ...inHalden, activityId })).submissions;
const page = (who: Visitor, activityId: string) => who.call(readActivity, { ...inHalden, activityId });
const newsOf = async (who: Visitor, activityId: string) =>
  (await who.call(listNotifications, inHalden)).notifications.filter(
    ({ data }) => data.activityId === activityId,
  );
let shade = 0;
const photo = () => picture(`#${(shade += 7_919).toString(16).padStart(6, '0')}`, 320, 200);

describe('a draft', () => {
  it('is kept, said again the same is the same, and what was saved elsewhere meanwhile is not written over', async () => {
    const { activityId, tasks } = await publish(as.maren);
    const save = (rev: number, text: string) =>
      as.ines.call(saveSubmissionDraft, {
        ...{ ...inHalden, activityId, entry: 1, rev, quote: null },
        answers: [words(tasks[0]!, text)],
      });
    expect((await save(0, 'In')).rev).toBe(1);
    expect((await save(1, 'In the')).rev).toBe(2);
    // The answer was lost, and it is saved again.
    expect(await refusalOf(save(1, 'In the'))).toBe('done');
    expect(await refusalOf(save(0, 'Elsewhere'))).toBe('edit.stale');
    expect(await refusalOf(save(1, 'Elsewhere'))).toBe('edit.stale');
    const { drafts } = await page(as.ines, activityId);
    expect(drafts).toMatchObject([{ entry: 1, answers: [{ text: 'In the' }] }]);
    expect((await page(as.tunde, activityId)).drafts).toEqual([]);
  });

  it('stays when the Activity is closed, and is gone once it is sent', async () => {
    const { activityId, tasks } = await publish(as.maren);
    const draft = { ...inHalden, activityId, entry: 1, answers: [words(tasks[0]!)], quote: null };
    await as.ines.call(saveSubmissionDraft, { ...draft, rev: 0 });
    await as.maren.call(moveActivity, { ...inHalden, activityId, move: { to: 'closed' } });
    expect(await refusalOf(send(as.ines, activityId, [words(tasks[0]!)]))).toBe('activity.notOpen');
    expect(await refusalOf(as.ines.call(saveSubmissionDraft, { ...draft, rev: 1 }))).toBe('done');
    expect((await page(as.ines, activityId)).drafts).toHaveLength(1);
    await as.maren.call(moveActivity, {
      ...{ ...inHalden, activityId },
      move: { to: 'published', dueAt: inMs(DAY), graceHours: 0 },
    });
    await send(as.ines, activityId, [words(tasks[0]!)]);
    expect((await page(as.ines, activityId)).drafts).toEqual([]);
  });

  it('keeps texts that were ever found to break something, as they were cleaned, or says that it cannot', async () => {
    const { activityId, tasks } = await publish(as.maren);
    let rev = 0;
    for (const words_ of oddTexts(0, 3)) {
      const answers = [words(tasks[0]!, words_)];
      const wanted = text(4_000).safeParse(words_);
      const saved = await as.ines
        .call(saveSubmissionDraft, { ...inHalden, activityId, entry: 1, rev, answers, quote: null })
        .catch((error: CallError) => error.code);
      if (!wanted.success) expect(saved).toBe('request.invalid');
      else {
        expect(saved).toMatchObject({ rev: rev + 1 });
        rev += 1;
        const [row] = await server.sql<{ text: string }>(
          `SELECT answers -> 0 ->> 'text' AS text FROM submission_draft WHERE activity_id = $1`,
          [activityId],
        );
        expect(row!.text).toBe(wanted.data);
      }
    }
    expect(rev).toBeGreaterThan(3);
  }, 60_000);
});

describe('a submission', () => {
  it('is a contribution with a receipt, sent once however often it is asked', async () => {
    const { activityId, tasks } = await publish(as.maren);
    const opId = randomUUID();
    const answers = [words(tasks[0]!, 'Two of them, on the stairs.')];
    const sent = await Promise.all(
      Array.from({ length: 20 }, () => send(as.ines, activityId, answers, { opId })),
    );
    expect(new Set(sent.map(({ submission }) => submission.id)).size).toBe(1);
    // And 200 others of the same member, each with an id of its own.
    const others = await Promise.all(
      Array.from({ length: 200 }, () => refusalOf(send(as.ines, activityId, answers))),
    );
    expect(new Set(others)).toEqual(new Set(['submission.sent']));
    const [{ submission, fate }] = sent as [(typeof sent)[0]];
    expect(submission).toMatchObject({
      state: 'submitted',
      late: false,
      entry: 1,
      mine: true,
      quote: 'named',
    });
    expect(fate.next.what).toBe('answer');
    const receipt = await as.ines.call(readReceipt, { ...inHalden, contributionId: submission.id });
    expect(receipt.contribution).toMatchObject({
      type: 'submission',
      body: 'Two of them, on the stairs.',
      space: { kind: 'activity', title: 'A try', owner: { name: 'Maria Kessler' } },
    });
    expect(await server.sql('SELECT FROM submission WHERE activity_id = $1', [activityId])).toHaveLength(1);
  });

  it('is refused with what is wrong at which task', async () => {
    const tasks = [
      task('text'),
      task('pick', { most: 1 }),
      task('rank'),
      task('scale'),
      task('text', { required: false }),
    ];
    const { activityId } = await publish(as.maren, { tasks });
    const [text, pick, rank, scale, extra] = tasks as [TaskBody, TaskBody, TaskBody, TaskBody, TaskBody];
    const [one, two] = pick.options.map(({ id }) => id) as [string, string];
    const ranked = rank.options.map(({ id }) => id);
    const good: TaskAnswer[] = [
      words(text),
      { taskId: pick.id, kind: 'pick', choices: [one] },
      { taskId: rank.id, kind: 'rank', order: ranked },
      { taskId: scale.id, kind: 'scale', value: 5 },
    ];
    const but = (at: number, answer: TaskAnswer | null) =>
      faultsOf(send(as.ines, activityId, answer ? good.with(at, answer) : good.toSpliced(at, 1)));
    expect(await but(0, null)).toEqual({ [`answers.${text.id}`]: 'missing' });
    expect(await but(1, { taskId: pick.id, kind: 'pick', choices: [one, two] })).toEqual({
      [`answers.${pick.id}`]: 'tooMany',
    });
    expect(await but(1, { taskId: pick.id, kind: 'pick', choices: [randomUUID()] })).toEqual({
      [`answers.${pick.id}`]: 'notAnOption',
    });
    expect(await but(2, { taskId: rank.id, kind: 'rank', order: ranked.slice(1) })).toEqual({
      [`answers.${rank.id}`]: 'notAllRanked',
    });
    expect(await but(3, { taskId: scale.id, kind: 'scale', value: 9 })).toEqual({
      [`answers.${scale.id}`]: 'offTheScale',
    });
    expect(await but(3, words(scale))).toEqual({ [`answers.${scale.id}`]: 'otherKind' });
    expect(extra.required).toBe(false);
    const { submission } = await send(as.ines, activityId, good);
    expect(submission.answers).toHaveLength(4);
  });

  it('is late within the grace, and refused after it, before it opens, and of an entry that is not there', async () => {
    const late = await publish(as.maren, { opensAt: inMs(-DAY), dueAt: inMs(-3_600_000), graceHours: 2 });
    expect((await send(as.ines, late.activityId, [words(late.tasks[0]!)])).submission.late).toBe(true);
    const over = await publish(as.maren, { opensAt: inMs(-DAY), dueAt: inMs(-3_600_000) });
    expect(await refusalOf(send(as.ines, over.activityId, [words(over.tasks[0]!)]))).toBe('activity.notOpen');
    const early = await publish(as.maren, { opensAt: inMs(DAY) });
    expect(await refusalOf(send(as.ines, early.activityId, [words(early.tasks[0]!)]))).toBe(
      'activity.notOpen',
    );
    expect(await refusalOf(send(as.ines, early.activityId, [words(early.tasks[0]!)], { entry: 2 }))).toBe(
      'request.notFound',
    );
  });

  it('of a diary comes once an entry: what was missed may come late, what is to come may not', async () => {
    const { activityId, tasks } = await publish(as.maren, {
      opensAt: inMs(-1.5 * DAY),
      diary: { every: 'day', entries: 4 },
    });
    const { activity } = await page(as.ines, activityId);
    expect(activity.mine).toMatchObject({ entry: 1, sent: 0 });
    const sendEntry = (entry: number) =>
      send(as.ines, activityId, [words(tasks[0]!, `Day ${entry}.`)], { entry });
    expect((await sendEntry(2)).submission.late).toBe(false);
    expect((await sendEntry(1)).submission.late).toBe(true);
    expect(await refusalOf(sendEntry(2))).toBe('submission.sent');
    expect(await refusalOf(sendEntry(3))).toBe('activity.notOpen');
    expect((await page(as.ines, activityId)).activity.mine).toMatchObject({ entry: null, sent: 2 });
  });

  it('is seen by whom the Activity says: all; those who have sent theirs; the team alone', async () => {
    const open = await publish(as.maren);
    await send(as.ines, open.activityId, [words(open.tasks[0]!)]);
    expect(await shown(as.tunde, open.activityId)).toMatchObject([{ author: { handle: 'Ines from Porto' } }]);

    const after = await publish(as.maren, { visibility: 'afterAnswer' });
    await send(as.ines, after.activityId, [words(after.tasks[0]!)]);
    expect(await shown(as.tunde, after.activityId)).toEqual([]);
    expect((await page(as.tunde, after.activityId)).others).toBeNull();
    await send(as.tunde, after.activityId, [words(after.tasks[0]!)]);
    expect(await shown(as.tunde, after.activityId)).toHaveLength(1);
    expect((await page(as.tunde, after.activityId)).others).toBe(1);

    const team = await publish(as.maren, { visibility: 'team' });
    await send(as.ines, team.activityId, [words(team.tasks[0]!)]);
    await send(as.tunde, team.activityId, [words(team.tasks[0]!)]);
    expect(await shown(as.tunde, team.activityId)).toEqual([]);
    expect((await send(as.lena, team.activityId, [words(team.tasks[0]!)])).fate.teamOnly).toBe(true);
  });

  it('waits for a moderator where the Activity says so', async () => {
    const { activityId, tasks } = await publish(as.maren, { approveFirst: true });
    const { submission, fate } = await send(as.ines, activityId, [words(tasks[0]!)]);
    expect([submission.state, fate.next.what]).toEqual(['waiting', 'decision']);
    expect(await shown(as.tunde, activityId)).toEqual([]);
    await as.samira.call(decideItems, {
      ...{ ...inHalden, contributionIds: [submission.id], decision: { action: 'approve' } },
    });
    expect(await shown(as.tunde, activityId)).toHaveLength(1);
  });

  it('goes back with a reason, is mended, and waits to be looked at again', async () => {
    const { activityId, tasks } = await publish(as.maren);
    const { submission } = await send(as.ines, activityId, [words(tasks[0]!)]);
    const one = { ...inHalden, activityId, submissionId: submission.id };
    const taskIds = [tasks[0]!.id];
    const back = await as.samira.call(returnSubmission, { ...one, note: 'Which hall?', taskIds });
    expect(back.state).toBe('returned');
    expect(await refusalOf(as.samira.call(returnSubmission, { ...one, note: 'Again.', taskIds }))).toBe(
      'activity.moved',
    );
    const mine = (await page(as.ines, activityId)).submissions[0]!;
    expect(mine.returned).toEqual({ reason: null, note: 'Which hall?', taskIds });
    expect(await shown(as.tunde, activityId)).toEqual([]);
    const mended = { ...one, answers: [words(tasks[0]!, 'The one at home.')], quote: 'no' as const };
    expect(await refusalOf(as.tunde.call(mendSubmission, mended))).toBe('request.notFound');
    expect((await as.ines.call(mendSubmission, mended)).submission).toMatchObject({
      ...{ state: 'waiting', returned: null, quote: 'no' },
      answers: [{ text: 'The one at home.' }],
    });
    const steps = await as.ines.call(readReceipt, { ...inHalden, contributionId: submission.id });
    expect(steps.steps.map(({ kind }) => kind)).toEqual(['received', 'returned', 'resubmitted', 'held']);
    expect((await as.samira.call(acceptSubmission, one)).state).toBe('accepted');
    expect(await shown(as.tunde, activityId)).toMatchObject([{ answers: [{ text: 'The one at home.' }] }]);
  });

  it('cannot be sent again in other words by the way of comments', async () => {
    const { activityId, tasks } = await publish(as.maren);
    const { submission } = await send(as.ines, activityId, [words(tasks[0]!)]);
    for (const decision of [
      { action: 'reword', body: 'Elsewhere.' },
      { action: 'split', parts: ['One.', 'Two.'] },
    ] as const) {
      const { decided } = await as.samira.call(decideItems, {
        ...{ ...inHalden, contributionIds: [submission.id], decision: decision as never },
      });
      expect(decided).toMatchObject([{ result: 'refused' }]);
    }
  });

  it('is featured with consent alone: also for the database', async () => {
    const { activityId, tasks } = await publish(as.maren);
    const { submission } = await send(as.ines, activityId, [words(tasks[0]!)], { quote: 'anonymous' });
    await send(as.lena, activityId, [words(tasks[0]!)]);
    const one = { ...inHalden, activityId, submissionId: submission.id };
    const feature = (featured = true) => as.samira.call(featureSubmission, { ...one, featured });
    expect(await refusalOf(feature())).toBe('activity.moved');
    await as.samira.call(acceptSubmission, one);
    expect((await feature()).state).toBe('featured');
    const [first] = await shown(as.tunde, activityId);
    expect(first).toMatchObject({ id: submission.id, state: 'featured', author: { handle: '' } });
    expect(JSON.stringify(first)).not.toContain(memberOf('halden', 'ines'));
    // Whoever takes the consent back is not shown first any more, at once.
    await as.ines.call(quoteSubmission, { ...one, quote: 'no' });
    expect((await shown(as.tunde, activityId)).map(({ state }) => state)).not.toContain('featured');
    expect(await refusalOf(feature())).toBe('submission.noConsent');
    await expect(
      server.sql('UPDATE submission SET featured_at = now() WHERE id = $1', [submission.id]),
    ).rejects.toThrow(/featured_with_consent/);
    const steps = await as.ines.call(readReceipt, { ...inHalden, contributionId: submission.id });
    expect(steps.steps.map(({ kind }) => kind)).toEqual(['received', 'accepted', 'featured']);
  });
});

describe('files of a submission', () => {
  it('are seen once they are ready, by whom the submission is for, and by nobody once it is taken back', async () => {
    const photoTask = task('photo');
    const { activityId } = await publish(as.maren, { tasks: [photoTask], visibility: 'afterAnswer' });
    const mediaId = await sendFile(server, as.ines, await photo(), 'submission');
    const sees = async (who: Visitor) =>
      (await who.call(readLinks, { ...inHalden, ids: mediaId })).links.length === 1;
    // Before it is sent it is its owner's.
    expect([await sees(as.ines), await sees(as.tunde), await sees(as.samira)]).toEqual([true, false, false]);
    const { submission } = await send(as.ines, activityId, [photos(photoTask, mediaId)]);
    expect(submission).toMatchObject({ state: 'submitted', media: [{ id: mediaId, state: 'ready' }] });
    expect([await sees(as.ines), await sees(as.tunde), await sees(as.samira)]).toEqual([true, false, true]);
    await send(as.tunde, activityId, [
      photos(photoTask, await sendFile(server, as.tunde, await photo(), 'submission')),
    ]);
    expect(await sees(as.tunde)).toBe(true);
    const { links } = await as.tunde.call(readLinks, { ...inHalden, ids: mediaId });
    const url = links[0]!.pictures[0]!.url;
    expect((await as.tunde.request(url)).status).toBe(200);
    expect((await as.chiara.request(url)).status).toBe(404);
    await as.ines.call(withdrawContribution, { ...inHalden, contributionId: submission.id });
    expect((await as.tunde.request(url)).status).toBe(404);
    expect([await sees(as.ines), await sees(as.tunde), await sees(as.samira)]).toEqual([false, false, false]);
    // Its bytes are gone, and another may be sent.
    const [row] = await server.sql<{ state: string; sha256: null }>(
      'SELECT state, sha256 FROM media WHERE id = $1',
      [mediaId],
    );
    expect(row).toEqual({ state: 'removed', sha256: null });
    const again = await sendFile(server, as.ines, await photo(), 'submission');
    expect(await refusalOf(send(as.ines, activityId, [photos(photoTask, again)]))).toBe('done');
  });

  it('must be one’s own, here, and in no other submission', async () => {
    const photoTask = task('photo');
    const [one, two] = [
      await publish(as.maren, { tasks: [photoTask] }),
      await publish(as.maren, { tasks: [task('photo')] }),
    ];
    const theirs = await sendFile(server, as.tunde, await photo(), 'submission');
    const mine = await sendFile(server, as.ines, await photo(), 'submission');
    const given = (id: string) => send(as.ines, one.activityId, [photos(photoTask, id)]);
    expect(await faultsOf(given(theirs))).toEqual({ [`answers.${photoTask.id}`]: 'files that have arrived' });
    expect(await refusalOf(given(randomUUID()))).toBe('media.notReady');
    expect(await refusalOf(given(mine))).toBe('done');
    expect(await refusalOf(send(as.ines, two.activityId, [photos(two.tasks[0]!, mine)]))).toBe(
      'media.notReady',
    );
    // What a submission rests on is not taken away alone.
    const answer = await as.ines.request(`/api/c/${halden}/uploads/${mine}`, {
      method: 'DELETE',
      headers: { 'tus-resumable': '1.0.0' },
    });
    expect(answer.status).toBe(409);
  });

  it('that turn out to be none send it back by itself, with what and why', async () => {
    const photoTask = task('photo');
    const { activityId } = await publish(as.maren, { tasks: [task('text'), photoTask] });
    const { tasks } = await page(as.ines, activityId);
    const bad = await uploadFile(
      as.ines,
      Buffer.concat([await photo(), Buffer.alloc(10)]).subarray(0, 60),
      'submission',
    );
    await until(async () => {
      const [row] = await server.sql<{ state: string }>('SELECT state FROM media WHERE id = $1', [bad]);
      return row?.state !== 'receiving';
    });
    const outcome = await send(as.ines, activityId, [words(tasks[0]!), photos(photoTask, bad)]).catch(
      (error: CallError) => error.code,
    );
    // Quick as the workshop is, it may have been refused before it was sent.
    if (outcome === 'media.notReady') return;
    await until(async () => (await page(as.ines, activityId)).submissions[0]?.state === 'returned');
    const [mine] = (await page(as.ines, activityId)).submissions;
    expect(mine!.returned!.taskIds).toEqual([photoTask.id]);
    expect(mine!.media).toMatchObject([{ id: bad, state: 'refused', refusal: 'unreadable' }]);
    expect(await newsOf(as.ines, activityId)).toMatchObject([
      { kind: 'fileRefused', data: { refusal: 'unreadable', file: 'a file', title: 'A try' } },
    ]);
    const good = await sendFile(server, as.ines, await photo(), 'submission');
    const { submission } = await as.ines.call(mendSubmission, {
      ...{ ...inHalden, activityId, submissionId: mine!.id, quote: 'named' },
      answers: [words(tasks[0]!), photos(photoTask, good)],
    });
    expect(submission).toMatchObject({ state: 'waiting', media: [{ id: good }] });
  });
});

describe('an Activity', () => {
  it('is for its segment alone, and for nobody of another community', async () => {
    const { activityId, tasks } = await publish(as.maren, { segmentId: idOf('segment', 'halden', 'daily') });
    expect(await refusalOf(page(as.lena, activityId))).toBe('done');
    expect(await refusalOf(page(as.tunde, activityId))).toBe('request.notFound');
    expect(await refusalOf(send(as.tunde, activityId, [words(tasks[0]!)]))).toBe('request.notFound');
    const listed = async (who: Visitor) =>
      (await who.call(listActivities, inHalden)).activities.some(({ id }) => id === activityId);
    expect([await listed(as.lena), await listed(as.tunde), await listed(as.samira)]).toEqual([
      true,
      false,
      true,
    ]);
    const promised = async (who: Visitor) =>
      (await who.call(listPromises, inHalden)).promises.some(({ space }) => space.id === activityId);
    expect([await promised(as.lena), await promised(as.tunde), await promised(as.samira)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('does not ask what is known already', async () => {
    const known = task('pick', {
      ...{ most: 1, fact: 'ownership' },
      options: ['Rides a Halden', 'Rides another make, or none'].map((label) => ({
        id: randomUUID(),
        label,
      })),
    });
    const { activityId } = await publish(as.maren, { tasks: [known] });
    expect((await page(as.lena, activityId)).known).toMatchObject([
      { taskId: known.id, optionId: known.options[0]!.id },
    ]);
    expect((await page(as.tunde, activityId)).known).toMatchObject([{ optionId: known.options[1]!.id }]);
  });

  it('is not published without a purpose, an owner and a day to report back, nor with what is not there', async () => {
    const publishing = (more: object) =>
      faultsOf(
        as.maren.call(publishActivity, {
          ...{ ...inHalden, activityId: randomUUID() },
          body: { ...plan(), ...more } as never,
        }),
      );
    expect(await publishing({ purpose: ' ' })).toHaveProperty(['body.purpose']);
    expect(await publishing({ decisionOwner: { name: '', title: '' } })).toHaveProperty([
      'body.decisionOwner.name',
    ]);
    expect(await publishing({ reportBackOn: undefined })).toHaveProperty(['body.reportBackOn']);
    expect(await publishing({ reportBackOn: '2001-01-01' })).toHaveProperty(['body.reportBackOn']);
    expect(await publishing({ assetIds: [randomUUID()] })).toHaveProperty(['assetIds.0']);
    expect(await publishing({ segmentId: randomUUID() })).toHaveProperty(['segmentId']);
    expect(await publishing({ tasks: [] })).toHaveProperty(['body.tasks']);
    expect(await publishing({ diary: { every: 'week', entries: 9 } })).toHaveProperty(['body.dueAt']);
  });

  it('is asked of those of whom little was asked lately: chosen once, and kept though they are asked now', async () => {
    const daily = idOf('segment', 'halden', 'daily');
    const { activityId, tasks } = await publish(as.maren, { segmentId: daily });
    await server.get(CalendarService).turn(halden);
    await send(as.lena, activityId, [words(tasks[0]!)]);
    const choose = async (
      fact: 'asked.30' | 'sent.30',
      is: 'atMost' | 'atLeast',
      value: number,
      freeze = true,
    ) => {
      const rule = [{ fact, is, value }];
      const segmentId = randomUUID();
      await as.maren.call(saveSegment, { ...inHalden, segmentId, name: `${fact} ${is}`, rule, freeze });
      return segmentId;
    };
    const [{ asked }] = (await server.sql<{ asked: number }>(
      `SELECT count(*)::int AS asked FROM notification WHERE member_id = $1 AND kind = 'activity'`,
      [memberOf('halden', 'tunde')],
    )) as [{ asked: number }];
    expect(await refusalOf(choose('asked.30', 'atMost', asked, false))).toBe('request.invalid');
    const whom = async (segmentId: string) => {
      const { activityId: id } = await publish(as.maren, { segmentId });
      await server.get(CalendarService).turn(halden);
      return [await refusalOf(page(as.lena, id)), await refusalOf(page(as.tunde, id))];
    };
    const rested = await choose('asked.30', 'atMost', asked);
    expect(await whom(rested)).toEqual(['request.notFound', 'done']);
    // He has been asked now, and is asked again: the group is who it was.
    expect(await whom(rested)).toEqual(['request.notFound', 'done']);
    expect((await whom(await choose('sent.30', 'atLeast', 1)))[0]).toBe('done');
    expect(await whom(await choose('sent.30', 'atLeast', 999))).toEqual([
      'request.notFound',
      'request.notFound',
    ]);
  });

  it('tells those it is for when it opens, and reminds before it is due those alone who have not done it, once a day', async () => {
    const { activityId, tasks } = await publish(as.maren, {
      ...{ opensAt: inMs(-2 * DAY), dueAt: inMs(DAY / 2), segmentId: idOf('segment', 'halden', 'daily') },
    });
    await send(as.lena, activityId, [words(tasks[0]!)]);
    const calendar = server.get(CalendarService);
    for (let turn = 0; turn < 3; turn += 1) await calendar.turn(halden);
    const kinds = async (who: Visitor) => (await newsOf(who, activityId)).map(({ kind }) => kind).sort();
    const emre = await server.visit('emre');
    expect(await kinds(emre)).toEqual(['activity', 'activityDue']);
    expect(await kinds(as.lena)).toEqual(['activity']);
    expect(await kinds(as.tunde)).toEqual([]);
    // Done: what waits to be mailed is not, and it counts as read.
    await send(emre, activityId, [words(tasks[0]!)]);
    expect((await newsOf(emre, activityId)).every(({ read }) => read)).toBe(true);
    const mails = await server.sql(
      'SELECT FROM notification WHERE data ->> $1 = $2 AND member_id = $3 AND mail_at IS NOT NULL',
      [...['activityId', activityId, memberOf('halden', 'emre')]],
    );
    expect(mails).toEqual([]);
  });
});
