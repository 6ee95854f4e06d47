import type { AutodiscoverAnswer } from './autodiscover/answers.ts';
import { checkOneOf } from './check-one-of.ts';
import type { ExchangePersonSeed, WindowsDomain } from './directory/people.ts';
import type { RoomListSeed } from './directory/rooms.ts';
import type { ExchangeFault } from './faults.ts';
import type { ExchangeHostSeed } from './network/hosts.ts';
import type { MxRecord, SrvRecord } from './network/name-service.ts';
import type { ExchangeSwitches } from './switches.ts';
import { EXCHANGE_VERSIONS, type ExchangeVersion } from './versions.ts';

/** How an Exchange organisation begins. */
export interface ExchangeEmulatorOptions {
  /** The default is `2016`. */
  readonly version?: ExchangeVersion;
  /** The default is the server, Autodiscover, a web site at the domain itself, and a tripwire. */
  readonly hosts?: readonly ExchangeHostSeed[];
  /** The default is Amira, Jonas, Lea and Otto of `corp.example`; Lea's mailbox is in Exchange Online. */
  readonly people?: readonly ExchangePersonSeed[];
  readonly roomLists?: readonly RoomListSeed[];
  /** The default is `CORP`, `corp.local`. */
  readonly windowsDomain?: WindowsDomain;
  /** By name, such as `_autodiscover._tcp.corp.example`. */
  readonly srv?: Readonly<Record<string, readonly SrvRecord[]>>;
  /** By domain. */
  readonly mx?: Readonly<Record<string, readonly MxRecord[]>>;
  /** What Autodiscover tells outside. The default is `https://mail.corp.example/EWS/Exchange.asmx`. */
  readonly ewsUrl?: string;
  /** What it tells inside. The default is at a host that has no address. */
  readonly internalEwsUrl?: string;
  /** What Autodiscover says of an address, or of `@domain`. */
  readonly autodiscover?: Readonly<Record<string, AutodiscoverAnswer>>;
  /** So many wrong passwords in a row lock an account. The default is 5; 0 never does. */
  readonly lockoutThreshold?: number;
  /** `1.0` is TLS 1.0 and nothing newer, as servers of 2007 often have. The default is `current`, from 1.2 on. */
  readonly tls?: 'current' | '1.0';
  readonly switches?: Partial<ExchangeSwitches>;
  readonly faults?: readonly ExchangeFault[];
  /** The emulator's clock, in milliseconds since 1970. The default is the computer's. Certificates go by the computer's alone. */
  readonly now?: () => number;
  /** For https. The default, 0, takes a free port. */
  readonly port?: number;
  /** For http. The default, 0, takes a free port. */
  readonly httpPort?: number;
}

/** Refuses options that cannot be. @throws TypeError that names the option */
export function checkOptions({ version, ewsUrl, tls, lockoutThreshold, hosts }: ExchangeEmulatorOptions): void {
  checkOneOf('version', EXCHANGE_VERSIONS, version === undefined ? [] : [version]);
  checkOneOf('tls', ['current', '1.0'], tls === undefined ? [] : [tls]);
  if (ewsUrl !== undefined && !URL.canParse(ewsUrl)) throw new TypeError(`ewsUrl: expected an absolute address, received ${ewsUrl}`);
  if (lockoutThreshold !== undefined && !(Number.isInteger(lockoutThreshold) && lockoutThreshold >= 0)) {
    throw new TypeError(`lockoutThreshold: expected a whole number from 0, received ${lockoutThreshold}`);
  }
  if (hosts?.length === 0) throw new TypeError('hosts: expected at least one host, received none');
}
