import { z } from 'zod';
import { endpoint, Id } from './contract';
import {
  Author,
  COMMENT_MAX,
  Edited,
  Fate,
  LoopState,
  Moderation,
  Named,
  Outcome,
  SpaceKind,
} from './contributions';
import { Attached, Attachings } from './media';
import { MemberType } from './people';
import { KudosTally } from './recognition';
import { line, lookedFor, text } from './text';

/** From so many topics of a place on they are not counted to the end. */
export const TOPICS_MANY = 200;

/**
 * Whom a place is for: of these kinds, or of every kind where there are none; of the circle alone; and of a segment alone.
 * All of it has to be so. The team sees all.
 */
export const Audience = z.strictObject({
  types: z.array(MemberType).max(5),
  circle: z.boolean(),
  segmentId: z.uuid().nullable().default(null),
});
export type Audience = z.infer<typeof Audience>;
export const everybody: Audience = { types: [], circle: false, segmentId: null };

/** A place where members begin topics: why it is there, who decides with what is said, and when members hear back. */
export const Place = z.object({
  id: z.uuid(),
  kind: SpaceKind.extract(['discussion', 'challenge', 'jobs', 'suggestions', 'group']),
  audience: Audience,
  title: z.string(),
  purpose: z.string(),
  decision: z.string(),
  decisionOwner: Named,
  reportBackOn: z.iso.date(),
  informsOnly: z.boolean(),
  /** Ends at `TOPICS_MANY`. */
  topics: z.int(),
  /** Topics with something that the caller has not seen. */
  unread: z.int(),
  /** When something was last said there. */
  lastAt: z.iso.datetime().nullable(),
});
export type Place = z.infer<typeof Place>;

/** Told of everything new in it; never; or as usual: when one began it or was spoken to. */
export const Following = z.enum(['follow', 'mute', 'usual']);
export type Following = z.infer<typeof Following>;

/** A topic: a contribution with a title, and what is said to it. */
export const Topic = z.object({
  id: z.uuid(),
  placeId: z.uuid(),
  title: z.string(),
  author: Author,
  at: z.iso.datetime(),
  /** What follows the title. */
  body: z.string(),
  files: z.array(Attached),
  edited: Edited.nullable(),
  moderation: Moderation,
  loop: LoopState,
  outcome: Outcome.nullable(),
  posts: z.int(),
  lastAt: z.iso.datetime(),
  /** Of these, how many the caller has not seen; null where they never opened it. */
  fresh: z.int().nullable(),
  following: Following,
  /** The post that solves it. */
  solvedBy: z.uuid().nullable(),
  mine: z.boolean(),
});
export type Topic = z.infer<typeof Topic>;

/** Something said to a topic, or to a post of it. */
export const Post = z.object({
  id: z.uuid(),
  parentId: z.uuid().nullable(),
  author: Author,
  at: z.iso.datetime(),
  body: z.string(),
  files: z.array(Attached),
  edited: Edited.nullable(),
  moderation: Moderation,
  /** Words of the post that it answers, as they were written. */
  quote: z.string().nullable(),
  kudos: KudosTally,
  mine: z.boolean(),
});
export type Post = z.infer<typeof Post>;

const inCommunity = { communityId: Id };
const ofPlace = { communityId: Id, placeId: Id };
const ofTopic = { communityId: Id, topicId: Id };
const ofPost = { communityId: Id, postId: Id };
const Nothing = z.object({});
/** What every place is opened with. */
export const placePlan = {
  title: line(120),
  purpose: text(500),
  decision: text(500),
  decisionOwner: z.strictObject({ name: line(80), title: line(80) }),
  reportBackOn: z.iso.date().refine((date) => date >= '2000', 'a date from the year 2000 on'),
  informsOnly: z.boolean(),
  audience: Audience.default(everybody),
};
const cursor = z.string().max(120).optional();

export const TITLE_MAX = 140;
export const TOPIC_MAX = 8_000;

export const listPlaces = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/places',
  rights: ['space.list'],
  summary: 'Where members talk, with what is new there for the caller.',
  input: z.strictObject(inCommunity),
  output: z.object({ places: z.array(Place) }),
});

/** `placeId` is made by the client. */
export const openPlace = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/places',
  rights: ['space.create'],
  summary: 'Opens a place to talk, with its promise.',
  input: z.strictObject({ ...ofPlace, ...placePlan }),
  output: Place,
});

export const countAudience = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/audience-counts',
  rights: ['space.create'],
  summary:
    'For how many active members it would be; null when that is fewer than ten, or all but fewer than ten.',
  input: z.strictObject({ ...inCommunity, audience: Audience }),
  output: z.object({ count: z.int().nullable() }),
});

export const listTopics = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/places/:placeId/topics',
  rights: ['topic.list'],
  summary: 'Topics of a place: what was last spoken of first.',
  input: z.strictObject({ ...ofPlace, cursor }),
  output: z.object({ place: Place, topics: z.array(Topic), next: z.string().nullable() }),
});

export const startTopic = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/places/:placeId/topics',
  rights: ['topic.create'],
  summary: 'Begins a topic, at any hour; whether others see it at once is the rule of the place.',
  input: z.strictObject({
    ...ofPlace,
    opId: Id,
    title: line(TITLE_MAX),
    body: text(TOPIC_MAX),
    files: Attachings,
  }),
  output: z.object({ id: z.uuid(), fate: Fate }),
});

export const readTopic = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/topics/:topicId',
  rights: ['topic.read'],
  summary: 'A topic with what was said to it, oldest first, and up to where the caller has seen it.',
  input: z.strictObject({ ...ofTopic, cursor }),
  output: z.object({
    place: Place,
    topic: Topic,
    /** Thanks for the topic itself. */
    kudos: KudosTally,
    /** What came of it, the newest first: Updates that rest on it, or on what was said to it. */
    updates: z.array(z.object({ id: z.uuid(), title: z.string(), at: z.iso.datetime() })),
    posts: z.array(Post),
    next: z.string().nullable(),
    seenAt: z.iso.datetime().nullable(),
  }),
});

export const postTo = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/topics/:topicId/posts',
  rights: ['topic.post'],
  summary: 'Says something to a topic, or to a post of it; `@handle` tells that member.',
  input: z.strictObject({
    ...ofTopic,
    opId: Id,
    body: text(COMMENT_MAX),
    parentId: Id.nullable(),
    quote: text(400).nullable(),
    files: Attachings,
  }),
  output: z.object({ post: Post, fate: Fate }),
});

/** `id` is a topic's or a post's. */
export const editPost = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/posts/:postId',
  rights: ['comment.update own'],
  summary: 'Changes one’s own words; what they were stays to be read.',
  input: z.strictObject({ ...ofPost, body: text(TOPIC_MAX) }),
  output: Nothing,
});

export const readHistory = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/posts/:postId/history',
  rights: ['comment.history.read'],
  summary: 'What was written before it was changed, oldest first: for its author, and those who moderate.',
  input: z.strictObject(ofPost),
  output: z.object({
    versions: z.array(z.object({ body: z.string(), at: z.iso.datetime(), edited: Edited })),
  }),
});

export const seeTopic = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/topics/:topicId/seen',
  rights: ['topic.seen own'],
  summary: 'Says up to when the caller has seen a topic.',
  input: z.strictObject({
    ...ofTopic,
    upTo: z.iso.datetime().refine((moment) => moment >= '2000', 'a moment from the year 2000 on'),
  }),
  output: Nothing,
});

export const followTopic = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/topics/:topicId/following',
  rights: ['topic.seen own'],
  summary: 'Follows a topic, mutes it, or neither.',
  input: z.strictObject({ ...ofTopic, following: Following }),
  output: Nothing,
});

export const solveTopic = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/topics/:topicId/solution',
  rights: ['topic.solve'],
  summary: 'Marks the post that solves it; by who began it, or the team. Null takes it back.',
  input: z.strictObject({ ...ofTopic, postId: Id.nullable() }),
  output: Nothing,
});

/** Something that was found: where it stands, and what fits, between « and ». */
export const Found = z.object({
  id: z.uuid(),
  kind: z.enum([
    'topic',
    'idea',
    'post',
    'statement',
    'note',
    'update',
    'session',
    'activity',
    'place',
    'group',
    'card',
  ]),
  title: z.string(),
  excerpt: z.string(),
  /** Empty where it is nobody's in particular. */
  author: z.string(),
  at: z.iso.datetime(),
  /** Where it stands, and what that is: said of a card, it is the cards of the place. */
  on: z.enum(['topic', 'idea', 'session', 'update', 'cards', 'group', 'activity', 'talk', 'ideas']),
  of: z.uuid(),
});
export type Found = z.infer<typeof Found>;

export const search = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/search',
  rights: ['search.read'],
  summary: 'Finds whatever the caller may see, in English and German, also with a slip of the pen.',
  input: z.strictObject({ ...inCommunity, words: lookedFor(100).min(2) }),
  output: z.object({ found: z.array(Found) }),
});

/** What every screen hears when something new is to be seen in a topic; what it is, is asked for. */
export const topicNews = 'commons.said';
/** `id` is that of the topic or post itself: a page that has it already has nothing to offer. */
export const TopicNews = z.object({ placeId: z.uuid(), topicId: z.uuid(), id: z.uuid() });

export const commonsEndpoints = [
  listPlaces,
  openPlace,
  countAudience,
  listTopics,
  startTopic,
  readTopic,
  postTo,
  editPost,
  readHistory,
  seeTopic,
  followTopic,
  solveTopic,
  search,
] as const;
