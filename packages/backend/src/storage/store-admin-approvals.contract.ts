import { describe, expect, it } from 'vitest';
import type { Waiting } from './questions/admin-approvals.ts';
import type { Session } from './session-row.ts';
import { found, HOUR, MINUTE, NOW, type Scene, winners } from './store-fixtures.contract.ts';

const DAY = 24 * HOUR;
const ORGANISATION = 'tenant-1';

/** Waiting for an administrator. */
export function adminApprovalsContract(scene: () => Scene): void {
  const turnAway = async (session: Session): Promise<Waiting> => found(await turnAwayMaybe(session));
  const turnAwayMaybe = (session: Session): Promise<Waiting | undefined> => {
    const id = scene().id('apr_');
    return scene().store.waitForAdmin({
      sessionId: session.id,
      candidate: { id, linkHash: `link of ${id}`, linkSealed: 'link sealed' },
      nowMs: NOW,
      expiresAtMs: NOW + 28 * DAY,
      probeNotBeforeMs: NOW + MINUTE,
    });
  };
  const waitAt = async (organisation: string | undefined, session: Parameters<Scene['addTrip']>[0] = {}): Promise<Waiting> => {
    const waiting = await turnAway(await scene().addTrip(session));
    if (organisation !== undefined) {
      await scene().store.nameOrganisation({ id: waiting.approval.id, email: 'amira@partner.example', organisation, nowMs: NOW });
    }
    return waiting;
  };
  const approve = (waiting: Waiting, changes: { accessMode?: 'full' | 'free_busy'; organisation?: string } = {}) =>
    scene().store.approveOrganisation({
      id: waiting.approval.id,
      providerClientId: scene().providerClientId,
      organisation: ORGANISATION,
      accessMode: 'full',
      nowMs: NOW,
      ...changes,
    });
  const stateOf = async (waiting: Waiting): Promise<string> => found(await scene().store.findSession(waiting.session.id)).state;
  const endUser = 'user-1';
  const resume = (session: Session, changes: { sinceMs?: number; providerClientIds?: string[]; provider?: string } = {}) =>
    scene().store.resumeWaiting({
      sessionId: session.id,
      applicationId: session.applicationId,
      endUser,
      offered: [{ provider: changes.provider ?? 'google', accessMode: 'full' }],
      providerClientIds: changes.providerClientIds ?? [scene().providerClientId],
      sinceMs: changes.sinceMs ?? NOW - DAY,
      expiresAtMs: NOW + 28 * DAY,
    });

  describe('waiting for an administrator', () => {
    it('lets a session that was turned away live for weeks', async () => {
      const { session, approval, isNew } = await waitAt(undefined);
      expect(session).toMatchObject({ state: 'waiting_for_admin', expiresAtMs: NOW + 28 * DAY, adminApprovalId: approval.id });
      expect(approval).toMatchObject({ state: 'waiting', provider: 'google', accessMode: 'full', organisation: undefined });
      expect(isNew).toBe(true);
    });

    it('is one thing to wait for, however often the person is turned away', async () => {
      const first = await waitAt(ORGANISATION);
      const again = await turnAway(first.session);
      expect([again.approval.id, again.isNew, again.session.version]).toEqual([first.approval.id, false, first.session.version + 1]);
      expect((await turnAway(again.session)).session.version).toBe(again.session.version);
    });

    it('is nothing for a session that has ended, or was at no provider', async () => {
      const { store, addSession, addTrip } = scene();
      expect(await turnAwayMaybe(await addSession())).toBeUndefined();
      const ended = await addTrip();
      await store.endSession({ id: ended.id, state: 'cancelled', nowMs: NOW });
      expect(await turnAwayMaybe(ended)).toBeUndefined();
    });

    it('ends for everybody of the organisation at once, and for nobody else', async () => {
      const ours = [await waitAt(ORGANISATION), await waitAt(ORGANISATION)];
      const others = [await waitAt('tenant-2'), await waitAt(undefined)];
      const { sessionIds } = await approve(found(ours[0]));
      expect(new Set(sessionIds)).toEqual(new Set(ours.map(({ session }) => session.id)));
      expect(await Promise.all(ours.map(stateOf))).toEqual(['approved', 'approved']);
      expect(await Promise.all(others.map(stateOf))).toEqual(['waiting_for_admin', 'waiting_for_admin']);
      expect(await scene().store.countAllowed(found(await scene().store.findAdminApproval(found(ours[0]).approval.id)))).toBe(2);
    });

    it('goes on where the organisation was not known before the administrator proved theirs', async () => {
      const waiting = await waitAt(undefined);
      await approve(waiting);
      expect(await stateOf(waiting)).toBe('approved');
      expect(await scene().store.findAdminApproval(waiting.approval.id)).toMatchObject({ organisation: ORGANISATION, state: 'approved' });
    });

    it('is not ended by an approval of less, or of another client', async () => {
      const waiting = await waitAt(ORGANISATION);
      await approve(waiting, { accessMode: 'free_busy' });
      await scene().store.approveOrganisation({
        id: waiting.approval.id,
        providerClientId: 'pcl_another',
        organisation: ORGANISATION,
        accessMode: 'full',
        nowMs: NOW,
      });
      expect(await stateOf(waiting)).toBe('waiting_for_admin');
    });

    it('goes on after an administrator said no, and another said yes', async () => {
      const { store } = scene();
      const waiting = await waitAt(ORGANISATION);
      expect(await store.declineApproval({ id: waiting.approval.id, nowMs: NOW })).toEqual([waiting.session.id]);
      expect(await stateOf(waiting)).toBe('waiting_for_admin');
      await approve(waiting);
      expect(await stateOf(waiting)).toBe('approved');
      expect(await store.declineApproval({ id: waiting.approval.id, nowMs: NOW })).toEqual([]);
      expect(await stateOf(waiting)).toBe('approved');
    });

    it('begins again where the approved person is turned away all the same', async () => {
      const waiting = await waitAt(ORGANISATION);
      await approve(waiting);
      const again = await turnAway(waiting.session);
      expect([again.session.state, again.approval.state, again.isNew]).toEqual(['waiting_for_admin', 'waiting', false]);
    });

    it('connects from waiting as from the provider', async () => {
      const { store, connection } = scene();
      const waiting = await waitAt(ORGANISATION);
      expect(await store.connectSession(connection(waiting.session.id))).toMatchObject({ state: 'connected' });
      expect(await store.findAdminApproval(waiting.approval.id)).toMatchObject({
        state: 'waiting',
        closedAtMs: NOW,
        email: 'partner.example',
      });
    });

    it('goes on waiting while a person tries again, and is over when they choose something else', async () => {
      const { store, providerClientId } = scene();
      const waiting = await waitAt(ORGANISATION);
      const departure = {
        id: waiting.session.id,
        provider: 'google',
        accessMode: 'full',
        providerClientId,
        browserHash: 'browser-1',
        providerStateHash: 'state-2',
        providerNonce: 'nonce-2',
        providerStateSealed: 'state-sealed',
        providerVerifierSealed: 'sealed verifier',
        interaction: 'choose',
        nowMs: NOW,
      } as const;
      expect(await store.departToProvider({ ...departure, keepsWaiting: true })).toBe(true);
      expect(await stateOf(waiting)).toBe('waiting_for_admin');
      expect(await store.takeProviderState({ id: waiting.session.id, stateHash: 'state-2', nowMs: NOW })).toBeDefined();
      expect(await store.departToProvider(departure)).toBe(true);
      expect(await store.findSession(waiting.session.id)).toMatchObject({ state: 'at_provider', adminApprovalId: undefined });
      expect(await store.departToProvider({ ...departure, keepsWaiting: true })).toBe(false);
    });

    it('is tried by itself by one page at a time, not before it is due, and not once it is approved', async () => {
      const { store } = scene();
      const { approval } = await waitAt(ORGANISATION);
      const probe = (nowMs: number) => store.takeProbe({ id: approval.id, nowMs, nextNotBeforeMs: nowMs + HOUR });
      expect(await probe(NOW)).toBe(false);
      expect(await winners(() => probe(NOW + MINUTE))).toBe(1);
      expect(await store.findAdminApproval(approval.id)).toMatchObject({ probes: 1, probeNotBeforeMs: NOW + MINUTE + HOUR });
      await store.declineApproval({ id: approval.id, nowMs: NOW });
      // Nobody tells of a change of mind in the provider's own console either.
      expect(await probe(NOW + DAY)).toBe(true);
    });

    it('takes the state of an administrator’s trip once', async () => {
      const { store } = scene();
      const { approval } = await waitAt(ORGANISATION);
      await store.departAdmin({ id: approval.id, browserHash: 'browser-2', stateHash: 'state-a' });
      expect(await winners(() => store.takeAdminState({ id: approval.id, stateHash: 'state-a' }))).toBe(1);
      expect(await store.takeAdminState({ id: approval.id, stateHash: 'state-b' })).toBeUndefined();
    });

    it('is found again by the person whom the partner’s server named, in another session', async () => {
      const { addSession } = scene();
      const waiting = await waitAt(ORGANISATION, { endUser });
      const later = await addSession({ endUser });
      expect(await resume(later)).toMatchObject({ state: 'waiting_for_admin', provider: 'google', adminApprovalId: waiting.approval.id });
      await approve(waiting);
      expect(found(await scene().store.findSession(later.id)).state).toBe('approved');
      expect(await resume(await addSession({ endUser }))).toMatchObject({ state: 'approved' });
    });

    it('is not found by another person, for another offer, too late, or after it came to an end', async () => {
      const { store, addSession, connection } = scene();
      const waiting = await waitAt(ORGANISATION, { endUser: 'user-2' });
      expect(await resume(await addSession({ endUser }))).toBeUndefined();
      const mine = await waitAt(ORGANISATION, { endUser });
      expect(await resume(await addSession({ endUser }), { provider: 'icloud' })).toBeUndefined();
      expect(await resume(await addSession({ endUser }), { providerClientIds: ['pcl_another'] })).toBeUndefined();
      expect(await resume(await addSession({ endUser }), { sinceMs: NOW + 1 })).toBeUndefined();
      await store.connectSession(connection(mine.session.id));
      expect(await resume(await addSession({ endUser }))).toBeUndefined();
      expect(await stateOf(waiting)).toBe('waiting_for_admin');
    });

    it('is over in every window when the person has connected, or has given up, and in no later one', async () => {
      for (const end of ['connect', 'cancelled', 'declined'] as const) {
        const { store, addSession, connection } = scene();
        const waiting = await waitAt(ORGANISATION, { endUser });
        const later = found(await resume(await addSession({ endUser })));
        if (end === 'connect') await store.connectSession(connection(later.id));
        else await store.endSession({ id: later.id, state: end, nowMs: NOW });
        expect([end, await stateOf(waiting)]).toEqual([end, 'cancelled']);
        expect(await resume(await addSession({ endUser }))).toBeUndefined();
      }
    });

    it('goes on with a new session of somebody who is known, where one failed', async () => {
      const { store, addSession } = scene();
      const waiting = await waitAt(ORGANISATION, { endUser });
      await store.endSession({ id: waiting.session.id, state: 'failed', reason: 'wrong_account', nowMs: NOW });
      expect(await resume(await addSession({ endUser }))).toMatchObject({ state: 'waiting_for_admin' });
    });

    it('stays approved for whoever set out before the approval and was turned away by what held then', async () => {
      const waiting = await waitAt(ORGANISATION);
      await scene().store.approveOrganisation({
        id: waiting.approval.id,
        providerClientId: scene().providerClientId,
        organisation: ORGANISATION,
        accessMode: 'full',
        nowMs: NOW + MINUTE,
      });
      expect((await turnAway(waiting.session)).session.state).toBe('approved');
    });

    it('is told to the partner’s server: that it began, of which organisation, and that the person no longer wants it', async () => {
      const { store, application } = scene();
      await store.changeApplication(application.id, () => ({ change: { notificationUrl: 'https://app.example/told' } }));
      const { session } = await waitAt(ORGANISATION);
      await store.endSession({ id: session.id, state: 'declined', nowMs: NOW });
      const told = [];
      let next = (await store.leaseLanes({ by: 'me', nowMs: NOW, untilMs: NOW + MINUTE, limit: 9 })).find(({ kind }) => kind === 'notify');
      while (next !== undefined) {
        told.push([next.payload['type'], next.payload['decision']]);
        next = await store.finishWork({ laneId: next.laneId, position: next.position, by: 'me', nowMs: NOW, untilMs: NOW + MINUTE });
      }
      expect(told).toEqual([
        ['pending_admin_approval', undefined],
        ['pending_admin_approval', undefined],
        ['admin_approval_decided', 'withdrawn'],
      ]);
    });

    it('forgets the no of an organisation when another is named', async () => {
      const { store } = scene();
      const { approval } = await waitAt(ORGANISATION);
      await store.declineApproval({ id: approval.id, nowMs: NOW });
      await store.nameOrganisation({ id: approval.id, email: 'x@partner.example', organisation: ORGANISATION, nowMs: NOW });
      expect(await store.findAdminApproval(approval.id)).toMatchObject({ state: 'declined' });
      await store.nameOrganisation({ id: approval.id, email: 'x@council.example', organisation: 'tenant-2', nowMs: NOW });
      expect(await store.findAdminApproval(approval.id)).toMatchObject({ state: 'waiting', organisation: 'tenant-2' });
    });
  });
}
