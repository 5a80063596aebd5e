import type { NestExpressApplication } from '@nestjs/platform-express';
import type { ActivityBody, TaskAnswer, TaskBody } from '@parley/contracts/activities';
import * as demo from '../demo/activities';
import * as story from '../demo/story';
import { ActivitiesService } from './activities/activities.service';
import { GalleryService } from './activities/gallery.service';
import { SubmissionsService } from './activities/submissions.service';
import { idOf } from './platform/ids';
import { Tenancy } from './platform/tenancy';
import { asCaller } from './seed-loop';
import { addPhoto } from './seed-media';
import { assetId, communityId, day, memberId } from './seed-ids';

const activityId = (key: string) => idOf('activity', key);
const inDays = (days: number) => new Date(Date.now() + days * day).toISOString();

/** What a community's members were asked to do, and what they sent, by the services that do it for everybody. Whole or not there. */
export async function addActivities(app: NestExpressApplication, folder: string, slug: string) {
  const id = communityId(slug);
  const tenancy = app.get(Tenancy);
  for (const activity of demo.activities.filter(({ community }) => community === slug)) {
    const ofOne = [id, activityId(activity.key)];
    // Its times are set last: it is there once they are.
    const there: unknown[] = await tenancy.inCommunity(id, (em) =>
      em.query(
        `SELECT FROM activity WHERE community_id = $1 AND id = $2 AND due_at <> opens_at + interval '1000 days'`,
        ofOne,
      ),
    );
    if (there.length) continue;
    const tasks = activity.tasks.map((task) => taskOf(activity.key, task));
    await app.get(ActivitiesService).publish(asCaller(slug, activity.by), activityId(activity.key), {
      ...bodyOf(activity, tasks),
      dueAt: inDays(activity.opensInDays + 1_000),
      reportBackOn: inDays(1_100).slice(0, 10),
    });
    // Of what was long ago nobody is told today.
    await tenancy.inCommunity(id, (em) =>
      em.query('UPDATE activity SET announced_at = opens_at WHERE community_id = $1 AND id = $2', ofOne),
    );
    for (const sent of activity.sent) await addSent(app, folder, activity, tasks, sent);
    const due = inDays(activity.dueInDays);
    const reportBackOn = inDays(activity.reportBackInDays).slice(0, 10);
    await tenancy.inCommunity(id, async (em) => {
      await em.query(
        `UPDATE activity SET due_at = $3, body = body || $4 WHERE community_id = $1 AND id = $2`,
        [...ofOne, due, JSON.stringify({ dueAt: due, reportBackOn })],
      );
      await em.query('UPDATE space SET answer_by = $3 WHERE community_id = $1 AND id = $2', [
        ...ofOne,
        reportBackOn,
      ]);
      await em.query('UPDATE promise SET first_due_on = $3 WHERE community_id = $1 AND space_id = $2', [
        ...ofOne,
        reportBackOn,
      ]);
    });
  }
}

async function addSent(
  app: NestExpressApplication,
  folder: string,
  activity: demo.DemoActivity,
  tasks: TaskBody[],
  { who, entry = 1, quote, answers, inDays: when, accepted, featured }: demo.DemoSent,
) {
  const slug = activity.community;
  const id = communityId(slug);
  const given: TaskAnswer[] = [];
  for (const [place, task] of activity.tasks.entries()) {
    const answer = answers[task.key];
    const taskId = tasks[place]!.id;
    if (answer === undefined) continue;
    if (typeof answer === 'string') given.push({ taskId, kind: 'text', text: answer });
    else if (typeof answer === 'number') given.push({ taskId, kind: 'scale', value: answer });
    else if (Array.isArray(answer))
      given.push({
        taskId,
        kind: 'pick',
        choices: answer.map((key) => optionId(activity.key, task.key, key)),
      });
    else if ('pins' in answer)
      given.push({ taskId, kind: 'place', pins: answer.pins.map(([x, y, note]) => ({ x, y, note })) });
    else {
      const mediaIds: string[] = [];
      for (const file of answer.files)
        mediaIds.push(await addPhoto(app, folder, { community: id, ownerId: memberId(slug, who), file }));
      given.push({ taskId, kind: 'photo', mediaIds, note: null });
    }
  }
  const opId = idOf('op', activity.key, who, entry);
  const { submission } = await app.get(SubmissionsService).send(asCaller(slug, who), {
    ...{ communityId: id, activityId: activityId(activity.key), opId, entry, quote, answers: given },
  });
  const gallery = app.get(GalleryService);
  if (accepted) await gallery.accept(asCaller(slug, accepted), activityId(activity.key), submission.id);
  if (featured)
    await gallery.feature(asCaller(slug, accepted!), activityId(activity.key), submission.id, true);
  await app.get(Tenancy).inCommunity(id, async (em) => {
    for (const [table, column] of [
      ['submission', 'sent_at'],
      ['contribution', 'at'],
    ])
      await em.query(`UPDATE ${table} SET ${column} = $3 WHERE community_id = $1 AND id = $2`, [
        ...[id, submission.id, inDays(when)],
      ]);
    // It is read as it was then: nobody is told today.
    await em.query(
      `UPDATE notification SET read_at = now() WHERE community_id = $1 AND data ->> 'contributionId' = $2`,
      [...[id, submission.id]],
    );
  });
}

function bodyOf(activity: demo.DemoActivity, tasks: TaskBody[]): ActivityBody {
  const { title, purpose, decision, instructions, visibility, diary, assets } = activity;
  const owner = story.people.find(({ key }) => key === activity.owner)!;
  const office = story.memberships.find(
    ({ community, person }) => community === activity.community && person === activity.owner,
  );
  return {
    ...{ title, purpose, decision, instructions, visibility, diary, tasks },
    decisionOwner: { name: owner.name, title: office?.title ?? '' },
    ...{ reportBackOn: inDays(activity.reportBackInDays).slice(0, 10), informsOnly: false, segmentId: null },
    ...{ assetIds: assets.map(assetId), approveFirst: false, graceHours: 24 },
    ...{ opensAt: inDays(activity.opensInDays), dueAt: inDays(activity.dueInDays) },
  };
}

const optionId = (...of: string[]) => idOf('option', ...of);

function taskOf(activity: string, task: demo.DemoTask): TaskBody {
  const {
    key,
    kind,
    prompt,
    help = null,
    options = [],
    most = 1,
    scale,
    asset,
    fact = null,
    required = true,
  } = task;
  return {
    ...{ id: idOf('task', activity, key), kind, prompt, help, required, most, fact },
    options: options.map(([name, label]) => ({ id: optionId(activity, key, name), label })),
    scale: scale ? { from: scale[0], to: scale[1], fromLabel: scale[2], toLabel: scale[3] } : null,
    assetId: asset ? assetId(asset) : null,
  };
}
