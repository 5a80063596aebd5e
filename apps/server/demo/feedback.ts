/** What the demo's members said without being asked. */
export interface DemoFeedback {
  by: string;
  page: 'home' | 'talk' | 'ideas' | 'assets' | 'result';
  mood: number | null;
  body: string;
  asset?: string;
  second?: number;
}

export const feedbackOf = 'halden';
export const prompts = [
  { page: 'ideas' as const, prompt: 'What would make it easier to send an idea?' },
  { page: 'home' as const, prompt: 'What did you look for here and not find?' },
];
export const feedback: DemoFeedback[] = [
  { by: 'aoife', page: 'home', mood: 3, body: 'I looked for the next ride and found only the next Session.' },
  {
    by: 'kenji',
    page: 'ideas',
    mood: 5,
    body: 'That the reason comes before the idea: I threw two of mine away.',
  },
  { by: 'tunde', page: 'talk', mood: 4, body: 'Could I see which topics are about my town?' },
  {
    by: 'ines',
    page: 'assets',
    mood: 2,
    body: 'Here the price is gone before I have read it.',
    asset: 'halden-one-film',
    second: 52,
  },
  {
    by: 'lena',
    page: 'assets',
    mood: 2,
    body: 'Der Preis ist zu kurz zu sehen.',
    asset: 'halden-one-film',
    second: 55,
  },
  {
    by: 'kenji',
    page: 'assets',
    mood: 5,
    body: 'The fold, in one breath. Do not cut that.',
    asset: 'halden-one-film',
    second: 21,
  },
];
