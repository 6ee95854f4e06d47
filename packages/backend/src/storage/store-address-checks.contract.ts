import { describe, expect, it } from 'vitest';
import { MAIL, nameOfCode } from './mail-work.ts';
import type { NewAddressCheck } from './questions/address-checks.ts';
import type { WorkItem } from './questions/work.ts';
import type { Session } from './session-row.ts';
import { HOUR, MINUTE, NOW, type Scene } from './store-fixtures.contract.ts';

const LIMIT = { codes: 3, withinMs: HOUR };
const MAX_ATTEMPTS = 5;

/** Addresses that are proven by a code. */
export function addressChecksContract(scene: () => Scene): void {
  const prove: Scene['addProof'] = (changes) => scene().addProof(changes);
  const check = (session: Session, changes: Partial<NewAddressCheck> = {}): NewAddressCheck => ({
    sessionId: session.id,
    emailSealed: 'email sealed',
    codeSealed: 'code sealed',
    createdAtMs: NOW,
    expiresAtMs: (changes.createdAtMs ?? NOW) + 10 * MINUTE,
    mailbox: 'mailbox-1',
    limit: LIMIT,
    ...changes,
  });
  const store = (...of: Parameters<typeof check>) => scene().store.storeAddressCheck(check(...of));
  const takeTry = (session: Session, nowMs = NOW) => scene().store.takeCodeTry({ sessionId: session.id, maxAttempts: MAX_ATTEMPTS, nowMs });
  const noted = async (nowMs = NOW): Promise<WorkItem[]> => {
    const items = await scene().store.leaseLanes({ by: 'contract', nowMs, untilMs: nowMs, limit: 100 });
    return items.filter(({ kind }) => kind === MAIL);
  };

  describe('a code that proves an address', () => {
    it('is stored together with the work of mailing it at once, which names it without telling it', async () => {
      const session = await prove();
      expect(await store(session)).toEqual({ outcome: 'stored' });
      expect(await scene().store.findAddressCheck(session.id)).toEqual({
        sessionId: session.id,
        emailSealed: 'email sealed',
        codeSealed: 'code sealed',
        attempts: 0,
        createdAtMs: NOW,
        expiresAtMs: NOW + 10 * MINUTE,
      });
      const payload = { about: 'address_code', sessionId: session.id, code: nameOfCode('code sealed') };
      expect(await noted()).toMatchObject([{ laneId: `mail:${session.id}`, payload }]);
    });

    it('takes the place of the former one, with all its tries', async () => {
      const session = await prove();
      await store(session);
      await takeTry(session);
      await store(session, { emailSealed: 'another email', codeSealed: 'another code' });
      expect(await takeTry(session)).toMatchObject({ emailSealed: 'another email', codeSealed: 'another code', attempts: 1 });
    });

    it('is stored only while an address is being proven', async () => {
      const trip = await scene().addTrip();
      const ended = await prove({ secretHash: 'secret-2' });
      await scene().store.endSession({ id: ended.id, state: 'declined', nowMs: NOW });
      const expired = await prove({ secretHash: 'secret-3', expiresAtMs: NOW });
      for (const session of [trip, ended, expired]) expect(await store(session)).toEqual({ outcome: 'session_ended' });
      expect(await noted()).toEqual([]);
    });

    it('may be tried five times, however many try at the same instant', async () => {
      const session = await prove();
      await store(session);
      const tries = await Promise.all(Array.from({ length: 40 }, () => takeTry(session)));
      expect(tries.flatMap((each) => each?.attempts ?? []).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
      expect(await scene().store.findAddressCheck(session.id)).toMatchObject({ attempts: MAX_ATTEMPTS });
    });

    it('may be tried until it expires', async () => {
      const session = await prove();
      await store(session);
      expect(await takeTry(session, NOW + 10 * MINUTE)).toBeUndefined();
      expect(await takeTry(session, NOW + 10 * MINUTE - 1)).toBeDefined();
    });

    it('is erased as soon as the session ends, whichever way', async () => {
      const { store: questions, connection } = scene();
      const [declined, connected, erased] = [
        await prove(),
        await prove({ secretHash: 'secret-2' }),
        await prove({ secretHash: 'secret-3' }),
      ];
      for (const session of [declined, connected, erased]) await store(session, { mailbox: session.id });
      await questions.endSession({ id: declined.id, state: 'declined', nowMs: NOW });
      await questions.connectSession(connection(connected.id, { provider: 'none', accessMode: 'no_access' }));
      await questions.eraseAddressCheck(erased.id);
      for (const session of [declined, connected, erased]) expect(await questions.findAddressCheck(session.id)).toBeUndefined();
      expect(await questions.findSession(connected.id)).toMatchObject({ state: 'connected' });
    });

    it('is forgotten once its session has expired, or goes another way', async () => {
      const { store: questions, providerClientId } = scene();
      const [staying, expiring, leaving] = [
        await prove(),
        await prove({ secretHash: 'secret-2', expiresAtMs: NOW + MINUTE }),
        await prove({ secretHash: 'secret-3' }),
      ];
      for (const session of [staying, expiring, leaving]) await store(session, { mailbox: session.id });
      await questions.departToProvider({
        id: leaving.id,
        provider: 'google',
        accessMode: 'full',
        providerClientId,
        browserHash: 'browser-1',
        providerStateHash: 'state-1',
        providerNonce: 'nonce-1',
        providerStateSealed: 'state-sealed',
        providerVerifierSealed: 'sealed verifier',
        interaction: 'choose',
        nowMs: NOW,
      });
      await questions.forgetAddressChecks({ nowMs: NOW + MINUTE });
      const left = await Promise.all([staying, expiring, leaving].map(({ id }) => questions.findAddressCheck(id)));
      expect(left.map((each) => each?.sessionId)).toEqual([staying.id, undefined, undefined]);
    });
  });

  describe('a page on which an address is proven', () => {
    it('can be sent once, as long as it is the newest, in the browser that goes through the session', async () => {
      const { store: questions, addTrip } = scene();
      const { id } = await prove();
      const remember = (ticketHash: string, browserHash = 'browser-1', sessionId = id) =>
        questions.rememberProofPage({ sessionId, browserHash, ticketHash });
      const take = async (ticketHash: string, sessionId = id) => (await questions.takeTicket({ id: sessionId, ticketHash })) !== undefined;
      await remember('first');
      await remember('second');
      await remember('foreign', 'browser-2');
      expect([await take('first'), await take('foreign'), await take('second'), await take('second')]).toEqual([false, false, true, false]);
      const trip = await addTrip();
      await remember('elsewhere', 'browser-1', trip.id);
      expect(await take('elsewhere', trip.id)).toBe(false);
    });
  });

  describe('a connection', () => {
    it('without a provider is made only where an address is being proven, and one at a provider only elsewhere', async () => {
      const { store: questions, addTrip, connection } = scene();
      const trip = await addTrip();
      const proving = await prove({ secretHash: 'secret-2' });
      expect(await questions.connectSession(connection(trip.id, { provider: 'none', accessMode: 'no_access' }))).toBeUndefined();
      expect(await questions.connectSession(connection(proving.id))).toBeUndefined();
    });
  });

  describe('the codes of one mailbox', () => {
    it('are so many within the time, over all sessions, and the answer says when there is another', async () => {
      const sessions = await Promise.all(Array.from({ length: 3 }, (_, n) => prove({ secretHash: `secret-${n}` })));
      for (const [n, session] of sessions.entries()) {
        expect(await store(session, { createdAtMs: NOW + n * MINUTE })).toEqual({ outcome: 'stored' });
      }
      const late = await prove({ secretHash: 'late', expiresAtMs: NOW + 3 * HOUR });
      const tooMany = { outcome: 'too_many', retryAtMs: NOW + HOUR };
      expect(await store(late, { createdAtMs: NOW + 3 * MINUTE })).toEqual(tooMany);
      expect(await store(late, { createdAtMs: NOW + HOUR - 1 })).toEqual(tooMany);
      expect(await scene().store.findAddressCheck(late.id)).toBeUndefined();
      expect(await store(late, { createdAtMs: NOW + 3 * MINUTE, mailbox: 'mailbox-2' })).toEqual({ outcome: 'stored' });
      expect(await store(late, { createdAtMs: NOW + HOUR })).toEqual({ outcome: 'stored' });
      expect(await store(late, { createdAtMs: NOW + HOUR })).toEqual({ outcome: 'too_many', retryAtMs: NOW + MINUTE + HOUR });
    });

    it('are no more where many are asked for at the same instant', async () => {
      const sessions = await Promise.all(Array.from({ length: 10 }, (_, n) => prove({ secretHash: `secret-${n}` })));
      const outcomes = await Promise.all(sessions.map((session, n) => store(session, { codeSealed: `code ${n}` })));
      expect(outcomes.filter(({ outcome }) => outcome === 'stored')).toHaveLength(LIMIT.codes);
      expect(await noted()).toHaveLength(LIMIT.codes);
    });
  });
}
