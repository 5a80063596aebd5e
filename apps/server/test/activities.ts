import { randomUUID } from 'node:crypto';
import { type ActivityBody, publishActivity, type TaskBody } from '@parley/contracts/activities';
import { halden, type Visitor } from './server';

/** A task with everything that its kind needs. */
export const task = (kind: TaskBody['kind'], more: Partial<TaskBody> = {}): TaskBody => ({
  ...{
    id: randomUUID(),
    kind,
    prompt: `Your ${kind}?`,
    help: null,
    required: true,
    most: 3,
    assetId: null,
    fact: null,
  },
  options:
    kind === 'pick' || kind === 'rank'
      ? ['one', 'two', 'three'].map((label) => ({ id: randomUUID(), label }))
      : [],
  scale: kind === 'scale' ? { from: 1, to: 5, fromLabel: 'low', toLabel: 'high' } : null,
  ...more,
});

/** From now, or that many ms from it. */
export const inMs = (ms = 0) => new Date(Date.now() + ms).toISOString();
export const DAY = 86_400_000;

/** An Activity that is open now, for everybody, with one line to write. */
export const plan = (more: Partial<ActivityBody> = {}): ActivityBody => ({
  ...{ title: 'A try', purpose: 'To see.', decision: 'What we build.', informsOnly: false },
  decisionOwner: { name: 'Maria Kessler', title: 'VP Product' },
  reportBackOn: inMs(60 * DAY).slice(0, 10),
  ...{ instructions: 'Please do it.', assetIds: [], segmentId: null },
  ...{ opensAt: inMs(-3_600_000), dueAt: inMs(3 * DAY), graceHours: 0 },
  ...{ visibility: 'open', approveFirst: false, diary: null, tasks: [task('text')] },
  ...more,
});

/** Publishes one as this person; answers its id and its body. */
export async function publish(by: Visitor, more: Partial<ActivityBody> = {}, communityId = halden) {
  const body = plan(more);
  const activityId = randomUUID();
  await by.call(publishActivity, { communityId, activityId, body });
  return { activityId, body, tasks: body.tasks };
}
