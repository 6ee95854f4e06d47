import { type PartnerCredentials, requireText } from './credentials.ts';
import { requestTokens, type Tokens } from './tokens.ts';

/** What {@link redeemCode} needs. */
export interface RedeemCodeOptions extends PartnerCredentials {
  /** `code` of the address that the person came back to. */
  readonly code: string;
  /** The address that the authorization was asked for with, exactly. */
  readonly redirectUri: string;
  /** As `createAuthorization` gave it and your server kept it. Absent for a code that was asked for without a challenge. */
  readonly codeVerifier?: string | undefined;
}

/**
 * Redeems the code that `/oauth/authorize` came back with. Compare `state` with the one that you kept for this browser first: without
 * that, anybody's link connects their calendar to whoever follows it.
 *
 * @throws PartnerError `invalid_grant` where it is unknown, too old, used, or not made for this redirect URI and verifier, and the others
 * @see [RFC 6749 §4.1.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3), [RFC 9700 §4.7](https://www.rfc-editor.org/rfc/rfc9700#section-4.7)
 */
export async function redeemCode(options: RedeemCodeOptions): Promise<Tokens> {
  return requestTokens(options, {
    code: requireText('code', options.code),
    redirect_uri: requireText('redirectUri', options.redirectUri),
    code_verifier: options.codeVerifier,
  });
}
