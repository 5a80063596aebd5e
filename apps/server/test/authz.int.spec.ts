import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from '@parley/client/connection';
import { CallError } from '@parley/client/http';
import {
  acceptSubmission,
  exportActivityPath,
  featureSubmission,
  listActivities,
  listActivityDesk,
  listExcerpts,
  listShared,
  mendSubmission,
  moveActivity,
  publishActivity,
  quoteSubmission,
  readActivity,
  readGallery,
  remindActivity,
  removeExcerpt,
  returnSubmission,
  saveActivity,
  saveExcerpt,
  saveSubmissionDraft,
  sendSubmission,
} from '@parley/contracts/activities';
import { commands, endpoints } from '@parley/contracts/api';
import {
  editPost,
  followTopic,
  listPlaces,
  listTopics,
  openPlace,
  postTo,
  readHistory,
  readTopic,
  search,
  seeTopic,
  solveTopic,
  startTopic,
} from '@parley/contracts/commons';
import {
  answerCoAuthor,
  judgeIdea,
  bringIdeas,
  checkBrought,
  commentCard,
  decideIdeas,
  listIdeaDesk,
  listIdeas,
  markContext,
  openIdeaPlace,
  rateIdea,
  readCard,
  readContext,
  readIdea,
  readProcess,
  refineIdea,
  saveCard,
  sendIdea,
  similarIdeas,
} from '@parley/contracts/ideas';
import {
  answerMeetup,
  callSession,
  decideGroup,
  joinGroup,
  listGroups,
  proposeGroup,
  readGroup,
  saveMeetup,
  signCall,
} from '@parley/contracts/groups';
import {
  listFeedback,
  readFeedbackPrompt,
  sendFeedback,
  setFeedback,
  setPrompt,
} from '@parley/contracts/feedback';
import { breakGlass, listAudit } from '@parley/contracts/audit';
import { type Command, type Endpoint, type OutputOf, pathNames } from '@parley/contracts/contract';
import {
  companyBackPath,
  companyStartPath,
  listFactors,
  listWays,
  proveCode,
  removeFactor,
  renewRecoveryCodes,
  startPasskey,
} from '@parley/contracts/factors';
import {
  costDemoPages,
  fillDemoLoop,
  listDemoMails,
  listDemoPeople,
  makeDemoCrowd,
  signInAsDemo,
} from '@parley/contracts/demo';
import {
  answerScreener,
  checkInvitations,
  closeSource,
  createLink,
  decideApplication,
  exportApplications,
  leaveCommunity,
  listApplications,
  listInvitations,
  openDoor,
  passAge,
  publishScreener,
  readApplication,
  readCandidacy,
  readDoor,
  readScreener,
  readVoice,
  type ScreenerState,
  tryPlan,
} from '@parley/contracts/door';
import {
  createSession,
  endSession,
  joinSession,
  leaveSession,
  listCues,
  listSessions,
  playStage,
  rateStatement,
  readResult,
  sendComment,
  sendSamples,
  stageCue,
  startSession,
  submitStatement,
} from '@parley/contracts/live';
import {
  appealContribution,
  readReceipt,
  resubmitContribution,
  withdrawContribution,
} from '@parley/contracts/contributions';
import {
  approveUpdate,
  breakPromise,
  commentUpdate,
  correctUpdate,
  deliverUpdate,
  linkEvidence,
  listDrafts,
  listPromises,
  listUpdates,
  movePromise,
  publishUpdate,
  readImpact,
  readPublicUpdate,
  readUpdate,
  saveUpdate,
  setApprovalSteps,
  submitUpdate,
  verifyUpdate,
} from '@parley/contracts/loop';
import {
  addAsset,
  addVersion,
  deleteAsset,
  endRelease,
  listAssetDesk,
  listAssets,
  listMedia,
  listViews,
  logoPath,
  mediaFilePath,
  promiseSecrecy,
  readAsset,
  readLinks,
  releaseAsset,
  restoreAsset,
  setCaptions,
  setTimeMap,
  traceLeak,
  updateAsset,
  uploadPath,
  uploadsPath,
  withdrawAsset,
} from '@parley/contracts/media';
import {
  claimItems,
  exportContributions,
  exportDecisions,
  listContributions,
  listDecisions,
  listHeld,
  listSpaces,
  listThemes,
  markRead,
  readPolicy,
  replyToContribution,
  saveTheme,
  setSpaceRule,
} from '@parley/contracts/moderation';
import {
  answerRecognition,
  giveKudos,
  listKinds,
  readCircle,
  setCircle,
  listRecognitions,
  offerRecognition,
  optOut,
  readBoard,
  readParticipation,
  readStanding,
  revokeKudos,
  setBoard,
} from '@parley/contracts/recognition';
import { listNotifications, updatePreferences } from '@parley/contracts/reach';
import {
  listSignIns,
  readMe,
  redeemLink,
  requestLink,
  revokeSignIn,
  signOut,
  takeTicket,
  updateMe,
} from '@parley/contracts/people';
import {
  countSegment,
  listConsentTexts,
  listFactDefs,
  publishConsentText,
  readProfile,
  resumeMembership,
  updateProfile,
} from '@parley/contracts/profile';
import { readClock } from '@parley/contracts/realtime';
import { idOf } from '../src/platform/ids';
import { Sockets } from '../src/platform/sockets';
import { plan as activityPlan, publish } from './activities';
import { answersOf, openLink } from './candidate';
import { foundGroup, meetupPlan } from './groups';
import { challengePlan, ideaInput } from './ideas';
import {
  addressOf,
  assetOf,
  halden,
  mediaOf,
  memberOf,
  morrow,
  personOf,
  refusalOf,
  sessionOf,
  startTestServer,
  type TestServer,
  until,
  Visitor,
} from './server';

/** The matrix: one row per resource and action, one column per subject. */
const [head = [], ...rows] = readFileSync(join(import.meta.dirname, 'authz-matrix.csv'), 'utf8')
  .trim()
  .split('\n')
  .map((line) =>
    [...line.matchAll(/("([^"]*)"|[^,]*)(,|$)/g)].map(([, plain, quoted]) => quoted ?? plain!).slice(0, 13),
  );
const subjects = head.slice(3);
/** Who stands for whom; the column `other` is a manager, but of another community. */
const person: Record<string, string | null> = {
  anon: null,
  appl: 'bram',
  susp: 'viktor',
  memb: 'ines',
  mod: 'samira',
  prod: 'jo',
  host: 'maria',
  cm: 'maren',
  admin: 'robin',
  other: 'grace',
};
const inside = new Set(['memb', 'mod', 'prod', 'host', 'cm']);
const nameOf = ([resource, action]: string[]) => `${resource}.${action!.replace(/ \(.*\)$/, '')}`;

/** What a cell asks for. Who needs broken glass is refused without it; with it see below. */
const expected: Record<string, string> = {
  A: 'done',
  O: 'done',
  S: 'done',
  L: 'auth.required',
  D: 'auth.forbidden',
  B: 'auth.forbidden',
  H: 'request.notFound',
};

let server: TestServer;
const visitors = new Map<string, Visitor>();
const sockets = new Map<string, Connection>();
/** The screener of Halden, and a link that may be closed. */
let screener: ScreenerState;
let consentVersion = 1;
const link = {
  communityId: halden,
  sourceId: randomUUID(),
  label: 'A try',
  placement: '',
  note: '',
  useLimit: null,
  expiresAt: null,
};
/** A Session on stage, made anew for each try so that none spoils the next. */
interface Scene {
  sessionId: string;
  cueId: string;
  statementId: string;
}

beforeAll(async () => {
  server = await startTestServer({
    OIDC_ISSUER: 'http://localhost:9',
    OIDC_CLIENT_ID: 'parley',
    OIDC_CLIENT_SECRET: 'secret',
    OIDC_NAME: 'Example',
    OIDC_DOMAINS: 'example.com',
  });
  for (const subject of subjects) {
    const key = person[subject];
    visitors.set(subject, key ? await server.visit(key) : server.stranger());
    if (inside.has(subject)) sockets.set(subject, await visitors.get(subject)!.connect(halden));
  }
  const cm = visitors.get('cm')!;
  ({ screener } = await cm.call(readScreener, { communityId: halden }));
  await cm.call(createLink, link);
  const appl = visitors.get('appl')!;
  await appl.call(passAge, {
    token: openLink,
    applicationId: randomUUID(),
    born: '1990-05-17',
    locale: 'en',
  });
});
afterAll(() => server.stop());

const statusOf = async (response: Promise<Response>) => {
  const { ok, status } = await response;
  if (ok || status === 302) return 'done';
  return { 401: 'auth.required', 403: 'auth.forbidden', 404: 'request.notFound' }[status] ?? String(status);
};

const plan = () => ({
  communityId: halden,
  sessionId: randomUUID(),
  title: 'A try',
  purpose: 'To see who may.',
  decision: 'None.',
  decisionOwner: { name: 'Maria Kessler', title: 'VP Product' },
  reportBackOn: '2030-01-01',
  startsAt: new Date().toISOString(),
  plannedMinutes: 30,
  cues: [{ kind: 'video' as const, title: 'Film', prompt: 'Look', assetId: assetOf('halden-one-film') }],
});

/** Asks, and asks again when told to slow down: what is tried here is who may, not how fast. */
async function ask<C extends Command>(socket: Connection, command: C, input: object): Promise<OutputOf<C>> {
  for (;;) {
    try {
      return await socket.send(command, input as never);
    } catch (error) {
      if (!(error instanceof CallError && error.code === 'request.slowDown')) throw error;
      await new Promise((done) => setTimeout(done, error.body.retryAfterMs));
    }
  }
}

/** `started` false leaves it scheduled. */
async function scene(started = true): Promise<Scene> {
  const { id: sessionId } = await visitors.get('prod')!.call(createSession, plan());
  const { cues } = await visitors.get('prod')!.call(listCues, { communityId: halden, sessionId });
  const cueId = cues[0]!.id;
  if (!started) return { sessionId, cueId, statementId: randomUUID() };
  const [prod, memb] = [sockets.get('prod')!, sockets.get('memb')!];
  await ask(prod, joinSession, { sessionId });
  await ask(memb, joinSession, { sessionId });
  await ask(prod, startSession, { opId: randomUUID(), sessionId });
  await ask(prod, stageCue, { opId: randomUUID(), sessionId, cueId });
  // Not said through the socket, where one person may not say so much.
  const statementId = randomUUID();
  await server.sql(
    `INSERT INTO contribution (community_id, id, room_id, author_id, type, body)
     VALUES ($1, $2, $3, $4, 'statement', 'Longer, please.')`,
    [halden, statementId, sessionId, memberOf('halden', 'ines')],
  );
  return { sessionId, cueId, statementId };
}

type Try = (visitor: Visitor, scene: Scene, subject: string) => Promise<string>;
const asked =
  <E extends Endpoint>(endpoint: E, input: (scene: Scene) => object): Try =>
  (visitor, here) =>
    refusalOf(visitor.call(endpoint, input(here) as never));
const told =
  <C extends Command>(command: C, input: (scene: Scene) => object, { joins = true } = {}): Try =>
  async (_, here, subject) => {
    const socket = sockets.get(subject)!;
    if (joins) await ask(socket, joinSession, { sessionId: here.sessionId });
    return refusalOf(ask(socket, command, input(here)));
  };
/** What a candidate is asked at the door itself, everybody else inside. */
const atTheDoor =
  (candidate: Try, others: Try): Try =>
  (visitor, here, subject) =>
    (subject === 'appl' ? candidate : others)(visitor, here, subject);
/** Somebody else with the same role, who may go for good. */
async function standIn(subject: string): Promise<Visitor> {
  const [id, key] = [randomUUID(), person[subject]!];
  await server.sql(
    `INSERT INTO person (id, email, name, demo_note) VALUES ($1::uuid, $1::text || '@example.org', 'Stand-in', 'stand-in')`,
    [id],
  );
  await server.sql(
    `INSERT INTO member (community_id, id, person_id, handle, role, status)
     SELECT community_id, $1::uuid, $1::uuid, 'Stand-in', role, 'active' FROM member WHERE community_id = $2 AND person_id = $3`,
    [id, halden, personOf(key)],
  );
  const visitor = server.stranger();
  await visitor.call(signInAsDemo, { personId: id });
  return visitor;
}
const filmSession = sessionOf('halden-one-film');
/** Something that a member of Halden said, held or not. */
async function said(authorKey = 'ines', moderation = 'published') {
  const id = randomUUID();
  await server.sql(
    `INSERT INTO contribution (community_id, id, room_id, author_id, type, body, moderation, decide_by, appeal_until)
     VALUES ($1, $2, $3, $4, 'comment', 'The price.', $5, now(), now() + interval '1 day')`,
    [halden, id, filmSession, memberOf('halden', authorKey), moderation],
  );
  return id;
}
/** One's own passes, that of somebody else is nothing. */
const ofOwn =
  (moderation: string, ask: (visitor: Visitor, contributionId: string) => Promise<unknown>): Try =>
  async (visitor, _, subject) => {
    const theirs = await said(subject === 'memb' ? 'tunde' : 'ines', moderation);
    const others = await refusalOf(ask(visitor, theirs));
    if (!inside.has(subject)) return others;
    if (others !== 'request.notFound') return 'leaked';
    return refusalOf(ask(visitor, await said(person[subject]!, moderation)));
  };
const words = {
  title: 'The price is lower',
  youSaid: 'The price is too high.',
  weDid: 'We lowered it.',
  because: null,
  outcome: 'adopted' as const,
  on: null,
  beforeAssetId: null,
  afterAssetId: null,
  spaceId: null,
  keepsPromise: false,
  shareable: true,
};
/** An Update by the host, or the manager, with something that it answers. */
async function draft(by = 'cm') {
  const updateId = randomUUID();
  const author = visitors.get(by)!;
  await author.call(saveUpdate, { communityId: halden, updateId, basedOn: 0, body: words });
  await author.call(linkEvidence, { communityId: halden, updateId, contributionIds: [await said()] });
  return updateId;
}
/** One that is out to everybody, and delivered. */
async function published() {
  const updateId = await draft();
  const cm = visitors.get('cm')!;
  await cm.call(submitUpdate, { communityId: halden, updateId, version: 1 });
  const at = new Date(Date.now() - 1_000).toISOString();
  const times = { contributorsAt: at, communityAt: at, publicAt: at };
  await cm.call(publishUpdate, { communityId: halden, updateId, version: 1, times });
  await until(async () => {
    const { updates } = await cm.call(listUpdates, { communityId: halden });
    return updates.some(({ id, status }) => id === updateId && status === 'outToPublic');
  });
  await cm.call(deliverUpdate, { communityId: halden, updateId });
  return updateId;
}
let out: Promise<string> | undefined;
const outUpdate = () => (out ??= published());
const ofUpdate =
  (ask: (visitor: Visitor, updateId: string) => Promise<unknown>): Try =>
  async (visitor) =>
    refusalOf(ask(visitor, await outUpdate()));
const rule = { mode: 'open' as const, holdSeconds: 30, decideMinutes: 60 };
const preferences = { timezone: 'Europe/Berlin', quiet: null, dailyAt: '18:00', cadence: {} };

const op = ({ sessionId }: Scene) => ({ opId: randomUUID(), sessionId });
const inHalden = ({ sessionId }: Scene) => ({ communityId: halden, sessionId });
/** A file of the subject's own that is here and ready, where they are somebody here. */
async function fileBy(subject: string, purpose = 'asset', kind = 'image'): Promise<string> {
  const id = randomUUID();
  const owner = inside.has(subject) ? memberOf('halden', person[subject]!) : null;
  await server.sql(
    `INSERT INTO media (community_id, id, owner_id, purpose, op, name, bytes, state, kind, width, height)
     VALUES ($1, $2, $3, $4, $2, 'a file', 1, 'ready', $5, 160, 90)`,
    [halden, id, owner, purpose, kind],
  );
  return id;
}
/** An asset that the subject added. */
async function assetBy(subject: string, withdrawn = false): Promise<string> {
  const id = randomUUID();
  const owner = inside.has(subject) ? memberOf('halden', person[subject]!) : null;
  const mediaId = await fileBy(subject);
  await server.sql(
    `INSERT INTO asset (community_id, id, kind, title, description, added_by, withdrawn_at, withdrawn_because)
     VALUES ($1, $2, 'image', 'A picture', 'Of nothing.', $3, CASE WHEN $4 THEN now() END, CASE WHEN $4 THEN 'So.' END)`,
    [halden, id, owner, withdrawn],
  );
  await server.sql('INSERT INTO asset_version (community_id, asset_id, n, media_id) VALUES ($1, $2, 1, $3)', [
    halden,
    id,
    mediaId,
  ]);
  return id;
}
const ofAsset =
  (ask: (visitor: Visitor, assetId: string, subject: string) => Promise<unknown>, withdrawn = false): Try =>
  async (visitor, _, subject) =>
    refusalOf(ask(visitor, await assetBy(subject, withdrawn), subject));
const assetWords = {
  title: 'A try',
  description: 'Nothing.',
  confidentiality: 'private' as const,
  embargoUntil: null,
};
const placePlan = () => ({
  ...{ communityId: halden, placeId: randomUUID(), title: 'A place', purpose: 'To talk.', decision: 'None.' },
  ...{
    decisionOwner: { name: 'Maria Kessler', title: 'VP Product' },
    reportBackOn: '2030-01-01',
    informsOnly: true,
  },
});
let place: Promise<string> | undefined;
/** A topic that somebody of the demo began. */
async function topicBy(key: string) {
  const placeId = await (place ??= visitors
    .get('cm')!
    .call(openPlace, placePlan())
    .then(({ id }) => id));
  const author = await server.visit(key);
  const topic = { communityId: halden, placeId, opId: randomUUID(), title: 'A topic', body: 'Of it.' };
  const { id: topicId } = await author.call(startTopic, topic);
  return { placeId, topicId };
}
let challenge: Promise<{ placeId: string; cardId: string }> | undefined;
/** A challenge with a card. */
const aChallenge = () =>
  (challenge ??= (async () => {
    const plan = challengePlan();
    await visitors.get('cm')!.call(openIdeaPlace, plan);
    return { placeId: plan.placeId, cardId: plan.cards[0]!.id };
  })());
/** An idea that somebody of the demo sent there. */
async function ideaBy(key: string) {
  const { placeId } = await aChallenge();
  const { id: ideaId } = await (await server.visit(key)).call(sendIdea, ideaInput(placeId));
  return { communityId: halden, ideaId };
}
const offerTo = (key: string) => ({
  ...{ communityId: halden, opId: randomUUID(), memberIds: [memberOf('halden', key)] },
  ...{ kind: 'visit' as const, words: 'Come and see.' },
});
/** A group that the member of the scene is in, and a call that enough others could sign. */
async function aGroup() {
  const groupId = await foundGroup(server, person['memb']!);
  const callId = randomUUID();
  await (
    await server.visit(person['memb']!)
  ).call(callSession, {
    ...{ communityId: halden, groupId, callId, title: 'A call', questions: ['When?'] },
  });
  return { communityId: halden, groupId, callId };
}
const feedbackSettings = {
  ...{ communityId: halden, owner: { name: 'Maren Vogt', title: 'Community manager' } },
  ...{ reportBackOn: '2030-01-01', replyDays: null },
};
const refined = { basedOn: 1, title: 'Refined', parts: ideaInput('').parts, note: 'A try.' };
/** An Activity that is open, and something that the member sent to it, accepted or not. */
async function sentTo(accepted = false) {
  const { activityId, tasks } = await publish(visitors.get('cm')!);
  const inActivity = { communityId: halden, activityId };
  const answers = [{ taskId: tasks[0]!.id, kind: 'text' as const, text: 'In the hall.' }];
  const first = { ...inActivity, opId: randomUUID(), entry: 1, answers, quote: 'named' as const };
  const { submission } = await visitors.get('memb')!.call(sendSubmission, first);
  const one = { ...inActivity, submissionId: submission.id };
  if (accepted) await visitors.get('cm')!.call(acceptSubmission, one);
  return { inActivity, answers, one };
}
const ofSent =
  (
    ask: (visitor: Visitor, sent: Awaited<ReturnType<typeof sentTo>>) => Promise<unknown>,
    accepted = false,
  ): Try =>
  async (visitor) =>
    refusalOf(ask(visitor, await sentTo(accepted)));
const tus = { 'tus-resumable': '1.0.0' };
const uploadBy = async (visitor: Visitor) =>
  visitor.request(uploadsPath.replace(':communityId', halden), {
    method: 'POST',
    headers: {
      ...tus,
      'upload-length': '1',
      'upload-metadata': `purpose ${btoa('submission')},op ${btoa(randomUUID())},name ${btoa('x')}`,
    },
  });
/** Of the subject's own, where they have one; of somebody else's: not found. */
const atUpload =
  (method: 'HEAD' | 'DELETE'): Try =>
  async (visitor, _, subject) => {
    const address = async (who: Visitor) =>
      (await uploadBy(who)).headers.get('location') ??
      uploadPath.replace(':communityId', halden).replace(':uploadId', randomUUID());
    const theirs = await address(await server.visit(subject === 'memb' ? 'tunde' : 'ines'));
    const others = await statusOf(visitor.request(theirs, { method, headers: tus }));
    if (others === 'done') return 'leaked';
    return statusOf(visitor.request(await address(visitor), { method, headers: tus }));
  };
const join_ = told(joinSession, ({ sessionId }) => ({ sessionId }), { joins: false });

/** What a refusal of the thing itself means for who may ask: they may. */
const doneAt = async (codes: string[], answer: Promise<unknown>) => {
  const outcome = await refusalOf(answer);
  return codes.includes(outcome) ? 'done' : outcome;
};
/** A factor of the subject's own. */
async function factorOf(subject: string) {
  const id = randomUUID();
  const key = person[subject];
  if (key)
    await server.sql(
      `INSERT INTO factor (id, person_id, kind, name, secret, last_step) VALUES ($1, $2, 'authenticator', 'x', '', 0)`,
      [id, personOf(key)],
    );
  return id;
}

/** How each row is tried. A row that is not here speaks of what is not built yet. */
const tries: Record<string, Try> = {
  'auth.magic-link.request': asked(requestLink, () => ({ email: 'nobody@example.org' })),
  // Anybody may try; without a real token it opens nothing.
  'auth.magic-link.redeem': async (visitor) =>
    (await refusalOf(visitor.call(redeemLink, { token: 'x'.repeat(43) }))) === 'link.expired'
      ? 'done'
      : 'refused',
  'auth.logout': async (_, __, subject) => {
    // In a browser of its own, so that the others stay signed in.
    const visitor = person[subject] ? await server.visit(person[subject]) : server.stranger();
    return refusalOf(visitor.call(signOut, {}));
  },
  'auth.session.list own': asked(listSignIns, () => ({})),
  'auth.session.revoke own': async (visitor, _, subject) => {
    if (!person[subject]) return refusalOf(visitor.call(revokeSignIn, { signInId: randomUUID() }));
    const stranger = await server.visit(subject === 'memb' ? 'tunde' : 'ines');
    const theirs = (await stranger.call(listSignIns, {})).signIns.find(({ current }) => current)!.id;
    if ((await refusalOf(visitor.call(revokeSignIn, { signInId: theirs }))) !== 'request.notFound')
      return 'leaked';
    const second = await server.visit(person[subject]);
    const own = (await second.call(listSignIns, {})).signIns.find(({ current }) => current)!.id;
    return refusalOf(visitor.call(revokeSignIn, { signInId: own }));
  },
  'auth.ways.list': asked(listWays, () => ({})),
  // Where the issuer does not answer, the browser is led back to the sign-in page.
  'auth.company.start': (visitor) => statusOf(visitor.request(companyStartPath, { redirect: 'manual' })),
  'auth.company.finish': (visitor) => statusOf(visitor.request(companyBackPath, { redirect: 'manual' })),
  'auth.factor.list own': asked(listFactors, () => ({})),
  'auth.factor.add own': asked(startPasskey, () => ({})),
  // Anybody may try; without a real code it proves nothing.
  'auth.factor.prove own': (visitor) =>
    doneAt(['factor.wrong', 'factor.locked'], visitor.call(proveCode, { code: '000000' })),
  'auth.factor.remove own': async (visitor, _, subject) => {
    const remove = (factorId: string) => visitor.call(removeFactor, { factorId });
    if (!person[subject]) return refusalOf(remove(randomUUID()));
    const theirs = await factorOf(subject === 'memb' ? 'mod' : 'memb');
    if ((await refusalOf(remove(theirs))) !== 'request.notFound') return 'leaked';
    return doneAt(['factor.last'], remove(await factorOf(subject)));
  },
  'auth.factor.recovery.renew own': async (visitor, _, subject) => {
    await factorOf(subject);
    return refusalOf(visitor.call(renewRecoveryCodes, {}));
  },
  'audit.community.read': asked(listAudit, () => ({ communityId: halden })),
  'community.glass.break': async (visitor) => {
    const outcome = await refusalOf(
      visitor.call(breakGlass, { communityId: halden, reason: 'To see who may.' }),
    );
    // Closed again: the rows that follow are tried without it.
    await server.sql(`UPDATE glass SET closes_at = now() - interval '1 second'`);
    return outcome;
  },
  'account.read own': asked(readMe, () => ({})),
  'account.communities.list own': asked(readMe, () => ({})),
  'account.preferences.update own': asked(updateMe, () => ({ locale: 'en' })),
  'invite.create': asked(createLink, () => ({ ...link, sourceId: randomUUID() })),
  'invite.list': asked(readDoor, () => ({ communityId: halden })),
  'invite.revoke': asked(closeSource, () => ({ communityId: halden, sourceId: link.sourceId })),
  'invite.bulk-import': asked(checkInvitations, () => ({ communityId: halden, csv: 'new@example.org' })),
  'invite.redeem': asked(openDoor, () => ({ token: openLink })),
  'screening.form.read': atTheDoor(
    asked(readCandidacy, () => ({})),
    asked(readScreener, () => ({ communityId: halden })),
  ),
  'screening.form.update': asked(publishScreener, () => ({
    communityId: halden,
    basedOn: screener.version,
    body: screener.body,
  })),
  'screening.answer.submit': asked(answerScreener, () => ({ answers: answersOf('nonowner') })),
  'screening.answer.read': async (visitor, here, subject) => {
    // One's own answers are facts of one's profile.
    if (inside.has(subject) && subject !== 'cm')
      return asked(readProfile, () => ({ communityId: halden }))(visitor, here, subject);
    return atTheDoor(
      asked(readCandidacy, () => ({})),
      asked(listApplications, () => ({ communityId: halden, status: 'waiting' })),
    )(visitor, here, subject);
  },
  'screening.age-result.read': asked(listApplications, () => ({ communityId: halden, status: 'waiting' })),
  'screening.decide': asked(tryPlan, () => ({
    communityId: halden,
    plan: { total: null, cells: [], shares: [] },
  })),
  'screening.export': asked(exportApplications, () => ({ communityId: halden })),
  'member.profile.read own': asked(readProfile, () => ({ communityId: halden })),
  'member.profile.update own': asked(updateProfile, () => ({ communityId: halden })),
  'member.resume own': asked(resumeMembership, () => ({ communityId: halden })),
  'member.facts.define': asked(listFactDefs, () => ({ communityId: halden })),
  'member.segment.assign': asked(countSegment, () => ({ communityId: halden, rule: [] })),
  'community.settings.read': asked(listConsentTexts, () => ({ communityId: halden })),
  'community.settings.update': asked(publishConsentText, () => ({
    communityId: halden,
    purpose: 'email',
    basedOn: consentVersion,
    body: 'We may write to you.',
  })),
  'member.leave own': async (visitor, here, subject) =>
    asked(leaveCommunity, () => ({ communityId: halden }))(
      inside.has(subject) ? await standIn(subject) : visitor,
      here,
      subject,
    ),
  'community.logo.read': (visitor) => statusOf(visitor.request(logoPath.replace(':communityId', halden))),
  'asset.list': asked(listAssets, () => ({ communityId: halden })),
  'asset.meta.read': async (visitor) => {
    const ofOne = { communityId: halden, assetId: assetOf('halden-one') };
    const outcome = await refusalOf(visitor.call(readAsset, ofOne));
    // Who oversees is nobody there who could promise anything.
    if (visitor === visitors.get('admin') || outcome !== 'done') return outcome;
    return doneAt(['auth.forbidden'], visitor.call(promiseSecrecy, ofOne));
  },
  'asset.thumbnail.read': asked(readLinks, () => ({ communityId: halden, ids: mediaOf('halden-one') })),
  'asset.rendition.read': async (visitor) =>
    statusOf(visitor.request(await addressOf(visitor, mediaOf('halden-one'), 'w320'))),
  'asset.video.playlist.read': async (visitor) =>
    statusOf(visitor.request(await addressOf(visitor, mediaOf('halden-one-film'), 'film', { part: 'list' }))),
  'asset.video.segment.read': async (visitor) =>
    statusOf(
      visitor.request(await addressOf(visitor, mediaOf('halden-one-film'), 'v540', { part: '0' }), {
        headers: { range: 'bytes=0-9' },
      }),
    ),
  'asset.desk.read': asked(listAssetDesk, () => ({ communityId: halden })),
  'asset.upload': async (visitor, _, subject) => {
    const add = { communityId: halden, assetId: randomUUID(), ...assetWords };
    const outcome = await refusalOf(visitor.call(addAsset, { ...add, mediaId: await fileBy(subject) }));
    if (outcome !== 'done') return outcome;
    const version = { communityId: halden, assetId: add.assetId, map: null };
    return refusalOf(visitor.call(addVersion, { ...version, mediaId: await fileBy(subject) }));
  },
  'asset.update': ofAsset(async (visitor, assetId, subject) => {
    const inAsset = { communityId: halden, assetId };
    await visitor.call(updateAsset, { ...inAsset, ...assetWords });
    await visitor.call(setTimeMap, { ...inAsset, n: 1, map: null });
    const mediaId = await fileBy(subject, 'captions', 'captions');
    await visitor.call(setCaptions, { ...inAsset, n: 1, language: 'en', mediaId });
    // Out of scope: what somebody else added.
    if (subject !== 'host') return;
    const others = { communityId: halden, assetId: await assetBy('cm'), ...assetWords };
    if ((await refusalOf(visitor.call(updateAsset, others))) === 'done') throw new Error('leaked');
  }),
  'asset.release to segment': ofAsset(async (visitor, assetId) => {
    const release = { communityId: halden, assetId, releaseId: randomUUID() };
    const window = { segmentId: null, from: new Date().toISOString(), until: null };
    await visitor.call(releaseAsset, { ...release, ...window });
    await visitor.call(endRelease, release);
  }),
  'asset.withdraw': ofAsset((visitor, assetId) =>
    visitor.call(withdrawAsset, { communityId: halden, assetId, because: 'A try.' }),
  ),
  'asset.restore': ofAsset(
    (visitor, assetId) => visitor.call(restoreAsset, { communityId: halden, assetId }),
    true,
  ),
  'asset.delete': ofAsset(
    (visitor, assetId) => visitor.call(deleteAsset, { communityId: halden, assetId }),
    true,
  ),
  'asset.leak.trace': async (visitor, _, subject) =>
    doneAt(
      ['media.notReady'],
      visitor.call(traceLeak, {
        ...{ communityId: halden, assetId: assetOf('halden-one-film') },
        mediaId: await fileBy(subject, 'asset', 'video'),
      }),
    ),
  'asset.view-log.read': asked(listViews, () => ({ communityId: halden, assetId: assetOf('halden-one') })),
  'space.list': asked(listPlaces, () => ({ communityId: halden })),
  'space.create': (visitor) => refusalOf(visitor.call(openPlace, placePlan())),
  'topic.list': async (visitor) =>
    refusalOf(visitor.call(listTopics, { communityId: halden, placeId: (await topicBy('ines')).placeId })),
  'topic.read': async (visitor) =>
    refusalOf(visitor.call(readTopic, { communityId: halden, topicId: (await topicBy('ines')).topicId })),
  'topic.create': async (visitor) => {
    const { placeId } = await topicBy('ines');
    const topic = { communityId: halden, placeId, opId: randomUUID(), title: 'A try', body: 'Of a topic.' };
    return refusalOf(visitor.call(startTopic, topic));
  },
  'topic.post': async (visitor) => {
    const { topicId } = await topicBy('ines');
    const post = {
      communityId: halden,
      topicId,
      opId: randomUUID(),
      body: 'A try.',
      parentId: null,
      quote: null,
    };
    return refusalOf(visitor.call(postTo, post));
  },
  'comment.update own': async (visitor, _, subject) => {
    const theirs = await topicBy(subject === 'memb' ? 'tunde' : 'ines');
    const edit = (postId: string) =>
      refusalOf(visitor.call(editPost, { communityId: halden, postId, body: 'Other words.' }));
    const others = await edit(theirs.topicId);
    if (!inside.has(subject)) return others;
    if (others !== 'request.notFound') return 'leaked';
    return edit((await topicBy(person[subject]!)).topicId);
  },
  'comment.history.read': async (visitor, _, subject) => {
    const of = inside.has(subject) ? person[subject]! : 'ines';
    return refusalOf(visitor.call(readHistory, { communityId: halden, postId: (await topicBy(of)).topicId }));
  },
  'topic.seen own': async (visitor) => {
    const { topicId } = await topicBy('ines');
    const outcome = await refusalOf(
      visitor.call(seeTopic, { communityId: halden, topicId, upTo: new Date().toISOString() }),
    );
    if (outcome !== 'done') return outcome;
    return refusalOf(visitor.call(followTopic, { communityId: halden, topicId, following: 'mute' }));
  },
  'topic.solve': async (visitor, _, subject) => {
    const { topicId } = await topicBy(subject === 'memb' ? person[subject]! : 'tunde');
    return refusalOf(visitor.call(solveTopic, { communityId: halden, topicId, postId: null }));
  },
  'challenge.create': (visitor) => refusalOf(visitor.call(openIdeaPlace, challengePlan())),
  'idea.list': async (visitor) => {
    const of = { communityId: halden, placeId: (await aChallenge()).placeId };
    const outcomes = [
      await refusalOf(visitor.call(listIdeas, of)),
      await refusalOf(visitor.call(similarIdeas, { ...of, words: 'a lock' })),
      await refusalOf(visitor.call(readProcess, of)),
    ];
    return new Set(outcomes).size === 1 ? outcomes[0]! : outcomes.join();
  },
  'idea.read': async (visitor) => refusalOf(visitor.call(readIdea, await ideaBy('ines'))),
  'idea.create': async (visitor) =>
    refusalOf(visitor.call(sendIdea, ideaInput((await aChallenge()).placeId))),
  'idea.refine own': async (visitor, _, subject) => {
    const theirs = await ideaBy(subject === 'memb' ? 'tunde' : 'ines');
    const others = await refusalOf(visitor.call(refineIdea, { ...theirs, ...refined }));
    if (!inside.has(subject)) return others;
    if (others !== 'auth.forbidden') return 'leaked';
    return refusalOf(visitor.call(refineIdea, { ...(await ideaBy(person[subject]!)), ...refined }));
  },
  'idea.coauthor own': async (visitor, _, subject) => {
    const theirs = await ideaBy(subject === 'memb' ? 'tunde' : 'ines');
    const answer = () => refusalOf(visitor.call(answerCoAuthor, { ...theirs, agree: true }));
    const unasked = await answer();
    if (!inside.has(subject)) return unasked;
    if (unasked !== 'request.notFound') return 'leaked';
    await server.sql('INSERT INTO idea_author (community_id, idea_id, member_id) VALUES ($1, $2, $3)', [
      ...[halden, theirs.ideaId, memberOf('halden', person[subject]!)],
    ]);
    return answer();
  },
  'idea.judge own': async (visitor, _, subject) => {
    const judge = (idea: Awaited<ReturnType<typeof ideaBy>>) =>
      refusalOf(visitor.call(judgeIdea, { ...idea, right: true, because: null }));
    const others = await judge(await ideaBy(subject === 'memb' ? 'tunde' : 'ines'));
    if (!inside.has(subject)) return others;
    if (others !== 'auth.forbidden') return 'leaked';
    const own = await ideaBy(person[subject]!);
    await server.sql(
      `WITH small AS (UPDATE space SET kind = 'suggestions' WHERE id = (SELECT place_id FROM idea WHERE id = $1))
       UPDATE contribution SET loop = 'delivered', outcome = 'adopted', judge_until = now() + interval '1 day' WHERE id = $1`,
      [own.ideaId],
    );
    return judge(own);
  },
  'idea.rate': async (visitor, _, subject) => {
    const idea = await ideaBy(subject === 'memb' ? 'tunde' : 'ines');
    return refusalOf(visitor.call(rateIdea, { ...idea, version: 1, rating: 'agree', matters: false }));
  },
  'idea.decide': async (visitor) => {
    const { ideaId } = await ideaBy('ines');
    const decision = { to: 'inReview' as const, note: null };
    return refusalOf(visitor.call(decideIdeas, { communityId: halden, ideaIds: [ideaId], decision }));
  },
  'idea.import': async (visitor) => {
    const { placeId } = await aChallenge();
    const of = { communityId: halden, placeId, csv: 'title\nA try' };
    const outcome = await refusalOf(visitor.call(checkBrought, { ...of, columns: null, statuses: null }));
    const none = { text: null, key: null, by: null, support: null, at: null, status: null, replacedBy: null };
    const columns = { title: 'title', ...none };
    const brought = await refusalOf(
      visitor.call(bringIdeas, { ...of, from: 'A board', columns, statuses: {} }),
    );
    return outcome === brought ? outcome : `${outcome} ${brought}`;
  },
  'idea.desk.read': asked(listIdeaDesk, () => ({ communityId: halden, show: 'all' })),
  'context.read': async (visitor) => {
    const of = { communityId: halden, ...(await aChallenge()) };
    const card = await refusalOf(visitor.call(readCard, of));
    const all = await refusalOf(visitor.call(readContext, { communityId: halden, placeId: of.placeId }));
    return card === all ? card : `${card} ${all}`;
  },
  'context.mark own': async (visitor) =>
    refusalOf(visitor.call(markContext, { communityId: halden, ...(await aChallenge()), ms: 0 })),
  'context.comment': async (visitor) => {
    const of = { communityId: halden, ...(await aChallenge()) };
    return refusalOf(visitor.call(commentCard, { ...of, opId: randomUUID(), body: 'A try.' }));
  },
  'context.update': async (visitor) => {
    const card = {
      cardId: randomUUID(),
      basedOn: 0,
      kind: 'goal' as const,
      title: 'A try',
      body: 'Of a card.',
    };
    const { placeId } = await aChallenge();
    return refusalOf(visitor.call(saveCard, { communityId: halden, placeId, ...card }));
  },
  'kudos.give': async (visitor, _, subject) => {
    const { topicId } = await topicBy(subject === 'memb' ? 'tunde' : 'ines');
    return refusalOf(
      visitor.call(giveKudos, { communityId: halden, contributionId: topicId, reason: 'honest' }),
    );
  },
  'kudos.give to self': async (visitor, _, subject) => {
    const { topicId } = await topicBy(inside.has(subject) ? person[subject]! : 'ines');
    const outcome = await refusalOf(
      visitor.call(giveKudos, { communityId: halden, contributionId: topicId, reason: 'honest' }),
    );
    return outcome === 'kudos.own' ? 'auth.forbidden' : outcome;
  },
  'kudos.revoke own': async (visitor, _, subject) => {
    const { topicId } = await topicBy(subject === 'memb' ? 'tunde' : 'ines');
    const of = { communityId: halden, contributionId: topicId };
    if (inside.has(subject)) await visitor.call(giveKudos, { ...of, reason: 'honest' });
    return refusalOf(visitor.call(revokeKudos, of));
  },
  'ranking.read': async (visitor) => {
    await visitors.get('cm')!.call(setBoard, { communityId: halden, on: true });
    return refusalOf(visitor.call(readBoard, { communityId: halden }));
  },
  'ranking.read own': asked(readStanding, () => ({ communityId: halden })),
  'ranking.opt-out own': asked(optOut, () => ({ communityId: halden, optedOut: false })),
  'ranking.adjust': asked(setBoard, () => ({ communityId: halden, on: true })),
  'ranking.participation.read': asked(readParticipation, () => ({ communityId: halden })),
  'recognition.offer': (visitor) => refusalOf(visitor.call(offerRecognition, offerTo('tunde'))),
  'recognition.list': asked(listRecognitions, () => ({ communityId: halden })),
  'recognition.answer own': async (visitor, _, subject) => {
    const recognitionId = randomUUID();
    await server.sql(
      `INSERT INTO recognition (community_id, id, member_id, kind, words, by_id) VALUES ($1, $2, $3, 'visit', 'Come.', $4)`,
      [
        ...[halden, recognitionId, memberOf('halden', inside.has(subject) ? person[subject]! : 'ines')],
        memberOf('halden', 'maren'),
      ],
    );
    return refusalOf(visitor.call(answerRecognition, { communityId: halden, recognitionId, accept: true }));
  },
  'group.list': asked(listGroups, () => ({ communityId: halden })),
  'group.read': async (visitor) => {
    const { groupId } = await aGroup();
    return refusalOf(visitor.call(readGroup, { communityId: halden, groupId }));
  },
  'group.create': (visitor) =>
    refusalOf(
      visitor.call(proposeGroup, {
        ...{ communityId: halden, groupId: randomUUID(), name: 'A try', purpose: 'To see.' },
      }),
    ),
  'group.join own': async (visitor) => {
    const { groupId } = await aGroup();
    return refusalOf(visitor.call(joinGroup, { communityId: halden, groupId, joined: true }));
  },
  'group.decide': async (visitor) => {
    const { groupId } = await aGroup();
    const decision = { to: 'archived' as const, because: 'A try.' };
    return refusalOf(visitor.call(decideGroup, { communityId: halden, groupId, decision }));
  },
  'group.meet': async (visitor) => {
    const { groupId } = await aGroup();
    const meetup = { communityId: halden, groupId, ...meetupPlan() };
    const outcome = await refusalOf(visitor.call(saveMeetup, meetup));
    if (outcome !== 'done') return outcome;
    const { meetupId } = meetup;
    return refusalOf(visitor.call(answerMeetup, { communityId: halden, groupId, meetupId, coming: true }));
  },
  'group.call': async (visitor) => {
    const { groupId } = await aGroup();
    const call = { communityId: halden, groupId, callId: randomUUID(), title: 'A try', questions: ['When?'] };
    return refusalOf(visitor.call(callSession, call));
  },
  'group.sign own': async (visitor) => {
    const { callId } = await aGroup();
    return refusalOf(visitor.call(signCall, { communityId: halden, callId, signed: true }));
  },
  'circle.read own': asked(readCircle, () => ({ communityId: halden })),
  'circle.update': asked(setCircle, () => ({ communityId: halden, criteria: 'Who has helped often.' })),
  'circle.members.list': asked(listKinds, () => ({ communityId: halden })),
  'feedback.give': async (visitor) => {
    await visitors.get('cm')!.call(setFeedback, feedbackSettings);
    const asked = await refusalOf(visitor.call(readFeedbackPrompt, { communityId: halden, page: 'talk' }));
    const sent = await refusalOf(
      visitor.call(sendFeedback, {
        ...{ communityId: halden, opId: randomUUID(), page: 'talk', assetId: null, second: null },
        ...{ mood: null, body: 'A try.' },
      }),
    );
    return asked === sent ? asked : `${asked} ${sent}`;
  },
  'feedback.read': asked(listFeedback, () => ({ communityId: halden })),
  'feedback.update': async (visitor) => {
    const set = await refusalOf(visitor.call(setFeedback, feedbackSettings));
    const ask = { communityId: halden, page: 'other' as const, assetId: null, prompt: 'A try?' };
    const asked = await refusalOf(visitor.call(setPrompt, ask));
    return set === asked ? set : `${set} ${asked}`;
  },
  'search.read': asked(search, () => ({ communityId: halden, words: 'bicycle' })),
  'activity.list': asked(listActivities, () => ({ communityId: halden })),
  'activity.read': ofSent((visitor, { inActivity }) => visitor.call(readActivity, inActivity)),
  'activity.desk.read': asked(listActivityDesk, () => ({ communityId: halden })),
  'activity.draft': asked(saveActivity, () => ({
    ...{ communityId: halden, activityId: randomUUID() },
    draft: { title: 'A try', rest: {} },
  })),
  'activity.publish': async (visitor) => {
    const ofOne = { communityId: halden, activityId: randomUUID() };
    const outcome = await refusalOf(visitor.call(publishActivity, { ...ofOne, body: activityPlan() }));
    if (outcome !== 'done') return outcome;
    return refusalOf(
      visitor
        .call(remindActivity, ofOne)
        .then(() => visitor.call(moveActivity, { ...ofOne, move: { to: 'closed' } })),
    );
  },
  'activity.export': async (visitor) =>
    statusOf(
      visitor.request(
        exportActivityPath
          .replace(':communityId', halden)
          .replace(':activityId', (await sentTo()).inActivity.activityId),
      ),
    ),
  'submission.draft own': ofSent((visitor, { inActivity, answers }) =>
    visitor.call(saveSubmissionDraft, { ...inActivity, entry: 1, rev: 0, answers, quote: null }),
  ),
  'submission.create': async (visitor) => {
    const { activityId, tasks } = await publish(visitors.get('cm')!);
    return refusalOf(
      visitor.call(sendSubmission, {
        ...{ communityId: halden, activityId, opId: randomUUID(), entry: 1, quote: 'no' },
        answers: [{ taskId: tasks[0]!.id, kind: 'text', text: 'In the hall.' }],
      }),
    );
  },
  'submission.mend own': ofSent(async (visitor, { one, answers }) => {
    await visitors.get('cm')!.call(returnSubmission, { ...one, note: 'Which hall?', taskIds: [] });
    const mended = { ...one, answers: [{ ...answers[0]!, text: 'In our hall.' }], quote: 'no' as const };
    await visitor.call(mendSubmission, mended);
    await visitor.call(quoteSubmission, { ...one, quote: 'anonymous' });
  }),
  'submission.list': ofSent((visitor, { inActivity }) => visitor.call(listShared, inActivity)),
  'submission.gallery.read': ofSent(async (visitor, { inActivity }) => {
    await visitor.call(readGallery, inActivity);
    await visitor.call(listExcerpts, inActivity);
  }),
  'submission.decide': async (visitor, here, subject) => {
    const accepts = await ofSent((who, { one }) => who.call(acceptSubmission, one))(visitor, here, subject);
    const gives = await ofSent((who, { one }) =>
      who.call(returnSubmission, { ...one, note: 'Which hall?', taskIds: [] }),
    )(visitor, here, subject);
    return accepts === gives ? accepts : 'differs';
  },
  'submission.feature': ofSent(
    (visitor, { one }) => visitor.call(featureSubmission, { ...one, featured: true }),
    true,
  ),
  'submission.excerpt': ofSent(async (visitor, { inActivity, one, answers }) => {
    const excerpt = { ...inActivity, excerptId: randomUUID() };
    await visitor.call(saveExcerpt, {
      ...{
        ...excerpt,
        submissionId: one.submissionId,
        taskId: answers[0]!.taskId,
        words: 'the hall',
        themeId: null,
      },
      ...{ mediaId: null, from: null, to: null, note: null },
    });
    await visitor.call(removeExcerpt, excerpt);
  }),
  'upload.create': (visitor) => statusOf(uploadBy(visitor)),
  'upload.head or patch': atUpload('HEAD'),
  'upload.terminate': atUpload('DELETE'),
  'upload.read own pending': asked(listMedia, () => ({ communityId: halden, ids: randomUUID() })),
  'socket.connect to community namespace': asked(takeTicket, () => ({ communityId: halden })),
  'socket.join session room': join_,
  "socket.join another community's room by id": told(joinSession, () => ({ sessionId: sessionOf('ember') }), {
    joins: false,
  }),
  'socket.catch-up since sequence': told(joinSession, ({ sessionId }) => ({ sessionId, since: 1 }), {
    joins: false,
  }),
  'socket.clock.read': told(readClock, () => ({}), { joins: false }),
  'session.list': asked(listSessions, () => ({ communityId: halden })),
  'session.create': asked(createSession, plan),
  'session.cues.read': asked(listCues, inHalden),
  'session.result.read': async (visitor, _, subject) => {
    const live = await scene();
    const read = () => refusalOf(visitor.call(readResult, inHalden(live)));
    if (subject === 'memb' && (await read()) !== 'auth.forbidden') return 'shown too early';
    await ask(sockets.get('prod')!, endSession, op(live));
    return read();
  },
  'session.start': async (visitor, _, subject) =>
    told(startSession, op)(visitor, await scene(false), subject),
  'session.stop': told(endSession, op),
  'session.audience-count.read': join_,
  'session.reveal asset': async (visitor, here, subject) => {
    const staged = await told(stageCue, (at) => ({ ...op(at), cueId: at.cueId }))(visitor, here, subject);
    const played = await told(playStage, (at) => ({ ...op(at), playing: true, position: 0 }))(
      visitor,
      here,
      subject,
    );
    return staged === played ? staged : `${staged}, ${played}`;
  },
  'reaction.create': told(sendSamples, ({ sessionId, cueId }) => ({
    sessionId,
    cueId,
    round: 1,
    dial: [[0, 50]],
    moods: [[0, 'like']],
  })),
  'reaction.aggregate.read': join_,
  'comment.create': told(sendComment, (at) => ({ ...op(at), body: 'Hm.', cueId: at.cueId, second: 0 })),
  'statement.submit': told(submitStatement, (at) => ({ ...op(at), body: 'Shorter.' })),
  'statement.rate': told(rateStatement, (at) => ({
    ...op(at),
    statementId: at.statementId,
    rating: 'agree',
  })),
  'contribution.receipt.read own': ofOwn('published', (visitor, contributionId) =>
    visitor.call(readReceipt, { communityId: halden, contributionId }),
  ),
  'contribution.withdraw own': ofOwn('published', (visitor, contributionId) =>
    visitor.call(withdrawContribution, { communityId: halden, contributionId }),
  ),
  'contribution.resubmit own': ofOwn('returned', (visitor, contributionId) =>
    visitor.call(resubmitContribution, { communityId: halden, contributionId, body: 'The price, please.' }),
  ),
  'contribution.appeal own': ofOwn('declined', (visitor, contributionId) =>
    visitor.call(appealContribution, { communityId: halden, contributionId, words: 'Please look again.' }),
  ),
  'contribution.impact.read own': asked(readImpact, () => ({ communityId: halden })),
  'contribution.list': asked(listContributions, () => ({ communityId: halden })),
  'contribution.read.mark': async (visitor) =>
    refusalOf(
      visitor.call(markRead, { communityId: halden, seen: [{ contributionId: await said(), ms: 2_000 }] }),
    ),
  'contribution.reply': async (visitor) =>
    refusalOf(
      visitor.call(replyToContribution, {
        communityId: halden,
        contributionId: await said(),
        opId: randomUUID(),
        body: 'Thank you.',
      }),
    ),
  'theme.list': asked(listThemes, () => ({ communityId: halden })),
  'theme.update': asked(saveTheme, () => ({ communityId: halden, themeId: randomUUID(), label: 'Price' })),
  'moderation.desk.read': asked(listHeld, () => ({ communityId: halden })),
  'moderation.decide': async (visitor) =>
    refusalOf(visitor.call(claimItems, { communityId: halden, take: [await said('tunde', 'held')] })),
  'moderation.spaces.read': asked(listSpaces, () => ({ communityId: halden })),
  'moderation.space.update': asked(setSpaceRule, () => ({ communityId: halden, spaceId: filmSession, rule })),
  'moderation.log.read': asked(listDecisions, () => ({ communityId: halden })),
  'moderation.log.export': asked(exportDecisions, () => ({ communityId: halden })),
  'contribution.export': asked(exportContributions, () => ({ communityId: halden })),
  'community.rules.read': asked(readPolicy, () => ({ communityId: halden })),
  'promise.list': asked(listPromises, () => ({ communityId: halden })),
  'promise.move': async (visitor) => {
    const { sessionId } = await scene(false);
    const move = { from: '2030-01-01', to: '2030-02-01', reason: 'The mould is late.' };
    return refusalOf(visitor.call(movePromise, { communityId: halden, spaceId: sessionId, ...move }));
  },
  'promise.break': async (visitor) => {
    const { sessionId } = await scene(false);
    const reason = 'The bicycle will not be built.';
    return refusalOf(visitor.call(breakPromise, { communityId: halden, spaceId: sessionId, reason }));
  },
  'ywd.list': asked(listUpdates, () => ({ communityId: halden })),
  'ywd.read': ofUpdate((visitor, updateId) => visitor.call(readUpdate, { communityId: halden, updateId })),
  'ywd.public.read': ofUpdate((visitor, updateId) =>
    visitor.call(readPublicUpdate, { communityId: halden, updateId }),
  ),
  'ywd.verify': ofUpdate((visitor, updateId) =>
    visitor.call(verifyUpdate, { communityId: halden, updateId, verdict: 'yes' }),
  ),
  'ywd.draft.read': async (visitor, _, subject) => {
    const read = () => visitor.call(listDrafts, { communityId: halden });
    if (subject !== 'host') return refusalOf(read());
    const [own, theirs] = [await draft('host'), await draft('cm')];
    const ids = (await read()).drafts.map(({ id }) => id);
    return ids.includes(own) && !ids.includes(theirs) ? 'done' : 'leaked';
  },
  'ywd.create or update': async (visitor, _, subject) => {
    const save = (updateId: string, basedOn: number) =>
      refusalOf(visitor.call(saveUpdate, { communityId: halden, updateId, basedOn, body: words }));
    if (subject === 'host' && (await save(await draft('cm'), 1)) !== 'request.notFound') return 'leaked';
    return save(randomUUID(), 0);
  },
  'ywd.link member comment': async (visitor, _, subject) => {
    const contributionIds = [await said()];
    const link = (updateId: string) =>
      refusalOf(visitor.call(linkEvidence, { communityId: halden, updateId, contributionIds }));
    if (subject === 'host' && (await link(await draft('cm'))) !== 'request.notFound') return 'leaked';
    return link(await draft(subject === 'host' ? 'host' : 'cm'));
  },
  'ywd.publish': async (visitor) => {
    const updateId = await outUpdate();
    const { update } = await visitors.get('cm')!.call(readUpdate, { communityId: halden, updateId });
    return refusalOf(
      visitor.call(correctUpdate, {
        communityId: halden,
        updateId,
        version: update.corrected + 1,
        body: words,
        note: 'A slip.',
      }),
    );
  },
  'ywd.approve': async (visitor, _, subject) => {
    const cm = visitors.get('cm')!;
    const author = subject === 'cm' ? 'host' : 'cm';
    const updateId = await draft(author);
    const ask = (version: number) =>
      refusalOf(
        visitor.call(approveUpdate, { communityId: halden, updateId, version, approved: true, note: null }),
      );
    const of = (key: string) => [{ label: 'Legal', memberIds: [memberOf('halden', key)] }];
    const asked = inside.has(subject) && subject !== 'memb' ? person[subject]! : 'samira';
    // Out of scope somebody else is asked.
    const other = asked === 'jo' ? 'samira' : 'jo';
    await cm.call(setApprovalSteps, { communityId: halden, steps: of(other) });
    await visitors.get(author)!.call(submitUpdate, { communityId: halden, updateId, version: 1 });
    const outside = await ask(1);
    await cm.call(setApprovalSteps, { communityId: halden, steps: of(asked) });
    // Other steps ask anew.
    await visitors.get(author)!.call(submitUpdate, { communityId: halden, updateId, version: 2 });
    const outcome = await ask(2);
    await cm.call(setApprovalSteps, { communityId: halden, steps: [] });
    return outside === 'done' ? 'leaked' : outcome;
  },
  'comment.create over h': ofUpdate((visitor, updateId) =>
    visitor.call(commentUpdate, { communityId: halden, updateId, opId: randomUUID(), body: 'Well done.' }),
  ),
  'notification.list own': asked(listNotifications, () => ({ communityId: halden })),
  'notification.preferences.update own': asked(updatePreferences, () => ({
    communityId: halden,
    preferences,
  })),
  'demo.people.list': asked(listDemoPeople, () => ({})),
  'demo.sign-in': (visitor) =>
    refusalOf(new Visitor(visitor.url).call(signInAsDemo, { personId: personOf('emre') })),
  'demo.mails.list': asked(listDemoMails, () => ({})),
  'demo.crowd.make': asked(makeDemoCrowd, () => ({ slug: 'halden', count: 1 })),
  'demo.loop.fill': asked(fillDemoLoop, () => ({
    slug: 'halden',
    spaceId: sessionOf('halden-one-film'),
    from: 0,
    contributions: 20,
    fromUpdate: 0,
    updates: 1,
  })),
  'demo.pages.cost': asked(costDemoPages, () => ({ slug: 'halden', place: 0 })),
  'ops.health.live': (visitor) => statusOf(visitor.request('/health/live')),
  'ops.health.ready': (visitor) => statusOf(visitor.request('/health/ready')),
  'ops.metrics.read': (visitor) => statusOf(visitor.request('/metrics')),
  'ops.openapi.read': (visitor) => statusOf(visitor.request('/api/openapi.json')),
};
/** A row is tried over its transport, where the same can be done over two. */
const tryOf = (row: string[]) => tries[`${nameOf(row)} over ${row[2]}`] ?? tries[nameOf(row)];
const isBuilt = (row: string[]) => tryOf(row) !== undefined;

describe('the matrix', () => {
  it('has a row for every endpoint and every socket command', () => {
    const known = new Set(rows.map(nameOf));
    const without = [...endpoints, ...commands]
      .filter(
        ({ rights }) => !rights.length || rights.some((right) => !known.has(right) || !(right in tries)),
      )
      .map((contract) => ('path' in contract ? `${contract.method} ${contract.path}` : contract.command));
    expect(without).toEqual([]);
  });

  it('speaks of every route and command that the server really has', () => {
    interface Layer {
      route?: { path: string; methods: Record<string, boolean> };
    }
    const { router } = server.running.app.getHttpAdapter().getInstance() as { router: { stack: Layer[] } };
    const served = router.stack.flatMap(({ route }) =>
      route ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`) : [],
    );
    const inContracts = endpoints.map(({ method, path }) => `${method} ${path}`);
    const besides = [
      '/health/live',
      '/health/ready',
      '/metrics',
      '/api/openapi.json',
      mediaFilePath,
      logoPath,
      exportActivityPath,
      companyStartPath,
      companyBackPath,
    ];
    const raw = [
      ...['POST', 'OPTIONS'].map((method) => `${method} ${uploadsPath}`),
      ...['HEAD', 'PATCH', 'DELETE'].map((method) => `${method} ${uploadPath}`),
    ];
    expect(served.sort()).toEqual([...inContracts, ...raw, ...besides.map((path) => `GET ${path}`)].sort());
    expect([...server.get(Sockets).commands.keys()].sort()).toEqual(
      commands.map(({ command }) => command).sort(),
    );
  });
});

/** Rows for whose try something is made first, so that the tables are not as they were. */
const prepares = new Set([
  ...['topic.list', 'topic.read', 'topic.create', 'topic.post', 'topic.seen own', 'topic.solve'],
  ...[
    'comment.update own',
    'comment.history.read',
    'idea.list',
    'idea.read',
    'idea.create',
    'idea.refine own',
  ],
  ...[
    'idea.coauthor own',
    'idea.judge own',
    'idea.rate',
    'idea.decide',
    'context.read',
    'context.mark own',
    'context.comment',
  ],
  'context.update',
  'idea.import',
  'feedback.give',
  ...['group.read', 'group.join own', 'group.decide', 'group.meet', 'group.call', 'group.sign own'],
  ...['kudos.give', 'kudos.give to self', 'kudos.revoke own', 'ranking.read', 'recognition.answer own'],
  ...['session.start', 'session.result.read', 'contribution.receipt.read own', 'contribution.withdraw own'],
  ...['contribution.resubmit own', 'contribution.appeal own', 'contribution.read.mark', 'contribution.reply'],
  ...['moderation.decide', 'promise.move', 'promise.break', 'ywd.read', 'ywd.public.read', 'ywd.verify'],
  ...['ywd.draft.read', 'ywd.create or update', 'ywd.link member comment', 'ywd.publish', 'ywd.approve'],
  ...['comment.create', 'asset.upload', 'asset.update', 'asset.release to segment', 'asset.withdraw'],
  ...[
    'asset.restore',
    'asset.delete',
    'upload.head or patch',
    'upload.terminate',
    'activity.read',
    'asset.leak.trace',
  ],
  ...[
    'activity.export',
    'submission.draft own',
    'submission.create',
    'submission.mend own',
    'submission.list',
  ],
  ...['submission.gallery.read', 'submission.decide', 'submission.feature', 'submission.excerpt'],
]);

describe.each(rows.filter(isBuilt).map((row) => ({ row, name: `${nameOf(row)} (${row[2]})` })))(
  '$name',
  ({ row }) => {
    const cells = subjects.map((subject, at) => ({ subject, cell: row[at + 3]! }));

    it.each(cells)('$subject: $cell', async ({ subject, cell }) => {
      // Over the socket nobody who is not let in can ask at all: that is the row of the connection.
      if (row[2] === 'w' && !inside.has(subject) && nameOf(row) !== 'socket.connect to community namespace') {
        expect(['L', 'D', 'H', 'B']).toContain(cell);
        expect(
          await tries['socket.connect to community namespace']!(visitors.get(subject)!, {} as Scene, subject),
        ).not.toBe('done');
        return;
      }
      const here = row[2] === 'w' || nameOf(row) === 'session.cues.read' ? await scene() : ({} as Scene);
      const before = await tables();
      const outcome = await tryOf(row)!(visitors.get(subject)!, here, subject);
      expect(outcome).toBe(expected[cell]);
      // Two may publish the next version, one after the other.
      if (nameOf(row) === 'community.settings.update' && outcome === 'done') consentVersion += 1;
      // What is refused has changed nothing.
      if (cell !== 'A' && cell !== 'O' && cell !== 'S' && !prepares.has(nameOf(row)))
        expect(await tables()).toEqual(before);
    });
  },
);

describe.each(rows.filter((row) => !isBuilt(row)).map((row) => `${nameOf(row)} (${row[2]})`))('%s', () => {
  it.todo('is not built yet');
});

async function tables() {
  const names = [
    'room',
    'fact',
    'contribution',
    'rating',
    'session',
    'round',
    'sample',
    'op',
    'member',
    'sign_in_link',
    'profile_fact',
    'consent',
    'consent_text',
    'segment',
    'source',
    'invitation',
    'screener',
    'quota_plan',
    'application',
    'factor',
    'glass',
    'audit',
    'receipt',
    'theme',
    'moderation_decision',
    'moderation_policy',
    'loop_update',
    'promise_move',
    'reach_preference',
    'media',
    'asset',
    'asset_version',
    'asset_release',
    'topic',
    'post',
    'topic_member',
    'kudos',
    'standing',
    'recognition',
    'recognition_rule',
    'micro_group',
    'group_member',
    'meetup',
    'session_call',
    'call_signature',
    'idea_place',
    'idea',
    'context_card',
    'context_read',
    'activity',
    'submission',
    'submission_draft',
    'excerpt',
  ];
  const counts = names.map((name) => `(SELECT count(*)::int FROM ${name}) AS ${name}`);
  return server.sql(
    `SELECT ${counts.join(', ')}, (SELECT md5(string_agg(s::text, '' ORDER BY id)) FROM session s)`,
  );
}

/** Rows that an admin reaches through broken glass. */
const throughGlass = new Set([
  'session.list',
  'session.result.read',
  'asset.list',
  'asset.meta.read',
  'asset.thumbnail.read',
  'asset.rendition.read',
  'asset.video.playlist.read',
  'asset.video.segment.read',
  'space.list',
  'topic.list',
  'topic.read',
  'comment.history.read',
  'search.read',
  'idea.list',
  'idea.read',
  'context.read',
  'ranking.read',
  'group.list',
  'group.read',
  'activity.list',
  'activity.read',
  'submission.list',
  'screening.answer.read',
  'screening.age-result.read',
  'ywd.list',
  'ywd.read',
  'promise.list',
]);

describe.each(rows.filter((row) => throughGlass.has(nameOf(row))).map((row) => ({ row, name: nameOf(row) })))(
  'through broken glass, $name',
  ({ row, name }) => {
    const open = (admin: Visitor, reason: string) =>
      refusalOf(admin.call(breakGlass, { communityId: halden, reason }));
    const look = (admin: Visitor) => tries[name]!(admin, {} as Scene, 'admin');

    it('an admin gets when all is as it must be', async () => {
      expect(row[3 + subjects.indexOf('admin')]).toBe('B');
      const admin = await server.visit('robin');
      expect(await look(admin)).toBe('auth.forbidden');
      expect(await open(admin, 'A report of a leak.')).toBe('done');
      expect(await look(admin)).toBe('done');
    });

    it.each([
      [
        'a fresh proof',
        'factor.again',
        async (admin: Visitor) => {
          await server.sql(
            `UPDATE sign_in SET strong_at = now() - interval '11 minutes' WHERE person_id = $1`,
            [personOf('robin')],
          );
          const outcome = await open(admin, 'A report of a leak.');
          await server.sql('UPDATE sign_in SET strong_at = now() WHERE person_id = $1', [personOf('robin')]);
          return outcome;
        },
      ],
      ['a reason', 'request.invalid', (admin: Visitor) => open(admin, '  ')],
      [
        'the hour still going',
        'done',
        async (admin: Visitor) => {
          const outcome = await open(admin, 'A report of a leak.');
          await server.sql(`UPDATE glass SET closes_at = now() - interval '1 second'`);
          return outcome;
        },
      ],
      ['its line in the audit log', 'server.failed', (admin: Visitor) => without('audit', admin)],
      ['its mail to the manager', 'server.failed', (admin: Visitor) => without('mail', admin)],
    ])('an admin gets nothing without %s', async (_, outcome, attempt) => {
      const admin = await server.visit('robin');
      expect(await attempt(admin)).toBe(outcome);
      expect(await look(admin)).toBe('auth.forbidden');
    });

    /** Tries it while nothing can be written there. */
    async function without(table: 'audit' | 'mail', admin: Visitor) {
      await server.sql(`REVOKE INSERT ON ${table} FROM parley_runtime`);
      const outcome = await open(admin, 'A report of a leak.');
      await server.sql(`GRANT INSERT ON ${table} TO parley_runtime`);
      return outcome;
    }
  },
);

describe('somebody of another community who knows every id', () => {
  const ours = {
    communityId: halden,
    sessionId: sessionOf('halden-one-film'),
    assetId: assetOf('halden-one'),
  };
  const waitingId = idOf('application', 'halden', 'bram');
  /** Valid inputs with the ids of Halden, or with ids of nothing. */
  const inputs = (real: boolean): Record<string, object> => {
    const id = (known: string) => (real ? known : randomUUID());
    const sessionId = id(ours.sessionId);
    const act = { opId: randomUUID(), sessionId };
    return {
      [takeTicket.path]: { communityId: id(halden) },
      [listAudit.path]: { communityId: id(halden) },
      [breakGlass.path]: { communityId: id(halden), reason: 'x' },
      [listSessions.path]: { communityId: id(halden) },
      [closeSource.path]: { communityId: id(halden), sourceId: id(idOf('source', 'halden', 'link')) },
      [listInvitations.path]: { communityId: id(halden), sourceId: id(idOf('source', 'halden', 'link')) },
      [readApplication.path]: { communityId: id(halden), applicationId: id(waitingId) },
      [decideApplication.path]: {
        communityId: id(halden),
        applicationId: id(waitingId),
        decision: 'notThisTime',
        reason: '',
      },
      [readVoice.path]: { communityId: id(halden), applicationId: id(waitingId), reply: '' },
      [createSession.path]: { ...plan(), communityId: id(halden) },
      [listCues.path]: { communityId: id(halden), sessionId },
      [readResult.path]: { communityId: id(halden), sessionId },
      [joinSession.command]: { sessionId },
      [leaveSession.command]: { sessionId },
      [startSession.command]: act,
      [endSession.command]: act,
      [stageCue.command]: { ...act, cueId: randomUUID() },
      [playStage.command]: { ...act, playing: true, position: 0 },
      [sendSamples.command]: { sessionId, cueId: randomUUID(), round: 1, dial: [[0, 5]], moods: [] },
      [sendComment.command]: { ...act, body: 'x', cueId: null, second: null },
      [submitStatement.command]: { ...act, body: 'x' },
      [rateStatement.command]: { ...act, statementId: randomUUID(), rating: 'agree' },
    };
  };
  const without = (body: string) => body.replace(/"ref":"[^"]*"/, '');

  it.each(endpoints.filter(({ path }) => path.includes(':communityId')))(
    'is told of nothing by $method $path',
    async (endpoint) => {
      const send = async (input: object, communityId?: string) => {
        const all: Record<string, unknown> = { ...input, ...(communityId && { communityId }) };
        const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => {
          const value = String(all[name]);
          delete all[name];
          return value;
        });
        const response = await visitors.get('other')!.request(path, {
          method: endpoint.method,
          ...(endpoint.method !== 'GET' && {
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(all),
          }),
        });
        const headers = [...response.headers].filter(
          ([name]) => !['date', 'content-security-policy'].includes(name),
        );
        return { status: response.status, body: without(await response.text()), headers };
      };
      const theirs = await send(inputs(true)[endpoint.path] ?? { communityId: halden });
      const nothing = await send(inputs(false)[endpoint.path] ?? { communityId: randomUUID() });
      expect(theirs.status).toBe(404);
      expect(theirs).toEqual(nothing);
      // In their own community, with an id of the other.
      if (inputs(true)[endpoint.path] && pathNames(endpoint.path).length > 1) {
        const swapped = await send(inputs(true)[endpoint.path]!, morrow);
        expect(swapped).toEqual(nothing);
      }
    },
  );

  it.each(commands.filter(({ command }) => command !== readClock.command))(
    'is told of nothing by $command',
    async (command) => {
      const grace = await (await server.visit('grace')).connect(morrow);
      const chiara = await (await server.visit('chiara')).connect(morrow);
      const answer = (who: Connection, real: boolean) =>
        who.send(command, inputs(real)[command.command] as never).then(
          (data) => JSON.stringify(data),
          (error: CallError) => without(JSON.stringify(error.body)),
        );
      for (const who of [grace, chiara]) expect(await answer(who, true)).toBe(await answer(who, false));
    },
  );

  const atFile = (mediaId: string, communityId: string) =>
    mediaFilePath
      .replace(':communityId', communityId)
      .replace(':mediaId', mediaId)
      .replace(':rendition', 'w320')
      .replace(':part', 'whole')
      .replace(':key', 'a'.repeat(27));
  it.each([
    [
      'a file of an asset',
      atFile(mediaOf('halden-one'), halden),
      atFile(mediaOf('halden-one'), randomUUID()),
    ],
    [
      'the same under their own community',
      atFile(mediaOf('halden-one'), morrow),
      atFile(randomUUID(), morrow),
    ],
    ['the logo', logoPath.replace(':communityId', halden), logoPath.replace(':communityId', randomUUID())],
  ])('does not get %s', async (_, theirs, nothing) => {
    for (const method of ['GET', 'HEAD']) {
      const look = async (path: string) => {
        const response = await visitors.get('other')!.request(path, { method });
        return [response.status, without(await response.text())];
      };
      expect(await look(theirs)).toEqual(await look(nothing));
      expect((await look(theirs))[0]).toBe(404);
    }
  });

  it('gets no picture before it was on stage, though a member; the team does', async () => {
    const look = async (key: string) => {
      const visitor = await server.visit(key);
      const address = await addressOf(visitor, mediaOf('morrow-ember'), 'w320', { communityId: morrow });
      return (await visitor.request(address)).status;
    };
    expect([await look('chiara'), await look('grace')]).toEqual([404, 200]);
  });

  it('hears nothing of a room of the other', async () => {
    const grace = await (await server.visit('grace')).connect(morrow);
    const heard: unknown[] = [];
    grace.socket.onAny((...event: unknown[]) => heard.push(event));
    await grace.send(joinSession, { sessionId: sessionOf('ember') });
    const { sessionId } = await scene();
    const body = 'Only for Halden.';
    await ask(sockets.get('memb')!, submitStatement, { opId: randomUUID(), sessionId, body });
    await new Promise((done) => setTimeout(done, 600));
    expect(JSON.stringify(heard)).not.toContain(body);
  });
});
