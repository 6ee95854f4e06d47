import type { RunningMicrosoftEmulator } from '@calendar-connect/emulators';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { providerContract } from '../provider.contract.ts';
import type { AdminApproval } from '../admin-approval.ts';
import type { AuthorizationRequest, CallbackReading, ExchangeOutcome, OAuthConnect, Provider } from '../provider.ts';
import { redirectQuery, submitForm } from '../submit-form.contract.ts';
import {
  AMIRA,
  ATTEMPT,
  type Choices,
  CLIENT,
  JONAS,
  LEA,
  microsoftAt,
  MIKA,
  NOOR,
  REDIRECT_URI,
  signedInCookie,
  signIn,
  startEmulator,
} from './microsoft-people.contract.ts';

const PERSONAL_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';

for (const account of [LEA, JONAS]) {
  providerContract(`microsoft, as ${account}`, async () => {
    const emulator = await startEmulator();
    let closed: Promise<void> | undefined;
    return {
      provider: microsoftAt(emulator.url),
      client: CLIENT,
      redirectUri: REDIRECT_URI,
      approve: (url) => signIn(url, { account }),
      decline: (url) => signIn(url, { account, decision: 'cancel' }),
      revocation: 'unsupported',
      close: () => (closed ??= emulator.close()),
    };
  });
}

describe('microsoft at its emulator', () => {
  let emulator: RunningMicrosoftEmulator;
  let provider: Provider;
  let connect: OAuthConnect;
  let admin: AdminApproval;

  beforeEach(async () => {
    emulator = await startEmulator();
    provider = microsoftAt(emulator.url);
    connect = await provider.connect();
    const part = await provider.adminApproval?.();
    if (part === undefined) throw new Error('there is no such part');
    admin = part;
  });
  afterEach(() => emulator.close());

  const tenantOf = (domain: string): string => {
    const tenant = emulator.control.tenants.find((one) => one.domain === domain);
    if (tenant === undefined) throw new Error(`there is no tenant ${domain}`);
    return tenant.id;
  };

  async function arrive(choices: Choices, changes: Partial<AuthorizationRequest> = {}): Promise<CallbackReading> {
    return connect.readCallback(await signIn(connect.authorizationUrl(CLIENT, { ...ATTEMPT, ...changes }), choices));
  }

  async function exchange(account: string, changes: Partial<AuthorizationRequest> = {}): Promise<ExchangeOutcome> {
    const reading = await arrive({ account }, changes);
    if (reading.outcome !== 'code') throw new Error(`the callback was read as ${reading.outcome}`);
    return connect.exchange(CLIENT, { ...ATTEMPT, ...changes, code: reading.code });
  }

  async function connected(account: string, changes: Partial<AuthorizationRequest> = {}) {
    const outcome = await exchange(account, changes);
    if (outcome.outcome !== 'connected') throw new Error(`the exchange ended as ${JSON.stringify(outcome)}`);
    return outcome;
  }

  /** A trip that shows nothing, in a browser where this person is signed in. */
  async function silently(account: string): Promise<CallbackReading> {
    const url = connect.authorizationUrl(CLIENT, { ...ATTEMPT, interaction: 'none', loginHint: account });
    const cookie = await signedInCookie(connect.authorizationUrl(CLIENT, ATTEMPT), account);
    return connect.readCallback(redirectQuery(await fetch(url, { headers: { cookie }, redirect: 'manual' })));
  }

  /** An administrator approves for whatever organisation they are of; gives the answer. */
  async function approve(administrator: string, decision: string, organisation?: string): Promise<URLSearchParams> {
    const url = admin.approvalUrl(CLIENT, { redirectUri: REDIRECT_URI, mode: 'full', state: 'state-2', organisation });
    const page = await submitForm(await fetch(url), { holding: 'name="account"', press: { account: administrator } });
    if (page.status === 302) return redirectQuery(page);
    return redirectQuery(await submitForm(page, { holding: 'name="decision"', press: { decision } }));
  }

  it('tells work accounts from personal ones', async () => {
    const work = await connected(LEA);
    expect(work.identity).toMatchObject({ name: LEA, email: LEA, organisation: tenantOf('studio.example') });
    expect(provider.providerService(work.identity, 'full')).toBe('office365');
    const personal = await connected(JONAS);
    expect(personal.identity).toMatchObject({ name: JONAS, email: JONAS, organisation: undefined });
    expect(personal.identity.subject).toMatch(new RegExp(`^${PERSONAL_TENANT}\\.`));
    expect(provider.providerService(personal.identity, 'full')).toBe('outlook_com');
  });

  it('takes no address of an administrator’s making for a label', async () => {
    emulator.control.setEmailClaim(LEA, 'boss@partner.example', false);
    expect((await connected(LEA)).identity).toMatchObject({ name: LEA, email: LEA });
  });

  it.each(['full', 'free_busy'] as const)('gets %s exactly what it asks for', async (mode) => {
    expect(new Set((await connected(JONAS, { mode })).credential.grantedScopes)).toEqual(new Set(provider.modes[mode]?.scopes));
  });

  it('gets a new refresh token with every refresh, and goes on with it', async () => {
    let { credential } = await connected(LEA);
    const seen = new Set([credential.refreshToken]);
    for (let round = 0; round < 3; round += 1) {
      const outcome = await connect.refresh(CLIENT, credential);
      if (outcome.outcome !== 'refreshed') throw new Error(`the refresh ended as ${JSON.stringify(outcome)}`);
      credential = outcome.credential;
      seen.add(credential.refreshToken);
    }
    expect(seen.size).toBe(4);
  });

  it.each([
    ['bad_signature'],
    ['wrong_audience'],
    ['wrong_issuer'],
    ['issuer_of_other_tenant'],
    ['unfilled_issuer'],
    ['wrong_nonce'],
    ['expired'],
  ] as const)('believes no id token with %s', async (idTokenFault) => {
    emulator.control.set({ idTokenFault });
    expect(await exchange(LEA)).toMatchObject({ outcome: 'failed', reason: 'identity_unverified' });
  });

  it('makes no connection without a refresh token', async () => {
    emulator.control.set({ dropRefreshToken: true });
    expect(await exchange(LEA)).toMatchObject({ outcome: 'failed', reason: 'no_refresh_token' });
  });

  it('finds a grant dead whose sessions were revoked or that nobody used', async () => {
    const { credential } = await connected(LEA);
    emulator.control.revokeSessions(LEA);
    expect(await connect.refresh(CLIENT, credential)).toMatchObject({
      outcome: 'rejected',
      operatorHint: expect.stringContaining('50173'),
    });
    const other = await connected(JONAS);
    emulator.control.expireRefreshTokens(JONAS);
    expect(await connect.refresh(CLIENT, other.credential)).toMatchObject({ outcome: 'rejected' });
  });

  it('keeps a grant whose consent was taken back, and that lives again with it', async () => {
    emulator.control.approve({ tenant: 'partner.example', clientId: CLIENT.clientId });
    const { credential } = await connected(AMIRA);
    emulator.control.removeApp('partner.example', CLIENT.clientId);
    expect(await connect.refresh(CLIENT, credential)).toMatchObject({ outcome: 'interaction_required' });
    emulator.control.approve({ tenant: 'partner.example', clientId: CLIENT.clientId });
    expect(await connect.refresh(CLIENT, credential)).toMatchObject({ outcome: 'refreshed' });
  });

  it('waits as long as it is told, and asks once', async () => {
    const { credential } = await connected(LEA);
    emulator.control.addFault({ status: 503, retryAfterSeconds: 7 });
    emulator.control.clearRequests();
    expect(await connect.refresh(CLIENT, credential)).toMatchObject({ outcome: 'unavailable', retryAfterMs: 7_000 });
    expect(await admin.findOrganisation('partner.example')).toMatchObject({ outcome: 'unavailable', retryAfterMs: 7_000 });
    expect(emulator.control.requests).toHaveLength(2);
  });

  describe('with an administrator', () => {
    it.each([AMIRA, MIKA])('knows that %s was turned away', async (account) => {
      expect(await arrive({ account, decision: 'return' })).toMatchObject({ outcome: 'admin_approval_needed' });
      emulator.control.set({ approvalReturnCode: 90094 });
      expect(await arrive({ account, decision: 'return' })).toMatchObject({ operatorHint: expect.stringContaining('90094') });
    });

    it('finds the organisation of a work address, and none of others', async () => {
      expect(await admin.findOrganisation(AMIRA)).toEqual({ outcome: 'found', organisation: tenantOf('partner.example') });
      expect(await admin.findOrganisation('jonas@live.com')).toEqual({ outcome: 'personal' });
      expect(await admin.findOrganisation('nobody@nowhere.example')).toEqual({ outcome: 'unknown' });
    });

    it.each([true, false])('gets it approved (organisation known: %s), proven, and goes on by itself', async (isKnown) => {
      const organisation = isKnown ? tenantOf('partner.example') : undefined;
      expect(await silently(AMIRA)).toMatchObject({ outcome: 'admin_approval_needed' });
      expect(admin.readApproval(await approve(NOOR, 'accept', organisation))).toEqual({ outcome: 'approved' });

      const trip = {
        redirectUri: REDIRECT_URI,
        mode: ATTEMPT.mode,
        state: 's',
        nonce: 'nonce-3',
        codeVerifier: ATTEMPT.codeVerifier,
        organisation,
      };
      const query = await signIn(admin.proofUrl(CLIENT, trip), { account: NOOR });
      const proven = await admin.prove(CLIENT, { ...trip, code: query.get('code') ?? '' });
      expect(proven).toMatchObject({ outcome: 'proven', identity: { organisation: tenantOf('partner.example') } });

      expect(await silently(AMIRA)).toMatchObject({ outcome: 'code' });
      expect(await connected(AMIRA, { interaction: 'continue', loginHint: AMIRA })).toMatchObject({ identity: { name: AMIRA } });
    });

    it('asks nobody of a closed organisation for anything once it is approved', async () => {
      emulator.control.setConsentPolicy('partner.example', 'closed');
      await approve(NOOR, 'accept');
      expect(await silently(AMIRA)).toMatchObject({ outcome: 'code' });
    });

    it('approves one mode and not the other', async () => {
      await approve(NOOR, 'accept');
      expect(await arrive({ account: AMIRA, decision: 'return' }, { mode: 'free_busy' })).toMatchObject({
        outcome: 'admin_approval_needed',
      });
    });

    it('is told that the administrator declined, or is none', async () => {
      expect(admin.readApproval(await approve(NOOR, 'cancel'))).toEqual({ outcome: 'declined' });
      // Somebody who is no administrator was turned away: that is nobody's no.
      expect(admin.readApproval(await approve(AMIRA, 'return'))).toMatchObject({ outcome: 'failed' });
      expect(admin.readApproval(await approve(NOOR, 'accept', tenantOf('council.example')))).toMatchObject({
        outcome: 'failed',
        operatorHint: expect.stringContaining('50020'),
      });
      expect(await silently(AMIRA)).toMatchObject({ outcome: 'admin_approval_needed' });
    });

    it('believes the id token and no `tenant`', async () => {
      emulator.control.set({ forgedTenant: tenantOf('council.example') });
      const answer = await approve(NOOR, 'accept');
      expect(answer.get('tenant')).toBe(tenantOf('council.example'));
      const trip = {
        redirectUri: REDIRECT_URI,
        mode: ATTEMPT.mode,
        state: 's',
        nonce: 'nonce-3',
        codeVerifier: ATTEMPT.codeVerifier,
        organisation: undefined,
      };
      const query = await signIn(admin.proofUrl(CLIENT, trip), { account: NOOR });
      expect(await admin.prove(CLIENT, { ...trip, code: query.get('code') ?? '' })).toMatchObject({
        identity: { organisation: tenantOf('partner.example') },
      });
    });

    it('redeems a proof where it was asked for and nowhere else', async () => {
      const trip = {
        redirectUri: REDIRECT_URI,
        mode: ATTEMPT.mode,
        state: 's',
        nonce: 'nonce-3',
        codeVerifier: ATTEMPT.codeVerifier,
        organisation: undefined,
      };
      const query = await signIn(admin.proofUrl(CLIENT, trip), { account: NOOR });
      const elsewhere = { ...trip, organisation: tenantOf('partner.example'), code: query.get('code') ?? '' };
      expect(await admin.prove(CLIENT, elsewhere)).toMatchObject({ outcome: 'failed', operatorHint: expect.stringContaining('700005') });
    });

    it('meets nobody in a browser where nobody is signed in', async () => {
      const url = connect.authorizationUrl(CLIENT, { ...ATTEMPT, interaction: 'none' });
      expect(connect.readCallback(redirectQuery(await fetch(url, { redirect: 'manual' })))).toMatchObject({
        outcome: 'interaction_required',
      });
    });
  });
});
