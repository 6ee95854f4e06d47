import type { AccessMode } from '@calendar-connect/protocol';
import { ask } from './ask.ts';
import type { PartnerCredentials } from './credentials.ts';
import { type Members, membersOf } from './parsing.ts';

/** The login that was connected. */
export interface ConnectedProfile {
  readonly id: string;
  /** The login as the person knows it: mostly an e-mail address. */
  readonly name: string;
  /** Whose calendar service it is, such as `google`. */
  readonly provider: string;
  /** How much the person shares. */
  readonly accessMode: AccessMode;
  /** Provider and access mode in one word, such as `google` or `google_free_busy`. */
  readonly providerName: string;
  /** The kind of account at the provider, such as `gsuite`. Absent where the backend does not tell. */
  readonly providerService: string | undefined;
}

/** What your server may do from now on. Keep it there. */
export interface Tokens {
  /** The account of this person, in your application. */
  readonly accountId: string;
  /** For `Authorization: Bearer` of the partner API. */
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  /** Gets the next access token at `/oauth/token`. Does not change, unless the application has rotation switched on. */
  readonly refreshToken: string;
  /** Space-separated. */
  readonly scope: string;
  readonly profile: ConnectedProfile;
}

/** What stands in a token request, by its wire name; what is absent is not sent. */
export interface CodeGrant {
  readonly code: string;
  readonly code_verifier?: string | undefined;
  readonly redirect_uri?: string | undefined;
}

/**
 * `grant_type=authorization_code` ([RFC 6749 §4.1.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3)).
 *
 * @throws PartnerError
 */
export async function requestTokens(credentials: PartnerCredentials, grant: CodeGrant): Promise<Tokens> {
  const body = new URLSearchParams({ grant_type: 'authorization_code', code: grant.code });
  if (grant.code_verifier !== undefined) body.set('code_verifier', grant.code_verifier);
  if (grant.redirect_uri !== undefined) body.set('redirect_uri', grant.redirect_uri);
  return parseTokens(membersOf(await ask(credentials, { path: '/oauth/token', body, secrets: [grant.code, grant.code_verifier] })));
}

function parseTokens(answer: Members): Tokens {
  const profile = answer.members('linking_profile');
  const providerName = profile.text('provider_name');
  return {
    accountId: answer.text('account_id'),
    accessToken: answer.text('access_token'),
    expiresInSeconds: answer.number('expires_in'),
    refreshToken: answer.text('refresh_token'),
    scope: answer.text('scope'),
    profile: {
      id: profile.text('profile_id'),
      name: profile.text('profile_name'),
      ...fromProviderName(providerName),
      providerName,
      providerService: profile.optionalText('provider_service'),
    },
  };
}

/** The partner API says provider and access mode in one word, and nobody's own calendar service for no access. */
function fromProviderName(providerName: string): Pick<ConnectedProfile, 'provider' | 'accessMode'> {
  if (providerName === 'cronofy') return { provider: providerName, accessMode: 'no_access' };
  const provider = providerName.replace(/_free_busy$/, '');
  return { provider, accessMode: provider === providerName ? 'full' : 'free_busy' };
}
