import { mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import { type Config, StartError } from './config';

export type Log = Logger;
/** Injection token of the `Log`. */
export const LOG = Symbol('log');

/** Open at once: a server that stops while it starts must still be able to write its last lines. */
function open(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return openSync(file, 'a');
  } catch (error) {
    throw new StartError(
      `The log ${file} cannot be written (${(error as Error).message}): make its folder writable, or set PARLEY_LOG_FILE.`,
    );
  }
}

/** JSON lines with ids, never with what people wrote, their names or addresses. */
export function makeLog({ logFile, logLevel }: Pick<Config, 'logFile' | 'logLevel'>): Log {
  const options = { level: logLevel, base: null, redact: ['*.email', '*.body', '*.token', '*.code'] };
  return logFile ? pino(options, pino.destination({ dest: open(logFile), sync: false })) : pino(options);
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
