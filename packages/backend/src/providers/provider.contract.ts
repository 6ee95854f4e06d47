import type { AccessMode } from '@calendar-connect/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { calendarTests } from './calendar.contract.ts';
import type { AuthorizationRequest, Credential, ExchangeOutcome, OAuthConnect, Provider, ProviderClient } from './provider.ts';

/** A provider, and somebody at the vendor's pages. */
export interface ProviderUnderTest {
  readonly provider: Provider;
  readonly client: ProviderClient;
  readonly redirectUri: string;
  /** Agrees to all at the authorization URL, and gives the query that then comes to the redirect URI. */
  approve(url: URL): Promise<URLSearchParams>;
  /** Says no there. */
  decline(url: URL): Promise<URLSearchParams>;
  /** Whether the vendor has a way to end a grant for good. */
  readonly revocation: 'supported' | 'unsupported';
  /** Ends the vendor: whoever calls it now reaches nobody. */
  close(): Promise<void>;
}

const NONCE = 'nonce-0123456789';
const VERIFIER = 'verifier-0123456789-verifier-0123456789-012';

/** What every provider has to do, against a vendor or a faithful emulator of one. Register it with `make` giving a fresh pair each time. */
export function providerContract(title: string, make: () => Promise<ProviderUnderTest>): void {
  describe(`the provider contract: ${title}`, () => {
    let under: ProviderUnderTest;
    let connect: OAuthConnect;

    beforeEach(async () => {
      under = await make();
      connect = await under.provider.connect();
    });
    afterEach(() => under.close());

    const modes = (): AccessMode[] => Object.keys(under.provider.modes) as AccessMode[];
    const anyMode = (): AccessMode => modes()[0] ?? 'full';

    function request(mode: AccessMode): AuthorizationRequest {
      return {
        redirectUri: under.redirectUri,
        mode,
        state: 'state-1',
        nonce: NONCE,
        codeVerifier: VERIFIER,
        loginHint: undefined,
        interaction: 'choose',
      };
    }

    async function approvedCode(mode: AccessMode): Promise<string> {
      const reading = connect.readCallback(await under.approve(connect.authorizationUrl(under.client, request(mode))));
      if (reading.outcome !== 'code') throw new Error(`the callback was read as ${reading.outcome}`);
      return reading.code;
    }

    function exchange(code: string, changes: Partial<AuthorizationRequest> = {}, client = under.client): Promise<ExchangeOutcome> {
      return connect.exchange(client, { ...request(anyMode()), ...changes, code });
    }

    async function connected(mode: AccessMode): Promise<Extract<ExchangeOutcome, { outcome: 'connected' }>> {
      const outcome = await exchange(await approvedCode(mode), { mode });
      if (outcome.outcome !== 'connected') throw new Error(`the exchange ended as ${JSON.stringify(outcome)}`);
      return outcome;
    }

    it('has modes, each with a name and with scopes of its own', () => {
      const all = Object.values(under.provider.modes);
      expect(all.length).toBeGreaterThan(0);
      expect(new Set(all.flatMap(({ requestNames }) => requestNames)).size).toBe(all.flatMap(({ requestNames }) => requestNames).length);
      for (const { scopes } of all) {
        expect(scopes.length).toBeGreaterThan(0);
        expect(new Set(scopes).size).toBe(scopes.length);
      }
    });

    it('sends the person off with state, S256 challenge and redirect URI, and without any secret', () => {
      const url = connect.authorizationUrl(under.client, request(anyMode()));
      expect(Object.fromEntries(url.searchParams)).toMatchObject({
        response_type: 'code',
        client_id: under.client.clientId,
        redirect_uri: under.redirectUri,
        state: 'state-1',
        code_challenge_method: 'S256',
      });
      expect(url.href).not.toContain(under.client.clientSecret);
      expect(url.href).not.toContain(VERIFIER);
    });

    it('gets state back with the code', async () => {
      const query = await under.approve(connect.authorizationUrl(under.client, request(anyMode())));
      expect(query.get('state')).toBe('state-1');
    });

    it('connects in each mode, and learns who it is', async () => {
      for (const mode of modes()) {
        const { identity, credential } = await connected(mode);
        expect(identity.subject).not.toBe('');
        expect(identity.name).not.toBe('');
        expect(credential.accessToken).not.toBe('');
        expect(credential.refreshToken).not.toBe('');
        expect(credential.accessTokenExpiresAtMs).toBeGreaterThan(Date.now());
        expect(under.provider.providerName(identity, mode)).not.toBe('');
        expect(under.provider.providerService(identity, mode)).not.toBe('');
      }
    });

    it('finds the same subject in every mode', async () => {
      const subjects = [];
      for (const mode of modes()) subjects.push((await connected(mode)).identity.subject);
      expect(new Set(subjects).size).toBe(1);
    });

    it('knows a person who declined', async () => {
      const query = await under.decline(connect.authorizationUrl(under.client, request(anyMode())));
      expect(connect.readCallback(query)).toEqual({ outcome: 'declined' });
    });

    it('reads a callback without a code as failed', () => {
      expect(connect.readCallback(new URLSearchParams())).toMatchObject({ outcome: 'failed' });
    });

    it('exchanges a code once', async () => {
      const code = await approvedCode(anyMode());
      expect(await exchange(code)).toMatchObject({ outcome: 'connected' });
      expect(await exchange(code)).toMatchObject({ outcome: 'failed', reason: 'provider_refused' });
    });

    it('exchanges no code with another verifier', async () => {
      const codeVerifier = VERIFIER.replaceAll('0', '1');
      expect(await exchange(await approvedCode(anyMode()), { codeVerifier })).toMatchObject({
        outcome: 'failed',
        reason: 'provider_refused',
      });
    });

    it('believes no identity of another attempt', async () => {
      const outcome = await exchange(await approvedCode(anyMode()), { nonce: 'another-nonce' });
      expect(outcome).toMatchObject({ outcome: 'failed', reason: 'identity_unverified' });
    });

    it('blames the operator for a wrong client secret, and nobody else', async () => {
      const wrong = { ...under.client, clientSecret: 'wrong-secret' };
      const { credential } = await connected(anyMode());
      const outcomes = [await exchange(await approvedCode(anyMode()), {}, wrong), await connect.refresh(wrong, credential)];
      expect(outcomes).toMatchObject([{ outcome: 'failed', reason: 'provider_misconfigured' }, { outcome: 'unavailable' }]);
      expect(JSON.stringify(outcomes)).not.toContain('wrong-secret');
    });

    it('refreshes, and reads calendars with what it got', async () => {
      for (const mode of modes()) {
        const { credential } = await connected(mode);
        const outcome = await connect.refresh(under.client, credential);
        if (outcome.outcome !== 'refreshed') throw new Error(`the refresh ended as ${JSON.stringify(outcome)}`);
        expect(outcome.credential.refreshToken).not.toBe('');
        expect(await listCalendars(outcome.credential, mode)).toMatchObject({ outcome: 'ok' });
      }
    });

    it('finds a refresh token dead that nobody issued', async () => {
      const { credential } = await connected(anyMode());
      expect(await connect.refresh(under.client, { ...credential, refreshToken: 'made-up' })).toMatchObject({ outcome: 'rejected' });
    });

    it('lists calendars with ids, one of them primary, and no titles in free/busy mode', async () => {
      for (const mode of modes()) {
        const outcome = await listCalendars((await connected(mode)).credential, mode);
        if (outcome.outcome !== 'ok') throw new Error(`the list ended as ${JSON.stringify(outcome)}`);
        expect(outcome.value.filter(({ primary }) => primary)).toHaveLength(1);
        expect(new Set(outcome.value.map(({ providerCalendarId }) => providerCalendarId)).size).toBe(outcome.value.length);
        const holdsBusyTimesOnly = outcome.value.every(({ name, readonly }) => name === undefined && readonly);
        expect(holdsBusyTimesOnly).toBe(mode !== 'full');
      }
    });

    calendarTests({
      reader: () => under.provider.calendar(),
      modes,
      credential: async (mode) => (await connected(mode)).credential,
    });

    it('says that an access token is not accepted', async () => {
      const { credential } = await connected(anyMode());
      expect(await listCalendars({ ...credential, accessToken: 'made-up' }, anyMode())).toEqual({ outcome: 'unauthorized' });
    });

    it('revokes for good, and says what was gone before; or says that it cannot', async () => {
      const { credential } = await connected(anyMode());
      if (under.revocation === 'unsupported') {
        expect(await connect.revoke(under.client, credential)).toEqual({ outcome: 'unsupported' });
        expect(await connect.refresh(under.client, credential)).toMatchObject({ outcome: 'refreshed' });
        return;
      }
      expect(await connect.revoke(under.client, credential)).toEqual({ outcome: 'revoked' });
      expect(await connect.refresh(under.client, credential)).toMatchObject({ outcome: 'rejected' });
      expect(await connect.revoke(under.client, credential)).toEqual({ outcome: 'already_gone' });
    });

    it('knows nothing about a grant when nobody answers', async () => {
      const { credential } = await connected(anyMode());
      const code = await approvedCode(anyMode());
      await under.close();
      expect(await exchange(code)).toMatchObject({ outcome: 'failed', reason: 'provider_unavailable' });
      expect(await connect.refresh(under.client, credential)).toMatchObject({ outcome: 'unavailable' });
      const unrevoked = under.revocation === 'supported' ? 'unavailable' : 'unsupported';
      expect(await connect.revoke(under.client, credential)).toMatchObject({ outcome: unrevoked });
      expect(await listCalendars(credential, anyMode())).toMatchObject({ outcome: 'unavailable' });
      const range = { fromMs: 0, toMs: 1 };
      expect(await (await under.provider.calendar()).freeBusy(credential, { mode: anyMode(), ...range })).toMatchObject({
        outcome: 'unavailable',
      });
    });

    async function listCalendars(
      credential: Credential,
      mode: AccessMode,
    ): ReturnType<Awaited<ReturnType<Provider['calendar']>>['listCalendars']> {
      return (await under.provider.calendar()).listCalendars(credential, mode);
    }
  });
}
