import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Candidacy, Threshold } from '@parley/contracts/door';
import type { ErrorCode } from '@parley/contracts/errors';
import { Look } from '@parley/ui/theme';
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { makeQueries } from '../platform/api';
import { startTexts } from '../platform/i18n';
import { DoorPage } from './door-page';

const token = `o${'a'.repeat(22)}come-in-halden00`;
const threshold: Threshold = {
  community: {
    id: '0198c0de-0000-4000-8000-000000000001',
    slug: 'halden',
    name: 'Halden Roundtable',
    brand: 'Halden',
    purpose: 'Look at what comes next.',
    accent: '#117a75',
  },
  from: { name: 'Maren Vogt', role: 'manager' },
  note: '',
  address: null,
  questions: 2,
  minutes: 1,
};
const candidacy: Candidacy = {
  threshold,
  step: 'contact',
  screener: null,
  consents: [],
  heldUntil: null,
  offered: false,
  waiting: null,
  address: null,
  openQuestion: '',
  voice: null,
};

type Reply = object | ErrorCode | 'no connection';
const asked = jest.fn<(path: string, body: Record<string, unknown>) => Reply>();
const answer = (reply: Reply) => {
  // It takes a moment, in which the second half of a double tap comes.
  if (reply === 'no connection')
    return new Promise<Response>((_, fail) => setTimeout(() => fail(new TypeError('offline')), 50));
  const isRefusal = typeof reply === 'string';
  const body = isRefusal ? { code: reply, message: 'x', retryable: false, left: 4, ref: '' } : reply;
  return Promise.resolve({
    ok: !isRefusal,
    headers: new Headers(),
    json: () => Promise.resolve(body),
  } as unknown as Response);
};

beforeEach(() => {
  startTexts();
  asked.mockReset();
  globalThis.fetch = ((path: string, init: RequestInit) =>
    answer(asked(path, JSON.parse(String(init.body ?? '{}')) as Record<string, unknown>))) as typeof fetch;
  AbortSignal.timeout ??= () => new AbortController().signal;
  // What every browser has, and this stand-in for one has not.
  crypto.randomUUID ??= () => '0198c0de-0000-4000-8000-00000000000a';
  window.scrollTo = jest.fn() as unknown as typeof window.scrollTo;
  jest.spyOn(navigator, 'languages', 'get').mockReturnValue(['en-GB']);
});
afterEach(() => {
  jest.restoreAllMocks();
  window.history.replaceState(null, '', '/');
  sessionStorage.clear();
  localStorage.clear();
});

const open = (hash: string, onInside = jest.fn(() => Promise.resolve())) => {
  window.history.replaceState(null, '', `/door${hash}`);
  const view = render(
    <QueryClientProvider client={makeQueries()}>
      <Look>
        <DoorPage onInside={onInside} />
      </Look>
    </QueryClientProvider>,
  );
  return { onInside, ...view };
};
const press = (name: string) => userEvent.click(screen.getByRole('button', { name }));
const sentTo = (path: string) => asked.mock.calls.filter(([to]) => to === path).map(([, body]) => body);
async function toAge() {
  await userEvent.click(await screen.findByRole('button', { name: 'Begin' }));
  await userEvent.type(screen.getByLabelText('Day'), '05031990');
}
const everythingKept = () => JSON.stringify({ ...localStorage, ...sessionStorage });

test('the link leaves the address at once, and a reload goes on without it', async () => {
  asked.mockReturnValue({ threshold, candidacy: null });
  const first = open(`#${token}`);
  expect(await screen.findByRole('heading', { name: 'Halden Roundtable' })).toBeInTheDocument();
  expect(window.location.hash).toBe('');
  expect(sentTo('/api/door/open')).toEqual([{ token }]);
  first.unmount();
  open('');
  expect(await screen.findByRole('button', { name: 'Begin' })).toBeInTheDocument();
});

test('half a link says so and asks nothing', () => {
  open('#oabc');
  expect(screen.getByRole('heading', { name: 'This link is not complete' })).toBeInTheDocument();
  expect(asked).not.toHaveBeenCalled();
});

test('a double tap sends the date once, and once more it is the same application', async () => {
  let reply: Reply = 'no connection';
  asked.mockImplementation((path) => (path === '/api/door/open' ? { threshold, candidacy: null } : reply));
  open(`#${token}`);
  await toAge();
  await userEvent.dblClick(screen.getByRole('button', { name: 'Continue' }));
  expect(await screen.findByText(/No answer from the server/)).toBeInTheDocument();
  expect(sentTo('/api/door/age')).toHaveLength(1);
  expect(screen.getByLabelText('Year')).toHaveValue('1990');
  reply = candidacy;
  await press('Continue');
  expect(await screen.findByRole('heading', { name: 'Your name and your address' })).toHaveFocus();
  const [first, second] = sentTo('/api/door/age');
  expect(first).toMatchObject({ born: '1990-03-05', locale: 'en' });
  expect(second).toEqual(first);
  expect(everythingKept()).not.toMatch(/1990/);
});

test('who is too young sees the same end again, and nothing of the date is kept', async () => {
  asked.mockImplementation((path) =>
    path === '/api/door/open' ? { threshold, candidacy: null } : 'door.underAge',
  );
  const first = open(`#${token}`);
  await toAge();
  await press('Continue');
  expect(await screen.findByText('You cannot take part.')).toBeInTheDocument();
  expect(screen.queryByRole('button')).not.toBeInTheDocument();
  expect(everythingKept()).not.toMatch(/1990|halden00/);
  first.unmount();
  for (const hash of ['', `#${token}`]) {
    const again = open(hash);
    expect(screen.getByText('You cannot take part.')).toBeInTheDocument();
    again.unmount();
  }
  expect(sentTo('/api/door/open')).toHaveLength(1);
});

test('a date that does not exist is named by its field and not sent', async () => {
  asked.mockReturnValue({ threshold, candidacy: null });
  open(`#${token}`);
  await userEvent.click(await screen.findByRole('button', { name: 'Begin' }));
  await userEvent.type(screen.getByLabelText('Day'), '31021990');
  await press('Continue');
  const day = screen.getByLabelText('Day');
  expect(day).toHaveFocus();
  expect(day).toBeInvalid();
  expect(day).toHaveAccessibleDescription('There is no such day: February 1990 has 28 days.');
  expect(sentTo('/api/door/age')).toHaveLength(0);
});

test('six digits are sent by themselves; a wrong code says the tries left, and stays', async () => {
  const atCode: Candidacy = {
    ...candidacy,
    step: 'code',
    address: { shown: 'n•••@example.org', confirmed: false },
  };
  let reply: Reply = 'code.wrong';
  asked.mockImplementation((path) => (path === '/api/door/open' ? { threshold, candidacy: atCode } : reply));
  const { onInside } = open(`#${token}`);
  const field = await screen.findByLabelText('Six-digit code');
  await userEvent.type(field, '123 456');
  expect(await screen.findByText(/You have 4 tries left/)).toBeInTheDocument();
  expect(field).toHaveValue('123456');
  expect(field).toBeInvalid();
  reply = { ...atCode, step: 'inside' };
  await userEvent.keyboard('654321');
  await waitFor(() => expect(onInside).toHaveBeenCalledTimes(1));
  expect(sentTo('/api/door/code')).toEqual([{ code: '123456' }, { code: '654321' }]);
});

test('who waits is told what is full, the place, and that nobody knows how long', async () => {
  const waiting = {
    place: 3,
    of: 214,
    typicalDays: null,
    full: ['Halden owners'],
    since: '2026-11-20T10:00:00Z',
  };
  asked.mockReturnValue({
    threshold,
    candidacy: { ...candidacy, step: 'waiting', waiting, openQuestion: 'What do we never ask?' },
  });
  open(`#s${'b'.repeat(60)}`);
  expect(await screen.findByText(/taken at the moment: Halden owners/)).toBeInTheDocument();
  expect(screen.getByText('of 214 who wait')).toBeInTheDocument();
  expect(screen.getByText(/Nobody can say yet/)).toBeInTheDocument();
  expect(screen.getByRole('heading', { name: 'What do we never ask?' })).toBeInTheDocument();
  expect(document.body).not.toHaveTextContent(/disqualified|rejected|screened out/i);
});

test('everything is erased only after a second press', async () => {
  asked.mockImplementation((path) =>
    path === '/api/door/open' ? { threshold, candidacy: { ...candidacy, step: 'notThisTime' } } : {},
  );
  open(`#${token}`);
  await screen.findByRole('heading', { name: 'Not this time' });
  await press('Withdraw and erase what I said');
  expect(sentTo('/api/door/withdraw')).toHaveLength(0);
  await press('Withdraw and erase');
  expect(await screen.findByRole('heading', { name: 'You have withdrawn' })).toBeInTheDocument();
  expect(everythingKept()).toBe('{}');
});
