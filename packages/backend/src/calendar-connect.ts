import type { Hono } from 'hono';
import { createCalendarRenewal } from './accounts/calendar-renewal.ts';
import { createCredentialRenewal } from './accounts/credential-renewal.ts';
import { giveBackHandler } from './accounts/give-back.ts';
import { startHousekeeping } from './accounts/housekeeping.ts';
import { type Applications, createApplications } from './accounts/applications.ts';
import { createApp, createWellKnown } from './app.ts';
import { CANCEL_MEETING, cancelMeetingHandler } from './conferencing/cancel-meetings.ts';
import { describeApproval } from './connect/describe-approval.ts';
import { invitationHandler } from './invitations/invitation-handler.ts';
import { mailHandler } from './mail/mail-handler.ts';
import { notificationHandler } from './notifications/notification-handler.ts';
import { openBackend } from './open-backend.ts';
import { GIVE_BACK } from './storage/give-back-work.ts';
import { INVITE } from './storage/invitation-work.ts';
import { MAIL } from './storage/mail-work.ts';
import { NOTIFY } from './storage/notification-work.ts';
import type { CalendarConnectOptions } from './options.ts';
import type { AuditEvent } from './storage/audit-event.ts';
import type { AuditQuery } from './storage/questions/audit.ts';

/** A running backend. */
export interface CalendarConnect {
  /** All routes; mount it where `publicUrl` says, such as `host.route('/calendar', connect.app)`. */
  readonly app: Hono;
  /**
   * The metadata document where RFC 8414 looks for it when the backend is mounted under a path: at the root of the host, such as
   * `/.well-known/oauth-authorization-server/calendar`. Mount with `host.route('/', connect.wellKnown)`.
   */
  readonly wellKnown: Hono;
  /** The registered applications. */
  readonly applications: Applications;
  /** The newest entries of the audit trail, newest first: tokens issued, refreshed and revoked, codes used twice, secrets that were wrong. Kept for 400 days. */
  audit(query: AuditQuery): Promise<readonly AuditEvent[]>;
  /** Lets go of what it holds, after what is under way. */
  close(): Promise<void>;
}

/**
 * Brings a backend up: migrates the database, checks the key against it, and registers the operator's provider clients.
 *
 * @throws CalendarConnectError `option_invalid`
 * @throws VaultError the keys are missing, malformed, or not those the database was sealed with
 * @throws StorageError the database cannot be used
 */
export async function createCalendarConnect(options: CalendarConnectOptions): Promise<CalendarConnect> {
  const backend = await openBackend(options);
  const housekeeping = startHousekeeping(backend);
  const renewal = createCredentialRenewal(backend);
  const calendarRenewal = createCalendarRenewal({ ...backend, renewal });
  backend.work.start({
    [CANCEL_MEETING]: cancelMeetingHandler({ ...backend, renewal }),
    [GIVE_BACK]: giveBackHandler(backend),
    [INVITE]: invitationHandler(backend),
    [MAIL]: mailHandler(backend),
    [NOTIFY]: notificationHandler({ ...backend, describeApproval: (id) => describeApproval(backend, id) }),
  });
  return {
    app: createApp({ backend, calendarRenewal, renewal }),
    wellKnown: createWellKnown(backend),
    applications: createApplications(backend),
    audit: (query) => backend.store.auditTrail(query),
    close: async () => {
      await Promise.all([housekeeping.stop(), backend.work.stop()]);
      await calendarRenewal.settled();
      await backend.store.close();
    },
  };
}
