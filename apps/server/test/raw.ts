import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { ErrorBody } from '@parley/contracts/errors';
import type { Visitor } from './server';

export interface Ask {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  who?: Visitor;
}

/** A request as it is written, without what a well-bred client would mend. */
export async function raw(
  url: string,
  { method = 'POST', path = '/api/sign-in/links', headers, body, who }: Ask,
) {
  const { hostname, port } = new URL(url);
  const safe = method === 'GET' || method === 'HEAD';
  const asked = request({
    hostname,
    port,
    method,
    path,
    headers: {
      ...(!safe && { origin: url }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(body !== undefined &&
        !headers?.['transfer-encoding'] && { 'content-length': String(Buffer.byteLength(body)) }),
      ...(who && { cookie: who.jar.header() }),
      ...headers,
    },
  });
  asked.on('error', () => undefined);
  asked.end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString();
  const isProblem = text && /problem\+json/.test(response.headers['content-type'] ?? '');
  const problem = (isProblem ? JSON.parse(text) : {}) as Partial<ErrorBody>;
  return { status: response.statusCode!, headers: response.headers, bytes, text, problem };
}

/** The headers that no answer may lack. Answers the content security policy. */
export function expectGuarded(headers: IncomingHttpHeaders): string {
  const csp = headers['content-security-policy'] as string;
  expect(csp).toMatch(/default-src 'none'/);
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
  });
  expect(headers).not.toHaveProperty('x-powered-by');
  expect(headers).not.toHaveProperty('access-control-allow-origin');
  return csp;
}
