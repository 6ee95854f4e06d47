import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { ServiceEnv } from '../oauth/caller-of.ts';

/** `GET /identity/v1/Users/me`: a SCIM record, whose id is a number in text. @see [RFC 7643 §4.1](https://www.rfc-editor.org/rfc/rfc7643#section-4.1) */
export function getMe(): (c: Context<ServiceEnv>) => Response {
  return function answerMe(c) {
    const { email, name } = c.get('caller').account;
    const [givenName = '', ...familyNames] = name.split(' ');
    const domain = email.split('@')[1] ?? '';
    return c.json({
      schemas: ['urn:scim:schemas:core:1.0'],
      id: keyOf(email),
      userName: email,
      displayName: name,
      name: { givenName, familyName: familyNames.join(' ') },
      emails: [{ value: email, type: 'work', primary: true }],
      active: true,
      accounts: [{ value: keyOf(domain), display: domain, entitlements: ['g2m'] }],
    });
  };
}

/** Keys have 18 digits; here they follow from the text, so that runs can be compared. */
function keyOf(text: string): string {
  const digits = BigInt(`0x${createHash('sha256').update(text).digest('hex')}`).toString();
  return `1${digits.slice(0, 17)}`;
}
