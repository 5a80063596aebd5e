/** Where the demo's members talk between Sessions. Days count from the moment the demo is made. */
export interface DemoPlace {
  key: string;
  community: string;
  by: string;
  owner: string;
  title: string;
  purpose: string;
  decision: string;
  reportBackInDays: number;
  topics: DemoTopic[];
}

export interface DemoTopic {
  key: string;
  by: string;
  inDays: number;
  title: string;
  body: string;
  photo?: { file: string; alt: string };
  posts: { by: string; hoursLater: number; body: string; to?: number; solves?: true }[];
}

export const places: DemoPlace[] = [
  {
    key: 'road',
    community: 'halden',
    by: 'maren',
    owner: 'maria',
    title: 'On the road',
    purpose: 'What happens on your way, good or bad, while it is fresh.',
    decision: 'Which of it we look into before the next model.',
    reportBackInDays: 60,
    topics: [
      {
        key: 'station',
        by: 'mateusz',
        inDays: -6,
        title: 'The lift at the station is broken again',
        body: 'Third time this autumn. Forty-two steps with the bicycle on the shoulder, and a queue behind me.\nHow do others do it?',
        photo: { file: 'sleeps-stairs.webp', alt: 'A green bicycle, folded' },
        posts: [
          {
            by: 'aoife',
            hoursLater: 3,
            body: 'I wait for the bus that takes bicycles. It comes every half hour.',
          },
          {
            by: 'kenji',
            hoursLater: 9,
            body: 'Folded, in one hand, the bag in the other. It has to be under twelve kilos for that.',
          },
          {
            by: 'mateusz',
            hoursLater: 10,
            to: 1,
            body: 'Twelve? Mine is at fifteen, and that is three too many.',
          },
        ],
      },
      {
        key: 'chain',
        by: 'aoife',
        inDays: -4,
        title: 'How do you keep the chain off your trousers?',
        body: 'Clips, rolled up, or is there something better?',
        posts: [
          {
            by: 'kenji',
            hoursLater: 2,
            body: 'A band of old inner tube, two fingers wide. It holds, and costs nothing.',
            solves: true,
          },
          {
            by: 'mateusz',
            hoursLater: 5,
            body: 'A belt instead of a chain. Not cheap, but I have forgotten about it since.',
          },
        ],
      },
      {
        key: 'winter',
        by: 'kenji',
        inDays: -1,
        title: 'Range in the cold',
        body: 'At two degrees I get a third less than what it says. Is that only mine?',
        posts: [],
      },
    ],
  },
];
