import { randomUUID } from 'node:crypto';
import {
  type LoopState,
  loopMoves,
  type Moderation,
  moderationMoves,
  nextOf,
  type Outcome,
  resubmitContribution,
} from '@parley/contracts/contributions';
import {
  breakPromise,
  correctUpdate,
  deliverUpdate,
  linkEvidence,
  listUpdates,
  movePromise,
  type PromiseStatus,
  promiseMoves,
  publishUpdate,
  saveUpdate,
  submitUpdate,
  type UpdateBody,
  updateMoves,
  type UpdateStatus,
  verifyUpdate,
  withdrawUpdate,
} from '@parley/contracts/loop';
import { decideItems, type Decision, markRead, saveTheme } from '@parley/contracts/moderation';
import { appealContribution, withdrawContribution } from '@parley/contracts/contributions';
import fc from 'fast-check';
import {
  halden,
  memberOf,
  sessionOf,
  startTestServer,
  type TestServer,
  type Visitor,
} from '../../test/server';
import { PromisesService } from './promises.service';
import { UpdatesService } from './updates.service';

/*
 * Walks the state machines of contributions, promises and Updates: random people do random things in random order, as
 * far as the server lets them, and after each step everything that was promised must hold.
 */

const inHalden = { communityId: halden };
const session = sessionOf('halden-one-film');
const authors = ['ines', 'tunde', 'kenji'] as const;

let server: TestServer;
let as: Record<string, Visitor>;
beforeAll(async () => {
  server = await startTestServer();
  const keys = [...authors, 'maren', 'samira', 'jo', 'lena'];
  as = Object.fromEntries(
    await Promise.all(keys.map(async (key) => [key, await server.visit(key)] as const)),
  );
  // Every single move that the database makes, whatever asked for it.
  await server.sql(
    `CREATE TABLE public.walked (machine text, id uuid, before text, after text, n bigserial)`,
  );
  await server.sql(`GRANT ALL ON public.walked, public.walked_n_seq TO parley_runtime, parley_owner`);
  await server.sql(`CREATE FUNCTION public.walk() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      IF TG_TABLE_NAME = 'contribution' THEN
        IF OLD.moderation <> NEW.moderation THEN
          INSERT INTO public.walked VALUES ('moderation', NEW.id, OLD.moderation, NEW.moderation); END IF;
        IF OLD."loop" <> NEW."loop" THEN INSERT INTO public.walked VALUES ('loop', NEW.id, OLD."loop", NEW."loop"); END IF;
      ELSIF TG_TABLE_NAME = 'promise' THEN
        IF OLD.status <> NEW.status THEN
          INSERT INTO public.walked VALUES ('promise', NEW.space_id, OLD.status, NEW.status); END IF;
      ELSIF OLD.status <> NEW.status THEN
        INSERT INTO public.walked VALUES ('update', NEW.id, OLD.status, NEW.status);
      END IF;
      RETURN NULL;
    END $$`);
  for (const table of ['contribution', 'promise', 'loop_update'])
    await server.sql(
      `CREATE TRIGGER walk AFTER UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION public.walk()`,
    );
});
afterAll(() => server.stop());

const machines: Record<string, Record<string, readonly string[]>> = {
  moderation: moderationMoves,
  loop: loopMoves,
  promise: promiseMoves,
  update: updateMoves,
};

/** What a walk has made so far. */
interface World {
  said: string[];
  updates: string[];
  promises: Set<string>;
  receipts: number;
  theme: string;
}

const pickOf = <T>(list: readonly T[], at: number): T | undefined => list[at % Math.max(1, list.length)];
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
const day = (days: number) => inSeconds(days * 86_400).slice(0, 10);

const bodyOf = (at: number): UpdateBody => ({
  title: `Number ${at}`,
  youSaid: 'You said so.',
  weDid: 'We did so.',
  because: 'Because of that.',
  outcome: (['adopted', 'adapted', 'deferred', 'declined', 'alreadyThere', 'informedOnly'] as const)[at % 6]!,
  on: at % 6 === 2 ? day(30) : null,
  beforeAssetId: null,
  afterAssetId: null,
  spaceId: at % 3 ? null : session,
  keepsPromise: at % 3 === 0,
  shareable: at % 2 === 0,
});

const decisions = (at: number, into: string): Decision =>
  (
    [
      { action: 'approve' },
      { action: 'return', reason: 'unclear', note: null },
      { action: 'decline', reason: 'offTopic', note: null },
      { action: 'hide', reason: 'personal', note: null },
      { action: 'restore' },
      { action: 'uphold', note: null },
      { action: 'merge', into },
      { action: 'split', parts: [`One of ${at}.`, `Two of ${at}.`] },
      { action: 'reword', body: `Other words ${at}.` },
      { action: 'freeze' },
    ] as const
  )[at % 10]! as Decision;

const updateRow = async (id: string) =>
  (await server.sql<{ version: number }>('SELECT version FROM loop_update WHERE id = $1', [id]))[0]!;

/** What people can do. Whatever is refused is refused: what counts is what holds afterwards. */
const deeds: Record<string, (world: World, at: number, other: number) => Promise<unknown>> = {
  say: async (world, at) => {
    const id = randomUUID();
    world.said.push(id);
    const held = at % 2 === 0;
    await server.sql(
      `INSERT INTO contribution (community_id, id, room_id, author_id, type, body, moderation, decide_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $7 = 'held' THEN now() + interval '1 day' END)`,
      [
        ...[halden, id, session, memberOf('halden', pickOf(authors, at)!), at % 3 ? 'comment' : 'statement'],
        ...[`Words ${at}`, held ? 'held' : 'published'],
      ],
    );
  },
  moderate: (world, at, other) =>
    (other % 2 ? as['samira'] : as['jo'])!.call(decideItems, {
      ...inHalden,
      contributionIds: [pickOf(world.said, at)!],
      decision: decisions(other, pickOf(world.said, other)!),
    }),
  withdraw: (world, at) => eachAuthor((who) => who.call(withdrawContribution, own(world, at))),
  resubmit: (world, at) =>
    eachAuthor((who) => who.call(resubmitContribution, { ...own(world, at), body: `Again ${at}` })),
  appeal: (world, at) =>
    eachAuthor((who) => who.call(appealContribution, { ...own(world, at), words: 'Look again.' })),
  read: (world, at) =>
    as['samira']!.call(markRead, {
      ...inHalden,
      seen: [{ contributionId: pickOf(world.said, at)!, ms: 2_000 }],
    }),
  group: (world, at) =>
    as['samira']!.call(saveTheme, {
      ...inHalden,
      themeId: world.theme,
      label: 'Theme',
      add: [pickOf(world.said, at)!],
    }),
  draft: async (world, at, other) => {
    const updateId = randomUUID();
    await as['maren']!.call(saveUpdate, { ...inHalden, updateId, basedOn: 0, body: bodyOf(other) });
    world.updates.push(updateId);
    const contributionIds = [pickOf(world.said, at)!, pickOf(world.said, other)!];
    await as['maren']!.call(linkEvidence, { ...inHalden, updateId, contributionIds });
  },
  write: async (world, at, other) => {
    const updateId = pickOf(world.updates, at)!;
    const { version } = await updateRow(updateId);
    await as['maren']!.call(saveUpdate, { ...inHalden, updateId, basedOn: version, body: bodyOf(other) });
  },
  submit: async (world, at) => {
    const updateId = pickOf(world.updates, at)!;
    await as['maren']!.call(submitUpdate, { ...inHalden, updateId, ...(await updateRow(updateId)) });
  },
  publish: async (_, at, other) => {
    const drafts = await server.sql<{ id: string; version: number; status: string }>(
      `SELECT id, version, status FROM loop_update WHERE status IN ('draft', 'approved', 'scheduled') ORDER BY created_at DESC`,
    );
    const { id: updateId, version, status } = pickOf(drafts, at % 3)!;
    if (status === 'draft') await as['maren']!.call(submitUpdate, { ...inHalden, updateId, version });
    const times = {
      contributorsAt: inSeconds((other % 3) * 60 - 60),
      communityAt: inSeconds((other % 3) * 60 + (other % 5) * 30 - 60),
      publicAt: other % 2 ? inSeconds((other % 3) * 60 + (other % 5) * 30 + (other % 4) * 30 - 60) : null,
    };
    await as['maren']!.call(publishUpdate, { ...inHalden, updateId, version, times });
  },
  /** All of it in one go, so that there is often something that is out. */
  answer: async (world, at, other) => {
    await deeds['draft']!(world, at, other);
    const updateId = world.updates.at(-1)!;
    await as['maren']!.call(submitUpdate, { ...inHalden, updateId, version: 1 });
    const now = inSeconds(-1);
    const times = { contributorsAt: now, communityAt: now, publicAt: null };
    await as['maren']!.call(publishUpdate, { ...inHalden, updateId, version: 1, times });
    await server.get(UpdatesService).releaseDue(halden);
    if (other % 2 === 0) await as['maren']!.call(deliverUpdate, { ...inHalden, updateId });
  },
  /** An hour goes by: what is due comes out. */
  later: async () => {
    await server.sql(
      `UPDATE loop_update SET contributors_at = least(contributors_at, now()), community_at = least(community_at, now()),
         public_at = least(public_at, now()) WHERE status IN ('scheduled', 'outToContributors', 'outToCommunity')`,
    );
    await server.get(UpdatesService).releaseDue(halden);
  },
  release: () => server.get(UpdatesService).releaseDue(halden),
  correct: async (world, at, other) => {
    const updateId = pickOf(world.updates, at)!;
    await as['maren']!.call(correctUpdate, {
      ...inHalden,
      updateId,
      ...(await updateRow(updateId)),
      body: bodyOf(other),
      note: 'It was wrong.',
    });
  },
  takeBack: (world, at, other) =>
    as['maren']!.call(withdrawUpdate, {
      ...inHalden,
      updateId: pickOf(world.updates, at)!,
      because: 'Thought again.',
      consultationId: other % 2 ? session : null,
      answerBy: day(20),
    }),
  deliver: (world, at) =>
    as['maren']!.call(deliverUpdate, { ...inHalden, updateId: pickOf(world.updates, at)! }),
  judge: async (world, at, other) => {
    const updateId = pickOf(world.updates, at)!;
    if (other % 2)
      await server.sql(
        `INSERT INTO verdict (community_id, update_id, member_id, verdict) SELECT $1, $2, id, 'no' FROM member
         WHERE community_id = $1 AND role = 'member' AND status = 'active' LIMIT 6 ON CONFLICT DO NOTHING`,
        [halden, updateId],
      );
    await as[pickOf(authors, other)!]!.call(verifyUpdate, {
      ...inHalden,
      updateId,
      verdict: other % 2 ? 'no' : 'yes',
    });
  },
  /** A month goes by. */
  judged: async () => {
    await server.sql(`UPDATE loop_update SET judge_until = now() WHERE judge_until IS NOT NULL`);
    await server.get(UpdatesService).verifyDue(halden);
  },
  move: async (world, at) => {
    const spaceId = pickOf([...world.promises], at)!;
    const [row] = await server.sql<{ on: string }>(
      'SELECT answer_by::text AS "on" FROM space WHERE id = $1',
      [spaceId],
    );
    const move = { from: row!.on, to: day(at % 30), reason: 'It takes longer.' };
    await as['maren']!.call(movePromise, { ...inHalden, spaceId, ...move });
  },
  /** The promised day goes by. */
  overdue: async (world, at) => {
    await server.sql(`UPDATE space SET answer_by = current_date - $2::int WHERE id = $1`, [
      pickOf([...world.promises], at)!,
      at % 8,
    ]);
    await server.get(PromisesService).watch(halden);
  },
  breakIt: (world, at) =>
    as['maren']!.call(breakPromise, {
      ...inHalden,
      spaceId: pickOf([...world.promises], at)!,
      reason: 'It will not be.',
    }),
  watch: () => server.get(PromisesService).watch(halden),
};

const needsUpdate = new Set(['write', 'submit', 'publish', 'correct', 'takeBack', 'deliver', 'judge']);

const own = (world: World, at: number) => ({ ...inHalden, contributionId: pickOf(world.said, at)! });
const eachAuthor = async (deed: (who: Visitor) => Promise<unknown>) => {
  for (const key of authors) await deed(as[key]!).catch(() => undefined);
};

const walkedMoves = () =>
  server.sql<{ machine: string; before: string; after: string }>(
    'SELECT DISTINCT machine, before, after FROM public.walked',
  );
/** Everything that must hold at every moment. */
async function holds(world: World) {
  // Every single move was one that the machines know.
  for (const { machine, before, after } of await walkedMoves())
    if (!machines[machine]![before]!.includes(after)) throw new Error(`${machine}: ${before} -> ${after}`);

  // Nothing that was said is without a next state, and what is open has a day.
  const rows = await server.sql<{
    id: string;
    moderation: Moderation;
    loop: LoopState;
    outcome: Outcome | null;
    releaseAt: Date | null;
    decideBy: Date | null;
    appealUntil: Date | null;
    deliverBy: string | null;
    judgeUntil: Date | null;
    answerBy: string;
    status: PromiseStatus | null;
    receipts: number;
  }>(
    `SELECT c.id, c.moderation, c.loop, c.outcome, c.release_at AS "releaseAt", c.decide_by AS "decideBy",
       c.appeal_until AS "appealUntil", c.deliver_by::text AS "deliverBy", c.judge_until AS "judgeUntil",
       s.answer_by::text AS "answerBy", p.status,
       (SELECT count(*)::int FROM receipt r WHERE r.contribution_id = c.id) AS receipts
     FROM contribution c JOIN space s ON s.id = c.room_id LEFT JOIN promise p ON p.space_id = s.id AND p.n = 1
     WHERE s.kind = 'session' AND c.room_id = $1 AND c.type <> 'reply'`,
    [session],
  );
  const now = new Date().toISOString();
  for (const row of rows) {
    const iso = (at: Date | null) => at?.toISOString() ?? null;
    const next = nextOf(
      row,
      {
        releaseAt: iso(row.releaseAt),
        decideBy: iso(row.decideBy) ?? `nothing decides about ${row.moderation}`,
        appealUntil: iso(row.appealUntil) ?? '',
        answerBy: `${row.answerBy}T23:59:59.000Z`,
        deliverBy: row.deliverBy && `${row.deliverBy}T23:59:59.000Z`,
        judgeUntil: iso(row.judgeUntil),
      },
      now,
    );
    const isOpen = next.what !== 'ended';
    if (isOpen && Number.isNaN(Date.parse(next.by ?? '')))
      throw new Error(`${row.id}: ${next.what} by ${next.by}`);
    // Once a promise has ended nothing of its space still waits for an answer of it.
    const ended = row.status === 'kept' || row.status === 'broken';
    // What was reopened waits for the promise of its Update, which knows until when.
    if (next.what === 'otherAnswer' && !row.deliverBy)
      throw new Error(`${row.id} was reopened without a day`);
    if (ended && next.what === 'answer') world.receipts = await settled(row.id, world.receipts);
  }
  const receipts = rows.reduce((sum, row) => sum + row.receipts, 0);
  if (receipts < world.receipts) throw new Error('A receipt is gone');
  world.receipts = receipts;

  // No promise vanishes; each asking space has one.
  const promises = new Set(
    (await server.sql<{ id: string }>(`SELECT DISTINCT space_id AS id FROM promise`)).map(({ id }) => id),
  );
  for (const id of world.promises) if (!promises.has(id)) throw new Error(`Promise ${id} is gone`);
  world.promises = promises;

  // No audience is late. Looked at first: what came out meanwhile was not early.
  const seen = new Set((await as['lena']!.call(listUpdates, inHalden)).updates.map(({ id }) => id));
  const updates = await server.sql<{ id: string; status: UpdateStatus; inOrder: boolean }>(
    `SELECT id, status, coalesce(contributors_out_at <= community_out_at, community_out_at IS NULL)
       AND coalesce(community_out_at <= public_out_at, public_out_at IS NULL) AS "inOrder" FROM loop_update`,
  );
  for (const { id, status, inOrder } of updates) {
    if (!inOrder) throw new Error(`${id} reached an audience late`);
    if (seen.has(id) && !/^(outToCommunity|outToPublic|withdrawn)$/.test(status))
      throw new Error(`${id} reached the community before its contributors`);
  }
}

/** What came out of moderation after its promise had ended is answered by the next turn of the clock. */
async function settled(id: string, receipts: number): Promise<number> {
  await server.get(PromisesService).watch(halden);
  const [row] = await server.sql<{ loop: string }>('SELECT loop FROM contribution WHERE id = $1', [id]);
  if (!['decided', 'delivered', 'verified'].includes(row!.loop))
    throw new Error(`${id} waits for a promise that has ended`);
  return receipts;
}

/** Walks with these deeds, `length` long, looks after every few of them, and answers the moves that were made. */
async function walk(names: readonly string[], length: number, every: number): Promise<Set<string>> {
  const been = new Set<string>();
  const deed = fc.tuple(fc.constantFrom(...names), fc.nat(40), fc.nat(40));
  const property = fc.asyncProperty(
    fc.array(deed, { minLength: length, maxLength: length }),
    async (steps) => {
      // A Session of its own for each walk would be slow to make: what earlier walks left is part of the world.
      await server.sql('ALTER TABLE promise DISABLE TRIGGER promise_stays_ended');
      await server.sql(
        `UPDATE promise SET status = 'made', ended_at = NULL, kept_by = NULL, broken_because = NULL, escalated = 0,
           ended_due_on = NULL WHERE space_id = $1`,
        [session],
      );
      await server.sql('ALTER TABLE promise ENABLE TRIGGER promise_stays_ended');
      await server.sql(`UPDATE space SET answer_by = current_date + 10 WHERE id = $1`, [session]);
      await server.sql('TRUNCATE public.walked');
      const world: World = { said: [], updates: [], promises: new Set(), receipts: 0, theme: randomUUID() };
      for (const at of [0, 1, 3]) await deeds['say']!(world, at, 0);
      await holds(world);
      for (const [place, [name, at, other]] of steps.entries()) {
        if (needsUpdate.has(name) && !world.updates.length) continue;
        await deeds[name]!(world, at, other).catch((error: { code?: string }) => {
          // A refusal is an answer; a failure of the server is not.
          if (!error.code || error.code === 'server.failed') throw new Error(name, { cause: error });
        });
        if (place % every === 0) await holds(world);
      }
      await holds(world);
      for (const { machine, before, after } of await walkedMoves()) been.add(`${machine} ${before} ${after}`);
    },
  );
  // The same walks each time; WALKS takes so many others.
  const { WALKS } = process.env;
  await fc.assert(property, {
    ...(WALKS ? { numRuns: Number(WALKS) } : { numRuns: 3, seed: 6 }),
    endOnFailure: true,
  });
  return been;
}

/** The share of a machine's moves that was made. */
const shareOf = (machine: string, been: ReadonlySet<string>) => {
  const all = Object.entries(machines[machine]!).flatMap(([from, to]) =>
    to.map((one) => `${machine} ${from} ${one}`),
  );
  return all.filter((move) => been.has(move)).length / all.length;
};

describe('whatever people do', () => {
  it('nothing that moderators and authors do leaves anything said without a next state', async () => {
    const names = ['say', 'withdraw', 'resubmit', 'resubmit', 'appeal', 'read', 'group'];
    const been = await walk([...names, ...Array.from({ length: 14 }, () => 'moderate')], 90, 9);
    expect(shareOf('moderation', been)).toBeGreaterThan(0.3);
  }, 300_000);

  it('no audience is late, no promise vanishes, and nothing said waits for one that has ended', async () => {
    const often = ['say', 'answer', 'answer', 'judge', 'correct', 'publish', 'moderate'];
    const been = await walk([...Object.keys(deeds), ...often], 32, 1);
    for (const machine of ['loop', 'promise', 'update']) expect(shareOf(machine, been)).toBeGreaterThan(0.2);
  }, 300_000);
});
