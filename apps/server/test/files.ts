import { randomUUID } from 'node:crypto';
import { type UploadPurpose, uploadsPath } from '@parley/contracts/media';
import sharp from 'sharp';
import { halden, type TestServer, until, type Visitor } from './server';

const b64 = (text: string) => Buffer.from(text).toString('base64');

/** Sends a file in one go; answers its id, whatever becomes of it. */
export async function uploadFile(
  who: Visitor,
  bytes: Buffer,
  purpose: UploadPurpose = 'asset',
  communityId = halden,
): Promise<string> {
  const answer = await who.request(uploadsPath.replace(':communityId', communityId), {
    method: 'POST',
    body: new Uint8Array(bytes),
    headers: {
      ...{ 'tus-resumable': '1.0.0', 'upload-length': String(bytes.length) },
      'content-type': 'application/offset+octet-stream',
      'upload-metadata': `purpose ${b64(purpose)},op ${b64(randomUUID())},name ${b64('a file')}`,
    },
  });
  return answer.headers.get('location')!.split('/').at(-1)!;
}

/** The same, and waits until it is ready or refused. */
export async function sendFile(
  server: TestServer,
  who: Visitor,
  bytes: Buffer,
  purpose: UploadPurpose = 'asset',
): Promise<string> {
  const id = await uploadFile(who, bytes, purpose);
  await until(async () => {
    const [row] = await server.sql<{ state: string }>('SELECT state FROM media WHERE id = $1', [id]);
    return row?.state === 'ready' || row?.state === 'refused';
  }, 15_000);
  return id;
}

/** A picture of one colour. */
export const picture = (background: string, width = 700, height = 400) =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
