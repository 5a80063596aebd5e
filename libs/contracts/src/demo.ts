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

export const demoEndpoints = [
  listDemoPeople,
  signInAsDemo,
  listDemoMails,
  makeDemoCrowd,
  makeDemoInvitations,
] as const;
