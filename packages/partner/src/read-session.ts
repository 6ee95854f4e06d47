import type { AccessMode, FailureReason, SessionState } from '@calendar-connect/protocol';
import { ask } from './ask.ts';
import { type PartnerCredentials, requireText } from './credentials.ts';
import { type Members, membersOf } from './parsing.ts';

/** What {@link readSession} needs. */
export interface ReadSessionOptions extends PartnerCredentials {
  /** As `createSession` gave it. */
  readonly id: string;
}

/** One of the names that are known today, or one that a newer backend has added: a `switch` over it needs a default. */
export type KnownOrNewer<Name extends string> = Name | (string & Record<never, never>);

/** How a session stands. */
export interface Session {
  readonly id: string;
  /** `connected` means that the person consented; the calendar is yours to use when `accountId` is there as well. */
  readonly state: KnownOrNewer<SessionState>;
  /** Why, where `state` is `failed`. */
  readonly reason: KnownOrNewer<FailureReason> | undefined;
  /** What was asked of the provider and not granted, where `reason` is `scopes_missing`. */
  readonly missingScopes: readonly string[] | undefined;
  readonly provider: string | undefined;
  readonly accessMode: KnownOrNewer<AccessMode> | undefined;
  /** Set once a server has exchanged the session's code. */
  readonly accountId: string | undefined;
  /** Set together with `accountId`. */
  readonly profileId: string | undefined;
  /** Whom your server named. */
  readonly endUser: { readonly id: string; readonly name: string | undefined } | undefined;
}

/**
 * Asks how a session stands: proof for your server, whatever a browser says.
 *
 * @throws PartnerError `session_not_found` where it is not this application's, and the others
 */
export async function readSession(options: ReadSessionOptions): Promise<Session> {
  const id = requireText('id', options.id);
  return parseSession(membersOf(await ask(options, { path: `/connect/sessions/${encodeURIComponent(id)}` })));
}

function parseSession(answer: Members): Session {
  const endUser = answer.optionalMembers('end_user');
  return {
    id: answer.text('id'),
    state: answer.text('state'),
    reason: answer.optionalText('reason'),
    missingScopes: answer.optionalTexts('missing_scopes'),
    provider: answer.optionalText('provider'),
    accessMode: answer.optionalText('access_mode'),
    accountId: answer.optionalText('account_id'),
    profileId: answer.optionalText('profile_id'),
    endUser: endUser && { id: endUser.text('id'), name: endUser.optionalText('name') },
  };
}
