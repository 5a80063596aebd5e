import { z } from 'zod';
import { endpoint, Id } from './contract';
import { Me, MemberStatus, Role } from './people';
import { line } from './text';

export const DemoPerson = z.object({
  personId: z.uuid(),
  name: z.string(),
  /** One line about who they are. */
  note: z.string(),
  admin: z.boolean(),
  memberships: z.array(
    z.object({ community: z.string(), slug: z.string(), role: Role, status: MemberStatus }),
  ),
});
export type DemoPerson = z.infer<typeof DemoPerson>;

export const DemoMail = z.object({
  id: z.uuid(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  sentAt: z.iso.datetime(),
});
export type DemoMail = z.infer<typeof DemoMail>;

/** These exist in demo mode alone; elsewhere they are 404 like any unknown path. */
export const listDemoPeople = endpoint({
  method: 'GET',
  path: '/api/demo/people',
  rights: ['demo.people.list'],
  summary: 'The people of the demo communities.',
  input: z.strictObject({}),
  output: z.object({ people: z.array(DemoPerson) }),
});

export const signInAsDemo = endpoint({
  method: 'POST',
  path: '/api/demo/sign-in',
  rights: ['demo.sign-in'],
  summary: 'Signs in as one of the demo people.',
  input: z.strictObject({ personId: z.uuid() }),
  output: Me,
});

export const listDemoMails = endpoint({
  method: 'GET',
  path: '/api/demo/mails',
  rights: ['demo.mails.list'],
  summary: 'The latest mails that the demo would have sent, to one address if wanted.',
  input: z.strictObject({ to: z.email().optional() }),
  output: z.object({ mails: z.array(DemoMail) }),
});

/** Asking again for as many answers the same people. */
export const makeDemoCrowd = endpoint({
  method: 'POST',
  path: '/api/demo/crowd',
  rights: ['demo.crowd.make'],
  summary:
    'Sees to it that a demo community has this many members made of software, and answers who they are.',
  input: z.strictObject({
    slug: z.string().max(40),
    /** First is 0. */
    from: z.int().min(0).max(20_000).default(0),
    count: z.int().min(1).max(1_000),
    /** What to call them, in their order; who has a name keeps it. */
    handles: z.array(line(40)).max(1_000).default([]),
  }),
  output: z.object({
    people: z.array(z.object({ personId: z.uuid(), memberId: z.uuid(), handle: z.string() })),
  }),
});

/** Asking again makes others. */
export const makeDemoInvitations = endpoint({
  method: 'POST',
  path: '/api/demo/invitations',
  rights: ['demo.crowd.make'],
  summary: 'Personal invitations for people made of software, which are answered instead of mailed.',
  input: z.strictObject({
    slug: z.string().max(40),
    sourceId: Id,
    label: line(80),
    count: z.int().min(1).max(5_000),
  }),
  output: z.object({ invitations: z.array(z.object({ email: z.string(), token: z.string() })) }),
});

/** Asking again for the same places makes nothing more. */
export const fillDemoLoop = endpoint({
  method: 'POST',
  path: '/api/demo/loop',
  rights: ['demo.loop.fill'],
  summary:
    'Fills a demo community with contributions of members made of software, and Updates that answer most of them.',
  input: z.strictObject({
    slug: z.string().max(40),
    /** Where it was said. */
    spaceId: Id,
    /** The place of the first contribution; first is 0. One author comes with every twenty. */
    from: z.int().min(0).max(1_000_000),
    contributions: z.int().min(1).max(5_000),
    /** The same of the first Update. */
    fromUpdate: z.int().min(0).max(100_000),
    updates: z.int().min(0).max(500),
  }),
  output: z.object({ contributions: z.int(), updates: z.int() }),
});

/** What a page asked the database for. */
export const PageCost = z.object({
  queries: z.int(),
  /** Rows that were read, and how many the plans expected. */
  rows: z.number(),
  estimatedRows: z.number(),
  /** Pages of the database that were looked at. */
  buffers: z.number(),
  ms: z.number(),
});
export type PageCost = z.infer<typeof PageCost>;

export const costDemoPages = endpoint({
  method: 'POST',
  path: '/api/demo/costs',
  rights: ['demo.pages.cost'],
  summary:
    'What the feed, "My impact" and the desk of a demo community cost the database, as one member opens them.',
  input: z.strictObject({
    slug: z.string().max(40),
    /** The member's place among those made of software. */
    place: z.int().min(0).max(100_000),
    /** Bring the planner's statistics up to date before. */
    analyze: z.boolean().default(false),
  }),
  /** Each page as it opens, and the one after it where there is one. */
  output: z.object({
    feed: PageCost,
    feedNext: PageCost.nullable(),
    impact: PageCost,
    impactNext: PageCost.nullable(),
    desk: PageCost,
    deskNext: PageCost.nullable(),
  }),
});

/** Asking again for the same places makes nothing more. */
export const fillDemoCommons = endpoint({
  method: 'POST',
  path: '/api/demo/commons',
  rights: ['demo.loop.fill'],
  summary: 'Fills the commons of a demo community: topics, posts and ideas, and ratings and thanks for them.',
  input: z.strictObject({
    slug: z.string().max(40),
    /** How many members made of software there are to speak and to rate. */
    members: z.int().min(10).max(20_000),
    /** The place of the first contribution, a multiple of twenty; first is 0. */
    from: z.int().min(0).max(1_000_000),
    contributions: z.int().min(0).max(10_000),
    /** The same of the first rating, of ideas among the first `of` contributions; one of ten is a thanks. */
    fromRating: z.int().min(0).max(10_000_000),
    ratings: z.int().min(0).max(100_000),
    of: z.int().min(20).max(1_000_000),
    /** What was there before stays as it is: newer members speak and rate, and what is newer is rated. */
    since: z
      .strictObject({ members: z.int().min(0), contributions: z.int().min(0) })
      .default({ members: 0, contributions: 0 }),
  }),
  output: z.object({ contributions: z.int(), ratings: z.int() }),
});

export const CommonsPage = z.enum([
  'front',
  'place',
  'topic',
  'ideas',
  'top',
  'idea',
  'searchCommon',
  'searchRare',
  'standing',
  'board',
]);
export type CommonsPage = z.infer<typeof CommonsPage>;

export const costDemoCommons = endpoint({
  method: 'POST',
  path: '/api/demo/commons/costs',
  rights: ['demo.pages.cost'],
  summary: 'What the pages of the commons of a demo community cost the database, as one member opens them.',
  input: z.strictObject({
    slug: z.string().max(40),
    /** The member's place among those made of software. */
    place: z.int().min(0).max(100_000),
    /** Bring the planner's statistics up to date before, and reckon the standings. */
    analyze: z.boolean().default(false),
  }),
  /** `plans`: for each page how each of its statements was carried out, to be read by people. */
  output: z.object({
    pages: z.record(CommonsPage, PageCost),
    plans: z.record(CommonsPage, z.array(z.string())),
  }),
});

export const demoEndpoints = [
  listDemoPeople,
  signInAsDemo,
  listDemoMails,
  makeDemoCrowd,
  makeDemoInvitations,
  fillDemoLoop,
  costDemoPages,
  fillDemoCommons,
  costDemoCommons,
] as const;
