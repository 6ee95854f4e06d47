import type { AccessMode } from '@calendar-connect/protocol';
import type { BrandingUpdate, InvitationUpdate } from '../../accounts/application-features.ts';
import { type ApplicationUpdate, DEFAULT_MODES } from '../../accounts/applications.ts';
import { DEFAULT_SCOPE } from '../../oauth/scopes.ts';
import type { ApplicationFields } from './admin-schemas.ts';

/** Reads a merge patch ([RFC 7396](https://www.rfc-editor.org/rfc/rfc7396)): what is absent stays, and `null` brings back the default. */
export function toUpdate(fields: ApplicationFields): ApplicationUpdate {
  return {
    name: fields.name,
    redirectUris: orDefault(fields.redirect_uris, []),
    origins: orDefault(fields.origins, []),
    // Whether they are any is for the rules to say.
    accessModes: orDefault<readonly string[]>(fields.access_modes, DEFAULT_MODES) as readonly AccessMode[] | undefined,
    defaultAccessMode: fields.default_access_mode as AccessMode | null | undefined,
    providers: orDefault(fields.providers, []),
    scope: orDefault(fields.scope, DEFAULT_SCOPE),
    branding: toBranding(fields.branding),
    invitations: toInvitations(fields.invitations),
    notificationUrl: fields.notification_url,
    mailsApprovals: orDefault(fields.mails_approvals, false),
  };
}

function orDefault<T>(value: T | null | undefined, fallback: T): T | undefined {
  return value === null ? fallback : value;
}

function toBranding(fields: ApplicationFields['branding']): BrandingUpdate | undefined {
  if (fields === null) return { accentColor: null, logo: null, privacyUrl: null };
  return fields && { accentColor: fields.accent_color, logo: fields.logo, privacyUrl: fields.privacy_url };
}

function toInvitations(fields: ApplicationFields['invitations']): InvitationUpdate | undefined {
  if (fields === null) return { organizerName: null, organizerEmail: null, replyTo: null };
  return fields && { organizerName: fields.organizer_name, organizerEmail: fields.organizer_email, replyTo: fields.reply_to };
}
