import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryUploads, Uploads } from '@parley/client/upload';
import {
  listMedia,
  type Media,
  UPLOAD_PART,
  uploadMax,
  uploadPath,
  uploadsPath,
} from '@parley/contracts/media';
import sharp from 'sharp';
import { raw } from '../../test/raw';
import { TcpProxy } from '../../test/tcp-proxy';
import {
  DATA,
  halden,
  memberOf,
  morrow,
  startTestServer,
  type TestServer,
  until,
  type Visitor,
} from '../../test/server';

let server: TestServer;
let ines: Visitor;
let other: Visitor;
beforeAll(async () => {
  server = await startTestServer();
  ines = await server.visit('ines');
  other = await server.visit('grace');
});
afterAll(() => server.stop());

const tus = { 'tus-resumable': '1.0.0' };
const b64 = (text: string) => Buffer.from(text).toString('base64');
const said = (metadata: Record<string, string>) =>
  Object.entries(metadata)
    .map(([key, value]) => `${key} ${b64(value)}`)
    .join(',');

interface Begun {
  purpose?: string;
  name?: string;
  op?: string;
  headers?: Record<string, string>;
  who?: Visitor;
  communityId?: string;
}

const begin = (bytes: number | string, begun: Begun = {}) => {
  const {
    purpose = 'submission',
    name = 'file',
    op = randomUUID(),
    headers = {},
    who = ines,
    communityId = halden,
  } = begun;
  return who.request(uploadsPath.replace(':communityId', communityId), {
    method: 'POST',
    headers: {
      ...tus,
      'upload-length': String(bytes),
      'upload-metadata': said({ purpose, name, op }),
      ...headers,
    },
  });
};
const begun = async (bytes: number, more: Begun = {}) => {
  const answer = await begin(bytes, more);
  expect(answer.status).toBe(201);
  return answer.headers.get('location')!;
};
const patch = (
  address: string,
  offset: number,
  body: Buffer,
  headers: Record<string, string> = {},
  who = ines,
) =>
  who.request(address, {
    method: 'PATCH',
    body: new Uint8Array(body),
    headers: {
      ...tus,
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(offset),
      ...headers,
    },
  });
const head = (address: string, who = ines) => who.request(address, { method: 'HEAD', headers: tus });
const offsetOf = async (address: string) => Number((await head(address)).headers.get('upload-offset'));
const idOf = (address: string) => address.split('/').at(-1)!;
const stateOf = async (address: string, who = ines): Promise<Media> =>
  (await who.call(listMedia, { communityId: halden, ids: idOf(address) })).media[0]!;
const done = async (address: string, who = ines) => {
  await until(async () => ['ready', 'refused'].includes((await stateOf(address, who)).state), 20_000);
  return stateOf(address, who);
};
const sum = (algorithm: string, bytes: Buffer) =>
  `${algorithm} ${createHash(algorithm).update(bytes).digest('base64')}`;
const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

/** The rules of tus 1.0.0, https://tus.io/protocols/resumable-upload, each with a name of its own. */
describe('the protocol: core', () => {
  it('says in OPTIONS what it speaks and what it can', async () => {
    const { status, headers } = await ines.request(uploadsPath.replace(':communityId', halden), {
      method: 'OPTIONS',
    });
    expect(status).toBe(204);
    expect(headers.get('tus-version')).toBe('1.0.0');
    expect(headers.get('tus-resumable')).toBe('1.0.0');
    const can = headers
      .get('tus-extension')!
      .split(',')
      .map((one) => one.trim());
    expect(can).toEqual(expect.arrayContaining(['creation', 'expiration', 'termination', 'checksum']));
    expect(can).not.toContain('creation-defer-length');
    expect(headers.get('tus-checksum-algorithm')!.split(',')).toEqual(
      expect.arrayContaining(['sha1', 'sha256']),
    );
  });
  it('bears Tus-Resumable in every answer', async () => {
    const address = await begun(3);
    for (const answer of [
      await head(address),
      await patch(address, 0, Buffer.from('abc')),
      await head(address),
    ])
      expect(answer.headers.get('tus-resumable')).toBe('1.0.0');
  });
  it.each(['0.9.9', '2.0.0', 'x'])('refuses version %s and changes nothing', async (version) => {
    const address = await begun(3);
    const answer = await patch(address, 0, Buffer.from('abc'), { 'tus-resumable': version });
    expect([400, 412]).toContain(answer.status);
    expect(await offsetOf(address)).toBe(0);
  });
  it('refuses a request without Tus-Resumable with 412', async () => {
    const address = await begun(3);
    expect((await ines.request(address, { method: 'HEAD' })).status).toBe(412);
  });
  it('answers HEAD with offset and length, to be cached by nobody', async () => {
    const address = await begun(7);
    await patch(address, 0, Buffer.from('abc'));
    const { status, headers } = await head(address);
    expect(status).toBe(200);
    expect([headers.get('upload-offset'), headers.get('upload-length')]).toEqual(['3', '7']);
    expect(headers.get('cache-control')).toContain('no-store');
  });
  it('answers offset 0 as well, where nothing has come', async () => {
    expect((await head(await begun(7))).headers.get('upload-offset')).toBe('0');
  });
  it('answers HEAD of what there is not with 404 and no offset', async () => {
    const answer = await head(uploadPath.replace(':communityId', halden).replace(':uploadId', randomUUID()));
    expect([answer.status, answer.headers.get('upload-offset')]).toEqual([404, null]);
  });
  it('takes a part at the offset it has, and answers 204 with the next', async () => {
    const address = await begun(6);
    const first = await patch(address, 0, Buffer.from('abc'));
    expect([first.status, first.headers.get('upload-offset')]).toEqual([204, '3']);
    const second = await patch(address, 3, Buffer.from('def'));
    expect([second.status, second.headers.get('upload-offset')]).toEqual([204, '6']);
  });
  it.each([1, 5, 99])('refuses a part at offset %i where it has 3, with 409', async (offset) => {
    const address = await begun(6);
    await patch(address, 0, Buffer.from('abc'));
    const answer = await patch(address, offset, Buffer.from('d'));
    expect([answer.status, await codeOf(answer)]).toEqual([409, 'upload.offset']);
    expect(await offsetOf(address)).toBe(3);
  });
  it.each(['-1', 'x', '1.5', ''])('refuses the offset %j', async (offset) => {
    const answer = await patch(await begun(6), 0, Buffer.from('abc'), { 'upload-offset': offset });
    expect([400, 403, 409]).toContain(answer.status);
  });
  it.each(['application/json', 'text/plain', 'application/octet-stream'])(
    'refuses a part of the type %s with 415',
    async (type) => {
      const address = await begun(3);
      const answer = await patch(address, 0, Buffer.from('{}'), { 'content-type': type });
      expect([400, 415]).toContain(answer.status);
      expect(await offsetOf(address)).toBe(0);
    },
  );
  it('refuses more than was announced', async () => {
    const address = await begun(3);
    expect((await patch(address, 0, Buffer.from('abcd'))).status).toBe(413);
  });
  it('refuses other methods', async () => {
    const address = await begun(3);
    for (const method of ['GET', 'PUT'])
      expect([404, 405]).toContain((await ines.request(address, { method, headers: tus })).status);
  });
  it('does not take another method for the one that it is asked by', async () => {
    const address = await begun(3);
    await ines.request(address, { method: 'HEAD', headers: { ...tus, 'x-http-method-override': 'DELETE' } });
    expect((await head(address)).status).toBe(200);
  });
});

describe('the protocol: creation', () => {
  it('answers 201 with an address of the server’s own', async () => {
    const answer = await begin(3);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toMatch(new RegExp(`^/api/c/${halden}/uploads/[0-9a-f-]{36}$`));
  });
  it('refuses neither or both of a length and a promise of one', async () => {
    for (const headers of <Record<string, string>[]>[{ 'upload-defer-length': '1' }, {}]) {
      const answer = await ines.request(uploadsPath.replace(':communityId', halden), {
        method: 'POST',
        headers: { ...tus, ...headers, 'upload-metadata': said({ purpose: 'submission', op: randomUUID() }) },
      });
      expect([400, 501]).toContain(answer.status);
    }
  });
  it.each(['-1', 'x', '1e3', '1.5'])('refuses the length %j', async (length) => {
    expect((await begin(length)).status).toBe(400);
  });
  it('answers with the metadata that it was given', async () => {
    const { headers } = await head(await begun(3, { name: 'größe.mov' }));
    expect(headers.get('upload-metadata')).toContain(`name ${b64('größe.mov')}`);
  });
  it.each(['purpose', 'purpose !!', ', ,', 'a b c'])('refuses the metadata %j', async (metadata) => {
    expect((await begin(3, { headers: { 'upload-metadata': metadata } })).status).toBe(400);
  });
  it.each([['submission'], ['asset'], ['captions']] as const)(
    'refuses a %s larger than may be with 413',
    async (purpose) => {
      const who = await server.visit('maren');
      const answer = await begin(uploadMax[purpose] + 1, { purpose, who });
      expect([answer.status, await codeOf(answer)]).toEqual([413, 'request.tooLarge']);
    },
  );
  it('refuses an empty file, and says so', async () => {
    const answer = await begin(0);
    expect([answer.status, await codeOf(answer)]).toEqual([422, 'media.refused']);
  });
  it('answers the same upload to the same op, with what has come of it', async () => {
    const op = randomUUID();
    const address = await begun(6, { op });
    await patch(address, 0, Buffer.from('abc'));
    expect(await begun(6, { op })).toBe(address);
    expect(await offsetOf(address)).toBe(3);
    const answer = await begin(7, { op });
    expect([answer.status, await codeOf(answer)]).toEqual([409, 'op.mismatch']);
  });
  it('takes the first part with it', async () => {
    const address = uploadsPath.replace(':communityId', halden);
    const answer = await ines.request(address, {
      method: 'POST',
      body: 'abc',
      headers: {
        ...tus,
        ...{ 'upload-length': '6', 'content-type': 'application/offset+octet-stream' },
        'upload-metadata': said({ purpose: 'submission', name: 'x', op: randomUUID() }),
      },
    });
    expect([answer.status, answer.headers.get('upload-offset')]).toEqual([201, '3']);
  });
});

describe('the protocol: checksum', () => {
  const part = randomBytes(4_096);
  it.each(['sha1', 'sha256'])('takes a part whose %s is right', async (algorithm) => {
    const address = await begun(part.length + 1);
    expect((await patch(address, 0, part, { 'upload-checksum': sum(algorithm, part) })).status).toBe(204);
  });
  it('refuses a part that was damaged on the way with 460, and keeps nothing of it', async () => {
    const address = await begun(part.length + 9);
    await patch(address, 0, Buffer.from('abc'));
    const answer = await patch(address, 3, part, { 'upload-checksum': sum('sha256', Buffer.from('other')) });
    expect([answer.status, await codeOf(answer)]).toEqual([460, 'upload.checksum']);
    expect(await offsetOf(address)).toBe(3);
    expect((await patch(address, 3, part, { 'upload-checksum': sum('sha256', part) })).status).toBe(204);
  });
  it.each(['md5 abcd', 'sha256', 'sha256 !!', ''])('refuses the checksum %j with 400', async (checksum) => {
    expect((await patch(await begun(9), 0, Buffer.from('abc'), { 'upload-checksum': checksum })).status).toBe(
      400,
    );
  });
});

describe('the protocol: expiration and termination', () => {
  it('says when an unfinished upload is given up', async () => {
    const answer = await begin(6);
    expect(Date.parse(answer.headers.get('upload-expires')!)).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    const more = await patch(answer.headers.get('location')!, 0, Buffer.from('abc'));
    expect(more.headers.get('upload-expires')).toBeTruthy();
  });
  it('answers 410 for what it gave up', async () => {
    const address = await begun(6);
    await server.sql(`UPDATE media SET state = 'expired' WHERE id = $1`, [idOf(address)]);
    expect((await head(address)).status).toBe(410);
    expect(await codeOf(await patch(address, 0, Buffer.from('abc')))).toBe('upload.gone');
  });
  it('takes back what is not whole: 204, then 410, and the bytes are gone', async () => {
    const address = await begun(6);
    await patch(address, 0, Buffer.from('abc'));
    expect((await ines.request(address, { method: 'DELETE', headers: tus })).status).toBe(204);
    expect((await head(address)).status).toBe(410);
    expect(existsSync(join(DATA, 'uploads', idOf(address)))).toBe(false);
  });
  it('takes back what is whole, and nothing of it is served any more', async () => {
    const bytes = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#c52' } })
      .png()
      .toBuffer();
    const address = await begun(bytes.length);
    await patch(address, 0, bytes);
    expect((await done(address)).state).toBe('ready');
    expect((await ines.request(address, { method: 'DELETE', headers: tus })).status).toBe(204);
    expect((await stateOf(address)).state).toBe('removed');
  });
});

describe('an upload', () => {
  it('of a picture is verified when its last byte is answered, and ready soon after', async () => {
    const bytes = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#3a7' } })
      .jpeg()
      .toBuffer();
    const address = await begun(bytes.length, { name: '../../evil\u202Egpj.exe.jpg' });
    await patch(address, 0, bytes, { 'upload-checksum': sum('sha256', bytes) });
    expect(['verified', 'processing', 'ready']).toContain((await stateOf(address)).state);
    expect(await done(address)).toMatchObject({
      state: 'ready',
      kind: 'image',
      width: 640,
      height: 480,
      name: 'evilgpj.exe.jpg',
    });
    // Its client asks once more, because the answer was lost.
    const again = await head(address);
    expect([again.headers.get('upload-offset'), again.headers.get('upload-length')]).toEqual(
      Array(2).fill(String(bytes.length)),
    );
  });

  it('of what cannot be taken is refused with why, and its bytes are gone', async () => {
    const bytes = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
    const address = await begun(bytes.length);
    await patch(address, 0, bytes);
    expect(await done(address)).toMatchObject({ state: 'refused', refusal: 'typeNotAllowed' });
    const [row] = await server.sql<{ sha256: string | null }>('SELECT sha256 FROM media WHERE id = $1', [
      idOf(address),
    ]);
    expect(row!.sha256).toBeNull();
  });

  it.each<[string, string]>([
    ['a', 'a'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\x\\film.mov', 'film.mov'],
    ['CON', '_CON'],
    ['con.txt', '_con.txt'],
    ['a\u0000b', 'ab'],
    ['   ', 'file'],
    ['..', 'file'],
    ['🚲🚲.heic', '🚲🚲.heic'],
    ['"quoted" <b>.png', '_quoted_ _b_.png'],
    [`${'x'.repeat(300)}.jpeg`, `${'x'.repeat(115)}.jpeg`],
    ['photo\u202Egnp.exe', 'photognp.exe'],
  ])('named %j is called %j', async (name, called) => {
    expect((await stateOf(await begun(3, { name }))).name).toBe(called);
  });

  it('goes on at the byte that is here after the server was away', async () => {
    const address = await begun(6);
    await patch(address, 0, Buffer.from('abc'));
    await server.restart();
    expect(await offsetOf(address)).toBe(3);
    expect((await patch(address, 3, Buffer.from('def'))).status).toBe(204);
  });

  it('whose last answer was lost is whole at the next look', async () => {
    const bytes = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#25c' } })
      .png()
      .toBuffer();
    const address = await begun(bytes.length);
    await patch(address, 0, bytes);
    await done(address);
    // As if the server had died between the last byte and its answer.
    const second = await begun(bytes.length);
    await patch(second, 0, bytes.subarray(0, 5));
    const { appendFileSync } = await import('node:fs');
    appendFileSync(join(DATA, 'uploads', idOf(second)), bytes.subarray(5));
    expect((await stateOf(second)).state).toBe('receiving');
    await head(second);
    expect((await done(second)).state).toBe('ready');
  });

  it('keeps of a part that breaks off with its checksum nothing, and without it all that came', async () => {
    for (const [checksum, kept] of [
      [sum('sha256', Buffer.alloc(9)), 0],
      ['', 5],
    ] as const) {
      const address = await begun(9);
      await new Promise<void>((closed) => {
        void raw(server.url, {
          method: 'PATCH',
          path: address,
          who: ines,
          headers: {
            ...tus,
            ...{
              'content-type': 'application/offset+octet-stream',
              'upload-offset': '0',
              'content-length': '9',
            },
            ...(checksum && { 'upload-checksum': checksum }),
          },
          body: 'abcde',
          cut: true,
        } as never).then(
          () => closed(),
          () => closed(),
        );
        setTimeout(closed, 1_500);
      });
      await until(async () => (await offsetOf(address)) === kept);
    }
  });

  it('does not fit once the files or the bytes are used up, however many come at once', async () => {
    const tunde = await server.visit('tunde');
    const owner = memberOf('halden', 'tunde');
    await server.sql(
      `INSERT INTO media (community_id, id, owner_id, purpose, op, name, bytes, state, kind)
       SELECT $1, gen_random_uuid(), $2, 'submission', gen_random_uuid(), 'x', 1, 'ready', 'image' FROM generate_series(1, 97)`,
      [halden, owner],
    );
    const answers = await Promise.all(Array.from({ length: 9 }, () => begin(3, { who: tunde })));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array(3).fill(201),
      ...Array(6).fill(409),
    ]);
    await server.sql(`UPDATE media SET state = 'removed' WHERE owner_id = $1`, [owner]);
    await server.sql(
      `INSERT INTO media (community_id, id, owner_id, purpose, op, name, bytes, state, kind)
       VALUES ($1, gen_random_uuid(), $2, 'submission', gen_random_uuid(), 'x', $3, 'ready', 'video')`,
      [halden, owner, 2 * 1024 ** 3 - 5],
    );
    expect((await begin(3, { who: tunde })).status).toBe(201);
    const answer = await begin(3, { who: tunde });
    expect([answer.status, await codeOf(answer)]).toEqual([409, 'media.quota']);
  });

  it('that fills the disk says so, and goes on where it was once there is room', async () => {
    const bytes = Buffer.alloc(50_000, 7);
    const address = await begun(bytes.length);
    const path = join(DATA, 'uploads', idOf(address));
    // Whatever is written there, there is no room for it.
    renameSync(path, `${path}.kept`);
    symlinkSync('/dev/full', path);
    const full = await patch(address, 0, bytes);
    expect([full.status, await codeOf(full)]).toEqual([507, 'storage.full']);
    renameSync(`${path}.kept`, path);
    expect(await offsetOf(address)).toBe(0);
    expect((await patch(address, 0, bytes)).status).toBe(204);
  });

  it('is nobody’s but its sender’s', async () => {
    const address = await begun(6);
    const tunde = await server.visit('tunde');
    for (const who of [tunde, other]) {
      expect((await head(address, who)).status).toBe(404);
      expect((await patch(address, 0, Buffer.from('abc'), {}, who)).status).toBe(404);
      expect((await who.request(address, { method: 'DELETE', headers: tus })).status).toBe(404);
    }
    // By their own community’s address it is not there either.
    expect((await head(address.replace(halden, morrow), other)).status).toBe(404);
    expect(await offsetOf(address)).toBe(0);
    expect((await tunde.call(listMedia, { communityId: halden, ids: idOf(address) })).media).toEqual([]);
  });

  it('of an asset is for managers and hosts', async () => {
    expect((await begin(3, { purpose: 'asset' })).status).toBe(403);
    expect((await begin(3, { purpose: 'asset', who: await server.visit('maren') })).status).toBe(201);
    expect((await begin(3, { purpose: 'captions', who: await server.visit('samira') })).status).toBe(403);
    expect((await begin(3, { purpose: 'everything' })).status).toBe(400);
  });

  it('is asked for by our own pages alone', async () => {
    const answer = await ines.request(uploadsPath.replace(':communityId', halden), {
      method: 'POST',
      headers: { ...tus, origin: 'https://evil.example', 'upload-length': '3' },
    });
    expect(answer.status).toBe(403);
  });
});

describe('a client on a bad line', () => {
  it('sends one part at most again for each cut, twenty of them, and what is there is what was sent', async () => {
    const proxy = new TcpProxy(server.url);
    const url = (await proxy.open()).replace(/\/$/, '');
    // A picture whose bytes no line can guess.
    const side = 2_900;
    const bytes = await sharp(randomBytes(side * side * 3), {
      raw: { width: side, height: side, channels: 3 },
    })
      .png({ compressionLevel: 0 })
      .toBuffer();
    const uploads = new Uploads({
      ...{ communityId: halden, call: ines.call, store: new MemoryUploads() },
      ...{ url, jar: ines.jar, origin: server.url },
    });
    const op = await uploads.add(bytes, { purpose: 'submission', name: 'a large one.png' });
    let cuts = 0;
    const stop = uploads.watch(() => {
      const { sent = 0 } = uploads.list[0] ?? {};
      if (cuts < 20 && sent > ((cuts + 0.5) / 21) * bytes.length) {
        cuts += 1;
        proxy.cut();
      }
    });
    const done = await uploads.done(op);
    stop();
    uploads.stop();
    proxy.close();
    expect([done.state, done.refusal]).toEqual(['ready', null]);
    expect(cuts).toBe(20);
    const [row] = await server.sql<{ sha256: string }>('SELECT sha256 FROM media WHERE id = $1', [
      done.mediaId,
    ]);
    expect(row!.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    // Of each cut one part at the most: a twentieth of a film of 400 MB.
    expect(proxy.sent - bytes.length).toBeLessThan(20 * UPLOAD_PART * 1.05);
  }, 90_000);
});
