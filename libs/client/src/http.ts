import { type AskOf, type Endpoint, type OutputOf, pathNames } from '@parley/contracts/contract';
import { ErrorBody } from '@parley/contracts/errors';

/** A refusal, or no answer at all (`server.busy`, retryable). */
export class CallError extends Error {
  constructor(readonly body: ErrorBody) {
    super(body.message);
    this.name = 'CallError';
  }
  get code() {
    return this.body.code;
  }
}

/** Nothing came back: the network, or the server, is away. */
export const noAnswer = (why: string) =>
  new CallError({ code: 'server.busy', message: `No answer: ${why}`, retryable: true, ref: '' });

export type Call = <E extends Endpoint>(endpoint: E, input: AskOf<E>) => Promise<OutputOf<E>>;

interface HttpOptions {
  /** Origin of the server, such as `http://localhost:4310`; empty in the browser. */
  url?: string;
  /** Outside a browser: keeps the cookies between calls. */
  jar?: CookieJar;
  timeoutMs?: number;
}

/** One function for every endpoint of the contracts; throws `CallError`. */
export function http({ url = '', jar, timeoutMs = 15_000 }: HttpOptions = {}): Call {
  return async (endpoint, input) => {
    const rest: Record<string, unknown> = { ...(input as Record<string, unknown>) };
    const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) =>
      encodeURIComponent(String(rest[name])),
    );
    for (const name of pathNames(endpoint.path)) delete rest[name];
    const inQuery = endpoint.method === 'GET';
    // What is left out must not travel as the word "undefined".
    const given = Object.entries(rest).filter(([, value]) => value !== undefined);
    const query = inQuery ? new URLSearchParams(given as [string, string][]).toString() : '';

    let response: Response;
    try {
      response = await fetch(`${url}${path}${query && `?${query}`}`, {
        method: endpoint.method,
        headers: {
          ...(!inQuery && { 'content-type': 'application/json' }),
          ...(jar && { cookie: jar.header(), origin: url }),
        },
        ...(!inQuery && { body: JSON.stringify(rest) }),
        credentials: 'same-origin',
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (error) {
      throw noAnswer(String(error));
    }
    jar?.keep(response.headers.getSetCookie());
    const body: unknown = await response.json().catch(() => undefined);
    if (!response.ok) {
      const refusal = ErrorBody.safeParse(body);
      throw refusal.success ? new CallError(refusal.data) : noAnswer(`status ${response.status}`);
    }
    // Cut short on the way, or the page of something that stands in between.
    const output = endpoint.output.safeParse(body);
    if (!output.success) throw noAnswer('it cannot be read');
    return output.data as OutputOf<typeof endpoint>;
  };
}

/** Whether an attribute of a cookie says that it is to be forgotten. */
function isOver(attribute: string) {
  const [name = '', value = ''] = attribute.trim().split('=');
  if (/^max-age$/i.test(name)) return Number(value) <= 0;
  return /^expires$/i.test(name) && Date.parse(value) <= Date.now();
}

/** The cookies of one person outside a browser. */
export class CookieJar {
  private readonly cookies = new Map<string, string>();

  header() {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  keep(setCookies: readonly string[]) {
    for (const cookie of setCookies) {
      const [pair = '', ...attributes] = cookie.split(';');
      const at = pair.indexOf('=');
      const name = pair.slice(0, at).trim();
      if (at < 0) continue;
      if (attributes.some(isOver)) this.cookies.delete(name);
      else this.cookies.set(name, pair.slice(at + 1).trim());
    }
  }
}
