import { randomUUID } from 'node:crypto';
import { HttpException } from '@nestjs/common';
import { type ErrorBody, type ErrorCode, errorStatus, retryable } from '@parley/contracts/errors';
import { QueryFailedError } from 'typeorm';
import type { z } from 'zod';

interface More {
  fields?: Record<string, string>;
  retryAfterMs?: number;
  left?: number;
}

/** A refusal that a person can meet. `message` goes out and into the log; the web app shows its own text for `code`. */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly more: More = {},
  ) {
    super(message);
  }
}

export const notFound = () => new AppError('request.notFound', 'We could not find that.');

/** More are not read by anybody. */
const FIELDS_NAMED = 20;

export function invalid(error: z.ZodError): AppError {
  // Names come from outside, `__proto__` among them.
  const fields = new Map<string, string>();
  for (const issue of error.issues) {
    const places =
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    for (const place of places) {
      const name = place.join('.');
      if (!fields.has(name)) fields.set(name, issue.message);
    }
  }
  return new AppError('request.invalid', 'Please check what was sent.', {
    fields: Object.fromEntries([...fields].slice(0, FIELDS_NAMED)),
  });
}

/** What PostgreSQL and its driver say, told as what the caller can do about it. Undefined for anything else. */
function fromDatabase(error: unknown): AppError | undefined {
  const cause = (error instanceof QueryFailedError ? error.driverError : error) as {
    code?: string;
    message?: string;
  };
  const code = String(cause?.code ?? '');
  if (code === '53100' || code === 'ENOSPC')
    return new AppError('storage.full', 'The storage is full: ask the operator to free space.', {
      retryAfterMs: 5_000,
    });
  const away =
    /^(08|57|53|40)/.test(code) ||
    /^(ECONN|EPIPE|ETIMEDOUT)/.test(code) ||
    /timeout|terminated|Connection ended|not queryable|already released|Driver not Connected/i.test(
      cause?.message ?? '',
    );
  return away ? new AppError('server.busy', 'Not saved yet: try again.', { retryAfterMs: 1_000 }) : undefined;
}

/** What one is told for any thrown thing. Of an unforeseen error nothing gets out but its `ref`. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const database = fromDatabase(error);
  if (database) return database;
  const status = error instanceof HttpException ? error.getStatus() : (error as { status?: number })?.status;
  if (status === 404) return notFound();
  if (status === 413) return new AppError('request.tooLarge', 'That is too big to send.');
  if (status === 415) return new AppError('request.unsupportedType', 'Send JSON.');
  if (status && status >= 400 && status < 500)
    return new AppError('request.invalid', 'We could not read that request.');
  return new AppError('server.failed', 'That went wrong on our side.');
}

export const newRef = () => randomUUID().slice(-12);

export function toBody(error: AppError, ref: string): ErrorBody {
  const { code, message, more } = error;
  return { code, message, ...more, retryable: retryable.has(code), ref };
}

export const statusOf = (error: AppError) => errorStatus[error.code];
