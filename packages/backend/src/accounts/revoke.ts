import type { Backend } from '../backend.ts';
import { ID_PREFIX, readToken } from '../vault/issued-token.ts';
import { newId } from '../vault/secrets.ts';

/** Names what to revoke; a token wins over an account ([RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)). */
export interface RevocationRequest {
  readonly applicationId: string;
  readonly token: string | undefined;
  /** `acc_…` */
  readonly sub: string | undefined;
}

/** Ends the whole authorization that a token belongs to. What names nothing of this application changes nothing and is no error. */
export async function revokeAuthorization(deps: Pick<Backend, 'store' | 'work' | 'now'>, request: RevocationRequest): Promise<void> {
  const { applicationId, token, sub } = request;
  const nowMs = deps.now();
  const event = { applicationId, nowMs, auditId: newId(ID_PREFIX.auditEvent, nowMs) };
  if (token === undefined) {
    if (sub !== undefined) await deps.store.revokeGrant({ ...event, accountId: sub });
    return;
  }
  // Whether it is a refresh or an access token is written nowhere in it: its row is looked for among both.
  for (const prefix of [ID_PREFIX.grant, ID_PREFIX.accessToken]) {
    const known = readToken(prefix, token);
    if (known !== undefined) await deps.store.revokeGrant({ ...event, tokenId: known.id, tokenHash: known.secretHash });
  }
}
