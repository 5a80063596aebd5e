import type { Outcome } from '@parley/contracts/contributions';
import type { Verdict } from '@parley/contracts/loop';
import type { Asset, Comment, Session, Statement } from './story';

/**
 * What came of earlier Sessions: what members said there, the Updates that answer it, and the promises that are kept,
 * moved and late. Words are named by how they begin; days count from the moment the demo is made.
 */

/** Words of a Session, by how they begin. */
export type Words = [session: string, begins: string];

export interface Theme {
  key: string;
  community: string;
  label: string;
  by: string;
  words: Words[];
}

export interface Update {
  key: string;
  community: string;
  /** Who answers for it. */
  by: string;
  title: string;
  youSaid: string;
  weDid?: string;
  because?: string;
  outcome: Outcome;
  onInDays?: number;
  before?: string;
  after?: string;
  session: string;
  keepsPromise?: true;
  words: Words[];
  /** In how many days it goes out to the community, and to everybody; without the first it stays a draft. */
  communityInDays?: number;
  publicInDays?: number;
  /** What had to be put right once it was out. */
  correction?: { note: string; weDid: string };
  delivered?: true;
  /** By guests of the room, in their order. */
  verdicts?: Verdict[];
  withdrawn?: { because: string; consultation: string; answerInDays: number };
  /** Said of how it was done; with `held` it waits for a moderator. */
  thread?: { author: string; text: string; held?: true }[];
}

export const assets: Asset[] = [
  {
    key: 'halden-one-black',
    community: 'halden',
    kind: 'image',
    title: 'Halden One, the drawing before',
    alt: 'The folding e-bike in dark green from the right, with a black saddle, black grips and a black battery loop.',
    file: 'halden-one-black.webp',
    captions: [],
  },
];

const hour = 60;
const day = 24 * hour;
const ended = {
  community: 'halden',
  ownerKey: 'maria',
  hostKey: 'maria',
  plannedMinutes: 30,
  status: 'ended',
} as const;

export const sessions: Session[] = [
  {
    ...ended,
    key: 'touch',
    title: 'Halden One: what your hands touch',
    purpose:
      'Saddle, grips and the loop of the battery are what you touch. We want to know what belongs there.',
    decision: 'Colour and material of saddle, grips and battery loop.',
    reportBackInDays: 5,
    startsInMinutes: -16 * day,
    cues: [
      {
        key: 'black',
        kind: 'text',
        title: 'Everything you touch is black',
        prompt: 'In the dark, in the rain, in ten years: what do you want to find there?',
      },
      { key: 'feel', kind: 'rate', title: 'How should it be?', prompt: 'Say it in one sentence, then rate.' },
    ],
  },
  {
    ...ended,
    key: 'range',
    title: 'Winter range: one figure or two?',
    purpose: 'A battery gives less in the cold. We want to say so in a way that you can plan with.',
    decision: 'How many figures stand on the box.',
    reportBackInDays: 2,
    startsInMinutes: -21 * day,
    cues: [
      {
        key: 'box',
        kind: 'text',
        title: 'The box',
        prompt: 'What do you need to read before you buy?',
      },
    ],
  },
  {
    ...ended,
    key: 'start',
    title: 'Key, card or phone: how should it start?',
    purpose: 'Three ways to start the motor. We can build one of them well.',
    decision: 'Which of the three is built.',
    reportBackInDays: -5,
    startsInMinutes: -30 * day,
    cues: [{ key: 'ways', kind: 'text', title: 'Three ways', prompt: 'Which would you never want to miss?' }],
  },
  {
    ...ended,
    key: 'years',
    title: 'After five years: what do you expect of us?',
    purpose: 'Parts wear out. We want to know what you expect to get, and at what price.',
    decision: 'For how long spare parts are kept, and whether their prices are printed.',
    reportBackInDays: -2,
    startsInMinutes: -20 * day,
    cues: [{ key: 'parts', kind: 'text', title: 'Parts', prompt: 'What must there still be in 2031?' }],
  },
  {
    ...ended,
    key: 'noise',
    community: 'morrow',
    title: 'How loud may a kitchen be?',
    purpose: 'A fan that cools the oven can be heard. We want to know from when on it disturbs.',
    decision: 'How fast the fan of Ember runs after baking.',
    ownerKey: 'daniel',
    hostKey: 'daniel',
    reportBackInDays: 6,
    startsInMinutes: -11 * day,
    small: true,
    cues: [
      { key: 'fan', kind: 'text', title: 'The fan', prompt: 'When do you hear it, and does it matter?' },
    ],
  },
];

const touch = { session: 'touch', cue: 'black', lang: 'en' } as const;
const range = { session: 'range', cue: 'box', lang: 'en' } as const;
const start = { session: 'start', cue: 'ways', lang: 'en' } as const;
const years = { session: 'years', cue: 'parts', lang: 'en' } as const;
const noise = { session: 'noise', cue: 'fan', lang: 'en' } as const;

export const comments: Comment[] = [
  {
    ...touch,
    author: 'tunde',
    text: 'All black looks like a hire bike. I would not know mine from forty others at the station.',
  },
  { ...touch, author: 'ines', text: 'Give what I touch a colour, so that my hand finds it in the dark.' },
  {
    ...touch,
    author: 'lena',
    text: 'Schwarze Griffe werden grau und klebrig. Meine sind es nach zwei Sommern.',
    lang: 'de',
  },
  { ...touch, author: 'Ruben G.', text: 'Black is what everybody does when nobody wants to decide.' },
  {
    ...touch,
    author: 'Sofia, Malmo',
    text: 'A saddle that is not black stays cooler in the sun. I have both.',
  },
  { ...touch, author: 'Nils from Bergen', text: 'Anything but leather. It never dries here.' },
  { ...touch, author: 'Petra K.', text: 'Grips that I can wash, please. Hand cream, sun cream, croissants.' },
  {
    ...touch,
    author: 'Yuki T.',
    text: 'One warm colour on the green and I would buy it for the look alone.',
  },
  { ...touch, author: 'Hanne B.', text: 'My black saddle has a grey edge after a year.' },
  {
    ...touch,
    author: 'Tom, two bikes',
    text: 'I look for the battery handle every evening. It is black on black.',
  },
  { ...touch, author: 'Greta in Graz', text: 'It should not look like an appliance.' },

  {
    ...range,
    author: 'mateusz',
    text: 'The range in the cold is the one that I plan with. Do not hide it in a footnote.',
  },
  { ...range, author: 'kenji', text: 'One figure, if it is the lower one.' },
  { ...range, author: 'Carmen R.', text: 'Two figures, the same size. I can read.' },
  { ...range, author: 'Ewan, Fife', text: 'It is never fifteen degrees when I ride.' },

  { ...start, author: 'mateusz', text: 'A key. At five in the morning my phone is empty, and so am I.' },
  {
    ...start,
    author: 'aoife',
    text: 'It must start without a phone. Wet fingers and glass do not go together.',
  },
  {
    ...start,
    author: 'emre',
    text: 'Ein Schlüssel. Den bekomme ich in zehn Jahren noch nachgemacht.',
    lang: 'de',
  },
  { ...start, author: 'Olu in Kent', text: 'Card, in the wallet, where it always is.' },

  {
    ...years,
    author: 'emre',
    text: 'Print what a battery costs in five years, and stand by it. Customers ask me that every week.',
  },
  { ...years, author: 'ines', text: 'Brake pads, belt, battery: keep those three and I keep the bike.' },
  { ...years, author: 'Bea from Bath', text: 'Somebody who picks up the phone.' },

  {
    ...noise,
    author: 'amara',
    text: 'I hear it for twenty minutes after the bread is out. That is the quiet I bake for.',
  },
  {
    ...noise,
    author: 'henrik',
    text: 'My kitchen is where I also work. A slow fan for longer is better than a fast one.',
  },
  { ...noise, author: 'chiara', text: 'At 4 m² everything is loud.' },
];

export const statements: Statement[] = [
  {
    ...touch,
    cue: 'feel',
    author: 'aoife',
    text: 'No leather. It is wet where I ride two days out of three.',
  },
  {
    ...touch,
    cue: 'feel',
    author: 'kenji',
    text: 'The loop of the battery should be what I see first. I take it out every evening.',
  },
];

/** Who of the team has read all that was said in a Session. */
export const readings: { session: string; by: string }[] = [
  { session: 'touch', by: 'maria' },
  { session: 'range', by: 'maria' },
  { session: 'start', by: 'maria' },
  { session: 'years', by: 'maren' },
  { session: 'halden-one-rough', by: 'maria' },
  { session: 'noise', by: 'daniel' },
];

export const themes: Theme[] = [
  {
    key: 'no-phone',
    community: 'halden',
    label: 'It must start without a phone',
    by: 'maria',
    words: [
      ['start', 'A key.'],
      ['start', 'It must start'],
      ['start', 'Ein Schlüssel'],
    ],
  },
  {
    key: 'price',
    community: 'halden',
    label: 'The price, and what is in it',
    by: 'maren',
    words: [
      ['halden-one-rough', 'I was with you until'],
      ['halden-one-rough', 'Show what the price includes'],
      ['halden-one-rough', 'Leave the price in'],
      ['halden-one-rough', 'Take the price out'],
    ],
  },
];

/** What the team wrote to one author. */
export const replies: { words: Words; by: string; text: string }[] = [
  {
    words: ['halden-one-rough', 'That is exactly my staircase'],
    by: 'maria',
    text: 'I carried it up four floors on Monday. 15.8 kg, and after the third floor I changed hands. We will not film it lighter than that.',
  },
];

/** Promises that got another day. */
export const moves: { session: string; by: string; toInDays: number; reason: string }[] = [
  {
    session: 'start',
    by: 'maren',
    toInDays: 9,
    reason:
      'The maker of the card reader answers two weeks later than agreed. Without its figure we would answer with half of the truth.',
  },
];

/** In the order in which they went out; the last is still being written. */
export const updates: Update[] = [
  {
    key: 'one-figure',
    community: 'halden',
    by: 'maria',
    title: 'The box shows 70 km, and 45 km on its side',
    youSaid: 'You want a range that holds in January, and no footnotes.',
    weDid: 'The front of the box shows 70 km at 15 °C. The figure for the cold, 45 km, stands on its side.',
    outcome: 'adapted',
    onInDays: 40,
    session: 'range',
    keepsPromise: true,
    words: [
      ['range', 'The range in the cold'],
      ['range', 'One figure'],
      ['range', 'Two figures'],
      ['range', 'It is never'],
    ],
    communityInDays: 0,
    withdrawn: {
      because:
        'You wrote back that the side of a box is a footnote by another name. You are right. We think about it anew, with you.',
      consultation: 'winter-range',
      answerInDays: 24,
    },
  },
  {
    key: 'lock',
    community: 'halden',
    by: 'maria',
    title: 'The lock stays outside the price',
    youSaid: 'The lock costs extra, and at that price some of you expect it to be included.',
    because:
      'More than half of you own a lock that you trust. One that we choose for everybody we would choose by weight and cost. We put the 49 euros into hydraulic brakes instead: nobody can add those later.',
    outcome: 'declined',
    session: 'halden-one-rough',
    words: [
      ['halden-one-rough', 'Das Schloss kostet'],
      ['halden-one-rough', 'Das Schloss gehört'],
    ],
    communityInDays: 0,
    thread: [
      { author: 'tunde', text: 'Not what I hoped for, but I can follow it.' },
      { author: 'lena', text: 'Dann sagen Sie im Film bitte auch, dass keins dabei ist.', held: true },
    ],
  },
  {
    key: 'carriage',
    community: 'halden',
    by: 'maria',
    title: 'A film inside a full train has to wait',
    youSaid: 'The platform is the easy part: show the fold in a full carriage, and outdoors with wet gloves.',
    because:
      'The railway lets us film in a running train from May on, outside the season of works on the line. We have asked for a morning in the first week.',
    outcome: 'deferred',
    onInDays: 170,
    session: 'halden-one-rough',
    words: [
      ['halden-one-rough', 'Film it inside'],
      ['halden-one-rough', 'Show the fold once more'],
    ],
    communityInDays: 0,
  },
  {
    key: 'colour',
    community: 'halden',
    by: 'maria',
    title: 'Colour where the hand goes',
    youSaid:
      'Saddle, grips and battery loop were all black. You said that it looks like a hire bike, that black grips turn grey and sticky, and that you want to see what you take hold of.',
    weDid:
      'Saddle, grips and loop are tan now, of a woven material without leather that goes into the washing machine. Every Halden One has them, from the first one built.',
    outcome: 'adopted',
    before: 'halden-one-black',
    after: 'halden-one',
    session: 'touch',
    keepsPromise: true,
    words: [
      ['touch', 'All black'],
      ['touch', 'Give what I touch'],
      ['touch', 'Schwarze Griffe'],
      ['touch', 'Black is what'],
      ['touch', 'A saddle that'],
      ['touch', 'Anything but leather'],
      ['touch', 'Grips that I can wash'],
      ['touch', 'One warm colour'],
      ['touch', 'My black saddle'],
      ['touch', 'I look for the battery'],
      ['touch', 'It should not look'],
      ['touch', 'No leather'],
      ['touch', 'The loop of the battery'],
    ],
    communityInDays: 0,
    publicInDays: 0,
    correction: {
      note: 'We wrote that the material goes into the washing machine. It does not: it is washed by hand.',
      weDid:
        'Saddle, grips and loop are tan now, of a woven material without leather that is washed by hand. Every Halden One has them, from the first one built.',
    },
    delivered: true,
    verdicts: ['yes', 'yes', 'yes', 'partly', 'yes', 'yes', 'yes', 'yes', 'no', 'yes', 'partly'],
    thread: [
      { author: 'aoife', text: 'Thank you for leaving the leather out.' },
      { author: 'maria', text: 'That was your sentence, Aoife. I read it out in the meeting.' },
      { author: 'Yuki T.', text: 'As I said: now I would buy it for the look alone.' },
    ],
  },
  {
    key: 'nine-seconds',
    community: 'halden',
    by: 'maria',
    title: 'All nine seconds of the fold stay in',
    youSaid: 'A cut in the fold would look as if we had something to hide.',
    weDid: 'The fold stays in the film in one take, with the clock running in the picture.',
    outcome: 'adopted',
    onInDays: 12,
    session: 'halden-one-rough',
    words: [
      ['halden-one-rough', 'Keep all nine seconds'],
      ['halden-one-rough', 'Nine seconds, and'],
    ],
    communityInDays: 3,
  },
  {
    key: 'fan',
    community: 'morrow',
    by: 'daniel',
    title: 'The fan runs slower, and for longer',
    youSaid: 'After baking you hear the fan for twenty minutes, and that is when you want quiet.',
    weDid:
      'In the next build of Ember the fan runs at half the speed for twice as long. At one metre that is 31 dB, a little less than a refrigerator.',
    because: 'It cannot be switched off altogether: the electronics behind the dials would get too warm.',
    outcome: 'adapted',
    onInDays: 55,
    session: 'noise',
    keepsPromise: true,
    words: [
      ['noise', 'I hear it'],
      ['noise', 'My kitchen is'],
      ['noise', 'At 4 m²'],
    ],
    communityInDays: 0,
  },
  {
    key: 'price',
    community: 'halden',
    by: 'maria',
    title: 'What is in the price stands beside the price',
    youSaid: 'The price stood there alone, and you asked what is in it.',
    weDid: 'Battery, lights, mudguards and two services are named in the same picture.',
    outcome: 'adopted',
    onInDays: 20,
    session: 'halden-one-rough',
    keepsPromise: true,
    words: [
      ['halden-one-rough', 'I was with you until'],
      ['halden-one-rough', 'Show what the price includes'],
    ],
  },
];
