import { randomUUID } from 'node:crypto';
import { guests } from '../demo/story';
import { GroupsService } from '../src/commons/groups.service';
import { asCaller } from '../src/seed-loop';
import { halden, memberOf, type TestServer } from './server';

/** A group of Halden that this member and four guests have founded, and that has a sponsor. */
export async function foundGroup(server: TestServer, by: string, name = 'Cargo on two wheels') {
  const groups = server.get(GroupsService);
  const groupId = randomUUID();
  const purpose = 'To carry more than one should.';
  await groups.propose(asCaller('halden', by), { communityId: halden, groupId, name, purpose });
  for (const guest of guests.slice(0, 4)) await groups.join(asCaller('halden', guest), groupId, true);
  await groups.decide(asCaller('halden', 'maren'), {
    ...{ groupId, decision: { to: 'active', sponsorId: memberOf('halden', 'maria') } },
  });
  return groupId;
}

export const meetupPlan = () => ({
  ...{ meetupId: randomUUID(), title: 'A ride', about: 'Twenty kilometres.', area: 'Leipzig, south' },
  ...{ place: 'At the pump behind the church', startsAt: '2030-05-01T10:00:00.000Z' },
});
