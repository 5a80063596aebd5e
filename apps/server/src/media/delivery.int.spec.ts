import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection } from '@parley/client/connection';
import { sendSubmission } from '@parley/contracts/activities';
import { endpoints } from '@parley/contracts/api';
import { type AskOf, type Command, pathNames } from '@parley/contracts/contract';
import { joinSession, listCues, stageCue, startSession, createSession } from '@parley/contracts/live';
import {
  addAsset,
  addVersion,
  type AssetOnDesk,
  deleteAsset,
  listAssetDesk,
  listAssets,
  listViews,
  type MediaLinks,
  promiseSecrecy,
  readAsset,
  readLinks,
  releaseAsset,
  restoreAsset,
  secondBefore,
  secondsAfter,
  setTimeMap,
  updateAsset,
  uploadsPath,
  withdrawAsset,
} from '@parley/contracts/media';
import { saveSegment } from '@parley/contracts/profile';
import { publish, task } from '../../test/activities';
import { picture, sendFile } from '../../test/files';
import {
  assetOf,
  halden,
  mediaOf,
  memberOf,
  morrow,
  personOf,
  refusalOf,
  sessionOf,
  startTestServer,
  type TestServer,
  until,
  type Visitor,
} from '../../test/server';
import { AccessService } from './access.service';
import { Keys } from './keys';
import { MediaRow } from './media.tables';
import { DeliveryService } from './delivery.service';

let server: TestServer;
const as = {} as Record<
  'ines' | 'tunde' | 'maren' | 'maria' | 'samira' | 'jo' | 'grace' | 'chiara' | 'robin',
  Visitor
>;
beforeAll(async () => {
  server = await startTestServer();
  for (const key of ['ines', 'tunde', 'maren', 'maria', 'samira', 'jo', 'grace', 'chiara', 'robin'] as const)
    as[key] = await server.visit(key);
});
afterAll(() => server.stop());

const inHalden = { communityId: halden };
const ask = <C extends Command>(socket: Connection, command: C, input: AskOf<C>) =>
  socket.send(command, input);
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function linksOf(who: Visitor, mediaId: string, communityId = halden): Promise<MediaLinks | undefined> {
  return (await who.call(readLinks, { communityId, ids: mediaId })).links[0];
}
const bytesOf = async (who: Visitor, url: string) => {
  const answer = await who.request(url);
  return { status: answer.status, bytes: new Uint8Array(await answer.arrayBuffer()) };
};

const sent = (who: Visitor, bytes: Buffer, purpose?: 'submission') => sendFile(server, who, bytes, purpose);

interface Added {
  confidentiality?: 'open' | 'private' | 'secret';
  embargoUntil?: string | null;
  title?: string;
}
let colour = 0;
async function added(
  more: Added = {},
  who = as.maren,
): Promise<AssetOnDesk & { assetId: string; mediaId: string }> {
  const mediaId = await sent(who, await picture(`#${(colour += 4_321).toString(16).padStart(6, '0')}`));
  const assetId = randomUUID();
  const words = {
    title: 'A drawing',
    description: 'Of it.',
    confidentiality: 'private',
    embargoUntil: null,
  } as const;
  return {
    ...(await who.call(addAsset, { ...inHalden, assetId, mediaId, ...words, ...more })),
    assetId,
    mediaId,
  };
}
const release = (
  assetId: string,
  more: { segmentId?: string | null; from?: string; until?: string | null } = {},
) =>
  as.maren.call(releaseAsset, {
    ...{ ...inHalden, assetId, releaseId: randomUUID() },
    ...{ segmentId: null, from: new Date(Date.now() - 60_000).toISOString(), until: null, ...more },
  });

/** Files of the demo that every member may see: a picture, and a film with captions. */
const still = mediaOf('halden-one');
const film = mediaOf('halden-one-film');

describe('a link', () => {
  const part = async (who: Visitor, rendition: string, of: string) => {
    const { film: playlist, pictures } = (await linksOf(who, film))!;
    if (rendition === 'poster') return pictures[0]!.url;
    return playlist!.url
      .replace('/film/list/', `/${rendition}/${of}/`)
      .replace(/[^/]+$/, playlist!.keys[rendition]!);
  };
  const statusOf = async (
    who: Visitor | undefined,
    url: string,
    init: Parameters<Visitor['request']>[1] = {},
  ) => (await (who ?? server.stranger()).request(url, init)).status;

  it('opens what it names, whole and in ranges, for whom it was made', async () => {
    const url = await part(as.ines, 'v540', '3');
    const whole = await bytesOf(as.ines, url);
    expect(whole.status).toBe(200);
    const some = await as.ines.request(url, { headers: { range: 'bytes=10-19' } });
    expect(some.status).toBe(206);
    expect(new Uint8Array(await some.arrayBuffer())).toEqual(whole.bytes.slice(10, 20));
    expect(some.headers.get('content-range')).toBe(`bytes 10-19/${whole.bytes.length}`);
  });

  it('opens nothing in any other form', async () => {
    const url = await part(as.ines, 'v540', '3');
    const key = url.split('/').at(-1)!;
    const secret = server.get(DeliveryService)['keys' as never] as Keys;
    const [{ id: signInId }] = (await server.sql<{ id: string }>(
      'SELECT id FROM sign_in WHERE person_id = $1 ORDER BY started_at DESC LIMIT 1',
      [personOf('ines')],
    )) as [{ id: string }];
    const viewer = { personId: personOf('ines'), signInId };
    const opens = { communityId: halden, mediaId: film, rendition: 'v540', viewer };
    const keyed = (other: string) => url.replace(key, other);
    // The key is the right one when nothing is changed: else none of what follows would say anything.
    expect(await statusOf(as.ines, keyed(secret.sign(opens, Date.now() + 30_000)))).toBe(200);

    const raw = Buffer.from(key, 'base64url');
    const flipped = Array.from({ length: raw.length * 8 }, (_, bit) => {
      const bytes = Buffer.from(raw);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      return keyed(bytes.toString('base64url'));
    });
    const sign = (change: object, until = Date.now() + 30_000) =>
      keyed(secret.sign({ ...opens, ...change }, until));
    const altered = [
      ...flipped,
      sign({}, Date.now() - 1_001),
      sign({}, Date.now() - 61_000),
      sign({ rendition: 'v360' }),
      sign({ rendition: 'film' }),
      sign({ mediaId: still }),
      sign({ communityId: morrow }),
      sign({ viewer: { ...viewer, signInId: randomUUID() } }),
      sign({ viewer: { personId: personOf('tunde'), signInId } }),
      keyed(''),
      keyed('a'),
      keyed(`${key}A`),
      keyed(`${key}=`),
      keyed(key.slice(1)),
      keyed('A'.repeat(27)),
      keyed(key.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))),
      url.replace('/v540/', '/v540b/'),
      url.replace('/v540/', '/v360/'),
      url.replace('/v540/', '/looks/'),
      url.replace('/v540/', '/poster/'),
      url.replace('/v540/', '/film/'),
      url.replace('/v540/', '/V540/'),
      url.replace('/3/', '/300/'),
      url.replace('/3/', '/-1/'),
      url.replace('/3/', '/03/'),
      url.replace('/3/', '/3.0/'),
      url.replace('/3/', '/3e0/'),
      url.replace('/3/', '/whole/'),
      url.replace('/3/', '/original/'),
      url.replace('/3/', '/%2e%2e/'),
      url.replace(film, still),
      url.replace(film, randomUUID()),
      url.replace(film, film.toUpperCase().replace(/^./, 'g')),
    ];
    const answers = await Promise.all(altered.map((one) => statusOf(as.ines, one)));
    expect(answers.filter((status) => status !== 404)).toEqual([]);

    // The right link in other hands: another member, another sign-in of the same person, another community, nobody.
    const again = await server.visit('ines');
    for (const [who, status] of <[Visitor | undefined, number][]>[
      [as.tunde, 404],
      [as.maren, 404],
      [again, 404],
      [as.grace, 404],
      [undefined, 401],
    ])
      for (const method of ['GET', 'HEAD'])
        for (const headers of <Record<string, string>[]>[
          {},
          { range: 'bytes=0-0' },
          { range: 'bytes=-1' },
          { 'if-none-match': '*' },
          { 'if-range': '"x"', range: 'bytes=0-9' },
        ])
          expect(await statusOf(who, url, { method, headers })).toBe(status);
    // Asked for by a page of another house, or to be a page of its own.
    for (const dest of ['document', 'iframe', 'object', 'embed', 'script'])
      expect(await statusOf(as.ines, url, { headers: { 'sec-fetch-dest': dest } })).toBe(404);
    expect(altered.length + 5 * 2 * 5 + 5).toBeGreaterThanOrEqual(220);
  });

  it('refuses a range that is none without telling how long the file is to who may not see it', async () => {
    const url = await part(as.ines, 'v540', '3');
    const { length } = (await bytesOf(as.ines, url)).bytes;
    const odd = [
      ...['bytes=5-1', 'bytes=a-b', 'lines=0-1', 'bytes', 'bytes=', 'bytes=-', 'bytes=0-1,3-4', 'bytes=,0-1'],
      ...[
        `bytes=${length}-`,
        'bytes=99999999-',
        'bytes=-0',
        'bytes=0x0-1',
        'bytes= 0-1',
        'bytes=0 -1',
        'bytes=1-0',
      ],
      ...[
        `bytes=${'0-1,'.repeat(300)}0-1`,
        'bytes=1e3-',
        'bytes=9999999999999999999-',
        'none',
        'items=0-5',
        'bytes=--1',
      ],
      ...['bytes=0--1', 'bytes=0-9;x', 'bytes:0-9'],
    ];
    expect(odd).toHaveLength(24);
    for (const range of odd) {
      const mine = await as.ines.request(url, { headers: { range } });
      expect([range, mine.status, (await mine.arrayBuffer()).byteLength]).toEqual([range, 416, 0]);
      const theirs = await as.tunde.request(url, { headers: { range } });
      expect([theirs.status, theirs.headers.get('content-range')]).toEqual([404, null]);
    }
  });

  it('is told apart from one to nothing by nothing', async () => {
    const url = await part(as.ines, 'v540', '3');
    const look = async (address: string) => {
      const answer = await as.grace.request(address);
      const headers = [...answer.headers].filter(
        ([name]) => !['date', 'content-security-policy'].includes(name),
      );
      return [answer.status, headers, (await answer.text()).replace(/"ref":"\w+"/, '')];
    };
    expect(await look(url)).toEqual(
      await look(url.replace(film, randomUUID()).replace(halden, randomUUID())),
    );
  });

  it('plays: the playlist names parts that are there, one after the other, and together they are the film', async () => {
    const { film: playlist } = (await linksOf(as.ines, film))!;
    const at = (base: string, path: string) => new URL(path, `http://x${base}`).pathname;
    const lines = async (url: string) => {
      const answer = await as.ines.request(url);
      expect(answer.headers.get('content-type')).toBe('application/vnd.apple.mpegurl');
      return (await answer.text()).split('\n');
    };
    const master = await lines(playlist!.url);
    const track = at(
      playlist!.url,
      master.find((line) => line && !line.startsWith('#'))!,
    );
    const list = await lines(track);
    const init = at(track, /URI="([^"]+)"/.exec(list.join('\n'))![1]!);
    const parts = list.filter((line) => line && !line.startsWith('#')).map((line) => at(track, line));
    const seconds = list
      .filter((line) => line.startsWith('#EXTINF:'))
      .map((line) => Number(/[\d.]+/.exec(line)![0]));
    expect(seconds.reduce((sum, each) => sum + each, 0)).toBeCloseTo(60, 1);
    const bytes = [];
    for (const url of [init, ...parts]) bytes.push((await bytesOf(as.ines, url)).bytes);
    const [row] = await server.sql<{ bytes: string }>(
      `SELECT bytes FROM rendition WHERE media_id = $1 AND name = 'v540'`,
      [film],
    );
    const all = Buffer.concat(bytes);
    expect(all.length).toBeLessThanOrEqual(Number(row!.bytes));
    expect(all.length).toBeGreaterThan(Number(row!.bytes) - 2_000);
    expect(all.subarray(4, 8).toString()).toBe('ftyp');
  });
});

describe('what is served', () => {
  it('is what is written down, exactly, and nothing is served that is not', async () => {
    const asset = await added();
    await release(asset.assetId);
    const { pictures } = (await linksOf(as.tunde, asset.mediaId))!;
    let read = 0;
    for (const { url } of pictures)
      for (const headers of <Record<string, string>[]>[{}, { range: 'bytes=0-99' }, { range: 'bytes=-7' }])
        read += (await (await as.tunde.request(url, { headers })).arrayBuffer()).byteLength;
    for (const { url } of pictures) await as.tunde.request(url, { method: 'HEAD' });
    // What is refused is not served.
    for (const { url } of pictures) await as.ines.request(url);
    await as.tunde.request(pictures[0]!.url, { headers: { range: 'bytes=9-1' } });
    const { views } = await as.maren.call(listViews, { ...inHalden, assetId: asset.assetId });
    expect(views.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(read);
    expect(views).toHaveLength(pictures.length * 4);
    expect(new Set(views.map(({ who }) => who))).toEqual(new Set(['T. Okafor']));
  });

  it('is read page by page', async () => {
    const asset = await added();
    await server.sql(
      `INSERT INTO media_view (community_id, media_id, member_id, person_id, rendition, part, bytes)
       SELECT $1, $2, $3, $4, 'w320', 'whole', n FROM generate_series(1, 120) n`,
      [halden, asset.mediaId, memberOf('halden', 'tunde'), personOf('tunde')],
    );
    const seen: number[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await as.maren.call(listViews, { ...inHalden, assetId: asset.assetId, cursor });
      seen.push(...page.views.map(({ bytes }) => bytes));
      if (!page.next) break;
      cursor = page.next;
    }
    expect(seen).toEqual(Array.from({ length: 120 }, (_, n) => 120 - n));
  });

  it('bears each viewer’s own name: two see different bytes of the same picture, and each the same again', async () => {
    const asset = await added();
    await release(asset.assetId);
    const look = async (who: Visitor) =>
      sha((await bytesOf(who, (await linksOf(who, asset.mediaId))!.pictures.at(-1)!.url)).bytes);
    const [ines, tunde, maren] = [await look(as.ines), await look(as.tunde), await look(as.maren)];
    expect(new Set([ines, tunde, maren]).size).toBe(3);
    expect(await look(as.ines)).toBe(ines);
    const plain = await added({ confidentiality: 'open' });
    await release(plain.assetId);
    const open = async (who: Visitor) =>
      sha((await bytesOf(who, (await linksOf(who, plain.mediaId))!.pictures.at(-1)!.url)).bytes);
    expect(await open(as.ines)).toBe(await open(as.tunde));
  });

  it('ends within two seconds for whoever is removed while it plays, whatever addresses they hold', async () => {
    const lena = await server.visit('lena');
    const keys = (await linksOf(lena, film))!.film!.keys;
    const part = (n: number) =>
      lena.request(`/api/c/${halden}/media/${film}/v540/${n}/${keys['v540']}`, {
        headers: { range: 'bytes=0-99' },
      });
    expect((await part(0)).status).toBe(206);
    let last = 0;
    let running = true;
    const playing = (async () => {
      while (running) if ((await part(1)).status === 206) last = Date.now();
    })();
    await new Promise((done) => setTimeout(done, 200));
    await server.sql(`UPDATE member SET status = 'suspended' WHERE id = $1`, [memberOf('halden', 'lena')]);
    const removed = Date.now();
    await new Promise((done) => setTimeout(done, 2_500));
    running = false;
    await playing;
    expect(last - removed).toBeLessThan(2_000);
    expect((await part(2)).status).toBe(404);
    await server.sql(`UPDATE member SET status = 'active' WHERE id = $1`, [memberOf('halden', 'lena')]);
  });

  it('is made ahead for who comes into a Session that shows it', async () => {
    const asset = await added();
    const sessionId = randomUUID();
    await as.jo.call(createSession, {
      ...{ ...inHalden, sessionId, title: 'A look', purpose: 'To see.', decision: 'None.' },
      ...{ decisionOwner: { name: 'Maria Kessler', title: 'VP Product' }, reportBackOn: '2100-01-01' },
      ...{ startsAt: new Date().toISOString(), plannedMinutes: 30 },
      cues: [{ kind: 'picture', title: 'It', prompt: 'Well?', assetId: asset.assetId }],
    });
    await (await as.tunde.connect(halden)).send(joinSession, { sessionId });
    await until(async () => {
      const rows = await server.sql('SELECT FROM marked WHERE media_id = $1 AND member_id = $2', [
        asset.mediaId,
        memberOf('halden', 'tunde'),
      ]);
      return rows.length === 2;
    }, 10_000);
  });

  it('is never an original, to anybody, wherever they look', async () => {
    const asset = await added({ title: 'The secret drawing' });
    await release(asset.assetId);
    const photo = task('photo');
    const { activityId } = await publish(as.maren, { tasks: [photo] });
    const photoId = await sent(as.ines, await picture('#775533'), 'submission');
    await as.ines.call(sendSubmission, {
      ...{ ...inHalden, activityId, opId: randomUUID(), entry: 1, quote: 'named' },
      answers: [{ taskId: photo.id, kind: 'photo', mediaIds: [photoId], note: null }],
    });
    const originals = new Set(
      (await server.sql<{ sha256: string }>('SELECT sha256 FROM media WHERE sha256 IS NOT NULL')).map(
        ({ sha256 }) => sha256,
      ),
    );
    expect(originals.size).toBeGreaterThan(0);
    const [row] = await server.sql<{ sha256: string }>('SELECT sha256 FROM media WHERE id = $1', [
      asset.mediaId,
    ]);
    expect(originals.has(row!.sha256)).toBe(true);
    const ids: Record<string, string> = {
      ...{ assetId: asset.assetId, mediaId: asset.mediaId, sessionId: sessionOf('halden-one-film') },
      ...{
        activityId,
        updateId: randomUUID(),
        spaceId: sessionOf('halden-one-film'),
        contributionId: randomUUID(),
      },
    };
    const looks = async (who: Visitor) => {
      const seen = new Map<string, string>();
      const queue: string[] = [`/api/c/${halden}/logo`];
      for (const { method, path } of endpoints)
        if (method === 'GET') {
          const address = path.replace(/:(\w+)/g, (_, name: string) =>
            name === 'communityId' ? halden : (ids[name] ?? randomUUID()),
          );
          queue.push(
            path.endsWith('/links') ? `${address}?ids=${asset.mediaId},${photoId},${still},${film}` : address,
          );
        }
      for (let url = queue.shift(); url; url = queue.shift()) {
        if (seen.has(url)) continue;
        const answer = await who.request(url);
        const bytes = Buffer.from(await answer.arrayBuffer());
        seen.set(url, sha(bytes));
        const text = bytes.length < 200_000 ? bytes.toString('latin1') : '';
        expect(text).not.toContain(row!.sha256);
        for (const [found] of text.matchAll(/\/api\/c\/[0-9a-f-]{36}\/media\/[0-9a-f-]{36}\/[\w/-]+/g))
          queue.push(found);
        if (text.startsWith('#EXTM3U'))
          for (const line of text.split('\n').filter((one) => one && !one.startsWith('#')))
            queue.push(new URL(line, `http://x${url}`).pathname);
      }
      return seen;
    };
    let files = 0;
    for (const who of Object.values(as)) {
      const seen = await looks(who);
      files += [...seen.keys()].filter((url) => url.includes('/media/')).length;
      for (const hash of seen.values()) expect(originals.has(hash)).toBe(false);
    }
    // It did look at files: else it would say nothing.
    expect(files).toBeGreaterThan(100);
    expect(pathNames('/api/c/:communityId/media/:mediaId')).toHaveLength(2);
  }, 60_000);
});

describe('an asset', () => {
  const sees = async (who: Visitor, { mediaId, assetId }: { mediaId: string; assetId: string }) => {
    const links = await linksOf(who, mediaId);
    const listed = (await who.call(listAssets, inHalden)).assets.some(({ id }) => id === assetId);
    const read = await refusalOf(who.call(readAsset, { ...inHalden, assetId }));
    const [picture] = links?.pictures ?? [];
    const served = picture ? (await who.request(picture.url)).status : 404;
    return { listed, read: read === 'done', served: served === 200 };
  };
  const all = { listed: true, read: true, served: true };
  const nothing = { listed: false, read: false, served: false };

  it('is the team’s until it is released or was on stage', async () => {
    const asset = await added();
    expect(await sees(as.ines, asset)).toEqual(nothing);
    expect(await sees(as.samira, asset)).toEqual(all);
    await release(asset.assetId);
    expect(await sees(as.ines, asset)).toEqual(all);
  });

  it('goes first to chosen members, in a window of time', async () => {
    const segment = async (freeze: boolean) => {
      const segmentId = randomUUID();
      const rule = [{ fact: 'ownership', is: 'anyOf' as const, values: ['nonowner'] }];
      const name = freeze ? 'Those who had none' : 'Those who have none';
      await as.maren.call(saveSegment, { ...inHalden, segmentId, name, rule, freeze });
      return segmentId;
    };
    // Who is in it now, and who was when it was frozen.
    for (const freeze of [false, true]) {
      const early = await added();
      await release(early.assetId, { segmentId: await segment(freeze) });
      expect(await sees(as.tunde, early)).toEqual(all);
      expect(await sees(as.ines, early)).toEqual(nothing);
    }
    const later = await added();
    await release(later.assetId, { from: new Date(Date.now() + 60_000).toISOString() });
    expect(await sees(as.tunde, later)).toEqual(nothing);
    const over = await added();
    await release(over.assetId, { until: new Date(Date.now() - 1_000).toISOString() });
    expect(await sees(as.tunde, over)).toEqual(nothing);
  });

  it('under an embargo is seen by no member, and cannot be put on stage', async () => {
    const asset = await added({ embargoUntil: new Date(Date.now() + 3_600_000).toISOString() });
    await release(asset.assetId);
    expect(await sees(as.ines, asset)).toEqual(nothing);
    const sessionId = randomUUID();
    await as.jo.call(createSession, {
      ...{ ...inHalden, sessionId, title: 'A look', purpose: 'To see.', decision: 'None.' },
      ...{ decisionOwner: { name: 'Maria Kessler', title: 'VP Product' }, reportBackOn: '2100-01-01' },
      ...{ startsAt: new Date().toISOString(), plannedMinutes: 30 },
      cues: [{ kind: 'picture', title: 'It', prompt: 'Well?', assetId: asset.assetId }],
    });
    const jo = await as.jo.connect(halden);
    await ask(jo, joinSession, { sessionId });
    await ask(jo, startSession, { opId: randomUUID(), sessionId });
    const [cue] = (await as.jo.call(listCues, { ...inHalden, sessionId })).cues;
    const stage = () => refusalOf(ask(jo, stageCue, { opId: randomUUID(), sessionId, cueId: cue!.id }));
    expect(await stage()).toBe('asset.embargoed');
    await as.maren.call(updateAsset, {
      ...inHalden,
      assetId: asset.assetId,
      title: 'A',
      description: 'B',
      confidentiality: 'private',
      embargoUntil: null,
    });
    expect(await stage()).toBe('done');
    expect(await sees(as.ines, asset)).toEqual(all);
  });

  it('that is secret shows to each only once they say that they keep it to themselves', async () => {
    const asset = await added({ confidentiality: 'secret' });
    await release(asset.assetId);
    expect(await sees(as.ines, asset)).toEqual({ ...all, served: false });
    expect((await as.ines.call(readAsset, { ...inHalden, assetId: asset.assetId })).promiseFirst).toBe(true);
    const promised = await as.ines.call(promiseSecrecy, { ...inHalden, assetId: asset.assetId });
    expect(promised.promiseFirst).toBe(false);
    expect(await sees(as.ines, asset)).toEqual(all);
    expect((await sees(as.maren, asset)).served).toBe(false);
    // Who may not see it cannot promise anything.
    const hidden = await added({ confidentiality: 'secret' });
    expect(await refusalOf(as.ines.call(promiseSecrecy, { ...inHalden, assetId: hidden.assetId }))).toBe(
      'request.notFound',
    );
  });

  it('that is taken back is served no more within two seconds, on no screen, to nobody, and can be put back', async () => {
    const asset = await added();
    await release(asset.assetId);
    const { pictures } = (await linksOf(as.tunde, asset.mediaId))!;
    const url = pictures[0]!.url;
    const screen = await as.tunde.connect(halden);
    const heard: unknown[][] = [];
    screen.socket.on('news', (...news: unknown[]) => heard.push(news));
    expect((await as.tunde.request(url)).status).toBe(200);
    let last = 0;
    let running = true;
    const looking = (async () => {
      while (running) if ((await as.tunde.request(url)).status === 200) last = Date.now();
    })();
    await new Promise((done) => setTimeout(done, 150));
    await as.samira.call(withdrawAsset, { ...inHalden, assetId: asset.assetId, because: 'A name is wrong.' });
    const committed = Date.now();
    await new Promise((done) => setTimeout(done, 400));
    running = false;
    await looking;
    expect(last - committed).toBeLessThan(2_000);
    expect(heard).toEqual([['media.assetChanged', { assetId: asset.assetId, withdrawn: true }]]);
    for (const who of [as.tunde, as.maren, as.samira]) expect(await sees(who, asset)).toEqual(nothing);
    const [onDesk] = (await as.maren.call(listAssetDesk, inHalden)).assets.filter(
      ({ id }) => id === asset.assetId,
    );
    expect(onDesk!.withdrawn).toMatchObject({ by: 'Samira', because: 'A name is wrong.' });
    expect(await server.sql('SELECT FROM marked WHERE media_id = $1', [asset.mediaId])).toHaveLength(0);
    await as.maren.call(restoreAsset, { ...inHalden, assetId: asset.assetId });
    expect(await sees(as.tunde, asset)).toEqual(all);
  });

  it('on stage goes off every stage when it is taken back, also for who comes later', async () => {
    const asset = await added();
    const sessionId = randomUUID();
    await as.jo.call(createSession, {
      ...{ ...inHalden, sessionId, title: 'A look', purpose: 'To see.', decision: 'None.' },
      ...{ decisionOwner: { name: 'Maria Kessler', title: 'VP Product' }, reportBackOn: '2100-01-01' },
      ...{ startsAt: new Date().toISOString(), plannedMinutes: 30 },
      cues: [{ kind: 'picture', title: 'It', prompt: 'Well?', assetId: asset.assetId }],
    });
    const jo = await as.jo.connect(halden);
    await ask(jo, joinSession, { sessionId });
    await ask(jo, startSession, { opId: randomUUID(), sessionId });
    const [cue] = (await as.jo.call(listCues, { ...inHalden, sessionId })).cues;
    await ask(jo, stageCue, { opId: randomUUID(), sessionId, cueId: cue!.id });
    const { follower } = await as.ines.join(sessionId);
    await until(() => follower.state?.cue?.asset?.id === asset.assetId);
    expect(follower.state!.cue!.asset!.withdrawn).toBe(false);
    await as.samira.call(withdrawAsset, { ...inHalden, assetId: asset.assetId, because: 'Too early.' });
    await until(() => follower.state?.cue?.asset?.withdrawn === true, 2_000);
    const late = await as.tunde.join(sessionId);
    await until(() => late.follower.state?.cue?.asset?.withdrawn === true);
    expect(await refusalOf(ask(jo, stageCue, { opId: randomUUID(), sessionId, cueId: cue!.id }))).toBe(
      'asset.withdrawn',
    );
    await as.maren.call(restoreAsset, { ...inHalden, assetId: asset.assetId });
    await until(() => follower.state?.cue?.asset?.withdrawn === false);
  });

  it('has versions, and says where the seconds of one stood in the one before', async () => {
    const asset = await added();
    await release(asset.assetId);
    const mediaId = await sent(as.maren, await picture('#123456', 640, 360));
    const version = { ...inHalden, assetId: asset.assetId, mediaId, map: null };
    expect((await as.maren.call(addVersion, version)).versions.map(({ n }) => n)).toEqual([2, 1]);
    // The answer was lost, and it is asked again.
    expect((await as.maren.call(addVersion, version)).versions).toHaveLength(2);
    // Members see the latest alone.
    expect((await linksOf(as.ines, mediaId))?.pictures.length).toBeGreaterThan(0);
    expect(await linksOf(as.ines, asset.mediaId)).toBeUndefined();
    expect(await linksOf(as.maren, asset.mediaId)).toBeDefined();
    const map = [
      { at: 0, was: 0, seconds: 700 },
      { at: 720, was: 840, seconds: 70 },
    ];
    const mapped = await as.maren.call(setTimeMap, { ...inHalden, assetId: asset.assetId, n: 2, map });
    expect(mapped.versions[0]!.map).toEqual(map);
    expect([
      secondBefore(map, 730),
      secondBefore(map, 710),
      secondsAfter(map, 850),
      secondsAfter(map, 720),
    ]).toEqual([850, null, [730], []]);
    expect(
      await refusalOf(as.maren.call(setTimeMap, { ...inHalden, assetId: asset.assetId, n: 1, map })),
    ).toBe('request.invalid');
    expect(
      await refusalOf(
        as.maren.call(setTimeMap, { ...inHalden, assetId: asset.assetId, n: 2, map: [map[1]!, map[0]!] }),
      ),
    ).toBe('request.invalid');
  });

  it('keeps the version that was on stage, whatever comes after it', async () => {
    const rows = await server.sql<{ asset_version: number | null }>(
      `SELECT r.asset_version FROM round r JOIN cue c ON c.id = r.cue_id WHERE c.asset_id IS NOT NULL`,
    );
    expect(rows.some(({ asset_version: version }) => version === 1)).toBe(true);
  });

  it('is made of a file of one’s own that belongs to nothing yet', async () => {
    const asset = await added();
    const words = { title: 'A', description: 'B', confidentiality: 'private', embargoUntil: null } as const;
    const make = (mediaId: string, who = as.maren) =>
      refusalOf(who.call(addAsset, { ...inHalden, assetId: randomUUID(), mediaId, ...words }));
    expect(await make(asset.mediaId)).toBe('request.invalid');
    expect(await make(randomUUID())).toBe('request.invalid');
    expect(await make(await sent(as.maren, await picture('#000001')), as.maria)).toBe('request.invalid');
    expect(await make(await sent(as.ines, await picture('#000002'), 'submission'))).toBe('request.invalid');
    // And can then not be taken from under it.
    const answer = await as.maren.request(`${uploadsPath.replace(':communityId', halden)}/${asset.mediaId}`, {
      method: 'DELETE',
      headers: { 'tus-resumable': '1.0.0' },
    });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([409, 'media.inUse']);
  });

  it('of a host is the host’s to change, and the managers’', async () => {
    const asset = await added({}, as.maria);
    const change = {
      ...inHalden,
      assetId: asset.assetId,
      title: 'A',
      description: 'B',
      confidentiality: 'private',
      embargoUntil: null,
    } as const;
    expect(await refusalOf(as.maria.call(updateAsset, change))).toBe('done');
    expect(await refusalOf(as.maren.call(updateAsset, change))).toBe('done');
    const other = await added();
    expect(await refusalOf(as.maria.call(updateAsset, { ...change, assetId: other.assetId }))).toBe(
      'auth.forbidden',
    );
  });

  it('is deleted only when it is taken back; its bytes go, and who saw it stays known', async () => {
    const asset = await added();
    await release(asset.assetId);
    await as.tunde.request((await linksOf(as.tunde, asset.mediaId))!.pictures[0]!.url);
    const gone = { ...inHalden, assetId: asset.assetId };
    expect(await refusalOf(as.maren.call(deleteAsset, gone))).toBe('asset.inUse');
    await as.maren.call(withdrawAsset, { ...gone, because: 'Over.' });
    await as.maren.call(deleteAsset, gone);
    expect(await server.sql('SELECT FROM rendition WHERE media_id = $1', [asset.mediaId])).toHaveLength(0);
    expect((await as.maren.call(listViews, gone)).views).toHaveLength(1);
    expect((await as.maren.call(listAssetDesk, inHalden)).assets.some(({ id }) => id === asset.assetId)).toBe(
      false,
    );
    expect(await refusalOf(as.maren.call(restoreAsset, gone))).not.toBe('done');
  });

  it('of another community is not there', async () => {
    const asset = await added();
    await release(asset.assetId);
    expect(await linksOf(as.chiara, asset.mediaId, morrow)).toBeUndefined();
    expect(
      await refusalOf(
        as.grace.call(withdrawAsset, { communityId: morrow, assetId: asset.assetId, because: 'x' }),
      ),
    ).toBe('request.notFound');
    expect(assetOf('halden-one')).not.toBe(asset.assetId);
  });
});

describe('whom a file is for', () => {
  it('is asked of who has it, where no asset does', async () => {
    const mediaId = await sent(as.ines, await picture('#445566'), 'submission');
    expect(await linksOf(as.tunde, mediaId)).toBeUndefined();
    expect((await linksOf(as.ines, mediaId))?.mark).toBeNull();
    server.get(AccessService).grant(async (em, caller, ids) => {
      const rows = await em.findBy(MediaRow, {
        communityId: caller.communityId,
        name: 'a file',
        purpose: 'submission',
      });
      return new Set(rows.filter(({ id }) => ids.includes(id)).map(({ id }) => id));
    });
    expect((await linksOf(as.tunde, mediaId))?.pictures.length).toBeGreaterThan(0);
  });
});
