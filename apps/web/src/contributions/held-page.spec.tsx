import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { DeskItem } from '@parley/contracts/moderation';
import { Look } from '@parley/ui/theme';
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { act, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { makeQueries } from '../platform/api';
import { startTexts } from '../platform/i18n';
import { PlaceProvider } from '../platform/place';
import { partsOf, refusing } from './decision-forms';
import { barrierOf, wishesFor, wishOf } from './desk-keys';
import { HeldPage } from './held-page';

const id = (n: number) => `0198c0de-0000-4000-8000-${String(n).padStart(12, '0')}`;
const community = {
  id: id(1),
  slug: 'halden',
  name: 'Halden Roundtable',
  brand: 'Halden',
  purpose: 'Look at what comes next.',
  accent: '#117a75',
  logoUrl: '/logo.svg',
};
const me = { memberId: id(3), handle: 'Samira', role: 'moderator' as const };
const place = { personId: id(2), membership: { ...me, status: 'active' as const, community } };
const space = { id: id(50), kind: 'session' as const, title: 'First look' };
const hour = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const item = (n: number, more: Partial<DeskItem> = {}): DeskItem => ({
  id: id(100 + n),
  type: 'comment',
  author: { memberId: id(200 + n), handle: `Author ${n}`, role: 'member' },
  trusted: false,
  locale: 'en',
  body: `Words number ${n}`,
  at: hour(-1),
  space,
  moderation: 'held',
  releaseAt: null,
  decideBy: hour(n),
  claim: null,
  appeal: null,
  alike: [],
  replyTo: null,
  files: 0,
  ...more,
});
const jo = { memberId: id(4), name: 'Jo', until: hour(1) };
const policy = {
  policy: {
    version: 1,
    since: hour(-100),
    body: {
      en: 'Say what you think.',
      de: 'Sagen Sie, was Sie denken.',
      reasons: [
        { key: 'offTopic', en: 'Not about this.', de: 'Nicht dazu.' },
        { key: 'abusive', en: 'It attacks somebody.', de: 'Es greift jemanden an.' },
      ],
    },
  },
  before: [],
  rule: { mode: 'approve', holdSeconds: 30, decideMinutes: 60 },
};

/** What the server holds; a decision takes an item off unless the test says otherwise. */
let held: DeskItem[] = [];
let isHeldSpace = false;
type Sent = { contributionIds: string[]; decision: { action: string } & Record<string, unknown> };
let decided: Sent[] = [];
let claimed: { take: string[]; release: string[] }[] = [];
let judge: (contributionId: string, sent: Sent) => object = () => ({});
let pageSize = 50;

function reply(what: string, body: Record<string, unknown>): object | { refused: string } {
  switch (what) {
    case 'GET desk': {
      const from = Number(body['cursor'] ?? 0);
      return {
        items: held.slice(from, from + pageSize),
        next: held.length > from + pageSize ? String(from + pageSize) : null,
        waiting: held.length,
        overdue: 0,
      };
    }
    case 'POST desk/claims':
      claimed.push({ take: [], release: [], ...(body as object) });
      return { mine: body['take'] ?? [], until: hour(1) };
    case 'POST desk/decisions': {
      const sent = body as unknown as Sent;
      decided.push(sent);
      const results = sent.contributionIds.map((contributionId) => ({
        contributionId,
        result: 'done',
        moderation: 'published',
        by: null,
        ...judge(contributionId, sent),
      }));
      const gone = new Set(
        results.filter((r) => r.result === 'done' && r.moderation !== 'held').map((r) => r.contributionId),
      );
      held = held.filter((each) => !gone.has(each.id));
      return { decided: results };
    }
    case 'GET policy':
      return policy;
    case 'GET spaces':
      return {
        rule: policy.rule,
        spaces: [{ ...space, rule: policy.rule, own: false, held: isHeldSpace }],
      };
    default:
      if (!what.endsWith('/hold')) throw new Error(`Not expected: ${what}`);
      isHeldSpace = body['held'] === true;
      return {};
  }
}

beforeEach(() => {
  startTexts();
  held = [1, 2, 3, 4].map((n) => item(n));
  isHeldSpace = false;
  decided = [];
  claimed = [];
  judge = () => ({});
  pageSize = 50;
  globalThis.fetch = ((path: string, init: RequestInit) => {
    const [bare = '', query] = path.replace(`/api/c/${community.id}/`, '').split('?');
    const body = {
      ...Object.fromEntries(new URLSearchParams(query)),
      ...(JSON.parse(String(init.body ?? '{}')) as Record<string, unknown>),
    };
    return Promise.resolve({
      ok: true,
      headers: new Headers(),
      json: () => Promise.resolve(reply(`${init.method} ${bare}`, body)),
    } as unknown as Response);
  }) as typeof fetch;
  AbortSignal.timeout ??= () => new AbortController().signal;
  jest.spyOn(navigator, 'languages', 'get').mockReturnValue(['en-GB']);
});
afterEach(() => {
  jest.restoreAllMocks();
  localStorage.clear();
});

const queries = { current: makeQueries() };
async function open() {
  queries.current = makeQueries();
  const root = createRootRoute({ component: HeldPage });
  const router = createRouter({ routeTree: root, history: createMemoryHistory() });
  render(
    <QueryClientProvider client={queries.current}>
      <Look>
        <PlaceProvider value={place}>
          <RouterProvider router={router as never} />
        </PlaceProvider>
      </Look>
    </QueryClientProvider>,
  );
  await screen.findByRole('heading', { level: 2 });
}
/** As the desk looks again after some seconds. */
const lookAgain = () => act(() => queries.current.refetchQueries({ queryKey: ['moderation'] }));
const type = (keys: string) => userEvent.keyboard(keys);
const heading = (name: string) => screen.findByRole('heading', { level: 2, name });
const row = (n: number) => screen.getByRole('button', { name: new RegExp(`^Words number ${n}\\b`) });

test('j, k and the arrows move; the focus is on the row, and the thing itself beside it', async () => {
  await open();
  expect(await heading('Note by Author 1')).toBeVisible();
  await type('j');
  await waitFor(() => expect(row(2)).toHaveFocus());
  await type('{ArrowDown}');
  await heading('Note by Author 3');
  await type('k');
  await heading('Note by Author 2');
  expect(row(2)).toHaveAttribute('aria-current', 'true');
});

test('A approves, and the focus goes to the next; the item is taken while it is looked at and given back', async () => {
  await open();
  await waitFor(() => expect(claimed).toContainEqual({ take: [id(101)], release: [] }));
  await type('j');
  await waitFor(() => expect(claimed).toContainEqual({ take: [id(102)], release: [] }));
  expect(claimed).toContainEqual({ take: [], release: [id(101)] });
  await type('a');
  await heading('Note by Author 3');
  expect(decided).toEqual([{ contributionIds: [id(102)], decision: { action: 'approve' } }]);
  await waitFor(() => expect(row(3)).toHaveFocus());
  expect(screen.queryByRole('button', { name: /^Words number 2/ })).toBeNull();
  await type('t');
  await heading('Note by Author 4');
  expect(decided[1]!.decision).toEqual({ action: 'approveAndTrust' });
});

test('R returns with the reason of a number key, and the text for the author, in their language, can be changed', async () => {
  held[0] = item(1, { locale: 'de' });
  await open();
  await type('r');
  const form = await screen.findByRole('form', { name: 'Return it to its author' });
  await type('2');
  const note = within(form).getByRole('textbox', { name: 'What the author reads' });
  expect((note as HTMLTextAreaElement).value).toContain('Es greift jemanden an.');
  // Letters belong to the form while it is open.
  await type('a');
  expect(decided).toEqual([]);
  await userEvent.type(note, ' Danke.');
  await type('{Control>}{Enter}{/Control}');
  await heading('Note by Author 2');
  expect(decided).toEqual([
    {
      contributionIds: [id(101)],
      decision: { action: 'return', reason: 'abusive', note: expect.stringMatching(/greift.* Danke\.$/) },
    },
  ]);
});

test('nothing is declined without a reason, and Escape leaves the form', async () => {
  await open();
  await type('d{Enter}');
  expect(await screen.findByText(/Choose a reason/)).toBeVisible();
  expect(decided).toEqual([]);
  await type('{Escape}');
  expect(screen.queryByRole('form')).toBeNull();
  await waitFor(() => expect(row(1)).toHaveFocus());
});

test('what was typed is kept when it is refused', async () => {
  judge = () => ({ result: 'refused', moderation: null });
  await open();
  await type('e');
  const words = await screen.findByRole('textbox', { name: 'The words' });
  await userEvent.type(words, ' and much more than a slip');
  await type('{Control>}{Enter}{/Control}');
  expect(await screen.findByText(/more than a slip of the pen\. Leave it/)).toBeVisible();
  expect(words).toHaveValue('Words number 1 and much more than a slip');
  // Also when the item is left and looked at again.
  await type('{Escape}');
  await type('jke');
  expect(await screen.findByRole('textbox', { name: 'The words' })).toHaveValue(
    'Words number 1 and much more than a slip',
  );
});

test('S splits at empty lines, and W saves other words while the item stays', async () => {
  await open();
  await type('s');
  const parts = await screen.findByRole('textbox', { name: 'The parts' });
  await userEvent.clear(parts);
  await userEvent.type(parts, 'One.{Enter}{Enter}Two.');
  await userEvent.click(screen.getByRole('button', { name: 'Publish 2 parts' }));
  await heading('Note by Author 2');
  expect(decided[0]!.decision).toEqual({ action: 'split', parts: ['One.', 'Two.'] });
  judge = () => ({ moderation: 'held' });
  await type('w');
  const words = await screen.findByRole('textbox', { name: 'The words' });
  await userEvent.clear(words);
  await userEvent.type(words, 'Others.');
  await type('{Control>}{Enter}{/Control}');
  await waitFor(() => expect(screen.queryByRole('form')).toBeNull());
  expect(decided[1]!.decision).toEqual({ action: 'reword', body: 'Others.' });
  await heading('Note by Author 2');
});

test('M merges into one of those alike, Shift+M takes them all in', async () => {
  const others = (...of: number[]) =>
    of.map((n) => ({ id: id(100 + n), body: `Words number ${n}`, moderation: 'held' as const }));
  held = [item(1, { alike: others(2, 3) }), item(2, { alike: others(1, 3) }), item(3), item(4)];
  await open();
  judge = () => ({ moderation: 'merged' });
  await type('m2{Enter}');
  await waitFor(() => expect(decided).toHaveLength(1));
  expect(decided[0]).toEqual({ contributionIds: [id(101)], decision: { action: 'merge', into: id(103) } });
  held = [item(2, { alike: others(3, 4) }), item(3), item(4)];
  await lookAgain();
  await heading('Note by Author 2');
  await type('{Shift>}M{/Shift}');
  await waitFor(() => expect(decided).toHaveLength(2));
  expect(decided[1]).toEqual({
    contributionIds: [id(103), id(104)],
    decision: { action: 'merge', into: id(102) },
  });
});

test('what somebody else has shows who, and cannot be decided', async () => {
  held[0] = item(1, { claim: jo });
  await open();
  // One begins with the first that nobody has.
  await heading('Note by Author 2');
  await type('k');
  await heading('Note by Author 1');
  expect(screen.getByText(/Jo has this just now/)).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull();
  await type('a');
  await type('d');
  expect(decided).toEqual([]);
  expect(screen.queryByRole('form')).toBeNull();
  expect(claimed.some(({ take }) => take.includes(id(101)))).toBe(false);
});

test('when an item leaves meanwhile nothing jumps: it stays, and says so', async () => {
  await open();
  await type('j');
  await heading('Note by Author 2');
  held = [item(1), item(3), item(4)];
  await lookAgain();
  expect(await screen.findByText(/left the desk meanwhile/)).toBeVisible();
  expect(row(2)).toHaveFocus();
  await type('a');
  expect(decided).toEqual([]);
  await type('j');
  await heading('Note by Author 3');
  expect(screen.queryByRole('button', { name: /^Words number 2/ })).toBeNull();
});

test('what arrives is said politely, and takes no focus', async () => {
  await open();
  await type('j');
  await waitFor(() => expect(row(2)).toHaveFocus());
  held = [...held, item(5), item(6)];
  await lookAgain();
  expect(await screen.findByText('2 more items wait.')).toBeInTheDocument();
  expect(row(2)).toHaveFocus();
});

test('many are decided at once, and what became of each is said', async () => {
  judge = (contributionId) =>
    contributionId === id(102)
      ? { result: 'claimed', moderation: 'held', by: 'Jo' }
      : contributionId === id(103)
        ? { result: 'moved', moderation: 'declined', by: 'Maren' }
        : {};
  await open();
  await type('x');
  await userEvent.keyboard('{Shift>}');
  await userEvent.setup().click(row(2));
  await userEvent.keyboard('{/Shift}');
  await userEvent.click(screen.getByRole('button', { name: 'Select all 4' }));
  expect(await screen.findByRole('group', { name: '4 selected' })).toBeVisible();
  await type('a');
  const outcome = await screen.findByRole('region', { name: 'What became of them' });
  expect(decided).toEqual([
    { contributionIds: [id(101), id(102), id(103), id(104)], decision: { action: 'approve' } },
  ]);
  expect(within(outcome).getByRole('status')).toHaveTextContent(
    '2 done. 1 is with somebody else. 1 had moved on.',
  );
  expect(within(outcome).getByText('Jo has it just now.')).toBeVisible();
  expect(within(outcome).getByText('Maren had decided it before.')).toBeVisible();
  // What is not done stays selected, until it is undone.
  expect(screen.getByRole('group', { name: '2 selected' })).toBeVisible();
  await type('u');
  expect(screen.queryByRole('group', { name: /selected/ })).toBeNull();
});

test('all means all, over every page, in calls of two hundred', async () => {
  held = Array.from({ length: 210 }, (_, n) => item(n + 1));
  await open();
  // By text: with so many rows looking for roles takes its time here.
  await userEvent.click(screen.getByText('Select all that wait'));
  expect(await screen.findByText('210 selected', { selector: 'strong' }, { timeout: 5_000 })).toBeVisible();
  await type('a');
  expect(await screen.findByText('210 done.', { selector: 'p' }, { timeout: 5_000 })).toBeVisible();
  expect(decided.map(({ contributionIds }) => contributionIds.length)).toEqual([200, 10]);
  expect(new Set(decided.flatMap(({ contributionIds }) => contributionIds)).size).toBe(210);
  expect(await screen.findByText(/Nothing waits for you/)).toBeVisible();
}, 20_000);

test('an appeal shows what was decided and is left unpublished with a text, without a reason', async () => {
  const appeal = {
    words: 'I attacked nobody.',
    reason: 'It attacks somebody.',
    by: { name: 'Jo', title: 'Producer' },
  };
  held = [item(1, { moderation: 'appealed', appeal }), item(2)];
  await open();
  await heading('Appeal by Author 1');
  expect(
    screen.getByText(/Jo \(Producer\) decided that others do not see it.*It attacks somebody/),
  ).toBeVisible();
  expect(screen.getByText('I attacked nobody.')).toBeVisible();
  judge = () => ({ moderation: 'upheld' });
  await type('d');
  const form = await screen.findByRole('form', { name: 'Leave it unpublished' });
  expect(within(form).queryByRole('radio')).toBeNull();
  await type('{Control>}{Enter}{/Control}');
  await heading('Note by Author 2');
  expect(decided[0]!.decision).toEqual({
    action: 'uphold',
    note: expect.stringMatching(/looked at it again/),
  });
});

test('H holds all in the place and lifts it again; ? shows the keys, which can be turned off', async () => {
  await open();
  await type('h');
  expect(await screen.findByText(/All that is sent to “First look” is held, whatever/)).toBeVisible();
  await type('h');
  await waitFor(() => expect(screen.queryByText(/is held, whatever/)).toBeNull());
  await type('?');
  await userEvent.click(await screen.findByRole('checkbox', { name: 'Single keys act' }));
  await type('a');
  expect(decided).toEqual([]);
});

test('a key asks for nothing while one writes, or together with another', () => {
  const press = (key: string, more = {}) => ({
    ...{ key, target: document.body, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false },
    ...more,
  });
  expect(wishOf(press('a'))).toBe('approve');
  expect(wishOf(press('A'))).toBe('approve');
  expect(wishOf(press('A', { shiftKey: true }))).toBeNull();
  expect(wishOf(press('M', { shiftKey: true }))).toBe('mergeAll');
  expect(wishOf(press('?', { shiftKey: true }))).toBe('help');
  expect(wishOf(press('a', { ctrlKey: true }))).toBeNull();
  expect(wishOf(press('a', { target: document.createElement('textarea') }))).toBeNull();
});

test('what can be done depends on what it is and whose', () => {
  const appeal = { words: 'x', reason: 'y', by: { name: 'Samira', title: 'Moderator' } };
  expect(wishesFor(item(1, { type: 'reply' }))).toEqual(new Set(['approve', 'decline', 'spelling']));
  expect(wishesFor(item(1, { moderation: 'appealed' })).has('return')).toBe(false);
  expect(barrierOf(item(1, { author: { ...me } }), me)).toBe('own');
  expect(barrierOf(item(1, { claim: jo }), me)).toBe('claimed');
  expect(barrierOf(item(1, { appeal, moderation: 'appealed' }), me)).toBe('appealed');
  expect(refusing({ moderation: 'frozen' }, 'decline', 'abusive', null).action).toBe('hide');
  expect(partsOf(' a \n\n\n b\nc ')).toEqual(['a', 'b\nc']);
});
