import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { ServiceEnv } from '../oauth/caller-of.ts';
import type { Account } from '../serving/accounts.ts';

/** `GET /v2/users/me`. @see {@link https://developers.zoom.us/docs/api/users/#tag/users/get/users/{userId}} */
export function getMe(): (c: Context<ServiceEnv>) => Response {
  return function answerMe(c) {
    const { account } = c.get('caller');
    const [firstName = '', ...lastNames] = account.name.split(' ');
    return c.json({
      id: zoomUserId(account),
      account_id: idOf(account.email.split('@')[1] ?? ''),
      first_name: firstName,
      last_name: lastNames.join(' '),
      display_name: account.name,
      email: account.email,
      type: 2,
      role_name: 'Member',
      timezone: 'Europe/Berlin',
      language: 'en-US',
      status: 'active',
      verified: 1,
    });
  };
}

/** A user's id is 22 characters and never changes; here it follows from the address, so that runs can be compared. */
export function zoomUserId({ email }: Account): string {
  return idOf(email);
}

function idOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
