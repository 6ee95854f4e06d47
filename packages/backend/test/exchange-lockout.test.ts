import type { ExchangeHostSeed } from '@calendar-connect/emulators';
import { afterEach, describe, expect, it } from 'vitest';
import { createExchangeWorld, type ExchangeWorld, OTTO, SERVER_ALONE, typePassword, USUAL_HOSTS } from './support/exchange.ts';
import { textOf } from './support/html.ts';
import { readAnswer } from './support/partner-page.ts';
import { createPartnerServer, type TokenBody } from './support/partner-server.ts';

let here: ExchangeWorld;
afterEach(() => here.close());

const failedLogins = () => here.emulator.control.people.find(({ email }) => email === OTTO.address)?.failedLogins;

/** Autodiscover asks for a login at both of its places, and nothing names the server without one. */
const ASKED_TWICE: readonly ExchangeHostSeed[] = [
  { name: 'mail.corp.example' },
  { name: 'autodiscover.corp.example' },
  { name: 'corp.example' },
];

describe('one wrong password that somebody types', () => {
  it.each([
    ['where two hosts ask for it', { version: '2010', hosts: ASKED_TWICE }],
    ['where Autodiscover asks for it', { version: '2010', hosts: USUAL_HOSTS }],
    [
      'where two hosts ask for it in the clear',
      {
        version: '2010',
        hosts: ASKED_TWICE.map((host) => ({ ...host, https: { kind: 'exchange', authentication: { autodiscover: ['basic'] } } as const })),
      },
    ],
    ['where the server is found without it', {}],
  ] as const)('is one wrong try at the account %s', async (_where, organisation) => {
    here = await createExchangeWorld({ ...organisation, lockoutThreshold: 0 });
    const asking = await here.find({ email: OTTO.address });
    const refused = await typePassword(asking, 'wrong');
    expect(textOf(refused.text)).toContain('did not accept this user name with this password');
    expect(failedLogins()).toBe(1);
    await typePassword({ ...asking, form: refused }, OTTO.password);
    expect(await asking.session.poll()).toMatchObject({ state: 'connected' });
  });
});

describe('a password that was changed at the server', () => {
  const EVENT = { event_id: 'e-1', summary: 'Board', start: '2026-11-03T10:00:00Z', end: '2026-11-03T11:00:00Z', tzid: 'Etc/UTC' };
  let tokens: TokenBody;

  const ask = async (path: string, body?: object) =>
    readAnswer<{ readonly calendars: readonly { readonly calendar_id: string; readonly calendar_primary: boolean }[] }>(
      await here.world.request(path, {
        headers: { authorization: `Bearer ${tokens.access_token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      }),
    );
  const connected = async () => {
    here = await createExchangeWorld({ hosts: SERVER_ALONE, lockoutThreshold: 0 });
    tokens = await here.redeem(await here.connect({ email: OTTO.address, server_address: 'mail.corp.example' }, OTTO));
    const { body } = await ask('/v1/calendars');
    here.emulator.control.setFor(OTTO.address, { password: 'another one' });
    return `/v1/calendars/${body.calendars.find(({ calendar_primary }) => calendar_primary)?.calendar_id}/events`;
  };
  const isConnected = async () => {
    const { body } = await createPartnerServer(here.world).userinfo(tokens.access_token);
    return body['cronofy.data'].profiles?.[0]?.profile_connected;
  };

  it('is tried twice for ten calls, and the person has to connect again', async () => {
    const events = await connected();
    for (let n = 0; n < 10; n += 1) expect((await ask(events, EVENT)).status).not.toBe(202);
    expect([failedLogins(), await isConnected()]).toEqual([2, false]);
  });

  it('is not tried again and again where the server is away before it could be seen whether it is wrong for good', async () => {
    const events = await connected();
    const { addFault } = here.emulator.control;
    // The login of the first call is a question and the two messages of NTLM; the next connection is dropped.
    addFault({ group: 'ews', delayMs: 0, times: 3 });
    addFault({ group: 'ews', drop: true, times: 1 });
    for (let n = 0; n < 10; n += 1) expect((await ask(events, EVENT)).status).not.toBe(202);
    expect([failedLogins(), await isConnected()]).toEqual([1, true]);
    here.world.clock.pass({ minutes: 1 });
    for (let n = 0; n < 10; n += 1) expect((await ask(events, EVENT)).status).not.toBe(202);
    expect([failedLogins(), await isConnected()]).toEqual([2, false]);
  });

  it('is taken up again by whoever connects anew, also with the one that was refused', async () => {
    const events = await connected();
    await ask(events, EVENT);
    expect(await isConnected()).toBe(false);
    here.emulator.control.setFor(OTTO.address, { password: OTTO.password });
    tokens = await here.redeem(await here.connect({ email: OTTO.address }, OTTO));
    expect((await ask(events, EVENT)).status).toBe(202);
  });
});
