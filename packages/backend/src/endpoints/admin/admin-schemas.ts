import { z } from 'zod';

/** Reads what a request holds. */
export type Schema<T> = z.ZodType<T>;

/** Branding as it is sent. */
interface BrandingFields {
  accent_color?: string | null | undefined;
  logo?: string | null | undefined;
  privacy_url?: string | null | undefined;
}

/** Whom invitations are from, as it is sent. */
interface InvitationFields {
  organizer_name?: string | null | undefined;
  organizer_email?: string | null | undefined;
  reply_to?: string | null | undefined;
}

/** What a request may say of an application; `null` takes a value away. */
export interface ApplicationFields {
  name?: string | undefined;
  redirect_uris?: string[] | null | undefined;
  origins?: string[] | null | undefined;
  access_modes?: string[] | null | undefined;
  default_access_mode?: string | null | undefined;
  providers?: string[] | null | undefined;
  scope?: string | null | undefined;
  branding?: BrandingFields | null | undefined;
  invitations?: InvitationFields | null | undefined;
  notification_url?: string | null | undefined;
  mails_approvals?: boolean | null | undefined;
}

/** A new application. */
export interface NewApplicationFields extends ApplicationFields {
  name: string;
}

/** A change of an application. */
export interface ApplicationPatchFields extends ApplicationFields {
  client_secret?: string | undefined;
}

/** An OAuth client at a provider. */
export interface ProviderClientFields {
  client_id: string;
  client_secret: string;
}

/** What an application is provisioned from. */
export interface ProvisionFields {
  name: string;
  url: string;
}

// What the texts have to be is for the rules of the domain to say: the command keeps to the same.
const text = z.string().nullish();
const texts = z.array(z.string()).nullish();

const features = {
  redirect_uris: texts,
  origins: texts,
  access_modes: texts,
  default_access_mode: text,
  providers: texts,
  scope: text,
  branding: z.strictObject({ accent_color: text, logo: text, privacy_url: text }).nullish(),
  invitations: z.strictObject({ organizer_name: text, organizer_email: text, reply_to: text }).nullish(),
  notification_url: text,
  mails_approvals: z.boolean().nullish(),
};

/** Reads {@link NewApplicationFields}. */
export const newApplication: Schema<NewApplicationFields> = z.strictObject({ name: z.string(), ...features });

/** Reads {@link ApplicationPatchFields}. */
export const applicationPatch: Schema<ApplicationPatchFields> = z.strictObject({
  name: z.string().optional(),
  ...features,
  client_secret: z.string().optional(),
});

/** Reads {@link ProviderClientFields}. */
export const providerClient: Schema<ProviderClientFields> = z.strictObject({ client_id: z.string(), client_secret: z.string() });

/** Reads {@link ProvisionFields}. */
export const provision: Schema<ProvisionFields> = z.strictObject({ name: z.string(), url: z.string() });
