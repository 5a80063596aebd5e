import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { CallError } from '@parley/client/http';
import { traceLeak } from '@parley/contracts/media';
import {
  LEAK_PART_SECONDS,
  LOOK_BYTES,
  LOOK_HEIGHT,
  LOOK_WIDTH,
  LOOKS_PER_SECOND,
  swingAt,
} from '@parley/insight/leak';
import {
  assetOf,
  halden,
  mediaOf,
  personOf,
  startTestServer,
  type TestServer,
  type Visitor,
} from '../../test/server';
import { Files } from '../platform/files';
import { DeliveryService } from './delivery.service';

// Looked up once: in a test's own global object each look-up costs more than the sum.
const { cos, floor, round, sin } = Math;

const SECONDS = 240;
const film = new Float32Array(SECONDS * LOOKS_PER_SECOND * LOOK_BYTES);
for (let at = 0; at < SECONDS * LOOKS_PER_SECOND; at += 1) {
  const scene = floor(at / 23);
  for (let y = 0; y < LOOK_HEIGHT; y += 1)
    for (let x = 0; x < LOOK_WIDTH; x += 1)
      film[at * LOOK_BYTES + y * LOOK_WIDTH + x] =
        110 +
        ((scene * 37) % 40) +
        45 * sin(x / (5 + (scene % 7)) + at / 20 + scene) * cos(y / (4 + (scene % 5)) + scene);
}
/** What is left of a viewer's copy after it was cut and given other colours. */
function leakOf(personId: string, from = 30, seconds = 200): Uint8Array {
  const delivery = server.get(DeliveryService);
  const clip = new Uint8Array(seconds * LOOKS_PER_SECOND * LOOK_BYTES);
  for (let at = 0; at < seconds * LOOKS_PER_SECOND; at += 1) {
    const t = from + at / LOOKS_PER_SECOND;
    const copy = delivery.copyOf(personId, mediaId, floor(t / LEAK_PART_SECONDS));
    const swing = swingAt(copy, t) * 255;
    for (let i = 0; i < LOOK_BYTES; i += 1)
      clip[at * LOOK_BYTES + i] = round(
        0.94 * (film[floor(t * LOOKS_PER_SECOND) * LOOK_BYTES + i]! + swing) + 4,
      );
  }
  return clip;
}

let server: TestServer;
let maren: Visitor;
const mediaId = mediaOf('halden-one-film');
const inHalden = { communityId: halden, assetId: assetOf('halden-one-film') };

/** A film whose small pictures are these. */
async function filmOf(looks: Uint8Array, id: string = randomUUID()): Promise<string> {
  const zipped = gzipSync(looks);
  const sha256 = await server.get(Files).put(halden, zipped);
  await server.sql(
    `INSERT INTO media (community_id, id, purpose, name, bytes, state, kind) VALUES ($1, $2, 'asset', 'a clip', 1, 'ready', 'video')
     ON CONFLICT DO NOTHING`,
    [halden, id],
  );
  await server.sql(
    `INSERT INTO rendition (community_id, media_id, name, media_type, bytes, sha256) VALUES ($1, $2, 'looks', 'application/gzip', $3, $4)`,
    [halden, id, zipped.length, sha256],
  );
  return id;
}

beforeAll(async () => {
  server = await startTestServer();
  maren = await server.visit('maren');
  await filmOf(
    Uint8Array.from(film, (value) => round(value)),
    mediaId,
  );
  // Everybody of the community was served it.
  await server.sql(
    `INSERT INTO media_view (community_id, media_id, member_id, person_id, rendition, part, bytes)
     SELECT community_id, $2, id, person_id, 'v540', '7', 1000 FROM member WHERE community_id = $1`,
    [halden, mediaId],
  );
}, 60_000);
afterAll(() => server.stop());

it('names the one whose copy a clip is, and writes down that it was asked', async () => {
  const clip = await filmOf(leakOf(personOf('tunde')));
  const trace = await maren.call(traceLeak, { ...inHalden, mediaId: clip });
  expect(trace.who?.name).toBe('T. Okafor');
  expect(trace.from).toMatchObject({ version: 1, second: 30 });
  expect(trace.among).toBeGreaterThan(40);
  const logged = await server.sql(`SELECT FROM audit WHERE action = 'asset.traced' AND target = $1`, [
    assetOf('halden-one-film'),
  ]);
  expect(logged).toHaveLength(1);
});

it('names nobody where it is the copy of somebody who was never served it', async () => {
  const clip = await filmOf(leakOf(randomUUID()));
  expect((await maren.call(traceLeak, { ...inHalden, mediaId: clip })).who).toBeNull();
});

it('says so where it is another film, or none at all', async () => {
  const other = await filmOf(
    Uint8Array.from({ length: 60 * LOOKS_PER_SECOND * LOOK_BYTES }, (_, i) => (i * 7919) % 251),
  );
  expect(await maren.call(traceLeak, { ...inHalden, mediaId: other })).toMatchObject({
    from: null,
    who: null,
  });
  const refused = maren.call(traceLeak, { ...inHalden, mediaId: mediaOf('halden-one') });
  expect(await refused.catch((error: CallError) => error.code)).toBe('media.notReady');
});
