import type { Context, Handler } from 'hono';
import { type Proof, proveAddress, resendAddressCode, sentCodeOf } from '../../connect/prove-address.ts';
import { codePage, type CodeView } from '../../pages/code-page.ts';
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

/** `GET /connect/address/{id}/code`: where the person types the code that was mailed to them. */
export function showCodeForm(deps: ProvingDeps): Handler {
  return async function showCodeForm(c) {
    if (isOnlyLooking(c)) return c.body(null, c.req.method === 'HEAD' ? 200 : 503);
    const proving = await provingSession(deps, c);
    return proving instanceof Response ? proving : answerForm(deps, c, { proving });
  };
}

/** `POST /connect/address/{id}/code`: looks at the code, or sends another one, or goes back to the address, or ends the session as declined. */
export function takeCode(deps: ProvingDeps): Handler {
  return async function takeCode(c) {
    const fields = await readFields(c);
    const proving = await provingSession(deps, c);
    if (proving instanceof Response) return proving;
    // Sent twice, it counts once; what came of the first is shown.
    if (!(await takesTicket(deps, proving, fields))) return c.redirect(codeFormAddress(deps, proving.session), 303);
    switch (field(fields, 'choice')) {
      case 'cancel':
        return decline(deps, c, proving);
      case 'another':
        await deps.store.eraseAddressCheck(proving.session.id);
        return c.redirect(addressFormAddress(deps, proving.session), 303);
      case 'resend':
        return resend(deps, c, proving);
      default:
        return answerProof(deps, c, { proving, proof: await proveAddress(deps, proving.session, field(fields, 'code') ?? '') });
    }
  };
}

async function resend(deps: ProvingDeps, c: Context, proving: Proving): Promise<Response> {
  const answer = await resendAddressCode(deps, { session: proving.session, client: clientKey(deps, c) });
  switch (answer?.outcome) {
    case 'session_ended':
      return leave(deps, c, proving);
    case 'too_many':
      return answerForm(deps, c, { proving, said: 'too_many', retryAfterSeconds: answer.retryAfterSeconds });
    case 'sent':
      return answerForm(deps, c, { proving, said: 'sent_again' });
    default:
      return answerForm(deps, c, { proving });
  }
}

function answerProof(deps: ProvingDeps, c: Context, { proving, proof }: { proving: Proving; proof: Proof }): Promise<Response> {
  if (proof === 'connected' || proof === 'session_ended') return leave(deps, c, proving);
  // Where no code counts any longer, the page says by itself why.
  return answerForm(deps, c, { proving, ...(proof === 'no_valid_code' ? {} : { said: proof }) });
}

interface FormAnswer extends Pick<CodeView, 'said' | 'retryAfterSeconds'> {
  readonly proving: Proving;
}

async function answerForm(deps: ProvingDeps, c: Context, { proving, ...answer }: FormAnswer): Promise<Response> {
  const { application, session } = proving;
  const sent = await sentCodeOf(deps, session);
  if (sent === undefined) return c.redirect(addressFormAddress(deps, session), 303);
  if (answer.retryAfterSeconds !== undefined) c.header('Retry-After', String(answer.retryAfterSeconds));
  const ticket = await newTicket(deps, proving);
  const page = codePage({ application: application.name, action: codeFormAddress(deps, session), ticket, ...sent, ...answer });
  return answerPage(c, page, await lookOf(deps, application));
}
