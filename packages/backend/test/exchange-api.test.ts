import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createExchangeWorld, type ExchangeWorld, OTTO } from './support/exchange.ts';
import { type Answer, readAnswer } from './support/partner-page.ts';
import { createPartnerServer, type TokenBody } from './support/partner-server.ts';

let here: ExchangeWorld;
let tokens: TokenBody;
beforeEach(async () => {
  here = await createExchangeWorld();
  tokens = await here.redeem(await here.connect({ email: OTTO.address }, OTTO));
});
afterEach(() => here.close());

interface Calendars {
  readonly calendars: readonly { readonly calendar_id: string; readonly calendar_primary: boolean; readonly provider_name: string }[];
}

async function ask<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = { authorization: `Bearer ${tokens.access_token}`, ...type };
  return readAnswer<T>(await here.world.request(path, { method, headers, ...sent }));
}

async function primary(): Promise<string> {
  const { body } = await ask<Calendars>('GET', '/v1/calendars');
  return body.calendars.find(({ calendar_primary }) => calendar_primary)?.calendar_id ?? '';
}

describe('a profile on Exchange', () => {
  it('lists its calendars', async () => {
    const { status, body } = await ask<Calendars>('GET', '/v1/calendars');
    expect(status).toBe(200);
    expect(body.calendars.find(({ calendar_primary }) => calendar_primary)).toMatchObject({ provider_name: 'exchange' });
  });

  it('takes events, and tells when somebody is busy', async () => {
    const event = { event_id: 'e-1', summary: 'Board', start: '2026-11-03T10:00:00Z', end: '2026-11-03T11:00:00Z', tzid: 'Etc/UTC' };
    expect((await ask('POST', `/v1/calendars/${await primary()}/events`, event)).status).toBe(202);
    expect(here.emulator.control.eventsOf(OTTO.address)).toMatchObject([{ fields: { subject: 'Board' } }]);
    const query = 'from=2026-11-03&to=2026-11-04&tzid=Etc/UTC&include_managed=true';
    const { body } = await ask<{ free_busy: readonly object[] }>('GET', `/v1/free_busy?${query}`);
    expect(body.free_busy).toMatchObject([{ start: '2026-11-03T10:00:00Z', end: '2026-11-03T11:00:00Z', free_busy_status: 'busy' }]);
  });

  it('is disconnected when the password is another, after two tries and no more', async () => {
    const calendar = await primary();
    here.emulator.control.setFor(OTTO.address, { password: 'a new one', state: 'active' });
    const event = { event_id: 'e-2', summary: 'Board', start: '2026-11-03T10:00:00Z', end: '2026-11-03T11:00:00Z', tzid: 'Etc/UTC' };
    for (let n = 0; n < 3; n += 1) expect((await ask('POST', `/v1/calendars/${calendar}/events`, event)).status).not.toBe(202);
    expect(here.emulator.control.people.find(({ email }) => email === OTTO.address)?.failedLogins).toBe(2);
    const { body } = await createPartnerServer(here.world).userinfo(tokens.access_token);
    expect(body['cronofy.data'].profiles).toMatchObject([{ profile_connected: false }]);
  });
});
