import type {
  PasswordSignIn,
  ServerEvidence,
  ServerKnowledge,
  SignInFailure,
  SignInOutcome,
  SignInRequest,
  Voucher,
} from '../../password-sign-in.ts';
import type { Credential } from '../../provider.ts';
import { discover } from '../autodiscover/discover.ts';
import { isExchangeOnlineHost } from '../autodiscover/exchange-online.ts';
import { type MailAddress, parseMailAddress } from '../autodiscover/mail-address.ts';
import { type DiscoveryParts, weakest } from '../autodiscover/search.ts';
import { logIn, type LogInOutcome } from '../log-in/log-in.ts';
import { createLoginAttempt } from '../log-in/login-attempt.ts';
import type { LoginGate } from '../log-in/login-gate.ts';
import type { Refusal } from '../log-in/outcome.ts';
import { readLogin } from '../log-in/session.ts';
import { registrableDomain } from '../public-suffixes.ts';
import { sameRegistrant } from '../registrable-domain.ts';
import { failureOf } from './failure.ts';
import { discoveryParts, findServer, type FindSettings, IN_CLOUD, voucherOf, withinTime, withoutServer } from './find.ts';
import { ownMailboxOf } from './own-mailbox.ts';

/** Of one attempt, discovery and all; the calendars are listed after it, and proxies wait for half a minute. */
const SIGN_IN_TIMEOUT_MS = 20_000;

/** What signing in is made of. */
export interface SignInSettings extends FindSettings {
  /** Is told of logins that were let in. Nothing is held up by it: whoever types a password is limited by other means. */
  readonly logins?: LoginGate | undefined;
}

/** Makes the part that signs people in at Exchange. */
export function createExchangeSignIn(settings: SignInSettings): PasswordSignIn {
  return {
    cloudProvider: 'microsoft',
    mailDomain: (address) => mailDomainOf(address),
    find: (hints, knowledge) => findServer(settings, hints, knowledge),
    signIn: (request, knowledge) => signIn(settings, request, knowledge),
  };
}

function mailDomainOf(address: string): string | undefined {
  const read = parseMailAddress(address, registrableDomain);
  return typeof read === 'string' ? undefined : read.domain;
}

async function signIn(settings: SignInSettings, request: SignInRequest, knowledge: ServerKnowledge): Promise<SignInOutcome> {
  const read = readLogin(request);
  if (read.outcome === 'credential_invalid') return { outcome: 'login_invalid', field: read.field };
  // Whoever types one wrong password has one wrong try, however many hosts ask for it.
  const parts = { ...discoveryParts(settings, knowledge, request.target), attempt: createLoginAttempt() };
  const signal = withinTime(SIGN_IN_TIMEOUT_MS, request.signal);
  const where = await whereTo({ ...request, signal }, { parts, knowledge });
  if (where.outcome !== 'found') return where.outcome === 'address_invalid' ? { outcome: 'failed', reason: 'server_not_found' } : where;
  const { ewsUrl, vouchedBy } = where;
  if (isExchangeOnlineHost(ewsUrl.hostname)) return IN_CLOUD;
  const logged = await logIn({ url: ewsUrl, mailbox: request.address, login: request, signal }, parts);
  if (logged.outcome !== 'ok') return refusedBy(logged, ewsUrl.hostname);
  settings.logins?.accept({ url: ewsUrl, login: request });
  try {
    const own = await ownMailboxOf({ session: logged.session, path: ewsUrl.pathname, mailbox: request.address, signal }, logged.calendar);
    if (own.outcome === 'unsaid') return unverifiedAt(ewsUrl.hostname);
    if (own.outcome !== 'said') return refusedBy(own, ewsUrl.hostname);
    return connected({ request, knowledge, ewsUrl, foundBy: vouchedBy, logged, mailbox: own.mailbox });
  } finally {
    logged.session.close();
  }
}

/** Tells why there is no login, in the words of sign-ins. */
export function refusedBy(refusal: Refusal, host: string): Extract<SignInOutcome, { outcome: 'login_invalid' | 'failed' }> {
  return refusal.outcome === 'credential_invalid' ? { outcome: 'login_invalid', field: refusal.field } : failureOf(refusal, host);
}

/** Tells of a server that lets a login in, and does not say whose mailbox it is. */
export function unverifiedAt(host: string): SignInFailure {
  return { outcome: 'failed', reason: 'identity_unverified', host };
}

/** Where EWS is: where it is known to be, or where Autodiscover says that gets the login now. */
async function whereTo(
  request: SignInRequest,
  { parts, knowledge }: { readonly parts: DiscoveryParts; readonly knowledge: ServerKnowledge },
) {
  const { target } = request;
  if (target.ewsUrl !== undefined) {
    const ewsUrl = new URL(target.ewsUrl);
    if (!isVouchedForStill(request, knowledge)) return { outcome: 'needs_consent', host: ewsUrl.hostname } as const;
    return { outcome: 'found', ewsUrl, vouchedBy: target.vouchedBy } as const;
  }
  const login = { userName: request.userName, password: request.password };
  const found = await discover({ ...request, login }, parts);
  return found.outcome === 'found' ? found : withoutServer(found);
}

/** The operator may have taken their word back since the server was found; the person's own holds. */
function isVouchedForStill({ address, approvedHosts, target }: SignInRequest, { allows }: ServerKnowledge): boolean {
  if (target.vouchedBy === 'person' || approvedHosts.includes(target.host)) return true;
  return voucherOf(target.host, mailDomainOf(address) ?? '', allows) !== 'person';
}

interface Connected {
  readonly request: SignInRequest;
  readonly knowledge: ServerKnowledge;
  readonly ewsUrl: URL;
  /** Who vouches for the way to it, the weakest of all that had to. */
  readonly foundBy: Voucher;
  readonly logged: Extract<LogInOutcome, { outcome: 'ok' }>;
  /** Whose mailbox the server says it is. */
  readonly mailbox: MailAddress;
}

function connected(of: Connected): SignInOutcome {
  const { request, knowledge, ewsUrl, logged, mailbox } = of;
  const address = mailbox.address.toLowerCase();
  const isOwnServer = sameRegistrant(ewsUrl.hostname, mailbox.domain, registrableDomain);
  const isVouchedFor = voucherOf(ewsUrl.hostname, mailbox.domain, knowledge.allows) !== 'person';
  return {
    outcome: 'connected',
    identity: {
      // Anybody can put up a server that calls them by somebody else's address. Only a server of the domain's own says whose account that is.
      subject: isOwnServer ? address : `${address} ${ewsUrl.hostname}`,
      name: mailbox.address,
      email: isVouchedFor ? mailbox.address : undefined,
      organisation: undefined,
    },
    credential: credentialOf(request, { ewsUrl, mailbox: mailbox.address, logged }),
    server: evidenceOf(of),
  };
}

function credentialOf(
  { userName, password }: SignInRequest,
  at: { readonly ewsUrl: URL; readonly mailbox: string; readonly logged: Connected['logged'] },
): Credential {
  const { scheme, server } = at.logged;
  return {
    accessToken: '',
    accessTokenExpiresAtMs: Number.MAX_SAFE_INTEGER,
    refreshToken: '',
    grantedScopes: [],
    endsAtMs: undefined,
    mailbox: at.mailbox,
    login: {
      ewsUrl: at.ewsUrl.href,
      userName: userName.trim(),
      password,
      ...(server === undefined ? {} : { serverVersion: server.build }),
      offersNtlm: scheme !== 'basic',
    },
  };
}

function evidenceOf({ request, knowledge, ewsUrl, foundBy, logged, mailbox }: Connected): ServerEvidence {
  const version = logged.server === undefined ? 'of an unknown version' : logged.server.build;
  return {
    ewsUrl: ewsUrl.href,
    mailDomain: mailbox.domain,
    vouchedBy: weakest(foundBy, voucherOf(ewsUrl.hostname, mailbox.domain, knowledge.allows)),
    namedBy: request.target.namedBy,
    offersNtlm: logged.scheme !== 'basic',
    evidence: `${request.target.namedBy}, verified TLS, logged in by ${logged.scheme}, Exchange ${version}`,
  };
}
