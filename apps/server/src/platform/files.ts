import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { type Config, CONFIG } from './config';
import { notFound } from './errors';

/** Bytes by their SHA-256. What is stored once is never changed. */
@Injectable()
export class Files {
  private readonly folder: string;

  constructor(@Inject(CONFIG) config: Config) {
    this.folder = join(config.dataDir, 'files');
  }

  /** Settles when the bytes are on the disk; answers their SHA-256 in hex. */
  async put(bytes: Buffer): Promise<string> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const path = this.pathOf(sha256);
    if (await stat(path).catch(() => undefined)) return sha256;
    await mkdir(join(path, '..'), { recursive: true });
    const draft = `${path}.${randomUUID()}`;
    const file = await open(draft, 'wx');
    await file.writeFile(bytes);
    await file.sync();
    await file.close();
    await rename(draft, path);
    return sha256;
  }

  /** Sends a file, or the one range asked for. Nobody but this viewer may keep it. */
  send(response: Response, sha256: string, mediaType: string): Promise<void> {
    response.setHeader('cache-control', 'private, no-store');
    response.setHeader('cross-origin-resource-policy', 'same-origin');
    response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    response.type(mediaType);
    return new Promise((done, failed) =>
      response.sendFile(
        join(sha256.slice(0, 2), sha256),
        // Relative to its root, because a dot in a folder's name above it would hide everything.
        { root: this.folder, cacheControl: false, lastModified: false, etag: false },
        (error: (Error & { status?: number; headers?: Record<string, string> }) | undefined) => {
          // A viewer who goes away in the middle of a video is no failure.
          if (!error || response.headersSent) done();
          else if (error.status === 416) {
            response.status(416).set(error.headers).end();
            done();
          } else failed(notFound());
        },
      ),
    );
  }

  private pathOf(sha256: string) {
    return join(this.folder, sha256.slice(0, 2), sha256);
  }
}
