import { Hono } from 'hono';
import { createCalendarRenewal } from './accounts/calendar-renewal.ts';
import { startHousekeeping } from './accounts/housekeeping.ts';
import { type Applications, createApplications } from './accounts/applications.ts';
import { createApp } from './app.ts';
import type { ConnectEnv } from './endpoints/cors.ts';
import { metadata } from './endpoints/oauth/metadata.ts';
import { openBackend } from './open-backend.ts';
import type { CalendarConnectOptions } from './options.ts';

/** A running backend. */
export interface CalendarConnect {
  /** All routes; mount it where `publicUrl` says, such as `host.route('/calendar', connect.app)`. */
  readonly app: Hono<ConnectEnv>;
  /**
   * The metadata document where RFC 8414 looks for it when the backend is mounted under a path: at the root of the host, such as
   * `/.well-known/oauth-authorization-server/calendar`. Mount with `host.route('/', connect.wellKnown)`.
   */
  readonly wellKnown: Hono;
  /** The registered applications. */
  readonly applications: Applications;
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
  const calendarRenewal = createCalendarRenewal(backend);
  return {
    app: createApp({ backend, housekeeping, calendarRenewal }),
    wellKnown: new Hono().get(`/.well-known/oauth-authorization-server${backend.publicUrl.basePath}`, metadata(backend)),
    applications: createApplications(backend),
    close: async () => {
      await housekeeping.stop();
      await calendarRenewal.settled();
      await backend.store.close();
    },
  };
}
