import { createEmulator, type Emulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExchangeOutcome, Provider, ProviderClient } from '../provider.ts';
import { google } from './google.ts';
import { redirectQuery, submitForm } from '../submit-form.contract.ts';

const CLIENT: ProviderClient = { id: 'pcl_000000000000000000000001', clientId: 'emulate-client', clientSecret: 'emulate-secret' };
const REDIRECT_URI = 'http://localhost:3000/connect/callback/google';
const ATTEMPT = {
  redirectUri: REDIRECT_URI,
  mode: 'full',
  nonce: 'nonce-1',
  codeVerifier: 'verifier-0123456789-verifier-0123456789-012',
} as const;

/**
 * The whole life of a connection at an emulator that nobody of this project wrote, for a second opinion of the protocol.
 *
 * @see [emulate](https://github.com/vercel-labs/emulate)
 */
describe('google at the emulator of emulate', () => {
  let emulator: Emulator;
  let provider: Provider;

  beforeAll(async () => {
    emulator = await createEmulator({
      service: 'google',
      port: 0,
      seed: {
        google: {
          users: [{ email: 'jane@example.com', name: 'Jane Doe' }],
          oauth_clients: [
            { client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret, name: 'Calendar Connect', redirect_uris: [REDIRECT_URI] },
          ],
        },
      },
    });
    provider = google({
      clientId: CLIENT.clientId,
      clientSecret: CLIENT.clientSecret,
      endpoints: {
        issuer: emulator.url,
        authorization: `${emulator.url}/o/oauth2/v2/auth`,
        token: `${emulator.url}/oauth2/token`,
        revocation: `${emulator.url}/oauth2/revoke`,
        keys: `${emulator.url}/oauth2/v3/certs`,
        api: emulator.url,
      },
    });
  });
  afterAll(() => emulator.close());

  async function connectAs(user: string): Promise<ExchangeOutcome> {
    const connect = await provider.connect();
    const url = connect.authorizationUrl(CLIENT, { ...ATTEMPT, state: 'state-1', loginHint: undefined, interaction: 'choose' });
    const query = redirectQuery(await submitForm(await fetch(url), { holding: `value="${user}"` }));
    const reading = connect.readCallback(query);
    expect(query.get('state')).toBe('state-1');
    if (reading.outcome !== 'code') throw new Error(`the callback was read as ${reading.outcome}`);
    return connect.exchange(CLIENT, { ...ATTEMPT, code: reading.code });
  }

  it('connects, refreshes, lists calendars and revokes', async () => {
    const outcome = await connectAs('jane@example.com');
    if (outcome.outcome !== 'connected') throw new Error(`the exchange ended as ${JSON.stringify(outcome)}`);
    expect(outcome.identity).toMatchObject({ name: 'jane@example.com', email: 'jane@example.com' });

    const connect = await provider.connect();
    const refreshed = await connect.refresh(CLIENT, outcome.credential);
    if (refreshed.outcome !== 'refreshed') throw new Error(`the refresh ended as ${JSON.stringify(refreshed)}`);
    expect(refreshed.credential.accessToken).not.toBe(outcome.credential.accessToken);
    expect(refreshed.credential.refreshToken).toBe(outcome.credential.refreshToken);

    const calendars = await (await provider.calendar()).listCalendars(refreshed.credential, 'full');
    expect(calendars).toMatchObject({ outcome: 'ok', value: [{ providerCalendarId: expect.any(String), primary: true, readonly: false }] });

    expect(await connect.revoke(CLIENT, refreshed.credential)).toEqual({ outcome: 'revoked' });
    expect(await connect.refresh(CLIENT, refreshed.credential)).toMatchObject({ outcome: 'rejected' });
  });

  it('is refused a code that was used, another verifier and another secret', async () => {
    const connect = await provider.connect();
    expect(await connect.exchange(CLIENT, { ...ATTEMPT, code: 'made-up' })).toMatchObject({ reason: 'provider_refused' });
    expect(await connect.exchange({ ...CLIENT, clientSecret: 'wrong' }, { ...ATTEMPT, code: 'made-up' })).toMatchObject({
      reason: 'provider_misconfigured',
    });
  });
});
