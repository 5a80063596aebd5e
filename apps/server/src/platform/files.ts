import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { Bucket } from './bucket';
import { type Config, CONFIG } from './config';
import { Disk, type Slice, type Store } from './store';

/** Bytes of a community by their SHA-256: on the local disk, or in a bucket of S3-compatible storage. */
@Injectable()
export class Files {
  /** Where drafts are written, and uploads land. */
  readonly workFolder: string;
  private readonly store: Store;

  constructor(@Inject(CONFIG) config: Config) {
    this.workFolder = join(config.dataDir, 'work');
    this.store = config.bucket ? new Bucket(config.bucket) : new Disk(join(config.dataDir, 'files'));
  }

  /** Settles when the bytes are safe; answers their SHA-256 in hex. */
  async put(communityId: string, bytes: Buffer): Promise<string> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (await this.store.has(nameOf(communityId, sha256))) return sha256;
    const draft = await this.draft();
    await writeFile(draft, bytes, { flag: 'wx' });
    await this.store.put(nameOf(communityId, sha256), draft, sha256);
    await rm(draft, { force: true });
    return sha256;
  }

  /** Takes a file as it lies there; it may be gone afterwards. Settles when the bytes are safe. */
  async take(communityId: string, path: string, sha256: string): Promise<void> {
    const name = nameOf(communityId, sha256);
    if (!(await this.store.has(name))) await this.store.put(name, path, sha256);
  }

  /** The bytes, or a slice of them. 404 where there are none. */
  open(communityId: string, sha256: string, slice?: Slice): Promise<Readable> {
    return this.store.open(nameOf(communityId, sha256), slice);
  }

  async read(communityId: string, sha256: string): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of await this.open(communityId, sha256)) parts.push(part as Buffer);
    return Buffer.concat(parts);
  }

  /** Puts the bytes into a file of this machine. */
  async fetch(communityId: string, sha256: string, path: string): Promise<void> {
    await pipeline(await this.open(communityId, sha256), createWriteStream(path));
  }

  remove(communityId: string, sha256: string): Promise<void> {
    return this.store.remove(nameOf(communityId, sha256));
  }

  /** Sends a small file whole. Nobody but this viewer may keep it. */
  async send(response: Response, communityId: string, sha256: string, mediaType: string): Promise<void> {
    const bytes = await this.read(communityId, sha256);
    privately(response, mediaType);
    response.setHeader('content-length', bytes.length);
    response.end(bytes);
  }

  private async draft(): Promise<string> {
    await mkdir(this.workFolder, { recursive: true });
    return join(this.workFolder, randomUUID());
  }
}

/** Nobody but this viewer, on this page, gets to keep or run what is sent. */
export function privately(response: Response, mediaType: string) {
  response.setHeader('cache-control', 'private, no-store');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('content-disposition', 'inline');
  response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  response.setHeader('content-type', mediaType);
}

const nameOf = (communityId: string, sha256: string) => `${communityId}/${sha256.slice(0, 2)}/${sha256}`;
