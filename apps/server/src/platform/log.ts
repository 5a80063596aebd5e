import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import type { Config } from './config';

export type Log = Logger;
/** Injection token of the `Log`. */
export const LOG = Symbol('log');

/** JSON lines with ids, never with what people wrote, their names or addresses. */
export function makeLog({ logFile, logLevel }: Pick<Config, 'logFile' | 'logLevel'>): Log {
  const options = { level: logLevel, base: null, redact: ['*.email', '*.body', '*.token', '*.code'] };
  return logFile
    ? pino(options, pino.destination({ dest: logFile, mkdir: true, sync: false }))
    : pino(options);
}

/** Nest's own lines in the same log. */
export function nestLog(log: Log): LoggerService {
  const say =
    (level: 'info' | 'error' | 'warn' | 'debug') =>
    (message: unknown, ...rest: unknown[]) =>
      log[level]({ nest: rest.at(-1) }, String(message));
  return {
    log: say('debug'),
    error: say('error'),
    warn: say('warn'),
    debug: say('debug'),
    verbose: say('debug'),
  };
}

/** What may stand in a log line about a thrown thing. */
export const errorFields = (error: unknown) =>
  error instanceof Error
    ? { error: error.name, why: error.message.slice(0, 300), stack: error.stack?.split('\n').slice(1, 8) }
    : { error: String(error) };
