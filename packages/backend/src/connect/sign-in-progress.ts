import type { FailureReason } from '@calendar-connect/protocol';
import type { Backend } from '../backend.ts';
import type { SignInTarget } from '../providers/password-sign-in.ts';
import type { Session } from '../storage/session-row.ts';
import type { SealContext } from '../vault/vault.ts';
import type { RememberedForm } from './user-name-form.ts';

/** Why the person is still on the page. */
export type SignInProblem =
  | { readonly kind: 'address_invalid' | 'server_address_invalid' | 'user_name_invalid' | 'password_invalid' }
  | { readonly kind: 'too_many'; readonly retryAfterSeconds: number }
  | {
      readonly kind: 'failed';
      readonly reason: FailureReason;
      readonly code?: string | undefined;
      readonly host?: string | undefined;
    };

/** How far somebody is who signs in on our own page. The password is never part of it. */
export interface SignInProgress {
  /** Which page they see: the one for address and server, the one that asks for a yes, the one for the password. */
  readonly step: 'address' | 'consent' | 'password';
  /** All three as they were typed. */
  readonly address: string;
  readonly serverAddress?: string | undefined;
  readonly userName?: string | undefined;
  readonly approvedHosts: readonly string[];
  /** With `consent`: the host that is asked about. */
  readonly consentHost?: string | undefined;
  /** With `password`. */
  readonly target?: SignInTarget | undefined;
  /** What colleagues' user names look like at the target. */
  readonly form?: RememberedForm | undefined;
  readonly problem?: SignInProblem | undefined;
}

/** Where everybody begins. */
export const BEGINNING: SignInProgress = { step: 'address', address: '', approvedHosts: [] };

type Deps = Pick<Backend, 'store' | 'vault' | 'changes' | 'now'>;

function placeOf(session: Session): SealContext {
  return { purpose: 'session.sign_in/1', rowId: session.id, applicationId: session.applicationId };
}

/** Reads how far somebody is. */
export async function readProgress({ store, vault }: Deps, session: Session): Promise<SignInProgress> {
  const sealed = await store.findSignIn(session.id);
  if (sealed === undefined) return BEGINNING;
  // Only `writeProgress` wrote it; the vault has just proven that.
  return JSON.parse(vault.open(await store.findDataKey(session.applicationId), placeOf(session), sealed)) as SignInProgress;
}

/** Remembers how far somebody is, and tells the session's page and the partner's server what has failed, if anything has. */
export async function writeProgress({ store, vault, changes, now }: Deps, session: Session, progress: SignInProgress): Promise<void> {
  const dataKey = await store.findDataKey(session.applicationId);
  const stateSealed = vault.seal(dataKey, placeOf(session), JSON.stringify(progress));
  await store.storeSignIn({ sessionId: session.id, stateSealed, nowMs: now() });
  const failed = progress.problem?.kind === 'failed' ? progress.problem : undefined;
  if (failed?.reason === session.failureReason && failed?.code === session.failureCode) return;
  await store.noteSignInProblem({ sessionId: session.id, reason: failed?.reason, code: failed?.code });
  changes.announce(session.id);
}
