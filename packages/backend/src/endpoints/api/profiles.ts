import type { Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import { answerPrivateJson } from '../json-answer.ts';
import { authorized } from './authorized.ts';

/** `GET /v1/profiles`: the calendar logins of an account, connected or not. Conferencing services are in userinfo. */
export function profiles(deps: Pick<Backend, 'store' | 'now'>): Handler {
  return authorized(deps, 'profiles', ({ account }) =>
    answerPrivateJson({
      profiles: account.profiles
        .filter(({ kind }) => kind === 'calendar')
        .map((profile) => ({
          provider_name: profile.providerName,
          provider_service: profile.providerService,
          profile_id: profile.id,
          profile_name: profile.name,
          profile_connected: profile.status === 'connected',
        })),
    }),
  );
}
