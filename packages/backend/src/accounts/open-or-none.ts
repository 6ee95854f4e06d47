import type { Backend } from '../backend.ts';
import type { ListedProfile } from '../storage/profile-row.ts';
import { VaultError } from '../vault/vault-error.ts';

/** Opens a profile's list of calendars. One that does not open is told as empty and logged: the account's other profiles are none the worse for it. */
export function openOrNone<T>({ log }: Pick<Backend, 'log'>, profile: Pick<ListedProfile, 'id'>, open: () => readonly T[]): readonly T[] {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    log({ level: 'error', event: 'calendars_unreadable', profile: profile.id, error: error.code });
    return [];
  }
}
