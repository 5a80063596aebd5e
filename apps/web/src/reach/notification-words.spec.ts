import { beforeEach, expect, jest, test } from '@jest/globals';
import { Locale } from '@parley/contracts/people';
import { type Notification, NotificationKind, toldSteps } from '@parley/contracts/reach';
import { renderHook } from '@testing-library/react';
import i18next from 'i18next';
import { startTexts } from '../platform/i18n';
import { pageOf, useNotificationWords } from './notification-words';

const id = '0198c0de-0000-4000-8000-000000000001';
const other = '0198c0de-0000-4000-8000-000000000002';
const told = (kind: NotificationKind, data: Notification['data'] = {}): Notification => ({
  ...{ id, kind, data, read: false },
  at: '2026-11-26T10:00:00.000Z',
});

beforeEach(() => {
  jest.spyOn(navigator, 'languages', 'get').mockReturnValue(['en-GB']);
  startTexts();
});

test.each(Locale.options)('every kind, and every step of a receipt, is told in words: %s', async (locale) => {
  await i18next.changeLanguage(locale);
  const words = renderHook(() => useNotificationWords()).result.current;
  const whole = { title: 'The title', on: '2026-12-24', by: 'Maria', count: 3 };
  const lines = [
    ...NotificationKind.options.map((kind) => words(told(kind, whole))),
    ...toldSteps.map((step) => words(told('receipt', { step }))),
    // What is missing leaves no hole.
    words(told('reply')),
    words(told('itemsWait')),
  ];
  // Each says what happened, and none only that something did.
  expect(new Set(lines).size).toBe(lines.length);
  expect(lines.slice(1)).not.toContain(words(told('receipt')));
  for (const line of lines) {
    expect(line).not.toMatch(/\{\{|undefined|null|told\./);
    expect(line.length).toBeGreaterThan(8);
  }
});

test('each leads to the page that it is about', () => {
  const both = { contributionId: id, updateId: other };
  const pages = Object.fromEntries(
    NotificationKind.options.map((kind) => [kind, pageOf(told(kind, both), 'halden')] as const),
  );
  const update = { to: '/c/$slug/updates/$updateId', params: { slug: 'halden', updateId: other } };
  for (const kind of ['update', 'verify', 'corrected'] as const) expect(pages[kind]).toEqual(update);
  expect(pages.reply?.to).toBe('/c/$slug/impact/$contributionId');
  expect(pageOf(told('receipt', { contributionId: id }), 'halden').to).toBe(
    '/c/$slug/impact/$contributionId',
  );
  expect(pages.itemsWait?.to).toBe('/c/$slug/desk');
  expect(pages.promiseLate?.to).toBe('/c/$slug/loop/promises');
  expect(pages.promiseMoved?.to).toBe('/c/$slug/promises');
  expect(pages.approval?.to).toBe('/c/$slug/loop/updates/$updateId');
  expect(pageOf(told('receipt'), 'halden').to).toBe('/c/$slug/impact');
});
