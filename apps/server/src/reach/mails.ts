import type { IdeaStatus } from '@parley/contracts/contributions';
import type { Locale, MemberStatus, Role } from '@parley/contracts/people';
import type { KudosReason, RecognitionKind } from '@parley/contracts/recognition';
import { type NotificationData, type NotificationKind, toldOf, toldSteps } from '@parley/contracts/reach';
import { mailWords } from '../platform/mail';

/** A notification that is due by mail, with what a mail needs to know of its receiver. */
export interface Due {
  id: string;
  memberId: string;
  kind: NotificationKind;
  data: NotificationData;
  daily: boolean;
  read: boolean;
  agreed: boolean;
  status: MemberStatus;
  role: Role;
  email: string;
  name: string;
  locale: Locale;
  slug: string;
  community: string;
  brand: string;
  /** Set where it is quiet for them at this moment. */
  later: Date | null;
}

/** What a notification says in one line; `receipt` has one for each step that is worth telling. */
type Line =
  | Exclude<NotificationKind, 'receipt' | 'idea' | 'kudos' | 'recognition' | 'group' | 'call' | 'meetup'>
  | `group.${(typeof toldOf.group)[number]}`
  | `call.${(typeof toldOf.call)[number]}`
  | `meetup.${'on' | 'cancelled'}`
  | `kudos.${KudosReason}`
  | `recognition.${RecognitionKind}`
  | 'itemWaits'
  | 'ideaLate'
  | `receipt.${Told}`
  | `idea.${IdeaStatus}`;
type Told = (typeof toldSteps)[number];

const lines: Record<Locale, Record<Line, string>> = {
  en: {
    'receipt.approved': 'What you wrote is published',
    'receipt.returned': 'What you wrote came back to you: you can change it and send it again',
    'receipt.declined': 'What you wrote is not published',
    'receipt.upheld': 'Another moderator has looked again: it stays unpublished',
    'receipt.hidden': 'What you wrote is hidden',
    'receipt.restored': 'What you wrote is published again',
    'receipt.merged':
      'What you wrote was joined with one that says the same; you count as one of its authors',
    'receipt.split': 'What you wrote was taken apart, so that each part gets an answer of its own',
    'receipt.reworded': 'The team has put what you wrote into other words',
    'receipt.accepted': 'What you sent was taken, with thanks',
    'receipt.featured': 'What you sent is shown first to everybody',
    'receipt.solved': 'What you wrote solved it',
    'receipt.frozen': 'What you wrote is being looked into and is not shown meanwhile',
    'receipt.decided': 'It has been decided about what you wrote',
    'receipt.reopened': 'What you wrote is open again',
    reply: '{{by}} has replied to you',
    update: '{{title}}',
    verify: 'It is there. Was it done right? {{title}}',
    corrected: 'Corrected: {{title}}',
    promiseMoved: '{{title}}: you hear back by {{on}}',
    itemsWait: '{{count}} items wait for a moderator',
    itemWaits: 'An item waits for a moderator',
    promiseDue: 'Due by {{on}}: {{title}}',
    promiseLate: 'Late since {{on}}: {{title}}',
    approval: 'Your approval is asked for: {{title}}',
    activity: 'There is something to do: {{title}}',
    activityDue: 'Until {{on}}, if you like: {{title}}',
    mention: '{{by}} spoke to you: {{title}}',
    topic: 'New in a topic that you follow: {{title}}',
    'idea.new': 'Your idea is open again: {{title}}',
    'idea.inReview': '{{by}} looks into your idea: {{title}}',
    'idea.planned': 'Your idea is planned: {{title}}',
    'idea.inProgress': 'Your idea is being worked on: {{title}}',
    'idea.delivered': 'Your idea is there: {{title}}',
    'idea.later': 'Later, by {{on}}: {{title}}',
    'idea.notNow': 'Not now: {{title}}',
    'idea.alreadyThere': 'It is there already: {{title}}',
    'idea.answered': 'Your idea has an answer: {{title}}',
    'idea.merged': 'Your idea goes on in another: {{title}}',
    ideaBack: '{{by}} says that it is not right yet: {{title}}',
    ideaRefined: '{{by}} has refined an idea that you know: {{title}}',
    coAuthor: '{{by}} asks you to be one of the authors: {{title}}',
    ideasLate: '{{count}} ideas wait longer than was promised: {{title}}',
    feedbackLate: 'Answers are late: {{count}}',
    ideaLate: 'An idea waits longer than was promised: {{title}}',
    'kudos.insightful': '{{by}} thanks you: insightful',
    'kudos.changedMind': '{{by}} thanks you: it changed their mind',
    'kudos.helped': '{{by}} thanks you: it helped',
    'kudos.honest': '{{by}} thanks you: honest',
    'recognition.firstLook': '{{by}} offers you a first look',
    'recognition.visit': '{{by}} invites you to a visit',
    'group.founded': '{{title}} is founded; {{by}} stands up for it',
    'group.sponsor': 'You stand up for a group: {{title}}',
    'group.declined': 'Not founded: {{title}}',
    'group.archived': 'Ended: {{title}}',
    'call.made': '{{by}} calls for a Session: {{title}}',
    'call.reached': 'Enough have signed. {{by}} answers by {{on}}: {{title}}',
    'call.yours': 'Enough have signed. Answer by {{on}}: {{title}}',
    'call.answered': 'The answer is there: {{title}}',
    'meetup.on': '{{by}} says where you meet on {{on}}: {{title}}',
    'meetup.cancelled': 'Cancelled: {{title}} on {{on}}',
    groupWaits: 'Five have founded a group that waits for a sponsor: {{title}}',
    circle: 'You are in the trusted circle of {{title}}',
    fileRefused: 'We could not use the file {{file}}: please look again at {{title}}',
  },
  de: {
    'receipt.approved': 'Ihr Beitrag ist veröffentlicht',
    'receipt.returned': 'Ihr Beitrag kam zu Ihnen zurück: Sie können ihn ändern und noch einmal senden',
    'receipt.declined': 'Ihr Beitrag wird nicht veröffentlicht',
    'receipt.upheld':
      'Jemand anderes aus der Moderation hat noch einmal hingesehen: Er bleibt unveröffentlicht',
    'receipt.hidden': 'Ihr Beitrag ist ausgeblendet',
    'receipt.restored': 'Ihr Beitrag ist wieder veröffentlicht',
    'receipt.merged':
      'Ihr Beitrag wurde mit einem verbunden, der dasselbe sagt; Sie zählen als eine der Stimmen',
    'receipt.split': 'Ihr Beitrag wurde geteilt, damit jeder Teil seine eigene Antwort bekommt',
    'receipt.reworded': 'Das Team hat Ihren Beitrag in andere Worte gefasst',
    'receipt.accepted': 'Ihre Einsendung ist angenommen, vielen Dank',
    'receipt.featured': 'Ihre Einsendung steht jetzt für alle vorn',
    'receipt.solved': 'Ihr Beitrag hat es gelöst',
    'receipt.frozen': 'Ihr Beitrag wird geprüft und so lange nicht gezeigt',
    'receipt.decided': 'Über Ihren Beitrag ist entschieden',
    'receipt.reopened': 'Ihr Beitrag ist wieder offen',
    reply: '{{by}} hat Ihnen geantwortet',
    update: '{{title}}',
    verify: 'Es ist da. Ist es richtig gemacht? {{title}}',
    corrected: 'Berichtigt: {{title}}',
    promiseMoved: '{{title}}: Sie hören bis {{on}} von uns',
    itemsWait: '{{count}} Beiträge warten auf die Moderation',
    itemWaits: 'Ein Beitrag wartet auf die Moderation',
    promiseDue: 'Fällig bis {{on}}: {{title}}',
    promiseLate: 'Überfällig seit {{on}}: {{title}}',
    approval: 'Ihre Freigabe wird gebraucht: {{title}}',
    activity: 'Es gibt etwas zu tun: {{title}}',
    activityDue: 'Noch bis {{on}}, wenn Sie mögen: {{title}}',
    mention: '{{by}} hat Sie angesprochen: {{title}}',
    topic: 'Neues in einem Thema, dem Sie folgen: {{title}}',
    'idea.new': 'Ihre Idee ist wieder offen: {{title}}',
    'idea.inReview': '{{by}} sieht sich Ihre Idee an: {{title}}',
    'idea.planned': 'Ihre Idee ist geplant: {{title}}',
    'idea.inProgress': 'An Ihrer Idee wird gearbeitet: {{title}}',
    'idea.delivered': 'Ihre Idee ist da: {{title}}',
    'idea.later': 'Später, bis {{on}}: {{title}}',
    'idea.notNow': 'Vorerst nicht: {{title}}',
    'idea.alreadyThere': 'Das gibt es schon: {{title}}',
    'idea.answered': 'Ihre Idee hat eine Antwort: {{title}}',
    'idea.merged': 'Ihre Idee geht in einer anderen weiter: {{title}}',
    ideaBack: '{{by}} sagt, dass es noch nicht stimmt: {{title}}',
    ideaRefined: '{{by}} hat eine Idee überarbeitet, die Sie kennen: {{title}}',
    coAuthor: '{{by}} fragt, ob Sie Mitautorin oder Mitautor sein möchten: {{title}}',
    ideasLate: '{{count}} Ideen warten länger als versprochen: {{title}}',
    feedbackLate: 'Antworten stehen aus: {{count}}',
    ideaLate: 'Eine Idee wartet länger als versprochen: {{title}}',
    'kudos.insightful': '{{by}} dankt Ihnen: aufschlussreich',
    'kudos.changedMind': '{{by}} dankt Ihnen: Es hat die Meinung geändert',
    'kudos.helped': '{{by}} dankt Ihnen: Es hat geholfen',
    'kudos.honest': '{{by}} dankt Ihnen: ehrlich',
    'recognition.firstLook': '{{by}} bietet Ihnen einen ersten Blick an',
    'recognition.visit': '{{by}} lädt Sie zu einem Besuch ein',
    'group.founded': '{{title}} ist gegründet; {{by}} steht dafür ein',
    'group.sponsor': 'Sie stehen für eine Gruppe ein: {{title}}',
    'group.declined': 'Nicht gegründet: {{title}}',
    'group.archived': 'Beendet: {{title}}',
    'call.made': '{{by}} ruft zu einer Session auf: {{title}}',
    'call.reached': 'Genug haben unterschrieben. {{by}} antwortet bis {{on}}: {{title}}',
    'call.yours': 'Genug haben unterschrieben. Antworten Sie bis {{on}}: {{title}}',
    'call.answered': 'Die Antwort ist da: {{title}}',
    'meetup.on': '{{by}} sagt, wo Sie sich am {{on}} treffen: {{title}}',
    'meetup.cancelled': 'Abgesagt: {{title}} am {{on}}',
    groupWaits: 'Fünf haben eine Gruppe gegründet, die auf eine Patin oder einen Paten wartet: {{title}}',
    circle: 'Sie sind im Vertrauenskreis von {{title}}',
    fileRefused: 'Mit der Datei {{file}} ging es nicht: Bitte sehen Sie noch einmal nach bei {{title}}',
  },
};

const words = await mailWords({
  en: {
    one: {
      subject: '{{line}}',
      body: `Hello {{name}},

{{line}}
{{quoted}}{{said}}
{{link}}

{{community}}, {{brand}}. How you are reached: {{preferences}}
`,
    },
    daily: {
      subject: '{{community}}: {{count}} news for you',
      body: `Hello {{name}},

{{list}}

{{community}}, {{brand}}. How you are reached: {{preferences}}
`,
    },
  },
  de: {
    one: {
      subject: '{{line}}',
      body: `Guten Tag {{name}},

{{line}}
{{quoted}}{{said}}
{{link}}

{{community}}, {{brand}}. Wie wir Sie erreichen: {{preferences}}
`,
    },
    daily: {
      subject: '{{community}}: {{count}} Neuigkeiten für Sie',
      body: `Guten Tag {{name}},

{{list}}

{{community}}, {{brand}}. Wie wir Sie erreichen: {{preferences}}
`,
    },
  },
});

const yourWords = { en: 'You wrote:', de: 'Sie schrieben:' };

/** The page that a notification is about. */
const pathOf = (
  kind: NotificationKind,
  { contributionId, updateId, activityId, topicId, ideaId, groupId }: NotificationData,
) => {
  if (groupId && !updateId) return `groups/${groupId}`;
  if (ideaId) return `ideas/idea/${ideaId}`;
  if (kind === 'ideasLate') return 'ideas/desk';
  if (kind === 'feedbackLate') return 'feedback';
  if (topicId) return `talk/topics/${topicId}`;
  if (activityId) return `activities/${activityId}`;
  if (kind === 'recognition' || kind === 'circle') return 'standing';
  if (kind === 'itemsWait') return 'desk';
  if (kind === 'approval' || (kind === 'promiseLate' && updateId))
    return updateId ? `loop/updates/${updateId}` : 'loop/updates';
  if (kind === 'promiseDue' || kind === 'promiseLate') return 'loop/promises';
  if (kind === 'promiseMoved') return 'promises';
  if (updateId) return `updates/${updateId}`;
  return contributionId ? `impact/${contributionId}` : 'notifications';
};

function keyOf(kind: NotificationKind, data: NotificationData): Line {
  switch (kind) {
    case 'receipt':
      return `receipt.${toldSteps.find((step) => step === data.step) ?? 'decided'}`;
    case 'kudos':
      return `kudos.${data.kudos ?? 'helped'}`;
    case 'recognition':
      return `recognition.${data.offer ?? 'firstLook'}`;
    case 'idea':
      return `idea.${data.status ?? 'answered'}`;
    case 'group':
      return `group.${toldOf.group.find((what) => what === data.group) ?? 'founded'}`;
    case 'call':
      return `call.${toldOf.call.find((what) => what === data.group) ?? 'made'}`;
    case 'meetup':
      return data.group === 'cancelled' ? 'meetup.cancelled' : 'meetup.on';
    case 'itemsWait':
      return data.count === 1 ? 'itemWaits' : kind;
    case 'ideasLate':
      return data.count === 1 ? 'ideaLate' : kind;
    default:
      return kind;
  }
}

function partsOf({ kind, data, locale, slug }: Due, publicUrl: string) {
  const key = keyOf(kind, data);
  const day =
    data.on &&
    new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
      dateStyle: 'long',
      timeZone: 'UTC',
    }).format(new Date(data.on));
  const line = lines[locale][key].replace(/\{\{(\w+)\}\}/g, (_, name: string) =>
    String((name === 'on' ? day : data[name as keyof NotificationData]) ?? ''),
  );
  const quoted = data.words ? `\n${yourWords[locale]}\n> ${data.words.replaceAll('\n', '\n> ')}\n` : '';
  const said = [data.reason, data.note]
    .filter(Boolean)
    .map((text) => `\n${text}\n`)
    .join('');
  return { line, quoted, said, link: `${publicUrl}/c/${slug}/${pathOf(kind, data)}` };
}

const about = ({ name, community, brand, slug }: Due, publicUrl: string) => ({
  name,
  community,
  brand,
  preferences: `${publicUrl}/c/${slug}/notifications`,
});

/** One notification as a mail, with the receiver's own words quoted back. */
export const mailOf = (due: Due, publicUrl: string) =>
  words(due.locale, 'one', { ...about(due, publicUrl), ...partsOf(due, publicUrl) });

/** A day's notifications of one member as one mail; one alone is mailed as one. */
export function dailyMail(list: Due[], publicUrl: string) {
  const [first] = list as [Due];
  if (list.length === 1) return mailOf(first, publicUrl);
  const paragraphs = list.map((due) => {
    const { line, quoted, said, link } = partsOf(due, publicUrl);
    return `${line}\n${quoted}${said}${link}`;
  });
  return words(first.locale, 'daily', {
    ...about(first, publicUrl),
    count: list.length,
    list: paragraphs.join('\n\n'),
  });
}
