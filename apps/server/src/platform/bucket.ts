import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { request as plain, type IncomingMessage } from 'node:http';
import { request as secure } from 'node:https';
import { AwsClient } from 'aws4fetch';
import { notFound } from './errors';
import type { Slice, Store } from './store';

/** A bucket of S3-compatible storage, addressed by path. */
export interface BucketConfig {
  endpoint: string;
  bucket: string;
  region: string;
  key: string;
  secret: string;
}

const PATIENCE_MS = 30_000;

/** Objects of a bucket. Bytes stream in and out; none is held whole. */
export class Bucket implements Store {
  private readonly signer: AwsClient;

  constructor(private readonly config: BucketConfig) {
    const { key, secret, region } = config;
    this.signer = new AwsClient({ accessKeyId: key, secretAccessKey: secret, region, service: 's3' });
  }

  async has(name: string) {
    const { statusCode } = await drained(await this.ask('HEAD', name));
    if (statusCode === 200) return true;
    if (statusCode === 404) return false;
    throw new Error(`the bucket answered ${statusCode}`);
  }

  async put(name: string, path: string, sha256: string) {
    const { size } = await stat(path);
    const headers = { 'content-length': String(size), 'x-amz-content-sha256': sha256 };
    const { statusCode } = await drained(await this.ask('PUT', name, headers, path));
    if (statusCode !== 200) throw new Error(`the bucket answered ${statusCode}`);
  }

  async open(name: string, slice?: Slice) {
    const answer = await this.ask('GET', name, slice ? { range: `bytes=${slice.from}-${slice.to}` } : {});
    if (answer.statusCode === 200 || answer.statusCode === 206) return answer;
    await drained(answer);
    if (answer.statusCode === 404) throw notFound();
    throw new Error(`the bucket answered ${answer.statusCode}`);
  }

  async remove(name: string) {
    await drained(await this.ask('DELETE', name));
  }

  private async ask(method: string, name: string, headers: Record<string, string> = {}, path?: string) {
    const { endpoint, bucket } = this.config;
    const url = `${endpoint}/${bucket}/${name}`;
    const hash = headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
    const signed = await this.signer.sign(url, {
      method,
      headers: { ...headers, 'x-amz-content-sha256': hash },
    });
    return new Promise<IncomingMessage>((done, failed) => {
      const send = url.startsWith('https:') ? secure : plain;
      const asked = send(
        url,
        { method, headers: { ...headers, ...Object.fromEntries(signed.headers) } },
        done,
      );
      asked.setTimeout(PATIENCE_MS, () => asked.destroy(new Error('the bucket does not answer')));
      asked.on('error', failed);
      if (path) createReadStream(path).on('error', failed).pipe(asked);
      else asked.end();
    });
  }
}

async function drained(answer: IncomingMessage) {
  for await (const _ of answer);
  return answer;
}
