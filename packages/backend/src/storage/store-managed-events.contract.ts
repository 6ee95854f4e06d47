import { describe, expect, it } from 'vitest';
import { INVITE } from './invitation-work.ts';
import type { ManagedEvent, NewInvitation } from './questions/managed-events.ts';
import { found, NOW, type Scene, type Standing, winners } from './store-fixtures.contract.ts';

/** Events that applications wrote, and the invitations that tell of them. */
export function managedEventsContract(scene: () => Scene): void {
  const eventOf = async ({ redeemed }: Standing, changes: Partial<ManagedEvent> = {}): Promise<ManagedEvent> => ({
    id: scene().id('evt_'),
    applicationId: scene().application.id,
    accountId: redeemed.accountId,
    profileId: redeemed.profile.id,
    calendarId: 'cal_1',
    eventHash: 'hash-1',
    uid: 'uid-1',
    sequence: 0,
    version: 0,
    contentSealed: 'content sealed',
    firstMonth: 100,
    lastMonth: 101,
    deletedAtMs: undefined,
    createdAtMs: NOW,
    updatedAtMs: NOW,
    ...changes,
  });
  const save = (event: ManagedEvent, invitations: readonly NewInvitation[] = []) =>
    scene().store.saveManagedEvent({ event, invitations, nowMs: NOW });
  const invitation = (to: string): NewInvitation => ({ id: scene().id('inv_'), to, sealed: `letter to ${to} sealed` });
  const letters = async () => {
    const items = await scene().store.leaseLanes({ by: 'contract', nowMs: NOW, untilMs: NOW, limit: 100 });
    return items.filter(({ kind }) => kind === INVITE);
  };

  describe('an event that an application wrote', () => {
    it('is found by its calendar and its hash, as it was stored', async () => {
      const event = await eventOf(await scene().stand());
      expect(await save(event)).toBe(1);
      const { profileId } = event;
      expect(await scene().store.findManagedEvent({ profileId, calendarId: 'cal_1', eventHash: 'hash-1' })).toEqual({
        ...event,
        version: 1,
      });
      expect(await scene().store.findManagedEvent({ profileId, calendarId: 'cal_2', eventHash: 'hash-1' })).toBeUndefined();
      expect(await scene().store.findManagedEvent({ profileId, calendarId: 'cal_1', eventHash: 'hash-2' })).toBeUndefined();
    });

    it('is stored by one of all that store it for the first time at once, and nobody’s letter leaves twice', async () => {
      const standing = await scene().stand();
      expect(await winners(async () => save(await eventOf(standing), [invitation('amira@partner.example')]))).toBe(1);
      expect(await letters()).toHaveLength(1);
    });

    it('is changed by one of all that started from the same version', async () => {
      const event = await eventOf(await scene().stand());
      await save(event);
      expect(await winners(() => save({ ...event, version: 1, sequence: 1 }, [invitation('amira@partner.example')]))).toBe(1);
      expect(await letters()).toHaveLength(1);
      expect(await scene().store.findManagedEvent(event)).toMatchObject({ version: 2, sequence: 1 });
      expect(await save({ ...event, version: 1 })).toBeUndefined();
    });

    it('is not stored for a profile that was revoked meanwhile', async () => {
      const standing = await scene().stand();
      const event = await eventOf(standing);
      await scene().store.revokeGrant({
        applicationId: scene().application.id,
        accountId: event.accountId,
        nowMs: NOW,
        auditId: scene().id('aud_'),
      });
      expect(await save(event, [invitation('amira@partner.example')])).toBeUndefined();
      expect(await letters()).toEqual([]);
      expect(await scene().store.findManagedEvent(event)).toBeUndefined();
    });

    it('is within the months that it touches, until it is deleted', async () => {
      const event = await eventOf(await scene().stand());
      await save(event);
      const within = async (firstMonth: number, lastMonth: number) =>
        (await scene().store.managedEventsWithin({ profileId: event.profileId, firstMonth, lastMonth })).length;
      expect([await within(98, 99), await within(99, 100), await within(101, 102), await within(102, 103)]).toEqual([0, 1, 1, 0]);
      expect(await scene().store.managedEventsOf(event.accountId)).toHaveLength(1);
      await save({ ...event, version: 1, deletedAtMs: NOW });
      expect(await within(100, 101)).toBe(0);
      expect(await scene().store.managedEventsOf(event.accountId)).toEqual([]);
      expect(await scene().store.findManagedEvent(event)).toMatchObject({ deletedAtMs: NOW });
    });
  });

  describe('an invitation', () => {
    it('is noted with its event, in a lane of its recipient, with an id and no address', async () => {
      const event = await eventOf(await scene().stand());
      const [amira, jonas] = [invitation('amira@partner.example'), invitation('jonas@gmail.example')];
      await save(event, [amira, jonas]);
      const later = invitation('Amira@partner.example');
      await save({ ...event, version: 1 }, [later]);
      const items = await letters();
      expect(items.map(({ payload }) => payload)).toEqual(expect.arrayContaining([{ invitationId: amira.id }, { invitationId: jonas.id }]));
      expect(items).toHaveLength(2);
      expect(JSON.stringify(items)).not.toMatch(/amira|jonas/i);
      expect(found(await scene().store.findInvitation(later.id))).toMatchObject({
        managedEventId: event.id,
        applicationId: event.applicationId,
        sealed: later.sealed,
        dataKey: { ownerId: event.accountId },
      });
    });

    it('is gone once it is erased', async () => {
      const event = await eventOf(await scene().stand());
      const letter = invitation('amira@partner.example');
      await save(event, [letter]);
      await scene().store.eraseInvitation(letter.id);
      expect(await scene().store.findInvitation(letter.id)).toBeUndefined();
    });
  });
}
