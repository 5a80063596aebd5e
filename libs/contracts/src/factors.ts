import { z } from 'zod';
import { endpoint, Id } from './contract';
import { Me } from './people';
import { line } from './text';

/** A passkey (WebAuthn), or an app that shows a new code every thirty seconds (TOTP). */
export const FactorKind = z.enum(['passkey', 'authenticator']);
export type FactorKind = z.infer<typeof FactorKind>;

export const Factor = z.object({
  id: z.uuid(),
  kind: FactorKind,
  name: z.string(),
  addedAt: z.iso.datetime(),
  usedAt: z.iso.datetime().nullable(),
});
export type Factor = z.infer<typeof Factor>;

/** Shown once; null when the person keeps the codes they have. */
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()).nullable() });
export type RecoveryCodes = z.infer<typeof RecoveryCodes>;

const known = z.array(
  z.object({ id: z.string(), type: z.literal('public-key'), transports: z.array(z.string()).optional() }),
);
/** What a browser is asked when it is to make a passkey (WebAuthn, as JSON). */
export const PasskeyWish = z.object({
  challenge: z.string(),
  rp: z.object({ name: z.string(), id: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.object({ alg: z.int(), type: z.literal('public-key') })),
  timeout: z.int(),
  attestation: z.literal('none'),
  excludeCredentials: known,
  authenticatorSelection: z.object({
    residentKey: z.literal('preferred'),
    userVerification: z.literal('required'),
  }),
});
/** What it is asked when it is to use one. */
export const PasskeyQuestion = z.object({
  challenge: z.string(),
  rpId: z.string(),
  timeout: z.int(),
  userVerification: z.literal('required'),
  allowCredentials: known,
});
const short = z.string().max(2_000);
const long = z.string().max(20_000);
const passkeyAnswer = <R extends z.ZodRawShape>(response: R) =>
  z.object({
    id: short,
    rawId: short,
    type: z.literal('public-key'),
    response: z.object({ clientDataJSON: long, ...response }),
  });
const NewPasskey = passkeyAnswer({ attestationObject: long, transports: z.array(short).max(10).optional() });
const PasskeyProof = passkeyAnswer({
  authenticatorData: long,
  signature: long,
  userHandle: short.optional(),
});

const FactorName = line(60);
/** As people type them, with spaces or in full width. */
const digits = z
  .string()
  .max(40)
  .transform((value) => value.normalize('NFKC').replace(/\s/g, ''))
  .refine((value) => /^\d{6}$/.test(value), 'six digits');
const recoveryCode = z
  .string()
  .max(60)
  .transform((value) => value.normalize('NFKC').toLowerCase().replace(/[\s-]/g, ''))
  .refine((value) => /^[a-z2-7]{16}$/.test(value), 'sixteen letters and digits');

const Nothing = z.object({});
const nothing = z.strictObject({});

// --- what a person has ---

export const listFactors = endpoint({
  method: 'GET',
  path: '/api/me/factors',
  rights: ['auth.factor.list own'],
  summary: 'The second factors of the person, and how many recovery codes are left.',
  input: nothing,
  output: z.object({ factors: z.array(Factor), codesLeft: z.int() }),
});

export const startPasskey = endpoint({
  method: 'POST',
  path: '/api/me/factors/passkey/start',
  rights: ['auth.factor.add own'],
  summary: 'What the browser needs to make a passkey. Who has a factor must have proved it in this sign-in.',
  input: nothing,
  output: PasskeyWish,
});

export const addPasskey = endpoint({
  method: 'POST',
  path: '/api/me/factors/passkey',
  rights: ['auth.factor.add own'],
  summary: 'Adds the passkey that the browser has made. The first factor comes with ten recovery codes.',
  input: z.strictObject({ name: FactorName, answer: NewPasskey }),
  output: RecoveryCodes,
});

export const startAuthenticator = endpoint({
  method: 'POST',
  path: '/api/me/factors/authenticator/start',
  rights: ['auth.factor.add own'],
  summary: 'A new key for an authenticator app. Who has a factor must have proved it in this sign-in.',
  input: nothing,
  /** `uri` is what the picture holds. */
  output: z.object({ secret: z.string(), uri: z.string() }),
});

export const addAuthenticator = endpoint({
  method: 'POST',
  path: '/api/me/factors/authenticator',
  rights: ['auth.factor.add own'],
  summary: 'Adds the app that shows this code. The first factor comes with ten recovery codes.',
  input: z.strictObject({ name: FactorName, code: digits }),
  output: RecoveryCodes,
});

export const removeFactor = endpoint({
  method: 'DELETE',
  path: '/api/me/factors/:factorId',
  rights: ['auth.factor.remove own'],
  summary: 'Removes a factor after a fresh proof. Whose role needs one keeps at least one.',
  input: z.strictObject({ factorId: Id }),
  output: Nothing,
});

export const renewRecoveryCodes = endpoint({
  method: 'POST',
  path: '/api/me/factors/recovery-codes',
  rights: ['auth.factor.recovery.renew own'],
  summary: 'Ten new recovery codes in place of the old ones, after a fresh proof.',
  input: nothing,
  output: z.object({ recoveryCodes: z.array(z.string()) }),
});

// --- proving that it is you ---

export const startPasskeyProof = endpoint({
  method: 'POST',
  path: '/api/me/proof/passkey/start',
  rights: ['auth.factor.prove own'],
  summary: 'What the browser needs to use one of the person’s passkeys.',
  input: nothing,
  output: PasskeyQuestion,
});

export const provePasskey = endpoint({
  method: 'POST',
  path: '/api/me/proof/passkey',
  rights: ['auth.factor.prove own'],
  summary: 'Proves this sign-in with a passkey.',
  input: z.strictObject({ answer: PasskeyProof }),
  output: Me,
});

export const proveCode = endpoint({
  method: 'POST',
  path: '/api/me/proof/code',
  rights: ['auth.factor.prove own'],
  summary:
    'Proves this sign-in with the code of an app. Each code is taken once; five wrong ones lock for 15 minutes.',
  input: z.strictObject({ code: digits }),
  output: Me,
});

export const proveRecoveryCode = endpoint({
  method: 'POST',
  path: '/api/me/proof/recovery-code',
  rights: ['auth.factor.prove own'],
  summary: 'Proves this sign-in with one of the recovery codes, which is then used up.',
  input: z.strictObject({ code: recoveryCode }),
  output: Me,
});

// --- the company's own sign-in ---

/** Leads to the company's sign-in service and from there back; both answer with a redirect, not with JSON. */
export const companyStartPath = '/api/sign-in/company';
export const companyBackPath = '/api/sign-in/company/back';

export const listWays = endpoint({
  method: 'GET',
  path: '/api/sign-in/ways',
  rights: ['auth.ways.list'],
  summary: 'How one can sign in besides by mail.',
  input: nothing,
  output: z.object({ company: z.object({ name: z.string() }).nullable() }),
});

export const factorEndpoints = [
  listFactors,
  startPasskey,
  addPasskey,
  startAuthenticator,
  addAuthenticator,
  removeFactor,
  renewRecoveryCodes,
  startPasskeyProof,
  provePasskey,
  proveCode,
  proveRecoveryCode,
  listWays,
] as const;
