import { afterEach, describe, expect, it } from 'vitest';
import { createExchangeWorld, type ExchangeWorld, OTTO, typePassword } from './support/exchange.ts';
import { textOf } from './support/html.ts';
import { createWorld, type World, type WorldOptions } from './support/world.ts';

const PATH = '/connect/it-team/exchange';
const EGRESS = { egressAddresses: ['203.0.113.7', '2001:db8::7'] };
const LINK = /<a href="([^"]*)" target="_blank" rel="noopener noreferrer">What your IT team has to know<\/a>/;

let here: ExchangeWorld | undefined;
let alone: World | undefined;
afterEach(async () => {
  await here?.close();
  await alone?.close();
  here = undefined;
  alone = undefined;
});

async function pageWith(options: WorldOptions) {
  here = await createExchangeWorld({}, options);
  return here.world.browser().visit(here.world.publicUrl + PATH);
}

describe('the page for the IT team', () => {
  it('names the addresses that connections come from, and what is asked of the server', async () => {
    const { status, text } = await pageWith(EGRESS);
    expect(status).toBe(200);
    for (const fact of [
      '203.0.113.7',
      '2001:db8::7',
      'port 443',
      '/EWS/Exchange.asmx',
      'CalendarConnect/*',
      'GetUserAvailability',
      'NTLM',
    ]) {
      expect(textOf(text)).toContain(fact);
    }
  });

  it('says who knows the addresses where nobody has named them', async () => {
    const { text } = await pageWith({});
    expect(textOf(text)).toContain('are not stated here: ask the people who run');
  });

  it('is the same for everybody, may be kept, and runs and loads nothing', async () => {
    const { headers, text } = await pageWith(EGRESS);
    expect(headers.get('cache-control')).toBe('public, max-age=600');
    expect(headers.getSetCookie()).toEqual([]);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*frame-ancestors 'none'/);
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(text).not.toMatch(/<script|<form|<img| (?:src|style|on\w+)=/);
  });

  it('is not there where no Exchange can be connected', async () => {
    alone = await createWorld();
    expect((await alone.browser().visit(alone.publicUrl + PATH)).status).toBe(404);
  });
});

describe('who cannot connect', () => {
  it.each([
    ['no server is found', {}, { email: 'amira@elsewhere.example' }],
    ['the server does not answer', { https: { kind: 'closed' } }, { email: OTTO.address, server_address: 'mail.corp.example' }],
    [
      'the server lets nobody in',
      { https: { kind: 'website', status: 403 } },
      { email: OTTO.address, server_address: 'mail.corp.example' },
    ],
    ['the certificate has expired', { certificate: 'expired' }, { email: OTTO.address, server_address: 'mail.corp.example' }],
  ] as const)('is led to it where %s', async (_what, host, typed) => {
    here = await createExchangeWorld({ hosts: [{ name: 'mail.corp.example', ...host }] }, EGRESS);
    const { form } = await here.find(typed);
    expect(LINK.exec(form.text)?.[1]).toBe(here.world.publicUrl + PATH);
  });

  it('is led to it where Exchange Web Services are off', async () => {
    here = await createExchangeWorld();
    here.emulator.control.setFor(OTTO.address, { ewsEnabled: false });
    const refused = await typePassword(await here.find({ email: OTTO.address }), OTTO.password);
    expect(refused.text).toMatch(LINK);
  });

  it('is not led there for a wrong password', async () => {
    here = await createExchangeWorld();
    const refused = await typePassword(await here.find({ email: OTTO.address }), 'wrong');
    expect(textOf(refused.text)).toContain('did not accept');
    expect(refused.text).not.toMatch(LINK);
  });
});
