import { describe, expect, it } from 'vitest';
import { found, HOUR, NOW, type Scene } from './store-fixtures.contract.ts';

/** Whose a connection is, and what becomes of one that stands. */
export function connectionsContract(scene: () => Scene): void {
  describe('a new connection', () => ownersContract(scene));
  describe('a standing connection', () => standingContract(scene));
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
