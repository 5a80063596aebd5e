import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Id } from '@parley/contracts/contract';
import {
  type Media,
  MEMBER_BYTES_MAX,
  MEMBER_FILES_MAX,
  UPLOAD_EXPIRES_MS,
  uploadMax,
  uploadPath,
  UploadPurpose,
} from '@parley/contracts/media';
import { MemoryLocker, Server } from '@tus/server';
import type { Response } from 'express';
import type { ServerRequest } from 'srvx';
import { NodeRequest, sendNodeResponse } from 'srvx/node';
import { type EntityManager, In } from 'typeorm';
import { type Config, CONFIG } from '../platform/config';
import type { Member } from '../platform/doors';
import { AppError, notFound, statusOf, toAppError, toBody } from '../platform/errors';
import { Files } from '../platform/files';
import { idOf } from '../platform/ids';
import { Jobs } from '../platform/jobs';
import { type Log, LOG } from '../platform/log';
import { synced } from '../platform/store';
import { Tenancy } from '../platform/tenancy';
import type { Passing } from '../platform/transport';
import { algorithms, type Checksum, Landing } from './landing';
import { MediaRow } from './media.tables';
import { nameOf } from './names';

/** Free space that is left to everything else, bytes. */
const RESERVE = 512 * 1024 ** 2;

/** Who may send what; a submission everybody may. */
const senders: Partial<Record<UploadPurpose, readonly string[]>> = {
  asset: ['host', 'manager'],
  captions: ['host', 'manager'],
};

/** A request of tus with what the door found out. */
type Asked = Passing & { caller: Member };

/**
 * Takes files, part by part, by tus 1.0.0. The id is the server's, made from the member and the op, so that an upload that
 * is asked for again goes on where it was. A second request for the same upload takes over from the first: on a phone the
 * first is dead and does not know it yet.
 */
@Injectable()
export class UploadsService implements OnApplicationBootstrap {
  private readonly landing: Landing;
  private readonly tus: Server;

  constructor(
    private readonly tenancy: Tenancy,
    private readonly jobs: Jobs,
    private readonly files: Files,
    @Inject(CONFIG) config: Config,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.landing = new Landing(join(config.dataDir, 'uploads'), UPLOAD_EXPIRES_MS);
    this.tus = new Server({
      path: '/api',
      datastore: this.landing,
      allowedOrigins: [config.publicUrl],
      locker: new MemoryLocker(),
      lockDrainTimeout: 500,
      namingFunction: (request, metadata) => idOfUpload(callerOf(request), metadata ?? {}),
      generateUrl: (request, { id }) =>
        uploadPath.replace(':communityId', callerOf(request).communityId).replace(':uploadId', id),
      getFileIdFromRequest: (_, last) => last,
      onUploadCreate: async (request, { id, size, metadata }) => {
        await this.begin(callerOf(request), id, size ?? 0, metadata ?? {});
        return {};
      },
      onUploadFinish: async (request, { id }) => {
        await this.finish(callerOf(request).communityId, id);
        return {};
      },
      onResponseError: (request, error) => this.problemOf(request, error),
    });
    jobs.everywhere('media-uploads', '*/15 * * * *', (communityId) => this.tidy(communityId));
  }

  /** What was cut off between its last byte and its answer is whole. */
  async onApplicationBootstrap() {
    for (const communityId of await this.tenancy.communities())
      await this.tidy(communityId).catch((error: unknown) =>
        this.log.warn({ error: String(error) }, 'uploads not tidied'),
      );
  }

  /** Answers any request of tus; of an upload that is not the caller's: 404. */
  async answer(
    caller: Member,
    uploadId: string | undefined,
    request: Passing,
    response: Response,
  ): Promise<void> {
    if (uploadId !== undefined && !Id.safeParse(uploadId).success) throw notFound();
    if (uploadId !== undefined && request.method !== 'OPTIONS') {
      const row = await this.own(caller, uploadId);
      if (row.state === 'expired' || row.state === 'removed')
        throw new AppError('upload.gone', 'This upload is not kept any more: begin again.');
      if (row.state === 'receiving' && request.method !== 'DELETE') await this.finishWhole(row);
      else if (row.state !== 'receiving') return this.answerDone(caller, row, request, response);
    }
    const checksum = checksumOf(request);
    if (uploadId !== undefined && request.method === 'PATCH') this.landing.expect(uploadId, checksum);
    const answer = await this.tus.handleWeb(
      new NodeRequest({ req: request, res: response }) as ServerRequest,
    );
    if (request.method === 'OPTIONS') answer.headers.set('Tus-Checksum-Algorithm', algorithms.join(','));
    if (request.method === 'DELETE' && answer.status === 204)
      await this.removed(caller.communityId, uploadId!);
    if (answer.status >= 400) answer.headers.set('content-type', 'application/problem+json');
    answer.headers.set('cache-control', 'no-store');
    await sendNodeResponse(response, answer);
  }

  /** One's own, by their ids, in no order; the others are left out. */
  list({ communityId, memberId }: Member, ids: string[]): Promise<Media[]> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const rows = await em.findBy(MediaRow, { communityId, ownerId: memberId, id: In(ids) });
      return Promise.all(rows.map(async (row) => mediaOf(row, await this.landing.received(row.id))));
    });
  }

  /** Where the bytes of an upload lie until they are in the store; undefined once they are. */
  async landed(id: string): Promise<string | undefined> {
    return (await this.landing.received(id)) === undefined ? undefined : this.landing.pathOf(id);
  }

  forget(id: string) {
    return this.landing.forget(id);
  }

  private async own({ communityId, memberId }: Member, id: string): Promise<MediaRow> {
    const row = await this.tenancy.inCommunity(communityId, (em) =>
      em.findOneBy(MediaRow, { communityId, id, ownerId: memberId }),
    );
    if (!row) throw notFound();
    return row;
  }

  private async begin(caller: Member, id: string, size: number, metadata: Record<string, string | null>) {
    const { communityId, memberId, role } = caller;
    const { purpose, op } = purposeOf(metadata);
    if (senders[purpose] && !senders[purpose].includes(role))
      throw new AppError('auth.forbidden', `Not for the role ${role}.`);
    if (!size) throw new AppError('media.refused', 'The file is empty.', { fields: { refusal: 'empty' } });
    if (size > uploadMax[purpose]) throw new AppError('request.tooLarge', 'That file is too large.');
    await this.needSpace(size);
    await this.tenancy.inCommunity(communityId, async (em) => {
      const known = await em.findOneBy(MediaRow, { communityId, id });
      if (known) {
        if (known.bytes === size && known.purpose === purpose && known.state === 'receiving') return;
        throw new AppError('op.mismatch', 'Something else was sent under this id.');
      }
      if (purpose === 'submission') await this.needQuota(em, caller, size);
      await em.query(
        `INSERT INTO media (community_id, id, owner_id, purpose, op, name, bytes, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'receiving') ON CONFLICT DO NOTHING`,
        [communityId, id, memberId, purpose, op, nameOf(metadata['name'] ?? ''), size],
      );
    });
  }

  /** Counted under a lock, so that two at once do not both fit into what is left for one. */
  private async needQuota(em: EntityManager, { communityId, memberId }: Member, size: number) {
    await em.query('SELECT FROM member WHERE community_id = $1 AND id = $2 FOR UPDATE', [
      communityId,
      memberId,
    ]);
    const [used] = (await em.query(
      `SELECT coalesce(sum(bytes), 0)::float8 AS bytes, count(*)::int AS files FROM media
       WHERE community_id = $1 AND owner_id = $2 AND purpose = 'submission'
         AND state NOT IN ('expired', 'removed', 'refused')`,
      [communityId, memberId],
    )) as [{ bytes: number; files: number }];
    if (used.bytes + size > MEMBER_BYTES_MAX || used.files >= MEMBER_FILES_MAX)
      throw new AppError('media.quota', 'You have used your 2 GB, or your 100 files: remove some first.');
  }

  private async needSpace(size: number) {
    await mkdir(this.files.workFolder, { recursive: true });
    const { bavail, bsize } = await statfs(this.files.workFolder);
    if (bavail * bsize < size + RESERVE)
      throw new AppError('storage.full', 'The storage is full: ask the operator to free space.', {
        retryAfterMs: 60_000,
      });
  }

  /** Its last byte has come, and the answer to it was lost. */
  private async finishWhole(row: MediaRow) {
    if ((await this.landing.received(row.id)) === row.bytes) await this.finish(row.communityId, row.id);
  }

  /** All bytes are here: from now on nothing is lost, and it is made into what may be shown. */
  private async finish(communityId: string, id: string) {
    const path = this.landing.pathOf(id);
    await synced(path);
    const hash = createHash('sha256');
    for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer);
    await this.tenancy.inCommunity(communityId, async (em) => {
      const changed: unknown[] = await em.query(
        `WITH moved AS (UPDATE media SET state = 'verified', sha256 = $3, moved_at = now()
           WHERE community_id = $1 AND id = $2 AND state = 'receiving' RETURNING id) SELECT id FROM moved`,
        [communityId, id, hash.digest('hex')],
      );
      if (changed.length) await this.jobs.add(em, 'media-make', { communityId, mediaId: id });
    });
  }

  /** All bytes were here before: that is said once more. */
  private async answerDone(caller: Member, row: MediaRow, request: Passing, response: Response) {
    response.setHeader('tus-resumable', '1.0.0');
    response.setHeader('cache-control', 'no-store');
    if (request.method === 'HEAD') {
      response.setHeader('upload-offset', row.bytes);
      response.setHeader('upload-length', row.bytes);
      response.status(200).end();
    } else if (request.method === 'DELETE') {
      await this.onRemove(caller, row.id);
      response.status(204).end();
    } else throw new AppError('upload.offset', 'All of it is here already.');
  }

  /** Told that a sender takes a file back that is all here. */
  onRemove: (caller: Member, mediaId: string) => Promise<void> = () => Promise.reject(notFound());

  private async removed(communityId: string, id: string) {
    await this.tenancy.inCommunity(communityId, (em) =>
      em.query(
        `UPDATE media SET state = 'removed', moved_at = now() WHERE community_id = $1 AND id = $2 AND state = 'receiving'`,
        [communityId, id],
      ),
    );
  }

  /** Finishes what is whole, and gives up what nothing came to for a day. */
  private async tidy(communityId: string) {
    const rows = await this.tenancy.inCommunity(communityId, (em) =>
      em.findBy(MediaRow, { communityId, state: 'receiving' }),
    );
    for (const row of rows) {
      const file = await stat(this.landing.pathOf(row.id)).catch(() => undefined);
      if (file?.size === row.bytes) await this.finish(communityId, row.id);
      else if (Math.max(row.movedAt.getTime(), file?.mtimeMs ?? 0) < Date.now() - UPLOAD_EXPIRES_MS) {
        await this.tenancy.inCommunity(communityId, (em) =>
          em.query(
            `UPDATE media SET state = 'expired', moved_at = now() WHERE community_id = $1 AND id = $2 AND state = 'receiving'`,
            [communityId, row.id],
          ),
        );
        await this.landing.forget(row.id);
      }
    }
  }

  private problemOf(request: ServerRequest, error: Error | { status_code: number; body: string }) {
    const { ref } = passing(request);
    const code = 'status_code' in error ? codes[error.status_code] : undefined;
    const told =
      'status_code' in error && error.status_code !== 500
        ? new AppError(code ?? 'request.invalid', error.body.trim())
        : toAppError('cause' in error && error.cause instanceof Error ? error.cause : error);
    this.log.info({ ref, code: told.code, why: told.message }, 'upload refused');
    const status = 'status_code' in error && error.status_code !== 500 ? error.status_code : statusOf(told);
    const body = toBody(told, ref);
    return { status_code: status, body: JSON.stringify({ title: body.message, status, ...body }) };
  }
}

const codes: Record<number, AppError['code']> = {
  404: 'request.notFound',
  409: 'upload.offset',
  410: 'upload.gone',
  412: 'upload.version',
  413: 'request.tooLarge',
  415: 'request.unsupportedType',
  423: 'upload.locked',
  460: 'upload.checksum',
};

const passing = (request: ServerRequest) =>
  (request as ServerRequest & { runtime: { node: { req: Asked } } }).runtime.node.req;
const callerOf = (request: ServerRequest) => passing(request).caller;

function purposeOf(metadata: Record<string, string | null>): { purpose: UploadPurpose; op: string } {
  const purpose = UploadPurpose.safeParse(metadata['purpose']);
  const op = Id.safeParse(metadata['op']);
  if (purpose.success && op.success) return { purpose: purpose.data, op: op.data };
  throw new AppError('request.invalid', 'An upload says what it is for, and bears an id.', {
    fields: {
      ...(!purpose.success && { purpose: UploadPurpose.options.join(', ') }),
      ...(!op.success && { op: 'a UUID' }),
    },
  });
}

const idOfUpload = ({ memberId }: Member, metadata: Record<string, string | null>) =>
  idOf('upload', memberId, purposeOf(metadata).op);

function checksumOf({ headers }: Passing): Checksum | undefined {
  const given = headers['upload-checksum'];
  if (given === undefined) return undefined;
  const [algorithm = '', digest = ''] = String(given).split(' ');
  if (!algorithms.includes(algorithm) || !/^[A-Za-z0-9+/]+=*$/.test(digest))
    throw new AppError(
      'request.invalid',
      `A checksum is ${algorithms.join(' or ')} and its digest in base64.`,
    );
  return { algorithm, digest };
}

/** A row as its sender sees it; `landed` bytes of it have come. */
export const mediaOf = (row: MediaRow, landed?: number): Media => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  state: row.state,
  bytes: row.bytes,
  received: row.state === 'receiving' ? (landed ?? 0) : row.bytes,
  progress: row.state === 'ready' ? 1 : row.progress,
  refusal: row.refusal,
  width: row.width,
  height: row.height,
  durationSeconds: row.durationMs === null ? null : row.durationMs / 1_000,
  pages: row.pages,
});
