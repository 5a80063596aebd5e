import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Application, DoorDesk, ImportReport, Plan, PlanState } from '@parley/contracts/door';
import type { FactDef } from '@parley/contracts/profile';
import type { ScreenerBody } from '@parley/contracts/screener';
import { Look } from '@parley/ui/theme';
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { makeQueries } from '../platform/api';
import { startTexts } from '../platform/i18n';
import { PlaceProvider } from '../platform/place';
import { InvitationsPage } from './invitations';
import { OverviewPage } from './overview';
import { problemsOf, QuotasPage, widened } from './quotas';
import { ScreenerPage } from './screener-builder';
import { WaitingPage } from './waiting-people';

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
const place = {
  personId: id(2),
  membership: {
    memberId: id(3),
    handle: 'Maren',
    role: 'manager' as const,
    status: 'active' as const,
    community,
  },
};
const fact: FactDef = {
  key: 'ownership',
  label: 'Your bicycle',
  kind: 'single',
  options: [
    { value: 'owner', label: 'Rides a Halden' },
    { value: 'nonowner', label: 'Rides another make' },
  ],
  editable: true,
  sensitive: false,
};
const counts = { filled: 4, reserved: 0, waiting: 3, state: 'full' as const };
const plan: PlanState = {
  version: 2,
  total: { ...counts, state: 'open', hard: 500 },
  cells: [
    {
      ...counts,
      id: id(10),
      label: 'Owners',
      rule: [{ fact: 'ownership', is: 'anyOf', values: ['owner'] }],
      target: 4,
      soft: 3,
      hard: 4,
    },
  ],
  shares: [],
};
const desk: DoorDesk = { sources: [], plan, questions: 5, waiting: 3, unreadVoices: 0 };
const body: ScreenerBody = {
  minAge: 16,
  intro: '',
  openQuestion: '',
  questions: [
    {
      id: id(20),
      kind: 'single',
      title: 'Which bicycle do you ride?',
      help: '',
      required: true,
      askedIf: null,
      least: null,
      most: null,
      ends: ['', ''],
      options: [
        { value: 'owner', label: 'A Halden', leads: 'on' },
        { value: 'nonowner', label: 'Another', leads: 'on' },
      ],
      within: null,
      fact: 'ownership',
    },
  ],
};
const person = (n: number, more: Partial<Application> = {}): Application => ({
  id: id(100 + n),
  status: 'waiting',
  source: 'City Wheels',
  handle: `Person ${n}`,
  email: `p${n}@example.org`,
  facts: [{ label: 'Your bicycle', value: 'Rides a Halden' }],
  place: n,
  full: ['Owners'],
  since: '2026-11-19T10:00:00.000Z',
  voice: null,
  ...more,
});

interface Refused {
  refused: string;
}
const asked = jest.fn<(what: string, body: Record<string, unknown>) => object | Refused>();
const answer = (reply: object | Refused) => {
  const isRefusal = 'refused' in reply;
  return Promise.resolve({
    ok: !isRefusal,
    headers: new Headers(),
    json: () =>
      Promise.resolve(isRefusal ? { code: reply.refused, message: 'x', retryable: false, ref: '' } : reply),
  } as unknown as Response);
};
/** What the server says, by method and the end of the path. */
function serve(says: Record<string, object | ((body: Record<string, unknown>) => object)>) {
  asked.mockImplementation((what, sent) => {
    const found = Object.entries(says).find(([key]) => what === key);
    if (!found) throw new Error(`Not expected: ${what}`);
    const [, reply] = found;
    return typeof reply === 'function' ? (reply as (body: object) => object)(sent) : reply;
  });
}
const sentTo = (what: string) => asked.mock.calls.filter(([to]) => to === what).map(([, sent]) => sent);

let made = 0;
beforeEach(() => {
  startTexts();
  asked.mockReset();
  made = 0;
  globalThis.fetch = ((path: string, init: RequestInit) =>
    answer(
      asked(
        `${init.method} ${path.replace(`/api/c/${community.id}/`, '').replace(/\?.*/, '')}`,
        JSON.parse(String(init.body ?? '{}')) as Record<string, unknown>,
      ),
    )) as typeof fetch;
  AbortSignal.timeout ??= () => new AbortController().signal;
  // What every browser has, and this stand-in for one has not.
  crypto.randomUUID = () => id(9000 + (made += 1)) as ReturnType<typeof crypto.randomUUID>;
  jest.spyOn(navigator, 'languages', 'get').mockReturnValue(['en-GB']);
});
afterEach(() => {
  jest.restoreAllMocks();
  localStorage.clear();
});

async function open(page: ReactNode) {
  const root = createRootRoute({ component: () => page });
  const router = createRouter({ routeTree: root, history: createMemoryHistory() });
  const view = render(
    <QueryClientProvider client={makeQueries()}>
      <Look>
        <PlaceProvider value={place}>
          <RouterProvider router={router as never} />
        </PlaceProvider>
      </Look>
    </QueryClientProvider>,
  );
  await waitFor(() => expect(asked).toHaveBeenCalled());
  return view;
}
const press = async (name: string | RegExp) => userEvent.click(await screen.findByRole('button', { name }));

const screenerSays = (version = 3) => ({ screener: { version, at: null, body }, facts: [fact] });
const atQuestions = { applications: [], all: 12 };

test('a door without questions or invitations says what is missing, and who begins it', async () => {
  const counted = { filled: 1, reserved: 0, waiting: 0, state: 'open' as const };
  const fresh: PlanState = { version: 1, total: { ...counted, hard: null }, cells: [], shares: [] };
  serve({ 'GET door': { sources: [], plan: fresh, questions: 0, waiting: 0, unreadVoices: 0 } });
  await open(<OverviewPage />);
  const needs = within(await screen.findByRole('list', { name: 'What needs you' }));
  expect(needs.getAllByRole('link').map((link) => link.textContent)).toEqual([
    'No screener yet: everybody gets in unasked. Write one',
    'Nobody is invited yet. Make a link or write to people',
  ]);
  expect(screen.getByText(/Make a link or send the first invitations/)).toBeInTheDocument();
});

test('what is built in the screener page is what is published', async () => {
  serve({
    'GET door/screener': screenerSays(),
    'GET door/applications': atQuestions,
    'POST door/screener': ({ body: sent }) => ({ version: 4, at: null, body: sent as object }),
  });
  await open(<ScreenerPage />);
  expect(await screen.findByText(/12 people are at the questions now and keep the version/)).toBeVisible();
  await press('Add a question');
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Number' }));
  const card = await screen.findByRole('region', { name: 'Question 2' });
  await waitFor(() => expect(within(card).getByLabelText('Question')).toHaveFocus());
  await userEvent.keyboard('How many years?');
  await userEvent.click(screen.getByLabelText('Some answers lead elsewhere'));
  const asks = screen.getByRole('region', { name: 'How many years?' });
  await userEvent.type(within(asks).getAllByLabelText('Least')[1]!, '2');
  await userEvent.selectOptions(within(asks).getByLabelText('Outside of it'), 'waiting');
  await userEvent.selectOptions(within(asks).getByLabelText('Asked'), id(20));
  await press('Publish version 4');
  await waitFor(() => expect(sentTo('POST door/screener')).toHaveLength(1));
  expect(sentTo('POST door/screener')[0]).toEqual({
    basedOn: 3,
    body: {
      ...body,
      questions: [
        body.questions[0],
        expect.objectContaining({
          kind: 'number',
          title: 'How many years?',
          within: { least: 2, most: null, otherwise: 'waiting' },
          askedIf: { questionId: id(20), anyOf: ['owner'] },
        }),
      ],
    },
  });
});

test('a question is moved with Alt and the arrows, and one that depends on it says so', async () => {
  serve({ 'GET door/screener': screenerSays(), 'GET door/applications': atQuestions });
  await open(<ScreenerPage />);
  await press(/^Duplicate/);
  const [first, second] = await screen.findAllByRole('region', { name: 'Which bicycle do you ride?' });
  await userEvent.selectOptions(within(second!).getByLabelText('Asked'), id(20));
  await userEvent.clear(within(second!).getByLabelText('Question'));
  await userEvent.type(within(second!).getByLabelText('Question'), 'And before?');
  await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}');
  expect(screen.getByText('1 · One answer').closest('section')).toHaveAccessibleName('And before?');
  expect(within(first!).getByText('2 · One answer')).toBeInTheDocument();
  expect(screen.getByText(/Choose a question that stands before this one/)).toBeInTheDocument();
});

test('a removed question comes back at its place', async () => {
  serve({ 'GET door/screener': screenerSays(), 'GET door/applications': atQuestions });
  await open(<ScreenerPage />);
  await press(/^Remove: Which/);
  expect(screen.queryByRole('region', { name: /Which bicycle/ })).toBeNull();
  expect(screen.getByRole('button', { name: 'Undo' })).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  expect(await screen.findByRole('region', { name: 'Which bicycle do you ride?' })).toBeInTheDocument();
});

test('a version of somebody else keeps what was written, and can be followed', async () => {
  let version = 3;
  serve({
    'GET door/screener': () => screenerSays(version),
    'GET door/applications': atQuestions,
    'POST door/screener': ({ basedOn, body: sent }) => {
      if (basedOn === version) return { version: version + 1, at: null, body: sent as object };
      return { refused: 'door.stale' };
    },
  });
  await open(<ScreenerPage />);
  await userEvent.type(await screen.findByLabelText('Before the first question'), 'Hello.');
  version = 4;
  await press('Publish version 4');
  expect(await screen.findByText(/Version 4 has been published since you began/)).toBeInTheDocument();
  expect(screen.getByLabelText('Before the first question')).toHaveValue('Hello.');
  await press('Publish mine after it');
  expect(await screen.findByText('Version 5 is published.')).toBeInTheDocument();
  expect(sentTo('POST door/screener').map(({ basedOn }) => basedOn)).toEqual([3, 4]);
});

test('more places move the end, the warning and the target of one cell alone', () => {
  const before: Plan = {
    total: 500,
    cells: [
      { ...plan.cells[0]!, soft: 3, hard: 4, target: 4 },
      { ...plan.cells[0]!, id: id(11), soft: null, hard: null, target: 9 },
    ],
    shares: [],
  };
  expect(widened(before, id(10), 5).cells[0]).toMatchObject({ soft: 8, hard: 9, target: 9 });
  expect(widened(before, id(10), 5).cells[1]).toEqual(before.cells[1]);
  expect(widened(before, id(11), 5)).toEqual(before);
});

test('a plan says where it is not finished', () => {
  const cell = { id: id(10), label: '', rule: [], target: 1, soft: 9, hard: 4 };
  const share = { id: id(12), label: 'Others', rule: plan.cells[0]!.rule, least: 0 };
  expect([...problemsOf({ total: null, cells: [cell], shares: [share] })].sort()).toEqual([
    'cells.0.label',
    'cells.0.rule',
    'cells.0.soft',
    'shares.0.least',
  ]);
});

test('a least share is written, tried and published', async () => {
  const after = { enter: 41, over: ['Owners'], state: plan };
  serve({
    'GET door': desk,
    'GET door/screener': screenerSays(),
    'POST door/plan/try': after,
    'POST door/plan': { ...plan, version: 3 },
  });
  await open(<QuotasPage />);
  await press('Add a least share');
  await press('Publish the quotas');
  expect(await screen.findByText('A name of 1 to 60 characters.')).toBeInTheDocument();
  expect(screen.getByText('Say whom it is about.')).toBeInTheDocument();
  expect(asked.mock.calls.some(([what]) => what === 'POST door/plan')).toBe(false);

  const card = screen.getByRole('region', { name: 'New least share' });
  await userEvent.type(within(card).getByLabelText('Least share'), 'Non-owners');
  const named = screen.getByRole('region', { name: 'Non-owners' });
  await userEvent.click(within(named).getByRole('button', { name: 'Say whom it is about' }));
  await userEvent.selectOptions(within(named).getByLabelText('Condition'), 'noneOf');
  const least = within(named).getByLabelText('At least so many of a hundred');
  await userEvent.clear(least);
  await userEvent.type(least, '60');
  expect(await screen.findByText('With this change 41 waiting people could enter now.')).toBeInTheDocument();
  expect(screen.getByText('Owners: more are inside than this allows. They stay.')).toBeInTheDocument();
  await press('Publish the quotas');
  await waitFor(() => expect(sentTo('POST door/plan')).toHaveLength(1));
  expect(sentTo('POST door/plan')[0]).toMatchObject({
    basedOn: 2,
    plan: {
      shares: [
        {
          label: 'Non-owners',
          rule: [{ fact: 'ownership', is: 'noneOf', values: ['owner'] }],
          least: 60,
        },
      ],
    },
  });
});

test('a list is checked before anything is sent, and says each row in words', async () => {
  const report: ImportReport = {
    rows: 40,
    good: 37,
    bad: 3,
    problems: [
      { row: 17, problem: 'address', what: 'lena(at)example.org', twin: null },
      { row: 20, problem: 'twice', what: 'x@example.org', twin: 4 },
      { row: 31, problem: 'member', what: 'ines@example.org', twin: null },
    ],
  };
  serve({
    'GET door': { ...desk, sources: [] },
    'GET door/screener': screenerSays(),
    'POST door/imports/check': report,
    'POST door/imports': { report, source: null },
  });
  await open(<InvitationsPage />);
  await press('Invite by mail');
  await userEvent.click(screen.getByRole('radio', { name: 'A CSV file' }));
  const file = new File(['email\nlena(at)example.org\nk\u00f6ln@example.org'], 'people.csv');
  // Such as Windows writes it: what is no UTF-8 must not pass for letters.
  Object.assign(file, { arrayBuffer: () => Promise.resolve(new Uint8Array([0x6b, 0xf6, 0x40]).buffer) });
  await userEvent.upload(document.querySelector<HTMLInputElement>('input[type=file]')!, file);
  expect(await screen.findByText(/letters that are not UTF-8/)).toBeInTheDocument();
  await press('Check first');
  expect(await screen.findByText('Row 17: not an e-mail address: lena(at)example.org')).toBeInTheDocument();
  expect(screen.getByText('Row 20 repeats row 4: x@example.org')).toBeInTheDocument();
  expect(screen.getByText('Row 31 is a member already: ines@example.org')).toBeInTheDocument();
  expect(screen.getByRole('heading', { name: '37 people can be invited. 3 rows cannot.' })).toHaveFocus();

  await press('Leave these rows out and send 37 invitations');
  expect(await screen.findByText('A name of 1 to 80 characters.')).toBeInTheDocument();
  expect(sentTo('POST door/imports')).toEqual([]);
  await userEvent.type(screen.getByLabelText('Name of the source'), 'Letters');
  await press('Leave these rows out and send 37 invitations');
  await waitFor(() => expect(sentTo('POST door/imports')).toHaveLength(1));
  expect(sentTo('POST door/imports')[0]).toMatchObject({ label: 'Letters', leaveOut: true });
});

test('one person is invited at once, and a problem stands at the address', async () => {
  const report: ImportReport = {
    rows: 1,
    good: 0,
    bad: 1,
    problems: [{ row: 1, problem: 'member', what: 'ines@example.org', twin: null }],
  };
  serve({
    'GET door': desk,
    'GET door/screener': screenerSays(),
    'POST door/imports': { report, source: null },
  });
  await open(<InvitationsPage />);
  await press('Invite by mail');
  await userEvent.type(screen.getByLabelText('E-mail address'), 'ines@example.org');
  await userEvent.type(screen.getByLabelText('Name, if you know it'), 'Ines "I" C.{Enter}');
  expect(await screen.findByText('This person is a member already.')).toBeInTheDocument();
  expect(sentTo('POST door/imports')[0]).toMatchObject({
    csv: '"ines@example.org","Ines ""I"" C."',
    leaveOut: false,
  });
});

test('nobody is turned away without a reason, and the next one is at hand', async () => {
  let people = [person(1), person(2)];
  const path = `POST door/applications/${id(101)}/decision`;
  serve({
    'GET door/applications': () => ({ applications: people, all: people.length }),
    [path]: () => {
      people = [person(2)];
      return person(1, { status: 'notThisTime', place: null });
    },
  });
  await open(<WaitingPage />);
  await press(/^1\. Person 1/);
  await press('Not this time');
  await press('Tell them');
  expect(await screen.findByText(/Write why, in a sentence/)).toBeInTheDocument();
  expect(sentTo(path)).toEqual([]);
  await userEvent.type(screen.getByLabelText('Why not'), 'The mould is fixed.');
  await press('Tell them');
  expect(await screen.findByText(/Person 1 has been told “not this time”/)).toBeInTheDocument();
  expect(sentTo(path)).toEqual([{ decision: 'notThisTime', reason: 'The mould is fixed.' }]);
  expect(screen.getByRole('button', { name: /Person 2/ })).toHaveFocus();
});

test('the keys of the list move, and offer a place', async () => {
  const path = `POST door/applications/${id(102)}/decision`;
  serve({
    'GET door/applications': { applications: [person(1), person(2), person(3)], all: 3 },
    [path]: person(2, { status: 'offered', place: null }),
  });
  await open(<WaitingPage />);
  await press(/^1\. Person 1/);
  await userEvent.keyboard('jjk');
  expect(screen.getByRole('button', { name: /^2\. Person 2/ })).toHaveFocus();
  await userEvent.keyboard('o');
  await waitFor(() => expect(sentTo(path)).toEqual([{ decision: 'offer', reason: '' }]));
  expect(await screen.findByText('Person 2 has been offered a place, by mail.')).toBeInTheDocument();
});
