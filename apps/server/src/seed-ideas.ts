import type { NestExpressApplication } from '@nestjs/platform-express';
import { everybody } from '@parley/contracts/commons';
import * as demo from '../demo/ideas';
import * as story from '../demo/story';
import { ContextService } from './commons/context.service';
import { IdeaDeskService } from './commons/idea-desk.service';
import { IdeasService } from './commons/ideas.service';
import { PlacesService } from './commons/places.service';
import { TopicsService } from './commons/topics.service';
import { idOf } from './platform/ids';
import { Tenancy } from './platform/tenancy';
import { communityId, day, memberId } from './seed-ids';
import { asCaller } from './seed-loop';

const hour = 3_600_000;
/** How many of the guests rate. */
const RATERS = 36;
const placeIdOf = (key: string) => idOf('place', key);

/** What a community's members are asked for, by the services that do it for everybody. What is there stays as it is. */
export async function addIdeas(app: NestExpressApplication, slug: string) {
  const id = communityId(slug);
  const tenancy = app.get(Tenancy);
  for (const place of demo.ideaPlaces.filter(({ community }) => community === slug)) {
    const last = idOf('op', 'idea', place.ideas.at(-1)!.key);
    const isThere: unknown[] = await tenancy.inCommunity(id, (em) =>
      em.query('SELECT FROM op WHERE community_id = $1 AND id = $2', [id, last]),
    );
    if (!isThere.length) await addPlace(app, slug, place);
  }
}

async function addPlace(app: NestExpressApplication, slug: string, place: demo.DemoIdeaPlace) {
  const id = communityId(slug);
  const context = app.get(ContextService);
  const owner = story.people.find(({ key }) => key === place.owner)!;
  const office = story.memberships.find(
    ({ community, person }) => community === slug && person === place.owner,
  );
  const placeId = placeIdOf(place.key);
  const { kind, title, purpose, decision, acknowledgeDays, contextRequired } = place;
  await app.get(PlacesService).openForIdeas(asCaller(slug, place.by), {
    ...{ placeId, kind, title, purpose, decision, acknowledgeDays, contextRequired, closesAt: null },
    ...{ informsOnly: false, audience: everybody },
    decisionOwner: { name: owner.name, title: office?.title ?? '' },
    reportBackOn: new Date(Date.now() + place.reportBackInDays * day).toISOString().slice(0, 10),
    cards: place.cards.map(({ key, ...card }) => ({ ...card, id: idOf('card', key) })),
    areas: place.areas.map(({ key, label, owner: by }) => ({
      ...{ id: idOf('area', key), label, ownerId: memberId(slug, by) },
    })),
  });
  await readCards(app, slug, place);
  if (place.asked)
    await context.comment(asCaller(slug, place.asked.by), {
      ...{ communityId: id, placeId, cardId: idOf('card', place.asked.card), body: place.asked.body },
      opId: idOf('op', 'card', place.asked.card),
      corrects: null,
    });
  for (const idea of place.ideas) await addIdea(app, slug, place, idea);
}

/** Whoever wrote an idea, and two of three guests, had read what there is to know. */
async function readCards(app: NestExpressApplication, slug: string, place: demo.DemoIdeaPlace) {
  const id = communityId(slug);
  const readers = [
    ...new Set(place.ideas.map(({ by }) => by)),
    ...story.guests.filter((_, at) => at % 3 > 0),
  ];
  await app.get(Tenancy).inCommunity(id, (em) =>
    em.query(
      `INSERT INTO context_read (community_id, card_id, member_id, opened_at, read_at)
       SELECT $1, k.id, m, now() - interval '9 days', now() - interval '9 days' FROM context_card k, unnest($3::uuid[]) AS m
       WHERE k.community_id = $1 AND k.place_id = $2 ON CONFLICT DO NOTHING`,
      [id, placeIdOf(place.key), readers.map((key) => asCaller(slug, key).memberId)],
    ),
  );
}

async function addIdea(
  app: NestExpressApplication,
  slug: string,
  { key, contextRequired }: demo.DemoIdeaPlace,
  idea: demo.DemoIdea,
) {
  const [id, placeId] = [communityId(slug), placeIdOf(key)];
  const [ideas, topics] = [app.get(IdeasService), app.get(TopicsService)];
  const opId = idOf('op', 'idea', idea.key);
  const { title, situation = '', struggle = '', outcome = '', idea: what = '' } = idea;
  const { id: ideaId } = await ideas.send(asCaller(slug, idea.by), {
    ...{ communityId: id, placeId, opId, title, teamOnly: false, files: [] },
    ...{
      parts: { situation, struggle, outcome, idea: what },
      areaId: idea.area ? idOf('area', idea.area) : null,
    },
  });
  if (idea.agree) await rateAll(app, slug, ideaId, !contextRequired, idea);
  const began = Date.now() + idea.inDays * day;
  const ids: { id: string; at: number }[] = [{ id: ideaId, at: began }];
  for (const [at, { by, body, hoursLater }] of (idea.posts ?? []).entries()) {
    const { post } = await topics.post(asCaller(slug, by), {
      ...{
        communityId: id,
        topicId: ideaId,
        opId: idOf('op', idea.key, at),
        body,
        quote: null,
        parentId: null,
        files: [],
      },
    });
    ids.push({ id: post.id, at: began + hoursLater * hour });
  }
  if (idea.decided) {
    const { by, to, note = null, onInDays } = idea.decided;
    const on = onInDays ? new Date(Date.now() + onInDays * day).toISOString().slice(0, 10) : null;
    const decision = (to === 'planned' || to === 'later' ? { to, note, on } : { to, note }) as Parameters<
      IdeaDeskService['decide']
    >[1]['decision'];
    await app.get(IdeaDeskService).decide(asCaller(slug, by), { ideaIds: [ideaId], decision });
  }
  await app.get(Tenancy).inCommunity(id, async (em) => {
    const times = JSON.stringify(ids.map(({ id: one, at }) => ({ id: one, at: new Date(at).toISOString() })));
    for (const table of ['contribution', 'post', 'idea'])
      await em.query(
        `UPDATE ${table} SET at = t.at FROM json_to_recordset($2::json) AS t (id uuid, at timestamptz)
         WHERE ${table}.community_id = $1 AND ${table}.id = t.id`,
        [id, times],
      );
    await em.query(
      `UPDATE idea i SET acknowledge_by = i.at + make_interval(days => ip.acknowledge_days),
         status_at = CASE WHEN i.status = 'new' THEN i.at ELSE i.at + interval '2 days' END,
         acknowledged_at = CASE WHEN i.acknowledged_at IS NULL THEN NULL ELSE i.at + interval '2 days' END
       FROM idea_place ip WHERE i.community_id = $1 AND i.id = $2 AND ip.community_id = $1 AND ip.id = i.place_id`,
      [id, ideaId],
    );
    await em.query('UPDATE topic SET last_at = $3 WHERE community_id = $1 AND id = $2', [
      ...[id, ideaId, new Date(ids.at(-1)!.at).toISOString()],
    ]);
    // Of earlier days nobody is told today.
    await em.query(
      `UPDATE notification SET read_at = now() WHERE community_id = $1 AND data ->> 'ideaId' = $2`,
      [id, ideaId],
    );
  });
}

/** What some of the guests think: a share of those who had read the cards, and of the others where they may rate. */
async function rateAll(
  app: NestExpressApplication,
  slug: string,
  ideaId: string,
  mayAll: boolean,
  { agree, matters = 0 }: demo.DemoIdea,
) {
  const ideas = app.get(IdeasService);
  for (const informed of mayAll ? [true, false] : [true]) {
    const raters = story.guests.slice(0, RATERS).filter((_, at) => at % 3 > 0 === informed);
    const share = agree![informed ? 0 : 1];
    await Promise.all(
      raters.map((name, turn) =>
        ideas.rate(asCaller(slug, name), {
          ...{ communityId: communityId(slug), ideaId, version: 1 },
          rating: (turn + 0.5) / raters.length < share ? 'agree' : turn % 2 ? 'disagree' : 'unsure',
          // The same few for whom most of it matters would run out of it.
          matters: (turn + agree!.length + Math.round(share * 100)) % 20 < matters,
        }),
      ),
    );
  }
}
