import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createExchangeWorld, type ExchangeWorld, OTTO } from './support/exchange.ts';
import { readAnswer } from './support/partner-page.ts';
import type { TokenBody } from './support/partner-server.ts';

const OLD = 'mail.corp.example';
const NEW = 'mail2.corp.example';

let here: ExchangeWorld;
let tokens: TokenBody;
let calendarId: string;
beforeEach(async () => {
  here = await createExchangeWorld();
  tokens = await here.redeem(await here.connect({ email: OTTO.address }, OTTO));
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  const { body } = await readAnswer<Calendars>(await here.world.request('/v1/calendars', { headers }));
  calendarId = body.calendars.find(({ calendar_primary }) => calendar_primary)?.calendar_id ?? '';
  here.emulator.control.clearRequests();
});
afterEach(() => here.close());

/** A call of the partner's, as it ends: an event that is made. */
async function createEvent(): Promise<number> {
  const headers = { authorization: `Bearer ${tokens.access_token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ event_id: 'e-1', summary: 'Board', start: '2026-11-03T10:00:00Z', end: '2026-11-03T11:00:00Z' });
  return (await here.world.request(`/v1/calendars/${calendarId}/events`, { method: 'POST', headers, body })).status;
}

/** Where the profile's server is said to be from now on. */
function nameServer(host: string): void {
  const { control } = here.emulator;
  control.setHost({ name: host, addresses: ['93.184.216.99'] });
  control.setAutodiscover('@corp.example', { action: 'settings', externalEwsUrl: `https://${host}/EWS/Exchange.asmx` });
}

interface Calendars {
  readonly calendars: readonly { readonly calendar_id: string; readonly calendar_primary: boolean }[];
}

const operationsAt = (host: string) =>
  here.emulator.control
    .requestsTo(host)
    .map(({ operation }) => operation)
    .filter((operation) => operation !== undefined);

describe('a profile whose server has moved', () => {
  it('goes on at the host that the mail domain’s own Autodiscover names, in the same call and for good', async () => {
    nameServer(NEW);
    here.emulator.control.setHost({ name: OLD, https: { kind: 'closed' } });
    expect(await createEvent()).toBe(202);
    // First without anything of the person's, and then by NTLM.
    const requests = here.emulator.control.requestsTo(NEW);
    expect(requests.map(({ credentials }) => credentials?.scheme)[0]).toBeUndefined();
    expect(here.emulator.control.credentialsSentTo(NEW).every(({ credentials }) => credentials?.scheme === 'ntlm')).toBe(true);
    expect(here.told()).toEqual([NEW]);
    here.emulator.control.clearRequests();
    expect(await createEvent()).toBe(202);
    expect(new Set(here.emulator.control.connectionAttempts)).toEqual(new Set(['93.184.216.99:443']));
  });

  it('goes on there as well where its old server says that it has the mailbox no longer', async () => {
    nameServer(NEW);
    here.emulator.control.setAutodiscover('@corp.example', undefined);
    here.emulator.control.setFor(OTTO.address, { movedTo: NEW });
    expect(await createEvent()).toBe(202);
    expect(operationsAt(NEW)).toContain('CreateItem');
  });

  it('sends nothing to a host of somebody else’s that Autodiscover names, nor asks it anything', async () => {
    nameServer('mail.evil.example');
    here.emulator.control.setHost({ name: OLD, https: { kind: 'closed' } });
    expect(await createEvent()).not.toBe(202);
    expect(here.emulator.control.requestsTo('mail.evil.example')).toEqual([]);
    expect(here.told()).toEqual([]);
    here.emulator.control.setHost({ name: OLD, https: { kind: 'exchange' } });
    expect(await createEvent()).toBe(202);
  });

  it('gives no password in the clear to a new host, whose old one took it by NTLM', async () => {
    nameServer(NEW);
    const { control } = here.emulator;
    control.setHost({ name: NEW, https: { kind: 'exchange', authentication: { ews: ['basic'] } } });
    control.setHost({ name: OLD, https: { kind: 'closed' } });
    expect(await createEvent()).not.toBe(202);
    expect(here.told()).toEqual([]);
  });

  it('is looked for once in an hour, and works again when its server does', async () => {
    const { control } = here.emulator;
    control.setFor(OTTO.address, { mailbox: 'moving' });
    for (let times = 0; times < 3; times += 1) expect(await createEvent()).not.toBe(202);
    expect(control.requests.filter(({ path }) => /^\/autodiscover/i.test(path) && path.includes('json'))).toHaveLength(2);
    control.setFor(OTTO.address, { mailbox: 'here' });
    expect(await createEvent()).toBe(202);
  });
});
