import { z } from 'zod';
import { endpoint, Id } from './contract';
import { IdeaStatus, Outcome, ReceiptKind } from './contributions';
import { MediaRefusal } from './media';
import { KudosReason, RecognitionKind } from './recognition';

/** What a member, or the team, is told of. */
export const NotificationKind = z.enum([
  'receipt',
  'reply',
  'update',
  'verify',
  'corrected',
  'promiseMoved',
  'itemsWait',
  'promiseDue',
  'promiseLate',
  'approval',
  'activity',
  'activityDue',
  'fileRefused',
  'mention',
  'topic',
  'group',
  'groupWaits',
  'meetup',
  'call',
  'circle',
  'kudos',
  'recognition',
  'idea',
  'ideaRefined',
  'ideaBack',
  'coAuthor',
  'ideasLate',
  'feedbackLate',
]);
export type NotificationKind = z.infer<typeof NotificationKind>;

/** Those that only the team gets. */
export const teamKinds: readonly NotificationKind[] = [
  'itemsWait',
  'promiseDue',
  'promiseLate',
  'approval',
  'ideasLate',
  'ideaBack',
  'feedbackLate',
  'groupWaits',
];

/** Whether it is mailed as well: at once, once a day with the others, or not. In the app it always shows. */
export const Cadence = z.enum(['now', 'daily', 'never']);
export type Cadence = z.infer<typeof Cadence>;

/** What stands until a member chooses. */
export const usualCadence: Record<NotificationKind, Cadence> = {
  receipt: 'daily',
  reply: 'now',
  update: 'now',
  verify: 'daily',
  corrected: 'daily',
  promiseMoved: 'daily',
  itemsWait: 'now',
  promiseDue: 'now',
  promiseLate: 'now',
  approval: 'now',
  activity: 'now',
  activityDue: 'now',
  fileRefused: 'now',
  mention: 'now',
  topic: 'daily',
  group: 'now',
  groupWaits: 'now',
  meetup: 'now',
  call: 'daily',
  circle: 'now',
  kudos: 'daily',
  recognition: 'now',
  idea: 'now',
  ideaRefined: 'daily',
  ideaBack: 'now',
  coAuthor: 'now',
  ideasLate: 'now',
  feedbackLate: 'now',
};

/** Steps of a receipt that are told; the others are read on the receipt alone. */
export const toldSteps = [
  'approved',
  'returned',
  'declined',
  'upheld',
  'hidden',
  'restored',
  'merged',
  'split',
  'reworded',
  'frozen',
  'accepted',
  'featured',
  'solved',
  'decided',
  'reopened',
] as const satisfies readonly ReceiptKind[];

/** What is told of a group, and of a call for a Session. */
export const toldOf = {
  group: ['founded', 'sponsor', 'declined', 'archived'],
  call: ['made', 'reached', 'yours', 'answered'],
} as const;

/** Of what it tells; each kind fills what it has. */
export const NotificationData = z.object({
  /** The page that it is about. */
  contributionId: z.uuid().nullish(),
  updateId: z.uuid().nullish(),
  spaceId: z.uuid().nullish(),
  activityId: z.uuid().nullish(),
  topicId: z.uuid().nullish(),
  ideaId: z.uuid().nullish(),
  groupId: z.uuid().nullish(),
  /** What has become of a group, or of a call for a Session. */
  group: z
    .enum(['founded', 'sponsor', 'declined', 'archived', 'reached', 'yours', 'answered', 'cancelled'])
    .nullish(),
  /** For what the receiver is thanked; and what they are offered. */
  kudos: KudosReason.nullish(),
  offer: RecognitionKind.nullish(),
  /** What has become of an idea. */
  status: IdeaStatus.nullish(),
  /** Of the Update or of the space. */
  title: z.string().nullish(),
  /** The receiver's own words, cut to 200 characters. */
  words: z.string().nullish(),
  /** With how many others. */
  others: z.int().nullish(),
  step: ReceiptKind.nullish(),
  reason: z.string().nullish(),
  note: z.string().nullish(),
  outcome: Outcome.nullish(),
  /** Why a file could not be taken, and what it was called. */
  refusal: MediaRefusal.nullish(),
  file: z.string().nullish(),
  /** A promised day. */
  on: z.iso.date().nullish(),
  /** Who did it, by name. */
  by: z.string().nullish(),
  /** How many wait, or how far a late promise has gone: 1 its owner, 2 the managers, 3 the brand. */
  count: z.int().nullish(),
});
export type NotificationData = z.infer<typeof NotificationData>;

export const Notification = z.object({
  id: z.uuid(),
  kind: NotificationKind,
  at: z.iso.datetime(),
  read: z.boolean(),
  data: NotificationData,
});
export type Notification = z.infer<typeof Notification>;

/** By a name with a place: short ones such as IST are of several zones, and not everybody means the same. */
export const Timezone = z
  .string()
  .max(60)
  .regex(/^(UTC|GMT|[A-Za-z_]+\/.+)$/i, 'a time zone such as Europe/Berlin')
  .refine((name) => {
    try {
      return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
    } catch {
      return false;
    }
  }, 'a time zone such as Europe/Berlin');

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

export const Preferences = z.strictObject({
  timezone: Timezone,
  /** No mail leaves between these, in the member's own time; null: at any hour. */
  quiet: z.strictObject({ from: clock, to: clock }).nullable(),
  /** When the daily mail leaves. */
  dailyAt: clock,
  cadence: z.partialRecord(NotificationKind, Cadence),
});
export type Preferences = z.infer<typeof Preferences>;

const inCommunity = { communityId: Id };
const Nothing = z.object({});

export const listNotifications = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/notifications',
  rights: ['notification.list own'],
  summary: 'What the caller was told, newest first, and how much of it is unread.',
  input: z.strictObject({ ...inCommunity, cursor: z.string().max(120).optional() }),
  output: z.object({
    notifications: z.array(Notification),
    next: z.string().nullable(),
    unread: z.int(),
  }),
});

export const readNotifications = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/notifications/read',
  rights: ['notification.list own'],
  summary: 'Marks as read, all there are or some; what is read is not mailed any more.',
  input: z.strictObject({ ...inCommunity, ids: z.array(Id).min(1).max(200).optional() }),
  output: z.object({ unread: z.int() }),
});

export const readPreferences = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/notifications/preferences',
  rights: ['notification.preferences.update own'],
  summary: 'How the caller is reached; and whether they agreed to mails at all.',
  input: z.strictObject(inCommunity),
  /** `chosen` is false as long as the caller is reached as usual. */
  output: z.object({ preferences: Preferences, chosen: z.boolean(), mailAgreed: z.boolean() }),
});

export const updatePreferences = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/notifications/preferences',
  rights: ['notification.preferences.update own'],
  summary: 'How the caller is reached from now on.',
  input: z.strictObject({ ...inCommunity, preferences: Preferences }),
  output: Nothing,
});

export const reachEndpoints = [
  listNotifications,
  readNotifications,
  readPreferences,
  updatePreferences,
] as const;
