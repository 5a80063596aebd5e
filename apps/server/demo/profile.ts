import type { FactDef, Purpose } from '@parley/contracts/profile';
import type { Facts, Rule } from '@parley/contracts/rule';

/** What the demo's communities keep of their members, and what they ask them to agree to. */

type Options = [value: string, label: string][];

function def(
  key: string,
  kind: FactDef['kind'],
  label: string,
  options: Options = [],
  more: Partial<Pick<FactDef, 'editable' | 'sensitive'>> = {},
): FactDef {
  const choices = options.map(([value, text]) => ({ value, label: text }));
  return { key, kind, label, options: choices, editable: true, sensitive: false, ...more };
}

export const facts: { community: string; defs: FactDef[] }[] = [
  {
    community: 'halden',
    defs: [
      def('ownership', 'single', 'Your bicycle', [
        ['owner', 'Rides a Halden'],
        ['nonowner', 'Rides another make, or none'],
        ['former', 'Used to ride a Halden'],
      ]),
      def('rides', 'single', 'How often you ride', [
        ['daily', 'Most days'],
        ['weekly', 'Some days a week'],
        ['rarely', 'Rarely or never'],
      ]),
      def('uses', 'multiple', 'What you ride for', [
        ['commute', 'To work'],
        ['children', 'With children'],
        ['shopping', 'Shopping'],
        ['sport', 'Sport'],
      ]),
      def('distance', 'number', 'Kilometres a week'),
      def('region', 'region', 'Where you mostly ride'),
      def(
        'income',
        'single',
        'Household income',
        [
          ['low', 'Up to 25,000 a year'],
          ['middle', '25,000 to 60,000'],
          ['high', 'Above 60,000'],
        ],
        { editable: false, sensitive: true },
      ),
    ],
  },
  {
    community: 'morrow',
    defs: [
      def('ownership', 'single', 'Appliances of Morrow', [
        ['owner', 'Uses one'],
        ['nonowner', 'Uses none'],
        ['former', 'Used one before'],
      ]),
      def('household', 'number', 'People you cook for'),
      def('diet', 'multiple', 'How you eat', [
        ['everything', 'Everything'],
        ['vegetarian', 'Vegetarian'],
        ['vegan', 'Vegan'],
        ['glutenfree', 'Without gluten'],
      ]),
    ],
  },
];

/** `{{brand}}` is the brand. */
export const texts: Record<Purpose, string> = {
  terms:
    'You take part of your own free will and are not paid. You may pause or leave at any time; then we send you nothing more. What you write stays under the name you chose here until you ask us to take it away. {{brand}} may use what you say to decide about its products. Be decent to each other; moderators may hold or decline what breaks the rules, and say why.',
  confidentiality:
    'You will see things that are not public yet: films, pictures, plans. They carry your name. Do not copy, film or describe them to others until {{brand}} has made them public. If something leaks, we can see from which copy it came.',
  recording:
    '{{brand}} may record live Sessions, with what you write in them, so that members and the team can watch them later. Without this you take part all the same; what you write is then left out of recordings.',
  quoteNamed:
    '{{brand}} may quote your words under the name you chose here, inside the community and in reports to its team. Never anywhere else without asking you again.',
  quoteAnonymous:
    '{{brand}} may quote your words without any name, in reports and, once a decision is public, outside the community.',
  email:
    'We may write to you by e-mail when something begins that you might want to take part in, and when there is an answer to what you said. Mails that you need to sign in come in any case.',
};

/** What is known of the demo's people. */
export const known: Record<string, Record<string, Facts>> = {
  halden: {
    ines: {
      ownership: 'owner',
      rides: 'daily',
      uses: ['commute', 'shopping'],
      distance: 70,
      region: 'Lisboa',
      income: 'middle',
    },
    tunde: { ownership: 'nonowner', rides: 'weekly', uses: ['sport'], distance: 90, region: 'Leeds' },
    lena: {
      ownership: 'owner',
      rides: 'daily',
      uses: ['commute', 'children'],
      distance: 55,
      region: '24103',
    },
    kenji: { ownership: 'nonowner', rides: 'rarely', distance: 3, region: 'Rotterdam' },
    aoife: { ownership: 'owner', rides: 'weekly', uses: ['shopping'], distance: 20, region: 'Galway' },
    mateusz: { ownership: 'nonowner', rides: 'daily', uses: ['commute'], distance: 110, region: 'Gdańsk' },
    priya: { ownership: 'nonowner', rides: 'rarely', region: 'London' },
    emre: { ownership: 'owner', rides: 'daily', uses: ['commute', 'sport'], distance: 140, region: '10997' },
    viktor: { ownership: 'owner', rides: 'weekly' },
  },
  morrow: {
    amara: { ownership: 'owner', household: 4, diet: ['everything'] },
    henrik: { ownership: 'nonowner', household: 1, diet: ['vegetarian'] },
    chiara: { ownership: 'nonowner', household: 2, diet: ['everything'] },
    priya: { ownership: 'owner', household: 3, diet: ['vegetarian', 'glutenfree'] },
  },
};

export const segments: { community: string; key: string; name: string; rule: Rule }[] = [
  {
    community: 'halden',
    key: 'daily',
    name: 'Daily riders',
    rule: [{ fact: 'rides', is: 'anyOf', values: ['daily'] }],
  },
];
