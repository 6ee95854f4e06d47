import { describe, expect, it } from 'vitest';
import type { Session } from './session-row.ts';
import { found, type GivenBack, HOUR, NOW, type Scene } from './store-fixtures.contract.ts';

/** What is given back to its provider, and what is erased then. */
export function giveBackContract(scene: () => Scene): void {
  describe('a connection that nobody redeemed', () => pendingContract(scene));
  describe('a revoked authorization', () => revokedContract(scene));
  describe('erasing', () => erasingContract(scene));
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
