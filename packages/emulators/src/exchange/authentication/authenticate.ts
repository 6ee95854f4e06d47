import type { Socket } from 'node:net';
import type { ExchangePerson } from '../directory/people.ts';
import type { ExchangeParts } from '../parts.ts';
import type { LoggedLogin } from '../request-log.ts';
import type { AuthenticationScheme, SiteAnswer, SiteRequest } from '../sites/site.ts';
import { channelBindingOf } from './channel-binding.ts';
import { messageTypeOf, readAuthenticate } from './ntlm-messages.ts';
import { readAuthorization } from './read-authorization.ts';
import { findNtlmFault, type ExtendedProtection } from './verify-ntlm.ts';

/** What checking a login uses. */
export type AuthenticateDeps = Pick<
  ExchangeParts,
  'people' | 'logins' | 'connections' | 'certificates' | 'hosts' | 'switches' | 'personality'
>;

/** What a virtual directory asks of a login. */
export interface DirectorySecurity {
  readonly schemes: readonly AuthenticationScheme[];
  readonly protection: ExtendedProtection;
}

/** Somebody, or the answer that turns the caller away. `headers` belong to the answer of whoever is let in. */
export type Authenticated =
  | { readonly person: ExchangePerson; readonly headers: Readonly<Record<string, string>> }
  | { readonly refusal: SiteAnswer; readonly login: LoggedLogin | undefined };

/** Says who calls, by what the directory offers. */
export function authenticate(request: SiteRequest, security: DirectorySecurity, deps: AuthenticateDeps): Authenticated {
  const authorization = readAuthorization(request.headers.authorization);
  if (authorization === undefined) return authenticateConnection(request, security, deps);
  const { scheme } = authorization;
  if (scheme === 'other') return refuse(request, security, 'malformed');
  if (scheme === 'bearer') return refuseToken(request, security, authorization.token);
  if (!security.schemes.includes(scheme)) return refuse(request, security, 'scheme_not_offered');
  if (scheme !== 'basic') return continueHandshake(request, security, { deps, scheme, token: authorization.token });
  const person = deps.people.findByLogin(authorization.name);
  const outcome = deps.logins.settle(person, person?.password === authorization.password);
  if (person === undefined || outcome !== 'ok') return refuse(request, security, outcome);
  request.note.login = 'ok';
  return { person, headers: {} };
}

/** A request without credentials is that of whoever logged in on the connection by NTLM. */
function authenticateConnection(request: SiteRequest, security: DirectorySecurity, deps: AuthenticateDeps): Authenticated {
  const person = deps.people.findByAddress(deps.connections.personOn(request.socket) ?? '');
  const isStillGood = person?.state === 'active' && security.schemes.some((scheme) => scheme === 'ntlm' || scheme === 'negotiate');
  if (person === undefined || !isStillGood) return refuse(request, security, undefined);
  return { person, headers: { 'Persistent-Auth': 'true' } };
}

interface Handshake {
  readonly deps: AuthenticateDeps;
  readonly scheme: 'ntlm' | 'negotiate';
  readonly token: Buffer;
}

/** `Negotiate` takes the messages of NTLM as they are, and nothing of Kerberos. */
function continueHandshake(request: SiteRequest, security: DirectorySecurity, { deps, scheme, token }: Handshake): Authenticated {
  const type = messageTypeOf(token);
  if (type === 1) {
    const challenge = deps.connections.challenge(request.socket, token).toString('base64');
    const name = scheme === 'ntlm' ? 'NTLM' : 'Negotiate';
    const others = scheme === 'ntlm' && security.schemes.includes('negotiate') ? ['Negotiate'] : [];
    if (deps.switches.current.forgetsHandshakes) deps.connections.takeHandshake(request.socket);
    return {
      login: undefined,
      refusal: { status: 401, headers: { 'WWW-Authenticate': [`${name} ${challenge}`, ...others], 'Content-Length': '0' } },
    };
  }
  const message = readAuthenticate(token);
  if (message === undefined) return refuse(request, security, 'malformed');
  const handshake = deps.connections.takeHandshake(request.socket);
  if (handshake === undefined) return refuse(request, security, 'no_handshake');
  const person = deps.people.findByLogin(message);
  const fault =
    person === undefined
      ? undefined
      : findNtlmFault(message, {
          handshake,
          password: person.password,
          protection: security.protection,
          channelBinding: channelBindingFor(request, deps),
        });
  // Only a wrong password counts against the account: the other faults are found after it was proved.
  const outcome = deps.logins.settle(person, fault !== 'wrong_password' && fault !== 'ntlm_v1');
  const login = fault === 'wrong_password' || fault === undefined ? outcome : fault;
  if (person === undefined || login !== 'ok') return refuse(request, security, login);
  deps.connections.logIn(request.socket, person.email);
  request.note.login = 'ok';
  return { person, headers: { 'Persistent-Auth': 'true', ...(deps.switches.current.closesAfterLogin ? { Connection: 'close' } : {}) } };
}

function channelBindingFor({ secure, socket }: SiteRequest, { certificates, hosts }: AuthenticateDeps): Buffer | undefined {
  if (!secure) return undefined;
  // Whoever names no host in the handshake is shown the certificate of the first.
  const serverName = serverNameOf(socket);
  const known = serverName === undefined ? hosts.all()[0] : hosts.find(serverName);
  return known === undefined ? undefined : channelBindingOf(certificates.of(known.name, known.certificate).identity.der);
}

/** The name of the TLS handshake, which decided about the certificate. */
export function serverNameOf(socket: Socket): string | undefined {
  const { servername } = socket as Socket & { readonly servername?: unknown };
  return typeof servername === 'string' && servername !== '' ? servername : undefined;
}

/** No token is good here: hybrid modern authentication needs Microsoft's sign-in. */
function refuseToken(request: SiteRequest, security: DirectorySecurity, token: string): Authenticated {
  if (!security.schemes.includes('bearer')) return refuse(request, security, token === '' ? undefined : 'scheme_not_offered');
  const refused = token === '' ? undefined : 'token_refused';
  if (refused !== undefined) request.note.login = refused;
  return {
    login: refused,
    refusal: { status: 401, headers: { 'WWW-Authenticate': [bearerChallenge(token !== ''), ...challengesOf(request, security)] } },
  };
}

function refuse(request: SiteRequest, security: DirectorySecurity, login: LoggedLogin | undefined): Authenticated {
  if (login !== undefined) request.note.login = login;
  const challenges = challengesOf(request, security);
  // Where there is nothing else, everybody is told; beside others the challenge is for those alone who speak of tokens.
  const all = challenges.length === 0 && security.schemes.includes('bearer') ? [bearerChallenge(false)] : challenges;
  return { login, refusal: { status: 401, headers: { 'WWW-Authenticate': all } } };
}

function challengesOf({ host }: SiteRequest, { schemes }: DirectorySecurity): readonly string[] {
  return [
    ...(schemes.includes('negotiate') ? ['Negotiate'] : []),
    ...(schemes.includes('ntlm') ? ['NTLM'] : []),
    ...(schemes.includes('basic') ? [`Basic realm="${host}"`] : []),
  ];
}

/** @see {@link https://learn.microsoft.com/exchange/hybrid-deployment/hybrid-modern-authentication} */
function bearerChallenge(isInvalid: boolean): string {
  const parameters = [
    'client_id="00000002-0000-0ff1-ce00-000000000000"',
    'trusted_issuers="00000001-0000-0000-c000-000000000000@*"',
    'token_types="app_asserted_user_v1 service_asserted_app_v1"',
    'authorization_uri="https://login.windows.net/common/oauth2/authorize"',
    ...(isInvalid ? ['error="invalid_token"'] : []),
  ];
  return `Bearer ${parameters.join(', ')}`;
}
