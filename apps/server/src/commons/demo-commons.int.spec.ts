import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { costDemoCommons, fillDemoCommons } from '@parley/contracts/demo';
import { startTestServer, type TestServer } from '../../test/server';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

it('fills the commons each place once, and counts what its pages ask for', async () => {
  const maker = server.stranger();
  const fill = {
    slug: 'halden',
    members: 50,
    from: 0,
    contributions: 400,
    fromRating: 0,
    ratings: 4_000,
    of: 400,
  };
  const made = await maker.call(fillDemoCommons, fill);
  expect(made.contributions).toBe(400);
  expect(made.ratings).toBeGreaterThan(2_000);
  expect(await maker.call(fillDemoCommons, fill)).toEqual({ contributions: 0, ratings: 0 });
  const costs = { slug: 'halden', place: 3, analyze: true };
  const { pages, plans } = await maker.call(costDemoCommons, costs);
  for (const [page, { queries }] of Object.entries(pages))
    expect(plans[page as keyof typeof plans]).toHaveLength(queries);
  expect(plans.front[0]).toMatch(/Index Scan on space|Seq Scan on space/);
  expect(Object.values(pages).every(({ queries, rows }) => queries > 0 && rows > 0)).toBe(true);
});
