import type { Faults } from './faults.ts';
import type { Clients } from './oauth/clients.ts';
import type { Codes } from './oauth/codes.ts';
import type { Grants } from './oauth/grants.ts';
import type { SigningKeys } from './oauth/signing-keys.ts';
import type { RequestLog } from './request-log.ts';
import type { Switchboard } from './switches.ts';
import type { World } from './world/world.ts';

/** Everything an emulator is made of. Handlers take the parts they use. */
export interface GoogleParts {
  /** `iss` of ID tokens and callbacks. */
  readonly issuer: string;
  /** Where browsers find the emulator. */
  readonly publicUrl: string;
  /** Where servers find the emulator. */
  readonly serverUrl: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly clients: Clients;
  readonly world: World;
  readonly grants: Grants;
  readonly codes: Codes;
  readonly keys: SigningKeys;
  readonly switches: Switchboard;
  readonly faults: Faults;
  readonly requests: RequestLog;
}
