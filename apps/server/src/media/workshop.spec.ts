import { createServer } from 'node:http';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { MediaRefusal, UploadPurpose } from '@parley/contracts/media';
import { parseMetadata } from '@uswriting/exiftool';
import sharp from 'sharp';
import { captionsOf } from './captions';
import { type Made, Refused, Workshop } from './workshop';

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'parley-workshop-'));
let workshop: Workshop;
let count = 0;

beforeAll(() => {
  workshop = new Workshop();
});
afterAll(() => {
  workshop.onModuleDestroy();
  rmSync(folder, { recursive: true });
});

/** A file of these bytes. */
function file(bytes: Buffer | string, name = 'file'): string {
  const path = join(folder, `${(count += 1)}-${name}`);
  writeFileSync(path, bytes);
  return path;
}

async function made(path: string, purpose: UploadPurpose = 'submission'): Promise<Made | MediaRefusal> {
  const into = join(folder, `made-${(count += 1)}`);
  mkdirSync(into);
  try {
    return await workshop.make(path, { purpose, into });
  } catch (error) {
    if (error instanceof Refused) return error.reason;
    throw error;
  }
}

const taken = (outcome: Made | MediaRefusal): Made => {
  if (typeof outcome === 'string') throw new Error(`refused: ${outcome}`);
  return outcome;
};

const photo = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#3a7' } }).composite([
    {
      input: { create: { width: width >> 1, height: height >> 1, channels: 3, background: '#c52' } },
      left: 0,
      top: 0,
    },
  ]);

/** Everything that was said about where, by whom, and with what. */
const telling =
  /GPS|Location|Serial|Artist|Author|Creator|Copyright|Owner|By-?line|^Make$|^Model$|HostComputer|City|Country/i;

async function tagsOf(path: string): Promise<string[]> {
  const answer = await parseMetadata<Record<string, unknown>[]>(
    { name: 'file', data: readFileSync(path) },
    { args: ['-json', '-a'], transform: (text) => JSON.parse(text) as Record<string, unknown>[] },
  );
  if (!answer.success) throw new Error(answer.error);
  return Object.keys(answer.data[0] ?? {}).filter((tag) => telling.test(tag));
}

describe('a picture', () => {
  test('is made in every size up to its own, turned as it is to be seen, and nothing else of it is left', async () => {
    const bytes = await photo(1_200, 800)
      .withExif({
        IFD0: { Make: 'A camera', Artist: 'Somebody', Orientation: '6' },
        IFD3: {
          GPSLatitudeRef: 'N',
          GPSLatitude: '51/1 30/1 0/1',
          GPSLongitudeRef: 'W',
          GPSLongitude: '0/1 7/1 0/1',
        },
      })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const source = file(bytes, 'photo.jpg');
    expect(await tagsOf(source)).not.toEqual([]);
    const { kind, width, height, renditions } = taken(await made(source));
    expect({ kind, width, height }).toEqual({ kind: 'image', width: 800, height: 1_200 });
    expect(renditions.map((one) => [one.name, one.width, one.height])).toEqual([
      ['w320', 320, 480],
      ['w960', 800, 1_200],
    ]);
    for (const rendition of renditions) expect(await tagsOf(rendition.file)).toEqual([]);
    // Turned to the right: what was at the top left is at the top right.
    const { data } = await sharp(renditions[0]!.file).raw().toBuffer({ resolveWithObject: true });
    expect(data[(319 + 320 * 5) * 3]).toBeGreaterThan(150);
  });

  test('that moves goes on moving', async () => {
    const frames = await Promise.all(
      ['#c52', '#3a7', '#25c'].map((background) =>
        sharp({ create: { width: 40, height: 30, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const gif = await sharp(frames, { join: { animated: true } })
      .gif({ delay: [90, 90, 90] })
      .toBuffer();
    const { renditions, width, height } = taken(await made(file(gif)));
    expect([width, height]).toEqual([40, 30]);
    expect((await sharp(renditions[0]!.file, { animated: true }).metadata()).pages).toBe(3);
  });

  test.each<[string, () => Promise<Buffer> | Buffer | string, MediaRefusal]>([
    ['that is empty', () => '', 'empty'],
    ['of 51 megapixels', () => photo(8_500, 6_001).png({ compressionLevel: 9 }).toBuffer(), 'tooBig'],
    [
      'that is an SVG',
      () => '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script></svg>',
      'typeNotAllowed',
    ],
    ['that is a TIFF', () => photo(9, 9).tiff().toBuffer(), 'typeNotAllowed'],
    ['that is HTML', () => '<!doctype html><script>alert(1)</script>', 'typeNotAllowed'],
    [
      'that is a program',
      () => Buffer.concat([Buffer.from([0x7f]), Buffer.from('ELF'), Buffer.alloc(200)]),
      'typeNotAllowed',
    ],
    [
      'cut in the middle',
      async () => (await photo(900, 700).jpeg().toBuffer()).subarray(0, 900),
      'unreadable',
    ],
    [
      'with the test virus in it',
      async () =>
        Buffer.concat([
          await photo(9, 9).jpeg().toBuffer(),
          Buffer.from(['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('')),
        ]),
      'blocked',
    ],
  ])('%s is refused', async (_, bytes, reason) => {
    expect(await made(file(await bytes(), 'picture.jpg'))).toBe(reason);
  });

  test('with something else behind it loses that', async () => {
    const tail = Buffer.from('PK\u0003\u0004 a whole archive <?php system($_GET[1]); ?>');
    const { renditions } = taken(
      await made(file(Buffer.concat([await photo(90, 70).jpeg().toBuffer(), tail]))),
    );
    for (const { file: path } of renditions) expect(readFileSync(path).includes('<?php')).toBe(false);
  });

  test('damaged in any way is refused or shown as far as it goes, and the next is made as if nothing had been', async () => {
    const whole = await photo(300, 200).jpeg().toBuffer();
    let state = 7;
    const random = (below: number) => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) % below;
    for (let n = 0; n < 40; n += 1) {
      const bytes = Buffer.from(whole);
      for (let i = 0; i < 1 + n; i += 1) bytes[random(bytes.length)] = random(256);
      const outcome = await made(file(bytes));
      if (typeof outcome === 'string') expect(['unreadable', 'typeNotAllowed', 'tooBig']).toContain(outcome);
    }
    expect(taken(await made(file(whole))).renditions).toHaveLength(1);
  });
});

describe('a mark', () => {
  test('is all over the picture, the same for the same words, and another for others', async () => {
    const picture = await photo(960, 640).webp().toBuffer();
    const [one, again, other] = [
      await workshop.mark(picture, 'Ines Carvalho · 7F3A'),
      await workshop.mark(picture, 'Ines Carvalho · 7F3A'),
      await workshop.mark(picture, 'Tom & <Jerry> · 11B2'),
    ];
    expect(one.equals(again)).toBe(true);
    expect(one.equals(other)).toBe(false);
    const pixels = async (bytes: Buffer) => sharp(bytes).greyscale().raw().toBuffer();
    const [before, after] = [await pixels(picture), await pixels(one)];
    // In every twelfth of it something is different.
    for (let row = 0; row < 3; row += 1)
      for (let column = 0; column < 4; column += 1) {
        let different = 0;
        for (let y = (row * 640) / 3; y < ((row + 1) * 640) / 3 - 1; y += 1)
          for (let x = column * 240; x < (column + 1) * 240; x += 1) {
            const at = Math.floor(y) * 960 + x;
            if (Math.abs(before[at]! - after[at]!) > 12) different += 1;
          }
        expect(different).toBeGreaterThan(300);
      }
  });
});

describe('captions', () => {
  test('are written anew: times and words, without styles, tags and notes', () => {
    const source = `WEBVTT - a film\r\n\r\nSTYLE\r\n::cue { background: url(https://evil.example/x) }\r\n\r\nNOTE not for you\r\n\r\none\r\n00:01.000 --> 00:02.500 align:start\r\n<v Tom><b>Hello</b> & <script>alert(1)</script>you\r\n\r\n00:00:03.000 --> 00:00:04.000\r\n- No\r\n- Yes\r\n`;
    expect(captionsOf(source)).toBe(
      'WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello &amp; alert(1)you\n\n00:00:03.000 --> 00:00:04.000\n- No\n- Yes\n',
    );
  });
  test('of SubRip become WebVTT', () => {
    expect(captionsOf('1\n00:00:01,000 --> 00:00:02,000\nHello\n')).toBe(
      'WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHello\n',
    );
  });
  test.each(['', 'Hello', 'WEBVTT\n\n00:05.000 --> 00:01.000\nback\n', 'a\0b'])('%j are none', (text) => {
    expect(captionsOf(text)).toBeNull();
  });
  test('are only taken where captions are asked for', async () => {
    const path = file('WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n', 'film.vtt');
    expect(await made(path)).toBe('notForThis');
    expect(taken(await made(path, 'captions')).renditions.map(({ name }) => name)).toEqual(['text']);
    expect(await made(file(await photo(9, 9).png().toBuffer()), 'captions')).toBe('unreadable');
  });
});

/** A film of a few seconds: an animated picture that a browser would not call a film, through the same tools. */
const data = join(import.meta.dirname, '../../../../../shared/data');
const demoFilm = join(import.meta.dirname, '../../demo/halden-one-film.mp4');

describe('a film', () => {
  test('named a picture, or a playlist named a film, is what it is, and reads nothing but itself', async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.end('#EXTM3U');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const secret = file('a secret', 'secret.txt');
    const url = `http://127.0.0.1:${port}/x.ts`;
    const playlists = [
      `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${url}\n#EXT-X-ENDLIST\n`,
      `#EXTM3U\n#EXTINF:1,\nfile://${secret}\n`,
      `#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nconcat:${url}|file:${secret}\n`,
      `ffconcat version 1.0\nfile '${secret}'\n`,
      `ffconcat version 1.0\nfile ${url}\n`,
      `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><AdaptationSet><Representation><BaseURL>${url}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
      `<smil><body><video src="${url}"/></body></smil>`,
      `[playlist]\nFile1=${url}\n`,
      `<asx version="3.0"><entry><ref href="${url}"/></entry></asx>`,
      `RTSPtext\nrtsp://127.0.0.1:${port}/x\n`,
      `<svg xmlns="http://www.w3.org/2000/svg"><image href="${url}"/></svg>`,
      `\u0000\u0000\u0000\u0018ftypmp42\u0000\u0000\u0000\u0000mp42isom#EXTM3U\n#EXTINF:1,\n${url}\n`,
    ];
    for (const playlist of playlists)
      for (const purpose of ['submission', 'asset'] as const)
        expect(['typeNotAllowed', 'unreadable']).toContain(await made(file(playlist, 'film.mp4'), purpose));
    server.close();
    expect(asked).toBe(0);
  });

  test('is refused as unreadable when it was cut off', async () => {
    const bytes = readFileSync(demoFilm);
    expect(await made(file(bytes.subarray(0, bytes.length >> 2), 'film.mp4'))).toBe('unreadable');
  });
});

const withData = existsSync(data) ? describe : describe.skip;
// Without the shared files there is nothing to read.
withData('every file that there is', () => {
  interface Entry {
    file: string;
    ImageWidth?: number;
    ImageHeight?: number;
    Orientation?: number;
    Rotation?: number;
    duration_s?: string | null;
    MIMEType?: string;
  }
  const manifest = (name: string) =>
    existsSync(data) ? (JSON.parse(readFileSync(join(data, name, 'manifest.json'), 'utf8')) as Entry[]) : [];

  test.each(manifest('media').filter(({ MIMEType }) => MIMEType !== 'text/plain'))(
    '$file is taken, as large and as long as it is, and says nothing of where and by whom',
    async (entry) => {
      const outcome = taken(await made(join(data, 'media', entry.file)));
      const lies = (entry.Orientation ?? 1) >= 5 || (entry.Rotation ?? 0) % 180 === 90;
      const cropped = readFileSync(join(data, 'media', entry.file))
        .subarray(0, 4_096)
        .includes('clap');
      if (entry.ImageWidth && !cropped)
        expect([outcome.width, outcome.height]).toEqual(
          lies ? [entry.ImageHeight, entry.ImageWidth] : [entry.ImageWidth, entry.ImageHeight],
        );
      if (entry.duration_s)
        expect(Math.abs(outcome.durationMs! / 1_000 - Number(entry.duration_s))).toBeLessThan(0.3);
      expect(await tagsOf(outcome.renditions[0]!.file)).toEqual([]);
    },
  );

  const refusals: Record<string, MediaRefusal[] | 'taken'> = {
    'zero-byte.jpg': ['empty'],
    'truncated.jpg': ['unreadable'],
    'truncated.png': ['unreadable'],
    'corrupt-header.jpg': ['unreadable', 'typeNotAllowed'],
    'bomb-20000x20000.png': ['tooBig'],
    'decompression_bomb.gif': ['tooBig', 'unreadable'],
    'video-named.jpg': ['unreadable'],
    'html-named.png': ['typeNotAllowed'],
    'script.svg': ['typeNotAllowed'],
    'polyglot-gif-js.gif': ['unreadable', 'typeNotAllowed'],
    'trailing-zip.jpg': 'taken',
    'exif-script.jpg': 'taken',
  };
  test.each(manifest('hostile'))('$file is refused or made harmless', async ({ file: name }) => {
    const copy = join(folder, name);
    copyFileSync(join(data, 'hostile', name), copy);
    const began = performance.now();
    const outcome = await made(copy);
    const expected = refusals[name];
    if (expected === 'taken') {
      for (const { file: path } of taken(outcome).renditions) {
        expect(readFileSync(path, 'latin1')).not.toMatch(/PK\u0003\u0004|<script|DROP TABLE/i);
        expect(await tagsOf(path)).toEqual([]);
      }
    } else expect(expected).toContain(outcome);
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});
