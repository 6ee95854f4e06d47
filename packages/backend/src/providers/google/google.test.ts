import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CalendarConnectError } from '../../errors.ts';
import type { Identity } from '../provider.ts';
import { google } from './google.ts';
import type { GoogleOptions } from './options.ts';

const OPTIONS: GoogleOptions = { clientId: 'id-1', clientSecret: 'GOCSPX-very-secret' };
const IDENTITY: Identity = { subject: '1', name: 'jane@example.com', email: 'jane@example.com', organisation: undefined };
const PREFIX = 'https://www.googleapis.com/auth/';

describe('the manifest of google', () => {
  it('asks in each mode for exactly these scopes, and for nothing wider', () => {
    const { modes } = google(OPTIONS);
    expect(Object.keys(modes)).toEqual(['full', 'free_busy']);
    expect(modes.full?.scopes).toEqual([
      'openid',
      'email',
      `${PREFIX}calendar.events`,
      `${PREFIX}calendar.calendarlist.readonly`,
      `${PREFIX}calendar.freebusy`,
    ]);
    expect(modes.free_busy?.scopes).toEqual([
      'openid',
      'email',
      `${PREFIX}calendar.events.freebusy`,
      `${PREFIX}calendar.calendarlist.readonly`,
    ]);
  });

  it('asks for the one non-sensitive calendar scope where the operator says so', () => {
    const { modes } = google({ ...OPTIONS, freeBusyScopes: 'calendar.freebusy' });
    expect(modes.free_busy?.scopes).toEqual(['openid', 'email', `${PREFIX}calendar.freebusy`]);
    expect(modes.full?.scopes).toEqual(google(OPTIONS).modes.full?.scopes);
  });

  it('names itself as partners know it', () => {
    const provider = google(OPTIONS);
    expect([provider.id, provider.providerName(IDENTITY, 'full'), provider.providerName(IDENTITY, 'free_busy')]).toEqual([
      'google',
      'google',
      'google_free_busy',
    ]);
    expect(provider.providerService(IDENTITY, 'full')).toBe('google');
    expect(provider.providerService({ ...IDENTITY, organisation: 'example.com' }, 'full')).toBe('gsuite');
    expect(provider.providerService({ ...IDENTITY, organisation: 'example.com' }, 'free_busy')).toBe('google_free_busy');
  });

  it('loads nothing of Google’s library before the first connect', async () => {
    const script = `
      import { createRequire } from 'node:module';
      const { cache } = createRequire(import.meta.url);
      const loaded = () => Object.keys(cache).filter((file) => /google|gaxios/.test(file.split('node_modules').pop())).length;
      const { google } = await import(${JSON.stringify(new URL('google.ts', import.meta.url).href)});
      const provider = google({ clientId: 'a', clientSecret: 'b' });
      const before = loaded();
      await provider.connect();
      console.log(JSON.stringify([before, loaded() > 0]));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--conditions=source', '--eval', script]);
    expect(JSON.parse(stdout)).toEqual([0, true]);
  });

  it('keeps Google’s library from logging, whatever the environment says', async () => {
    const script = `
      const { scriptedGoogle, CLIENT, EXCHANGE } = await import(${JSON.stringify(new URL('scripted-google.contract.ts', import.meta.url).href)});
      const { provider } = scriptedGoogle();
      const outcome = await (await provider.connect()).exchange(CLIENT, EXCHANGE);
      await (await provider.calendar()).listCalendars(outcome.credential, 'full');
      console.log(outcome.outcome);`;
    const env = { ...process.env, GOOGLE_SDK_NODE_LOGGING: 'all' };
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--conditions=source', '--eval', script],
      { env },
    );
    expect(stdout).toBe('connected\n');
    expect(stderr).not.toMatch(/very-sec/);
  });

  it('loads each part once', () => {
    const provider = google(OPTIONS);
    expect(provider.connect()).toBe(provider.connect());
    expect(provider.calendar()).toBe(provider.calendar());
  });
});

describe('the options of google', () => {
  it.each([
    [{ clientId: '' }, 'google: clientId: expected a string, received an empty string'],
    [{ clientId: 7 }, 'google: clientId: expected a string, received number'],
    [{ clientSecret: undefined }, 'google: clientSecret: expected a string, received undefined'],
    [
      { clientSecret: 'GOCSPX-very-secret\n' },
      'google: clientSecret: expected a string without white space, received a string with white space',
    ],
    [
      { freeBusyScopes: 'calendar' },
      'google: freeBusyScopes: expected one of calendar.events.freebusy, calendar.freebusy, received "calendar"',
    ],
    [
      { endpoints: { token: 'http://oauth2.example/token' } },
      'google: endpoints.token: expected an https address, or http on a loopback host, received "http://oauth2.example/token"',
    ],
    [
      { endpoints: { tokens: 'https://x.example' } },
      'google: endpoints.tokens: expected one of issuer, authorization, token, revocation, keys, api, received tokens',
    ],
  ])('refuses %j with a message that says what is wrong', (change, message) => {
    const make = (): unknown => google({ ...OPTIONS, ...change } as GoogleOptions);
    expect(make).toThrow(CalendarConnectError);
    expect(make).toThrow(message);
  });

  it('takes an emulator on a loopback name', () => {
    const endpoints = { issuer: 'http://google.localhost:4010', token: 'http://127.0.0.1:4010/token', api: 'http://[::1]:4010/' };
    expect(() => google({ ...OPTIONS, endpoints })).not.toThrow();
  });
});
