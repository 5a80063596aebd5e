import { z } from 'zod';
import { endpoint, Id } from './contract';
import { Author, Fate, LoopState, Moderation, Named } from './contributions';
import { Asset, Media } from './media';
import { FactKey } from './rule';
import { line, lookedFor, text } from './text';

// --- what is asked ---

export const TaskKind = z.enum(['text', 'photo', 'video', 'pick', 'rank', 'scale', 'place']);
export type TaskKind = z.infer<typeof TaskKind>;

export const TaskOption = z.strictObject({ id: Id, label: line(120) });
export type TaskOption = z.infer<typeof TaskOption>;

/** One step of an Activity. */
export const TaskBody = z
  .strictObject({
    id: Id,
    kind: TaskKind,
    prompt: line(280),
    help: text(600).nullable(),
    required: z.boolean(),
    /** Of `pick` and `rank`. */
    options: z.array(TaskOption).max(20),
    /** How many at the most: choices of `pick`, files of `photo` and `video`, pins of `place`. */
    most: z.int().min(1).max(10),
    /** Of `scale`. */
    scale: z
      .strictObject({
        from: z.int().min(0).max(1),
        to: z.int().min(2).max(10),
        fromLabel: line(60),
        toLabel: line(60),
      })
      .nullable(),
    /** A picture that it is about; `place` needs one. */
    assetId: Id.nullable(),
    /** Of `pick` of one: what is known of the member by this key is not asked again. */
    fact: FactKey.nullable(),
  })
  .refine(
    ({ kind, options }) => (kind === 'pick' || kind === 'rank' ? options.length >= 2 : !options.length),
    {
      path: ['options'],
      error: 'two options at least, where there is something to choose',
    },
  )
  .refine(({ options }) => new Set(options.map(({ id }) => id)).size === options.length, {
    path: ['options'],
    error: 'each once',
  })
  .refine(({ kind, scale }) => (kind === 'scale') === (scale !== null), {
    path: ['scale'],
    error: 'with a scale alone',
  })
  .refine(({ kind, assetId }) => kind !== 'place' || assetId, { path: ['assetId'], error: 'a picture' })
  .refine(({ kind, most, fact }) => !fact || (kind === 'pick' && most === 1), {
    path: ['fact'],
    error: 'with a choice of one alone',
  });
export type TaskBody = z.infer<typeof TaskBody>;

/** Who sees what members send: all; those who have sent theirs; the team alone. */
export const Visibility = z.enum(['open', 'afterAnswer', 'team']);
export type Visibility = z.infer<typeof Visibility>;

/** A diary: the same tasks again, so many times; each entry has a day or a week of its own, counted from when it opens. */
export const Diary = z.strictObject({ every: z.enum(['day', 'week']), entries: z.int().min(2).max(31) });
export type Diary = z.infer<typeof Diary>;

const PERIOD_MS: Record<Diary['every'], number> = { day: 86_400_000, week: 7 * 86_400_000 };

/** The calendar of the database knows no year 0. */
const ofOurTime = [(date: string) => date >= '2000', 'a date from the year 2000 on'] as const;

/** An Activity as it is published: not without a purpose, a decision owner and a report-back date. */
export const ActivityBody = z
  .strictObject({
    title: line(120),
    purpose: text(500),
    decision: text(500),
    decisionOwner: z.strictObject({ name: line(80), title: line(80) }),
    reportBackOn: z.iso.date().refine(...ofOurTime),
    informsOnly: z.boolean(),
    /** What to do and how, for the member. */
    instructions: text(4_000),
    /** Files of the brand to work with. */
    assetIds: z.array(Id).max(12),
    /** Whom it is for; null: everybody. */
    segmentId: Id.nullable(),
    opensAt: z.iso.datetime().refine(...ofOurTime),
    dueAt: z.iso.datetime().refine(...ofOurTime),
    /** What comes so many hours later is still taken, and marked late. */
    graceHours: z.int().min(0).max(336),
    visibility: Visibility,
    /** Others see it only once a moderator has approved it, whatever the community's rule. */
    approveFirst: z.boolean(),
    diary: Diary.nullable(),
    tasks: z.array(TaskBody).min(1).max(20),
  })
  .refine(({ opensAt, dueAt }) => Date.parse(opensAt) < Date.parse(dueAt), {
    path: ['dueAt'],
    error: 'after it opens',
  })
  .refine(({ dueAt, reportBackOn }) => dueAt.slice(0, 10) <= reportBackOn, {
    path: ['reportBackOn'],
    error: 'not before it is due',
  })
  .refine(({ tasks }) => new Set(tasks.map(({ id }) => id)).size === tasks.length, {
    path: ['tasks'],
    error: 'each once',
  })
  .refine(
    ({ diary, opensAt, dueAt }) =>
      !diary || Date.parse(dueAt) > Date.parse(opensAt) + (diary.entries - 1) * PERIOD_MS[diary.every],
    { path: ['dueAt'], error: 'after its last entry begins' },
  );
export type ActivityBody = z.infer<typeof ActivityBody>;

/** While it is written, anything but its title may be missing. Checked whole when it is published. */
export const ActivityDraft = z.strictObject({
  title: line(120),
  rest: z
    .record(z.string().max(40), z.unknown())
    .refine((rest) => JSON.stringify(rest).length < 48_000, 'shorter'),
});
export type ActivityDraft = z.infer<typeof ActivityDraft>;

/** What stands in the row; the phases between follow the clock. */
export const ActivityStatus = z.enum(['draft', 'published', 'closed', 'archived']);
export type ActivityStatus = z.infer<typeof ActivityStatus>;
export const activityMoves: Record<ActivityStatus, readonly ActivityStatus[]> = {
  draft: ['published'],
  published: ['closed'],
  closed: ['archived', 'published'],
  archived: [],
};

/** `closing`: past its day, within the grace. */
export const ActivityPhase = z.enum(['draft', 'scheduled', 'open', 'closing', 'closed', 'archived']);
export type ActivityPhase = z.infer<typeof ActivityPhase>;

/** Where it is at a moment, ISO as the others. */
export function phaseOf(
  {
    status,
    opensAt,
    dueAt,
    graceHours,
  }: { status: ActivityStatus; opensAt: string; dueAt: string; graceHours: number },
  now: string,
): ActivityPhase {
  if (status !== 'published') return status;
  const at = Date.parse(now);
  if (at < Date.parse(opensAt)) return 'scheduled';
  if (at < Date.parse(dueAt)) return 'open';
  return at < Date.parse(dueAt) + graceHours * 3_600_000 ? 'closing' : 'closed';
}

interface Times {
  opensAt: string;
  dueAt: string;
  diary: Diary | null;
}

/** The entry whose day or week it is, from 1 on; without a diary there is the one. Null before it opens. */
export function entryAt({ opensAt, diary }: Times, now: string): number | null {
  const since = Date.parse(now) - Date.parse(opensAt);
  if (since < 0) return null;
  return diary ? Math.min(diary.entries, 1 + Math.floor(since / PERIOD_MS[diary.every])) : 1;
}

/** Until when an entry is in time, ISO; the last has until all of it is due. */
export function entryDueAt({ opensAt, dueAt, diary }: Times, entry: number): string {
  if (!diary || entry >= diary.entries) return dueAt;
  const ends = Date.parse(opensAt) + entry * PERIOD_MS[diary.every];
  return new Date(Math.min(ends, Date.parse(dueAt))).toISOString();
}

// --- what is sent ---

export const Pin = z.strictObject({
  /** From the left and from the top, 0 to 1. */
  x: z.number().min(0).max(1),
  y: z.number().min(0).max(1),
  note: line(200).nullable(),
});
export type Pin = z.infer<typeof Pin>;

const ofTask = { taskId: Id };
/** An answer to one task. */
export const TaskAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ ...ofTask, kind: z.literal('text'), text: text(4_000) }),
  z.strictObject({
    ...ofTask,
    kind: z.literal('photo'),
    mediaIds: z.array(Id).min(1).max(10),
    note: text(500).nullable(),
  }),
  z.strictObject({
    ...ofTask,
    kind: z.literal('video'),
    mediaIds: z.array(Id).min(1).max(10),
    note: text(500).nullable(),
  }),
  z.strictObject({ ...ofTask, kind: z.literal('pick'), choices: z.array(Id).min(1).max(20) }),
  /** Best first; all of them. */
  z.strictObject({ ...ofTask, kind: z.literal('rank'), order: z.array(Id).min(2).max(20) }),
  z.strictObject({ ...ofTask, kind: z.literal('scale'), value: z.int().min(0).max(10) }),
  z.strictObject({ ...ofTask, kind: z.literal('place'), pins: z.array(Pin).min(1).max(10) }),
]);
export type TaskAnswer = z.infer<typeof TaskAnswer>;
export const TaskAnswers = z
  .array(TaskAnswer)
  .max(20)
  .refine(
    (answers) => new Set(answers.map(({ taskId }) => taskId)).size === answers.length,
    'each task once',
  );
export type TaskAnswers = z.infer<typeof TaskAnswers>;

/** What does not fit the tasks, by task; an empty record when all is well. `required` is asked of what is sent. */
export type AnswerFault =
  'missing' | 'notAnOption' | 'tooMany' | 'notAllRanked' | 'offTheScale' | 'otherKind';
export function faultsOf(
  tasks: readonly Pick<TaskBody, 'id' | 'kind' | 'required' | 'options' | 'most' | 'scale'>[],
  answers: TaskAnswers,
): Record<string, AnswerFault> {
  const faults: Record<string, AnswerFault> = {};
  const given = new Map(answers.map((answer) => [answer.taskId, answer]));
  for (const task of tasks) {
    const answer = given.get(task.id);
    if (!answer) {
      if (task.required) faults[task.id] = 'missing';
      continue;
    }
    const fault = faultOf(task, answer);
    if (fault) faults[task.id] = fault;
  }
  const known = new Set(tasks.map(({ id }) => id));
  for (const { taskId } of answers) if (!known.has(taskId)) faults[taskId] = 'otherKind';
  return faults;
}

function faultOf(
  { kind, options, most, scale }: Pick<TaskBody, 'kind' | 'options' | 'most' | 'scale'>,
  answer: TaskAnswer,
): AnswerFault | null {
  if (answer.kind !== kind) return 'otherKind';
  const isOption = (id: string) => options.some((option) => option.id === id);
  switch (answer.kind) {
    case 'text':
      return null;
    case 'photo':
    case 'video':
      return new Set(answer.mediaIds).size > most ? 'tooMany' : null;
    case 'pick':
      if (!answer.choices.every(isOption)) return 'notAnOption';
      return new Set(answer.choices).size > most ? 'tooMany' : null;
    case 'rank':
      if (!answer.order.every(isOption)) return 'notAnOption';
      return answer.order.length === options.length && new Set(answer.order).size === options.length
        ? null
        : 'notAllRanked';
    case 'scale':
      return scale && answer.value >= scale.from && answer.value <= scale.to ? null : 'offTheScale';
    case 'place':
      return answer.pins.length > most ? 'tooMany' : null;
  }
}

/**
 * How it may be quoted: with the handle; without a name, which other members do not see then either; or not at all.
 * Asked with every submission.
 */
export const QuoteChoice = z.enum(['named', 'anonymous', 'no']);
export type QuoteChoice = z.infer<typeof QuoteChoice>;

/** Where a submission is, for its author and the team. `preparing`: its files are being made ready. */
export const SubmissionState = z.enum([
  'preparing',
  'waiting',
  'submitted',
  'returned',
  'accepted',
  'featured',
  'declined',
  'withdrawn',
]);
export type SubmissionState = z.infer<typeof SubmissionState>;

/** What was sent. A contribution: its id is the contribution's, and its receipt says what became of it. */
export const Submission = z.object({
  id: z.uuid(),
  /** Without a handle, and with an id of nobody, where its author is not to be named to the reader. */
  author: Author,
  /** Of a diary: the how-manieth entry; else 1. */
  entry: z.int(),
  at: z.iso.datetime(),
  late: z.boolean(),
  state: SubmissionState,
  moderation: Moderation,
  loop: LoopState,
  answers: TaskAnswers,
  /** Files of the answers, by id: for readers other than the author those that are ready. */
  media: z.array(Media),
  quote: QuoteChoice,
  /** What is to be mended: why, and which tasks. */
  returned: z
    .object({
      /** Of the published policy, in each language. */
      reason: z.object({ en: z.string(), de: z.string() }).nullable(),
      note: z.string().nullable(),
      taskIds: z.array(z.uuid()),
    })
    .nullable(),
  accepted: z.object({ at: z.iso.datetime(), by: Named }).nullable(),
  featuredAt: z.iso.datetime().nullable(),
  mine: z.boolean(),
});
export type Submission = z.infer<typeof Submission>;

/** What a member has begun and not sent. */
export const SubmissionDraft = z.object({
  entry: z.int(),
  /** Counts the savings; the next must name it. */
  rev: z.int(),
  at: z.iso.datetime(),
  answers: TaskAnswers,
  quote: QuoteChoice.nullable(),
  media: z.array(Media),
});
export type SubmissionDraft = z.infer<typeof SubmissionDraft>;

/** An Activity in a list. */
export const ActivityCard = z.object({
  id: z.uuid(),
  title: z.string(),
  purpose: z.string(),
  decision: z.string(),
  decisionOwner: Named,
  reportBackOn: z.iso.date(),
  informsOnly: z.boolean(),
  phase: ActivityPhase,
  opensAt: z.iso.datetime(),
  dueAt: z.iso.datetime(),
  graceHours: z.int(),
  visibility: Visibility,
  diary: Diary.nullable(),
  tasks: z.int(),
  /** Of the caller: what they have sent, and whether something is begun or to be mended. */
  mine: z.object({
    sent: z.int(),
    draft: z.boolean(),
    returned: z.int(),
    /** The entry to send next, and until when it is in time; null when there is none to send now. */
    entry: z.int().nullable(),
    entryDueAt: z.iso.datetime().nullable(),
  }),
});
export type ActivityCard = z.infer<typeof ActivityCard>;

export const Task = z.object({ ...TaskBody.shape, asset: Asset.nullable() });
export type Task = z.infer<typeof Task>;

export const ActivityPage = z.object({
  activity: ActivityCard,
  instructions: z.string(),
  files: z.array(Asset),
  tasks: z.array(Task),
  /** What is begun, by entry. */
  drafts: z.array(SubmissionDraft),
  /** One's own, the newest first. */
  submissions: z.array(Submission),
  /** What is known already, by task: the option that fits, since when. Not asked again unless the member wants to. */
  known: z.array(z.object({ taskId: z.uuid(), optionId: z.uuid(), since: z.iso.datetime() })),
  /** How many others have sent something that the caller may see; null while they may not. */
  others: z.int().nullable(),
});
export type ActivityPage = z.infer<typeof ActivityPage>;

const inCommunity = { communityId: Id };
const ofActivity = { communityId: Id, activityId: Id };
const ofSubmission = { ...ofActivity, submissionId: Id };
const Nothing = z.object({});
const cursor = z.string().max(120).optional();

// --- what a member may ask ---

export const listActivities = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/activities',
  rights: ['activity.list'],
  summary: 'The Activities that are for the caller: what can be done now first, what is due first of those.',
  input: z.strictObject(inCommunity),
  output: z.object({ activities: z.array(ActivityCard) }),
});

export const readActivity = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/activities/:activityId',
  rights: ['activity.read'],
  summary: 'An Activity with its tasks, and what the caller has begun and sent.',
  input: z.strictObject(ofActivity),
  output: ActivityPage,
});

/** `rev` is that of the draft it was made from, 0 for none; refused with `edit.stale` when it was saved elsewhere since. */
export const saveSubmissionDraft = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/activities/:activityId/draft',
  rights: ['submission.draft own'],
  summary: 'Keeps what a member has begun; answers need not be complete.',
  input: z.strictObject({
    ...ofActivity,
    entry: z.int().min(1).max(31),
    rev: z.int().min(0),
    answers: TaskAnswers,
    quote: QuoteChoice.nullable(),
  }),
  output: z.object({ rev: z.int(), at: z.iso.datetime() }),
});

/** `opId` is made by the client. Files need not be ready, but all their bytes must be here. */
export const sendSubmission = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/activities/:activityId/submissions',
  rights: ['submission.create'],
  summary: 'Sends what a member has done; the draft is gone then.',
  input: z.strictObject({
    ...ofActivity,
    opId: Id,
    entry: z.int().min(1).max(31),
    answers: TaskAnswers,
    quote: QuoteChoice,
  }),
  output: z.object({ submission: Submission, fate: Fate }),
});

export const mendSubmission = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/activities/:activityId/submissions/:submissionId',
  rights: ['submission.mend own'],
  summary: 'Sends again what was returned, mended.',
  input: z.strictObject({ ...ofSubmission, answers: TaskAnswers, quote: QuoteChoice }),
  output: z.object({ submission: Submission }),
});

export const quoteSubmission = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/activities/:activityId/submissions/:submissionId/quote',
  rights: ['submission.mend own'],
  summary: 'Lets it be quoted otherwise, at once; what may not be quoted is featured no more.',
  input: z.strictObject({ ...ofSubmission, quote: QuoteChoice }),
  output: z.object({ submission: Submission }),
});

export const listShared = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/activities/:activityId/submissions',
  rights: ['submission.list'],
  summary: 'What others have sent, as far as the caller may see it: featured ones first, then the newest.',
  input: z.strictObject({ ...ofActivity, cursor }),
  output: z.object({ submissions: z.array(Submission), next: z.string().nullable() }),
});

// --- what the team may ask ---

/** An Activity as the team works on it. */
export const ActivityOnDesk = z.object({
  id: z.uuid(),
  status: ActivityStatus,
  phase: ActivityPhase,
  title: z.string(),
  /** Of a draft: what is written so far. */
  draft: ActivityDraft.nullable(),
  /** Once it is published. */
  body: ActivityBody.nullable(),
  updatedAt: z.iso.datetime(),
  /** People it is for, who have begun, who have sent; submissions, and how many of them wait for somebody to look. */
  people: z.int(),
  begun: z.int(),
  sent: z.int(),
  submissions: z.int(),
  toLookAt: z.int(),
});
export type ActivityOnDesk = z.infer<typeof ActivityOnDesk>;

export const listActivityDesk = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/activity-desk',
  rights: ['activity.desk.read'],
  summary: 'Every Activity with its counts; drafts first, then what is open.',
  input: z.strictObject(inCommunity),
  output: z.object({ activities: z.array(ActivityOnDesk) }),
});

/** `activityId` is made by the client. */
export const saveActivity = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/activities/:activityId',
  rights: ['activity.draft'],
  summary: 'Keeps a draft of an Activity.',
  input: z.strictObject({ ...ofActivity, draft: ActivityDraft }),
  output: ActivityOnDesk,
});

export const publishActivity = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/activities/:activityId/publish',
  rights: ['activity.publish'],
  summary: 'Publishes an Activity with its promise; those it is for are told when it opens.',
  input: z.strictObject({ ...ofActivity, body: ActivityBody }),
  output: ActivityOnDesk,
});

export const moveActivity = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/activities/:activityId/move',
  rights: ['activity.publish'],
  summary: 'Closes an Activity now, opens it again until another day, or puts it away.',
  input: z.strictObject({
    ...ofActivity,
    move: z.discriminatedUnion('to', [
      z.strictObject({ to: z.literal('closed') }),
      z.strictObject({
        to: z.literal('published'),
        dueAt: z.iso.datetime(),
        graceHours: z.int().min(0).max(336),
      }),
      z.strictObject({ to: z.literal('archived') }),
    ]),
  }),
  output: ActivityOnDesk,
});

/** Tells those alone who have not sent anything, once a day at the most. */
export const remindActivity = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/activities/:activityId/remind',
  rights: ['activity.publish'],
  summary: 'Reminds those who have not done it; answers how many.',
  input: z.strictObject(ofActivity),
  output: z.object({ told: z.int() }),
});

export const GALLERY_PAGE = 24;
export const readGallery = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/activities/:activityId/gallery',
  rights: ['submission.gallery.read'],
  summary:
    'What was sent, for the team: by task, state, kind of file, words, segment, consent or entry; the newest first.',
  input: z.strictObject({
    ...ofActivity,
    taskId: Id.optional(),
    state: SubmissionState.optional(),
    media: z.enum(['image', 'video', 'audio', 'none']).optional(),
    words: lookedFor(100).optional(),
    segmentId: Id.optional(),
    quotable: z.enum(['true']).optional(),
    entry: z.coerce.number().int().min(1).max(31).optional(),
    optionId: Id.optional(),
    cursor,
  }),
  output: z.object({
    activity: ActivityOnDesk,
    tasks: z.array(Task),
    submissions: z.array(Submission),
    next: z.string().nullable(),
    /** Of all that the filters leave. */
    count: z.int(),
    /** Per task what was chosen, ranked and rated, of all that the filters leave. */
    tallies: z.array(
      z.object({
        taskId: z.uuid(),
        n: z.int(),
        /** Of `pick`: how often chosen; of `rank`: mean place, 1 is best. */
        options: z.array(z.object({ optionId: z.uuid(), value: z.number() })).nullable(),
        /** Of `scale`: how many at each value from `from` on. */
        values: z.array(z.int()).nullable(),
        /** Of `place`: every pin. */
        pins: z.array(z.object({ x: z.number(), y: z.number(), submissionId: z.uuid() })).nullable(),
      }),
    ),
  }),
});

export const acceptSubmission = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/activities/:activityId/submissions/:submissionId/accept',
  rights: ['submission.decide'],
  summary: 'Takes a submission as done well; its author is told.',
  input: z.strictObject(ofSubmission),
  output: Submission,
});

export const returnSubmission = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/activities/:activityId/submissions/:submissionId/return',
  rights: ['submission.decide'],
  summary: 'Gives a submission back to be mended, with what and why.',
  input: z.strictObject({ ...ofSubmission, note: text(1_000), taskIds: z.array(Id).max(20) }),
  output: Submission,
});

export const featureSubmission = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/activities/:activityId/submissions/:submissionId/feature',
  rights: ['submission.feature'],
  summary:
    'Shows an accepted submission first to all members, where its author agreed to be quoted; or takes that back.',
  input: z.strictObject({ ...ofSubmission, featured: z.boolean() }),
  output: Submission,
});

/** A piece of a submission that says it: a clip of a video, words, or a picture. Evidence for an Update. */
export const Excerpt = z.object({
  id: z.uuid(),
  submissionId: z.uuid(),
  taskId: z.uuid(),
  author: Author,
  quote: QuoteChoice,
  mediaId: z.uuid().nullable(),
  /** Seconds of a clip. */
  from: z.number().nullable(),
  to: z.number().nullable(),
  /** Of a quote: exactly as written. */
  words: z.string().nullable(),
  note: z.string().nullable(),
  theme: z.object({ id: z.uuid(), label: z.string() }).nullable(),
  by: z.string(),
  at: z.iso.datetime(),
});
export type Excerpt = z.infer<typeof Excerpt>;

/** `excerptId` is made by the client. With a theme, the submission belongs to that theme from then on. */
export const saveExcerpt = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/activities/:activityId/excerpts/:excerptId',
  rights: ['submission.excerpt'],
  summary: 'Cuts a piece out as evidence: a clip, words as they were written, or a picture.',
  input: z
    .strictObject({
      ...ofActivity,
      excerptId: Id,
      submissionId: Id,
      taskId: Id,
      mediaId: Id.nullable(),
      from: z.number().min(0).max(86_400).nullable(),
      to: z.number().min(0).max(86_400).nullable(),
      words: text(2_000).nullable(),
      note: text(500).nullable(),
      themeId: Id.nullable(),
    })
    .refine(({ mediaId, words }) => (mediaId === null) !== (words === null), {
      path: ['words'],
      error: 'words or a file, one of them',
    })
    .refine(
      ({ from, to }) => (from === null) === (to === null) && (from === null || to === null || from < to),
      {
        path: ['to'],
        error: 'after it begins',
      },
    ),
  output: Excerpt,
});

export const removeExcerpt = endpoint({
  method: 'DELETE',
  path: '/api/c/:communityId/activities/:activityId/excerpts/:excerptId',
  rights: ['submission.excerpt'],
  summary: 'Takes an excerpt away; the submission stays as it is.',
  input: z.strictObject({ ...ofActivity, excerptId: Id }),
  output: Nothing,
});

export const listExcerpts = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/activities/:activityId/excerpts',
  rights: ['submission.gallery.read'],
  summary: 'The excerpts of an Activity, the newest first.',
  input: z.strictObject(ofActivity),
  output: z.object({ excerpts: z.array(Excerpt) }),
});

/**
 * A ZIP of what was sent, as it may be shown (never an original), with `manifest.json`: per submission its answers, consent
 * and files with their SHA-256; and `answers.csv`. Asks for a proof that is fresh.
 */
export const exportActivityPath = '/api/c/:communityId/activities/:activityId/export';

export const activityEndpoints = [
  listActivities,
  readActivity,
  saveSubmissionDraft,
  sendSubmission,
  mendSubmission,
  quoteSubmission,
  listShared,
  listActivityDesk,
  saveActivity,
  publishActivity,
  moveActivity,
  remindActivity,
  readGallery,
  acceptSubmission,
  returnSubmission,
  featureSubmission,
  saveExcerpt,
  removeExcerpt,
  listExcerpts,
] as const;
