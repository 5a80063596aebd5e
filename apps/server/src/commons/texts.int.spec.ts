import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { CallError } from '@parley/client/http';
import { openPlace, postTo, search, startTopic, TITLE_MAX, TOPIC_MAX } from '@parley/contracts/commons';
import { COMMENT_MAX } from '@parley/contracts/contributions';
import { sendFeedback } from '@parley/contracts/feedback';
import { proposeGroup } from '@parley/contracts/groups';
import { openIdeaPlace, sendIdea, similarIdeas } from '@parley/contracts/ideas';
import { line, text } from '@parley/contracts/text';
import { challengePlan, ideaInput } from '../../test/ideas';
import { halden, startTestServer, type TestServer, type Visitor } from '../../test/server';
import { oddTexts } from '../../test/texts';

let server: TestServer;
let ines: Visitor;
let placeId: string;
let topicId: string;
let boardId: string;
const inHalden = { communityId: halden };
const topicOf = (title: string, body: string) => ({ ...inHalden, placeId, opId: randomUUID(), title, body });
beforeAll(async () => {
  server = await startTestServer();
  ines = await server.visit('ines');
  const maren = await server.visit('maren');
  const { cards: _, ...plan } = challengePlan();
  const { kind, contextRequired, closesAt, acknowledgeDays, ...place } = plan;
  ({ id: placeId } = await maren.call(openPlace, place));
  ({ id: topicId } = await ines.call(startTopic, topicOf('The bell', 'Is it loud enough?')));
  boardId = randomUUID();
  await maren.call(openIdeaPlace, {
    ...{ ...place, placeId: boardId, kind, contextRequired, closesAt, acknowledgeDays },
    ...{ cards: [], areas: [] },
  });
});
afterAll(() => server.stop());

const bodyOf = async (id: string) =>
  (await server.sql<{ body: string }>('SELECT body FROM contribution WHERE id = $1', [id]))[0]!.body;
/** What was stored, or why it was refused. */
const stored = (sent: Promise<{ id: string }>): Promise<string> =>
  sent.then(
    ({ id }) => bodyOf(id),
    ({ code }: CallError) => `refused: ${code}`,
  );
const refused = 'refused: request.invalid';

const fields: Record<string, [send: (odd: string) => Promise<string>, wanted: (odd: string) => string]> = {
  'the title of a topic': [
    (odd) => stored(ines.call(startTopic, topicOf(odd, 'Words.'))),
    (odd) => wantedOf(line(TITLE_MAX).safeParse(odd), (title) => `${title}\nWords.`),
  ],
  'what a topic says': [
    (odd) => stored(ines.call(startTopic, topicOf('A title', odd))),
    (odd) => wantedOf(text(TOPIC_MAX).safeParse(odd), (body) => `A title\n${body}`),
  ],
  'a post': [
    (body) =>
      stored(
        ines
          .call(postTo, { ...inHalden, topicId, opId: randomUUID(), body, parentId: null, quote: null })
          .then(({ post }) => post),
      ),
    (odd) => wantedOf(text(COMMENT_MAX).safeParse(odd), (body) => body),
  ],
  'a part of an idea': [
    (odd) => {
      const idea = ideaInput(boardId);
      return stored(ines.call(sendIdea, { ...idea, parts: { ...idea.parts, struggle: odd } }));
    },
    (odd) =>
      wantedOf(odd === '' ? { success: false } : text(1_500).safeParse(odd), (struggle) =>
        ['A lock with a magnet\nAt the station.', struggle, 'One hand.', 'A magnet.'].join('\n\n'),
      ),
  ],
  'what one says unasked': [
    (body) =>
      stored(
        ines.call(sendFeedback, {
          ...{ ...inHalden, opId: randomUUID(), page: 'talk', assetId: null, second: null, mood: null, body },
        }),
      ),
    (odd) => wantedOf(text(COMMENT_MAX).safeParse(odd), (body) => body),
  ],
};

function wantedOf(
  parsed: { success: true; data: string } | { success: false },
  whole: (cleaned: string) => string,
): string {
  return parsed.success ? whole(parsed.data) : refused;
}

it.each(Object.entries(fields).map(([name, field], place) => [name, place, field] as const))(
  'keeps odd texts as they were cleaned, or says that it cannot: %s',
  async (_, place, [send, wanted]) => {
    const all = oddTexts(place, Object.keys(fields).length);
    for (let at = 0; at < all.length; at += 20)
      await Promise.all(
        all.slice(at, at + 20).map(async (odd) => expect([odd, await send(odd)]).toEqual([odd, wanted(odd)])),
      );
  },
  120_000,
);

it('is asked for odd texts, and finds something or nothing', async () => {
  const all = oddTexts(1, 3);
  const answerOf = (answer: Promise<unknown>) =>
    answer.then(
      () => 'found',
      ({ code }: CallError) => code,
    );
  const outcomes = new Set<string>();
  for (let at = 0; at < all.length; at += 20)
    await Promise.all(
      all
        .slice(at, at + 20)
        .flatMap((words) => [
          answerOf(ines.call(search, { ...inHalden, words })).then((one) => outcomes.add(one)),
          answerOf(ines.call(similarIdeas, { ...inHalden, placeId: boardId, words })).then((one) =>
            outcomes.add(one),
          ),
        ]),
    );
  expect([...outcomes].sort()).toEqual(['found', 'request.invalid']);
}, 120_000);

it('takes the name of a group as it was cleaned', async () => {
  for (const odd of oddTexts(2, 12)) {
    const name = line(60).safeParse(odd);
    const groupId = randomUUID();
    const outcome = await ines
      .call(proposeGroup, { ...inHalden, groupId, name: odd, purpose: 'To try.' })
      .then(
        () => 'done',
        ({ code }: CallError) => code,
      );
    if (!name.success) expect(outcome).toBe('request.invalid');
    else
      expect(
        (await server.sql<{ name: string }>('SELECT name FROM micro_group WHERE id = $1', [groupId]))[0]
          ?.name,
      ).toBe(name.data);
  }
});
