import type { ActivityBody, QuoteChoice, TaskKind } from '@parley/contracts/activities';

/**
 * What members of the demo were asked to do in their own time, and what some of them sent. Tasks and options are named
 * by keys; days count from the moment the demo is made.
 */
export interface DemoTask {
  key: string;
  kind: TaskKind;
  prompt: string;
  help?: string;
  options?: [key: string, label: string][];
  most?: number;
  scale?: [from: number, to: number, fromLabel: string, toLabel: string];
  asset?: string;
  fact?: string;
  required?: false;
}

export interface DemoActivity extends Pick<
  ActivityBody,
  'title' | 'purpose' | 'decision' | 'instructions' | 'visibility' | 'diary'
> {
  key: string;
  community: string;
  by: string;
  owner: string;
  opensInDays: number;
  dueInDays: number;
  reportBackInDays: number;
  assets: string[];
  tasks: DemoTask[];
  sent: DemoSent[];
}

export interface DemoSent {
  who: string;
  inDays: number;
  entry?: number;
  quote: QuoteChoice;
  /** By task: words, keys of options, a number, files, or marks with a word about each. */
  answers: Record<
    string,
    string | string[] | number | { files: string[] } | { pins: [number, number, string][] }
  >;
  accepted?: string;
  featured?: true;
}

export const activities: DemoActivity[] = [
  {
    key: 'sleeps',
    community: 'halden',
    by: 'maren',
    owner: 'maria',
    title: 'Where does your bicycle sleep?',
    purpose: 'To see the stairs, doors and corners that a folded bicycle has to get through every evening.',
    decision: 'Where the carrying handle of the Halden One goes, and how small it has to fold.',
    instructions:
      'Please show us where your bicycle stands at night, whatever make it is. No need to tidy up: the narrow corner is what we want to see.\n\nPlease leave faces and name plates out of the picture.',
    visibility: 'afterAnswer',
    diary: null,
    opensInDays: -3,
    dueInDays: 6,
    reportBackInDays: 20,
    assets: [],
    tasks: [
      {
        key: 'photo',
        kind: 'photo',
        prompt: 'Show us where it stands.',
        help: 'One photo is fine, up to three if there is a way to it worth seeing.',
        most: 3,
      },
      {
        key: 'where',
        kind: 'pick',
        prompt: 'Where is that?',
        most: 1,
        options: [
          ['flat', 'In the flat'],
          ['hall', 'In the hall of the house'],
          ['cellar', 'In the cellar'],
          ['yard', 'In the yard or on the street'],
        ],
      },
      {
        key: 'effort',
        kind: 'scale',
        prompt: 'How much effort is it to get it there?',
        scale: [1, 5, 'none', 'I dread it'],
      },
      {
        key: 'hold',
        kind: 'place',
        prompt: 'Where would you take hold of the Halden One to carry it?',
        asset: 'halden-one',
        most: 2,
      },
      { key: 'words', kind: 'text', prompt: 'Anything that we should know about the way?', required: false },
    ],
    sent: [
      {
        who: 'aoife',
        inDays: -2,
        quote: 'named',
        accepted: 'samira',
        featured: true,
        answers: {
          photo: { files: ['sleeps-hallway.webp'] },
          where: ['hall'],
          effort: 2,
          hold: { pins: [[0.47, 0.5, 'Under the saddle, with one hand.']] },
          words: 'The pram of the second floor stands beside it, so it must not be wider than a pram.',
        },
      },
      {
        who: 'mateusz',
        inDays: -2,
        quote: 'anonymous',
        accepted: 'samira',
        answers: {
          photo: { files: ['sleeps-cellar.webp'] },
          where: ['cellar'],
          effort: 5,
          hold: {
            pins: [
              [0.52, 0.6, 'Here, if it did not bite into the shoulder.'],
              [0.3, 0.62, 'And one hand at the back wheel.'],
            ],
          },
          words:
            'Fourteen steps down and a fire door that falls shut. I carry it on the shoulder and push with the foot.',
        },
      },
      {
        who: 'kenji',
        inDays: -1,
        quote: 'no',
        answers: {
          photo: { files: ['sleeps-stairs.webp'] },
          where: ['flat'],
          effort: 3,
          hold: { pins: [[0.5, 0.56, 'Where it balances.']] },
          words: 'Folded, behind the door. The chain must not touch the coats.',
        },
      },
    ],
  },
  {
    key: 'week',
    community: 'halden',
    by: 'maren',
    owner: 'maria',
    title: 'One week on two wheels',
    purpose: 'To learn what rides are really like, not what we plan them to be.',
    decision: 'Which three situations the first test rides are made of.',
    instructions:
      'Every evening a line or two about the ride of the day. Days without a ride count too: say why.',
    visibility: 'open',
    diary: { every: 'day', entries: 5 },
    opensInDays: -12,
    dueInDays: -6,
    reportBackInDays: 9,
    assets: [],
    tasks: [
      { key: 'ride', kind: 'text', prompt: 'What was the ride like?' },
      {
        key: 'mood',
        kind: 'scale',
        prompt: 'And your mood on arriving?',
        scale: [1, 5, 'needed a moment', 'could have gone on'],
      },
    ],
    sent: [
      ['aoife', 1, 'Rain, and the tram as usual. The bag under the arm was the problem, not the rain.', 2],
      ['aoife', 2, 'Dry. Eleven minutes door to door, ten of them red lights.', 4],
      ['aoife', 3, 'Shopping on the way home: the bag swings when I stand up.', 3],
      ['mateusz', 1, 'Into the wind for forty minutes. Worth it.', 5],
      ['mateusz', 2, 'The lift at the station was broken. I carried it up; not twice.', 2],
      ['kenji', 1, 'No ride: the train was too full to take it along.', 2],
    ].map(([who, entry, ride, mood]) => ({
      ...{ who: String(who), entry: Number(entry), inDays: Number(entry) - 12, quote: 'named' as const },
      answers: { ride: String(ride), mood: Number(mood) },
    })),
  },
];
