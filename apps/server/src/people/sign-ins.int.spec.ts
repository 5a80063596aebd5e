import { listDemoPeople } from '@parley/contracts/demo';
import { listSignIns, readMe, revokeSignIn, signOut } from '@parley/contracts/people';
import { Browser, MailSink } from '../../test/mail';
import { halden, startTestServer, type TestServer, until } from '../../test/server';

const sink = new MailSink();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ PARLEY_DEMO: 'off', SMTP_URL: await sink.open(), TRUST_PROXY: '1' });
});
afterAll(async () => {
  await server.stop();
  await sink.close();
});

describe('sign-ins', () => {
  /** A person in so many browsers. */
  async function inBrowsers(count: number, email: string) {
    const browsers: Browser[] = [];
    for (let at = 0; at < count; at += 1) {
      const browser = new Browser(server.url, sink);
      await browser.signIn(email);
      browsers.push(browser);
    }
    return browsers;
  }

  it('are listed, and one that is revoked is out in all its tabs within two seconds', async () => {
    const [phone, laptop] = (await inBrowsers(2, 'kenji@example.net')) as [Browser, Browser];
    const tabs = await Promise.all([1, 2, 3].map(() => phone.connect(halden)));
    const other = await laptop.connect(halden);
    const { signIns } = await laptop.call(listSignIns, {});
    expect(signIns.map(({ current }) => current).sort()).toEqual([false, true]);

    const began = Date.now();
    await laptop.call(revokeSignIn, { signInId: signIns.find(({ current }) => !current)!.id });
    await until(() => tabs.every(({ socket }) => !socket.connected), 2_000);
    expect(Date.now() - began).toBeLessThan(2_000);
    await expect(phone.call(readMe, {})).rejects.toMatchObject({ code: 'auth.required' });
    // They come back only with a new ticket, which nobody gives them.
    await until(() => tabs.every(({ link }) => link === 'closed'));
    expect(other.link).toBe('open');
    expect((await laptop.call(listSignIns, {})).signIns).toHaveLength(1);
    laptop.leave();
  });

  it('of others cannot be seen or revoked, and are no different from none', async () => {
    const [mine] = (await inBrowsers(1, 'emre.aydin@example.com')) as [Browser];
    const [theirs] = (await inBrowsers(1, 'jo.lindqvist@example.com')) as [Browser];
    const { id } = (await theirs.call(listSignIns, {})).signIns[0]!;
    const look = async (signInId: string) => {
      const answer = await mine.request(`/api/me/sign-ins/${signInId}`, {
        method: 'DELETE',
        body: '{}',
        headers: { 'content-type': 'application/json' },
      });
      return [answer.status, (await answer.text()).replace(/"ref":"\w+"/, '')];
    };
    expect((await look(id))[0]).toBe(404);
    expect(await look(id)).toEqual(await look('00000000-0000-4000-8000-000000000000'));
    expect(await look(id)).toEqual(await look('no-id'));
    expect((await theirs.call(readMe, {})).email).toBe('jo.lindqvist@example.com');
  });

  it('end by signing out and by time: the old cookie opens nothing, its sockets close', async () => {
    const [browser, forgotten] = (await inBrowsers(2, 'samira.haddad@example.com')) as [Browser, Browser];
    const old = browser.jar.header();
    const { socket } = await browser.connect(halden);
    await server.sql(
      `UPDATE sign_in SET expires_at = now() WHERE id <> $1 AND person_id = (SELECT person_id FROM sign_in WHERE id = $1)`,
      [(await browser.call(listSignIns, {})).signIns.find(({ current }) => current)!.id],
    );
    await expect(forgotten.call(readMe, {})).rejects.toMatchObject({ code: 'auth.required' });
    expect((await browser.call(listSignIns, {})).signIns).toHaveLength(1);

    await browser.call(signOut, {});
    await until(() => !socket.connected, 2_000);
    expect(browser.jar.header()).toBe('');
    expect((await browser.request('/api/me', { headers: { cookie: old } })).status).toBe(401);
  });
});

it.each([
  ['GET', '/api/demo/people'],
  ['POST', '/api/demo/sign-in'],
  ['GET', '/api/demo/sign-in'],
  ['GET', '/api/demo/mails'],
  ['POST', '/api/demo/crowd'],
])('without the demo %s %s is not there', async (method, path) => {
  const answer = await new Browser(server.url, sink).request(path, {
    method,
    ...(method === 'POST' && { body: '{}', headers: { 'content-type': 'application/json' } }),
  });
  expect(answer.status).toBe(404);
  await expect(new Browser(server.url, sink).call(listDemoPeople, {})).rejects.toMatchObject({
    code: 'request.notFound',
  });
});
