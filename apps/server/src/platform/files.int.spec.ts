import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import S3rver from 's3rver';
import { type Config, readConfig } from './config';
import { AppError } from './errors';
import { Files } from './files';

const folder = mkdtempSync(join(tmpdir(), 'parley-files-'));
const keys = {
  FILES_S3_KEY: 'S3RVER',
  FILES_S3_SECRET: 'S3RVER',
  FILES_S3_REGION: 'us-east-1',
  FILES_S3_BUCKET: 'parley',
};
let server: Server;
let s3: Record<string, string>;
beforeAll(async () => {
  const bucket = new S3rver({
    directory: join(folder, 's3'),
    silent: true,
    configureBuckets: [{ name: 'parley', configs: [] }],
  });
  await bucket.configureBuckets();
  server = createServer(bucket.getMiddleware());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  s3 = { ...keys, FILES_S3_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});
afterAll(async () => {
  await new Promise((done) => server.close(done));
  rmSync(folder, { recursive: true });
});

describe.each(['the local disk', 'a bucket'])('files on %s', (kind) => {
  const filesOf = (name: string): Files => {
    const env = kind === 'a bucket' ? s3 : {};
    return new Files(readConfig({ PARLEY_DATA_DIR: join(folder, name), ...env }) as Config);
  };
  const community = randomUUID();
  const all = async (stream: AsyncIterable<unknown>) => {
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    return Buffer.concat(parts);
  };

  it('are kept under the hash of their bytes, whole and in slices', async () => {
    const files = filesOf('a');
    const bytes = randomBytes(300_000);
    const sha256 = await files.put(community, bytes);
    expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(await files.put(community, bytes)).toBe(sha256);
    expect((await files.read(community, sha256)).equals(bytes)).toBe(true);
    for (const [from, to] of [
      [0, 1],
      [0, 99],
      [1_000, 200_000],
      [299_999, 299_999],
    ] as const)
      expect(
        (await all(await files.open(community, sha256, { from, to }))).equals(bytes.subarray(from, to + 1)),
      ).toBe(true);
  });

  it('are taken as they lie there, and fetched again', async () => {
    const files = filesOf('b');
    const bytes = randomBytes(100_000);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const path = join(folder, randomUUID());
    writeFileSync(path, bytes);
    await files.take(community, path, sha256);
    // The server was killed before it wrote that down, and does it again: the file is gone by now, or not.
    await files.take(community, path, sha256);
    const copy = join(folder, randomUUID());
    await files.fetch(community, sha256, copy);
    expect((await files.read(community, sha256)).equals(bytes)).toBe(true);
  });

  it('of one community are not there for another', async () => {
    const files = filesOf('c');
    const sha256 = await files.put(community, Buffer.from('ours'));
    await expect(files.read(randomUUID(), sha256)).rejects.toMatchObject({ code: 'request.notFound' });
  });

  it('that are not there are told before the first byte', async () => {
    const refusal = await filesOf('d')
      .open(community, 'ab'.repeat(32))
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(AppError);
    expect((refusal as AppError).code).toBe('request.notFound');
  });

  it('are removed, once and again', async () => {
    const files = filesOf('e');
    const sha256 = await files.put(community, Buffer.from(`away ${kind}`));
    await files.remove(community, sha256);
    await files.remove(community, sha256);
    await expect(files.read(community, sha256)).rejects.toMatchObject({ code: 'request.notFound' });
  });

  it('cost the same memory however large they are', async () => {
    const files = filesOf('f');
    const path = join(folder, randomUUID());
    const size = 96 * 1024 ** 2;
    writeFileSync(path, Buffer.alloc(size, 7));
    const sha256 = createHash('sha256').update(Buffer.alloc(size, 7)).digest('hex');
    const before = process.memoryUsage.rss();
    await files.take(community, path, sha256);
    let bytes = 0;
    for await (const part of await files.open(community, sha256)) bytes += (part as Buffer).length;
    expect(bytes).toBe(size);
    // The server that keeps them is this process as well.
    expect(process.memoryUsage.rss() - before).toBeLessThan(size);
  });
});

it('a bucket needs all of its settings', () => {
  expect(() => readConfig({ FILES_S3_BUCKET: 'x' })).toThrow(/FILES_S3_ENDPOINT/);
});
