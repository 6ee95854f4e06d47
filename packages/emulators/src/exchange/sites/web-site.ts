import { randomBytes } from 'node:crypto';
import { messageTypeOf, negotiateFlagsOf, writeChallenge } from '../authentication/ntlm-messages.ts';
import { readAuthorization } from '../authentication/read-authorization.ts';
import type { SiteAnswer, SiteRequest, WebSite } from './site.ts';

const PAGE = '<!DOCTYPE html><html><head><title>Corp</title></head><body><h1>Welcome to Corp</h1></body></html>';

/** Answers as somebody's web site does that knows nothing of Exchange, or wants to have passwords. */
export function answerWebSite(request: SiteRequest, { challenge, status = 200, body = PAGE, contentType }: WebSite): SiteAnswer {
  const asked = challenge === undefined ? undefined : askForPassword(request, challenge);
  return asked ?? { status, headers: { Server: 'nginx', 'Content-Type': contentType ?? 'text/html; charset=utf-8' }, body };
}

/** Takes whatever comes: nobody here could tell a right password from a wrong one. */
function askForPassword({ headers, host }: SiteRequest, challenge: NonNullable<WebSite['challenge']>): SiteAnswer | undefined {
  const sent = readAuthorization(headers.authorization);
  const refuse = (header: string): SiteAnswer => ({ status: 401, headers: { Server: 'nginx', 'WWW-Authenticate': header } });
  if (challenge === 'basic') return sent?.scheme === 'basic' ? undefined : refuse(`Basic realm="${host}"`);
  const name = challenge === 'ntlm' ? 'NTLM' : 'Negotiate';
  if (sent?.scheme !== challenge) return refuse(name);
  if (messageTypeOf(sent.token) !== 1) return undefined;
  const message = writeChallenge({
    serverChallenge: randomBytes(8),
    proposedFlags: negotiateFlagsOf(sent.token),
    computerName: 'WEB',
    domainName: 'WEB',
    dnsDomainName: host,
    nowMs: Date.now(),
  });
  return refuse(`${name} ${message.toString('base64')}`);
}
