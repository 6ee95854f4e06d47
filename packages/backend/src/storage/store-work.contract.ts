import { describe, expect, it } from 'vitest';
import type { NewWorkItem } from './questions/work.ts';
import { found, HOUR, MINUTE, NOW, type Scene, winners } from './store-fixtures.contract.ts';

/** Work in lanes. */
export function workContract(scene: () => Scene): void {
  const item = (changes: Partial<NewWorkItem> = {}): NewWorkItem => ({
    laneId: 'lane-1',
    kind: 'test',
    payload: { n: '1' },
    dueAtMs: NOW,
    nowMs: NOW,
    ...changes,
  });
  const lease = (by: string, nowMs = NOW) => ({ by, nowMs, untilMs: nowMs + MINUTE, limit: 10 });
  const first = { laneId: 'lane-1', position: 1, by: 'me' };
  const later = { nowMs: NOW, untilMs: NOW + MINUTE };

  describe('work', () => {
    it('is leased by one of many that ask at the same instant', async () => {
      const { store } = scene();
      await store.addWork(item());
      expect(await winners(async () => (await store.leaseLanes(lease('me'))).length > 0)).toBe(1);
    });

    it('is due from its time on, the longest waiting first', async () => {
      const { store } = scene();
      await store.addWork(item({ laneId: 'late', dueAtMs: NOW + 1 }));
      await store.addWork(item({ laneId: 'early', dueAtMs: NOW - 1 }));
      expect(await store.leaseLanes({ ...lease('me'), limit: 1 })).toMatchObject([{ laneId: 'early' }]);
      expect(await store.leaseLanes(lease('me'))).toEqual([]);
      expect(await store.leaseLanes(lease('me', NOW + 1))).toMatchObject([{ laneId: 'late' }]);
    });

    it('is done in the order in which it came, and the lane goes with the last of it', async () => {
      const { store } = scene();
      for (const n of ['a', 'b', 'c']) await store.addWork(item({ payload: { n } }));
      const order = [];
      let next = (await store.leaseLanes(lease('me')))[0];
      while (next !== undefined) {
        order.push(next.payload['n']);
        next = await store.finishWork({ ...first, position: next.position, ...later });
      }
      expect(order).toEqual(['a', 'b', 'c']);
      expect(await store.leaseLanes(lease('me', NOW + HOUR))).toEqual([]);
    });

    it('added to a lane that is leased waits behind what is being done', async () => {
      const { store } = scene();
      await store.addWork(item());
      await store.leaseLanes(lease('me'));
      await store.addWork(item({ payload: { n: '2' } }));
      expect(await store.leaseLanes(lease('you'))).toEqual([]);
      expect(await store.finishWork({ ...first, ...later })).toMatchObject({ payload: { n: '2' }, failures: 0 });
    });

    it('of somebody who died is taken up when the lease has ended, and they can no longer go on with it', async () => {
      const { store } = scene();
      await store.addWork(item());
      await store.addWork(item({ payload: { n: '2' } }));
      await store.leaseLanes(lease('dead'));
      expect(await store.leaseLanes(lease('me', NOW + MINUTE - 1))).toEqual([]);
      expect(await store.leaseLanes(lease('me', NOW + MINUTE))).toMatchObject([{ payload: { n: '1' } }]);
      await store.postponeWork({ ...first, by: 'dead', failures: 5, dueAtMs: NOW + HOUR });
      const buried = { ...first, by: 'dead', id: 'ded_1', reason: 'late', payload: {}, ...later };
      expect([await store.finishWork({ ...first, by: 'dead', ...later }), await store.buryWork(buried)]).toEqual([undefined, undefined]);
      expect(await store.leaseLanes(lease('you', NOW + MINUTE))).toEqual([]);
      expect(await store.leaseLanes(lease('you', NOW + 2 * MINUTE))).toMatchObject([{ payload: { n: '1' }, failures: 0 }]);
    });

    it('that failed waits for its time, knows how often, and comes earlier when it is hastened', async () => {
      const { store } = scene();
      await store.addWork(item());
      await store.leaseLanes(lease('me'));
      await store.postponeWork({ ...first, failures: 3, dueAtMs: NOW + HOUR });
      expect(await store.leaseLanes(lease('me', NOW + HOUR - 1))).toEqual([]);
      await store.hastenWork({ id: 'lane-1', dueAtMs: NOW + MINUTE });
      expect(await store.leaseLanes(lease('me', NOW + MINUTE))).toMatchObject([{ failures: 3 }]);
    });

    it('that was given up makes way for the next', async () => {
      const { store } = scene();
      await store.addWork(item());
      await store.addWork(item({ payload: { n: '2' } }));
      await store.leaseLanes(lease('me'));
      expect(await store.buryWork({ ...first, id: 'ded_1', reason: 'no answer', payload: { kept: 'this' }, ...later })).toMatchObject({
        payload: { n: '2' },
      });
      const nothing = { accessTokensBefore: 'tok_', codesBefore: 'cod_', sessionsBefore: 'ses_', auditEventsBefore: 'aud_' };
      expect(await store.forgetExpired({ ...nothing, deadWorkBefore: 'ded_g', adminApprovalsBefore: 'apr_', limit: 9 })).toBe(1);
    });

    it('is added with the change that it follows from, or neither is', async () => {
      const { store, stand, application } = scene();
      const { session, account } = await stand();
      // An event that no database takes has the last statement fail.
      const named = { nowMs: NOW, auditId: null as never, applicationId: application.id, accountId: session.accountId ?? '' };
      await expect(store.revokeGrant(named)).rejects.toMatchObject({ code: 'constraint_violation' });
      expect(await account()).toBeDefined();
      expect(await store.leaseLanes(lease('me'))).toEqual([]);
    });
  });
}

/** One renewal at a time. */
export function refreshLeaseContract(scene: () => Scene): void {
  const claim = (profileId: string, changes = {}) => ({
    profileId,
    fromVersion: 1,
    by: 'me',
    nowMs: NOW,
    untilMs: NOW + MINUTE,
    ...changes,
  });

  describe('the lease on renewing a credential', () => {
    it('is given to one of many that ask at the same instant', async () => {
      const { store, stand } = scene();
      const profileId = (await stand()).session.profileId ?? '';
      const claimed = await Promise.all(Array.from({ length: 10 }, (_, n) => store.claimRefresh(claim(profileId, { by: `asker ${n}` }))));
      expect(claimed.map(({ outcome }) => outcome).toSorted()).toEqual(['leased', ...Array.from({ length: 9 }, () => 'under_way')]);
    });

    it('ends with the new credential, which those who waited are told of', async () => {
      const { store, stand } = scene();
      const profileId = (await stand()).session.profileId ?? '';
      await store.claimRefresh(claim(profileId));
      await store.storeCredential({ profileId, fromVersion: 1, credentialSealed: 'renewed' });
      expect(await store.claimRefresh(claim(profileId, { by: 'you' }))).toMatchObject({
        outcome: 'renewed',
        profile: { credentialSealed: 'renewed', credentialVersion: 2 },
      });
      expect(await store.claimRefresh(claim(profileId, { by: 'you', fromVersion: 2 }))).toEqual({ outcome: 'leased' });
    });

    it('ends by itself where its holder died', async () => {
      const { store, stand } = scene();
      const profileId = (await stand()).session.profileId ?? '';
      await store.claimRefresh(claim(profileId));
      expect(await store.claimRefresh(claim(profileId, { by: 'you', nowMs: NOW + MINUTE - 1 }))).toEqual({ outcome: 'under_way' });
      expect(await store.claimRefresh(claim(profileId, { by: 'you', nowMs: NOW + MINUTE }))).toEqual({ outcome: 'leased' });
    });

    it('let go in vain keeps everybody from asking for a while; only its holder can let it go', async () => {
      const { store, stand } = scene();
      const profileId = (await stand()).session.profileId ?? '';
      await store.claimRefresh(claim(profileId));
      await store.releaseRefresh({ profileId, by: 'you', notBeforeMs: 0 });
      expect(await store.claimRefresh(claim(profileId, { by: 'you' }))).toEqual({ outcome: 'under_way' });
      await store.releaseRefresh({ profileId, by: 'me', notBeforeMs: NOW + 5 });
      expect(await store.claimRefresh(claim(profileId))).toEqual({ outcome: 'resting' });
      expect(await store.claimRefresh(claim(profileId, { nowMs: NOW + 5 }))).toEqual({ outcome: 'leased' });
    });

    it('is not to be had for what is not connected', async () => {
      const { store, stand } = scene();
      const profileId = (await stand()).session.profileId ?? '';
      await store.breakProfile({ id: profileId, credentialVersion: 1, status: 'disconnected' });
      expect(await store.claimRefresh(claim(profileId))).toEqual({ outcome: 'gone' });
      expect(found(await store.claimRefresh(claim('pro_nobody')))).toEqual({ outcome: 'gone' });
    });
  });
}
