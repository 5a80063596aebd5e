import { BadRequestException, NotFoundException } from '@nestjs/common';
import { errorStatus } from '@parley/contracts/errors';
import { QueryFailedError } from 'typeorm';
import { z } from 'zod';
import { AppError, invalid, newRef, notFound, statusOf, toAppError, toBody } from './errors';

const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });
const failedQuery = (code: string) => new QueryFailedError('SELECT secret', [], withCode(code));

describe('what is told of a thrown thing', () => {
  it.each<[string, unknown, string]>([
    ['a refusal of ours', new AppError('link.used', 'x'), 'link.used'],
    ['a full disk', failedQuery('53100'), 'storage.full'],
    ['a full disk of files', withCode('ENOSPC'), 'storage.full'],
    ['too many connections', failedQuery('53300'), 'server.busy'],
    ['a deadlock', failedQuery('40P01'), 'server.busy'],
    ['a database that shuts down', failedQuery('57P01'), 'server.busy'],
    ['a statement that took too long', failedQuery('57014'), 'server.busy'],
    ['a lost connection', withCode('08006'), 'server.busy'],
    ['a refused connection', withCode('ECONNREFUSED'), 'server.busy'],
    ['a silent database', new Error('Query read timeout'), 'server.busy'],
    ['no free connection', new Error('timeout exceeded when trying to connect'), 'server.busy'],
    ['an ended connection', new Error('Connection terminated unexpectedly'), 'server.busy'],
    ['a doubled row', failedQuery('23505'), 'server.failed'],
    ['a mistake in a query', failedQuery('42703'), 'server.failed'],
    ['an unknown route', new NotFoundException(), 'request.notFound'],
    ['bad JSON', Object.assign(new SyntaxError('Unexpected token'), { status: 400 }), 'request.invalid'],
    ['a large body', Object.assign(new Error('x'), { status: 413 }), 'request.tooLarge'],
    ['an unknown charset', Object.assign(new Error('x'), { status: 415 }), 'request.unsupportedType'],
    ['a bad request', new BadRequestException('of an inner thing'), 'request.invalid'],
    ['a mistake of ours', new TypeError('x is not a function'), 'server.failed'],
    ['a string', 'boom', 'server.failed'],
    ['nothing', undefined, 'server.failed'],
    ['null', null, 'server.failed'],
  ])('%s', (_, thrown, code) => {
    const error = toAppError(thrown);
    expect(error.code).toBe(code);
    expect(statusOf(error)).toBe(errorStatus[error.code]);
    if (!(thrown instanceof AppError)) expect(error.message).not.toMatch(/secret|inner|function|token|^x$/);
  });

  it('says by its code alone whether to try again', () => {
    expect(toBody(toAppError(failedQuery('57P01')), 'r')).toEqual({
      code: 'server.busy',
      message: 'Not saved yet: try again.',
      retryAfterMs: 1_000,
      retryable: true,
      ref: 'r',
    });
    expect(toBody(notFound(), 'r').retryable).toBe(false);
    expect(newRef()).not.toBe(newRef());
  });
});

describe('bad input', () => {
  const fields = (schema: z.ZodType, input: unknown) => invalid(schema.safeParse(input).error!).more.fields!;
  const schema = z.strictObject({ a: z.int(), list: z.array(z.strictObject({ b: z.string() })) });

  it('is named by its path, each field once', () => {
    expect(Object.keys(fields(schema, { a: 'x', list: [{ b: 'y' }, { b: 1 }] }))).toEqual(['a', 'list.1.b']);
    const twice = z.string().min(3).regex(/^x/);
    expect(Object.keys(fields(z.strictObject({ a: twice }), { a: 'y' }))).toEqual(['a']);
  });

  it('that is not known is named field by field, also where the name is one of the language', () => {
    expect(Object.keys(fields(schema, { a: 1, list: [{ b: '', c: 1, d: 1 }], e: 1 })).sort()).toEqual([
      'e',
      'list.0.c',
      'list.0.d',
    ]);
    for (const key of ['constructor', 'toString', 'hasOwnProperty'])
      expect(Object.keys(fields(schema, { a: 1, list: [], [key]: 1 }))).toEqual([key]);
  });

  it('of a thousand fields is not answered with a thousand', () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`f${at}`, 1]));
    expect(Object.keys(fields(z.strictObject({}), many))).toHaveLength(20);
  });
});
