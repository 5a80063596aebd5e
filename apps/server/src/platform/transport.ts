import {
  applyDecorators,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  Catch,
  createParamDecorator,
  type ExceptionFilter,
  type ExecutionContext,
  HttpCode,
  Inject,
  Injectable,
  type NestInterceptor,
  RequestMapping,
  RequestMethod,
  Res,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Endpoint, Id, type InputOf, pathNames } from '@parley/contracts/contract';
import { parse as parseCookies } from 'cookie';
import type { Request, Response } from 'express';
import { map, type Observable } from 'rxjs';
import type { z } from 'zod';
import {
  type CommunityDoor,
  type Door,
  type Member,
  type MembersDoor,
  type Overseer,
  passDoor,
  type Person,
  requireFresh,
  requireStrong,
  type Standing,
  strongRoles,
} from './doors';
import { AppError, invalid, newRef, notFound, statusOf, toAppError, toBody } from './errors';
import { errorFields, type Log, LOG } from './log';

/** What `people` knows of a caller; the platform asks it at the door. */
export abstract class Identities {
  /** The person of a sign-in cookie, or undefined. */
  abstract person(signInToken: string): Promise<Person | undefined>;
  /** That person's standing in a community, or undefined. */
  abstract standing(personId: string, communityId: string): Promise<Standing | undefined>;
  /** Whether this sign-in of an admin has opened the community, and it has not closed again. */
  abstract glass(person: Person, communityId: string): Promise<boolean>;
}

/** A request on its way through. */
export interface Passing extends Request {
  ref: string;
  caller?: Person | Member | Overseer;
  checked?: unknown;
}

export const SIGN_IN_COOKIE = '__Host-parley';
export const cookieOf = (request: Request, name: string) => parseCookies(request.headers.cookie ?? '')[name];

/** Marks the few routes that are no part of the contracts, with their row of the authorisation matrix. */
const OPERATION = 'operation';
export const Operation = (right: string) => SetMetadata(OPERATION, right);

const ROUTE = 'route';
interface RouteMeta {
  /** None for what is not JSON: files. */
  endpoint: Endpoint | undefined;
  door: Door;
}

const methods = {
  GET: RequestMethod.GET,
  POST: RequestMethod.POST,
  PUT: RequestMethod.PUT,
  DELETE: RequestMethod.DELETE,
} as const;

const fromRequest = createParamDecorator((pick: (request: Passing) => unknown, context: ExecutionContext) =>
  pick(context.switchToHttp().getRequest<Passing>()),
);
const response = createParamDecorator((_: unknown, context: ExecutionContext) =>
  context.switchToHttp().getResponse<Response>(),
);

/** Who calls at which door. */
export type CallerAt<D extends Door> = D extends 'anybody'
  ? undefined
  : D extends string
    ? Person
    : D extends MembersDoor
      ? Member
      : Member | Overseer;

type Handler<E extends Endpoint, D extends Door> = (
  caller: CallerAt<D>,
  input: InputOf<E>,
  request: Passing,
  response: Response,
) => Promise<z.input<E['output']>>;

/**
 * Binds a method to an endpoint of the contracts, behind a door. The method gets the caller, the checked input, the
 * request and the response; what it answers is parsed with the contract's output, which strips what is not named.
 */
export function Route<E extends Endpoint, D extends Door>(endpoint: E, door: D) {
  return (target: object, key: string, descriptor: { value?: Handler<E, D> }) => {
    // Broken glass is for looking.
    if (typeof door === 'object' && door.glass && endpoint.method !== 'GET')
      throw new Error(`${endpoint.path} would let an admin write through broken glass`);
    bind(target, key, descriptor, { endpoint, door }, methods[endpoint.method], endpoint.path);
  };
}

/** Binds a method that answers bytes by itself. Only a GET, only for members. */
export function FileRoute<D extends Door>(path: string, door: D) {
  return (
    target: object,
    key: string,
    descriptor: {
      value?: (
        caller: CallerAt<D>,
        params: Record<string, string>,
        request: Passing,
        response: Response,
      ) => Promise<void>;
    },
  ) => bind(target, key, descriptor, { endpoint: undefined, door }, RequestMethod.GET, path);
}

/** Binds a method that takes bytes and answers by itself, in a protocol of its own. Only for members. */
export function RawRoute(method: keyof typeof rawMethods, path: string, door: MembersDoor) {
  return (
    target: object,
    key: string,
    descriptor: {
      value?: (
        caller: Member,
        params: Record<string, string>,
        request: Passing,
        response: Response,
      ) => Promise<void>;
    },
  ) => bind(target, key, descriptor, { endpoint: undefined, door }, rawMethods[method], path);
}

const rawMethods = {
  POST: RequestMethod.POST,
  HEAD: RequestMethod.HEAD,
  PATCH: RequestMethod.PATCH,
  DELETE: RequestMethod.DELETE,
  OPTIONS: RequestMethod.OPTIONS,
} as const;

function bind(
  target: object,
  key: string,
  descriptor: PropertyDescriptor,
  meta: RouteMeta,
  method: RequestMethod,
  path: string,
) {
  fromRequest((request: Passing) => request.caller)(target, key, 0);
  fromRequest((request: Passing) => request.checked)(target, key, 1);
  fromRequest((request: Passing) => request)(target, key, 2);
  // Nest answers for a route; a file answers for itself.
  (meta.endpoint ? response() : Res())(target, key, 3);
  applyDecorators(RequestMapping({ method, path }), HttpCode(200), SetMetadata(ROUTE, meta))(
    target,
    key,
    descriptor,
  );
}

/** The one door of every route: origin, sign-in, membership, role, then input. In this order nothing is told too early. */
@Injectable()
export class DoorGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly identities: Identities,
  ) {}

  async canActivate(context: ExecutionContext) {
    const meta = this.reflector.get<RouteMeta | undefined>(ROUTE, context.getHandler());
    // A route without a door is a mistake, and closed; operations look after themselves.
    if (!meta && this.reflector.get(OPERATION, context.getHandler())) return true;
    if (!meta) throw notFound();
    const request = context.switchToHttp().getRequest<Passing>();
    request.caller = await this.callerAt(meta.door, request);
    request.checked = meta.endpoint ? inputOf(meta.endpoint, request) : request.params;
    return true;
  }

  private async callerAt(door: Door, request: Passing): Promise<Passing['caller']> {
    if (door === 'anybody') return undefined;
    const token = cookieOf(request, SIGN_IN_COOKIE);
    const person = token ? await this.identities.person(token) : undefined;
    if (!person) throw new AppError('auth.required', 'Sign in first.');
    if (typeof door !== 'string') return this.insiderAt(door, request, person);
    if (door.endsWith('admin')) {
      if (!person.admin) throw new AppError('auth.forbidden', 'For admins of the install.');
      requireStrong(person);
    }
    if (door.startsWith('fresh')) requireFresh(person);
    return person;
  }

  private async insiderAt(door: CommunityDoor, request: Passing, person: Person): Promise<Member | Overseer> {
    const asked = Id.safeParse(request.params['communityId']);
    const communityId = asked.data ?? '';
    const known = asked.success ? await this.identities.standing(person.personId, communityId) : undefined;
    let caller: Member | Overseer;
    try {
      const { memberId, handle, role, observer } = passDoor(door, known, person.admin);
      caller = { ...person, communityId, memberId, handle, role, observer };
      if (strongRoles.includes(role)) requireStrong(person);
    } catch (refusal) {
      // A standing of one's own comes first; only where it does not do, being admin of the install may.
      const oversees =
        person.admin &&
        asked.success &&
        (door.admin || (door.glass && (await this.identities.glass(person, communityId))));
      if (!oversees) throw refusal;
      requireStrong(person);
      caller = { ...person, communityId };
    }
    if (door.fresh) requireFresh(person);
    return caller;
  }
}

function inputOf(endpoint: Endpoint, request: Request): unknown {
  const body: unknown = endpoint.method === 'GET' ? request.query : (request.body ?? {});
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new AppError('request.invalid', 'We could not read that request.');
  const names = pathNames(endpoint.path);
  const clash = names.find((name) => Object.hasOwn(body, name));
  if (clash)
    throw new AppError('request.invalid', 'Please check what was sent.', { fields: { [clash]: 'unknown' } });
  const result = endpoint.input.safeParse({ ...body, ...request.params });
  if (result.success) return result.data;
  // An id that is no id names nothing.
  if (result.error.issues.some(({ path }) => names.includes(String(path[0])))) throw notFound();
  throw invalid(result.error);
}

@Injectable()
export class OutputInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const meta = this.reflector.get<RouteMeta | undefined>(ROUTE, context.getHandler());
    return meta?.endpoint
      ? next.handle().pipe(map((data) => meta.endpoint!.output.parse(data)))
      : next.handle();
  }
}

/** Everything thrown leaves as problem JSON, with a reference that finds its log line. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Log) {}

  catch(thrown: unknown, host: ArgumentsHost) {
    const http = host.switchToHttp();
    sendProblem(this.log, http.getRequest<Passing>(), http.getResponse<Response>(), thrown);
  }
}

export function sendProblem(log: Log, request: Passing, response: Response, thrown: unknown) {
  const error = toAppError(thrown);
  const ref = request.ref ?? newRef();
  const line = { ref, code: error.code, method: request.method, ...errorFields(thrown) };
  if (error.code === 'server.failed') log.error(line, 'request failed');
  else log.info({ ref, code: error.code, why: error.message }, 'request refused');
  if (response.headersSent) return void response.end();
  const status = statusOf(error);
  const body = toBody(error, ref);
  if (body.retryAfterMs) response.setHeader('retry-after', Math.ceil(body.retryAfterMs / 1000));
  response
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ title: body.message, status, ...body }));
}
