import { hashSecret, newId, newSecret, opaqueToken, parseOpaqueToken } from './secrets.ts';

/** An opaque token that was just made: the text goes out once, id and hash are stored. */
export interface IssuedToken {
  readonly text: string;
  /** The row's id: prefix and 24 hex digits. */
  readonly id: string;
  readonly secretHash: string;
}

/** Makes an opaque token for a new row, or for the row `id` where it stands already. */
export function issueToken(prefix: string, nowMs: number, id: string = newId(prefix, nowMs)): IssuedToken {
  return tokenOf(prefix, id, newSecret());
}

/** The opaque token of a row whose secret is known. */
export function tokenOf(prefix: string, id: string, secret: string): IssuedToken {
  return { text: opaqueToken(id.slice(prefix.length), secret), id, secretHash: hashSecret(secret) };
}

/** Reads an opaque token as one of a row with this prefix; `undefined` where the text is none. */
export function readToken(prefix: string, text: string): { id: string; secretHash: string } | undefined {
  const token = parseOpaqueToken(text);
  return token && { id: prefix + token.idHex, secretHash: token.secretHash };
}

/** What the ids of rows begin with. */
export const ID_PREFIX = {
  application: 'app_',
  providerClient: 'pcl_',
  session: 'ses_',
  account: 'acc_',
  profile: 'pro_',
  code: 'cod_',
  grant: 'grn_',
  accessToken: 'tok_',
  auditEvent: 'aud_',
  adminApproval: 'apr_',
  managedEvent: 'evt_',
  invitation: 'inv_',
} as const;
