import { resolve } from 'node:path';
import { z } from 'zod';
import type { BucketConfig } from './bucket';

const flag = z
  .enum(['1', '0', 'true', 'false', 'on', 'off'])
  .transform((value) => /^(1|true|on)$/.test(value));

const Env = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(4310),
  /** 127.0.0.1 keeps the server to this machine; 0.0.0.0 opens it to the network. */
  HOST: z.string().default('127.0.0.1'),
  /** The address that people type; links in mails are made from it, and no other origin may call. */
  PUBLIC_URL: z.url().optional(),
  /** A PostgreSQL of one's own; its user owns the tables. Without it the embedded one is used. */
  DATABASE_URL: z.url().optional(),
  /** Sign-in of the run-time role, where the owner may not create roles. */
  DATABASE_RUNTIME_URL: z.url().optional(),
  PARLEY_DATA_DIR: z.string().default('.data'),
  PARLEY_DEMO: flag.optional(),
  PARLEY_LOG_FILE: z.string().optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  SMTP_URL: z.url().optional(),
  MAIL_FROM: z.string().default('Parley <parley@localhost>'),
  /** Lets a scraper read /metrics with `Authorization: Bearer`. */
  METRICS_TOKEN: z.string().min(16).optional(),
  /** How many proxies stand in front, so that the caller's address is right. */
  TRUST_PROXY: z.coerce.number().int().min(0).default(0),
  /** Files in a bucket of S3-compatible storage instead of the local disk: all five, or none. */
  FILES_S3_ENDPOINT: z.url().optional(),
  FILES_S3_BUCKET: z.string().optional(),
  FILES_S3_REGION: z.string().optional(),
  FILES_S3_KEY: z.string().optional(),
  FILES_S3_SECRET: z.string().optional(),
  /** Sign-in of staff through their company: all five, or none. */
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_NAME: z.string().max(60).optional(),
  OIDC_DOMAINS: z.string().optional(),
});

/** The sign-in service of a company (OpenID Connect). */
export interface Company {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** On the button. */
  name: string;
  /** Mail domains that the issuer may speak for; in lower case. */
  domains: readonly string[];
}

/** Settings, read once at start from the environment. */
export interface Config {
  port: number;
  host: string;
  publicUrl: string;
  /** Exact origins that may call. */
  origins: readonly string[];
  databaseUrl: string | undefined;
  runtimeUrl: string | undefined;
  dataDir: string;
  /** Demo communities, one-click sign-in, a page with the mails. */
  demo: boolean;
  logFile: string | undefined;
  logLevel: string;
  smtpUrl: string | undefined;
  mailFrom: string;
  metricsToken: string | undefined;
  trustProxy: number;
  company: Company | undefined;
  /** Where files are kept; undefined: on the local disk. */
  bucket: BucketConfig | undefined;
}

/** A start-up problem whose message says in one sentence what to do. */
export class StartError extends Error {}

export function readConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Env.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new StartError(
      `The setting ${issue?.path.join('.')} is not usable (${issue?.message}): correct it.`,
    );
  }
  const e = parsed.data;
  const publicUrl = new URL(e.PUBLIC_URL ?? `http://localhost:${e.PORT}`).origin;
  return {
    port: e.PORT,
    host: e.HOST,
    publicUrl,
    origins: e.PUBLIC_URL ? [publicUrl] : [publicUrl, `http://127.0.0.1:${e.PORT}`],
    databaseUrl: e.DATABASE_URL,
    runtimeUrl: e.DATABASE_RUNTIME_URL,
    dataDir: resolve(e.PARLEY_DATA_DIR),
    // With a database of one's own somebody means it: no demo people unless asked for.
    demo: e.PARLEY_DEMO ?? !e.DATABASE_URL,
    logFile: e.PARLEY_LOG_FILE,
    logLevel: e.LOG_LEVEL,
    smtpUrl: e.SMTP_URL,
    mailFrom: e.MAIL_FROM,
    metricsToken: e.METRICS_TOKEN,
    trustProxy: e.TRUST_PROXY,
    company: companyOf(e),
    bucket: bucketOf(e),
  };
}

function companyOf(e: z.output<typeof Env>): Company | undefined {
  const given = {
    OIDC_ISSUER: e.OIDC_ISSUER,
    OIDC_CLIENT_ID: e.OIDC_CLIENT_ID,
    OIDC_CLIENT_SECRET: e.OIDC_CLIENT_SECRET,
    OIDC_NAME: e.OIDC_NAME,
    OIDC_DOMAINS: e.OIDC_DOMAINS,
  };
  if (!allOrNone(given, 'OIDC')) return undefined;
  const { protocol, hostname } = new URL(e.OIDC_ISSUER!);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && isHere))
    throw new StartError('OIDC_ISSUER must begin with https: correct it.');
  return {
    issuer: e.OIDC_ISSUER!,
    clientId: e.OIDC_CLIENT_ID!,
    clientSecret: e.OIDC_CLIENT_SECRET!,
    name: e.OIDC_NAME!,
    domains: e
      .OIDC_DOMAINS!.toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean),
  };
}

function bucketOf(e: z.output<typeof Env>): BucketConfig | undefined {
  const given = {
    FILES_S3_ENDPOINT: e.FILES_S3_ENDPOINT,
    FILES_S3_BUCKET: e.FILES_S3_BUCKET,
    FILES_S3_REGION: e.FILES_S3_REGION,
    FILES_S3_KEY: e.FILES_S3_KEY,
    FILES_S3_SECRET: e.FILES_S3_SECRET,
  };
  if (!allOrNone(given, 'FILES_S3')) return undefined;
  return {
    endpoint: e.FILES_S3_ENDPOINT!.replace(/\/+$/, ''),
    bucket: e.FILES_S3_BUCKET!,
    region: e.FILES_S3_REGION!,
    key: e.FILES_S3_KEY!,
    secret: e.FILES_S3_SECRET!,
  };
}

/** Whether the settings that belong together are there. */
function allOrNone(given: Record<string, string | undefined>, name: string): boolean {
  const missing = Object.entries(given).flatMap(([key, value]) => (value ? [] : key));
  if (missing.length === Object.keys(given).length) return false;
  if (missing.length)
    throw new StartError(`${missing.join(', ')} is missing beside the other ${name} settings.`);
  return true;
}

/** Injection token of the `Config`. */
export const CONFIG = Symbol('config');
