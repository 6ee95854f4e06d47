import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MeetingDraft, Meetings } from './meetings.ts';
import type { AuthorizationRequest, ConferencingService, Credential, ExchangeOutcome, OAuthConnect, ProviderClient } from './provider.ts';

/** A conferencing service, and somebody at the vendor's pages. */
export interface ServiceUnderTest {
  readonly service: ConferencingService;
  readonly client: ProviderClient;
  readonly redirectUri: string;
  /** Agrees to all at the authorization URL, and gives the query that then comes to the redirect URI. */
  approve(url: URL): Promise<URLSearchParams>;
  /** Says no there. */
  decline(url: URL): Promise<URLSearchParams>;
  /** Whether the vendor has a way to end a grant for good. */
  readonly revocation: 'supported' | 'unsupported';
  /** Whether the vendor says that a token was revoked before; RFC 7009 lets it be silent. */
  readonly tellsWhatWasGone: boolean;
  /** Whether meetings have title and time, and so can be unknown to a change. */
  readonly meetingsChange: boolean;
  /** Ends the vendor: whoever calls it now reaches nobody. */
  close(): Promise<void>;
}

const VERIFIER = 'verifier-0123456789-verifier-0123456789-012';
const START_MS = Date.parse('2031-05-17T09:00:00Z');
const DRAFT: MeetingDraft = { title: 'Review', startMs: START_MS, endMs: START_MS + 1_800_000, timeZone: 'Europe/Berlin' };
const NEW = { ...DRAFT, idempotencyKey: 'key-1' };

/** What every conferencing service has to do, against a vendor or a faithful emulator of one. Register it with `make` giving a fresh pair each time. */
export function conferencingContract(title: string, make: () => Promise<ServiceUnderTest>): void {
  describe(`the conferencing contract: ${title}`, () => {
    let under: ServiceUnderTest;
    let connect: OAuthConnect;
    let meetings: Meetings;

    beforeEach(async () => {
      under = await make();
      connect = await under.service.connect();
      meetings = await under.service.meetings();
    });
    afterEach(() => under.close());

    const request = (): AuthorizationRequest => ({
      redirectUri: under.redirectUri,
      mode: 'full',
      state: 'state-1',
      nonce: 'nonce-0123456789',
      codeVerifier: VERIFIER,
      loginHint: undefined,
      interaction: 'choose',
    });

    async function approvedCode(): Promise<string> {
      const reading = connect.readCallback(await under.approve(connect.authorizationUrl(under.client, request())));
      if (reading.outcome !== 'code') throw new Error(`the callback was read as ${JSON.stringify(reading)}`);
      return reading.code;
    }

    function exchange(code: string, changes: Partial<AuthorizationRequest> = {}, client = under.client): Promise<ExchangeOutcome> {
      return connect.exchange(client, { ...request(), ...changes, code });
    }

    async function connected(): Promise<Extract<ExchangeOutcome, { outcome: 'connected' }>> {
      const outcome = await exchange(await approvedCode());
      if (outcome.outcome !== 'connected') throw new Error(`the exchange ended as ${JSON.stringify(outcome)}`);
      return outcome;
    }

    async function refreshed(credential: Credential): Promise<Credential> {
      const outcome = await connect.refresh(under.client, credential);
      if (outcome.outcome !== 'refreshed') throw new Error(`the refresh ended as ${JSON.stringify(outcome)}`);
      return outcome.credential;
    }

    it('has one mode, with scopes and a name', () => {
      const { modes } = under.service;
      expect(Object.keys(modes)).toEqual(['full']);
      expect(modes.full?.scopes.length).toBeGreaterThan(0);
      expect(new Set(modes.full?.scopes).size).toBe(modes.full?.scopes.length);
    });

    it('sends the person off with state, S256 challenge and redirect URI, gets state back, and shows no secret', async () => {
      const url = connect.authorizationUrl(under.client, request());
      expect(Object.fromEntries(url.searchParams)).toMatchObject({
        response_type: 'code',
        client_id: under.client.clientId,
        redirect_uri: under.redirectUri,
        state: 'state-1',
        code_challenge_method: 'S256',
      });
      expect(url.href).not.toContain(under.client.clientSecret);
      expect(url.href).not.toContain(VERIFIER);
      expect((await under.approve(url)).get('state')).toBe('state-1');
    });

    it('connects, and finds the same person each time', async () => {
      const [first, second] = [await connected(), await connected()];
      expect(first.identity.name).not.toBe('');
      expect(second.identity).toEqual(first.identity);
      expect(first.credential.accessTokenExpiresAtMs).toBeGreaterThan(Date.now());
      expect(under.service.providerName(first.identity, 'full')).toBe(under.service.modes.full?.requestNames[0]);
    });

    it('knows a person who declined', async () => {
      expect(connect.readCallback(await under.decline(connect.authorizationUrl(under.client, request())))).toEqual({ outcome: 'declined' });
    });

    it('exchanges a code once, and with no other verifier', async () => {
      const code = await approvedCode();
      expect(await exchange(code)).toMatchObject({ outcome: 'connected' });
      expect(await exchange(code)).toMatchObject({ outcome: 'failed', reason: 'provider_refused' });
      const codeVerifier = VERIFIER.replaceAll('0', '1');
      expect(await exchange(await approvedCode(), { codeVerifier })).toMatchObject({ outcome: 'failed', reason: 'provider_refused' });
    });

    it('blames the operator for a wrong client secret, and nobody else', async () => {
      const wrong = { ...under.client, clientSecret: 'wrong-secret' };
      const { credential } = await connected();
      const outcomes = [await exchange(await approvedCode(), {}, wrong), await connect.refresh(wrong, credential)];
      expect(outcomes).toMatchObject([{ outcome: 'failed', reason: 'provider_misconfigured' }, { outcome: 'unavailable' }]);
      expect(JSON.stringify(outcomes)).not.toContain('wrong-secret');
    });

    it('makes a meeting with what a refresh gave', async () => {
      const { credential } = await connected();
      const outcome = await meetings.create(await refreshed(await refreshed(credential)), NEW);
      expect(outcome).toMatchObject({ outcome: 'ok', value: { joinUrl: expect.stringMatching(/^https?:\/\//) } });
    });

    it('finds a refresh token dead that nobody issued', async () => {
      const { credential } = await connected();
      expect(await connect.refresh(under.client, { ...credential, refreshToken: 'made-up' })).toMatchObject({ outcome: 'rejected' });
    });

    it('makes meetings, changes them and deletes them, once and for all', async () => {
      const { credential } = await connected();
      const made = await meetings.create(credential, NEW);
      if (made.outcome !== 'ok') throw new Error(`the creation ended as ${JSON.stringify(made)}`);
      const { meetingId } = made.value;
      const done = { outcome: 'ok', value: undefined };
      expect(await meetings.update(credential, meetingId, { ...DRAFT, title: 'Later', endMs: DRAFT.endMs + 1_800_000 })).toEqual(done);
      expect([await meetings.delete(credential, meetingId), await meetings.delete(credential, meetingId)]).toEqual([done, done]);
      const changed = await meetings.update(credential, meetingId, DRAFT);
      expect(changed.outcome).toBe(under.meetingsChange ? 'not_found' : 'ok');
    });

    it('makes another meeting at another address', async () => {
      const { credential } = await connected();
      const made = [await meetings.create(credential, NEW), await meetings.create(credential, { ...NEW, idempotencyKey: 'key-2' })];
      expect(new Set(made.map((outcome) => (outcome.outcome === 'ok' ? outcome.value.joinUrl : outcome.outcome))).size).toBe(2);
    });

    it('takes a title of any length and a meeting of five minutes or a day', async () => {
      const { credential } = await connected();
      for (const draft of [{ title: 'x'.repeat(500) }, { endMs: START_MS + 300_000 }, { endMs: START_MS + 86_400_000 }]) {
        expect(await meetings.create(credential, { ...NEW, ...draft })).toMatchObject({ outcome: 'ok' });
      }
    });

    it('says of every call that an access token is not accepted', async () => {
      const { credential } = await connected();
      const made = await meetings.create(credential, NEW);
      const meetingId = made.outcome === 'ok' ? made.value.meetingId : '';
      const stale = { ...credential, accessToken: 'made-up' };
      const outcomes = [await meetings.create(stale, NEW), await meetings.delete(stale, meetingId)];
      if (under.meetingsChange) outcomes.push(await meetings.update(stale, meetingId, DRAFT));
      for (const outcome of outcomes) expect(outcome).toEqual({ outcome: 'unauthorized' });
    });

    it('revokes for good; or says that it cannot', async () => {
      const { credential } = await connected();
      if (under.revocation === 'unsupported') {
        expect(await connect.revoke(under.client, credential)).toEqual({ outcome: 'unsupported' });
        expect(await connect.refresh(under.client, credential)).toMatchObject({ outcome: 'refreshed' });
        return;
      }
      expect(await connect.revoke(under.client, credential)).toEqual({ outcome: 'revoked' });
      expect(await connect.refresh(under.client, credential)).toMatchObject({ outcome: 'rejected' });
      const again = under.tellsWhatWasGone ? 'already_gone' : 'revoked';
      expect(await connect.revoke(under.client, credential)).toEqual({ outcome: again });
    });

    it('knows nothing about a grant when nobody answers', async () => {
      const { credential } = await connected();
      const code = await approvedCode();
      await under.close();
      expect(await exchange(code)).toMatchObject({ outcome: 'failed', reason: 'provider_unavailable' });
      expect(await connect.refresh(under.client, credential)).toMatchObject({ outcome: 'unavailable' });
      const unrevoked = under.revocation === 'supported' ? 'unavailable' : 'unsupported';
      expect(await connect.revoke(under.client, credential)).toMatchObject({ outcome: unrevoked });
      expect(await meetings.create(credential, NEW)).toMatchObject({ outcome: 'unavailable' });
      expect(await meetings.delete(credential, 'spaces/1')).toMatchObject({ outcome: 'unavailable' });
    });
  });
}
