import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest();
const b64 = (data: Buffer) => data.toString('base64url');

/** As much of CBOR as a passkey is made of. */
function cbor(value: unknown): Buffer {
  const head = (major: number, n: number) =>
    n < 24
      ? Buffer.from([(major << 5) | n])
      : n < 256
        ? Buffer.from([(major << 5) | 24, n])
        : Buffer.from([(major << 5) | 25, n >> 8, n & 255]);
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  const entries = [...(value as Map<unknown, unknown>)];
  return Buffer.concat([head(5, entries.length), ...entries.flat().map(cbor)]);
}

interface Asked {
  challenge: string;
}
/** What a deceiver would say otherwise. */
interface Lies {
  challenge?: string;
  origin?: string;
  rpID?: string;
  verified?: boolean;
  counter?: number;
}

/** A passkey device made of software: one key pair, ES256, no attestation. */
export class Authenticator {
  readonly id = randomBytes(16);
  counter = 0;
  private readonly keys: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
  });

  constructor(private readonly origin: string) {}

  /** Answers what was asked to make a passkey. */
  create(asked: Asked, lies: Lies = {}) {
    const { x = '', y = '' } = this.keys.publicKey.export({ format: 'jwk' });
    const coordinates: [number, unknown][] = [
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ];
    const key = cbor(new Map<number, unknown>([[1, 2], [3, -7], [-1, 1], ...coordinates]));
    const length = Buffer.from([0, this.id.length]);
    const authData = Buffer.concat([this.head(0x40, lies), Buffer.alloc(16), length, this.id, key]);
    const attestation = new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ]);
    return this.answer({
      clientDataJSON: b64(this.client('webauthn.create', asked, lies)),
      attestationObject: b64(cbor(attestation)),
      transports: ['internal'],
    });
  }

  /** Answers what was asked to use it. */
  get(asked: Asked, lies: Lies = {}) {
    this.counter = lies.counter ?? this.counter + 1;
    const authData = this.head(0, lies);
    const client = this.client('webauthn.get', asked, lies);
    const signature = sign('sha256', Buffer.concat([authData, sha256(client)]), this.keys.privateKey);
    return this.answer({
      clientDataJSON: b64(client),
      authenticatorData: b64(authData),
      signature: b64(signature),
    });
  }

  private head(flags: number, { rpID = new URL(this.origin).hostname, verified = true }: Lies) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    return Buffer.concat([sha256(rpID), Buffer.from([flags | 0x01 | (verified ? 0x04 : 0)]), counter]);
  }

  private client(type: string, { challenge }: Asked, lies: Lies) {
    const { origin = this.origin } = lies;
    return Buffer.from(
      JSON.stringify({ type, challenge: lies.challenge ?? challenge, origin, crossOrigin: false }),
    );
  }

  private answer<R>(response: R) {
    const type = 'public-key' as const;
    return { id: b64(this.id), rawId: b64(this.id), type, clientExtensionResults: {}, response };
  }
}
