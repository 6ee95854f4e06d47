import type { AccessMode, PartnerSessionRequest } from '@calendar-connect/protocol';
import { ask } from './ask.ts';
import { type PartnerCredentials, requireText } from './credentials.ts';
import { membersOf } from './parsing.ts';

/** What {@link createSession} needs. */
export interface CreateSessionOptions extends PartnerCredentials {
  /**
   * Who is at the keyboard, as your server knows it. `id` is your own and decides the account; `name` is shown to the person, who confirms
   * that it is them.
   */
  readonly endUser: { readonly id: string; readonly name?: string | undefined };
  /**
   * A connection of this person to change or to renew, such as to another access mode: its account and its id stay. Another login is refused as
   * `wrong_account`; one that is not this person's as `profile_not_found`.
   */
  readonly profileId?: string | undefined;
  /** Space-separated; the application's own where absent. */
  readonly scope?: string | undefined;
  /** Narrows and orders what the person can choose from, such as `['google']`. */
  readonly providers?: readonly string[] | undefined;
  /** Narrows and orders what the person can choose from. */
  readonly accessModes?: readonly AccessMode[] | undefined;
}

/** A session that waits for its page. */
export interface CreatedSession {
  /** Asked about with `readSession`. */
  readonly id: string;
  /** For the element's `session` attribute, on a page for this person only. The first page that takes it has it. */
  readonly session: string;
  /** The person has this long from now to connect. */
  readonly expiresInSeconds: number;
}

/**
 * Mints a connect session for a person whom your server knows.
 *
 * @throws PartnerError
 */
export async function createSession(options: CreateSessionOptions): Promise<CreatedSession> {
  const { id, name } = options.endUser;
  // JSON leaves out what is undefined.
  const body: { readonly [K in keyof PartnerSessionRequest]: unknown } = {
    end_user: { id: requireText('endUser.id', id), name },
    profile_id: options.profileId,
    scope: options.scope,
    providers: options.providers,
    access_modes: options.accessModes,
  };
  const answer = membersOf(await ask(options, { path: '/connect/sessions', body }));
  return { id: answer.text('id'), session: answer.text('session'), expiresInSeconds: answer.number('expires_in') };
}
