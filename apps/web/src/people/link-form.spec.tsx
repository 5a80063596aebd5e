import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Look } from '@parley/ui/theme';
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { makeQueries } from '../platform/api';
import { startTexts } from '../platform/i18n';
import { LinkForm } from './link-form';

const asked = jest.fn<typeof fetch>();
const me = {
  personId: '0198c0de-0000-4000-8000-000000000001',
  name: 'Ines',
  email: 'ines@example.org',
  locale: 'en',
  admin: false,
  factor: 'free',
  memberships: [],
};

beforeEach(() => {
  startTexts();
  asked.mockReset();
  asked.mockImplementation(() =>
    Promise.resolve({ ok: true, headers: new Map(), json: () => Promise.resolve(me) } as unknown as Response),
  );
  globalThis.fetch = asked;
  AbortSignal.timeout ??= () => new AbortController().signal;
});
afterEach(() => {
  window.location.hash = '';
});

const open = (hash: string, onSignedIn = jest.fn()) => {
  window.location.hash = hash;
  render(
    <QueryClientProvider client={makeQueries()}>
      <Look>
        <LinkForm onSignedIn={onSignedIn} />
      </Look>
    </QueryClientProvider>,
  );
  return onSignedIn;
};

test('opening the link of a mail changes nothing', () => {
  open('#abcdefghijklmnopqrstuvwxyz');
  expect(asked).not.toHaveBeenCalled();
});

test('the button sends the token of the link, in the body, and signs in', async () => {
  const onSignedIn = open('#abcdefghijklmnopqrstuvwxyz');
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(asked).toHaveBeenCalledTimes(1);
  const [url, init] = asked.mock.calls[0]!;
  expect(url).toBe('/api/sign-in/redeem');
  expect(init).toMatchObject({ method: 'POST', body: '{"token":"abcdefghijklmnopqrstuvwxyz"}' });
  expect(onSignedIn).toHaveBeenCalledWith(expect.objectContaining({ name: 'Ines' }));
});

test('a link without a token says what to do and offers no button', () => {
  open('');
  expect(screen.queryByRole('button')).not.toBeInTheDocument();
  expect(screen.getByText(/not complete/)).toBeInTheDocument();
});
