import { type PartnerCredentials, requireText } from './credentials.ts';
import { requestTokens, type Tokens } from './tokens.ts';

/** What {@link redeemReceipt} needs. */
export interface RedeemReceiptOptions extends PartnerCredentials {
  /** `receipt` of the `calendar-connected` event, as your page sent it to your server. Works within 10 minutes, once. */
  readonly receipt: string;
}

/**
 * Turns the receipt that a browser brought into proof and tokens.
 *
 * @throws PartnerError `invalid_grant` where it is unknown, too old or was redeemed before, and the others
 */
export async function redeemReceipt(options: RedeemReceiptOptions): Promise<Tokens> {
  return requestTokens(options, { code: requireText('receipt', options.receipt) });
}
