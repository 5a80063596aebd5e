import { setTimeout as sleep } from 'node:timers/promises';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { NotificationKind } from '@parley/contracts/reach';
import { READ_MS } from '@parley/contracts/moderation';
import type { UpdateBody } from '@parley/contracts/loop';
import type { EntityManager } from 'typeorm';
import * as loop from '../demo/loop';
import * as story from '../demo/story';
import { FateService } from './contributions/fate.service';
import { ModerationService } from './contributions/moderation.service';
import { SpacesService, usualRule } from './contributions/spaces.service';
import { ThemesService } from './contributions/themes.service';
import { DraftsService } from './loop/drafts.service';
import { FeedService } from './loop/feed.service';
import { PromisesService } from './loop/promises.service';
import { UpdatesService } from './loop/updates.service';
import type { Member } from './platform/doors';
import { idOf } from './platform/ids';
import { Tenancy } from './platform/tenancy';
import { assetId, communityId, day, memberId, personId, saidIn, sessionId } from './seed-ids';

const updateId = (key: string) => idOf('update', key);
const dateIn = (days: number) => new Date(Date.now() + days * day).toISOString().slice(0, 10);

/** The contribution that the story names by how it begins. */
function wordsId([session, begins]: loop.Words): string {
  const found = saidIn(session).find(({ text }) => text.startsWith(begins));
  if (!found) throw new Error(`Nobody says "${begins}" in ${session}`);
  return found.id;
}

/** One of the story's people, or a guest by handle, as they come to the services. */
export function asCaller(slug: string, key: string): Member {
  const guest = story.guests.indexOf(key);
  const person = story.people.find((one) => one.key === key);
  const role = story.memberships.find((one) => one.community === slug && one.person === key)?.role;
  return {
    personId: guest < 0 ? personId(key) : idOf('crowd', slug, guest),
    memberId: guest < 0 ? memberId(slug, key) : idOf('crowd member', slug, guest),
    handle: person?.handle ?? key,
    role: role ?? 'member',
    communityId: communityId(slug),
    signInId: idOf('sign-in', key),
    admin: false,
    strongAt: null,
    observer: false,
  };
}

/**
 * What came of a community's earlier Sessions, by the services that do it for everybody. Each step is whole or not
 * there, and is left alone where it is there: a start that was cut short is made good by the next, and what people
 * of the demo did meanwhile stays.
 */
export async function addLoop(app: NestExpressApplication, slug: string) {
  const id = communityId(slug);
  const tenancy = app.get(Tenancy);
  const as = (key: string) => asCaller(slug, key);
  const isThere = (sql: string, values: unknown[]) =>
    tenancy.inCommunity(id, async (em: EntityManager) => {
      const rows: unknown[] = await em.query(sql, [id, ...values]);
      return rows.length > 0;
    });
  const here = <T extends { session: string }>(list: readonly T[]) =>
    list.filter(({ session }) =>
      [...story.sessions, ...loop.sessions].some(
        ({ key, community }) => key === session && community === slug,
      ),
    );
  const updates = loop.updates.filter(({ community }) => community === slug);
  const last = updates.at(-1);
  // The last step has been done: so have all before it.
  if (!last || (await isThere(done, [updateId(last.key), last.communityInDays === undefined]))) return;

  // Of earlier days nobody is mailed today; what happens from now on they are told as usual.
  await tenancy.inCommunity(id, (em) => em.query(hush, [id, JSON.stringify(silence)]));
  // At once for each reader: nobody can have had more time on screen than went by since they told last.
  for (const by of new Set(here(loop.readings).map((reading) => reading.by)))
    await app.get(FateService).markRead(
      as(by),
      here(loop.readings)
        .filter((reading) => reading.by === by)
        .flatMap(({ session }) => saidIn(session))
        .map((words) => ({ contributionId: words.id, ms: READ_MS })),
    );
  for (const { key, label, by, words } of loop.themes.filter(({ community }) => community === slug))
    await app.get(ThemesService).save(as(by), {
      themeId: idOf('theme', slug, key),
      label,
      add: words.map(wordsId),
      remove: [],
    });
  for (const { words, by, text } of loop.replies.filter(({ words: [session] }) => here([{ session }]).length))
    await app.get(ModerationService).reply(as(by), wordsId(words), idOf('reply', wordsId(words)), text);
  for (const { session, by, toInDays, reason } of here(loop.moves)) {
    const { reportBackInDays } = loop.sessions.find(({ key }) => key === session)!;
    const moved = 'SELECT FROM promise_move WHERE community_id = $1 AND space_id = $2';
    if (!(await isThere(moved, [sessionId(session)])))
      await app
        .get(PromisesService)
        .move(as(by), sessionId(session), dateIn(reportBackInDays), dateIn(toInDays), reason);
  }
  for (const update of updates) await addUpdate(app, slug, update, isThere);
  await app.get(PromisesService).watch(id);
  await tenancy.inCommunity(id, (em) =>
    em.query('DELETE FROM reach_preference WHERE community_id = $1 AND cadence = $2::jsonb', [
      id,
      JSON.stringify(silence),
    ]),
  );
}

/** No mail of any kind. */
const silence = Object.fromEntries(NotificationKind.options.map((kind) => [kind, 'never']));
const hush = `INSERT INTO reach_preference (community_id, member_id, timezone, daily_at, cadence)
  SELECT community_id, id, 'UTC', '18:00', $2::jsonb FROM member WHERE community_id = $1 ON CONFLICT DO NOTHING`;

/** Whether an Update is there with all that it answers; as a draft it has nothing more to come. */
const done = `SELECT FROM loop_update u WHERE community_id = $1 AND id = $2 AND (contributors_out_at IS NOT NULL OR $3)
  AND EXISTS (SELECT FROM update_source s WHERE s.community_id = $1 AND s.update_id = u.id)`;

async function addUpdate(
  app: NestExpressApplication,
  slug: string,
  update: loop.Update,
  isThere: (sql: string, values: unknown[]) => Promise<boolean>,
) {
  const id = updateId(update.key);
  const owner = asCaller(slug, update.by);
  const manager = asCaller(
    slug,
    story.memberships.find(({ community, role }) => community === slug && role === 'manager')!.person,
  );
  const [drafts, updates, feed] = [app.get(DraftsService), app.get(UpdatesService), app.get(FeedService)];
  const is = (what: string) =>
    isThere(`SELECT FROM loop_update WHERE community_id = $1 AND id = $2 AND ${what}`, [id]);
  const { title, youSaid, outcome, weDid = null, because = null } = update;
  const body: UpdateBody = {
    ...{ title, youSaid, weDid, because, outcome },
    on: update.onInDays === undefined ? null : dateIn(update.onInDays),
    beforeAssetId: update.before ? assetId(update.before) : null,
    afterAssetId: update.after ? assetId(update.after) : null,
    spaceId: sessionId(update.session),
    keepsPromise: update.keepsPromise ?? false,
    shareable: update.publicInDays !== undefined,
  };
  if (!(await is('true'))) await drafts.save(owner, { updateId: id, basedOn: 0, body });
  if (await is(`status = 'draft'`))
    await drafts.link(owner, id, {
      contributionIds: update.words.map(wordsId),
      themeIds: [],
      remove: false,
    });
  if (update.communityInDays === undefined) return;
  if (await is(`status = 'draft' AND version = 1`)) await drafts.submit(owner, id, 1);
  if (await is(`status = 'approved' AND version = 1`)) {
    const at = (days: number) => new Date(Date.now() + days * day).toISOString();
    await updates.publish(manager, {
      updateId: id,
      version: 1,
      times: {
        contributorsAt: at(0),
        communityAt: at(update.communityInDays),
        publicAt: update.publicInDays === undefined ? null : at(update.publicInDays),
      },
    });
  }
  // The job that brings out what is due may be at it at the same moment: it has to be out before anything follows.
  const out = [
    'contributors_out_at',
    ...(update.communityInDays <= 0 ? ['community_out_at'] : []),
    ...(update.publicInDays !== undefined && update.publicInDays <= 0 ? ['public_out_at'] : []),
  ];
  const isOut = () => is(out.map((column) => `${column} IS NOT NULL`).join(' AND '));
  for (let tries = 0; !(await isOut()); tries += 1) {
    if (tries > 200) throw new Error(`${update.title} does not come out`);
    await updates.releaseDue(owner.communityId);
    if (tries) await sleep(50);
  }
  const { correction, withdrawn } = update;
  if (correction && (await is('version = 1')))
    await updates.correct(manager, id, {
      version: 1,
      body: { ...body, weDid: correction.weDid },
      note: correction.note,
    });
  if (update.delivered && (await is('delivered_at IS NULL'))) await updates.deliver(manager, id);
  for (const [place, verdict] of (update.verdicts ?? []).entries()) {
    const judge = asCaller(slug, story.guests[place]!);
    const judged = 'SELECT FROM verdict WHERE community_id = $1 AND update_id = $2 AND member_id = $3';
    if (!(await isThere(judged, [id, judge.memberId]))) await feed.verify(judge, id, verdict);
  }
  for (const [place, { author, text, held }] of (update.thread ?? []).entries()) {
    const opId = idOf('thread', id, place);
    // From here on a moderator reads first.
    if (held) await app.get(SpacesService).setRule(owner.communityId, id, { ...usualRule, mode: 'approve' });
    await feed.comment(asCaller(slug, author), id, opId, text);
  }
  if (withdrawn && (await is(`status <> 'withdrawn'`)))
    await updates.withdraw(manager, {
      updateId: id,
      because: withdrawn.because,
      consultationId: sessionId(withdrawn.consultation),
      answerBy: dateIn(withdrawn.answerInDays),
    });
}
