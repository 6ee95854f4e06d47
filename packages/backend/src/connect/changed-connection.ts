import type { ChangedConnection } from '@calendar-connect/protocol';
import type { Backend } from '../backend.ts';
import type { Session } from '../storage/session-row.ts';

/** The connection that a session is to change, as it stands; `undefined` where it is to make a new one. */
export async function changedConnection(
  { store }: Pick<Backend, 'store'>,
  { forProfile, applicationId }: Pick<Session, 'forProfile' | 'applicationId'>,
): Promise<ChangedConnection | undefined> {
  const profile = forProfile === undefined ? undefined : await store.findProfileOf({ id: forProfile, applicationId });
  return profile && { profile_id: profile.id, provider: profile.provider, access_mode: profile.accessMode, name: profile.name };
}
