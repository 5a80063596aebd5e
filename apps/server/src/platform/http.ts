import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { endpoints } from '@parley/contracts/api';
import type { Endpoint } from '@parley/contracts/contract';
import { demoEndpoints } from '@parley/contracts/demo';
import { uploadPath, uploadsPath } from '@parley/contracts/media';
import express, { type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import type { Config } from './config';
import { AppError, newRef, notFound } from './errors';
import type { Log } from './log';
import { cookieOf, type Passing, sendProblem, SIGN_IN_COOKIE } from './transport';

const BODY_MAX = '64kb';
const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Everything in front of the routes: references, headers, origin, body, and behind them the web app's files. */
export function prepareHttp(app: NestExpressApplication, config: Config, log: Log, webFolder: string) {
  app.set('trust proxy', config.trustProxy);
  app.disable('x-powered-by');
  // What nobody may keep needs no tag; and a tag over a reference would tell two refusals apart.
  app.disable('etag');
  app.set('query parser', (query: string) => simpleQuery(query));

  app.use((request: Passing, response: Response & { nonce?: string }, next: NextFunction) => {
    request.ref = newRef();
    response.nonce = randomBytes(16).toString('base64');
    if (/^\/(api|health|metrics)\b/.test(request.path)) response.setHeader('cache-control', 'no-store');
    const began = performance.now();
    response.on('finish', () => {
      const { caller } = request;
      log.info(
        {
          ref: request.ref,
          method: request.method,
          // The pattern, not the address: what people are called or look for stays out of the log.
          route: (request.route as { path?: string } | undefined)?.path,
          status: response.statusCode,
          ms: Math.round(performance.now() - began),
          ...(caller && 'memberId' in caller && { member: caller.memberId }),
        },
        'request',
      );
    });
    next();
  });
  app.use(headers(config));
  app.use((request: Passing, _response: Response, next: NextFunction) => {
    if (safe.has(request.method) || sameOrigin(request, config)) next();
    else next(new AppError('request.crossSite', 'Reload the page and try again.'));
  });
  app.use(refuseOtherMethods(config));
  app.use((request: Request, _response: Response, next: NextFunction) => {
    const length = Number(request.headers['content-length'] ?? 0);
    const hasBody = length > 0 || request.headers['transfer-encoding'] !== undefined;
    if (isUpload(request)) return next();
    if (
      hasBody &&
      !safe.has(request.method) &&
      !/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')
    )
      next(new AppError('request.unsupportedType', 'Send JSON.'));
    else next();
  });
  // Long bodies only of who says that they are signed in: whether it is so, says the door.
  for (const { path, bodyMax } of endpoints as readonly Endpoint[])
    if (bodyMax) {
      const long = express.json({ limit: bodyMax, strict: true });
      app.use(path, (request: Request, response: Response, next: NextFunction) =>
        cookieOf(request, SIGN_IN_COOKIE) ? long(request, response, next) : next(),
      );
    }
  app.use(express.json({ limit: BODY_MAX, strict: true }));
  serveWeb(app, webFolder);
  app.use((error: unknown, request: Passing, response: Response, _next: NextFunction) =>
    sendProblem(log, request, response, error),
  );
}

const uploads = new RegExp(`^(${uploadPath}|${uploadsPath})$`.replace(/:\w+/g, '[^/]+'));
/** The parts of an upload are the only bodies that are no JSON. */
const isUpload = (request: Request) =>
  uploads.test(request.path) &&
  request.headers['content-type'] === 'application/offset+octet-stream' &&
  ['PATCH', 'POST'].includes(request.method);

/** Refuses a known path that is asked in another way. What no route knows at all is answered with 404 behind them. */
function refuseOtherMethods({ demo }: Config) {
  const paths = endpoints
    .filter((endpoint) => demo || !(demoEndpoints as readonly Endpoint[]).includes(endpoint))
    .map(({ method, path }) => ({ method, test: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`) }));
  return (request: Request, _response: Response, next: NextFunction) => {
    const offered = paths.filter(({ test }) => test.test(request.path)).map(({ method }) => method as string);
    const asked = request.method === 'HEAD' ? 'GET' : request.method;
    if (!offered.length || asked === 'OPTIONS' || offered.includes(asked)) next();
    else next(new AppError('request.methodNotAllowed', `Use ${offered.join(' or ')}.`));
  };
}

/** Flat and single: `a=1&a=2` and `a[b]=1` say nothing that a contract knows, and are refused by it. */
function simpleQuery(query: string) {
  const all = new URLSearchParams(query);
  const result: Record<string, string | string[]> = {};
  for (const name of new Set(all.keys())) {
    const values = all.getAll(name);
    Object.defineProperty(result, name, { value: values.length > 1 ? values : values[0], enumerable: true });
  }
  return result;
}

/** Browsers say where a request comes from; what is no browser must at least name our origin. */
function sameOrigin({ headers: { 'sec-fetch-site': site, origin } }: Request, { origins }: Config) {
  if (origin !== undefined && !origins.includes(origin)) return false;
  return site === undefined ? origin !== undefined : site === 'same-origin';
}

function headers({ publicUrl }: Config) {
  const secure = publicUrl.startsWith('https:');
  const nonce = (_request: unknown, response: unknown) => `'nonce-${(response as { nonce: string }).nonce}'`;
  const socket = publicUrl.replace(/^http/, 'ws');
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", nonce],
        fontSrc: ["'self'"],
        imgSrc: ["'self'", 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'", socket],
        manifestSrc: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        ...(secure && { upgradeInsecureRequests: [] }),
      },
    },
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
}

/** The built web app: files that carry their hash are kept for ever, the page never. */
function serveWeb(app: NestExpressApplication, folder: string) {
  const swagger = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  app.use('/api/docs/files', express.static(swagger, { index: false, fallthrough: false }));
  app.use('/api/docs', (request: Request, response: Response & { nonce?: string }, next: NextFunction) => {
    if (request.path === '/start.js') response.type('js').send(docsScript);
    else if (request.path === '/') response.type('html').send(docsPage(response.nonce ?? ''));
    else next(notFound());
  });

  const page = join(folder, 'index.html');
  if (!existsSync(page)) return;
  const html = readFileSync(page, 'utf8');
  app.use(
    '/assets',
    express.static(join(folder, 'assets'), {
      index: false,
      immutable: true,
      maxAge: '1y',
      fallthrough: false,
    }),
  );
  app.use(express.static(folder, { index: false, maxAge: 0 }));
  app.use((request: Request, response: Response & { nonce?: string }, next: NextFunction) => {
    const isPage =
      ['GET', 'HEAD'].includes(request.method) &&
      !/^\/(api|health|metrics|socket\.io)(\/|$)/.test(request.path);
    if (!isPage) return next();
    response.setHeader('cache-control', 'no-store');
    response.type('html').send(html.replaceAll('__CSP_NONCE__', response.nonce ?? ''));
  });
}

const docsPage = (nonce: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Parley API</title>
    <link rel="stylesheet" href="/api/docs/files/swagger-ui.css" nonce="${nonce}" />
  </head>
  <body>
    <div id="page"></div>
    <script src="/api/docs/files/swagger-ui-bundle.js"></script>
    <script src="/api/docs/start.js"></script>
  </body>
</html>`;

const docsScript = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#page', deepLinking: true, validatorUrl: null });`;
