import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ScopeKey } from './tenancy';

const IV = 12;
const TAG = 16;

/** Keeps small secrets in rows so that a look at the table shows nothing: AES-256-GCM under the install's own key. */
@Injectable()
export class Seal {
  private readonly key: Buffer;

  constructor(key: ScopeKey) {
    this.key = key.derive('seal');
  }

  /** `of` says what it belongs to: in another row it does not open. */
  close(secret: string, of: string): Buffer {
    const iv = randomBytes(IV);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(of));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  /** Throws when it was changed, or sealed for something else. */
  open(sealed: Buffer, of: string): string {
    const cipher = createDecipheriv('aes-256-gcm', this.key, sealed.subarray(0, IV), { authTagLength: TAG })
      .setAAD(Buffer.from(of))
      .setAuthTag(sealed.subarray(IV, IV + TAG));
    return Buffer.concat([cipher.update(sealed.subarray(IV + TAG)), cipher.final()]).toString('utf8');
  }
}
