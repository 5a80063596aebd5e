import { z } from 'zod';
import { commands, endpoints } from './api';
import { pathNames } from './contract';
import { errorStatus, retryable } from './errors';
import { liveFacts, liveFrames } from './live-facts';

const fieldsOf = (input: z.ZodType) => (input instanceof z.ZodObject ? Object.keys(input.shape) : null);
const contracts = [
  ...endpoints.map((endpoint) => ({ ...endpoint, name: `${endpoint.method} ${endpoint.path}` })),
  ...commands.map((command) => ({ ...command, name: command.command })),
];

describe('every contract', () => {
  it.each(contracts)('$name names its rights and says what it does', ({ rights, summary }) => {
    expect(rights.length).toBeGreaterThan(0);
    expect(rights.every((right) => /^\S+\.\S/.test(right))).toBe(true);
    expect(summary).toMatch(/^[A-Z].*\.$/);
  });

  it.each(contracts)('$name refuses fields that it does not know', ({ input }) => {
    const { error } = input.safeParse({ surprise: 1 });
    expect(error?.issues.map(({ code }) => code)).toContain('unrecognized_keys');
  });

  it.each(contracts)('$name lets nothing out that it does not name', ({ output }) => {
    expect(output).toBeInstanceOf(z.ZodObject);
    expect((output as z.ZodObject).def.catchall).toBeUndefined();
  });
});

describe('every endpoint', () => {
  it.each(endpoints.map(({ method, path, input }) => [`${method} ${path}`, path, fieldsOf(input)] as const))(
    '%s has the names of its path in its input',
    (_, path, fields) => {
      expect(path).toMatch(/^\/api\//);
      expect(fields).toEqual(expect.arrayContaining(pathNames(path)));
    },
  );

  it('is there once', () => {
    const names = endpoints.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('the words of the socket', () => {
  it('are there once each, as feature and verb', () => {
    const names = commands.map(({ command }) => command);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z]+\.[a-zA-Z]+$/.test(name))).toEqual([]);
  });

  it('name a fact or a frame, never both', () => {
    expect(Object.keys(liveFacts).filter((name) => name in liveFrames)).toEqual([]);
  });
});

describe('every error', () => {
  it('that may be tried again says so also by its status', () => {
    for (const code of retryable) expect([423, 429, 460, 500, 503, 507]).toContain(errorStatus[code]);
  });
});
