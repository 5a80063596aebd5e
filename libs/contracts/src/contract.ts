import { z } from 'zod';

/** An id that comes from outside; in capitals it means the same thing. */
export const Id = z.uuid().toLowerCase();

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One thing that can be asked over HTTP. Server, client, API page and tests are all driven by it. */
export interface Endpoint<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  method: Method;
  /** Starts with `/api`; `:name` parts are fields of the input, the rest travels as query (GET) or JSON body. */
  path: string;
  /** Rows of the authorisation matrix that speak of it, as `resource.action`. */
  rights: readonly string[];
  /** One sentence for the API page. */
  summary: string;
  input: I;
  output: O;
  /** The longest body where 64 kB do not do. */
  bodyMax?: string;
}

/** One thing that can be asked over the socket. It is always answered, see `Answer`. */
export interface Command<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  /** `feature.verb` */
  command: string;
  rights: readonly string[];
  summary: string;
  input: I;
  output: O;
}

export const endpoint = <I extends z.ZodType, O extends z.ZodType>(contract: Endpoint<I, O>) => contract;
export const command = <I extends z.ZodType, O extends z.ZodType>(contract: Command<I, O>) => contract;

export type InputOf<C extends { input: z.ZodType }> = z.output<C['input']>;
export type OutputOf<C extends { output: z.ZodType }> = z.output<C['output']>;
/** What a caller may write: fields with a default may be left out. */
export type AskOf<C extends { input: z.ZodType }> = z.input<C['input']>;

/** The names of the `:parts` of a path. */
export const pathNames = (path: string) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!);
