import type { Faults } from '../serving/faults.ts';
import type { Fault } from './faults.ts';
import type { Clients } from './oauth/clients.ts';
import type { Codes } from './oauth/codes.ts';
import type { Grants } from './oauth/grants.ts';
import type { SigningKeys } from '../oauth/signing-keys.ts';
import type { MeetSpaces } from '../meet/spaces.ts';
import type { RequestLog } from '../serving/request-log.ts';
import type { Switchboard } from '../serving/switchboard.ts';
import type { GoogleSwitches } from './switches.ts';
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
  readonly spaces: MeetSpaces;
  readonly keys: SigningKeys;
  readonly switches: Switchboard<GoogleSwitches>;
  readonly faults: Faults<Fault>;
  readonly requests: RequestLog;
}
