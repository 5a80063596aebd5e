/** Small groups of the demo's members. Days count from the moment the demo is made. */
export interface DemoGroup {
  key: string;
  community: string;
  by: string;
  name: string;
  purpose: string;
  /** Keys of people, and handles of guests, beside who proposed it. */
  members: string[];
  sponsor?: string;
  meetup?: {
    by: string;
    inDays: number;
    title: string;
    about: string;
    area: string;
    place: string;
    coming: string[];
  };
  call?: { by: string; title: string; questions: string[]; signed: string[] };
  topic?: { by: string; title: string; body: string };
}

export const groups: DemoGroup[] = [
  {
    key: 'night',
    community: 'halden',
    by: 'mateusz',
    name: 'Night trains',
    purpose: 'Those who fold, board at ten and unfold in another country.',
    members: ['ines', 'kenji', 'Nils from Bergen', 'Marek, Brno', 'Petra K.'],
    sponsor: 'maria',
    meetup: {
      by: 'mateusz',
      inDays: 19,
      title: 'Folding in eleven seconds',
      about: 'We practise on a real platform. Bring the bicycle as you travel with it.',
      area: 'Vienna, at the main station',
      place: 'Platform 9, section D, under the clock; ask for Mateusz',
      coming: ['Marek, Brno', 'Petra K.'],
    },
    call: {
      by: 'mateusz',
      title: 'What fits into a sleeping compartment?',
      questions: [
        'Will the next one be under 28 centimetres when it is folded?',
        'May we test a bag for it before it is in the shop?',
      ],
      signed: ['kenji', 'aoife', 'Nils from Bergen', 'Marek, Brno', 'Petra K.', 'Ann Leeds', 'Ruben G.'],
    },
    topic: {
      by: 'kenji',
      title: 'Which conductor asks for a bag?',
      body: 'On the line from Zurich they did, twice. On the others never.',
    },
  },
  {
    key: 'children',
    community: 'halden',
    by: 'aoife',
    name: 'Two wheels, three people',
    purpose: 'Parents who carry a child in front, a child behind, and the shopping wherever it goes.',
    members: ['kenji', 'Carmen R.', 'Hanne B.'],
  },
];
