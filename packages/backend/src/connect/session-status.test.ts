import { SESSION_STATES, type SessionState } from '@calendar-connect/protocol';
import { describe, expect, it } from 'vitest';
import { createScene, found, HOUR, NOW } from '../storage/store-fixtures.contract.ts';
import type { Session } from '../storage/session-row.ts';
import { allMigrations } from '../storage/migrations/all.ts';
import { migrate } from '../storage/migrations.ts';
import { openSqlite } from '../storage/sqlite.ts';
import { createStore } from '../storage/store.ts';
import { hashSecret } from '../vault/secrets.ts';
import { sessionBySecret, stateOf, versionOf } from './session-status.ts';

async function anySession(): Promise<Session> {
  const engine = openSqlite({ file: ':memory:' });
  await migrate(engine, allMigrations);
  const { store, addSession } = await createScene(createStore(engine));
  const session = await addSession();
  await store.close();
  return session;
}

describe('the state of a session', () => {
  it('is as stored until its time is over, on the dot', async () => {
    const session = await anySession();
    for (const state of SESSION_STATES) expect(stateOf({ ...session, state }, NOW + HOUR - 1)).toBe(state);
  });

  it('is expired from then on, unless it had ended without a connection or was redeemed', async () => {
    const session = await anySession();
    const after = (state: SessionState, changes: Partial<Session> = {}) => stateOf({ ...session, ...changes, state }, NOW + HOUR);
    for (const state of ['created', 'at_provider', 'needs_credentials', 'waiting_for_admin', 'approved', 'connected'] as const) {
      expect(after(state)).toBe('expired');
    }
    for (const state of ['declined', 'cancelled', 'failed', 'expired'] as const) expect(after(state)).toBe(state);
    expect(after('connected', { isRedeemed: true })).toBe('connected');
  });

  it('is expired a minute and a half after the provider’s answer was taken and came to nothing: the process died', async () => {
    const session = { ...(await anySession()), arrivedAtMs: NOW };
    expect(stateOf({ ...session, state: 'at_provider' }, NOW + 89_999)).toBe('at_provider');
    expect(stateOf({ ...session, state: 'at_provider' }, NOW + 90_000)).toBe('expired');
    expect(stateOf({ ...session, state: 'connected' }, NOW + 90_000)).toBe('connected');
  });

  it('has a version that expiring changes too', async () => {
    const session = { ...(await anySession()), version: 3 };
    expect([versionOf(session, NOW + HOUR - 1), versionOf(session, NOW + HOUR)]).toEqual([3, 4]);
    expect(versionOf({ ...session, state: 'cancelled' }, NOW + HOUR)).toBe(3);
  });
});

describe('a session by its secret', () => {
  const finding = (session: Session | undefined) => ({ findSession: () => Promise.resolve(session) });

  it('is found by whoever holds it', async () => {
    const session = { ...(await anySession()), secretHash: hashSecret('secret') };
    const { id, applicationId } = session;
    expect(found(await sessionBySecret(finding(session), { id, secret: 'secret' }))).toBe(session);
    expect(await sessionBySecret(finding(session), { id, secret: 'secret', applicationId })).toBe(session);
  });

  it('is not found otherwise, and every refusal is the same', async () => {
    const session = { ...(await anySession()), secretHash: hashSecret('secret') };
    const { id } = session;
    const refused = { code: 'session_not_found', message: expect.stringContaining('No session has this id and secret.') };
    await expect(sessionBySecret(finding(session), { id, secret: 'wrong' })).rejects.toMatchObject(refused);
    await expect(sessionBySecret(finding(session), { id, secret: 'secret', applicationId: 'app_2' })).rejects.toMatchObject(refused);
    await expect(sessionBySecret(finding(undefined), { id, secret: 'secret' })).rejects.toMatchObject(refused);
    await expect(sessionBySecret(finding({ ...session, secretHash: undefined }), { id, secret: '' })).rejects.toMatchObject(refused);
  });
});
