import { createHash } from 'node:crypto';
import { MemoryUploads, type Sending, Uploads } from '@parley/client/upload';
import { type MediaLinks, readLinks, type UploadPurpose } from '@parley/contracts/media';
import { parseMetadata } from '@uswriting/exiftool';
import { Demo } from './demo';
import { type Expected, readManifest } from './manifest';
import { OwnServer, withOwnServer } from './own-server';
import { insist, signIn, type SignedIn } from './person';
import { pause, say } from './problem';

interface Options {
  folder: string;
  interrupted: Promise<void>;
}

/** So long one file may take, ms. */
const PATIENCE_MS = 240_000;
/** Nobody sends more than these, so that no quota is met. */
const FILES_EACH = 40;
/** What tells where, by whom and with what. */
const telling =
  /GPS|Location|Serial|Artist|Author|Creator|Copyright|Owner|By-?line|^Make$|^Model$|HostComputer|City|Country|Sub-?location/i;
const types = /^(image\/webp|video\/mp4|audio\/mp4|text\/vtt|application\/vnd\.apple\.mpegurl)\b/;

interface Difference {
  file: string;
  what: string;
}

/**
 * Sends every file of a folder as its people would, and compares what becomes of each with the folder's manifest; looks
 * into everything that is served for what must not be in it.
 */
export function media({ folder, interrupted }: Options) {
  const files = readManifest(folder);
  return withOwnServer({}, interrupted, async (server) => {
    const demo = await Demo.open(server.url, 'halden');
    const people = await demo.crowd(Math.ceil(files.length / FILES_EACH));
    const senders: SignedIn[] = [];
    for (const { personId } of people) senders.push(await signIn(server.url, personId));
    const differences: Difference[] = [];
    let metadataLeaks = 0;
    for (const [place, expected] of files.entries()) {
      const sender =
        expected.captions || expected.document ? demo.manager : senders[Math.floor(place / FILES_EACH)]!;
      const found = await tryOne(server, demo, sender, expected);
      metadataLeaks += found.leaks;
      differences.push(...found.differences);
      say(`${expected.file}: ${found.differences.map(({ what }) => what).join('; ') || 'as expected'}`);
    }
    const ready = await fetch(`${server.url}/health/ready`).catch(() => undefined);
    const wrong = new Set(differences.map(({ file }) => file));
    const serverStayedUp = Boolean(ready?.ok) && server.isUp;
    return {
      ok: !differences.length && !metadataLeaks && serverStayedUp,
      files: files.length,
      asExpected: files.length - wrong.size,
      differences,
      metadataLeaks,
      serverStayedUp,
    };
  });
}

async function tryOne(server: OwnServer, { communityId }: Demo, sender: SignedIn, expected: Expected) {
  const differences: Difference[] = [];
  const differs = (what: string) => differences.push({ file: expected.file, what });
  const { call, jar } = sender;
  const uploads = new Uploads({ communityId, call, jar, url: server.url, store: new MemoryUploads() });
  const purpose: UploadPurpose = expected.captions ? 'captions' : expected.document ? 'asset' : 'submission';
  let leaks = 0;
  try {
    const op = await uploads.add(expected.bytes, { purpose, name: expected.file });
    const sent = await Promise.race([uploads.done(op), pause(PATIENCE_MS)]);
    if (!sent) differs('nothing became of it');
    else if (sent.state === 'failed') differs(`it failed: ${sent.error?.code}`);
    else if (sent.state === 'refused' && !expected.refused) differs(`refused: ${sent.refusal}`);
    else if (sent.state === 'ready' && !expected.taken) differs('taken');
    if (sent?.state === 'ready' && sent.mediaId) {
      for (const what of shapeOf(await linksOf(sender, communityId, sent), expected)) differs(what);
      const served = await serve(server, sender, communityId, sent);
      for (const { name, type, nosniff, bytes } of served) {
        if (!types.test(type) || !nosniff) differs(`${name} is served as ${type}`);
        if (hashOf(bytes) === hashOf(expected.bytes)) differs(`${name} is the original`);
        const told = await tagsOf(name, bytes);
        if (told.length) {
          leaks += 1;
          say(`${expected.file}, ${name}: ${told.join(', ')}`);
        }
        for (const words of await wordsOf(expected))
          if (bytes.includes(words)) differs(`${name} still holds "${words.slice(0, 30)}"`);
      }
    }
    if (sent) await uploads.remove(op);
  } finally {
    uploads.stop();
  }
  return { differences, leaks };
}

const linksOf = async ({ call }: SignedIn, communityId: string, { mediaId }: Sending) =>
  (await insist(() => call(readLinks, { communityId, ids: mediaId! }))).links[0];

/** What is not as large or as long as it is to be. */
function shapeOf(links: MediaLinks | undefined, { size, cropped, seconds, captions }: Expected): string[] {
  if (!links) return captions ? [] : ['its own sender does not see it'];
  const found: string[] = [];
  const { width, height, durationSeconds } = links;
  if (size && !cropped && (width !== size.width || height !== size.height))
    found.push(`${width}x${height} instead of ${size.width}x${size.height}`);
  if (seconds !== null && (durationSeconds === null || Math.abs(durationSeconds - seconds) > 0.3))
    found.push(`${durationSeconds} s instead of ${seconds} s`);
  return found;
}

interface Served {
  name: string;
  type: string;
  nosniff: boolean;
  bytes: Buffer;
}

/** Everything that a viewer of it is served: each picture, and each track of a film put together from its parts. */
async function serve(
  server: OwnServer,
  sender: SignedIn,
  communityId: string,
  sent: Sending,
): Promise<Served[]> {
  const get = async (url: string): Promise<Served> => {
    const response = await fetch(`${server.url}${url}`, { headers: { cookie: sender.jar.header() } });
    const bytes = Buffer.from(await response.arrayBuffer());
    if (!response.ok) say(`${url.split('/').slice(-3, -1).join('/')}: ${response.status}`);
    return {
      name: url.split('/').at(-3)!,
      type: response.headers.get('content-type') ?? '',
      nosniff: response.headers.get('x-content-type-options') === 'nosniff',
      bytes,
    };
  };
  const links = await linksOf(sender, communityId, sent);
  if (!links) return [];
  const served: Served[] = [];
  for (const { url } of [...links.pictures, ...links.pages, ...links.captions]) served.push(await get(url));
  for (const track of Object.keys(links.film?.keys ?? {}).filter((name) => name !== 'film')) {
    // Long films outlast an address.
    const keyOf = async () => (await linksOf(sender, communityId, sent))!.film!.keys[track]!;
    const partOf = async (part: string) =>
      get(links.film!.url.replace(/film\/list\/[^/]+$/, `${track}/${part}/${await keyOf()}`));
    const list = await partOf('list');
    const parts = list.bytes
      .toString()
      .split('\n')
      .filter((line) => line && !line.startsWith('#')).length;
    const init = await partOf('init');
    const bytes = [init.bytes];
    for (let n = 0; n < parts; n += 1) bytes.push((await partOf(String(n))).bytes);
    served.push(list, { ...init, bytes: Buffer.concat(bytes) });
  }
  return served;
}

async function tagsOf(name: string, bytes: Buffer): Promise<string[]> {
  return Object.keys(await metadataOf(name, bytes)).filter((tag) => telling.test(tag));
}

/** What the original says of itself in words of its own: none of it may be in what is served. */
const known = new Map<string, string[]>();
async function wordsOf({ file, bytes }: Expected): Promise<string[]> {
  let words = known.get(file);
  if (!words) {
    const tags = await metadataOf('original', bytes);
    words = Object.entries(tags).flatMap(([tag, value]) =>
      !/Handler/i.test(tag) &&
      /Artist|Comment|Description|Copyright|Author|Creator|Serial|Keywords|Title|XP/i.test(tag) &&
      typeof value === 'string' &&
      value.trim().length >= 8
        ? value.trim()
        : [],
    );
    const tail = bytes.lastIndexOf('PK\u0003\u0004');
    if (tail > 0) words.push(bytes.subarray(tail, tail + 40).toString('latin1'));
    known.set(file, words);
  }
  return words;
}

async function metadataOf(name: string, data: Buffer): Promise<Record<string, unknown>> {
  if (!data.length) return {};
  const answer = await parseMetadata<Record<string, unknown>[]>(
    { name, data: new Uint8Array(data) },
    { args: ['-json', '-a'], transform: (text) => JSON.parse(text) as Record<string, unknown>[] },
  );
  return (answer.success && answer.data[0]) || {};
}

const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
