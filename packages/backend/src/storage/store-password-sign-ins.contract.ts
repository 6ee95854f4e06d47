import { describe, expect, it } from 'vitest';
import type { DomainServerKey, ServerUse } from './questions/domain-servers.ts';
import { HOUR, NOW, type Scene } from './store-fixtures.contract.ts';

const PROVIDER = 'exchange';
const EWS = 'https://mail.corp.example/EWS/Exchange.asmx';

/** Signing in with a password on our own page, and the servers that are remembered for it. */
export function passwordSignInsContract(scene: () => Scene): void {
  async function addSignIn(changes: Parameters<Scene['addSession']>[0] = {}) {
    const { id } = await scene().addSession(changes);
    await scene().store.awaitCredentials({ id, browserHash: 'browser-1', provider: PROVIDER, accessMode: 'full' });
    return id;
  }

  describe('a sign-in on our own page', () => {
    it('is remembered in the place of what was before, and erased', async () => {
      const { store } = scene();
      const sessionId = await addSignIn();
      expect(await store.findSignIn(sessionId)).toBeUndefined();
      await store.storeSignIn({ sessionId, stateSealed: 'first', nowMs: NOW });
      await store.storeSignIn({ sessionId, stateSealed: 'second', nowMs: NOW });
      expect(await store.findSignIn(sessionId)).toBe('second');
      await store.eraseSignIn(sessionId);
      expect(await store.findSignIn(sessionId)).toBeUndefined();
    });

    it('tells why a try has failed while it goes on, and no longer once it connects', async () => {
      const { store } = scene();
      const sessionId = await addSignIn();
      const before = await store.findSession(sessionId);
      await store.noteSignInProblem({ sessionId, reason: 'account_locked', code: 'ErrorPasswordExpired' });
      expect(await store.findSession(sessionId)).toMatchObject({
        state: 'needs_credentials',
        version: (before?.version ?? 0) + 1,
        failureReason: 'account_locked',
        failureCode: 'ErrorPasswordExpired',
      });
      const connection = scene().connection(sessionId, { provider: PROVIDER, accessMode: 'full', onOwnPage: true });
      expect(await store.connectSession(connection)).toMatchObject({
        state: 'connected',
        failureReason: undefined,
        failureCode: undefined,
      });
    });

    it('tells nothing of a session that has gone on to a provider', async () => {
      const { store, addTrip } = scene();
      const { id: sessionId } = await addTrip();
      await store.noteSignInProblem({ sessionId, reason: 'wrong_password' });
      expect(await store.findSession(sessionId)).toMatchObject({ state: 'at_provider', failureReason: undefined });
    });

    it('connects only the session that waits for it, by that provider and in that mode', async () => {
      const { store, connection, addTrip, addProof } = scene();
      const own = { provider: PROVIDER, accessMode: 'full', onOwnPage: true } as const;
      const trip = await addTrip();
      const proof = await addProof({ secretHash: 'secret-2' });
      const sessionId = await addSignIn({ secretHash: 'secret-3' });
      for (const { id } of [trip, proof]) expect(await store.connectSession(connection(id, own))).toBeUndefined();
      expect(await store.connectSession(connection(sessionId, { ...own, accessMode: 'free_busy' }))).toBeUndefined();
      expect(await store.connectSession(connection(sessionId, { ...own, onOwnPage: false }))).toBeUndefined();
      expect(await store.connectSession(connection(sessionId, own))).toMatchObject({ state: 'connected' });
    });

    it('is forgotten when its session is over or goes on elsewhere', async () => {
      const { store } = scene();
      const [going, ended, expired] = [
        await addSignIn(),
        await addSignIn({ secretHash: 'secret-2' }),
        await addSignIn({ secretHash: 'secret-3', expiresAtMs: NOW }),
      ];
      for (const sessionId of [going, ended, expired]) await store.storeSignIn({ sessionId, stateSealed: 'sealed', nowMs: NOW });
      await store.endSession({ id: ended, state: 'declined', nowMs: NOW });
      await store.forgetSignIns({ nowMs: NOW });
      expect([await store.findSignIn(going), await store.findSignIn(ended), await store.findSignIn(expired)]).toEqual([
        'sealed',
        undefined,
        undefined,
      ]);
    });
  });

  const key = (): DomainServerKey => ({ applicationId: scene().application.id, provider: PROVIDER, mailDomain: 'corp.example' });
  const use = (changes: Partial<ServerUse> = {}): ServerUse => ({
    ...key(),
    ewsUrl: EWS,
    state: 'usable',
    vouchedBy: 'domain',
    userNameDomain: 'CORP',
    userNameForm: 'local_part',
    offersNtlm: true,
    evidence: 'typed',
    nowMs: NOW,
    expiresAtMs: NOW + HOUR,
    ...changes,
  });
  const known = (nowMs = NOW) => scene().store.findDomainServers({ ...key(), nowMs });
  const named = () => ({ ...key(), ewsUrl: EWS });

  describe('a server of a mail domain', () => {
    it('is remembered with how it was used first and last', async () => {
      await scene().store.rememberServer(use());
      await scene().store.rememberServer(use({ userNameForm: 'own', evidence: 'known', nowMs: NOW + 1, expiresAtMs: NOW + HOUR + 1 }));
      const { nowMs: _, ...rest } = use({ userNameForm: 'own', evidence: 'known', expiresAtMs: NOW + HOUR + 1 });
      expect(await known()).toEqual([{ ...rest, firstUsedAtMs: NOW, lastUsedAtMs: NOW + 1 }]);
    });

    it('is shown to its application, provider and domain alone', async () => {
      const { store, addApplication } = scene();
      await store.rememberServer(use());
      const other = await addApplication();
      for (const changes of [{ applicationId: other.id }, { provider: 'icloud' }, { mailDomain: 'corp.example.org' }]) {
        expect(await store.findDomainServers({ ...key(), ...changes, nowMs: NOW })).toEqual([]);
      }
      expect(await store.listDomainServers({ applicationId: other.id })).toEqual([]);
      expect(await store.listDomainServers({})).toHaveLength(1);
    });

    it('has offered NTLM from the first time on, whatever somebody sees of it later', async () => {
      for (const offersNtlm of [false, true, false]) await scene().store.rememberServer(use({ offersNtlm }));
      expect(await known()).toMatchObject([{ offersNtlm: true }]);
      await scene().store.forgetServer(named());
      await scene().store.rememberServer(use({ offersNtlm: false }));
      expect(await known()).toMatchObject([{ offersNtlm: false }]);
    });

    it('expires, and is forgotten then', async () => {
      await scene().store.rememberServer(use());
      expect(await known(NOW + HOUR)).toEqual([]);
      await scene().store.forgetExpiredServers({ nowMs: NOW + HOUR });
      expect(await scene().store.listDomainServers({})).toEqual([]);
    });

    it('comes first where the operator has named it, and else where it was used first: nobody displaces a server of others', async () => {
      const { store } = scene();
      await store.rememberServer(use({ ewsUrl: `${EWS}?1`, nowMs: NOW }));
      await store.rememberServer(use({ ewsUrl: `${EWS}?2`, nowMs: NOW + 2 }));
      const order = async () => (await known()).map(({ ewsUrl }) => ewsUrl);
      expect(await order()).toEqual([`${EWS}?1`, `${EWS}?2`]);
      const said = { userNameDomain: undefined, userNameForm: 'address' } as const;
      await store.addServerOfOperator({ ...named(), ...said, nowMs: NOW + 3 });
      expect(await order()).toEqual([EWS, `${EWS}?1`, `${EWS}?2`]);
      await store.addServerOfOperator({ ...named(), ewsUrl: `${EWS}?2`, ...said, nowMs: NOW + 4 });
      await store.rememberServer(use({ nowMs: NOW + 5 }));
      expect(await order()).toEqual([`${EWS}?2`, EWS, `${EWS}?1`]);
    });

    it('has user names as the operator has said, whatever works for somebody', async () => {
      const { store } = scene();
      await store.addServerOfOperator({ ...named(), userNameDomain: 'CORP', userNameForm: 'local_part', nowMs: NOW });
      await store.rememberServer(use({ userNameDomain: undefined, userNameForm: 'own', nowMs: NOW + 1 }));
      expect(await known()).toMatchObject([{ userNameDomain: 'CORP', userNameForm: 'local_part', lastUsedAtMs: NOW + 1 }]);
    });

    it('waits for the operator as long as only people say so, and stays allowed as it was from then on', async () => {
      const { store } = scene();
      const typed = use({ state: 'waiting', vouchedBy: 'person' });
      await store.rememberServer(typed);
      await store.rememberServer(typed);
      expect(await known()).toMatchObject([{ state: 'waiting', vouchedBy: 'person' }]);
      expect(await store.allowServer(named())).toBe(true);
      await store.rememberServer({ ...typed, userNameForm: 'own' });
      expect(await known(NOW + 9 * HOUR)).toMatchObject([
        { state: 'usable', vouchedBy: 'operator', expiresAtMs: undefined, userNameForm: 'local_part' },
      ]);
    });

    it('waits beside 19 others of its domain at most: the one used longest ago goes, and none that is usable', async () => {
      const { store } = scene();
      const waiting = (name: string, nowMs: number) => use({ ewsUrl: `${EWS}?${name}`, state: 'waiting', vouchedBy: 'person', nowMs });
      await store.rememberServer(use());
      await store.rememberServer({ ...waiting('other', NOW), mailDomain: 'other.example' });
      for (let n = 0; n < 22; n += 1) await store.rememberServer(waiting(String(n), NOW + n));
      await store.rememberServer(waiting('2', NOW + 30));
      await store.rememberServer(waiting('new', NOW + 31));
      const names = (await known()).filter(({ state }) => state === 'waiting').map(({ ewsUrl }) => ewsUrl.slice(EWS.length + 1));
      expect(names.toSorted()).toEqual(['2', ...Array.from({ length: 18 }, (_, index) => String(index + 4)), 'new'].toSorted());
      expect(await known()).toHaveLength(21);
      expect(await store.findDomainServers({ ...key(), mailDomain: 'other.example', nowMs: NOW })).toHaveLength(1);
    });

    it('is forgotten by name; one of the operator’s not because a connection went wrong', async () => {
      const { store } = scene();
      expect(await store.allowServer(named())).toBe(false);
      expect(await store.forgetServer(named())).toBe(false);
      await store.rememberServer(use());
      expect(await store.forgetServer({ ...named(), learnedOnly: true })).toBe(true);
      await store.addServerOfOperator({ ...named(), userNameDomain: 'CORP', userNameForm: 'local_part', nowMs: NOW });
      expect(await store.forgetServer({ ...named(), learnedOnly: true })).toBe(false);
      expect(await store.forgetServer(named())).toBe(true);
      expect(await known()).toEqual([]);
    });
  });
}
