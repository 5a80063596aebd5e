import { z } from 'zod';
import { endpoint, Id } from './contract';
import { COMMENT_MAX, Fate, Named } from './contributions';
import { line, text } from './text';

/** Pages on which one can say something without being asked. */
export const FeedbackPage = z.enum([
  'home',
  'session',
  'result',
  'activities',
  'talk',
  'ideas',
  'groups',
  'updates',
  'impact',
  'assets',
  'profile',
  'other',
]);
export type FeedbackPage = z.infer<typeof FeedbackPage>;

/** How it is: 1 bad to 5 good. */
export const Mood = z.int().min(1).max(5);
/** What is said of a film is gathered in scenes of so many seconds. */
export const SCENE_SECONDS = 15;

const inCommunity = { communityId: Id };
const about = {
  page: FeedbackPage,
  /** What was before them, and at which second of it. */
  assetId: Id.nullable(),
};

/** What stands at the field: its question, and whether an answer comes. Null where nothing can be said yet. */
export const FeedbackPrompt = z.object({
  /** Of this page or asset alone; null: the usual question. */
  prompt: z.string().nullable(),
  owner: Named,
  /** Within so many days there is an answer; null: everything is read, and answered by an Update alone. */
  replyDays: z.int().nullable(),
});
export type FeedbackPrompt = z.infer<typeof FeedbackPrompt>;

export const readFeedbackPrompt = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/feedback/prompt',
  rights: ['feedback.give'],
  summary: 'The question that is asked on a page or of an asset, and whether an answer comes.',
  input: z.strictObject({ ...inCommunity, page: FeedbackPage, assetId: Id.optional() }),
  output: z.object({ prompt: FeedbackPrompt.nullable() }),
});

export const sendFeedback = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/feedback',
  rights: ['feedback.give'],
  summary: 'Says something to the team without being asked: of a page, an asset, or a second of it.',
  input: z.strictObject({
    ...inCommunity,
    ...about,
    opId: Id,
    second: z.int().min(0).max(36_000).nullable(),
    mood: Mood.nullable(),
    body: text(COMMENT_MAX),
  }),
  output: z.object({ id: z.uuid(), fate: Fate }),
});

export const FeedbackItem = z.object({
  id: z.uuid(),
  page: FeedbackPage,
  asset: z.object({ id: z.uuid(), title: z.string() }).nullable(),
  second: z.int().nullable(),
  mood: z.int().nullable(),
  body: z.string(),
  author: z.string(),
  at: z.iso.datetime(),
  /** The question that stood at the field. */
  prompt: z.string().nullable(),
  /** Until when an answer was promised; null where none was, or once there is one. */
  answerBy: z.iso.datetime().nullable(),
});
export type FeedbackItem = z.infer<typeof FeedbackItem>;

const Tally = z.object({ count: z.int(), mood: z.number().nullable() });

export const listFeedback = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/feedback',
  rights: ['feedback.read'],
  summary:
    'What was said without being asked, by page, asset and scene, newest first; with counts and mood of 90 days.',
  input: z.strictObject({
    ...inCommunity,
    page: FeedbackPage.optional(),
    assetId: Id.optional(),
    /** The second at which a scene begins. */
    scene: z.coerce.number().int().min(0).optional(),
    cursor: z.string().max(120).optional(),
  }),
  output: z.object({
    items: z.array(FeedbackItem),
    next: z.string().nullable(),
    pages: z.array(Tally.extend({ page: FeedbackPage })),
    assets: z.array(Tally.extend({ id: z.uuid(), title: z.string() })),
    /** Of the asset that is chosen. */
    scenes: z.array(Tally.extend({ from: z.int() })),
    prompts: z.array(
      z.object({ page: FeedbackPage.nullable(), assetId: z.uuid().nullable(), prompt: z.string() }),
    ),
    /** How many wait for their answer longer than was promised; a thousand is many. */
    overdue: z.int(),
    /** Null until it is opened. */
    settings: z.object({ owner: Named, replyDays: z.int().nullable() }).nullable(),
  }),
});

export const setFeedback = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/feedback/settings',
  rights: ['feedback.update'],
  summary:
    'Lets members say something on every page, with the promise of who hears it; or changes whether an answer comes.',
  input: z.strictObject({
    ...inCommunity,
    owner: z.strictObject({ name: line(80), title: line(80) }),
    reportBackOn: z.iso.date().refine((date) => date >= '2000', 'a date from the year 2000 on'),
    replyDays: z.int().min(1).max(90).nullable(),
  }),
  output: z.object({}),
});

export const setPrompt = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/feedback/prompts',
  rights: ['feedback.update'],
  summary: 'Asks a question of its own on one page, or of one asset; null: the usual one.',
  input: z
    .strictObject({
      ...inCommunity,
      page: FeedbackPage.nullable(),
      assetId: Id.nullable(),
      prompt: line(200).nullable(),
    })
    .refine(({ page, assetId }) => (page === null) !== (assetId === null), 'a page or an asset'),
  output: z.object({}),
});

/** What the team's screens hear when something was said; what it is, is asked for. */
export const feedbackNews = 'feedback.said';

export const feedbackEndpoints = [
  readFeedbackPrompt,
  sendFeedback,
  listFeedback,
  setFeedback,
  setPrompt,
] as const;
