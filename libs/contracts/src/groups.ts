import { z } from 'zod';
import { endpoint, Id } from './contract';
import { Named } from './contributions';
import { line, text } from './text';

/** So many members found a group. */
export const FOUNDERS = 5;
/** A small group stays small. */
export const GROUP_MOST = 50;
/** Without a word in it for so many days it sleeps; the next one wakes it. */
export const DORMANT_DAYS = 60;
/** Within so many days its sponsor answers a call that enough have signed. */
export const CALL_ANSWER_DAYS = 14;

/** Proposed until five are in; forming until the brand has named a sponsor. */
export const GroupState = z.enum(['proposed', 'forming', 'active', 'dormant', 'archived', 'declined']);
export type GroupState = z.infer<typeof GroupState>;

export const Group = z.object({
  id: z.uuid(),
  name: z.string(),
  purpose: z.string(),
  state: GroupState,
  /** Since when. */
  since: z.iso.datetime(),
  /** Why it was declined, or ended. */
  because: z.string().nullable(),
  members: z.int(),
  /** Who of the brand stands up for it. */
  sponsor: Named.nullable(),
  /** The caller is in it. */
  mine: z.boolean(),
  /** The place where it talks, for those who are in it and the team, once it is founded. */
  placeId: z.uuid().nullable(),
});
export type Group = z.infer<typeof Group>;

/** Members ask for a Session. From the stated number of signatures on the sponsor has promised an answer by a day. */
export const SessionCall = z.object({
  id: z.uuid(),
  groupId: z.uuid(),
  group: z.string(),
  title: z.string(),
  questions: z.array(z.string()),
  by: z.string(),
  at: z.iso.datetime(),
  signed: z.int(),
  needed: z.int(),
  mine: z.boolean(),
  /** Once enough have signed: until when it is answered, and how it was. */
  answer: z
    .object({
      dueOn: z.iso.date(),
      status: z.enum(['due', 'late', 'kept', 'broken']),
      updateId: z.uuid().nullable(),
      because: z.string().nullable(),
    })
    .nullable(),
});
export type SessionCall = z.infer<typeof SessionCall>;

/** When members of a group meet. Where exactly, only those read who come. */
export const Meetup = z.object({
  id: z.uuid(),
  title: z.string(),
  about: z.string(),
  startsAt: z.iso.datetime(),
  /** The part of town. */
  area: z.string(),
  /** Null for who has not said that they come. */
  place: z.string().nullable(),
  by: z.string(),
  coming: z.int(),
  /** Null where the caller has not answered. */
  mine: z.boolean().nullable(),
  isBy: z.boolean(),
  cancelled: z.boolean(),
});
export type Meetup = z.infer<typeof Meetup>;

const inCommunity = { communityId: Id };
const ofGroup = { communityId: Id, groupId: Id };

export const listGroups = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/groups',
  rights: ['group.list'],
  summary: 'Small groups of members, and what they call for.',
  input: z.strictObject(inCommunity),
  output: z.object({ groups: z.array(Group), calls: z.array(SessionCall) }),
});

/** `groupId` is made by the client. */
export const proposeGroup = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/groups',
  rights: ['group.create'],
  summary: 'Proposes a small group; who proposes it is its first founder.',
  input: z.strictObject({ ...ofGroup, name: line(60), purpose: text(400) }),
  output: Group,
});

export const readGroup = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/groups/:groupId',
  rights: ['group.read'],
  summary: 'A group; with who is in it and when they meet for those who are.',
  input: z.strictObject(ofGroup),
  output: z.object({
    group: Group,
    people: z.array(z.object({ memberId: z.uuid(), handle: z.string(), founder: z.boolean() })),
    meetups: z.array(Meetup),
    calls: z.array(SessionCall),
  }),
});

export const joinGroup = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/groups/:groupId/membership',
  rights: ['group.join own'],
  summary: 'Comes into a group, or leaves it. The fifth founds it.',
  input: z.strictObject({ ...ofGroup, joined: z.boolean() }),
  output: Group,
});

export const decideGroup = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/groups/:groupId/decision',
  rights: ['group.decide'],
  summary:
    'Names a sponsor, which opens the group’s own place with its promise; or declines or ends it, with the reason.',
  input: z.strictObject({
    ...ofGroup,
    decision: z.discriminatedUnion('to', [
      z.strictObject({ to: z.literal('active'), sponsorId: Id }),
      z.strictObject({ to: z.literal('declined'), because: text(400) }),
      z.strictObject({ to: z.literal('archived'), because: text(400) }),
    ]),
  }),
  output: Group,
});

/** `meetupId` is made by the client; saved again by who made it, it is changed. */
export const saveMeetup = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/groups/:groupId/meetups/:meetupId',
  rights: ['group.meet'],
  summary: 'Says when and where members of a group meet; who comes is told of every change.',
  input: z.strictObject({
    ...ofGroup,
    meetupId: Id,
    title: line(100),
    about: text(800),
    startsAt: z.iso.datetime(),
    area: line(100),
    place: text(300),
    cancelled: z.boolean().default(false),
  }),
  output: Meetup,
});

export const answerMeetup = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/groups/:groupId/meetups/:meetupId/answer',
  rights: ['group.meet'],
  summary: 'Says whether one comes; who comes reads where exactly.',
  input: z.strictObject({ ...ofGroup, meetupId: Id, coming: z.boolean() }),
  output: Meetup,
});

/** `callId` is made by the client. */
export const callSession = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/groups/:groupId/calls',
  rights: ['group.call'],
  summary: 'Calls for a Session with questions of the group’s own; everybody in the community can sign.',
  input: z.strictObject({
    ...ofGroup,
    callId: Id,
    title: line(120),
    questions: z.array(line(300)).min(1).max(5),
  }),
  output: SessionCall,
});

export const signCall = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/calls/:callId/signature',
  rights: ['group.sign own'],
  summary: 'Signs a call for a Session, or takes that back as long as not enough have signed.',
  input: z.strictObject({ communityId: Id, callId: Id, signed: z.boolean() }),
  output: SessionCall,
});

export const groupEndpoints = [
  listGroups,
  proposeGroup,
  readGroup,
  joinGroup,
  decideGroup,
  saveMeetup,
  answerMeetup,
  callSession,
  signCall,
] as const;
