import type { Application } from '../../storage/questions/applications.ts';

/** An application as the admin API and the command show it. What is not set is absent; there is no secret in it. */
export interface ApplicationJson {
  readonly client_id: string;
  readonly name: string;
  readonly redirect_uris: readonly string[];
  readonly origins: readonly string[];
  readonly access_modes: readonly string[];
  readonly default_access_mode?: string;
  /** Empty: all that the backend has. */
  readonly providers: readonly string[];
  readonly scope: string;
  readonly branding: { readonly accent_color?: string; readonly logo?: string; readonly privacy_url?: string };
  readonly invitations: { readonly organizer_name?: string; readonly organizer_email?: string; readonly reply_to?: string };
  readonly notification_url?: string;
  readonly mails_approvals: boolean;
  readonly created_at: string;
}

/**
 * Shows an application.
 *
 * @param logo Its logo, or what is to be said of it. It is not part of an application, because it is large and seldom needed.
 */
export function applicationJson(application: Application, logo?: string): ApplicationJson {
  const { branding, invitations } = application;
  return {
    client_id: application.id,
    name: application.name,
    redirect_uris: application.redirectUris,
    origins: application.origins,
    access_modes: application.accessModes,
    ...present({ default_access_mode: application.defaultAccessMode }),
    providers: application.providers,
    scope: application.scope,
    branding: present({ accent_color: branding.accentColor, logo, privacy_url: branding.privacyUrl }),
    invitations: present({
      organizer_name: invitations.organizerName,
      organizer_email: invitations.organizerEmail,
      reply_to: invitations.replyTo,
    }),
    ...present({ notification_url: application.notificationUrl }),
    mails_approvals: application.mailsApprovals,
    created_at: new Date(application.createdAtMs).toISOString(),
  };
}

function present<Name extends string>(fields: Readonly<Record<Name, string | undefined>>): { [Each in Name]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [Each in Name]?: string };
}
