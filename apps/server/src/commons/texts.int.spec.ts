import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { CallError } from '@parley/client/http';
import {
  editPost,
  openPlace,
  postTo,
  search,
  startTopic,
  TITLE_MAX,
  TOPIC_MAX,
} from '@parley/contracts/commons';
import type { AskOf } from '@parley/contracts/contract';
import { COMMENT_MAX } from '@parley/contracts/contributions';
import { readFeedbackPrompt, sendFeedback, setPrompt } from '@parley/contracts/feedback';
import { callSession, decideGroup, proposeGroup, saveMeetup, signCall } from '@parley/contracts/groups';
import {
  bringIdeas,
  BROUGHT_MAX,
  commentCard,
  decideIdeas,
  type IdeaDecision,
  openIdeaPlace,
  refineIdea,
  saveCard,
  sendIdea,
  similarIdeas,
} from '@parley/contracts/ideas';
import { breakPromise } from '@parley/contracts/loop';
import {
  listKinds,
  listRecognitions,
  offerRecognition,
  readCircle,
  setCircle,
} from '@parley/contracts/recognition';
import { line, text } from '@parley/contracts/text';
import { foundGroup, meetupPlan } from '../../test/groups';
import { challengePlan, ideaInput } from '../../test/ideas';
import {
  halden,
  memberOf,
  refusalOf,
  startTestServer,
  type TestServer,
  type Visitor,
} from '../../test/server';
import { oddTexts } from '../../test/texts';
import { idOf } from '../platform/ids';

let server: TestServer;
let ines: Visitor;
let maren: Visitor;
let tunde: Visitor;
let placeId: string;
let topicId: string;
let boardId: string;
let suggestionsId: string;
let cardId: string;
let groupId: string;
const inHalden = { communityId: halden };
const card = { kind: 'goal' as const, title: 'Why', body: 'Fewer parts.' };
const owner = { name: 'Maria Kessler', title: 'VP Product' };
const { parts } = ideaInput('');

const topicInput = () => ({ ...inHalden, placeId, opId: randomUUID(), title: 'A title', body: 'Words.' });
beforeAll(async () => {
  server = await startTestServer();
  ines = await server.visit('ines');
  maren = await server.visit('maren');
  tunde = await server.visit('tunde');
  placeId = await place({});
  // Begun by another than who posts to it: she is told of each post, in an excerpt.
  ({ id: topicId } = await maren.call(startTopic, topicInput()));
  cardId = randomUUID();
  boardId = await board({ cards: [{ ...card, id: cardId }] });
  suggestionsId = await board({ kind: 'suggestions' });
  groupId = await foundGroup(server, 'ines');
});
afterAll(() => server.stop());

// Each makes one of its kind with these words, and answers the id by which they are found.
const place = async (words: Partial<AskOf<typeof openPlace>>) => {
  const plan = { ...inHalden, placeId: randomUUID(), title: 'A place', purpose: 'To talk.' };
  const promise = { decision: 'What we build.', decisionOwner: owner, reportBackOn: '2030-01-01' };
  return (await maren.call(openPlace, { ...plan, ...promise, informsOnly: false, ...words })).id;
};
const board = async (words: Partial<AskOf<typeof openIdeaPlace>>) =>
  (await maren.call(openIdeaPlace, { ...challengePlan(), cards: [], ...words })).id;
const topic = async (words: Partial<AskOf<typeof startTopic>>) =>
  (await ines.call(startTopic, { ...topicInput(), ...words })).id;
const post = async (words: Partial<AskOf<typeof postTo>>) => {
  const bare = { ...inHalden, topicId, opId: randomUUID(), body: 'Loud.', parentId: null, quote: null };
  return (await ines.call(postTo, { ...bare, ...words })).post.id;
};
const edited = async (postId: string, body: string) => {
  await ines.call(editPost, { ...inHalden, postId, body });
  return postId;
};
const idea = async (words: Partial<AskOf<typeof sendIdea>>) =>
  (await ines.call(sendIdea, { ...ideaInput(boardId), ...words })).id;
const refined = async (words: Partial<AskOf<typeof refineIdea>>) => {
  const ideaId = await idea({});
  const next = { title: 'Two magnets', parts, note: 'Clearer.' };
  await ines.call(refineIdea, { ...inHalden, ideaId, basedOn: 1, ...next, ...words });
  return ideaId;
};
const decided = async (ideaId: string, decision: IdeaDecision) => {
  await maren.call(decideIdeas, { ...inHalden, ideaIds: [ideaId], decision });
  return ideaId;
};
const opened = async (words: Partial<typeof card>) => {
  const id = randomUUID();
  await board({ cards: [{ ...card, id, ...words }] });
  return id;
};
const corrected = async (words: { title?: string; body?: string }) => {
  const of = { ...inHalden, placeId: boardId, cardId: randomUUID() };
  await maren.call(saveCard, { ...of, ...card, basedOn: 0 });
  await maren.call(saveCard, { ...of, ...card, basedOn: 1, ...words });
  return of.cardId;
};
const group = async (words: Partial<AskOf<typeof proposeGroup>>) =>
  (
    await ines.call(proposeGroup, {
      ...{ ...inHalden, groupId: randomUUID(), name: 'Night riders', purpose: 'To ride.' },
      ...words,
    })
  ).id;
const meetup = async (words: Partial<AskOf<typeof saveMeetup>>) =>
  (await ines.call(saveMeetup, { ...inHalden, groupId, ...meetupPlan(), ...words })).id;
const sessionCall = async (words: Partial<AskOf<typeof callSession>>) => {
  const callId = randomUUID();
  const bare = { ...inHalden, groupId, callId, title: 'A call', questions: ['Why?'] };
  await ines.call(callSession, { ...bare, ...words });
  return callId;
};
/** Signed by enough: from then on it is a contribution, and an answer is owed. */
const signed = async (words: Partial<AskOf<typeof callSession>>) => {
  const callId = await sessionCall(words);
  await server.sql('UPDATE session_call SET needed = 2 WHERE id = $1', [callId]);
  await tunde.call(signCall, { ...inHalden, callId, signed: true });
  return callId;
};

/** `table.column` in which it is kept, found by `id` or what comes third; and what stands around it there. */
type Field = [
  at: string,
  rule: ReturnType<typeof text> | ReturnType<typeof line>,
  send: (odd: string) => Promise<string>,
  whole?: (cleaned: string) => string,
];
const titled = (title: string) => (body: string) => `${title}\n${body}`;
const partsWith = (struggle: string) => [parts.situation, struggle, parts.outcome, parts.idea].join('\n\n');
const fields: Record<string, Field> = {
  'the title of a topic': [
    'contribution.body',
    line(TITLE_MAX),
    (title) => topic({ title }),
    (title) => `${title}\nWords.`,
  ],
  'what a topic says': ['contribution.body', text(TOPIC_MAX), (body) => topic({ body }), titled('A title')],
  'a topic that is changed': [
    'contribution.body',
    text(TOPIC_MAX),
    async (body) => edited(await topic({}), body),
    titled('A title'),
  ],
  'a post': ['contribution.body', text(COMMENT_MAX), (body) => post({ body })],
  'a post that is changed': [
    'contribution.body',
    text(COMMENT_MAX),
    async (body) => edited(await post({}), body),
  ],
  'the quote of a post': [
    'post.quote',
    text(400),
    async (quote) => post({ parentId: await post({ body: quote }).catch(() => null), quote }),
  ],
  'what one says unasked': [
    'contribution.body',
    text(COMMENT_MAX),
    async (body) =>
      (
        await ines.call(sendFeedback, {
          ...{ ...inHalden, opId: randomUUID(), page: 'talk', assetId: null, second: null, mood: null, body },
        })
      ).id,
  ],
  'the title of an idea': [
    'contribution.body',
    line(TITLE_MAX),
    (title) => idea({ title }),
    (title) => `${title}\n${partsWith(parts.struggle)}`,
  ],
  'a part of an idea': [
    'contribution.body',
    text(1_500),
    (struggle) => idea({ parts: { ...parts, struggle } }),
    (struggle) => `A lock with a magnet\n${partsWith(struggle)}`,
  ],
  'the title of an idea that is refined': [
    'contribution.body',
    line(TITLE_MAX),
    (title) => refined({ title }),
    (title) => `${title}\n${partsWith(parts.struggle)}`,
  ],
  'a part of an idea that is refined': [
    "idea.parts ->> 'struggle'",
    text(1_500),
    (struggle) => refined({ parts: { ...parts, struggle } }),
  ],
  'why an idea is refined': ['idea_version.note.idea_id', text(300), (note) => refined({ note })],
  'why an idea is not built now': [
    'idea.note',
    text(500),
    async (note) => decided(await idea({}), { to: 'notNow', note }),
  ],
  'the answer to a small suggestion': [
    'idea.note',
    text(500),
    async (note) => decided(await idea({ placeId: suggestionsId }), { to: 'delivered', note }),
  ],
  'the title of a card': ['context_card.title', line(120), (title) => opened({ title })],
  'what a card says': ['context_card.body', text(2_000), (body) => opened({ body })],
  'the title of a card that is corrected': ['context_card.title', line(120), (title) => corrected({ title })],
  'what a corrected card says': ['context_card.body', text(2_000), (body) => corrected({ body })],
  'what is asked about a card': [
    'contribution.body',
    text(COMMENT_MAX),
    async (body) =>
      (
        await ines.call(commentCard, {
          ...{ ...inHalden, placeId: boardId, cardId, opId: randomUUID(), body },
        })
      ).comment.id,
  ],
  'what an area is called': [
    'idea_area.label',
    line(60),
    async (label) => {
      const id = randomUUID();
      await board({ kind: 'suggestions', areas: [{ id, label, ownerId: memberOf('halden', 'samira') }] });
      return id;
    },
  ],
  'the title of a place': ['space.title', line(120), (title) => place({ title })],
  'what a place is for': ['space.purpose', text(500), (purpose) => place({ purpose })],
  'what is decided with it': ['space.decision', text(500), (decision) => place({ decision })],
  'the name of who decides': [
    'space.owner_name',
    line(80),
    (name) => place({ decisionOwner: { ...owner, name } }),
  ],
  'the title of who decides': [
    'space.owner_title',
    line(80),
    (title) => place({ decisionOwner: { ...owner, title } }),
  ],
  'the name of a group': ['micro_group.name', line(60), (name) => group({ name })],
  'what a group is for': ['micro_group.purpose', text(400), (purpose) => group({ purpose })],
  'why a group is declined': [
    'micro_group.because',
    text(400),
    async (because) => {
      const id = await group({});
      await maren.call(decideGroup, { ...inHalden, groupId: id, decision: { to: 'declined', because } });
      return id;
    },
  ],
  'the title of a meet-up': ['meetup.title', line(100), (title) => meetup({ title })],
  'what a meet-up is about': ['meetup.about', text(800), (about) => meetup({ about })],
  'the area of a meet-up': ['meetup.area', line(100), (area) => meetup({ area })],
  'the place of a meet-up': ['meetup.place', text(300), (exact) => meetup({ place: exact })],
  'the title of a call': ['session_call.title', line(120), (title) => sessionCall({ title })],
  'what is asked in a call': [
    'contribution.body.room_id',
    line(300),
    (question) => signed({ questions: [question] }),
    titled('A call'),
  ],
  'why a call is not answered': [
    'promise.broken_because.space_id',
    text(1_000),
    async (reason) => {
      const spaceId = await signed({});
      await maren.call(breakPromise, { ...inHalden, spaceId, reason });
      return spaceId;
    },
  ],
  'the words of an offer': [
    'recognition.words',
    text(500),
    async (words) => {
      const [opId, to] = [randomUUID(), memberOf('halden', 'ines')];
      await maren.call(offerRecognition, { ...inHalden, opId, memberIds: [to], kind: 'firstLook', words });
      return idOf('recognition', memberOf('halden', 'maren'), opId, to);
    },
  ],
};

/** What is kept of it as its rule has it, or how it is refused. */
function wantedOf(rule: Field[1], odd: string, whole = (cleaned: string) => cleaned): string {
  const parsed = rule.safeParse(odd);
  return parsed.success ? whole(parsed.data) : 'refused: request.invalid';
}

it.each(Object.entries(fields).map(([name, field], share) => [name, share, field] as const))(
  'keeps odd texts as they were cleaned, or says that it cannot: %s',
  async (_, share, [at, rule, send, whole]) => {
    const all = oddTexts(share, Object.keys(fields).length);
    const sent: string[] = [];
    for (let from = 0; from < all.length; from += 20)
      sent.push(
        ...(await Promise.all(
          all
            .slice(from, from + 20)
            .map((odd) => send(odd).catch(({ code }: CallError) => `refused: ${code}`)),
        )),
      );
    const [table, column, id = 'id'] = at.split('.');
    const rows = await server.sql<{ id: string; kept: string }>(
      `SELECT ${id}::text AS id, ${column} AS kept FROM ${table} WHERE ${id}::text = ANY ($1)`,
      [sent],
    );
    const kept = new Map(rows.map((row) => [row.id, row.kept]));
    expect(all.map((odd, n) => [odd, kept.get(sent[n]!) ?? sent[n]])).toEqual(
      all.map((odd) => [odd, wantedOf(rule, odd, whole)]),
    );
  },
  120_000,
);

type Setting = [
  rule: Field[1],
  set: (odd: string) => Promise<unknown>,
  read: () => Promise<string | null | undefined>,
];
const ofPage = { ...inHalden, page: 'talk' } as const;
it.each(
  Object.entries<Setting>({
    'the criteria of the circle': [
      text(1_000),
      (criteria) => maren.call(setCircle, { ...inHalden, criteria }),
      async () => (await ines.call(readCircle, inHalden)).criteria,
    ],
    'the question of a page': [
      line(200),
      (prompt) => maren.call(setPrompt, { ...ofPage, assetId: null, prompt }),
      async () => (await ines.call(readFeedbackPrompt, ofPage)).prompt?.prompt,
    ],
  }),
)('keeps of odd texts the last one that can be kept: %s', async (_, [rule, set, read]) => {
  for (const odd of oddTexts(0, 40)) {
    const outcome = await refusalOf(set(odd));
    expect([odd, outcome === 'done' ? await read() : `refused: ${outcome}`]).toEqual([
      odd,
      wantedOf(rule, odd),
    ]);
  }
});

it('brings odd texts along from another board as they are cleaned here, or says of the row that it cannot', async () => {
  // What is longer is cut; and HTML is read, so what only looks like it is written as it is in HTML.
  const all = oddTexts(0, 3).filter((odd) => [...odd].length <= 60);
  const cell = (words: string) => `"${words.replaceAll('"', '""')}"`;
  const inHtml = (words: string) =>
    /[<&]/.test(words)
      ? words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('  ', ' &nbsp;')
      : words;
  const columns = { title: 'title', text: 'text', key: 'id', by: 'by', status: 'status' };
  for (let from = 0; from < all.length; from += 15) {
    const some = all.slice(from, from + 15);
    const csv = some.map((odd, n) => [`${from + n}`, inHtml(odd), inHtml(odd), odd, odd].map(cell).join(','));
    const { report } = await maren.call(bringIdeas, {
      ...{
        ...inHalden,
        placeId: boardId,
        from: 'Old board',
        csv: ['id,title,text,by,status', ...csv].join('\n'),
      },
      columns: { ...columns, support: null, at: null, replacedBy: null },
      statuses: Object.fromEntries(some.map((odd) => [odd.trim(), 'planned' as const])),
    });
    const rows = await server.sql<{ id: string; kept: string[] }>(
      `SELECT i.id, ARRAY[c.body, i.parts ->> 'idea', i.imported ->> 'by', i.note] AS kept
       FROM idea i JOIN contribution c ON c.id = i.id WHERE i.place_id = $1`,
      [boardId],
    );
    const kept = new Map(rows.map((row) => [row.id, row.kept]));
    const isKept = (odd: string) => line(TITLE_MAX).safeParse(odd).success && !odd.includes('\ufffd');
    expect(some.map((odd, n) => [odd, kept.get(idOf('brought', boardId, 'Old board', from + n))])).toEqual(
      some.map((odd) => {
        if (!isKept(odd)) return [odd, undefined];
        const [title, body, by] = [line(TITLE_MAX), text(BROUGHT_MAX), line(80)].map((rule) =>
          rule.parse(odd),
        );
        return [odd, [`${title}\n${body}`, body, by, `Old board: ${by}`]];
      }),
    );
    expect(report.bad).toBe(some.filter((odd) => !isKept(odd)).length);
  }
}, 120_000);

it('is asked for odd texts, and finds something or nothing', async () => {
  const all = oddTexts(1, 6);
  const outcomes = new Set<string>();
  for (let from = 0; from < all.length; from += 20)
    await Promise.all(
      all
        .slice(from, from + 20)
        .flatMap((words) => [
          ines.call(search, { ...inHalden, words }),
          ines.call(similarIdeas, { ...inHalden, placeId: boardId, words }),
          maren.call(listKinds, { ...inHalden, words }),
          maren.call(listRecognitions, { ...inHalden, words }),
        ])
        .map(async (answer) => outcomes.add(await refusalOf(answer))),
    );
  expect([...outcomes].sort()).toEqual(['done', 'request.invalid']);
}, 120_000);
