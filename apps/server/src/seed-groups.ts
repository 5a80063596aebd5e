import type { NestExpressApplication } from '@nestjs/platform-express';
import * as demo from '../demo/groups';
import { CallsService } from './commons/calls.service';
import { GroupsService } from './commons/groups.service';
import { MeetupsService } from './commons/meetups.service';
import { TopicsService } from './commons/topics.service';
import { idOf } from './platform/ids';
import { Tenancy } from './platform/tenancy';
import { communityId, day, memberId } from './seed-ids';
import { asCaller } from './seed-loop';

/** Small groups of a community, by the services that do it for everybody. What is there stays as it is. */
export async function addGroups(app: NestExpressApplication, slug: string) {
  const id = communityId(slug);
  const [groups, meetups, calls] = [app.get(GroupsService), app.get(MeetupsService), app.get(CallsService)];
  const tenancy = app.get(Tenancy);
  for (const { key, by, name, purpose, members, sponsor, ...more } of demo.groups.filter(
    ({ community }) => community === slug,
  )) {
    const groupId = idOf('group', key);
    const isThere: unknown[] = await tenancy.inCommunity(id, (em) =>
      em.query('SELECT FROM micro_group WHERE community_id = $1 AND id = $2', [id, groupId]),
    );
    if (isThere.length) continue;
    await groups.propose(asCaller(slug, by), { communityId: id, groupId, name, purpose });
    for (const who of members) await groups.join(asCaller(slug, who), groupId, true);
    if (!sponsor) continue;
    const decision = { to: 'active' as const, sponsorId: memberId(slug, sponsor) };
    await groups.decide(asCaller(slug, 'maren'), { groupId, decision });
    const { meetup, call, topic } = more;
    if (topic)
      await app.get(TopicsService).start(asCaller(slug, topic.by), {
        ...{ communityId: id, placeId: groupId, title: topic.title, body: topic.body, files: [] },
        opId: idOf('op', 'group topic', key),
      });
    if (meetup) {
      const { by: planner, inDays, coming, ...plan } = meetup;
      const meetupId = idOf('meetup', key);
      await meetups.save(asCaller(slug, planner), {
        ...{ communityId: id, groupId, meetupId, ...plan, cancelled: false },
        startsAt: new Date(Math.ceil(Date.now() / day + inDays) * day - day / 4).toISOString(),
      });
      for (const who of coming) await meetups.answer(asCaller(slug, who), groupId, meetupId, true);
    }
    if (call) {
      const callId = idOf('call', key);
      const { title, questions } = call;
      await groups.call(asCaller(slug, call.by), { communityId: id, groupId, callId, title, questions });
      for (const who of call.signed) await calls.setSigned(asCaller(slug, who), callId, true);
    }
    // Of earlier days nobody is told today.
    await tenancy.inCommunity(id, (em) =>
      em.query(
        `UPDATE notification SET read_at = now() WHERE community_id = $1 AND data ->> 'groupId' = $2`,
        [id, groupId],
      ),
    );
  }
}
