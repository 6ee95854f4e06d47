import { describe, expect, it } from 'vitest';
import { MAIL } from './mail-work.ts';
import type { MailClaim } from './questions/mail.ts';
import type { WorkItem } from './questions/work.ts';
import type { Session } from './session-row.ts';
import { found, HOUR, MINUTE, NOW, type Scene, winners } from './store-fixtures.contract.ts';

const DAY = 24 * HOUR;
const ORGANISATION = 'tenant-1';

/** Mails to people who waited, and how many there may be. */
export function mailContract(scene: () => Scene): void {
  const waitAs = async (email: string, session: Session): Promise<string> => {
    const { store, id } = scene();
    const candidate = { id: id('apr_'), linkHash: `link of ${session.id}`, linkSealed: 'link sealed' };
    const times = { nowMs: NOW, expiresAtMs: NOW + 28 * DAY, probeNotBeforeMs: NOW + MINUTE };
    await store.waitForAdmin({ sessionId: session.id, candidate, ...times });
    await store.nameOrganisation({ id: candidate.id, email, organisation: ORGANISATION, nowMs: NOW });
    return candidate.id;
  };
  const approve = (id: string) =>
    scene().store.approveOrganisation({
      id,
      providerClientId: scene().providerClientId,
      organisation: ORGANISATION,
      accessMode: 'full',
      nowMs: NOW,
    });
  const want = () => scene().store.changeApplication(scene().application.id, () => ({ change: { mailsApprovals: true } }));
  const dueAt = async (nowMs: number): Promise<WorkItem[]> => {
    const items = await scene().store.leaseLanes({ by: 'contract', nowMs, untilMs: nowMs, limit: 1000 });
    return items.filter(({ kind }) => kind === MAIL);
  };

  describe('mails to people who waited', () => {
    it('are noted together with the decision, for a minute later, each in a lane of its own, with ids and no address', async () => {
      await want();
      const first = await waitAs('amira@partner.example', await scene().addTrip());
      const second = await waitAs('jonas@partner.example', await scene().addTrip({ secretHash: 'secret-2' }));
      await approve(first);
      expect(await dueAt(NOW + MINUTE - 1)).toEqual([]);
      const items = await dueAt(NOW + MINUTE);
      expect(new Set(items.map(({ laneId }) => laneId)).size).toBe(2);
      expect(items.map(({ payload }) => payload)).toEqual(
        expect.arrayContaining([first, second].map((approvalId) => ({ about: 'approval', approvalId, organisation: ORGANISATION }))),
      );
    });

    it('are not noted where the application does not want them, nor where there is a domain and no address', async () => {
      await approve(await waitAs('amira@partner.example', await scene().addTrip()));
      await want();
      await approve(await waitAs('partner.example', await scene().addTrip({ secretHash: 'secret-2' })));
      expect(await dueAt(NOW + DAY)).toEqual([]);
    });

    it('are 500 for one decision at most: those who waited longest', async () => {
      await want();
      const ids = Array.from({ length: 502 }, (_, n) => `apr_${String(n).padStart(4, '0')}`);
      const session = await scene().addTrip();
      const approval = found(await scene().store.findAdminApproval(await waitAs('amira@partner.example', session)));
      expect(
        await scene().store.addApprovalMails(
          ids.toReversed().map((id) => ({ ...approval, id })),
          NOW,
        ),
      ).toBe(500);
      const noted = (await dueAt(NOW + MINUTE)).map(({ payload }) => payload['approvalId'] ?? '').toSorted();
      expect(noted).toEqual(ids.slice(0, 500));
    });

    it('find all the sessions of their approval, newest first', async () => {
      const { store, addSession, addTrip } = scene();
      const session = await addTrip({ endUser: 'user-1' });
      const approvalId = await waitAs('amira@partner.example', session);
      const later = await addSession({ endUser: 'user-1', secretHash: 'secret-2' });
      await store.resumeWaiting({
        sessionId: later.id,
        applicationId: later.applicationId,
        endUser: 'user-1',
        offered: [{ provider: 'google', accessMode: 'full' }],
        providerClientIds: [scene().providerClientId],
        sinceMs: NOW - DAY,
        expiresAtMs: NOW + 28 * DAY,
      });
      await addSession({ secretHash: 'secret-3' });
      expect((await store.sessionsOfApproval(approvalId)).map(({ id }) => id)).toEqual([later.id, session.id]);
    });
  });

  describe('the right to send a mail', () => {
    const claim = (changes: Partial<MailClaim> = {}): Promise<boolean> => {
      const nowMs = changes.nowMs ?? NOW;
      const claimed = { subjects: ['to-1', 'about-1'], item: 'mail-1', nowMs, forgetBeforeMs: nowMs - DAY };
      return scene().store.claimMail({ ...claimed, ...changes });
    };

    it('is one mail’s in a day, however many want it at once', async () => {
      let n = 0;
      expect(await winners(() => claim({ item: `mail-${(n += 1)}` }))).toBe(1);
      expect(await claim({ item: 'late', nowMs: NOW + DAY - 1 })).toBe(false);
      expect(await claim({ item: 'next day', nowMs: NOW + DAY })).toBe(true);
    });

    it('is not given where one of several subjects is taken', async () => {
      await claim();
      expect(await claim({ item: 'mail-2', subjects: ['to-2', 'about-1'] })).toBe(false);
      expect(await claim({ item: 'mail-3', subjects: ['to-3', 'about-3'] })).toBe(true);
    });

    it('stays with the mail that has it until that is settled, and counts from its last attempt', async () => {
      await claim();
      expect(await claim({ nowMs: NOW + 23 * HOUR })).toBe(true);
      expect(await claim({ item: 'mail-2', nowMs: NOW + 30 * HOUR })).toBe(false);
      await scene().store.settleMail({ item: 'mail-1', nowMs: NOW + 30 * HOUR });
      expect(await claim({ nowMs: NOW + 31 * HOUR })).toBe(false);
      expect(await claim({ item: 'mail-2', nowMs: NOW + 31 * HOUR })).toBe(false);
      expect(await claim({ item: 'mail-2', nowMs: NOW + 47 * HOUR })).toBe(true);
    });
  });
}
