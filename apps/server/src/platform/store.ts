import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { notFound } from './errors';

/** Bytes from one place to another, both included. */
export interface Slice {
  from: number;
  to: number;
}

/** Where bytes are kept by name; what is stored once is never changed. */
export interface Store {
  has(name: string): Promise<boolean>;
  /** Settles when the bytes of the file are safe. May take the file away. */
  put(name: string, path: string, sha256: string): Promise<void>;
  /** Rejects before the first byte where there is none of that name. */
  open(name: string, slice?: Slice): Promise<Readable>;
  remove(name: string): Promise<void>;
}

/** Files of this machine. */
export class Disk implements Store {
  constructor(private readonly folder: string) {}

  async has(name: string) {
    return Boolean(await stat(this.pathOf(name)).catch(() => undefined));
  }

  async put(name: string, path: string) {
    const target = this.pathOf(name);
    await mkdir(dirname(target), { recursive: true });
    await synced(path);
    await rename(path, target).catch(async (error: { code?: string }) => {
      // From another disk: copied beside, made safe, and put in place.
      if (error.code !== 'EXDEV') throw error;
      const draft = `${target}.${randomUUID()}`;
      await pipeline(createReadStream(path), createWriteStream(draft));
      await synced(draft);
      await rename(draft, target);
    });
    await synced(dirname(target));
  }

  open(name: string, slice?: Slice) {
    return new Promise<Readable>((done, failed) => {
      const stream = createReadStream(this.pathOf(name), slice && { start: slice.from, end: slice.to });
      stream.once('open', () => done(stream));
      stream.once('error', () => failed(notFound()));
    });
  }

  async remove(name: string) {
    await rm(this.pathOf(name), { force: true });
  }

  private pathOf(name: string) {
    return join(this.folder, name);
  }
}

/** Makes a file, or that a folder has it, safe. */
export async function synced(path: string) {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
