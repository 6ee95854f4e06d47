import type { Context } from 'hono';
import type { MicrosoftParts } from '../parts.ts';
import type { GraphEnv } from './caller.ts';
import { selectFields } from './odata.ts';
import { windowsZone } from '../mailbox/zone-names.ts';

/** `GET /v1.0/me`. @see {@link https://learn.microsoft.com/graph/api/user-get} */
export function getMe({ serverUrl }: Pick<MicrosoftParts, 'serverUrl'>): (c: Context<GraphEnv>) => Response {
  return function answerMe(c) {
    const { user, oid, userPrincipalName } = c.get('caller').principal;
    const [givenName = user.name, ...rest] = user.name.split(' ');
    const me = {
      '@odata.context': `${serverUrl}/v1.0/$metadata#users/$entity`,
      businessPhones: [],
      displayName: user.name,
      givenName,
      jobTitle: null,
      // Where there is no mailbox an organisation's directory has no address either.
      mail: user.mailbox === 'none' ? null : user.mail,
      mobilePhone: null,
      officeLocation: null,
      preferredLanguage: user.isPersonal ? null : 'en-US',
      surname: rest.join(' '),
      userPrincipalName,
      // A personal account's id here is the last half of its object id.
      id: user.isPersonal ? oid.replaceAll('-', '').slice(16) : oid,
    };
    return c.json(selectFields(me, c.req.query('$select') ?? null));
  };
}

/** `GET /v1.0/me/mailboxSettings`: the zone alone of what Graph has there. */
export function getMailboxSettings({ serverUrl }: Pick<MicrosoftParts, 'serverUrl'>): (c: Context<GraphEnv>) => Response {
  return function answerMailboxSettings(c) {
    const { timeZone } = c.get('caller').principal.user;
    return c.json({ '@odata.context': `${serverUrl}/v1.0/$metadata#users('me')/mailboxSettings`, timeZone: windowsZone(timeZone) });
  };
}

/**
 * `POST /v1.0/me/revokeSignInSessions`: ends every refresh token of every app. There is nothing that ends one app's.
 * @see {@link https://learn.microsoft.com/graph/api/user-revokesigninsessions}
 */
export function revokeSignInSessions({ serverUrl, now }: Pick<MicrosoftParts, 'serverUrl' | 'now'>): (c: Context<GraphEnv>) => Response {
  return function answerRevocation(c) {
    c.get('caller').principal.user.sessionsValidFromMs = now() + 1;
    return c.json({ '@odata.context': `${serverUrl}/v1.0/$metadata#Edm.Boolean`, value: true });
  };
}
