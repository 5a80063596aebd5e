/** What the demo's members are asked for, and what they sent. Days count from the moment the demo is made. */
export interface DemoIdeaPlace {
  key: string;
  community: string;
  kind: 'challenge' | 'jobs' | 'suggestions';
  by: string;
  owner: string;
  title: string;
  purpose: string;
  decision: string;
  reportBackInDays: number;
  acknowledgeDays: number;
  contextRequired: boolean;
  cards: {
    key: string;
    kind: 'goal' | 'constraint' | 'cost' | 'tried' | 'article';
    title: string;
    body: string;
  }[];
  /** What a member asked about a card. */
  asked?: { card: string; by: string; body: string };
  areas: { key: string; label: string; owner: string }[];
  ideas: DemoIdea[];
}

export interface DemoIdea {
  key: string;
  by: string;
  inDays: number;
  title: string;
  situation?: string;
  struggle?: string;
  outcome?: string;
  idea?: string;
  area?: string;
  /** Share of those who rated that agree: of those who had read the cards, and of the others, where they may rate. */
  agree?: [informed: number, uninformed: number];
  /** Of ten who saw it, to so many it matters. */
  matters?: number;
  posts?: { by: string; hoursLater: number; body: string }[];
  decided?: {
    by: string;
    to: 'inReview' | 'planned' | 'inProgress' | 'later' | 'notNow' | 'alreadyThere' | 'delivered';
    note?: string;
    onInDays?: number;
  };
}

export const ideaPlaces: DemoIdeaPlace[] = [
  {
    key: 'lock',
    community: 'halden',
    kind: 'challenge',
    by: 'maren',
    owner: 'maria',
    title: 'A lock one does not curse',
    purpose:
      'The folding frame has no good place for a lock. We would like to solve that with you before the tool is cut.',
    decision: 'Which lock, and where on the frame.',
    reportBackInDays: 45,
    acknowledgeDays: 3,
    contextRequired: false,
    cards: [
      {
        key: 'lock-goal',
        kind: 'goal',
        title: 'Locked in ten seconds, with gloves on',
        body: 'Two of three of you lock your bicycle more than twice a day, most often for under an hour. It has to be quick, one-handed and possible in the dark. It does not have to stand for a night at the station.',
      },
      {
        key: 'lock-constraint',
        kind: 'constraint',
        title: 'The hinge stays free',
        body: 'Nothing may be mounted within nine centimetres of the hinge, or the frame does not fold. The rear carrier takes ten kilos in all, lock included.',
      },
      {
        key: 'lock-cost',
        kind: 'cost',
        title: 'Twelve euros, not thirty',
        body: 'In the price of the bicycle there are twelve euros for a lock. What costs more would be an extra that one pays for.',
      },
      {
        key: 'lock-tried',
        kind: 'tried',
        title: 'Two that did not work',
        body: 'A frame lock: it did not survive the winter, salt got into the bolt. A chain in a bag: it rattled, and four of ten left it at home.',
      },
    ],
    asked: {
      card: 'lock-cost',
      by: 'tunde',
      body: 'Are the twelve euros with the bracket, or does the bracket come on top?',
    },
    areas: [],
    ideas: [
      {
        key: 'lock-strap',
        by: 'ines',
        inDays: -9,
        title: 'A steel strap that is part of the carrier',
        situation: 'I stop at the bakery, at school and at the office, each time for ten minutes.',
        struggle: 'The lock is at the bottom of the bag, under the bread.',
        outcome: 'I reach back without looking, pull, and it is locked.',
        idea: 'A flat steel strap rolled up inside the carrier. One pulls it around the post and clicks it in.',
        agree: [0.82, 0.7],
        matters: 6,
        posts: [
          { by: 'tunde', hoursLater: 5, body: 'Does it still roll up when there is mud in it?' },
          { by: 'ines', hoursLater: 7, body: 'It would need a brush at the mouth, as a measuring tape has.' },
        ],
        decided: {
          by: 'maria',
          to: 'planned',
          note: 'We build three samples of it and bring them to the next Session.',
          onInDays: 40,
        },
      },
      {
        key: 'lock-app',
        by: 'tunde',
        inDays: -8,
        title: 'Lock it by phone',
        situation: 'My hands are full when I come home.',
        struggle: 'The key is in the pocket that I cannot reach.',
        outcome: 'It locks when I walk away.',
        idea: 'An app that does it by itself.',
        agree: [0.31, 0.68],
        matters: 3,
        posts: [{ by: 'lena', hoursLater: 4, body: 'And when the phone is empty?' }],
        decided: {
          by: 'maria',
          to: 'notNow',
          note: 'It would take twenty-eight euros of the twelve. What locks without electricity comes first.',
        },
      },
      {
        key: 'lock-cafe',
        by: 'lena',
        inDays: -6,
        title: 'Two cafés, one lock for two bicycles',
        situation: 'We ride together and there is one free post.',
        struggle: 'Two locks, one post, and one of us waits.',
        outcome: 'One lock takes both frames.',
        idea: '',
        agree: [0.6, 0.58],
        matters: 2,
        decided: { by: 'maren', to: 'inReview', note: 'How far apart do you stand? We are measuring.' },
      },
      {
        key: 'lock-colour',
        by: 'aoife',
        inDays: -5,
        title: 'A mouth for the key that glows',
        situation: 'In winter I come and go in the dark.',
        struggle: 'I feel for the keyhole with my gloves on.',
        outcome: 'I see where the key goes.',
        idea: 'A ring of the paint that is on emergency exits.',
        agree: [0.9, 0.88],
        matters: 5,
      },
      {
        key: 'lock-loop',
        by: 'kenji',
        inDays: -1,
        title: 'A loop for the helmet',
        situation: 'I carry the helmet around in every shop.',
        struggle: 'It does not fit into the bag.',
        outcome: 'The helmet is locked with the bicycle.',
        idea: 'A short cable on the lock that goes through the chin strap.',
        agree: [0.66, 0.64],
        matters: 1,
      },
    ],
  },
  {
    key: 'hire',
    community: 'halden',
    kind: 'jobs',
    by: 'maren',
    owner: 'maria',
    title: 'What you hire a folding bicycle for',
    purpose:
      'Not what it has, but what you get done with it: the moments in which you reach for it, or for something else.',
    decision: 'Which three moments the next model is built for.',
    reportBackInDays: 75,
    acknowledgeDays: 5,
    contextRequired: true,
    cards: [
      {
        key: 'hire-goal',
        kind: 'goal',
        title: 'Moments, not parts',
        body: 'People do not buy a bicycle that folds; they buy to be at work on time and dry. Tell us of one such moment: when it is, what gets in the way, and what you use when it is not the bicycle.',
      },
    ],
    areas: [],
    ideas: [
      {
        key: 'hire-last',
        by: 'mateusz',
        inDays: -7,
        title: 'The last two kilometres',
        situation: 'When the train is on time and the bus is not.',
        struggle: 'I would have to leave it at the station, and it would not be there in the evening.',
        outcome: 'I am at my desk at nine, dry.',
        idea: 'A scooter that I rent, when one is there.',
        agree: [0.8, 0.8],
        matters: 4,
      },
      {
        key: 'hire-stairs',
        by: 'aoife',
        inDays: -3,
        title: 'Fourth floor, no lift',
        situation: 'Every evening, with the shopping.',
        struggle: 'The cellar is damp, and the hallway belongs to everybody.',
        outcome: 'It stands beside my bed and nobody falls over it.',
        idea: '',
        agree: [0.7, 0.7],
        matters: 3,
      },
    ],
  },
  {
    key: 'small',
    community: 'halden',
    kind: 'suggestions',
    by: 'maren',
    owner: 'maren',
    title: 'Small things to put right',
    purpose:
      'A screw, a word in the manual, a drawer in the shop: what takes less time to mend than to discuss.',
    decision: 'Whoever looks after it decides by themselves, and says so within a week.',
    reportBackInDays: 90,
    acknowledgeDays: 7,
    contextRequired: false,
    cards: [],
    areas: [
      { key: 'small-shop', label: 'Shop and workshop', owner: 'samira' },
      { key: 'small-words', label: 'Manual and website', owner: 'maren' },
    ],
    ideas: [
      {
        key: 'small-manual',
        by: 'kenji',
        inDays: -4,
        title: 'Page 14 says left, the picture says right',
        idea: 'The second picture on page 14 is the wrong way round.',
        area: 'small-words',
        agree: [0.9, 0.9],
        matters: 1,
        decided: { by: 'maren', to: 'delivered', note: 'Thank you. Put right in the manual since Tuesday.' },
      },
      {
        key: 'small-pump',
        by: 'lena',
        inDays: -2,
        title: 'A pump outside the workshop',
        idea: 'One that one can use when you are closed.',
        area: 'small-shop',
        agree: [0.85, 0.85],
        matters: 3,
      },
    ],
  },
];
