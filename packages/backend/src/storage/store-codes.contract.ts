import { describe, expect, it } from 'vitest';
import { found, HOUR, MINUTE, NOW, type Scene, winners } from './store-fixtures.contract.ts';

/** Codes, receipts and the tokens that they give. */
export function codesContract(scene: () => Scene): void {
  describe('a code', () => codeContract(scene));
  describe('redeeming', () => redeemingContract(scene));
  describe('a grant', () => grantContract(scene));
  describe('a receipt', () => receiptContract(scene));
  describe('an access token', () => tokenContract(scene));
}

const REDIRECT = { door: 'redirect', redirectUri: 'https://app.example/cb', codeChallenge: undefined, secretHash: undefined } as const;

function codeContract(scene: () => Scene): void {
  it('is given again to a poll, and kills the one before', async () => {
    const { store, connect, giveCode, redemption } = scene();
    const session = await connect();
    const [first, second] = [await giveCode(session), await giveCode(session)];
    expect(await store.redeemCode(redemption(first))).toBeUndefined();
    expect(await store.redeemCode(redemption(second))).toBeDefined();
  });

  it('is given to a redirect once', async () => {
    const { store, connect, id } = scene();
    const session = await connect({}, REDIRECT);
    const give = () => {
      const codeId = id('cod_');
      return store.giveCode({ id: codeId, secretHash: codeId, sessionId: session.id, expiresAtMs: NOW + MINUTE, nowMs: NOW });
    };
    expect(await winners(give)).toBe(1);
  });

  it('is not given where nothing is connected, it was redeemed, or the hour is over', async () => {
    const { store, addTrip, connect, stand } = scene();
    const code = { id: 'cod_1', secretHash: 'h', expiresAtMs: NOW + 2 * HOUR };
    const [trip, redeemed, late] = [await addTrip(), (await stand()).session, await connect({ subject: 'subject-2' })];
    expect(await store.giveCode({ ...code, sessionId: trip.id, nowMs: NOW })).toBeUndefined();
    expect(await store.giveCode({ ...code, sessionId: redeemed.id, nowMs: NOW })).toBeUndefined();
    expect(await store.giveCode({ ...code, sessionId: late.id, nowMs: NOW + HOUR })).toBeUndefined();
  });
}

function redeemingContract(scene: () => Scene): void {
  it('has one winner', async () => {
    const { store, connect, giveCode, redemption, id } = scene();
    const code = await giveCode(await connect());
    const redeem = () => store.redeemCode(redemption(code, { accessToken: { id: id('tok_'), secretHash: 'h', expiresAtMs: NOW + HOUR } }));
    expect(await winners(redeem)).toBe(1);
  });

  it('serves until the millisecond before the code’s end', async () => {
    const { store, connect, giveCode, redemption } = scene();
    const [inTime, late] = [await giveCode(await connect()), await giveCode(await connect({ subject: 'subject-2' }))];
    expect(await store.redeemCode(redemption(late, { nowMs: NOW + MINUTE }))).toBeUndefined();
    expect(await store.redeemCode(redemption(inTime, { nowMs: NOW + MINUTE - 1 }))).toBeDefined();
  });

  it('that came too late once comes too late for ever, also when the clock is set back (L14)', async () => {
    const { store, connect, giveCode, redemption } = scene();
    const code = await giveCode(await connect());
    await store.redeemCode(redemption(code, { nowMs: NOW + MINUTE }));
    expect(await store.redeemCode(redemption(code))).toBeUndefined();
  });

  it.each([
    ['another secret', { secretHash: 'guessed' }],
    ['another application', { applicationId: 'app_other' }],
    ['a redirect URI that it was not made for', { redirectUri: 'https://app.example/cb' }],
  ])('with %s is refused and harms nothing, however often', async (_what, changes) => {
    const { store, connect, giveCode, redemption } = scene();
    const code = await giveCode(await connect());
    for (let attempt = 0; attempt < 9; attempt += 1) expect(await store.redeemCode(redemption(code, changes))).toBeUndefined();
    expect(await store.redeemCode(redemption(code))).toBeDefined();
  });

  it.each([
    ['another challenge', { codeChallenge: 'challenge-2' }],
    ['no challenge', { codeChallenge: undefined }],
  ])('with %s burns the code at the fifth time, not before', async (_what, changes) => {
    const { store, connect, giveCode, redemption } = scene();
    const [spared, burnt] = [await giveCode(await connect()), await giveCode(await connect({ subject: 'subject-2' }))];
    for (let attempt = 0; attempt < 4; attempt += 1) await store.redeemCode(redemption(spared, changes));
    for (let attempt = 0; attempt < 5; attempt += 1) await store.redeemCode(redemption(burnt, changes));
    expect(await store.redeemCode(redemption(spared))).toBeDefined();
    expect(await store.redeemCode(redemption(burnt))).toBeUndefined();
  });

  it('by the public serves codes of a poll with a challenge only', async () => {
    const { store, connect, giveCode, redemption } = scene();
    const code = await giveCode(await connect({}, REDIRECT));
    const matching = { redirectUri: REDIRECT.redirectUri, codeChallenge: undefined };
    expect(await store.redeemCode(redemption(code, { ...matching, by: 'public' }))).toBeUndefined();
    expect(await store.redeemCode(redemption(code, matching))).toBeDefined();
  });

  it('comes to nothing once the session was cancelled', async () => {
    const { store, connect, giveCode, redemption } = scene();
    const session = await connect();
    const code = await giveCode(session);
    await store.endSession({ id: session.id, state: 'cancelled', nowMs: NOW });
    expect(await store.redeemCode(redemption(code))).toBeUndefined();
  });

  it('again within the code’s life leaves the winner’s tokens; later it ends them and gives the credential back', async () => {
    const { store, stand, redemption, connect, giveCode, toGiveBack } = scene();
    const { account } = await stand();
    const code = await giveCode(await connect());
    await store.redeemCode(redemption(code));
    await store.redeemCode(redemption(code, { nowMs: NOW + MINUTE }));
    expect(await account()).toBeDefined();
    await store.redeemCode(redemption(code, { nowMs: NOW + MINUTE + 1 }));
    expect(await account()).toBeUndefined();
    expect(await toGiveBack(NOW + MINUTE + 1)).toMatchObject([{ what: { from: 'profile' } }]);
  });

  it.each([
    ['cancelled', true],
    ['given back because nobody came in time', false],
  ])('after its connection was %s is no second use: what stands goes on', async (_what, isCancelled) => {
    const { store, stand, redemption, connect, giveCode, toGiveBack } = scene();
    const { account } = await stand();
    const session = await connect();
    const code = await giveCode(session);
    if (isCancelled) await store.endSession({ id: session.id, state: 'cancelled', nowMs: NOW });
    const [given, ...more] = await toGiveBack(isCancelled ? NOW : NOW + HOUR);
    expect(more).toEqual([]);
    await store.eraseGivenBack(found(given));
    expect(await store.redeemCode(redemption(code))).toBeUndefined();
    expect(await store.redeemCode(redemption(code, { nowMs: NOW + MINUTE + 1 }))).toBeUndefined();
    expect(await account()).toBeDefined();
  });

  it('again late is recognised as long as codes are remembered, also where the session is older', async () => {
    const { store, connect, giveCode, redemption, toGiveBack } = scene();
    const code = await giveCode(await connect());
    await store.redeemCode(redemption(code));
    const before = { accessTokensBefore: 'tok_', codesBefore: 'cod_', auditEventsBefore: 'aud_', deadWorkBefore: 'ded_', limit: 9 };
    expect(await store.forgetExpired({ ...before, adminApprovalsBefore: 'apr_', sessionsBefore: 'ses_g' })).toBe(0);
    await store.redeemCode(redemption(code, { nowMs: NOW + MINUTE + 1 }));
    expect(await toGiveBack(NOW + MINUTE + 1)).toMatchObject([{ what: { from: 'profile' } }]);
  });

  it('at the instant in which a wrong verifier burns the code is refused, or stands for good', async () => {
    const { store, connect, giveCode, redemption, id } = scene();
    for (let trial = 0; trial < 20; trial += 1) {
      const code = await giveCode(await connect({ subject: `subject-${trial}` }));
      const wrong = () => store.redeemCode(redemption(code, { codeChallenge: 'challenge-2' }));
      for (let attempt = 0; attempt < 4; attempt += 1) await wrong();
      const token = { id: id('tok_'), secretHash: 'h', expiresAtMs: NOW + HOUR };
      const [redeemed] = await Promise.all([store.redeemCode(redemption(code, { accessToken: token })), wrong()]);
      await store.redeemCode(redemption(code));
      const account = await store.accountOfAccessToken({ id: token.id, tokenHash: 'h', nowMs: NOW });
      expect(account !== undefined).toBe(redeemed !== undefined);
    }
  });

  it('at the instant in which its page gets another code serves one of the two only', async () => {
    const { store, connect, giveCode, redemption, id } = scene();
    for (let trial = 0; trial < 20; trial += 1) {
      const session = await connect({ subject: `subject-${trial}` });
      const [first, second] = [await giveCode(session), id('cod_')];
      const [redeemed, given] = await Promise.all([
        store.redeemCode(redemption(first)),
        store.giveCode({ id: second, secretHash: second, sessionId: session.id, expiresAtMs: NOW + MINUTE, nowMs: NOW }),
      ]);
      expect([redeemed, given].filter((answer) => answer !== undefined)).toHaveLength(1);
      expect((await store.redeemCode(redemption(second))) !== undefined).toBe(given !== undefined);
    }
  });
}

function grantContract(scene: () => Scene): void {
  it('that stands is joined: the same refresh token, and the wider scope', async () => {
    const { stand } = scene();
    const first = await stand();
    const second = await stand({}, { scope: 'read_events' });
    expect(second.redeemed.grant).toEqual({ ...first.redeemed.grant, scope: 'free_busy_write read_events' });
  });

  it('is one, with both scopes, where an account’s first two codes are redeemed at the same instant', async () => {
    const { store, connect, giveCode, redemption } = scene();
    for (let trial = 0; trial < 10; trial += 1) {
      const scopes = ['free_busy_write', 'read_events'];
      const codes = await Promise.all(
        scopes.map(async (scope) => giveCode(await connect({ subject: `${scope} ${trial}` }, { endUser: `user-${trial}`, scope }))),
      );
      const [first, second] = await Promise.all(codes.map((code) => store.redeemCode(redemption(code))));
      expect(found(first).grant).toMatchObject({ id: found(second).grant.id, refreshToken: found(second).grant.refreshToken });
      expect([first, second].map((redeemed) => found(redeemed).grant.scope.split(' ').toSorted())).toContainEqual(scopes);
    }
  });

  it('is another one, with another refresh token, after the first was revoked', async () => {
    const { store, stand, application, id } = scene();
    const { redeemed, session } = await stand();
    await store.revokeGrant({ applicationId: application.id, accountId: session.accountId ?? '', nowMs: NOW, auditId: id('aud_') });
    const again = await stand();
    expect(again.redeemed.accountId).toBe(redeemed.accountId);
    expect(again.redeemed.grant.id).not.toBe(redeemed.grant.id);
    expect(again.redeemed.grant.refreshToken).not.toBe(redeemed.grant.refreshToken);
  });

  it('is none before a code is redeemed: nothing to refresh, nothing to revoke, nothing to connect a service to', async () => {
    const { store, connection, addTrip, giveCode, redemption, application, id } = scene();
    const waiting = connection((await addTrip()).id);
    const session = found(await store.connectSession(waiting));
    const { accountId, grantId } = waiting.candidate;
    const applicationId = application.id;
    const accessToken = { id: id('tok_'), secretHash: 'h', expiresAtMs: NOW + HOUR };
    const refresh = { grantId, refreshHash: `${grantId} of ${applicationId}`, applicationId, isWithin: () => true, accessToken };
    expect(await store.refreshGrant({ ...refresh, auditId: id('aud_') })).toBeUndefined();
    expect(await store.findAccountToConnect({ id: accountId, applicationId })).toBeUndefined();
    const trip = await addTrip({ purpose: 'conferencing', forAccount: accountId });
    await expect(store.connectConferencing(connection(trip.id, { provider: 'zoom', subject: 'zoom-1' }))).rejects.toMatchObject({
      code: 'not_found',
    });
    await store.revokeGrant({ applicationId, accountId, nowMs: NOW, auditId: id('aud_') });
    expect(await store.auditTrail({ limit: 9 })).toEqual([]);
    const { grant } = found(await store.redeemCode(redemption(await giveCode(session))));
    expect(grant.id).toBe(grantId);
    expect(await store.refreshGrant({ ...refresh, auditId: id('aud_') })).toMatchObject({ issued: true });
  });
}

function receiptContract(scene: () => Scene): void {
  async function exchanged(): Promise<string> {
    const { store, connect, giveCode, redemption, id } = scene();
    const receipt = id('cod_');
    const code = await giveCode(await connect());
    found(
      await store.redeemCode(
        redemption(code, { by: 'public', receipt: { id: receipt, secretHash: receipt, expiresAtMs: NOW + 10 * MINUTE } }),
      ),
    );
    return receipt;
  }

  it('is redeemed once, with or without a redirect URI, and never by the public', async () => {
    const { store, redemption } = scene();
    const receipt = await exchanged();
    const plain = { codeChallenge: undefined };
    expect(await store.redeemCode(redemption(receipt, { ...plain, by: 'public' }))).toBeUndefined();
    expect(await winners(() => store.redeemCode(redemption(receipt, { ...plain, redirectUri: 'https://app.example/cb' })))).toBe(1);
  });

  it('does not bring a revoked authorization back', async () => {
    const { store, redemption, application, id } = scene();
    const receipt = await exchanged();
    const { accountId } = found(await store.redeemCode(redemption(await exchanged(), { codeChallenge: undefined })));
    await store.revokeGrant({ applicationId: application.id, accountId, nowMs: NOW, auditId: id('aud_') });
    expect(await store.redeemCode(redemption(receipt, { codeChallenge: undefined }))).toBeUndefined();
  });
}

function tokenContract(scene: () => Scene): void {
  it('stands for its account until its end, on the dot', async () => {
    const { account, session } = await scene().stand();
    expect(await account(NOW + HOUR - 1)).toMatchObject({
      accountId: session.accountId,
      scope: 'free_busy_write',
      email: 'amira@partner.example',
    });
    expect(await account(NOW + HOUR)).toBeUndefined();
  });

  it('stands for nothing with another secret', async () => {
    const { store, stand } = scene();
    const { accessTokenId } = await stand();
    expect(await store.accountOfAccessToken({ id: accessTokenId, tokenHash: 'guessed', nowMs: NOW })).toBeUndefined();
  });

  it('is issued for a refresh token, to its application only', async () => {
    const { store, connect, giveCode, redemption, application, id } = scene();
    const code = await giveCode(await connect());
    const { grant, accountId } = found(await store.redeemCode(redemption(code)));
    const fresh = () => ({ auditId: id('aud_'), accessToken: { id: id('tok_'), secretHash: 'h', expiresAtMs: NOW + HOUR } });
    const refresh = {
      isWithin: () => true,
      grantId: grant.id,
      refreshHash: `${grant.id} of ${application.id}`,
      applicationId: application.id,
    };
    expect(await store.refreshGrant({ ...refresh, ...fresh() })).toEqual({ accountId, scope: 'free_busy_write', issued: true });
    for (const wrong of [{ refreshHash: 'guessed' }, { applicationId: 'app_other' }, { grantId: 'grn_other' }]) {
      expect(await store.refreshGrant({ ...refresh, ...wrong, ...fresh() })).toBeUndefined();
    }
  });

  it('is forgotten with the codes when their time is over', async () => {
    const { store, stand } = scene();
    await stand();
    const nothing = { sessionsBefore: 'ses_', auditEventsBefore: 'aud_', deadWorkBefore: 'ded_', adminApprovalsBefore: 'apr_', limit: 9 };
    expect(await store.forgetExpired({ ...nothing, accessTokensBefore: 'tok_g', codesBefore: 'cod_g' })).toBe(1);
  });
}
