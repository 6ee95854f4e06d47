import { ask } from './ask.ts';
import { type PartnerCredentials, requireText } from './credentials.ts';
import { type Members, membersOf } from './parsing.ts';

/** What {@link redeemReceipt} needs. */
export interface RedeemReceiptOptions extends PartnerCredentials {
  /** `receipt` of the `calendar-connected` event, as your page sent it to your server. Works within 10 minutes, once. */
  readonly receipt: string;
}

/** The login that was connected. */
export interface ConnectedProfile {
  readonly id: string;
  /** The login as the person knows it: mostly an e-mail address. */
  readonly name: string;
  /** Provider and access mode in one word, such as `google` or `google_free_busy`. */
  readonly providerName: string;
  /** The kind of account at the provider, such as `gsuite`. */
  readonly providerService: string;
}

/** What your server may do from now on. Keep it there. */
export interface Tokens {
  /** The account of this person, in your application. */
  readonly accountId: string;
  /** For `Authorization: Bearer` of the partner API. */
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  /** Gets the next access token at `/oauth/token`. Does not change. */
  readonly refreshToken: string;
  /** Space-separated. */
  readonly scope: string;
  readonly profile: ConnectedProfile;
}

/**
 * Turns the receipt that a browser brought into proof and tokens.
 *
 * @throws PartnerError `invalid_grant` where it is unknown, too old or was redeemed before, and the others
 */
export async function redeemReceipt(options: RedeemReceiptOptions): Promise<Tokens> {
  const receipt = requireText('receipt', options.receipt);
  const body = new URLSearchParams({ grant_type: 'authorization_code', code: receipt });
  return parseTokens(membersOf(await ask(options, { path: '/oauth/token', body, secret: receipt })));
}

function parseTokens(answer: Members): Tokens {
  const profile = answer.members('linking_profile');
  return {
    accountId: answer.text('account_id'),
    accessToken: answer.text('access_token'),
    expiresInSeconds: answer.number('expires_in'),
    refreshToken: answer.text('refresh_token'),
    scope: answer.text('scope'),
    profile: {
      id: profile.text('profile_id'),
      name: profile.text('profile_name'),
      providerName: profile.text('provider_name'),
      providerService: profile.text('provider_service'),
    },
  };
}
