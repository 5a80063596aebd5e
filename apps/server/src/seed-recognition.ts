import type { NestExpressApplication } from '@nestjs/platform-express';
import { KudosReason } from '@parley/contracts/recognition';
import { ideaPlaces } from '../demo/ideas';
import * as story from '../demo/story';
import { idOf } from './platform/ids';
import { Tenancy } from './platform/tenancy';
import { KudosService } from './recognition/kudos.service';
import { OffersService } from './recognition/offers.service';
import { StandingService } from './recognition/standing.service';
import { communityId, day, memberId } from './seed-ids';
import { asCaller } from './seed-loop';

/** Of each idea so many guests thank its author, in turn. */
const THANKS = 5;

/** Thanks for what the demo's members sent, what comes of them, and what one is offered. What is there stays. */
export async function addRecognition(app: NestExpressApplication, slug: string) {
  const id = communityId(slug);
  const [kudos, tenancy, standing] = [app.get(KudosService), app.get(Tenancy), app.get(StandingService)];
  const ideas = ideaPlaces.filter(({ community }) => community === slug).flatMap((place) => place.ideas);
  const isThere: unknown[] = await tenancy.inCommunity(id, (em) =>
    em.query('SELECT FROM recognition WHERE community_id = $1 LIMIT 1', [id]),
  );
  if (isThere.length || !ideas.length) return;
  for (const [at, { key, by, inDays }] of ideas.entries()) {
    const contributionId = idOf('contribution', asCaller(slug, by).memberId, idOf('op', 'idea', key));
    const givers = story.guests.slice(at * 3, at * 3 + THANKS - (at % 3));
    for (const [turn, name] of givers.entries())
      await kudos.give(asCaller(slug, name), contributionId, KudosReason.options[(at + turn) % 4]!);
    await tenancy.inCommunity(id, (em) =>
      em.query('UPDATE kudos SET at = $3 WHERE community_id = $1 AND contribution_id = $2', [
        ...[id, contributionId, new Date(Date.now() + (inDays + 0.8) * day)],
      ]),
    );
  }
  await standing.reckon(id);
  await standing.countWeeks(id);
  await app.get(OffersService).offer(asCaller(slug, 'maren'), {
    opId: idOf('op', 'visit', slug),
    memberIds: [memberId(slug, 'ines')],
    kind: 'visit',
    words:
      'Come and see how the first strap is sewn: a morning in the workshop, in the week after the next Session.',
  });
  // Of earlier days nobody is told today.
  await tenancy.inCommunity(id, (em) =>
    em.query(
      `UPDATE notification SET read_at = CASE WHEN kind = 'kudos' THEN now() ELSE read_at END
       WHERE community_id = $1 AND kind IN ('kudos', 'recognition')`,
      [id],
    ),
  );
}
