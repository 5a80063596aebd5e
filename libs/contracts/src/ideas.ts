import { z } from 'zod';
import { Place, placePlan, TITLE_MAX, Topic } from './commons';
import { endpoint, Id } from './contract';
import { Author, Comment, COMMENT_MAX, Fate, IdeaStatus, Moderation, Named, Rating } from './contributions';
import { Attachings } from './media';
import { lengthOf, line, lookedFor, text } from './text';

/** Kinds of places to which ideas are sent. */
export const IdeaPlaceKind = z.enum(['challenge', 'jobs', 'suggestions']);
export type IdeaPlaceKind = z.infer<typeof IdeaPlaceKind>;

const PART_MAX = 1_500;
const part = (max = PART_MAX) => z.union([z.literal(''), text(max)]);
/** What is brought along from elsewhere may be longer than what is written here. */
export const BROUGHT_MAX = 8_000;

/** The why before the what. Of a small suggestion `idea` alone. */
export const IdeaParts = z.strictObject({
  situation: part(),
  struggle: part(),
  outcome: part(),
  idea: part(BROUGHT_MAX),
});
export type IdeaParts = z.infer<typeof IdeaParts>;
export const ideaParts = ['situation', 'struggle', 'outcome', 'idea'] as const satisfies (keyof IdeaParts)[];
/** Without these it is not understood. */
export const neededParts: Record<IdeaPlaceKind, readonly (keyof IdeaParts)[]> = {
  challenge: ['situation', 'struggle', 'outcome'],
  jobs: ['situation', 'outcome'],
  suggestions: ['idea'],
};

/** What has to be known first. `tried`: what was done before, and how it went; `article`: more, for who wants it. */
export const CardKind = z.enum(['goal', 'constraint', 'cost', 'tried', 'article']);
export type CardKind = z.infer<typeof CardKind>;

export const ContextCard = z.object({
  id: z.uuid(),
  kind: CardKind,
  title: z.string(),
  body: z.string(),
  /** Grows when it is corrected. */
  version: z.int(),
  by: Named,
  /** Whose words it took over last. */
  thanks: z.string().nullable(),
  /** Whether the caller has had it before them for long enough. */
  read: z.boolean(),
  /** How many have. */
  readers: z.int(),
  comments: z.int(),
});
export type ContextCard = z.infer<typeof ContextCard>;

/** For how long a card is before its reader until it counts as read, ms: as fast as anybody reads. */
export const cardReadMs = (body: string) => Math.min(20_000, Math.max(2_000, lengthOf(body) * 20));

/** How many ideas of one place a member can say matter to them. */
export const MATTERS_MOST = 5;
/** What rises is shown from so many ratings of one's own on, or from all there are. */
export const RATED_LEAST = 7;

const Split = z.object({ agree: z.int(), seen: z.int() });
/** What members think of one version. */
export const IdeaResult = z.object({
  agree: z.int(),
  disagree: z.int(),
  unsure: z.int(),
  matters: z.int(),
  /** Those who had read the context, and those who had not: what knowing it changes. Null where either is fewer than ten. */
  informed: Split.nullable(),
  uninformed: Split.nullable(),
});
export type IdeaResult = z.infer<typeof IdeaResult>;

export const OwnRating = z.object({ rating: Rating, matters: z.boolean(), version: z.int() });
export type OwnRating = z.infer<typeof OwnRating>;

/** An idea as the caller finds it: a topic with a form, versions, ratings and a status. */
export const Idea = Topic.extend({
  parts: IdeaParts,
  version: z.int(),
  teamOnly: z.boolean(),
  coAuthors: z.array(Author),
  /** The caller was asked to be one of its authors, and has not answered. */
  invited: z.boolean(),
  status: IdeaStatus,
  /** Of `later`, `planned` and `inProgress`: by when. */
  on: z.iso.date().nullable(),
  /** The caller, one of its authors, is asked whether the small thing that was delivered is right. */
  asked: z.boolean(),
  /** The answer, in the team's words. */
  note: z.string().nullable(),
  /** Who of the team looks after it. */
  owner: Named.nullable(),
  /** In which it goes on. */
  into: z.uuid().nullable(),
  /** By when somebody has looked at it, and when and who did. */
  acknowledge: z.object({
    by: z.iso.datetime(),
    at: z.iso.datetime().nullable(),
    who: Named.nullable(),
  }),
  area: z.object({ id: z.uuid(), label: z.string() }).nullable(),
  /** Where it was brought from, with the name and the support it had there. */
  imported: z
    .object({ from: z.string(), key: z.string(), by: z.string().nullable(), support: z.int().nullable() })
    .nullable(),
  myRating: OwnRating.nullable(),
  /** Null until the caller has rated it: answer before you see. */
  result: IdeaResult.nullable(),
});
export type Idea = z.infer<typeof Idea>;

export const IdeaVersion = z.object({
  n: z.int(),
  title: z.string(),
  parts: IdeaParts,
  /** When it was replaced, by whom, and what they said of it. */
  until: z.iso.datetime(),
  by: z.string(),
  note: z.string(),
  result: IdeaResult.nullable(),
});
export type IdeaVersion = z.infer<typeof IdeaVersion>;

/** A place with what is special to one for ideas. */
export const IdeaPlace = Place.extend({
  contextRequired: z.boolean(),
  /** The caller has read all that there is to know first. */
  informed: z.boolean(),
  cards: z.int(),
  closesAt: z.iso.datetime().nullable(),
  closed: z.boolean(),
  /** Within how many days each idea is looked at. */
  acknowledgeDays: z.int(),
  areas: z.array(z.object({ id: z.uuid(), label: z.string(), owner: Named })),
  /** How many more of one's own "matters to me" there are. */
  mattersLeft: z.int(),
  /** How many the caller has rated of how many it takes to see what rises. */
  rated: z.int(),
  ratedLeast: z.int(),
});
export type IdeaPlace = z.infer<typeof IdeaPlace>;

const inCommunity = { communityId: Id };
const ofPlace = { communityId: Id, placeId: Id };
const ofIdea = { communityId: Id, ideaId: Id };
const Nothing = z.object({});
const cursor = z.string().max(120).optional();
const ideaWords = { title: line(TITLE_MAX), parts: IdeaParts };

/** `placeId` and the ids of cards and areas are made by the client. */
export const openIdeaPlace = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/idea-places',
  rights: ['challenge.create'],
  summary: 'Opens a challenge, a place for what the product is used for, or one for small suggestions.',
  input: z.strictObject({
    ...ofPlace,
    ...placePlan,
    kind: IdeaPlaceKind,
    contextRequired: z.boolean(),
    closesAt: z.iso.datetime().nullable(),
    acknowledgeDays: z.int().min(1).max(30),
    cards: z.array(z.strictObject({ id: Id, kind: CardKind, title: line(120), body: text(2_000) })).max(8),
    areas: z
      .array(z.strictObject({ id: Id, label: line(60), ownerId: Id }))
      .max(12)
      .default([]),
  }),
  output: IdeaPlace,
});

export const IdeaSort = z.enum(['active', 'new', 'top', 'toRate']);
export type IdeaSort = z.infer<typeof IdeaSort>;

export const listIdeas = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/places/:placeId/ideas',
  rights: ['idea.list'],
  summary:
    'Ideas of a place: last spoken of first, newest first, the best supported once one has rated, or some to rate.',
  input: z.strictObject({
    ...ofPlace,
    sort: IdeaSort.default('active'),
    status: IdeaStatus.optional(),
    cursor,
  }),
  output: z.object({ place: IdeaPlace, ideas: z.array(Idea), next: z.string().nullable() }),
});

export const similarIdeas = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/places/:placeId/similar',
  rights: ['idea.list'],
  summary: 'Ideas that say something like it, while one writes.',
  input: z.strictObject({ ...ofPlace, words: lookedFor(400).min(4) }),
  output: z.object({
    similar: z.array(z.object({ id: z.uuid(), title: z.string(), status: IdeaStatus, posts: z.int() })),
  }),
});

export const sendIdea = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/places/:placeId/ideas',
  rights: ['idea.create'],
  summary: 'Sends an idea to all, or to the team alone.',
  input: z.strictObject({
    ...ofPlace,
    ...ideaWords,
    opId: Id,
    teamOnly: z.boolean(),
    areaId: Id.nullable().default(null),
    files: Attachings,
  }),
  output: z.object({ id: z.uuid(), fate: Fate }),
});

export const readIdea = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/ideas/:ideaId',
  rights: ['idea.read'],
  summary: 'An idea with its versions before, newest first.',
  input: z.strictObject(ofIdea),
  output: z.object({ place: IdeaPlace, idea: Idea, versions: z.array(IdeaVersion) }),
});

export const refineIdea = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/ideas/:ideaId',
  rights: ['idea.refine own'],
  summary: 'Makes its next version, by one of its authors; those who rated the one before are told.',
  input: z.strictObject({ ...ofIdea, ...ideaWords, basedOn: z.int().min(1), note: text(300) }),
  output: Idea,
});

export const rateIdea = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/ideas/:ideaId/rating',
  rights: ['idea.rate'],
  summary:
    'Says what one thinks of this version, and whether it matters to oneself; said again it counts once.',
  input: z.strictObject({ ...ofIdea, version: z.int().min(1), rating: Rating, matters: z.boolean() }),
  output: Idea,
});

export const askCoAuthor = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/ideas/:ideaId/authors',
  rights: ['idea.refine own'],
  summary: 'Asks somebody who spoke about the idea to be one of its authors.',
  input: z.strictObject({ ...ofIdea, memberId: Id }),
  output: Nothing,
});

export const answerCoAuthor = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/ideas/:ideaId/authors/me',
  rights: ['idea.coauthor own'],
  summary: 'Agrees to be one of its authors, or not; also to be one no longer.',
  input: z.strictObject({ ...ofIdea, agree: z.boolean() }),
  output: Nothing,
});

export const judgeIdea = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/ideas/:ideaId/verdict',
  rights: ['idea.judge own'],
  summary:
    'Its authors say of a delivered small suggestion whether it is right; if not, why: it is open again, and its owner is told.',
  input: z.strictObject({ ...ofIdea, right: z.boolean(), because: text(500).nullable() }),
  output: Nothing,
});

/** What the team decides about ideas. Delivered is what an Update says is delivered; of small suggestions, also this. */
export const IdeaDecision = z.discriminatedUnion('to', [
  z.strictObject({ to: z.literal('inReview'), note: text(500).nullable() }),
  z.strictObject({ to: z.literal('planned'), note: text(500).nullable(), on: z.iso.date().nullable() }),
  z.strictObject({ to: z.literal('inProgress'), note: text(500).nullable() }),
  z.strictObject({ to: z.literal('delivered'), note: text(500).nullable() }),
  z.strictObject({ to: z.literal('later'), note: text(500).nullable(), on: z.iso.date() }),
  z.strictObject({ to: z.literal('notNow'), note: text(500) }),
  z.strictObject({ to: z.literal('alreadyThere'), note: text(500) }),
  z.strictObject({ to: z.literal('merged'), into: Id }),
]);
export type IdeaDecision = z.infer<typeof IdeaDecision>;

export const IDEAS_AT_ONCE = 300;

export const decideIdeas = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/ideas/decisions',
  rights: ['idea.decide'],
  summary:
    'Decides about ideas, many at once; their authors are told. `moved`: those that could not go there.',
  input: z.strictObject({
    ...inCommunity,
    ideaIds: z.array(Id).min(1).max(IDEAS_AT_ONCE),
    decision: IdeaDecision,
    /** Who of the team looks after them from now on. */
    ownerId: Id.optional(),
  }),
  output: z.object({ done: z.array(z.uuid()), moved: z.array(z.uuid()) }),
});

/** An idea as the team works on it. */
export const DeskIdea = Idea.extend({
  place: z.object({ id: z.uuid(), kind: IdeaPlaceKind, title: z.string() }),
  /** Others of this page that say nearly the same, the most alike first. */
  alike: z.array(z.uuid()),
});
export type DeskIdea = z.infer<typeof DeskIdea>;

export const DeskShow = z.enum(['waiting', 'overdue', 'mine', 'inReview', 'planned', 'inProgress', 'all']);
export type DeskShow = z.infer<typeof DeskShow>;

export const listIdeaDesk = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/idea-desk',
  rights: ['idea.desk.read'],
  summary: 'Ideas as the team works on them, the most urgent first.',
  input: z.strictObject({ ...inCommunity, show: DeskShow, placeId: Id.optional(), cursor }),
  output: z.object({
    ideas: z.array(DeskIdea),
    next: z.string().nullable(),
    /** Of all places; a thousand is many. */
    waiting: z.int(),
    overdue: z.int(),
    /** Ideas sent in the last 90 days that were to be acknowledged by now, and how many were in time. */
    acknowledged: z.object({ due: z.int(), inTime: z.int() }),
    team: z.array(z.object({ memberId: z.uuid(), name: z.string(), title: z.string() })),
  }),
});

export const readContext = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/places/:placeId/context',
  rights: ['context.read'],
  summary: 'What there is to know first.',
  input: z.strictObject(ofPlace),
  output: z.object({ place: IdeaPlace, cards: z.array(ContextCard) }),
});

export const markContext = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/places/:placeId/context/read',
  rights: ['context.mark own'],
  summary:
    'For how long a card has been before the caller; it counts from `cardReadMs` on, by the server’s clock.',
  input: z.strictObject({ ...ofPlace, cardId: Id, ms: z.int().min(0).max(600_000) }),
  output: z.object({ read: z.boolean(), informed: z.boolean() }),
});

export const saveCard = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/places/:placeId/context/:cardId',
  rights: ['context.update'],
  summary:
    'Adds a card, or corrects it (`basedOn` the version it was read in); what it said stays to be read.',
  input: z.strictObject({
    ...ofPlace,
    cardId: Id,
    basedOn: z.int().min(0),
    kind: CardKind,
    title: line(120),
    body: text(2_000),
    /** The member's correction that it takes over. */
    from: Id.nullable().default(null),
  }),
  output: Nothing,
});

export const CardComment = Comment.extend({
  moderation: Moderation,
  /** It is what the card should say, and whether the card says so by now. */
  correction: z.object({ taken: z.boolean() }).nullable(),
});
export const readCard = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/places/:placeId/context/:cardId',
  rights: ['context.read'],
  summary: 'What members say of a card, and what it said before it was corrected.',
  input: z.strictObject({ ...ofPlace, cardId: Id }),
  output: z.object({
    comments: z.array(CardComment),
    versions: z.array(z.object({ n: z.int(), title: z.string(), body: z.string(), until: z.iso.datetime() })),
  }),
});

export const commentCard = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/places/:placeId/context/:cardId/comments',
  rights: ['context.comment'],
  summary:
    'Asks about a card, says what is wrong with it, or what it should say (`corrects`: the version that was read).',
  input: z.strictObject({
    ...ofPlace,
    cardId: Id,
    opId: Id,
    body: text(COMMENT_MAX),
    corrects: z.int().min(1).nullable().default(null),
  }),
  output: z.object({ comment: Comment, fate: Fate }),
});

export const readProcess = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/places/:placeId/process',
  rights: ['idea.list'],
  summary: 'The way of an idea here: how many are where, how long it took, and some that got there.',
  input: z.strictObject(ofPlace),
  output: z.object({
    place: IdeaPlace,
    stages: z.array(
      z.object({
        status: IdeaStatus,
        /** A thousand is many. */
        ideas: z.int(),
        /** Days from being sent to getting there, the middle one of the last hundred. */
        medianDays: z.number().nullable(),
        latest: z.array(z.object({ id: z.uuid(), title: z.string() })),
      }),
    ),
  }),
});

// --- bringing ideas along from another board ---

export const BROUGHT_ROWS_MAX = 5_000;
/** Which column holds what, by its heading. */
export const IdeaColumns = z.strictObject({
  title: z.string().max(200),
  text: z.string().max(200).nullable(),
  /** What names a row there: brought along again it is left as it is. */
  key: z.string().max(200).nullable(),
  by: z.string().max(200).nullable(),
  support: z.string().max(200).nullable(),
  at: z.string().max(200).nullable(),
  status: z.string().max(200).nullable(),
  /** The key of the one that took its place. */
  replacedBy: z.string().max(200).nullable(),
});
export type IdeaColumns = z.infer<typeof IdeaColumns>;

/** What a status there is here. `leaveOut`: such rows stay where they are. */
export const BroughtStatus = IdeaStatus.exclude(['merged']).or(z.literal('leaveOut'));
export type BroughtStatus = z.infer<typeof BroughtStatus>;
/** Stands for any value, where there are too many different ones; '' is an empty cell. */
export const ANY_VALUE = '*';

export const BroughtProblem = z.enum(['columns', 'title', 'characters', 'twice', 'date']);
export const BroughtReport = z.object({
  rows: z.int(),
  good: z.int(),
  bad: z.int(),
  leftOut: z.int(),
  /** Titles or texts that were cut to what an idea holds; the whole title stands in the text then. */
  shortened: z.int(),
  /** First 100. `row` as a person counts them in the file. */
  problems: z.array(z.object({ row: z.int(), problem: BroughtProblem, what: z.string() })),
});
export type BroughtReport = z.infer<typeof BroughtReport>;

const broughtCsv = z.string().min(1).max(8_000_000);

export const checkBrought = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/places/:placeId/brought/check',
  rights: ['idea.import'],
  summary:
    'Reads a file of ideas from another board: its columns, which is which by the look of it, and what is wrong, by row.',
  input: z.strictObject({
    ...ofPlace,
    csv: broughtCsv,
    columns: IdeaColumns.nullable(),
    statuses: z.record(z.string().max(200), BroughtStatus).nullable(),
  }),
  output: z.object({
    headings: z.array(z.string()),
    columns: IdeaColumns.nullable(),
    statuses: z.array(z.object({ value: z.string(), count: z.int(), to: BroughtStatus })),
    report: BroughtReport,
    /** How the first ones will read. */
    first: z.array(
      z.object({ title: z.string(), text: z.string(), status: IdeaStatus, on: z.iso.date().nullable() }),
    ),
  }),
  bodyMax: '9mb',
});

export const bringIdeas = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/places/:placeId/brought',
  rights: ['idea.import'],
  summary: 'Brings the good rows of a file along as ideas; those that are here already stay as they are.',
  input: z.strictObject({
    ...ofPlace,
    /** What the other board is called; members read it. */
    from: line(60),
    csv: broughtCsv,
    columns: IdeaColumns,
    statuses: z.record(z.string().max(200), BroughtStatus),
  }),
  output: z.object({ made: z.int(), here: z.int(), report: BroughtReport }),
  bodyMax: '9mb',
});

export const ideaEndpoints = [
  openIdeaPlace,
  listIdeas,
  similarIdeas,
  sendIdea,
  readIdea,
  refineIdea,
  rateIdea,
  askCoAuthor,
  answerCoAuthor,
  judgeIdea,
  decideIdeas,
  listIdeaDesk,
  readContext,
  markContext,
  saveCard,
  readCard,
  commentCard,
  readProcess,
  checkBrought,
  bringIdeas,
] as const;
