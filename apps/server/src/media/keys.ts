import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Person } from '../platform/doors';

/** What a key is good for: one rendition of one file, for one person in one sign-in. */
export interface Opens {
  communityId: string;
  mediaId: string;
  rendition: string;
  viewer: Pick<Person, 'personId' | 'signInId'>;
}

const MAC_BYTES = 16;
const KEY_BYTES = 4 + MAC_BYTES;

/** The signed part of an address: when it ends, and a mark that only this install can make. */
export class Keys {
  constructor(private readonly secret: Buffer) {}

  /** `until` in ms; the key ends with that second. */
  sign(opens: Opens, until: number): string {
    const end = Buffer.alloc(4);
    end.writeUInt32BE(Math.floor(until / 1_000));
    return Buffer.concat([end, this.mac(opens, end)]).toString('base64url');
  }

  /** Whether the key opens it now. */
  opens(key: string, opens: Opens, now = Date.now()): boolean {
    const bytes = Buffer.from(key, 'base64url');
    // Written in another way it is another key.
    if (bytes.length !== KEY_BYTES || bytes.toString('base64url') !== key) return false;
    const end = bytes.subarray(0, 4);
    return timingSafeEqual(bytes.subarray(4), this.mac(opens, end)) && end.readUInt32BE(0) * 1_000 >= now;
  }

  private mac({ communityId, mediaId, rendition, viewer }: Opens, end: Buffer): Buffer {
    return createHmac('sha256', this.secret)
      .update([communityId, mediaId, rendition, viewer.personId, viewer.signInId].join('\n'))
      .update(end)
      .digest()
      .subarray(0, MAC_BYTES);
  }
}
