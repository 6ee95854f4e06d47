import type { Backend } from '../backend.ts';
import { type AddressCodeMailPayload, nameOfCode } from '../storage/mail-work.ts';
import { addressCodePlace, checkedEmailPlace } from './address-check-places.ts';
import type { Mail } from './mailer.ts';
import { verificationMail } from './verification-mail.ts';

type Deps = Pick<Backend, 'store' | 'vault' | 'now'>;

/**
 * The mail with the code that proves an address. `undefined` where it would come too late: the code has expired or was replaced, the session is
 * over, or the person has the code already.
 */
export async function addressCodeMail(deps: Deps, { sessionId, code }: AddressCodeMailPayload): Promise<Mail | undefined> {
  const check = await deps.store.findAddressCheck(sessionId);
  const session = await deps.store.findSession(sessionId);
  if (check === undefined || session === undefined || nameOfCode(check.codeSealed) !== code) return undefined;
  const endsAtMs = Math.min(check.expiresAtMs, session.expiresAtMs);
  if (session.state !== 'needs_credentials' || endsAtMs <= deps.now()) return undefined;
  const application = await deps.store.findApplication(session.applicationId);
  if (application === undefined) return undefined;
  const dataKey = await deps.store.findDataKey(session.applicationId);
  const written = await verificationMail({
    application: application.name,
    code: deps.vault.open(dataKey, addressCodePlace(session), check.codeSealed),
    locale: session.locale,
  });
  return { ...written, to: deps.vault.open(dataKey, checkedEmailPlace(session), check.emailSealed), item: `address_code:${code}` };
}
