import type { Hono } from 'hono';
import { createApp } from './app.ts';
import { createControl, type GoogleControl } from './control.ts';
import { createFaults } from '../serving/faults.ts';
import type { Fault } from './faults.ts';
import { createClients, type GoogleClient } from './oauth/clients.ts';
import { createCodes } from './oauth/codes.ts';
import { createGrants } from './oauth/grants.ts';
import { createSigningKeys } from '../oauth/signing-keys.ts';
import type { GoogleParts } from './parts.ts';
import { createMeetSpaces } from '../meet/spaces.ts';
import { createRequestLog } from '../serving/request-log.ts';
import { createSwitchboard } from '../serving/switchboard.ts';
import { toOrigin } from '../serving/to-origin.ts';
import { DEFAULT_SWITCHES, type GoogleSwitches } from './switches.ts';
import { defaultUsers } from './world/default-users.ts';
import { createWorld, type UserSeed } from './world/world.ts';

/** How an emulator begins. */
export interface GoogleEmulatorOptions {
  /** The OAuth clients that are registered. */
  readonly clients: readonly GoogleClient[];
  /** Where browsers find the emulator: an origin. The `Host` of a request is never believed. The default is `http://127.0.0.1`. */
  readonly publicUrl?: string;
  /** Where servers find the emulator: an origin. The default is `publicUrl`. */
  readonly serverUrl?: string;
  /** `iss` of ID tokens and callbacks. The default is `publicUrl`; Google's is `https://accounts.google.com`. */
  readonly issuer?: string;
  /** The people with accounts; the default is one in a Workspace organisation and one with a Gmail address. */
  readonly users?: readonly UserSeed[];
  readonly switches?: Partial<GoogleSwitches>;
  readonly faults?: readonly Fault[];
  /** The emulator's clock, in milliseconds since 1970. The default is the computer's. */
  readonly now?: () => number;
}

/** An emulator that is not listening: requests go to `app.request()` or `app.fetch()`. */
export interface GoogleEmulator {
  readonly app: Hono;
  readonly control: GoogleControl;
}

/**
 * Creates an emulator of Google's OAuth endpoints, Calendar API and Meet's spaces, with all its state in memory.
 * @throws TypeError for an option that cannot be.
 * @example
 * ```ts
 * const google = createGoogleEmulator({
 *   clients: [{ clientId: '1-a.apps.googleusercontent.com', clientSecret: 'GOCSPX-a', redirectUris: ['http://localhost:3000/callback'] }],
 * });
 * google.control.setFor('amira@partner.example', { adminPolicyEnforced: true });
 * const response = await google.app.request('/.well-known/openid-configuration');
 * ```
 */
export function createGoogleEmulator(options: GoogleEmulatorOptions): GoogleEmulator {
  const parts = createParts(options);
  return { app: createApp(parts), control: createControl(parts) };
}

function createParts(options: GoogleEmulatorOptions): GoogleParts {
  const now = options.now ?? Date.now;
  const publicUrl = toOrigin('publicUrl', options.publicUrl ?? 'http://127.0.0.1');
  const users = options.users ?? defaultUsers(now());
  return {
    issuer: options.issuer ?? publicUrl,
    publicUrl,
    serverUrl: toOrigin('serverUrl', options.serverUrl ?? publicUrl),
    now,
    clients: createClients(options.clients),
    world: createWorld(users, now),
    grants: createGrants(now),
    codes: createCodes(now),
    spaces: createMeetSpaces(),
    keys: createSigningKeys(),
    switches: createSwitchboard({
      defaults: DEFAULT_SWITCHES,
      everybody: options.switches ?? {},
      perUser: new Map(users.map((user) => [user.email, user.switches ?? {}])),
    }),
    faults: createFaults<Fault>(options.faults ?? []),
    requests: createRequestLog(),
  };
}
