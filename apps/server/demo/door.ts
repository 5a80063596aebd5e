import type { Plan } from '@parley/contracts/door';
import type { Facts, Rule } from '@parley/contracts/rule';
import type { Leads, Question } from '@parley/contracts/screener';

/** The demo's doors: what candidates are asked, how many of whom are wanted, and who waits. */

/** A question by its key; the seed gives it its id. */
export interface DoorQuestion extends Pick<Question, 'kind' | 'title' | 'fact'> {
  key: string;
  help?: string;
  required?: false;
  options?: [value: string, label: string, leads?: Leads][];
  askedIf?: { key: string; anyOf: string[] };
  least?: number;
  most?: number;
}

export interface Door {
  community: string;
  minAge: number;
  intro: string;
  openQuestion: string;
  questions: DoorQuestion[];
  plan: Plan;
  /** The open link; the end of its address is the same on every machine. */
  link: { label: string; placement: string; note: string; secret: string };
  /** By whom the invitations are. */
  host: string;
  /** What the guests of an ended Session are, in turn; and what the first of them were before. */
  guests: Facts[];
  first: Facts[];
  waiting: Waiting[];
}

export interface Waiting {
  key: string;
  handle: string;
  email: string;
  daysAgo: number;
  facts: Facts;
  voice?: string;
}

const id = (n: number) => `5c9e1f00-0000-4000-8000-${String(n).padStart(12, '0')}`;
const is = (fact: string, ...values: string[]): Rule => [{ fact, is: 'anyOf', values }];

export const doors: Door[] = [
  {
    community: 'halden',
    minAge: 16,
    intro:
      'Halden makes city bicycles. We ask a few things so that the room is mixed: there are no wrong answers.',
    openQuestion: 'What should we know about getting around your city that we never ask?',
    questions: [
      {
        key: 'ownership',
        kind: 'single',
        title: 'Which bicycle do you ride?',
        fact: 'ownership',
        options: [
          ['owner', 'A Halden'],
          ['nonowner', 'Another make, or none'],
          ['former', 'A Halden in the past'],
        ],
      },
      {
        key: 'rides',
        kind: 'single',
        title: 'How often do you ride?',
        fact: 'rides',
        options: [
          ['daily', 'Most days'],
          ['weekly', 'Some days a week'],
          ['rarely', 'Rarely or never'],
        ],
      },
      {
        key: 'uses',
        kind: 'multiple',
        title: 'What do you ride for?',
        help: 'Choose all that apply.',
        fact: 'uses',
        askedIf: { key: 'rides', anyOf: ['daily', 'weekly'] },
        options: [
          ['commute', 'To work'],
          ['children', 'With children'],
          ['shopping', 'Shopping'],
          ['sport', 'Sport'],
        ],
        least: 1,
      },
      {
        key: 'region',
        kind: 'region',
        title: 'Where do you mostly ride?',
        help: 'A postcode or the name of the town.',
        fact: 'region',
        required: false,
      },
      {
        key: 'trade',
        kind: 'single',
        title: 'Do you work for a maker or seller of bicycles?',
        fact: null,
        options: [
          ['no', 'No'],
          ['yes', 'Yes', 'notThisTime'],
        ],
      },
    ],
    plan: {
      total: 500,
      cells: [
        {
          id: id(1),
          label: 'Halden owners',
          rule: is('ownership', 'owner'),
          target: 200,
          soft: 180,
          hard: 200,
        },
        {
          id: id(2),
          label: 'Daily riders without a Halden',
          rule: [...is('ownership', 'nonowner', 'former'), ...is('rides', 'daily')],
          target: 150,
          soft: 140,
          hard: 160,
        },
        {
          id: id(3),
          label: 'Used to ride a Halden',
          rule: is('ownership', 'former'),
          target: 4,
          soft: 3,
          hard: 4,
        },
      ],
      shares: [
        { id: id(4), label: 'Without a Halden', rule: is('ownership', 'nonowner', 'former'), least: 40 },
      ],
    },
    link: {
      label: 'City Wheels, article on folding bikes',
      placement: 'Box below the article',
      note: 'We are about to build a folding bike and would like to hear from people who might carry one up the stairs.',
      secret: 'come-in-halden00',
    },
    host: 'maren',
    guests: [
      { ownership: 'owner', rides: 'daily', uses: ['commute', 'shopping'], distance: 60 },
      { ownership: 'nonowner', rides: 'daily', uses: ['commute'], distance: 45 },
      { ownership: 'nonowner', rides: 'weekly', uses: ['children', 'shopping'], distance: 15 },
      { ownership: 'owner', rides: 'weekly', uses: ['sport'], distance: 80 },
      { ownership: 'nonowner', rides: 'rarely', distance: 2 },
    ],
    first: [
      { ownership: 'former', rides: 'weekly', uses: ['commute'] },
      { ownership: 'former', rides: 'rarely' },
      { ownership: 'former', rides: 'weekly', uses: ['sport'], distance: 30 },
      { ownership: 'former', rides: 'daily', uses: ['children'], distance: 25 },
    ],
    waiting: [
      {
        key: 'bram',
        handle: 'Bram, Utrecht',
        email: 'bram.dewit@example.net',
        daysAgo: 1,
        facts: { ownership: 'former', rides: 'daily', uses: ['commute', 'children'], region: 'Utrecht' },
        voice:
          'That the train is the other half of my ride. Whatever folds has to fold while the doors are open.',
      },
      {
        key: 'noor',
        handle: 'Noor',
        email: 'noor@example.org',
        daysAgo: 5,
        facts: { ownership: 'former', rides: 'weekly', uses: ['shopping'], region: 'Gent' },
        voice: 'Nobody asks where the bike sleeps. Mine sleeps in the hallway, and that decides what I buy.',
      },
      {
        key: 'piotr',
        handle: 'Piotr K.',
        email: 'piotr@example.org',
        daysAgo: 3,
        facts: { ownership: 'former', rides: 'rarely', region: 'Gdańsk' },
      },
    ],
  },
  {
    community: 'morrow',
    minAge: 18,
    intro: 'Morrow makes small appliances for kitchens. Four short questions come first.',
    openQuestion: 'What do you cook again and again, and what gets in the way?',
    questions: [
      {
        key: 'ownership',
        kind: 'single',
        title: 'Do you use an appliance of Morrow?',
        fact: 'ownership',
        options: [
          ['owner', 'Yes'],
          ['nonowner', 'No'],
          ['former', 'Not any more'],
        ],
      },
      {
        key: 'household',
        kind: 'number',
        title: 'How many people do you cook for?',
        help: 'On most days, yourself among them.',
        fact: 'household',
        least: 1,
        most: 20,
      },
    ],
    plan: { total: 300, cells: [], shares: [] },
    link: {
      label: 'Recipe of the week',
      placement: 'Foot of the page',
      note: 'Come and look into our test kitchen.',
      secret: 'come-in-morrow00',
    },
    host: 'grace',
    guests: [],
    first: [],
    waiting: [],
  },
];
