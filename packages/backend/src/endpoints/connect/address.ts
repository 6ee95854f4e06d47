import type { Context, Handler } from 'hono';
import { sendAddressCode } from '../../connect/prove-address.ts';
import { addressPage, type AddressView } from '../../pages/address-page.ts';
import { answerPage } from '../../pages/page.ts';
import { clientKey } from '../client-address.ts';
import { lookOf } from '../look-of.ts';
import { field, readFields } from '../request-body.ts';
import {
  addressFormAddress,
  codeFormAddress,
  decline,
  isOnlyLooking,
  leave,
  newTicket,
  type Proving,
  type ProvingDeps,
  provingSession,
  takesTicket,
} from './proving-session.ts';

/**
 * `GET /connect/address/{id}`: where somebody who shares no calendar types their address. A window that is opened again goes on with the code
 * that was sent.
 */
export function showAddressForm(deps: ProvingDeps): Handler {
  return async function showAddressForm(c) {
    if (isOnlyLooking(c)) return c.body(null, c.req.method === 'HEAD' ? 200 : 503);
    const proving = await provingSession(deps, c);
    if (proving instanceof Response) return proving;
    if ((await deps.store.findAddressCheck(proving.session.id)) !== undefined)
      return c.redirect(codeFormAddress(deps, proving.session), 303);
    return answerForm(deps, c, { proving });
  };
}

/** `POST /connect/address/{id}`: mails a code to the address, or ends the session as declined. */
export function takeAddress(deps: ProvingDeps): Handler {
  return async function takeAddress(c) {
    const fields = await readFields(c);
    const proving = await provingSession(deps, c);
    if (proving instanceof Response) return proving;
    const { session } = proving;
    // Sent twice, it counts once; what came of the first is shown.
    if (!(await takesTicket(deps, proving, fields))) return c.redirect(addressFormAddress(deps, session), 303);
    if (field(fields, 'choice') === 'cancel') return decline(deps, c, proving);
    const email = field(fields, 'email') ?? '';
    const answer = await sendAddressCode(deps, { session, client: clientKey(deps, c) }, email);
    switch (answer.outcome) {
      case 'sent':
        return c.redirect(codeFormAddress(deps, session), 303);
      case 'session_ended':
        return leave(deps, c, proving);
      case 'too_many':
        return answerForm(deps, c, { proving, email, problem: 'too_many', retryAfterSeconds: answer.retryAfterSeconds });
      case 'email_invalid':
        return answerForm(deps, c, { proving, email, problem: 'email_invalid' });
      default:
        return answer satisfies never;
    }
  };
}

interface FormAnswer extends Pick<AddressView, 'problem' | 'retryAfterSeconds'> {
  readonly proving: Proving;
  readonly email?: string;
}

async function answerForm(deps: ProvingDeps, c: Context, { proving, email = '', ...problem }: FormAnswer): Promise<Response> {
  if (problem.retryAfterSeconds !== undefined) c.header('Retry-After', String(problem.retryAfterSeconds));
  const { application, session } = proving;
  const ticket = await newTicket(deps, proving);
  const page = addressPage({ application: application.name, action: addressFormAddress(deps, session), ticket, email, ...problem });
  return answerPage(c, page, await lookOf(deps, application));
}
