import { ACCESS_MODES, type AccessMode } from '@calendar-connect/protocol';
import { z } from 'zod';
import { ConnectError } from '../../connect/connect-error.ts';
import { isVisibleText } from '../../visible-text.ts';

/** What any request for a session may say about what it offers. */
interface WishFields {
  scope?: string | undefined;
  providers?: string[] | undefined;
  access_modes?: AccessMode[] | undefined;
  locale?: string | undefined;
}

/** A page's request for a session of its own. */
export interface PageSessionFields extends WishFields {
  code_challenge: string;
  retry_of?: string | undefined;
  return_path?: string | undefined;
  state?: string | undefined;
}

/** A page's request to take over a minted session. */
export interface ClaimFields {
  session: string;
  code_challenge: string;
  locale?: string | undefined;
}

/** A partner's server's request for a session. */
export interface PartnerSessionFields extends WishFields {
  client_id?: string | undefined;
  client_secret?: string | undefined;
  end_user: { id: string; name?: string | undefined };
}

/** A page's request to exchange its code. */
export interface ExchangeFields {
  code: string;
  code_verifier: string;
}

/** Longer than any name of a person, and shorter than a sentence that pretends to be ours. */
const MAX_PERSON_LENGTH = 100;

/** Ids of providers, tags of languages, ids of sessions: all short. */
const shortText = z.string().min(1).max(200);

const wishes = {
  scope: z.string().min(1).max(1000).optional(),
  providers: z.array(shortText).max(20).optional(),
  access_modes: z.array(z.enum(ACCESS_MODES)).max(ACCESS_MODES.length).optional(),
  locale: shortText.optional(),
};

const challenge = { code_challenge: z.string().max(200), code_challenge_method: z.literal('S256') };

/** Shown to the person before they consent, so it must not be able to say anything but a name. */
const personText = z
  .string()
  .refine((text) => isVisibleText(text, MAX_PERSON_LENGTH), `expected 1 to ${MAX_PERSON_LENGTH} visible characters`);

const endUser = z.union([personText.transform((id) => ({ id })), z.object({ id: personText, name: personText.optional() })], {
  error: `expected the person's id, or { id, name }, each of 1 to ${MAX_PERSON_LENGTH} visible characters`,
});

const pageSession = z
  .object({
    ...wishes,
    ...challenge,
    retry_of: shortText.optional(),
    return_path: z.string().min(1).max(2000).optional(),
    state: z
      .string()
      .regex(/^[\x21-\x7e]{1,200}$/, 'expected 1 to 200 visible ASCII characters')
      .optional(),
  })
  .refine(({ return_path, state }) => (return_path === undefined) === (state === undefined), {
    path: ['state'],
    error: 'expected with return_path, and only with it',
  });
const claim = z.object({ ...challenge, session: shortText, locale: shortText.optional() });
const partnerSession = z.object({ ...wishes, client_id: shortText.optional(), client_secret: shortText.optional(), end_user: endUser });
const exchange = z.object({ code: shortText, code_verifier: shortText });

const adminApproval = z.object({ email: z.string().min(1).max(254).optional() });

/** @throws ConnectError `invalid_request` */
export function readAdminApproval(body: unknown): { email?: string | undefined } {
  return read(adminApproval, body);
}

/** @throws ConnectError `invalid_request` that names the field and what was expected */
export function readPageSession(body: unknown): PageSessionFields {
  return read(pageSession, body);
}

/** @throws ConnectError `invalid_request` */
export function readClaim(body: unknown): ClaimFields {
  return read(claim, body);
}

/** @throws ConnectError `invalid_request` */
export function readPartnerSession(body: unknown): PartnerSessionFields {
  return read(partnerSession, body);
}

/** @throws ConnectError `invalid_request` */
export function readExchange(body: unknown): ExchangeFields {
  return read(exchange, body);
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ConnectError('invalid_request', `${issue?.path.join('.') || 'The body'}: ${issue?.message ?? 'not as expected'}`);
}
