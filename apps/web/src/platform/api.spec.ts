import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { CallError } from '@parley/client/http';
import { listWays } from '@parley/contracts/factors';
import { api, proveWith } from './api';

const ways = { company: null };
const refusal = (code: string) => ({ code, message: 'No.', retryable: false, ref: 'x' });
const fetched = jest.fn<typeof fetch>();
const answer = (ok: boolean, body: object) =>
  fetched.mockImplementationOnce(() =>
    Promise.resolve({ ok, headers: new Map(), json: () => Promise.resolve(body) } as unknown as Response),
  );
let stop = () => {};

beforeEach(() => {
  fetched.mockReset();
  globalThis.fetch = fetched;
  AbortSignal.timeout ??= () => new AbortController().signal;
});
afterEach(() => stop());

test.each(['factor.again', 'factor.required'])(
  'after %s the person is asked, and then the server again',
  async (code) => {
    const ask = jest.fn(() => Promise.resolve(true));
    stop = proveWith(ask);
    answer(false, refusal(code));
    answer(true, ways);
    expect(await api(listWays, {})).toEqual(ways);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(fetched).toHaveBeenCalledTimes(2);
  },
);

test('who does not prove it is told the refusal, and nothing is asked twice', async () => {
  stop = proveWith(() => Promise.resolve(false));
  answer(false, refusal('factor.again'));
  await expect(api(listWays, {})).rejects.toMatchObject({ code: 'factor.again' });
  expect(fetched).toHaveBeenCalledTimes(1);
});

test('many that wait for the proof ask for it once', async () => {
  let give = (_given: boolean) => {};
  const ask = jest.fn(() => new Promise<boolean>((done) => (give = done)));
  stop = proveWith(ask);
  for (let at = 0; at < 3; at += 1) answer(false, refusal('factor.again'));
  for (let at = 0; at < 3; at += 1) answer(true, ways);
  const calls = [1, 2, 3].map(() => api(listWays, {}));
  await new Promise((done) => setTimeout(done, 10));
  give(true);
  expect(await Promise.all(calls)).toEqual([ways, ways, ways]);
  expect(ask).toHaveBeenCalledTimes(1);
});

test('a refusal that comes again after the proof is told, and another is not for a proof', async () => {
  const ask = jest.fn(() => Promise.resolve(true));
  stop = proveWith(ask);
  answer(false, refusal('factor.again'));
  answer(false, refusal('factor.again'));
  await expect(api(listWays, {})).rejects.toBeInstanceOf(CallError);
  expect(ask).toHaveBeenCalledTimes(1);
  answer(false, refusal('auth.forbidden'));
  await expect(api(listWays, {})).rejects.toMatchObject({ code: 'auth.forbidden' });
  expect(ask).toHaveBeenCalledTimes(1);
});
