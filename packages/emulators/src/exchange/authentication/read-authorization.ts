import type { SentCredentials } from '../request-log.ts';
import type { LoginName } from '../directory/people.ts';
import { messageTypeOf, readAuthenticate } from './ntlm-messages.ts';

/** What stands in an `Authorization` header. */
export type Authorization =
  | { readonly scheme: 'basic'; readonly name: LoginName; readonly userName: string; readonly password: string }
  | { readonly scheme: 'ntlm' | 'negotiate'; readonly token: Buffer }
  | { readonly scheme: 'bearer'; readonly token: string }
  | { readonly scheme: 'other' };

/** Reads the header; `undefined` where there is none. */
export function readAuthorization(header: string | undefined): Authorization | undefined {
  if (header === undefined || header === '') return undefined;
  const [, scheme = '', value = ''] = /^(\S+)\s*(.*)$/.exec(header) ?? [];
  switch (scheme.toLowerCase()) {
    case 'basic': {
      const text = Buffer.from(value, 'base64').toString('utf8');
      const colon = text.indexOf(':');
      if (colon < 0) return { scheme: 'other' };
      const userName = text.slice(0, colon);
      return { scheme: 'basic', name: toLoginName(userName), userName, password: text.slice(colon + 1) };
    }
    case 'ntlm':
    case 'negotiate':
      return { scheme: scheme.toLowerCase() as 'ntlm' | 'negotiate', token: Buffer.from(value, 'base64') };
    case 'bearer':
      return { scheme: 'bearer', token: value };
    default:
      return { scheme: 'other' };
  }
}

/** Says for the log what was sent. */
export function describeCredentials(authorization: Authorization | undefined): SentCredentials | undefined {
  if (authorization === undefined) return undefined;
  switch (authorization.scheme) {
    case 'basic':
      return { scheme: 'basic', userName: authorization.userName, password: authorization.password };
    case 'bearer':
      return { scheme: 'bearer', hasToken: authorization.token !== '' };
    case 'other':
      return { scheme: 'other' };
    default: {
      const { scheme, token } = authorization;
      if (messageTypeOf(token) === 1) return { scheme, step: 'negotiate' };
      const message = readAuthenticate(token);
      if (message === undefined) return { scheme, hasToken: token.length > 0 };
      const { domain, user } = message;
      return { scheme, step: 'authenticate', userName: domain === '' ? user : `${domain}\\${user}` };
    }
  }
}

function toLoginName(userName: string): LoginName {
  const slash = userName.indexOf('\\');
  return slash < 0 ? { domain: '', user: userName } : { domain: userName.slice(0, slash), user: userName.slice(slash + 1) };
}
