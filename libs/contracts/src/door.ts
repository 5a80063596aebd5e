import { z } from 'zod';
import { endpoint, Id } from './contract';
import { Locale, Role } from './people';
import { Consent, ConsentText, FactDef, Purpose } from './profile';
import { FactValue, Rule } from './rule';
import { Answers, AskedQuestion, Question, ScreenerBody } from './screener';
import { handle, line, text } from './text';

/** Minutes for which a place is kept for who is on the way in, and hours for who is offered one. */
export const HOLD_MINUTES = 15;
export const OFFER_HOURS = 48;
/** People in one file of invitations. */
export const IMPORT_ROWS_MAX = 50_000;
export const VOICE_MAX = 1_000;

/**
 * What a link of the door carries, in its fragment: `p` personal, `o` open, `s` the status page; then the
 * community; then the secret.
 */
export const DoorToken = z.string().regex(/^[pos][\w-]{34,90}$/);
/** Where such a link leads. */
export const doorLink = (publicUrl: string, token: string) => `${publicUrl}/door#${token}`;

/** What a person on the threshold may know of the community. */
export const Threshold = z.object({
  community: z.object({
    id: z.uuid(),
    slug: z.string(),
    name: z.string(),
    brand: z.string(),
    purpose: z.string(),
    accent: z.string(),
  }),
  /** Who invites, and their words; empty for a link on a page. */
  from: z.object({ name: z.string(), role: Role }).nullable(),
  note: z.string(),
  /** Of a personal invitation: such as `i•••@example.org`. */
  address: z.string().nullable(),
  /** Number of questions and about how many minutes they take. */
  questions: z.int(),
  minutes: z.int(),
});
export type Threshold = z.infer<typeof Threshold>;

/** What comes next for a candidate. */
export const Step = z.enum([
  'age',
  'questions',
  'consents',
  'contact',
  'code',
  'inside',
  'waiting',
  'notThisTime',
  'withdrawn',
]);
export type Step = z.infer<typeof Step>;

/** Somebody between invitation and admission. */
export const Candidacy = z.object({
  threshold: Threshold,
  step: Step,
  /** Of the screener that they were given: it stays theirs when a newer one is published. */
  screener: z.object({ version: z.int(), intro: z.string(), questions: z.array(AskedQuestion) }).nullable(),
  consents: z.array(ConsentText),
  /** Until when a place is kept; whether it is one that was offered from the waiting list. */
  heldUntil: z.iso.datetime().nullable(),
  offered: z.boolean(),
  waiting: z
    .object({
      /** First is 1. */
      place: z.int(),
      of: z.int(),
      /** Half of those before waited no longer; null while too few have. */
      typicalDays: z.int().nullable(),
      /** What is full, in the brand's words. */
      full: z.array(z.string()),
      since: z.iso.datetime(),
    })
    .nullable(),
  /** The address that news goes to: none, not confirmed yet, confirmed; such as `i•••@example.org`. */
  address: z.object({ shown: z.string(), confirmed: z.boolean() }).nullable(),
  openQuestion: z.string(),
  voice: z
    .object({
      text: z.string(),
      at: z.iso.datetime(),
      readBy: z.object({ name: z.string(), role: Role, at: z.iso.datetime() }).nullable(),
      reply: z.string(),
    })
    .nullable(),
});
export type Candidacy = z.infer<typeof Candidacy>;

const Nothing = z.object({});

// --- what a candidate may ask; who they are says the door's own cookie ---

/** Changes nothing but the count of openings, so that a mail scanner burns no link. */
export const openDoor = endpoint({
  method: 'POST',
  path: '/api/door/open',
  rights: ['invite.redeem'],
  summary: 'What a link of the door leads to: an invitation, or the page of a candidate.',
  input: z.strictObject({ token: DoorToken }),
  /** The candidacy is there already when the link was used before by the same person. */
  output: z.object({ threshold: Threshold, candidacy: Candidacy.nullable() }),
});

/**
 * A date of birth, of which nothing is kept but that it passed. Of whom it does not pass nothing is kept at all:
 * `door.underAge`, again for each try in the same browser. Asked again with the same id it answers the same.
 */
export const passAge = endpoint({
  method: 'POST',
  path: '/api/door/age',
  rights: ['invite.redeem'],
  summary: 'Begins an application with a date of birth; the date itself is not kept.',
  input: z.strictObject({
    token: DoorToken,
    applicationId: Id,
    born: z.string().max(20),
    locale: Locale,
  }),
  output: Candidacy,
});

export const readCandidacy = endpoint({
  method: 'GET',
  path: '/api/door',
  rights: ['screening.form.read'],
  summary: 'Where the candidate of this browser stands.',
  input: z.strictObject({}),
  output: Candidacy,
});

/** Decided at once: a place is kept, or it is told honestly what happens instead. Once, and not changed later. */
export const answerScreener = endpoint({
  method: 'POST',
  path: '/api/door/answers',
  rights: ['screening.answer.submit'],
  summary: 'Answers the screener, which decides.',
  input: z.strictObject({ answers: Answers }),
  output: Candidacy,
});

export const giveConsents = endpoint({
  method: 'POST',
  path: '/api/door/consents',
  rights: ['screening.answer.submit'],
  summary: 'Agrees to the texts that were shown; the required ones are needed to go on.',
  input: z.strictObject({
    given: z.array(z.strictObject({ purpose: Purpose, version: z.int() })).max(20),
  }),
  output: Candidacy,
});

/**
 * How the person is called, and where news goes. Who holds a personal invitation and is new is inside; everybody
 * else gets a code by mail. A personal invitation takes its own address alone: `invitation.notForYou`.
 */
export const giveContact = endpoint({
  method: 'POST',
  path: '/api/door/contact',
  rights: ['screening.answer.submit'],
  summary: 'Says a name and an address; a code is mailed where it is needed.',
  input: z.strictObject({ handle: handle(40), email: z.email().max(254).optional() }),
  output: Candidacy,
});

/** With a place kept the person is inside and signed in. */
export const confirmAddress = endpoint({
  method: 'POST',
  path: '/api/door/code',
  rights: ['screening.answer.submit'],
  summary: 'Confirms the address with the code of the mail.',
  input: z.strictObject({
    code: z
      .string()
      .max(40)
      .transform((value) => value.normalize('NFKC').replace(/\s/g, ''))
      .refine((value) => /^\d{6}$/.test(value), 'six digits'),
  }),
  output: Candidacy,
});

/** For whom there is no place: one answer, once, which a person reads. */
export const sendVoice = endpoint({
  method: 'POST',
  path: '/api/door/voice',
  rights: ['screening.answer.submit'],
  summary: 'Answers the open question of those for whom there is no place.',
  input: z.strictObject({ text: text(VOICE_MAX) }),
  output: Candidacy,
});

/** Gives a kept place back and erases what was said; at any time until admission. */
export const withdrawCandidacy = endpoint({
  method: 'POST',
  path: '/api/door/withdraw',
  rights: ['screening.answer.submit'],
  summary: 'Withdraws the application and erases what it held.',
  input: z.strictObject({}),
  output: Nothing,
});

// --- what managers ask ---

export const SourceKind = z.enum(['link', 'mail']);
export type SourceKind = z.infer<typeof SourceKind>;

/** Where people come from: a link on a page, or a batch of personal invitations; with what came of it. */
export const Source = z.object({
  id: z.uuid(),
  kind: SourceKind,
  /** Such as "Grey's Anatomy, show page". */
  label: z.string(),
  /** Where it was put; free words. */
  placement: z.string(),
  /** Of a link. */
  url: z.string().nullable(),
  useLimit: z.int().nullable(),
  expiresAt: z.iso.datetime().nullable(),
  closedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  funnel: z.object({
    sent: z.int(),
    bounced: z.int(),
    opened: z.int(),
    started: z.int(),
    qualified: z.int(),
    waiting: z.int(),
    admitted: z.int(),
  }),
});
export type Source = z.infer<typeof Source>;

export const InvitationStatus = z.enum([
  'queued',
  'sent',
  'bounced',
  'opened',
  'accepted',
  'declined',
  'expired',
  'revoked',
]);
export type InvitationStatus = z.infer<typeof InvitationStatus>;
export const Invitation = z.object({
  id: z.uuid(),
  /** Empty once its person has withdrawn. */
  email: z.string(),
  name: z.string(),
  status: InvitationStatus,
  /** What the mail server said to a mail that came back. */
  why: z.string(),
  at: z.iso.datetime(),
});
export type Invitation = z.infer<typeof Invitation>;

/** What is wrong with a row of a file; `twice` names the row it repeats. */
export const RowProblem = z.enum([
  'address',
  'columns',
  'characters',
  'formula',
  'name',
  'twice',
  'invited',
  'member',
]);
export type RowProblem = z.infer<typeof RowProblem>;
export const ImportReport = z.object({
  rows: z.int(),
  good: z.int(),
  /** First hundred; the row as a person counts it, the heading being 1. */
  problems: z.array(
    z.object({ row: z.int(), problem: RowProblem, what: z.string(), twin: z.int().nullable() }),
  ),
  /** Rows with a problem, in all. */
  bad: z.int(),
});
export type ImportReport = z.infer<typeof ImportReport>;

/** How many of whom. `target` is what is hoped for, at `soft` the manager is warned, past `hard` nobody gets in. */
export const Cell = z.strictObject({
  id: Id,
  label: line(60),
  rule: Rule.min(1),
  target: z.int().min(0).max(1_000_000),
  soft: z.int().min(0).max(1_000_000).nullable(),
  hard: z.int().min(0).max(1_000_000).nullable(),
});
export type Cell = z.infer<typeof Cell>;

/** At every moment at least so many of a hundred inside are such people. */
export const Share = z.strictObject({
  id: Id,
  label: line(60),
  rule: Rule.min(1),
  least: z.int().min(1).max(99),
});
export type Share = z.infer<typeof Share>;

export const Plan = z.strictObject({
  /** Nobody gets in past it; null for no limit. */
  total: z.int().min(0).max(1_000_000).nullable(),
  cells: z.array(Cell).max(40),
  shares: z.array(Share).max(10),
});
export type Plan = z.infer<typeof Plan>;

export const CellState = z.enum(['open', 'softFull', 'full']);
export type CellState = z.infer<typeof CellState>;
/** Members who count in it, places kept for people on their way in, and people who wait for it. */
const counts = { filled: z.int(), reserved: z.int(), waiting: z.int(), state: CellState };
export const PlanState = z.object({
  /** 0 before the first. */
  version: z.int(),
  total: z.object({ ...counts, hard: z.int().nullable() }),
  cells: z.array(Cell.extend(counts)),
  /** `of` is everybody who counts; a share is full when the next one of the others would break it. */
  shares: z.array(Share.extend({ ...counts, of: z.int() })),
});
export type PlanState = z.infer<typeof PlanState>;

export const ScreenerState = z.object({
  /** 0 before the first. */
  version: z.int(),
  at: z.iso.datetime().nullable(),
  body: ScreenerBody,
});
export type ScreenerState = z.infer<typeof ScreenerState>;

export const ApplicationStatus = z.enum([
  'screening',
  'notThisTime',
  'waiting',
  'offered',
  'reserved',
  'admitted',
  'withdrawn',
]);
export type ApplicationStatus = z.infer<typeof ApplicationStatus>;

export const Application = z.object({
  id: z.uuid(),
  status: ApplicationStatus,
  source: z.string(),
  /** Empty until it is given. */
  handle: z.string(),
  /** Confirmed address; empty without one: such people can be offered nothing. */
  email: z.string(),
  /** What is known of them, in words. */
  facts: z.array(z.object({ label: z.string(), value: z.string() })),
  /** Of those who wait; first is 1. */
  place: z.int().nullable(),
  /** Cells and shares that keep them out now. */
  full: z.array(z.string()),
  since: z.iso.datetime(),
  voice: Candidacy.shape.voice,
});
export type Application = z.infer<typeof Application>;

/** The desk of the door, whole: what a manager sees first. */
export const DoorDesk = z.object({
  sources: z.array(Source),
  plan: PlanState,
  /** Of the screener that stands; without any, everybody is let in unasked. */
  questions: z.int(),
  waiting: z.int(),
  unreadVoices: z.int(),
});
export type DoorDesk = z.infer<typeof DoorDesk>;

const inCommunity = { communityId: Id };

export const readDoor = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/door',
  rights: ['invite.list'],
  summary: 'The funnel of each source, the quotas with who is in, and who waits.',
  input: z.strictObject(inCommunity),
  output: DoorDesk,
});

export const createLink = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/door/links',
  rights: ['invite.create'],
  summary: 'An open link with a label, a placement and a limit.',
  input: z.strictObject({
    ...inCommunity,
    sourceId: Id,
    label: line(80),
    placement: line(160).or(z.literal('')),
    note: text(600).or(z.literal('')),
    useLimit: z.int().min(1).max(1_000_000).nullable(),
    expiresAt: z.iso.datetime().nullable(),
  }),
  output: Source,
});

/** Nobody begins through it any more; personal invitations that were not taken up are revoked. */
export const closeSource = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/door/sources/:sourceId/close',
  rights: ['invite.revoke'],
  summary: 'Closes a link, or a batch of invitations.',
  input: z.strictObject({ ...inCommunity, sourceId: Id }),
  output: Source,
});

const csv = z.string().max(8_000_000);

export const checkInvitations = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/door/imports/check',
  rights: ['invite.bulk-import'],
  summary:
    'Reads a file of people to invite (columns `email` and, if wanted, `name`) and says what is wrong, by row.',
  input: z.strictObject({ ...inCommunity, csv }),
  output: ImportReport,
  bodyMax: '9mb',
});

/** None or all: with a problem in any row nothing is sent, unless those rows are left out on purpose. */
export const sendInvitations = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/door/imports',
  rights: ['invite.bulk-import', 'invite.create'],
  summary: 'Mails a personal invitation to each person of a file.',
  input: z.strictObject({
    ...inCommunity,
    sourceId: Id,
    label: line(80),
    placement: line(160).or(z.literal('')),
    note: text(600).or(z.literal('')),
    locale: Locale,
    csv,
    leaveOut: z.boolean(),
  }),
  output: z.object({ report: ImportReport, source: Source.nullable() }),
  bodyMax: '9mb',
});

export const listInvitations = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/door/sources/:sourceId/invitations',
  rights: ['invite.list'],
  summary: 'The personal invitations of a batch, those that came back first.',
  input: z.strictObject({ ...inCommunity, sourceId: Id }),
  /** First 500. */
  output: z.object({ invitations: z.array(Invitation), all: z.int() }),
});

/** Sends it anew, to the same or to a corrected address; the link of the mail before opens nothing any more. */
export const resendInvitation = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/door/invitations/:invitationId',
  rights: ['invite.create'],
  summary: 'Sends an invitation anew, to a corrected address if it came back.',
  input: z.strictObject({ ...inCommunity, invitationId: Id, email: z.email().max(254) }),
  output: Invitation,
});

export const revokeInvitation = endpoint({
  method: 'DELETE',
  path: '/api/c/:communityId/door/invitations/:invitationId',
  rights: ['invite.revoke'],
  summary: 'Revokes an invitation that was not taken up.',
  input: z.strictObject({ ...inCommunity, invitationId: Id }),
  output: Invitation,
});

export const readScreener = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/door/screener',
  rights: ['screening.form.read'],
  summary: 'The screener that new candidates get, and the facts its answers can become.',
  input: z.strictObject(inCommunity),
  output: z.object({ screener: ScreenerState, facts: z.array(FactDef) }),
});

/** `door.stale` when somebody published in between. */
export const publishScreener = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/door/screener',
  rights: ['screening.form.update'],
  summary: 'Publishes the next version; who has begun keeps theirs.',
  input: z.strictObject({ ...inCommunity, basedOn: z.int(), body: ScreenerBody }),
  output: ScreenerState,
});

/** Changes nothing. */
export const tryPlan = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/door/plan/try',
  rights: ['screening.decide'],
  summary: 'What a change of the quotas would do: how many who wait could enter now.',
  input: z.strictObject({ ...inCommunity, plan: Plan }),
  output: z.object({
    enter: z.int(),
    /** Cells and shares that more people are in than the change would allow; nobody is put out. */
    over: z.array(z.string()),
    state: PlanState,
  }),
});

/** Who can enter then is offered a place, in the order in which they wait. */
export const publishPlan = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/door/plan',
  rights: ['screening.decide'],
  summary: 'Publishes quotas; counted anew from the facts of those who are inside.',
  input: z.strictObject({ ...inCommunity, basedOn: z.int(), plan: Plan }),
  output: PlanState,
});

export const listApplications = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/door/applications',
  rights: ['screening.answer.read', 'screening.age-result.read'],
  summary: 'Applications of a status, those that wait in their order.',
  input: z.strictObject({ ...inCommunity, status: ApplicationStatus }),
  /** First 200. That somebody is here says that they passed the age gate; no date of birth is kept. */
  output: z.object({ applications: z.array(Application), all: z.int() }),
});

export const readApplication = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/door/applications/:applicationId',
  rights: ['screening.answer.read'],
  summary: 'One application with its answers, as they were asked.',
  input: z.strictObject({ ...inCommunity, applicationId: Id }),
  output: Application.extend({
    screenerVersion: z.int(),
    answers: z.array(z.object({ question: Question, value: FactValue.nullable() })),
    consents: z.array(Consent.pick({ purpose: true, givenVersion: true, changedAt: true })),
  }),
});

/** An offer needs a place: `door.full` when there is none. */
export const decideApplication = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/door/applications/:applicationId/decision',
  rights: ['screening.decide'],
  summary: 'Offers a place to somebody who waits, out of turn; or tells them "not this time", with a reason.',
  input: z.strictObject({
    ...inCommunity,
    applicationId: Id,
    decision: z.enum(['offer', 'notThisTime']),
    /** Mailed to the person with a "not this time". */
    reason: text(600).or(z.literal('')),
  }),
  output: Application,
});

/** What people said for whom there was no place. Opening it marks nothing; `read` does. */
export const listVoices = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/door/voices',
  rights: ['screening.answer.read'],
  summary: 'Answers to the open question, unread first.',
  input: z.strictObject(inCommunity),
  output: z.object({ voices: z.array(Application), all: z.int() }),
});

export const readVoice = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/door/applications/:applicationId/voice',
  rights: ['screening.decide'],
  summary: 'Marks an answer as read by the caller, whose name its author sees; with a reply if there is one.',
  input: z.strictObject({ ...inCommunity, applicationId: Id, reply: text(600).or(z.literal('')) }),
  output: Application,
});

/** CSV. Needs a fresh proof of who asks, and leaves a line in the audit log. */
export const exportApplications = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/door/applications.csv',
  rights: ['screening.export'],
  summary: 'All applications with their facts as CSV.',
  input: z.strictObject(inCommunity),
  output: z.object({ csv: z.string(), sha256: z.string(), rows: z.int() }),
});

/** Gives up the place; what was said stays, under the handle. */
export const leaveCommunity = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/leave',
  rights: ['member.leave own'],
  summary: 'Leaves the community; its sockets close.',
  input: z.strictObject(inCommunity),
  output: Nothing,
});

export const doorEndpoints = [
  openDoor,
  passAge,
  readCandidacy,
  answerScreener,
  giveConsents,
  giveContact,
  confirmAddress,
  sendVoice,
  withdrawCandidacy,
  readDoor,
  createLink,
  closeSource,
  checkInvitations,
  sendInvitations,
  listInvitations,
  resendInvitation,
  revokeInvitation,
  readScreener,
  publishScreener,
  tryPlan,
  publishPlan,
  listApplications,
  readApplication,
  decideApplication,
  listVoices,
  readVoice,
  exportApplications,
  leaveCommunity,
] as const;
