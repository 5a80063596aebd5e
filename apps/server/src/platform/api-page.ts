import { commands, endpoints } from '@parley/contracts/api';
import { pathNames } from '@parley/contracts/contract';
import { ErrorBody } from '@parley/contracts/errors';
import { z } from 'zod';
import type { Config } from './config';

const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    target: 'openapi-3.0',
  }) as Record<string, unknown>;
  return json as { properties?: Record<string, unknown>; required?: string[] };
};

const problem = { 'application/problem+json': { schema: schemaOf(ErrorBody, 'output') } };

/** The API as an OpenAPI document, made from the same list that server and client use. */
export function openApi({ publicUrl, demo }: Pick<Config, 'publicUrl' | 'demo'>) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path, summary, input, output } of endpoints) {
    if (!demo && path.startsWith('/api/demo/')) continue;
    const { properties = {}, required = [], ...rest } = schemaOf(input, 'input');
    const inPath = pathNames(path);
    const others = Object.entries(properties).filter(([name]) => !inPath.includes(name));
    const parameters = [
      ...inPath.map((name) => ({ name, in: 'path', required: true, schema: properties[name] })),
      ...(method === 'GET'
        ? others.map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }))
        : []),
    ];
    const body = {
      ...rest,
      properties: Object.fromEntries(others),
      required: required.filter((name) => !inPath.includes(name)),
    };
    const at = path.replace(/:(\w+)/g, '{$1}');
    (paths[at] ??= {})[method.toLowerCase()] = {
      summary,
      tags: [path.split('/')[2]],
      parameters,
      ...(method !== 'GET' && {
        requestBody: { required: true, content: { 'application/json': { schema: body } } },
      }),
      responses: {
        200: { description: 'Done', content: { 'application/json': { schema: schemaOf(output, 'output') } } },
        default: { description: 'Refused; `code` says why', content: problem },
      },
    };
  }
  return {
    openapi: '3.0.3',
    info: {
      title: 'Parley',
      version: '1',
      description:
        'Sign-in is a cookie; unsafe methods take JSON from the same origin. Over the socket: ' +
        commands.map(({ command, summary }) => `\`${command}\` ${summary}`).join(' '),
    },
    servers: [{ url: publicUrl }],
    paths,
  };
}
