import { describe, expect, it } from 'vitest';
import type { NewConnection } from './questions/connections.ts';
import type { Session } from './session-row.ts';
import { NOW, type Scene, type Standing, winners } from './store-fixtures.contract.ts';

/** Conferencing services that are connected to an account, and profiles that end one by one. */
export function conferencingContract(scene: () => Scene): void {
  describe('a conferencing service', () => serviceContract(scene));
  describe('a profile that is revoked', () => revokedProfileContract(scene));
}

/** A session for the account, on its way to Zoom. */
function tripFor({ addTrip }: Scene, { session }: Standing): Promise<Session> {
  return addTrip({ purpose: 'conferencing', door: 'redirect', forAccount: session.accountId, endUser: undefined });
}

async function zoomOf(scene: Scene, standing: Standing, changes: Partial<NewConnection> = {}): Promise<NewConnection> {
  const trip = await tripFor(scene, standing);
  const login = { provider: 'zoom', providerName: 'zoom', providerService: 'zoom', subject: 'zoom-1', email: 'other@partner.example' };
  return scene.connection(trip.id, { ...login, name: 'other@partner.example', ...changes });
}

function revocation({ application, id }: Scene, { session }: Standing) {
  return { applicationId: application.id, accountId: session.accountId ?? '', nowMs: NOW, auditId: id('aud_') };
}

function serviceContract(scene: () => Scene): void {
  it('is connected to the account of its session at once, whose address stays', async () => {
    const standing = await scene().stand();
    const connected = await scene().store.connectConferencing(await zoomOf(scene(), standing));
    expect(connected).toMatchObject({ state: 'connected', accountId: standing.session.accountId });
    expect(await scene().store.findSession(connected?.id ?? '')).toMatchObject({ isRedeemed: true });
    const account = await standing.account();
    expect(account?.email).toBe('amira@partner.example');
    expect(account?.profiles).toMatchObject([
      { kind: 'calendar', status: 'connected' },
      { id: connected?.profileId, kind: 'conferencing', provider: 'zoom', status: 'connected', name: 'other@partner.example' },
    ]);
    expect(await scene().toGiveBack(NOW * 2)).toEqual([]);
  });

  it('is the same profile with the newer credential when its login comes again, also after it was revoked', async () => {
    const { store, id } = scene();
    const standing = await scene().stand();
    const first = await store.connectConferencing(await zoomOf(scene(), standing));
    const { profileId = '', accountId = '' } = first ?? {};
    for (const revoked of [false, true]) {
      const by = { profileId, accountId, applicationId: scene().application.id, nowMs: NOW };
      if (revoked) await store.revokeProfile({ ...by, auditId: id('aud_') });
      const again = await store.connectConferencing(await zoomOf(scene(), standing));
      expect(again?.profileId).toBe(profileId);
      expect(await store.findLivingProfile(profileId)).toMatchObject({ credentialSealed: expect.stringContaining(again?.id ?? '-') });
      expect(await scene().toGiveBack(NOW * 2)).toEqual([]);
    }
  });

  it('gives no code', async () => {
    const standing = await scene().stand();
    const connected = await scene().store.connectConferencing(await zoomOf(scene(), standing));
    const { store, id } = scene();
    const code = { id: id('cod_'), secretHash: 'x', sessionId: connected?.id ?? '', expiresAtMs: NOW + 1000, nowMs: NOW };
    expect(await store.giveCode(code)).toBeUndefined();
  });

  it('is connected to nothing where the application is not authorized any longer, or the session has ended', async () => {
    const { store } = scene();
    const standing = await scene().stand();
    const cancelled = await zoomOf(scene(), standing);
    await store.endSession({ id: cancelled.sessionId, state: 'cancelled', nowMs: NOW });
    expect(await store.connectConferencing(cancelled)).toBeUndefined();
    const late = await zoomOf(scene(), standing);
    await store.revokeGrant(revocation(scene(), standing));
    await expect(store.connectConferencing(late)).rejects.toMatchObject({ code: 'not_found' });
    expect(await store.findLivingProfile(late.candidate.profileId)).toBeUndefined();
    expect(await store.findSession(late.sessionId)).toMatchObject({ state: 'at_provider' });
  });

  it('never outlives a revocation at the same instant', async () => {
    const { store } = scene();
    const race = async (at: string): Promise<void> => {
      const standing = await scene().stand({ subject: `subject-${at}` });
      const connection = await zoomOf(scene(), standing, { subject: `zoom-${at}` });
      await Promise.allSettled([store.connectConferencing(connection), store.revokeGrant(revocation(scene(), standing))]);
      expect(await store.findLivingProfile(connection.candidate.profileId)).toBeUndefined();
    };
    for (let round = 0; round < 5; round += 1) await Promise.all(Array.from({ length: 5 }, (_, n) => race(`${round}-${n}`)));
  });

  it('is connected for somebody who is known by address, else by the login of their calendar', async () => {
    const { store, application } = scene();
    const { session } = await scene().stand();
    const find = (id = '', applicationId = application.id) => store.findAccountToConnect({ id, applicationId });
    expect(await find(session.accountId)).toEqual({ accountId: session.accountId, person: 'amira@partner.example' });
    const unnamed = await scene().stand({ subject: 'subject-2', email: undefined, name: 'Amira at work' });
    expect(await find(unnamed.session.accountId)).toMatchObject({ person: 'Amira at work' });
    const other = await scene().addApplication();
    expect(await find(session.accountId, other.id)).toBeUndefined();
    await store.revokeGrant(revocation(scene(), unnamed));
    expect(await find(unnamed.session.accountId)).toBeUndefined();
  });
}

function revokedProfileContract(scene: () => Scene): void {
  const of = ({ application, id }: Scene, { session }: Standing) => ({
    profileId: session.profileId ?? '',
    accountId: session.accountId ?? '',
    applicationId: application.id,
    nowMs: NOW,
    auditId: id('aud_'),
  });

  it('waits to be given back, and the authorization stays', async () => {
    const { store } = scene();
    const standing = await scene().stand();
    expect(await store.revokeProfile(of(scene(), standing))).toBe(true);
    expect((await standing.account())?.profiles).toEqual([]);
    expect(await scene().toGiveBack(NOW)).toMatchObject([{ what: { from: 'profile', profileId: standing.session.profileId } }]);
    const [event] = await store.auditTrail({ limit: 1 });
    expect(event).toMatchObject({ event: 'profile_revoked', subjectId: standing.session.profileId });
  });

  it('is revoked once, however many ask', async () => {
    const { store } = scene();
    const standing = await scene().stand();
    expect(await winners(() => store.revokeProfile(of(scene(), standing)))).toBe(10);
    const events = await store.auditTrail({ limit: 100 });
    expect(events.filter(({ event }) => event === 'profile_revoked')).toHaveLength(1);
  });

  it('has to be the account’s, and connected at some time', async () => {
    const { store } = scene();
    const [mine, theirs] = [await scene().stand(), await scene().stand({ subject: 'subject-2' })];
    const pending = await scene().connect({ subject: 'subject-3' });
    const as = of(scene(), mine);
    for (const profileId of [theirs.session.profileId, 'pro_nobody', '']) {
      expect(await store.revokeProfile({ ...as, profileId: profileId ?? '' })).toBe(false);
    }
    expect(await store.revokeProfile({ ...as, accountId: pending.accountId ?? '', profileId: pending.profileId ?? '' })).toBe(false);
    expect((await theirs.account())?.profiles).toMatchObject([{ status: 'connected' }]);
  });
}
