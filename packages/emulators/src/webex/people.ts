import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { ServiceEnv } from '../oauth/caller-of.ts';

/** `GET /v1/people/me`. @see {@link https://developer.webex.com/docs/api/v1/people/get-my-own-details} */
export function getMe(): (c: Context<ServiceEnv>) => Response {
  return function answerMe(c) {
    const { email, name } = c.get('caller').account;
    const [firstName = '', ...lastNames] = name.split(' ');
    return c.json({
      id: webexId('PEOPLE', email),
      emails: [email],
      displayName: name,
      nickName: firstName,
      firstName,
      lastName: lastNames.join(' '),
      orgId: webexId('ORGANIZATION', email.split('@')[1] ?? ''),
      status: 'unknown',
      type: 'person',
    });
  };
}

/** An id is an address in Base64. It never changes; here it follows from the text, so that runs can be compared. */
export function webexId(kind: 'PEOPLE' | 'ORGANIZATION', text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
  return Buffer.from(`ciscospark://us/${kind}/${uuid}`).toString('base64url');
}
