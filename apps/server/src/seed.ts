import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Purpose } from '@parley/contracts/profile';
import type { EntityManager } from 'typeorm';
import { type Door, doors } from '../demo/door';
import * as loop from '../demo/loop';
import * as profile from '../demo/profile';
import * as story from '../demo/story';
import { SourceRow } from './door/door.tables';
import { QuotasService } from './door/quotas.service';
import { ScreenersService } from './door/screeners.service';
import { openToken } from './door/tokens';
import { SessionsService } from './live/sessions.service';
import { ConsentsService } from './people/consents.service';
import { DemoService } from './people/demo.service';
import { ProfileService } from './people/profile.service';
import { SegmentsService } from './people/segments.service';
import { CommunityRow } from './people/people.tables';
import { Files } from './platform/files';
import { idOf } from './platform/ids';
import { Tenancy } from './platform/tenancy';
import { ReachService } from './reach/reach.service';
import { addActivities } from './seed-activities';
import { addCommons } from './seed-commons';
import { addFeedback } from './seed-feedback';
import { addGroups } from './seed-groups';
import { addIdeas } from './seed-ideas';
import { addRecognition } from './seed-recognition';
import { addLoop } from './seed-loop';
import { addAsset } from './seed-media';
import { assetId, communityId, day, memberId, personId, saidIn, sessionId } from './seed-ids';

/** Makes the demo communities of `demo/story.ts` where they are not there yet. Asked again it changes nothing. */
export const seedDemo = (app: NestExpressApplication, folder: string) =>
  app.get(ReachService).withoutMail(() => seedAll(app, folder));

async function seedAll(app: NestExpressApplication, folder: string) {
  const tenancy = app.get(Tenancy);
  const files = app.get(Files);
  await tenancy.inInstall(async (em) => {
    for (const { key, name } of story.brands)
      await em.query('INSERT INTO brand (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        idOf('brand', key),
        name,
      ]);
    // One by one and in the story's order: it is the order of the cards.
    let at = 0;
    for (const { key, name, email, locale, note, admin = false } of story.people)
      await em.query(
        `INSERT INTO person (id, email, name, locale, admin, demo_note, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7::float8 / 1000)) ON CONFLICT DO NOTHING`,
        [personId(key), email, name, locale, admin, note, at++],
      );
  });
  for (const community of story.communities) {
    const id = communityId(community.slug);
    const made = await tenancy.inCommunity(id, (em) => em.existsBy(CommunityRow, { id }));
    const logo = await files.put(id, await readFile(join(folder, community.logo)));
    if (!made)
      await tenancy.inCommunity(id, async (em) => {
        await em.query(
          `INSERT INTO community (id, brand_id, slug, name, purpose, accent, logo_file) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
          [
            id,
            idOf('brand', community.brand),
            community.slug,
            community.name,
            community.purpose,
            community.accent,
            logo,
          ],
        );
        await addMembers(em, community.slug);
      });
    // What a Session shows is there before it.
    for (const asset of [...story.assets, ...loop.assets].filter(
      ({ community: of }) => of === community.slug,
    ))
      await addAsset(app, folder, asset);
    for (const session of [...story.sessions, ...loop.sessions].filter(
      ({ community: of }) => of === community.slug,
    )) {
      // Each step by itself is whole or not there, so that a start that was cut short is made good by the next.
      const { status } = await planSession(app.get(SessionsService), session);
      if (session.status === 'ended' && status === 'scheduled') {
        const guests = session.small
          ? []
          : await app.get(DemoService).crowd(community.slug, 0, story.guests.length, story.guests);
        const ids = guests.map(({ memberId: guest }) => guest);
        await tenancy.inCommunity(id, (em) => playBack(em, session, ids));
      }
    }
  }
  for (const { slug, brand } of story.communities) await addProfiles(app, slug, brand);
  for (const door of doors) await addDoor(app, door);
  for (const { slug } of story.communities) {
    await addLoop(app, slug);
    await addActivities(app, folder, slug);
    await addCommons(app, folder, slug);
    await addIdeas(app, slug);
    await addGroups(app, slug);
    await addRecognition(app, slug);
    await addFeedback(app, slug);
  }
}

/** What a community keeps of its members, what they agreed to, and what is known of the demo's people. */
async function addProfiles(app: NestExpressApplication, slug: string, brandKey: string) {
  const id = communityId(slug);
  const brand = story.brands.find(({ key }) => key === brandKey)!.name;
  const [facts, consents] = [app.get(ProfileService), app.get(ConsentsService)];
  await app.get(Tenancy).inCommunity(id, async (em) => {
    if ((await facts.defs(em)).length) return;
    for (const def of profile.facts.find(({ community }) => community === slug)?.defs ?? [])
      await facts.saveDef(em, id, def);
    for (const [purpose, text] of Object.entries(profile.texts))
      await consents.publish(em, id, purpose as Purpose, 0, text.replaceAll('{{brand}}', brand));
    const given = (await consents.texts(em)).map(({ purpose, version, since }) => ({
      purpose,
      version,
      at: since,
    }));
    for (const { person } of story.memberships.filter(({ community }) => community === slug)) {
      const who = memberId(slug, person);
      await facts.assert(em, id, who, profile.known[slug]?.[person] ?? {}, 'screener');
      await consents.give(em, id, who, given);
    }
    for (const { key, name, rule } of profile.segments.filter(({ community }) => community === slug))
      await app
        .get(SegmentsService)
        .save(em, id, { segmentId: idOf('segment', slug, key), name, rule, freeze: false });
  });
}

/** The door of a community: its screener, quotas and open link, and who waits before it. Whole or not there. */
async function addDoor(app: NestExpressApplication, door: Door) {
  const id = communityId(door.community);
  const question = (key: string) => idOf('question', door.community, key);
  const host = memberId(door.community, door.host);
  const sourceId = idOf('source', door.community, 'link');
  const guests = door.guests.length
    ? await app.get(DemoService).crowd(door.community, 0, story.guests.length, story.guests)
    : [];
  await app.get(Tenancy).inCommunity(id, async (em) => {
    if (await em.existsBy(SourceRow, { communityId: id, id: sourceId })) return;
    const screeners = app.get(ScreenersService);
    const { version } = await screeners.current(em, id);
    const { version: screenerVersion } = await screeners.publish(em, id, version, {
      minAge: door.minAge,
      intro: door.intro,
      openQuestion: door.openQuestion,
      questions: door.questions.map(
        ({ key, options = [], askedIf, help, required, least, most, ...asked }) => ({
          ...asked,
          id: question(key),
          help: help ?? '',
          required: required ?? true,
          askedIf: askedIf ? { questionId: question(askedIf.key), anyOf: askedIf.anyOf } : null,
          least: least ?? null,
          most: most ?? null,
          ends: ['', ''],
          options: options.map(([value, label, leads = 'on']) => ({ value, label, leads })),
          within: null,
        }),
      ),
    });
    for (const [at, { memberId: guest }] of guests.entries())
      await app
        .get(ProfileService)
        .assert(em, id, guest, door.first[at] ?? door.guests[at % door.guests.length]!, 'screener');
    const quotas = app.get(QuotasService);
    await quotas.publish(em, id, (await quotas.standing(em, id)).version, door.plan);
    const { label, placement, note, secret } = door.link;
    await em.query(
      `INSERT INTO source (community_id, id, kind, label, placement, note, locale, token, opened, uses, invited_by)
       VALUES ($1, $2, 'link', $3, $4, $5, 'en', $6, 61, $7, $8)`,
      [id, sourceId, label, placement, note, openToken(id, secret), door.waiting.length, host],
    );
    for (const { key, handle, email, daysAgo, facts, voice } of door.waiting)
      await em.query(
        `INSERT INTO application (community_id, id, source_id, screener_version, status, locale, answers, facts, handle,
           email, email_verified_at, waiting_since, decided_at, created_at, voice, voice_at)
         SELECT $1, $2, $3, $4, 'waiting', 'en', $5, $6, $7, $8, t, t, t, t, $9, CASE WHEN $9::text IS NOT NULL THEN t END
         FROM (SELECT now() - make_interval(days => $10)) AS times (t)`,
        [
          id,
          idOf('application', door.community, key),
          sourceId,
          screenerVersion,
          JSON.stringify(
            Object.fromEntries(Object.entries(facts).map(([fact, value]) => [question(fact), value])),
          ),
          JSON.stringify(facts),
          handle,
          email,
          voice ?? null,
          daysAgo,
        ],
      );
  });
}

/** How to sign in as each demo person, a line each. */
export function demoSignIns(publicUrl: string): string[] {
  const width = Math.max(...story.people.map(({ name }) => name.length));
  const roles = (key: string) =>
    story.memberships
      .filter(({ person }) => person === key)
      .map(
        ({ community, role, status }) =>
          `${status === 'active' ? role : `${status} ${role}`} of ${community}`,
      )
      .join(', ') || 'admin of the install';
  return [
    `Sign in at ${publicUrl}/sign-in with one click as any of:`,
    ...story.people.map(({ key, name }) => `  ${name.padEnd(width)}  ${roles(key)}`),
    `Mails that the demo would send: ${publicUrl}/demo/mails`,
  ];
}

async function addMembers(em: EntityManager, slug: string) {
  for (const { person, role, status, title } of story.memberships.filter(
    ({ community }) => community === slug,
  )) {
    const { handle } = story.people.find(({ key }) => key === person)!;
    await em.query(
      `INSERT INTO member (community_id, id, person_id, handle, role, status, title) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [communityId(slug), memberId(slug, person), personId(person), handle, role, status, title ?? ''],
    );
  }
}

async function planSession(sessions: SessionsService, session: story.Session) {
  const owner = story.people.find(({ key }) => key === session.ownerKey)!;
  const ownership = story.memberships.find(
    ({ community, person }) => community === session.community && person === session.ownerKey,
  );
  return sessions.create(communityId(session.community), {
    sessionId: sessionId(session.key),
    title: session.title,
    purpose: session.purpose,
    decision: session.decision,
    decisionOwner: { name: owner.name, title: ownership?.title ?? '' },
    reportBackOn: new Date(Date.now() + session.reportBackInDays * day).toISOString().slice(0, 10),
    informsOnly: false,
    startsAt: new Date(Date.now() + session.startsInMinutes * 60_000).toISOString(),
    plannedMinutes: session.plannedMinutes,
    cues: session.cues.map(({ kind, title, prompt, asset }) => ({
      kind,
      title,
      prompt,
      assetId: asset ? assetId(asset) : null,
      otherAssetId: null,
      page: null,
    })),
  });
}

/** What was said and done in a Session that has ended: the story's words, and a room of guests at the dial. */
async function playBack(em: EntityManager, session: story.Session, guests: string[]) {
  const community = communityId(session.community);
  const room = sessionId(session.key);
  const began = new Date(Date.now() + session.startsInMinutes * 60_000);
  const cueId = (key: string) => idOf('cue', room, session.cues.findIndex((cue) => cue.key === key) + 1);
  await em.query(
    `UPDATE session SET status = 'ended', started_at = $3, ended_at = $3::timestamptz + make_interval(mins => planned_minutes)
     WHERE community_id = $1 AND id = $2`,
    [community, room, began],
  );

  for (const [place, cue] of session.cues.entries()) {
    await em.query('INSERT INTO round (community_id, cue_id, round, on_air_at) VALUES ($1, $2, 1, $3)', [
      community,
      cueId(cue.key),
      new Date(began.getTime() + place * 4 * 60_000),
    ]);
    const asset = story.assets.find(({ key }) => key === cue.asset);
    if (asset)
      await em.query('UPDATE asset SET released_at = $3 WHERE community_id = $1 AND id = $2', [
        community,
        assetId(asset.key),
        began,
      ]);
    if (asset) await addSamples(em, community, cueId(cue.key), guests, asset);
  }

  for (const [place, { id, ...words }] of saidIn(session.key).entries()) {
    const guest = guests[story.guests.indexOf(words.author)];
    await em.query(
      `INSERT INTO contribution (community_id, id, room_id, author_id, type, body, cue_id, second, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        community,
        id,
        room,
        guest ?? memberId(session.community, words.author),
        words.type,
        words.text,
        words.type === 'comment' ? cueId(words.cue) : null,
        words.atSecond ?? null,
        new Date(began.getTime() + (place + 5) * 20_000),
      ],
    );
    if (words.type === 'statement') {
      const ratings = guests.map((_, at) => at).filter((at) => chance(place, at) < 0.8);
      await em.query(
        `INSERT INTO rating (community_id, contribution_id, member_id, value)
         SELECT $1, $2, * FROM unnest($3::uuid[], $4::text[])`,
        [
          community,
          id,
          ratings.map((at) => guests[at]),
          ratings.map((at) => {
            const leaning = chance(place, at % 3);
            const draw = chance(place + 100, at);
            return draw < 0.25 + leaning * 0.6 ? 'agree' : draw < 0.85 ? 'disagree' : 'unsure';
          }),
        ],
      );
    }
  }
}

/** A number from 0 to 1 that is always the same for the same two. */
const chance = (a: number, b: number) => parseInt(idOf('chance', a, b).slice(0, 6), 16) / 0xffffff;

/** Dials that rise at the fold of the film and fall at its price, or settle before a picture; each hand is its own. */
async function addSamples(
  em: EntityManager,
  community: string,
  cue: string,
  guests: string[],
  asset: story.Asset,
) {
  const seconds = asset.durationSeconds ?? 24;
  const bump = (second: number, middle: number, width: number, height: number) =>
    height * Math.exp(-(((second - middle) / width) ** 2));
  const film = (second: number, cool: boolean) =>
    55 + bump(second, 25, 5, 28) - bump(second, 47, 4, cool ? 34 : 14) + bump(second, 54, 4, 16);
  const picture = (second: number, cool: boolean) => (cool ? 58 : 70) - 14 * Math.exp(-second / 5);
  const curve = asset.durationSeconds ? film : picture;
  const rows = guests.flatMap((guest, at) =>
    Array.from({ length: seconds }, (_, second) => second)
      .filter((second) => second >= at % 7 && (second + at) % 2 === 0)
      .map((second) => {
        const value = Math.round(curve(second, at % 3 === 0) + (chance(at, second) - 0.5) * 16);
        const moods = value > 74 ? [0, 1, 2] : value > 52 ? [1, 2, 1] : [3, 4, 3];
        const taps = chance(at + 50, second) < 0.07;
        return { guest, second, value, mood: taps ? moods[(at + second) % 3]! : null };
      }),
  );
  await em.query(
    `INSERT INTO sample (community_id, cue_id, round, member_id, second, dial, mood)
     SELECT $1, $2, 1, * FROM unnest($3::uuid[], $4::int[], $5::int[], $6::int[])`,
    [
      community,
      cue,
      rows.map(({ guest }) => guest),
      rows.map(({ second }) => second),
      rows.map(({ value }) => value),
      rows.map(({ mood }) => mood),
    ],
  );
}
