import { createHash } from 'node:crypto';
import { writeCalendars } from '../accounts/calendar-list.ts';
import { calendarsPlace } from '../accounts/sealed-places.ts';
import type { Backend } from '../backend.ts';
import { RateLimited } from '../limits/rate-limited.ts';
import { addressCodePlace, checkedEmailPlace } from '../mail/address-check-places.ts';
import { isMailAddress, mailboxOf } from '../mail/mail-address.ts';
import type { ProviderCalendar } from '../providers/calendar-reader.ts';
import type { AddressCheck } from '../storage/questions/address-checks.ts';
import type { Session } from '../storage/session-row.ts';
import { ID_PREFIX } from '../vault/issued-token.ts';
import { newId } from '../vault/secrets.ts';
import { isSameCode, newAddressCode, readTypedCode } from './address-code.ts';
import { PENDING_LIFE_SECONDS } from './arrive.ts';
import { NO_ACCESS_NAME, NO_PROVIDER } from './offer.ts';

/** How long a code counts. */
const CODE_LIFE_MS = 10 * 60_000;
/** How often a code may be guessed at: five of a million. */
const CODE_TRIES = 5;
/** How many codes one mailbox gets, whoever asks for them: with {@link CODE_TRIES}, 25 guesses of a million an hour. */
const CODES_OF_MAILBOX = { codes: 5, withinMs: 3600_000 };

/** The one calendar of such a profile. It is with us: it holds what applications write there, and nothing else. */
const HOSTED_CALENDAR: ProviderCalendar = {
  providerCalendarId: 'hosted',
  name: undefined,
  primary: true,
  readonly: false,
  integratedConferencing: false,
};

type Deps = Pick<Backend, 'store' | 'vault' | 'changes' | 'work' | 'limits' | 'now'>;

/** Somebody who wants a code: in which session, and from where, as the limits know it. */
export interface CodeAsker {
  readonly session: Session;
  readonly client: string | undefined;
}

/** What came of asking for a code. It says nothing of whether there is such a mailbox, or an account: nobody looks, and mail leaves later. */
export type CodeAnswer =
  | { readonly outcome: 'sent' }
  | { readonly outcome: 'email_invalid' }
  | { readonly outcome: 'too_many'; readonly retryAfterSeconds: number }
  | { readonly outcome: 'session_ended' };

/** Mails a new code to the address that somebody typed; a code that was sent before counts no longer, wherever it went. */
export async function sendAddressCode(deps: Deps, { session, client }: CodeAsker, typed: string): Promise<CodeAnswer> {
  const email = typed.trim();
  if (!isMailAddress(email)) return { outcome: 'email_invalid' };
  try {
    deps.limits.countAddressCode({ sessionId: session.id, applicationId: session.applicationId, address: client });
  } catch (error) {
    if (!(error instanceof RateLimited)) throw error;
    return { outcome: 'too_many', retryAfterSeconds: error.retryAfterSeconds };
  }
  const nowMs = deps.now();
  const dataKey = await deps.store.findDataKey(session.applicationId);
  const stored = await deps.store.storeAddressCheck({
    sessionId: session.id,
    emailSealed: deps.vault.seal(dataKey, checkedEmailPlace(session), email),
    codeSealed: deps.vault.seal(dataKey, addressCodePlace(session), newAddressCode()),
    createdAtMs: nowMs,
    expiresAtMs: nowMs + CODE_LIFE_MS,
    mailbox: createHash('sha256').update(mailboxOf(email)).digest('base64url'),
    limit: CODES_OF_MAILBOX,
  });
  if (stored.outcome === 'too_many') return { outcome: 'too_many', retryAfterSeconds: Math.ceil((stored.retryAtMs - nowMs) / 1000) };
  if (stored.outcome === 'session_ended') return stored;
  deps.work.nudge();
  return { outcome: 'sent' };
}

/** Mails a new code to the address that the former one went to. `undefined`: there is none, or no longer. */
export async function resendAddressCode(deps: Deps, asker: CodeAsker): Promise<CodeAnswer | undefined> {
  const sent = await sentCodeOf(deps, asker.session);
  return sent && sendAddressCode(deps, asker, sent.email);
}

/** A code that was sent, as the page may show it in the browser that asked for it. */
export interface SentCode {
  readonly email: string;
  readonly triesLeft: number;
  readonly state: 'valid' | 'expired' | 'used_up';
}

/** The code that a session waits for. */
export async function sentCodeOf(deps: Pick<Deps, 'store' | 'vault' | 'now'>, session: Session): Promise<SentCode | undefined> {
  const check = await deps.store.findAddressCheck(session.id);
  if (check === undefined) return undefined;
  const triesLeft = CODE_TRIES - check.attempts;
  const state = check.expiresAtMs <= deps.now() ? 'expired' : triesLeft <= 0 ? 'used_up' : 'valid';
  return { email: await openEmail(deps, session, check), triesLeft, state };
}

async function openEmail(deps: Pick<Deps, 'store' | 'vault'>, session: Session, check: AddressCheck): Promise<string> {
  return deps.vault.open(await deps.store.findDataKey(session.applicationId), checkedEmailPlace(session), check.emailSealed);
}

/** What came of a code that somebody typed. */
export type Proof = 'connected' | 'malformed' | 'wrong' | 'no_valid_code' | 'session_ended';

/**
 * Holds what somebody typed against the code, and connects the session where it is the one. What cannot be a code costs no try; anything else
 * does before it is compared, so that any number of guesses at the same instant are no more than {@link CODE_TRIES}.
 */
export async function proveAddress(deps: Deps, session: Session, typed: string): Promise<Proof> {
  const code = readTypedCode(typed);
  if (code === undefined) return 'malformed';
  const check = await deps.store.takeCodeTry({ sessionId: session.id, maxAttempts: CODE_TRIES, nowMs: deps.now() });
  if (check === undefined) return 'no_valid_code';
  const dataKey = await deps.store.findDataKey(session.applicationId);
  if (!isSameCode(deps.vault.open(dataKey, addressCodePlace(session), check.codeSealed), code)) return 'wrong';
  const connected = await connectAddress(deps, session, await openEmail(deps, session, check));
  deps.changes.announce(session.id);
  return connected === undefined ? 'session_ended' : 'connected';
}

/** Ends the session as connected, with a profile that has a calendar of our own and no credential. */
async function connectAddress(deps: Deps, session: Session, email: string): Promise<Session | undefined> {
  const nowMs = deps.now();
  const accountId = newId(ID_PREFIX.account, nowMs);
  const candidateId = newId(ID_PREFIX.providerClient, nowMs);
  return deps.store.connectSession({
    sessionId: session.id,
    provider: NO_PROVIDER,
    // No client was asked; the row only fills its place.
    providerClientId: await deps.store.ensureOperatorClient({ candidateId, provider: NO_PROVIDER, clientId: '' }),
    subject: loginOf(email),
    accessMode: 'no_access',
    onOwnPage: true,
    providerName: NO_ACCESS_NAME,
    providerService: NO_ACCESS_NAME,
    name: email,
    email,
    candidate: {
      accountId,
      profileId: newId(ID_PREFIX.profile, nowMs),
      grantId: newId(ID_PREFIX.grant, nowMs),
      dataKey: deps.vault.createDataKey(accountId),
    },
    seal: (dataKey, profileId) => {
      const profile = { id: profileId, applicationId: session.applicationId };
      return { credential: undefined, calendars: deps.vault.seal(dataKey, calendarsPlace(profile), writeCalendars([HOSTED_CALENDAR])) };
    },
    calendarsAtMs: nowMs,
    nowMs,
    pendingUntilMs: nowMs + PENDING_LIFE_SECONDS * 1000,
  });
}

/**
 * What an address is known by when it comes again: itself, in small letters. What stands behind a plus counts here, though not in the limits:
 * not every mail server takes it for the same mailbox, and who proves one of two must not get the account of the other.
 */
function loginOf(email: string): string {
  return email.toLowerCase();
}
