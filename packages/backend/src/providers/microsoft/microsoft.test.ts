import { describe, expect, it } from 'vitest';
import { CalendarConnectError } from '../../errors.ts';
import { createNetwork } from '../../outbound/network.ts';
import type { Identity } from '../provider.ts';
import { microsoft } from './microsoft.ts';
import type { MicrosoftOptions } from './options.ts';

const OPTIONS: MicrosoftOptions = { clientId: '11111111-2222-4333-8444-555555555555', clientSecret: 'value~very-secret' };
const WORK: Identity = { subject: 't.o', name: 'jane@example.com', email: 'jane@example.com', organisation: 't' };
const PERSONAL: Identity = { ...WORK, organisation: undefined };

describe('the manifest of microsoft', () => {
  it('asks in each mode for exactly these scopes, and for nothing wider', () => {
    const { modes } = microsoft(OPTIONS);
    expect(Object.keys(modes)).toEqual(['full', 'free_busy']);
    expect(modes.full?.scopes).toEqual(['openid', 'email', 'profile', 'offline_access', 'User.Read', 'Calendars.ReadWrite']);
    expect(modes.free_busy?.scopes).toEqual(['openid', 'email', 'profile', 'offline_access', 'User.Read', 'Calendars.ReadBasic']);
  });

  it.each([
    ['a work account', WORK, 'full', 'exchange', 'office365'],
    ['a personal account', PERSONAL, 'full', 'live_connect', 'outlook_com'],
    ['a work account', WORK, 'free_busy', 'ms_graph_free_busy', 'ms_graph_free_busy'],
    ['a personal account', PERSONAL, 'free_busy', 'ms_graph_free_busy', 'ms_graph_free_busy'],
  ] as const)('names %s (%#) as partners know it', (_, identity, mode, name, service) => {
    const provider = microsoft(OPTIONS);
    expect([provider.providerName(identity, mode), provider.providerService(identity, mode)]).toEqual([name, service]);
  });

  it('has the names that a request may call it, and its protocol', () => {
    const provider = microsoft(OPTIONS);
    const { id, name, modes } = provider;
    const credential = { accessToken: 'a', accessTokenExpiresAtMs: 0, refreshToken: 'r', grantedScopes: [], endsAtMs: undefined };
    expect([id, name, provider.providerProtocol?.(credential)]).toEqual(['microsoft', 'Microsoft', 'graph_api']);
    expect([modes.full?.requestNames, modes.free_busy?.requestNames]).toEqual([['office365', 'live_connect'], ['ms_graph_free_busy']]);
  });

  it('loads each part once', () => {
    const provider = microsoft(OPTIONS);
    expect(provider.connect()).toBe(provider.connect());
    expect(provider.calendar()).toBe(provider.calendar());
    expect(provider.adminApproval?.()).toBe(provider.adminApproval?.());
  });

  it('goes by the door that the backend says, unless it was given its own', async () => {
    const asked: string[] = [];
    const door = (name: string) => ({ fetch: () => (asked.push(name), Promise.resolve(new Response('{}'))) });
    const network = { ...createNetwork(), configured: door('backend') };
    for (const options of [OPTIONS, { ...OPTIONS, outbound: door('own') }]) {
      await (await microsoft(options).adminApproval?.(network))?.findOrganisation('partner.example');
    }
    expect(asked).toEqual(['backend', 'own']);
  });
});

describe('the options of microsoft', () => {
  it.each([
    [{ clientId: '' }, 'microsoft: clientId: expected a string, received an empty string'],
    [
      { clientId: 'value~very-secret' },
      'microsoft: clientId: expected the application (client) id of the app registration, a GUID, received another string',
    ],
    [{ clientSecret: undefined }, 'microsoft: clientSecret: expected a string, received undefined'],
    [
      { clientSecret: '99999999-2222-4333-8444-555555555555' },
      'microsoft: clientSecret: expected the value of a client secret, received a GUID, which is the id of one',
    ],
    [
      { endpoints: { graph: 'http://graph.example' } },
      'microsoft: endpoints.graph: expected an https address, or http on a loopback host, received "http://graph.example"',
    ],
    [
      { endpoints: { token: 'https://x.example' } },
      'microsoft: endpoints.token: expected one of issuerOrigin, authority, tokenAuthority, graph, ews, received token',
    ],
  ])('refuses %j with a message that says what is wrong', (change, message) => {
    const make = (): unknown => microsoft({ ...OPTIONS, ...change } as MicrosoftOptions);
    expect(make).toThrow(CalendarConnectError);
    expect(make).toThrow(message);
    expect(make).not.toThrow('very-secret');
  });

  it('takes an emulator on a loopback name, and a client id in capitals', () => {
    const endpoints = {
      authority: 'http://microsoft.localhost:4010/',
      tokenAuthority: 'http://127.0.0.1:4010',
      graph: 'http://[::1]:4010/',
    };
    expect(microsoft({ ...OPTIONS, clientId: 'AAAAAAAA-2222-4333-8444-555555555555', endpoints }).client.clientId).toBe(
      'aaaaaaaa-2222-4333-8444-555555555555',
    );
  });
});
