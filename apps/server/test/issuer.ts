import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { companyBackPath } from '@parley/contracts/factors';
import type { default as ProviderOf } from 'oidc-provider';

export interface Account {
  email: string;
  email_verified: boolean;
  amr?: string[];
  /** Seconds since the person last signed in there. */
  age?: number;
}

/** A company's sign-in service, without its pages: whoever `account` names is signed in and agrees. */
export class Issuer {
  account: Account = { email: '', email_verified: true };
  /** Changes what is issued, to deceive. */
  nonce: string | undefined;
  private server: Server | undefined;
  url = '';

  /** Opens it for a Parley at this address, and answers the settings by which Parley finds it. */
  async open(parley: string) {
    this.server = createServer();
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://localhost:${(this.server.address() as AddressInfo).port}`;
    // Imported late, so that a test can keep it from saying what it thinks of the settings of tests.
    const { Provider } = await import('oidc-provider');
    const provider: ProviderOf = new Provider(this.url, {
      clients: [
        {
          client_id: 'parley',
          client_secret: 'a-secret-of-the-tests',
          redirect_uris: [`${parley}${companyBackPath}`],
          response_types: ['code'],
          grant_types: ['authorization_code'],
        },
      ],
      cookies: { keys: ['key of the tests'] },
      claims: { openid: ['sub', 'amr', 'auth_time'], email: ['email', 'email_verified'] },
      features: { devInteractions: { enabled: false } },
      pkce: { required: () => true },
      findAccount: (_context, sub) => ({
        accountId: sub,
        claims: () => ({ sub, email: this.account.email, email_verified: this.account.email_verified }),
      }),
      interactions: { url: (_context, { uid }) => `/as/${uid}` },
      loadExistingGrant: async ({ oidc }) => {
        const grant = new provider.Grant({
          accountId: oidc.session!.accountId!,
          clientId: oidc.client!.clientId,
        });
        grant.addOIDCScope('openid email');
        await grant.save();
        return grant;
      },
    });
    this.server.on('request', (request, response) => {
      if (!request.url?.startsWith('/as/')) return void provider.callback()(request, response);
      const { email, amr, age } = this.account;
      const login = {
        accountId: email,
        ...(amr && { amr }),
        ...(age !== undefined && { ts: Math.floor(Date.now() / 1000) - age }),
      };
      void provider.interactionFinished(request, response, { login });
    });
    return {
      OIDC_ISSUER: this.url,
      OIDC_CLIENT_ID: 'parley',
      OIDC_CLIENT_SECRET: 'a-secret-of-the-tests',
      OIDC_NAME: 'Example Works',
      OIDC_DOMAINS: 'example.com, example.net',
    };
  }

  /** Where the issuer leads a browser back to, that was sent to this address. */
  async visit(address: string): Promise<string> {
    const cookies = new Map<string, string>();
    let next = new URL(address);
    if (this.nonce) next.searchParams.set('nonce', this.nonce);
    while (next.origin === new URL(this.url).origin) {
      const response = await fetch(next, {
        redirect: 'manual',
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [name = '', value = ''] = cookie.split(';')[0]!.split('=');
        cookies.set(name, value);
      }
      const location = response.headers.get('location');
      if (!location) throw new Error(`The issuer answered ${response.status}: ${await response.text()}`);
      next = new URL(location, next);
    }
    return next.href;
  }

  close() {
    this.server?.closeAllConnections();
    return new Promise((done) => this.server?.close(done));
  }
}
