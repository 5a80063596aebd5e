/**
 * The demo: two brands, their communities, and the people in them. Everything here is invented.
 *
 * Halden makes city bicycles and shows its members the film about a folding e-bike before anybody else sees it.
 * Morrow makes kitchen appliances and shows a countertop oven. The two share one member and nothing else.
 *
 * Times are relative to the moment the demo is made, so that the big Session is always about to
 * begin and the report-back dates always lie ahead.
 */

export type Locale = 'en' | 'de';
export type Role = 'member' | 'moderator' | 'producer' | 'host' | 'manager';
export type MembershipStatus = 'active' | 'pending' | 'suspended';
export type SessionStatus = 'scheduled' | 'live' | 'ended';
export type CueKind = 'picture' | 'video' | 'rate' | 'text';

export interface Brand {
  key: string;
  name: string;
  about: string;
}

export interface Community {
  slug: string;
  brand: string;
  name: string;
  purpose: string;
  /** One colour; the theme derives its shades for light and dark. */
  accent: string;
  /** A file in this folder. */
  logo: string;
}

export interface Person {
  key: string;
  name: string;
  handle: string;
  email: string;
  locale: Locale;
  note: string;
  /** Runs the installation; belongs to no community. */
  admin?: true;
}

export interface Membership {
  community: string;
  person: string;
  role: Role;
  status: MembershipStatus;
  /** What staff do at the brand, as members read it. */
  title?: string;
}

export interface Captions {
  file: string;
  lang: Locale;
  label: string;
}

export interface Asset {
  key: string;
  community: string;
  kind: 'image' | 'video';
  title: string;
  /** What a person who cannot see it needs to know. */
  alt: string;
  file: string;
  captions: Captions[];
  poster?: string;
  durationSeconds?: number;
}

export interface Cue {
  key: string;
  kind: CueKind;
  title: string;
  prompt: string;
  asset?: string;
}

export interface Session {
  key: string;
  community: string;
  title: string;
  purpose: string;
  decision: string;
  /** The person who decides, and who reports back by name. */
  ownerKey: string;
  hostKey: string;
  reportBackInDays: number;
  startsInMinutes: number;
  plannedMinutes: number;
  status: SessionStatus;
  cues: Cue[];
  /** Only the story's own people were there, no guests. */
  small?: true;
}

export interface Comment {
  session: string;
  cue: string;
  /** The key of a person, or the handle of a guest. */
  author: string;
  text: string;
  lang: Locale;
  /** The moment of the film it speaks of. */
  atSecond?: number;
}

export interface Statement {
  session: string;
  cue: string;
  author: string;
  text: string;
  lang: Locale;
}

export const brands: Brand[] = [
  { key: 'halden', name: 'Halden', about: 'City bicycles, made to be lived with.' },
  { key: 'morrow', name: 'Morrow', about: 'Kitchen appliances for small kitchens.' },
];

export const communities: Community[] = [
  {
    slug: 'halden',
    brand: 'halden',
    name: 'Halden Roundtable',
    purpose:
      'People who ride to work look at what Halden plans next, before it is decided, and hear what came of it.',
    accent: '#1b7d7a',
    logo: 'halden-logo.svg',
  },
  {
    slug: 'morrow',
    brand: 'morrow',
    name: 'Morrow Test Kitchen',
    purpose: 'Home cooks try out ideas with the people who build the appliances, before anything is built.',
    accent: '#b9562b',
    logo: 'morrow-logo.svg',
  },
];

export const people: Person[] = [
  // Halden: the team
  {
    key: 'maren',
    name: 'Maren Vogt',
    handle: 'Maren',
    email: 'maren.vogt@example.com',
    locale: 'de',
    note: 'Looks after the Roundtable. Answers within a day, also when the answer is no.',
  },
  {
    key: 'jo',
    name: 'Jo Lindqvist',
    handle: 'Jo',
    email: 'jo.lindqvist@example.com',
    locale: 'en',
    note: 'Builds the run of show and drives it, with the keyboard only.',
  },
  {
    key: 'samira',
    name: 'Samira Haddad',
    handle: 'Samira',
    email: 'samira.haddad@example.com',
    locale: 'en',
    note: 'Moderates. Always says which rule and why.',
  },
  {
    key: 'maria',
    name: 'Maria Kessler',
    handle: 'Maria',
    email: 'maria.kessler@example.com',
    locale: 'en',
    note: 'Decides about the film and the bike, and rides one to work.',
  },

  // Halden: members
  {
    key: 'ines',
    name: 'Ines Carvalho',
    handle: 'Ines from Porto',
    email: 'ines@example.org',
    locale: 'en',
    note: 'Owner of a Halden Two for four years. Lives on a hill, carries it to the third floor.',
  },
  {
    key: 'tunde',
    name: 'Tunde Okafor',
    handle: 'T. Okafor',
    email: 'tunde.okafor@example.net',
    locale: 'en',
    note: 'Non-owner in Leeds. Takes the 07:42 train and is not allowed to bring a full-size bike.',
  },
  {
    key: 'lena',
    name: 'Lena Hartmann',
    handle: 'Lena aus Leipzig',
    email: 'lena.hartmann@example.org',
    locale: 'de',
    note: 'Owner. Two children, one cargo bike, no car. Wants something small for the days alone.',
  },
  {
    key: 'kenji',
    name: 'Kenji Watanabe',
    handle: 'Kenji W.',
    email: 'kenji@example.net',
    locale: 'en',
    note: 'Non-owner. Has folded a bike every day for eleven years, of another make, and counts the seconds.',
  },
  {
    key: 'aoife',
    name: 'Aoife Brennan',
    handle: 'Aoife in Cork',
    email: 'aoife.brennan@example.org',
    locale: 'en',
    note: 'Owner. Rides in rain two days out of three and knows every mudguard there is.',
  },
  {
    key: 'mateusz',
    name: 'Mateusz Zielinski',
    handle: 'Mateusz, Gdansk',
    email: 'mateusz.z@example.net',
    locale: 'en',
    note: 'Non-owner. Nurse on night shifts; lights and a battery that starts in the cold come first.',
  },
  {
    key: 'priya',
    name: 'Priya Raman',
    handle: 'Priya R.',
    email: 'priya.raman@example.org',
    locale: 'en',
    note: 'Non-owner. One room in Rotterdam for everything, so what folds and what fits matters twice.',
  },
  {
    key: 'emre',
    name: 'Emre Aydin',
    handle: 'Emre A.',
    email: 'emre.aydin@example.com',
    locale: 'de',
    note: 'Owner. Repairs bicycles in Cologne and asks what a part costs in five years.',
  },

  // Halden: one at the door, one outside
  {
    key: 'bram',
    name: 'Bram de Wit',
    handle: 'Bram, Utrecht',
    email: 'bram.dewit@example.net',
    locale: 'en',
    note: 'Non-owner. Applied yesterday: wants to replace a second car.',
  },
  {
    key: 'viktor',
    name: 'Viktor Halasz',
    handle: 'Viktor H.',
    email: 'viktor.halasz@example.net',
    locale: 'en',
    note: 'Owner. Suspended for two weeks after he posted a confidential rendering elsewhere.',
  },

  // Morrow
  {
    key: 'grace',
    name: 'Grace Adeyemi',
    handle: 'Grace',
    email: 'grace.adeyemi@example.com',
    locale: 'en',
    note: 'Looks after the Test Kitchen and tastes everything.',
  },
  {
    key: 'daniel',
    name: 'Daniel Roth',
    handle: 'Daniel',
    email: 'daniel.roth@example.com',
    locale: 'de',
    note: 'Decides which appliances are built, and cooks for five at home.',
  },
  {
    key: 'amara',
    name: 'Amara Diallo',
    handle: 'Amara bakes',
    email: 'amara.diallo@example.org',
    locale: 'en',
    note: 'Bakes bread every second day in an oven that is never quite hot enough.',
  },
  {
    key: 'henrik',
    name: 'Henrik Solberg',
    handle: 'Henrik S.',
    email: 'henrik.solberg@example.net',
    locale: 'en',
    note: 'Cooks for one since last year and finds a full oven a waste.',
  },
  {
    key: 'chiara',
    name: 'Chiara Conti',
    handle: 'Chiara',
    email: 'chiara.conti@example.org',
    locale: 'en',
    note: 'Her kitchen is 4 m². Whatever stands on the counter has to earn it.',
  },

  // The installation
  {
    key: 'robin',
    name: 'Robin Sato',
    handle: 'Robin',
    email: 'robin.sato@example.com',
    locale: 'en',
    note: 'Runs the installation. Reads no community.',
    admin: true,
  },
];

export const memberships: Membership[] = [
  { community: 'halden', person: 'maren', role: 'manager', status: 'active', title: 'Community manager' },
  { community: 'halden', person: 'jo', role: 'producer', status: 'active', title: 'Producer' },
  { community: 'halden', person: 'samira', role: 'moderator', status: 'active', title: 'Moderator' },
  { community: 'halden', person: 'maria', role: 'host', status: 'active', title: 'VP Product' },
  { community: 'halden', person: 'ines', role: 'member', status: 'active' },
  { community: 'halden', person: 'tunde', role: 'member', status: 'active' },
  { community: 'halden', person: 'lena', role: 'member', status: 'active' },
  { community: 'halden', person: 'kenji', role: 'member', status: 'active' },
  { community: 'halden', person: 'aoife', role: 'member', status: 'active' },
  { community: 'halden', person: 'mateusz', role: 'member', status: 'active' },
  { community: 'halden', person: 'priya', role: 'member', status: 'active' },
  { community: 'halden', person: 'emre', role: 'member', status: 'active' },
  { community: 'halden', person: 'bram', role: 'member', status: 'pending' },
  { community: 'halden', person: 'viktor', role: 'member', status: 'suspended' },

  { community: 'morrow', person: 'grace', role: 'manager', status: 'active', title: 'Community manager' },
  { community: 'morrow', person: 'daniel', role: 'host', status: 'active', title: 'Head of Product' },
  { community: 'morrow', person: 'amara', role: 'member', status: 'active' },
  { community: 'morrow', person: 'henrik', role: 'member', status: 'active' },
  { community: 'morrow', person: 'chiara', role: 'member', status: 'active' },
  { community: 'morrow', person: 'priya', role: 'member', status: 'active' },
];

export const assets: Asset[] = [
  {
    key: 'halden-one',
    community: 'halden',
    kind: 'image',
    title: 'Halden One, rendering',
    alt: 'A folding e-bike in dark green from the right: small wheels, one low curved beam, tan saddle and grips.',
    file: 'halden-one.webp',
    captions: [],
  },
  {
    key: 'halden-one-film',
    community: 'halden',
    kind: 'video',
    title: 'Halden One, the launch film',
    alt: 'A morning with the Halden One: street, train, the fold in nine seconds, stairs, office, range, price, night.',
    file: 'halden-one-film.mp4',
    captions: [
      { file: 'halden-one-film.en.vtt', lang: 'en', label: 'English' },
      { file: 'halden-one-film.de.vtt', lang: 'de', label: 'Deutsch' },
    ],
    poster: 'halden-one-film.webp',
    durationSeconds: 60,
  },
  {
    key: 'morrow-ember',
    community: 'morrow',
    kind: 'image',
    title: 'Ember, rendering',
    alt: 'A small rounded oven on a counter, with two dials and a loaf of bread in warm light behind its window.',
    file: 'morrow-ember.webp',
    captions: [],
  },
];

/** The run of show around the film; the small room and the whole Roundtable see the same. */
const filmCues: Cue[] = [
  {
    key: 'first-look',
    kind: 'picture',
    title: 'This is the Halden One',
    prompt: 'What do you notice first?',
    asset: 'halden-one',
  },
  {
    key: 'film',
    kind: 'video',
    title: 'The film, 60 seconds',
    prompt: 'Move the dial as you watch. Up when it draws you in, down when it loses you.',
    asset: 'halden-one-film',
  },
  {
    key: 'what-to-change',
    kind: 'rate',
    title: 'What should change?',
    prompt: 'Say what you would change, then rate what others said.',
  },
];

export const sessions: Session[] = [
  {
    key: 'halden-one-film',
    community: 'halden',
    title: 'Halden One: first look at the film',
    purpose: 'We want to see where the film holds you and where it loses you, second by second.',
    decision: 'Does the film keep the whole fold scene, and do we shoot the price slide again?',
    ownerKey: 'maria',
    hostKey: 'maria',
    reportBackInDays: 12,
    startsInMinutes: 5,
    plannedMinutes: 45,
    status: 'scheduled',
    cues: filmCues,
  },
  {
    key: 'winter-range',
    community: 'halden',
    title: 'Winter range: how should we print it?',
    purpose: 'Three ways to state the range in the cold. We want the one that nobody feels misled by.',
    decision: 'Which figure goes on the box and into the shop window.',
    ownerKey: 'maria',
    hostKey: 'maria',
    reportBackInDays: 24,
    startsInMinutes: 3 * 24 * 60,
    plannedMinutes: 30,
    status: 'scheduled',
    cues: [
      {
        key: 'three-ways',
        kind: 'text',
        title: 'Three ways to say it',
        prompt: '70 km. 45 to 70 km. 45 km in the cold, 70 km in summer. Which would you believe?',
      },
      {
        key: 'what-is-fair',
        kind: 'rate',
        title: 'What is fair to print?',
        prompt: 'Say what you would put on the box, then rate what others said.',
      },
    ],
  },
  {
    key: 'halden-one-rough',
    community: 'halden',
    title: 'Halden One: the rough cut, in a small room',
    purpose:
      'Before the film goes to the whole Roundtable, a few of you watched it with us and held the dial.',
    decision: 'Is the film ready for the Roundtable, and which scene needs another look?',
    ownerKey: 'maria',
    hostKey: 'maria',
    reportBackInDays: 2,
    startsInMinutes: -9 * 24 * 60,
    plannedMinutes: 30,
    status: 'ended',
    cues: filmCues,
  },
  {
    key: 'ember',
    community: 'morrow',
    title: 'Ember: would it earn its place?',
    purpose: 'We want to know what you would take off the counter to make room for it, if anything.',
    decision: 'Whether Ember is built in this size or one size smaller.',
    ownerKey: 'daniel',
    hostKey: 'daniel',
    reportBackInDays: 20,
    startsInMinutes: 26 * 60,
    plannedMinutes: 30,
    status: 'scheduled',
    cues: [
      {
        key: 'ember-picture',
        kind: 'picture',
        title: 'This is Ember',
        prompt: 'Where in your kitchen would it stand?',
        asset: 'morrow-ember',
      },
    ],
  },
];

/** Handles of the other members who were in the room of the ended Session. */
export const guests: string[] = [
  'Ann Leeds',
  'Ruben G.',
  'Sofia, Malmo',
  'J. Abara',
  'Nils from Bergen',
  'Carmen R.',
  'Olu in Kent',
  'Petra K.',
  'Marek, Brno',
  'Yuki T.',
  'Dara, Galway',
  'Luis from Vigo',
  'Hanne B.',
  'Fatou S.',
  'Tom, two bikes',
  'Ilse van Dam',
  'Ravi P.',
  'Greta in Graz',
  'Noor A.',
  'Pavel N.',
  'Bea from Bath',
  'Sanna L.',
  'Otis W.',
  'Mirela D.',
  'Jonas, Kiel',
  'Esi M.',
  'Clara V.',
  'Ewan, Fife',
  'Zofia R.',
  'Ahmed K.',
  'Lotte H.',
  'Diego from Leon',
  'Maya S.',
  'Arne J.',
  'Rosa in Turin',
  'Kofi B.',
];

export const comments: Comment[] = [
  {
    session: 'halden-one-rough',
    cue: 'first-look',
    author: 'lena',
    text: 'Kein Kettenschutz nötig, das ist ein Riemen. Gut für helle Hosen.',
    lang: 'de',
  },
  {
    session: 'halden-one-rough',
    cue: 'first-look',
    author: 'aoife',
    text: 'Full mudguards on the picture. Please tell me they are on the real one too.',
    lang: 'en',
  },
  {
    session: 'halden-one-rough',
    cue: 'first-look',
    author: 'tunde',
    text: 'The hinge. I looked for where it breaks in two before I looked at anything else.',
    lang: 'en',
  },
  {
    session: 'halden-one-rough',
    cue: 'first-look',
    author: 'emre',
    text: 'Battery behind the seat tube and not inside the beam. I can replace that. Good.',
    lang: 'en',
  },
  {
    session: 'halden-one-rough',
    cue: 'film',
    author: 'kenji',
    text: 'Nine seconds, and you let the clock run in one take. I believe it.',
    lang: 'en',
    atSecond: 28,
  },
  {
    session: 'halden-one-rough',
    cue: 'film',
    author: 'ines',
    text: 'That is exactly my staircase. How heavy does it feel after the third floor?',
    lang: 'en',
    atSecond: 32,
  },
  {
    session: 'halden-one-rough',
    cue: 'film',
    author: 'mateusz',
    text: 'The winter figure is there, but only if you pause. I work in January too.',
    lang: 'en',
    atSecond: 42,
  },
  {
    session: 'halden-one-rough',
    cue: 'film',
    author: 'priya',
    text: 'I was with you until the price stood there alone. What is in it?',
    lang: 'en',
    atSecond: 46,
  },
  {
    session: 'halden-one-rough',
    cue: 'film',
    author: 'lena',
    text: 'Das Schloss kostet extra? Bei dem Preis?',
    lang: 'de',
    atSecond: 48,
  },
  {
    session: 'halden-one-rough',
    cue: 'film',
    author: 'aoife',
    text: 'Quiet, dark, and the light goes where I would look. Best shot of the film.',
    lang: 'en',
    atSecond: 53,
  },
];

export const statements: Statement[] = [
  {
    session: 'halden-one-rough',
    cue: 'what-to-change',
    author: 'kenji',
    text: 'Keep all nine seconds of the fold. A cut there would look as if you had something to hide.',
    lang: 'en',
  },
  {
    session: 'halden-one-rough',
    cue: 'what-to-change',
    author: 'aoife',
    text: 'Show the fold once more outdoors, with wet gloves. The studio proves nothing.',
    lang: 'en',
  },
  {
    session: 'halden-one-rough',
    cue: 'what-to-change',
    author: 'priya',
    text: 'Show what the price includes in the same picture as the price.',
    lang: 'en',
  },
  {
    session: 'halden-one-rough',
    cue: 'what-to-change',
    author: 'ines',
    text: 'Leave the price in the film. Having to search for it later would annoy me more.',
    lang: 'en',
  },
  {
    session: 'halden-one-rough',
    cue: 'what-to-change',
    author: 'tunde',
    text: 'Take the price out. In a film of one minute it is all that I remember.',
    lang: 'en',
  },
  {
    session: 'halden-one-rough',
    cue: 'what-to-change',
    author: 'mateusz',
    text: 'Print the winter range as large as the summer range.',
    lang: 'en',
  },
  {
    session: 'halden-one-rough',
    cue: 'what-to-change',
    author: 'ines',
    text: 'Let somebody of 1.60 m carry it up the stairs.',
    lang: 'en',
  },
  {
    session: 'halden-one-rough',
    cue: 'what-to-change',
    author: 'tunde',
    text: 'Film it inside a full carriage. The platform is the easy part.',
    lang: 'en',
  },
  {
    session: 'halden-one-rough',
    cue: 'what-to-change',
    author: 'emre',
    text: 'Say what a new battery will cost in five years.',
    lang: 'en',
  },
  {
    session: 'halden-one-rough',
    cue: 'what-to-change',
    author: 'lena',
    text: 'Das Schloss gehört in den Preis.',
    lang: 'de',
  },
  {
    session: 'halden-one-rough',
    cue: 'what-to-change',
    author: 'emre',
    text: 'Nearly sixteen kilos is honest. Do not make the stairs look lighter than they are.',
    lang: 'en',
  },
  {
    session: 'halden-one-rough',
    cue: 'what-to-change',
    author: 'aoife',
    text: 'Open with the night ride. It is the only scene that no other maker has.',
    lang: 'en',
  },
];
