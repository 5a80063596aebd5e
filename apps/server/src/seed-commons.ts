import { everybody } from '@parley/contracts/commons';
import type { NestExpressApplication } from '@nestjs/platform-express';
import * as demo from '../demo/commons';
import * as story from '../demo/story';
import { PlacesService } from './commons/places.service';
import { TopicsService } from './commons/topics.service';
import { idOf } from './platform/ids';
import { Tenancy } from './platform/tenancy';
import { asCaller } from './seed-loop';
import { communityId, day, memberId } from './seed-ids';
import { addPhoto } from './seed-media';

/** Where a community's members talk, by the services that do it for everybody. What is there stays as it is. */
export async function addCommons(app: NestExpressApplication, folder: string, slug: string) {
  const id = communityId(slug);
  const [topics, tenancy] = [app.get(TopicsService), app.get(Tenancy)];
  for (const place of demo.places.filter(({ community }) => community === slug)) {
    const placeId = idOf('place', place.key);
    const last = idOf('op', 'topic', place.topics.at(-1)!.key);
    const isThere: unknown[] = await tenancy.inCommunity(id, (em) =>
      em.query('SELECT FROM op WHERE community_id = $1 AND id = $2', [id, last]),
    );
    if (isThere.length) continue;
    const owner = story.people.find(({ key }) => key === place.owner)!;
    const office = story.memberships.find(
      ({ community, person }) => community === slug && person === place.owner,
    );
    await app.get(PlacesService).open(asCaller(slug, place.by), {
      ...{
        placeId,
        title: place.title,
        purpose: place.purpose,
        decision: place.decision,
        informsOnly: false,
        audience: everybody,
      },
      decisionOwner: { name: owner.name, title: office?.title ?? '' },
      reportBackOn: new Date(Date.now() + place.reportBackInDays * day).toISOString().slice(0, 10),
    });
    for (const topic of place.topics) {
      const opId = idOf('op', 'topic', topic.key);
      const { photo } = topic;
      const ownerId = memberId(slug, topic.by);
      const files = photo
        ? [
            {
              mediaId: await addPhoto(app, folder, { community: id, ownerId, file: photo.file }),
              alt: photo.alt,
            },
          ]
        : [];
      const { id: topicId } = await topics.start(asCaller(slug, topic.by), {
        ...{ communityId: id, placeId, opId, title: topic.title, body: topic.body, files },
      });
      const began = Date.now() + topic.inDays * day;
      const ids: string[] = [];
      for (const [at, { by, body, to, solves }] of topic.posts.entries()) {
        const { post } = await topics.post(asCaller(slug, by), {
          ...{ communityId: id, topicId, opId: idOf('op', topic.key, at), body, quote: null, files: [] },
          parentId: to === undefined ? null : ids[to]!,
        });
        ids.push(post.id);
        if (solves) await topics.solve(asCaller(slug, topic.by), topicId, post.id);
      }
      await tenancy.inCommunity(id, async (em) => {
        const times = [topicId, ...ids].map((one, at) => ({
          id: one,
          at: new Date(began + (at ? topic.posts[at - 1]!.hoursLater * 3_600_000 : 0)).toISOString(),
        }));
        for (const table of ['contribution', 'post'])
          await em.query(
            `UPDATE ${table} SET at = t.at FROM json_to_recordset($2::json) AS t (id uuid, at timestamptz)
             WHERE ${table}.community_id = $1 AND ${table}.id = t.id`,
            [id, JSON.stringify(times)],
          );
        await em.query('UPDATE topic SET last_at = $3 WHERE community_id = $1 AND id = $2', [
          ...[id, topicId, times.at(-1)!.at],
        ]);
        // Of earlier days nobody is told today.
        await em.query(
          `UPDATE notification SET read_at = now() WHERE community_id = $1
             AND (data ->> 'topicId' = $2 OR data ->> 'contributionId' = ANY ($3))`,
          [id, topicId, ids],
        );
      });
    }
  }
}
