import { parseAddressBlock } from './address-block.ts';
import { CalendarConnectError } from './errors.ts';
import type { Log } from './log.ts';
import type { MailOptions } from './mail/mail-options.ts';
import type { NetworkOptions } from './outbound/network.ts';
import type { ConferencingService, Provider } from './providers/provider.ts';
import type { Engine } from './storage/engine.ts';
import type { KeyringKey } from './vault/keyring.ts';

/** What {@link createCalendarConnect} needs to know. */
export interface CalendarConnectOptions {
  /**
   * Where browsers and partners reach the backend, such as `https://connect.partner.example` or `https://partner.example/calendar`.
   * Plain http is for this computer only; behind a TLS proxy, give the https address that the proxy answers under.
   */
  readonly publicUrl: string;
  /** Where everything is kept: `openSqlite({ file })`. It is closed together with the backend. */
  readonly database: Engine;
  /**
   * The keys that seal what is kept: a text as in `CALENDAR_CONNECT_KEYS` (`id:base64url` of 32 bytes, separated by commas, the active one
   * first), or what `loadOrCreateKeyFile` read.
   */
  readonly keys: string | readonly KeyringKey[];
  /** What people can choose from, in the order shown: `google({ … })`. */
  readonly providers: readonly Provider[];
  /** Where meetings can be made apart from a calendar: `zoom({ … })`. People connect them one by one. Default: nowhere. */
  readonly conferencing?: readonly ConferencingService[];
  /**
   * The way out: an egress `proxy` and a `ca` for everything, and what may be asked besides the public internet where somebody types an
   * address (`allow`, `ports`, `oldTlsHosts`). Default: straight out, and nothing besides.
   */
  readonly outbound?: NetworkOptions;
  /**
   * The addresses or blocks that requests of this backend come from, as firewalls of others see them, such as `203.0.113.7`. People are told them
   * where their server does not answer, so that their IT team knows what to let in. Default: nothing is said of it.
   */
  readonly egressAddresses?: readonly string[];
  /** The server that mail leaves by, and whom it is from. The certificate of the server is checked, with the `ca` of `outbound` too. Default: no mail is sent. */
  readonly mail?: MailOptions | undefined;
  /**
   * The proxies in front, whose `X-Forwarded-For` tells the client's address: addresses, blocks such as `10.0.0.0/8`, `loopback`,
   * `private`. Default: none, so that whoever connects is the client.
   */
  readonly trustedProxies?: readonly string[];
  /** Where log entries go. Default: one JSON object per line on standard error. */
  readonly log?: Log;
  /**
   * Opens the admin API, `/admin/…`, to whoever shows this key: at least 32 visible ASCII characters, such as 32 random bytes in base64url.
   * Default: there is none.
   */
  readonly adminKey?: string | undefined;
  /** The clock, in milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number;
}

/** @throws CalendarConnectError `option_invalid`, saying option, expected and received */
export function validateOptions(options: CalendarConnectOptions): void {
  expectOption('publicUrl', typeof options.publicUrl === 'string', { expected: 'an address', received: options.publicUrl });
  expectOption('database', typeof options.database?.ask === 'function', {
    expected: 'an engine such as openSqlite({ file })',
    received: options.database,
  });
  // The value itself is a secret, so only its type is told.
  expectOption('keys', typeof options.keys === 'string' || Array.isArray(options.keys), {
    expected: 'a text of id:key pairs, or the keys of a key file',
    received: typeof options.keys,
  });
  expectOption('providers', Array.isArray(options.providers), {
    expected: 'a list of providers such as google({ … })',
    received: options.providers,
  });
  expectOption('conferencing', options.conferencing === undefined || Array.isArray(options.conferencing), {
    expected: 'a list of services such as zoom({ … })',
    received: options.conferencing,
  });
  const ids = [...options.providers, ...(options.conferencing ?? [])].map((service) => service.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  expectOption('providers', twice === undefined, { expected: 'each provider once', received: twice });
  expectTexts('trustedProxies', options.trustedProxies);
  expectAdminKey(options.adminKey);
  expectTexts('outbound.allow', options.outbound?.allow);
  expectTexts('outbound.oldTlsHosts', options.outbound?.oldTlsHosts);
  expectTexts('egressAddresses', options.egressAddresses);
  const noAddress = options.egressAddresses?.find((entry) => parseAddressBlock(entry) === undefined);
  expectOption('egressAddresses', noAddress === undefined, { expected: 'addresses or blocks such as 203.0.113.7', received: noAddress });
  expectOption('outbound.ports', options.outbound?.ports === undefined || Array.isArray(options.outbound.ports), {
    expected: 'a list of numbers',
    received: options.outbound?.ports,
  });
}

/** A key that can be guessed opens everything. The value itself is a secret, so only its length is told. */
function expectAdminKey(key: unknown): void {
  if (key === undefined || (typeof key === 'string' && /^[\x21-\x7e]{32,}$/.test(key))) return;
  const received = typeof key === 'string' ? `${key.length} characters` : key === null ? 'null' : typeof key;
  throw new CalendarConnectError('option_invalid', `adminKey: expected at least 32 visible ASCII characters, received ${received}`);
}

function expectTexts(option: string, value: unknown): void {
  const holds = value === undefined || (Array.isArray(value) && value.every((entry) => typeof entry === 'string'));
  expectOption(option, holds, { expected: 'a list of texts', received: value });
}

function expectOption(option: string, holds: boolean, { expected, received }: { expected: string; received: unknown }): void {
  if (holds) return;
  const shown = typeof received === 'string' ? JSON.stringify(received) : received === null ? 'null' : typeof received;
  throw new CalendarConnectError('option_invalid', `${option}: expected ${expected}, received ${shown}`);
}
