export type { PartnerCredentials } from './credentials.ts';
export { createSession, type CreateSessionOptions, type CreatedSession } from './create-session.ts';
export { PartnerError, type PartnerErrorCode } from './partner-error.ts';
export { readSession, type ReadSessionOptions, type Session } from './read-session.ts';
export { redeemReceipt, type ConnectedProfile, type RedeemReceiptOptions, type Tokens } from './redeem-receipt.ts';
