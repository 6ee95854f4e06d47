import { describe, expect, it } from 'vitest';
import type { GiveBack } from './give-back-work.ts';
import type { CredentialToGiveBack } from './questions/give-back.ts';
import type { Session } from './session-row.ts';
import { found, HOUR, NOW, type Scene } from './store-fixtures.contract.ts';

type GivenBack = CredentialToGiveBack & { readonly what: GiveBack };

/** Whose a connection is, and how it is given back. */
export function connectionsContract(scene: () => Scene): void {
  describe('a new connection', () => ownersContract(scene));
  describe('a connection that nobody redeemed', () => pendingContract(scene));
  describe('a standing connection', () => standingContract(scene));
  describe('a revoked authorization', () => revokedContract(scene));
  describe('erasing', () => erasingContract(scene));
}

function ownersContract(scene: () => Scene): void {
  it('is the account’s that connected this login before', async () => {
    const { connect } = scene();
    const [first, second] = [await connect(), await connect()];
    expect([second.accountId, second.profileId]).toEqual([first.accountId, first.profileId]);
  });

  it('is of one account where one login comes for the first time in several sessions at the same instant', async () => {
    const { connect } = scene();
    const sessions = await Promise.all(Array.from({ length: 5 }, () => connect()));
    expect(new Set(sessions.map((session) => session.accountId)).size).toBe(1);
    expect(new Set(sessions.map((session) => session.profileId)).size).toBe(1);
  });

  it('is told by the provider’s subject, never by mail address (G08)', async () => {
    const { connect } = scene();
    const [first, second] = [await connect(), await connect({ subject: 'subject-2' })];
    expect(second.accountId).not.toBe(first.accountId);
    const renamed = await connect({ email: 'other@partner.example', name: 'other@partner.example' });
    expect(renamed.accountId).toBe(first.accountId);
  });

  it('is the person’s whom the partner named, whatever login they bring', async () => {
    const { connect } = scene();
    const named = { endUser: 'user-17' };
    const [first, second] = [await connect({}, named), await connect({ subject: 'subject-2' }, named)];
    expect(second.accountId).toBe(first.accountId);
    expect(second.profileId).not.toBe(first.profileId);
  });

  it('is never shared by two persons whom the partner named, nor by one named and one not', async () => {
    const { connect } = scene();
    const sessions = [await connect({}, { endUser: 'user-17' }), await connect({}, { endUser: 'user-18' }), await connect()];
    expect(new Set(sessions.map((session) => session.accountId)).size).toBe(3);
    expect(new Set(sessions.map((session) => session.profileId)).size).toBe(3);
  });

  it('is never shared by two applications', async () => {
    const { connect, addApplication } = scene();
    const other = await addApplication();
    const [mine, theirs] = [await connect(), await connect({}, { applicationId: other.id })];
    expect(theirs.accountId).not.toBe(mine.accountId);
  });

  it('is of the same account and profile in whatever access mode the login comes back', async () => {
    const { connect } = scene();
    for (const endUser of [undefined, 'user-17']) {
      const full = await connect({}, { endUser });
      const freeBusy = await connect({ accessMode: 'free_busy' }, { endUser });
      expect([freeBusy.accountId, freeBusy.profileId]).toEqual([full.accountId, full.profileId]);
    }
  });

  it('is of the account and the profile that its session was minted for, whatever login it brings', async () => {
    const { connect, stand } = scene();
    const { session } = await stand();
    const given = { forAccount: session.accountId, forProfile: session.profileId };
    const changed = await connect({ subject: 'subject-2', provider: 'none', accessMode: 'no_access' }, given);
    expect([changed.accountId, changed.profileId]).toEqual([session.accountId, session.profileId]);
  });

  it('is the one of its login also where the page’s other connection could change to it', async () => {
    const { stand } = scene();
    const { session: google } = await stand({}, { endUser: 'user-17' });
    const none = { provider: 'none', subject: 'amira@home.example', accessMode: 'no_access' } as const;
    const { session: without } = await stand(none, { endUser: 'user-17' });
    const { session: again } = await stand({}, { endUser: 'user-17', changesProfile: without.profileId });
    expect([again.accountId, again.profileId]).toEqual([google.accountId, google.profileId]);
  });

  it('comes to nothing where the session ended meanwhile, and leaves no account behind', async () => {
    const { store, addTrip, connection } = scene();
    const trip = await addTrip();
    await store.endSession({ id: trip.id, state: 'cancelled', nowMs: NOW });
    const late = connection(trip.id);
    expect(await store.connectSession(late)).toBeUndefined();
    await expect(store.findDataKey(late.candidate.accountId)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is made whole or not at all', async () => {
    const { store, addTrip, connection } = scene();
    const trip = await addTrip();
    const seal = (): never => {
      throw new Error('the vault is closed');
    };
    const broken = connection(trip.id, { seal });
    await expect(store.connectSession(broken)).rejects.toThrow('the vault is closed');
    await expect(store.findDataKey(broken.candidate.accountId)).rejects.toMatchObject({ code: 'not_found' });
    expect(await store.findSession(trip.id)).toMatchObject({ state: 'at_provider' });
  });

  it('is sealed for the profile and under the data key that it comes to', async () => {
    const { connect, stand, toGiveBack } = scene();
    const { session } = await stand();
    const again = await connect();
    const [waiting] = await toGiveBack(NOW + HOUR);
    expect(waiting?.credentialSealed).toBe(`credential of ${again.id} for ${session.profileId} under ${session.accountId}`);
  });
}

function pendingContract(scene: () => Scene): void {
  it('is no profile of the account yet', async () => {
    const { connect, stand } = scene();
    const { account } = await stand();
    await connect({ accessMode: 'free_busy' });
    expect((await account())?.profiles).toHaveLength(1);
  });

  it('waits to be given back from its hour on, and is erased with all that stood because of it', async () => {
    const { store, connect, toGiveBack } = scene();
    const session = await connect();
    expect(await toGiveBack(NOW + HOUR - 1)).toEqual([]);
    const [waiting] = await toGiveBack(NOW + HOUR);
    expect(waiting).toMatchObject({ what: { from: 'pending', sessionId: session.id }, shared: false });
    await store.eraseGivenBack(found(waiting));
    expect(await toGiveBack(NOW + HOUR)).toEqual([]);
    await expect(store.findDataKey(session.accountId ?? '')).rejects.toMatchObject({ code: 'not_found' });
    expect(await store.findSession(session.id)).toMatchObject({ state: 'expired', version: session.version + 1 });
  });

  it.each([
    ['of one login, in two windows,', ['subject-1', 'subject-1']],
    ['of one person, with two logins,', ['subject-1', 'subject-2']],
  ])('and another one %s leave nothing where both are erased at the same instant', async (_what, subjects) => {
    const { store, connect, toGiveBack } = scene();
    for (let trial = 0; trial < 10; trial += 1) {
      const sessions: Session[] = [];
      for (const subject of subjects) sessions.push(await connect({ subject: `${subject} ${trial}` }, { endUser: `user-${trial}` }));
      const waiting = await toGiveBack(NOW + HOUR);
      expect(waiting).toHaveLength(2);
      await Promise.all(waiting.map((each) => store.eraseGivenBack(each)));
      expect(new Set(sessions.map(({ accountId }) => accountId)).size).toBe(1);
      await expect(store.findDataKey(sessions[0]?.accountId ?? '')).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('is not to be revoked at the provider while the same login stands, or waits elsewhere, through the same client', async () => {
    const { store, connect, stand, addApplication, id, toGiveBack } = scene();
    const first = await connect();
    await connect({ pendingUntilMs: NOW + 2 * HOUR }, { endUser: 'user-17' });
    const [besidePending] = await toGiveBack(NOW + HOUR);
    expect(besidePending).toMatchObject({ what: { sessionId: first.id }, shared: true });

    const other = await addApplication();
    await stand({ subject: 'subject-2' }, { applicationId: other.id });
    await connect({ subject: 'subject-2' });
    const anotherClient = await store.ensureOperatorClient({ candidateId: id('pcl_'), provider: 'google', clientId: 'another' });
    await connect({ subject: 'subject-2', providerClientId: anotherClient });
    const waiting = await toGiveBack(NOW + HOUR);
    expect(waiting.map(({ shared }) => shared).filter(Boolean)).toHaveLength(2);
    expect(waiting).toHaveLength(3);
  });

  it('keeps what it brought, whatever becomes of another one of the same login', async () => {
    const { store, connect, giveCode, redemption, application, id, toGiveBack } = scene();
    const [first, second] = [await connect(), await connect()];
    await store.redeemCode(redemption(await giveCode(second)));
    await store.revokeGrant({ applicationId: application.id, accountId: second.accountId ?? '', nowMs: NOW, auditId: id('aud_') });
    for (const given of await toGiveBack(NOW)) await store.eraseGivenBack(given);
    await store.redeemCode(redemption(await giveCode(first)));
    expect(await store.findLivingProfile(first.profileId ?? '')).toMatchObject({
      credentialSealed: expect.stringContaining(`credential of ${first.id} `),
      calendarsSealed: `calendars of ${first.id}`,
    });
  });

  it('leaves the connection that stands as it was when it is erased', async () => {
    const { store, connect, stand, toGiveBack } = scene();
    const { account } = await stand();
    const before = await account();
    await connect();
    const [waiting] = await toGiveBack(NOW + HOUR);
    await store.eraseGivenBack(found(waiting));
    expect(await account()).toEqual(before);
  });
}

function standingContract(scene: () => Scene): void {
  it('keeps its old credential until a new one is redeemed, and then has the new one', async () => {
    const { store, stand, connect, giveCode, redemption } = scene();
    const { session } = await stand();
    const profile = () => store.findLivingProfile(session.profileId ?? '');
    const credential = async () => (await profile())?.credentialSealed;
    const again = await connect();
    expect(await credential()).toContain(`credential of ${session.id} `);
    await store.redeemCode(redemption(await giveCode(again)));
    expect(await credential()).toContain(`credential of ${again.id} `);
    expect((await profile())?.credentialVersion).toBe(2);
  });

  it('is shown with the others of its account, oldest first, and no longer once it is revoked', async () => {
    const { store, stand, application, id } = scene();
    const named = { endUser: 'user-1' };
    for (const [subject, nowMs] of [
      ['subject-b', 3],
      ['subject-c', 1],
    ] as const)
      await stand({ subject, nowMs: NOW + nowMs }, named);
    const { account, redeemed } = await stand({ subject: 'subject-a', name: 'newest', nowMs: NOW + 9 }, named);
    const profiles = (await account())?.profiles ?? [];
    expect(profiles).toHaveLength(3);
    expect(profiles.at(-1)).toMatchObject({ id: redeemed.profile.id, name: 'newest', status: 'connected' });
    await store.revokeGrant({ applicationId: application.id, accountId: redeemed.accountId, nowMs: NOW, auditId: id('aud_') });
    expect(await account()).toBeUndefined();
  });

  it('takes one renewed credential of those that started from the same version', async () => {
    const { store, stand } = scene();
    const { session } = await stand();
    const renewed = { profileId: session.profileId ?? '', fromVersion: 1 };
    const [first, second] = await Promise.all([
      store.storeCredential({ ...renewed, credentialSealed: 'a' }),
      store.storeCredential({ ...renewed, credentialSealed: 'b' }),
    ]);
    expect([first?.credentialSealed, second]).toEqual(['a', undefined]);
    expect(await store.findLivingProfile(renewed.profileId)).toMatchObject({ credentialSealed: 'a', credentialVersion: 2 });
  });

  it('is disconnected only for the credential that was rejected', async () => {
    const { store, stand } = scene();
    const { account, session } = await stand();
    const id = session.profileId ?? '';
    expect(await store.breakProfile({ id, credentialVersion: 0, status: 'disconnected' })).toBe(false);
    expect(await store.breakProfile({ id, credentialVersion: 1, status: 'disconnected' })).toBe(true);
    expect((await account())?.profiles).toMatchObject([{ status: 'disconnected' }]);
    expect(await store.findLivingProfile(id)).toBeUndefined();
    await store.storeCalendars({ profileId: id, accessMode: 'full', sealed: 'late', nowMs: NOW });
    expect((await account())?.profiles[0]?.calendarsSealed).not.toBe('late');
    expect(await store.storeCredential({ profileId: id, fromVersion: 1, credentialSealed: 'late' })).toBeUndefined();
  });

  it('keeps its id and changes its mode when the code of the other mode is redeemed, and not before', async () => {
    const { connect, stand, giveCode, redemption, store } = scene();
    const { session, account } = await stand();
    const changed = await connect({ accessMode: 'free_busy', providerName: 'google_free_busy', providerService: 'google_free_busy' });
    expect((await account())?.profiles).toMatchObject([{ id: session.profileId, accessMode: 'full', providerName: 'google' }]);
    await store.redeemCode(redemption(await giveCode(changed)));
    expect((await account())?.profiles).toMatchObject([
      {
        id: session.profileId,
        accessMode: 'free_busy',
        providerName: 'google_free_busy',
        providerService: 'google_free_busy',
        calendarsSealed: `calendars of ${changed.id}`,
      },
    ]);
  });

  it('has what the session that was redeemed brought, also where another one made the profile', async () => {
    const { connect, giveCode, redemption, store } = scene();
    const full = await connect();
    const freeBusy = await connect({ accessMode: 'free_busy', providerName: 'google_free_busy' });
    const redeemed = found(await store.redeemCode(redemption(await giveCode(freeBusy))));
    expect(redeemed.profile).toMatchObject({ id: full.profileId, accessMode: 'free_busy', providerName: 'google_free_busy' });
    expect((await store.findLivingProfile(full.profileId ?? ''))?.credentialSealed).toContain(`credential of ${freeBusy.id}`);
  });

  it('gives back what it had before it changed to another login or another client, and nothing where the same grant goes on', async () => {
    const { connect, stand, giveCode, redemption, store, toGiveBack } = scene();
    const { session } = await stand();
    await store.redeemCode(redemption(await giveCode(await connect({ accessMode: 'free_busy' }))));
    expect((await toGiveBack(NOW)).filter(({ what }) => what.from === 'replaced')).toEqual([]);
    const given = { forAccount: session.accountId, forProfile: session.profileId };
    const none = { provider: 'none', subject: 'amira@partner.example', accessMode: 'no_access' } as const;
    const seal = () => ({ credential: undefined, calendars: 'hosted' });
    const changed = await connect({ ...none, seal }, given);
    await store.redeemCode(redemption(await giveCode(changed)));
    expect(await store.findLivingProfile(session.profileId ?? '')).toMatchObject({
      ...none,
      credentialSealed: undefined,
      calendarsSealed: 'hosted',
    });
    const [replaced] = (await toGiveBack(NOW)).filter(({ what }) => what.from === 'replaced');
    expect(replaced).toMatchObject({ provider: 'google', sealedFor: { id: session.profileId }, shared: false });
  });

  it('never takes back a list of calendars that was asked for in a wider mode', async () => {
    const { connect, stand, giveCode, redemption, store } = scene();
    const { account, session } = await stand();
    const changed = await connect({ accessMode: 'free_busy' });
    await store.redeemCode(redemption(await giveCode(changed)));
    await store.storeCalendars({ profileId: session.profileId ?? '', accessMode: 'full', sealed: 'with titles', nowMs: NOW });
    expect((await account())?.profiles[0]?.calendarsSealed).toBe(`calendars of ${changed.id}`);
  });

  it('is found as the wider one of its login by the person it belongs to alone', async () => {
    const { stand, store, application, providerClientId } = scene();
    const named = await stand({}, { endUser: 'user-17' });
    const second = await stand({ subject: 'subject-2' }, { endUser: 'user-17' });
    type Of = { endUser: string } | { profileId: string };
    const wider = async (of: Of, { subject, modes = ['full'] }: { subject?: string; modes?: readonly string[] } = {}) => {
      const login = { applicationId: application.id, of, provider: 'google', subject, providerClientId, widerModes: modes };
      return (await store.findWiderProfiles(login)).map((profile) => profile.id);
    };
    expect(await wider({ endUser: 'user-18' })).toEqual([]);
    expect(await wider({ endUser: 'user-17' })).toEqual([named.session.profileId, second.session.profileId]);
    expect(await wider({ endUser: 'user-17' }, { subject: 'subject-1' })).toEqual([named.session.profileId]);
    expect(await wider({ profileId: named.session.profileId ?? '' })).toEqual([named.session.profileId]);
    expect(await wider({ endUser: 'user-17' }, { modes: ['free_busy'] })).toEqual([]);
    expect(await wider({ endUser: 'user-17' }, { modes: [] })).toEqual([]);
  });

  it('has the calendars that were stored last', async () => {
    const { store, stand } = scene();
    const { account, session } = await stand();
    await store.storeCalendars({ profileId: session.profileId ?? '', accessMode: 'full', sealed: 'calendars', nowMs: NOW + 5 });
    expect((await account())?.profiles).toMatchObject([{ calendarsSealed: 'calendars', calendarsAtMs: NOW + 5 }]);
  });
}

function revokedContract(scene: () => Scene): void {
  it('has no living token, and its credentials wait to be given back', async () => {
    const { store, stand, application, id, toGiveBack } = scene();
    const { account, session, redeemed } = await stand();
    await store.revokeGrant({ applicationId: application.id, accountId: session.accountId ?? '', nowMs: NOW, auditId: id('aud_') });
    expect(await account()).toBeUndefined();
    expect(await store.refreshGrant(refreshOf(redeemed.grant.id, scene()))).toBeUndefined();
    const [waiting] = await toGiveBack(NOW);
    expect(waiting).toMatchObject({ what: { from: 'profile', profileId: session.profileId }, shared: false });
    await store.eraseGivenBack(found(waiting));
    expect(await toGiveBack(NOW)).toEqual([]);
  });

  it('at the instant of another redemption has ended that too, or lets it begin anew: never a connection without a grant', async () => {
    const { store, stand, connect, giveCode, redemption, application, id } = scene();
    const race = async (endUser: string): Promise<void> => {
      const { session } = await stand({}, { endUser });
      const second = await connect({ subject: 'subject-2' }, { endUser });
      const codeId = await giveCode(second);
      const receipt = { id: id('rec_'), secretHash: 'receipt', expiresAtMs: NOW + HOUR };
      await Promise.all([
        store.redeemCode(redemption(codeId, { receipt, joinScopes: (standing) => standing })),
        store.revokeGrant({ applicationId: application.id, accountId: session.accountId ?? '', nowMs: NOW, auditId: id('aud_') }),
      ]);
      const granted = (await store.redeemCode(redemption(receipt.id, { secretHash: 'receipt', codeChallenge: undefined }))) !== undefined;
      const waiting = await store.credentialToGiveBack({
        what: { from: 'profile', profileId: second.profileId ?? '' },
        nowMs: NOW,
        familyOf: (provider) => ({ services: [provider], grantGroup: (clientId) => clientId }),
      });
      expect([granted, waiting !== undefined]).toEqual([granted, !granted]);
    };
    for (let round = 0; round < 5; round += 1) await Promise.all(Array.from({ length: 5 }, (_, n) => race(`user-${round}-${n}`)));
  });

  it('cannot be ended by another application, or with another secret', async () => {
    const { store, stand, application, addApplication, id } = scene();
    const { account, session, accessTokenId } = await stand();
    const other = await addApplication();
    const at = { nowMs: NOW, auditId: id('aud_') };
    await store.revokeGrant({ ...at, applicationId: other.id, accountId: session.accountId ?? '' });
    await store.revokeGrant({ ...at, applicationId: other.id, tokenId: accessTokenId, tokenHash: accessTokenId });
    await store.revokeGrant({ ...at, applicationId: application.id, tokenId: accessTokenId, tokenHash: 'guessed' });
    expect(await account()).toBeDefined();
  });

  it('does not erase a credential that came with connecting again meanwhile', async () => {
    const { store, stand, application, id, toGiveBack } = scene();
    const { session } = await stand();
    await store.revokeGrant({ applicationId: application.id, accountId: session.accountId ?? '', nowMs: NOW, auditId: id('aud_') });
    const [waiting] = await toGiveBack(NOW);
    const again = await stand();
    await store.eraseGivenBack(found(waiting));
    expect(await store.findLivingProfile(session.profileId ?? '')).toMatchObject({
      credentialSealed: expect.stringContaining(again.session.id),
    });
  });
}

function erasingContract(scene: () => Scene): void {
  async function revoked(): Promise<{ session: Session; waiting: GivenBack }> {
    const { store, stand, application, id, toGiveBack } = scene();
    const { session } = await stand();
    await store.revokeGrant({ applicationId: application.id, accountId: session.accountId ?? '', nowMs: NOW, auditId: id('aud_') });
    return { session, waiting: found((await toGiveBack(NOW)).at(-1)) };
  }

  it('takes the credential that was given back, and not one that came later and was revoked too', async () => {
    const { store, toGiveBack } = scene();
    const first = await revoked();
    const second = await revoked();
    expect(second.session.profileId).toBe(first.session.profileId);
    await store.eraseGivenBack(first.waiting);
    expect((await toGiveBack(NOW)).map(({ credentialSealed }) => credentialSealed)).toContain(second.waiting.credentialSealed);
    await store.eraseGivenBack(second.waiting);
    expect(await toGiveBack(NOW)).toEqual([]);
  });

  it('without a credential takes nothing from a profile that has one', async () => {
    const { store, toGiveBack } = scene();
    const { waiting } = await revoked();
    await store.eraseGivenBack({ what: waiting.what, credentialSealed: '' });
    expect(await toGiveBack(NOW)).toMatchObject([{ credentialSealed: waiting.credentialSealed }]);
  });
}

function refreshOf(grantId: string, { application, id }: Scene) {
  const tokenId = id('tok_');
  return {
    grantId,
    refreshHash: 'any',
    applicationId: application.id,
    isWithin: () => true,
    auditId: id('aud_'),
    accessToken: { id: tokenId, secretHash: tokenId, expiresAtMs: NOW + HOUR },
  };
}
