import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FileStore } from '@tus/file-store';
import type { Upload } from '@tus/utils';
import { synced } from '../platform/store';

/** What a part is said to be: by which algorithm, and the digest in base64. */
export interface Checksum {
  algorithm: string;
  digest: string;
}

/** Of tus's checksum extension; sha1 is the one that every server must know. */
export const algorithms = ['sha1', 'sha256'];

const mismatch = { status_code: 460, body: 'Checksum mismatch\n' };

/**
 * Where uploads land, each a file that grows. What was answered is on the disk; a part that came with its checksum
 * counts whole or not at all.
 */
export class Landing extends FileStore {
  private readonly checks = new Map<string, Checksum>();

  constructor(
    private readonly folder: string,
    expiresMs: number,
  ) {
    super({ directory: folder, expirationPeriodInMilliseconds: expiresMs });
    this.extensions = ['creation', 'creation-with-upload', 'expiration', 'termination', 'checksum'];
  }

  pathOf(id: string) {
    return join(this.folder, id);
  }

  /** The next part of this upload is to be this. */
  expect(id: string, checksum: Checksum | undefined) {
    if (checksum) this.checks.set(id, checksum);
    else this.checks.delete(id);
  }

  /** Bytes that are here; undefined where nothing has landed. */
  async received(id: string): Promise<number | undefined> {
    return (await stat(this.pathOf(id)).catch(() => undefined))?.size;
  }

  /** Asked for twice it is made once: what has come meanwhile stays. */
  override async create(upload: Upload): Promise<Upload> {
    await mkdir(this.folder, { recursive: true });
    if (existsSync(this.pathOf(upload.id)) && (await this.configstore.get(upload.id))) return upload;
    return super.create(upload);
  }

  override async write(readable: Readable, id: string, offset: number): Promise<number> {
    const check = this.checks.get(id);
    this.checks.delete(id);
    const hash = check && createHash(check.algorithm);
    const source = hash
      ? readable.pipe(
          new Transform({
            transform(bytes: Buffer, _, done) {
              hash.update(bytes);
              done(null, bytes);
            },
          }),
        )
      : readable;
    if (source !== readable) readable.on('error', (error) => source.destroy(error));
    try {
      const end = await this.append(source, id, offset);
      if (hash && hash.digest('base64') !== check.digest) throw mismatch;
      await synced(this.pathOf(id));
      return end;
    } catch (error) {
      // What came of a broken part cannot be told from what was damaged.
      if (check) await truncate(this.pathOf(id), offset).catch(() => undefined);
      throw error;
    }
  }

  /** Throws what the disk says, such as that it is full: the library's own would only say that it could not write. */
  private async append(source: Readable, id: string, offset: number): Promise<number> {
    const file = createWriteStream(this.pathOf(id), { flags: 'r+', start: offset });
    await pipeline(source, file);
    return offset + file.bytesWritten;
  }

  async forget(id: string) {
    await rm(this.pathOf(id), { force: true });
    await rm(`${this.pathOf(id)}.json`, { force: true });
  }
}
