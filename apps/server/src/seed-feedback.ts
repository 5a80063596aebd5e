import type { NestExpressApplication } from '@nestjs/platform-express';
import * as demo from '../demo/feedback';
import { FeedbackService } from './commons/feedback.service';
import { idOf } from './platform/ids';
import { Tenancy } from './platform/tenancy';
import { assetId, communityId, day } from './seed-ids';
import { asCaller } from './seed-loop';

/** What members said without being asked, by the service that takes it from everybody. What is there stays as it is. */
export async function addFeedback(app: NestExpressApplication, slug: string) {
  if (slug !== demo.feedbackOf) return;
  const id = communityId(slug);
  const service = app.get(FeedbackService);
  const isThere: unknown[] = await app
    .get(Tenancy)
    .inCommunity(id, (em) => em.query('SELECT FROM feedback WHERE community_id = $1 LIMIT 1', [id]));
  if (isThere.length) return;
  const maren = asCaller(slug, 'maren');
  await service.set(maren, {
    ...{ communityId: id, owner: { name: 'Maren Vogt', title: 'Community manager' }, replyDays: 5 },
    reportBackOn: new Date(Date.now() + 90 * day).toISOString().slice(0, 10),
  });
  for (const { page, prompt } of demo.prompts)
    await service.setPrompt(maren, { communityId: id, page, assetId: null, prompt });
  for (const [at, { by, page, mood, body, asset, second }] of demo.feedback.entries())
    await service.send(asCaller(slug, by), {
      ...{ communityId: id, opId: idOf('op', 'feedback', at), page, mood, body },
      ...{ assetId: asset ? assetId(asset) : null, second: second ?? null },
    });
}
