import { ACCESS_MODES, type AccessMode } from '@calendar-connect/protocol';
import { z } from 'zod';
import { isVisibleText } from '../../visible-text.ts';

/** Reads what a request holds. */
export type Schema<T> = z.ZodType<T>;

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
  profile_id?: string | undefined;
}

/** A page's request to exchange its code. */
export interface ExchangeFields {
  code: string;
  code_verifier: string;
}

/** A person's word that somebody has to approve. */
export interface AdminApprovalFields {
  email?: string | undefined;
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

/** Reads {@link PageSessionFields}. */
export const pageSession: Schema<PageSessionFields> = z
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

/** Reads {@link ClaimFields}. */
export const claim: Schema<ClaimFields> = z.object({ ...challenge, session: shortText, locale: shortText.optional() });

/** Reads {@link PartnerSessionFields}. */
export const partnerSession: Schema<PartnerSessionFields> = z.object({
  ...wishes,
  client_id: shortText.optional(),
  client_secret: shortText.optional(),
  end_user: endUser,
  profile_id: shortText.optional(),
});

/** Reads {@link ExchangeFields}. */
export const exchange: Schema<ExchangeFields> = z.object({ code: shortText, code_verifier: shortText });

/** Reads {@link AdminApprovalFields}. Whether it is an address is for the lookup to say. */
export const adminApproval: Schema<AdminApprovalFields> = z.object({ email: z.string().min(1).max(254).optional() });
