import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codesContract } from './store-codes.contract.ts';
import { conferencingContract } from './store-conferencing.contract.ts';
import { connectionsContract } from './store-connections.contract.ts';
import { giveBackContract } from './store-give-back.contract.ts';
import { addressChecksContract } from './store-address-checks.contract.ts';
import { adminApprovalsContract } from './store-admin-approvals.contract.ts';
import { mailContract } from './store-mail.contract.ts';
import { managedEventsContract } from './store-managed-events.contract.ts';
import { passwordSignInsContract } from './store-password-sign-ins.contract.ts';
import { refreshLeaseContract, workContract } from './store-work.contract.ts';
import { createScene, HOUR, type MakeStore, NOW, type Scene, winners } from './store-fixtures.contract.ts';

/** What every store promises: the same suite over every database. Register it with `make` giving a store on a fresh database each time. */
export function storeContract(title: string, make: MakeStore): void {
  describe(`the store contract: ${title}`, () => {
    let scene: Scene;
    beforeEach(async () => {
      scene = await createScene(await make());
    });
    afterEach(() => scene.store.close());

    describe('facts and clients', () => factsContract(() => scene));
    describe('a session', () => sessionsContract(() => scene));
    describe('a trip to the provider', () => tripsContract(() => scene));
    describe('the end of a session', () => endsContract(() => scene));
    describe('the audit trail', () => auditContract(() => scene));
    connectionsContract(() => scene);
    giveBackContract(() => scene);
    codesContract(() => scene);
    conferencingContract(() => scene);
    workContract(() => scene);
    adminApprovalsContract(() => scene);
    addressChecksContract(() => scene);
    mailContract(() => scene);
    managedEventsContract(() => scene);
    passwordSignInsContract(() => scene);
    refreshLeaseContract(() => scene);
  });
}

function factsContract(scene: () => Scene): void {
  it('keeps a fact as it was stated first, however many state it at once', async () => {
    const { store } = scene();
    const stated = await Promise.all(['a', 'b', 'c'].map((value) => store.ensureFact('key_canary', value)));
    expect(new Set(stated).size).toBe(1);
    expect(await store.ensureFact('key_canary', 'later')).toBe(stated[0]);
  });

  it('knows the operator’s client again, and another client of the same provider apart', async () => {
    const { store, id, providerClientId } = scene();
    const ensure = (clientId: string) => store.ensureOperatorClient({ candidateId: id('pcl_'), provider: 'google', clientId });
    expect(await ensure('operator')).toBe(providerClientId);
    expect(await ensure('another')).not.toBe(providerClientId);
  });

  it('finds applications by their id and lists them in the order in which they came', async () => {
    const { store, application, addApplication } = scene();
    const second = await addApplication();
    expect(await store.findApplication(application.id)).toEqual(application);
    expect(await store.findApplication('app_nobody')).toBeUndefined();
    expect(await store.listApplications()).toEqual([application, second]);
    expect(await store.findDataKey(second.id)).toMatchObject({ ownerId: second.id });
  });

  it('answers a ping, and refuses everything once it is closed', async () => {
    const { store } = scene();
    await expect(store.ping()).resolves.toBeUndefined();
    await store.close();
    await expect(store.ping()).rejects.toMatchObject({ code: 'closed' });
  });
}

function sessionsContract(scene: () => Scene): void {
  it('is found as it was stored', async () => {
    const { store, addSession } = scene();
    const minted = await addSession({ endUser: 'user-17', partnerState: 'a\0b 🗓️', providers: [], locale: 'de' });
    expect(minted).toMatchObject({
      endUser: 'user-17',
      partnerState: 'a\0b 🗓️',
      providers: [],
      locale: 'de',
      state: 'created',
      version: 1,
    });
    expect(await store.findSession('ses_nobody')).toBeUndefined();
  });

  it('is claimed by one page only', async () => {
    const { store, addSession } = scene();
    const { id } = await addSession({ secretHash: undefined, claimHash: 'claim-1', origin: undefined, codeChallenge: undefined });
    const claim = { id, claimHash: 'claim-1', secretHash: 's', codeChallenge: 'c', origin: 'https://app.example', locale: undefined };
    expect(await store.claimSession({ ...claim, claimHash: 'claim-2' })).toBeUndefined();
    expect(await winners(() => store.claimSession(claim))).toBe(1);
    expect(await store.findSession(id)).toMatchObject({ secretHash: 's', codeChallenge: 'c', origin: 'https://app.example' });
  });

  it('gives its ticket to one form only, the newest', async () => {
    const { store, addSession } = scene();
    const { id } = await addSession();
    await store.rememberPage({ id, browserHash: 'b', ticketHash: 'first' });
    await store.rememberPage({ id, browserHash: 'b', ticketHash: 'second', provider: 'google', accessMode: 'full' });
    expect(await store.takeTicket({ id, ticketHash: 'first' })).toBeUndefined();
    expect(await winners(() => store.takeTicket({ id, ticketHash: 'second' }))).toBe(1);
  });

  it('gives no ticket once it has ended', async () => {
    const { store, addSession } = scene();
    const { id } = await addSession();
    await store.rememberPage({ id, browserHash: 'b', ticketHash: 'ticket' });
    await store.endSession({ id, state: 'cancelled', nowMs: NOW });
    expect(await store.takeTicket({ id, ticketHash: 'ticket' })).toBeUndefined();
    await store.rememberPage({ id, browserHash: 'b', ticketHash: 'later' });
    expect(await store.takeTicket({ id, ticketHash: 'later' })).toBeUndefined();
  });

  it('is forgotten when its time is over, except where a connection still waits to be given back', async () => {
    const { store, addSession, connect } = scene();
    const old = await addSession();
    const waiting = await connect();
    const before = {
      accessTokensBefore: 'tok_',
      codesBefore: 'cod_',
      sessionsBefore: 'ses_g',
      auditEventsBefore: 'aud_',
      deadWorkBefore: 'ded_',
      adminApprovalsBefore: 'apr_',
      limit: 9,
    };
    expect(await store.forgetExpired(before)).toBe(1);
    expect(await store.findSession(old.id)).toBeUndefined();
    expect(await store.findSession(waiting.id)).toBeDefined();
  });
}

function tripsContract(scene: () => Scene): void {
  const take = (id: string, changes = {}) => scene().store.takeProviderState({ id, stateHash: 'state-1', nowMs: NOW, ...changes });

  it('comes back once', async () => {
    const trip = await scene().addTrip();
    expect(trip).toMatchObject({ state: 'at_provider', version: 2 });
    expect(await take(trip.id, { stateHash: 'state-2' })).toBeUndefined();
    expect(await winners(() => take(trip.id))).toBe(1);
  });

  it('does not come back after the session’s life, on the dot', async () => {
    const trip = await scene().addTrip();
    expect(await take(trip.id, { nowMs: NOW + HOUR })).toBeUndefined();
    expect(await take(trip.id, { nowMs: NOW + HOUR - 1 })).toBeDefined();
  });

  it('does not come back when another one began, another page was shown, or the session ended', async () => {
    const { store, addTrip, providerClientId } = scene();
    const [first, second, third] = [await addTrip(), await addTrip(), await addTrip()];
    const departure = {
      provider: 'google',
      accessMode: 'full' as const,
      providerClientId,
      browserHash: 'b',
      providerStateSealed: 'S',
      providerNonce: 'n',
      interaction: 'choose' as const,
      nowMs: NOW,
    };
    await store.departToProvider({ ...departure, id: first.id, providerStateHash: 'state-2', providerVerifierSealed: 'v' });
    await store.rememberPage({ id: second.id, browserHash: 'b', ticketHash: 't' });
    await store.endSession({ id: third.id, state: 'cancelled', nowMs: NOW });
    for (const { id } of [first, second, third]) expect(await take(id)).toBeUndefined();
    expect(await take(first.id, { stateHash: 'state-2' })).toBeDefined();
    expect(await store.departToProvider({ ...departure, id: third.id, providerStateHash: 's', providerVerifierSealed: 'v' })).toBe(false);
  });
}

function endsContract(scene: () => Scene): void {
  it('is final: whatever ends it later changes nothing', async () => {
    const { store, addSession } = scene();
    const { id } = await addSession();
    const failed = await store.endSession({ id, state: 'failed', reason: 'scopes_missing', code: 'X1', missingScopes: ['a'], nowMs: NOW });
    expect(failed).toMatchObject({ state: 'failed', version: 2, failureReason: 'scopes_missing', failureCode: 'X1', missingScopes: ['a'] });
    for (const state of ['cancelled', 'declined', 'expired'] as const) {
      expect(await store.endSession({ id, state, nowMs: NOW })).toEqual(failed);
    }
  });

  it('is counted once, however many end it at the same instant', async () => {
    const { store, addSession } = scene();
    const { id } = await addSession();
    await winners(() => store.endSession({ id, state: 'cancelled', nowMs: NOW }));
    expect(await store.findSession(id)).toMatchObject({ state: 'cancelled', version: 2 });
  });

  it('by cancelling reaches a connection that nobody redeemed; by nothing else', async () => {
    const { store, connect, toGiveBack } = scene();
    const session = await connect();
    for (const state of ['declined', 'failed', 'expired'] as const) {
      expect(await store.endSession({ id: session.id, state, nowMs: NOW })).toMatchObject({ state: 'connected' });
    }
    expect(await store.endSession({ id: session.id, state: 'cancelled', nowMs: NOW })).toMatchObject({ state: 'cancelled' });
    expect(await toGiveBack(NOW)).toHaveLength(1);
  });

  it('never reaches a connection that was redeemed', async () => {
    const { store, stand } = scene();
    const { session, account } = await stand();
    expect(await store.endSession({ id: session.id, state: 'cancelled', nowMs: NOW })).toMatchObject({ state: 'connected' });
    expect((await account())?.profiles).toMatchObject([{ status: 'connected' }]);
  });
}

function auditContract(scene: () => Scene): void {
  const nothing = { accessTokensBefore: '', codesBefore: '', sessionsBefore: '', deadWorkBefore: '', adminApprovalsBefore: '' };
  const forget = (auditEventsBefore: string, limit: number) => scene().store.forgetExpired({ ...nothing, auditEventsBefore, limit });
  const left = async () => (await scene().store.auditTrail({ limit: 9 })).map(({ id }) => id);
  const record = async (...ids: readonly string[]) => {
    for (const id of ids) await scene().store.recordAudit({ id, event: 'token_refreshed' });
  };

  it('is forgotten from its front, a slice at a time', async () => {
    await record('aud_1', 'aud_2', 'aud_3');
    expect(await forget('aud_1', 9)).toBe(0);
    expect(await forget('aud_3', 1)).toBe(1);
    expect(await left()).toEqual(['aud_3', 'aud_2']);
  });

  it('is forgotten also where a clock ran ahead and was set right: what it wrote is older than what came after it', async () => {
    await record('aud_2', 'aud_8', 'aud_0', 'aud_9');
    expect(await forget('aud_1', 9)).toBe(3);
    expect(await left()).toEqual(['aud_9']);
  });
}
