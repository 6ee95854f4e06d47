import { EXTENDED_PROTECTION } from '../authentication/verify-ntlm.ts';
import { CERTIFICATE_KINDS, type CertificateKind } from '../certificates/host-certificates.ts';
import { checkOneOf } from '../check-one-of.ts';
import { AUTHENTICATION_SCHEMES, AUTODISCOVER_FORMATS, SITE_KINDS, type Site } from '../sites/site.ts';

/** A host name, and what answers there. */
export interface ExchangeHostSeed {
  readonly name: string;
  /** What the name resolves to. The default is `127.0.0.1`; an empty list is a name without an address. */
  readonly addresses?: readonly string[];
  /** The default is `trusted`. */
  readonly certificate?: CertificateKind;
  /** At port 443. The default is an Exchange server. */
  readonly https?: Site;
  /** At port 80. The default is `closed`. */
  readonly http?: Site;
}

/** A host as it is. */
export interface ExchangeHost {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly certificate: CertificateKind;
  readonly https: Site;
  readonly http: Site;
}

/** The hosts. */
export interface ExchangeHosts {
  readonly all: () => readonly ExchangeHost[];
  readonly find: (name: string) => ExchangeHost | undefined;
  /** Adds a host, or changes the one of that name: what is not given stays. @throws TypeError for an option that cannot be */
  readonly put: (seed: ExchangeHostSeed) => void;
  /** Returns to the hosts of the start. */
  readonly reset: () => void;
}

/**
 * The hosts every new emulator starts with: the server, Autodiscover, the web site of the company, which eats passwords, as a tripwire
 * `autodiscover.<tld>`, which nobody has any reason to ask, and those of Exchange Online, where no password of the company belongs.
 * @see {@link https://www.akamai.com/blog/security/autodiscovering-the-great-leak}
 */
export const DEFAULT_HOSTS: readonly ExchangeHostSeed[] = [
  { name: 'mail.corp.example' },
  { name: 'autodiscover.corp.example' },
  { name: 'corp.example', https: { kind: 'website' }, http: { kind: 'website' } },
  {
    name: 'autodiscover.example',
    https: { kind: 'website', challenge: 'basic' },
    http: { kind: 'redirect', to: 'https://autodiscover.example/Autodiscover/Autodiscover.xml' },
  },
  { name: 'outlook.office365.com', https: { kind: 'website', challenge: 'basic' } },
  {
    name: 'autodiscover.corp.mail.onmicrosoft.com',
    https: { kind: 'closed' },
    http: { kind: 'redirect', to: 'https://autodiscover-s.outlook.com/Autodiscover/Autodiscover.xml' },
  },
  { name: 'autodiscover-s.outlook.com', https: { kind: 'website', challenge: 'basic' } },
];

/** Creates the register of hosts. */
export function createExchangeHosts(start: readonly ExchangeHostSeed[]): ExchangeHosts {
  const byName = new Map<string, ExchangeHost>();
  const put: ExchangeHosts['put'] = (seed) => {
    const name = seed.name.toLowerCase();
    byName.set(name, checked({ ...(byName.get(name) ?? FRESH), ...seed, name }));
  };
  const reset = (): void => {
    byName.clear();
    start.forEach(put);
  };
  reset();
  return { all: () => [...byName.values()], find: (name) => byName.get(name.toLowerCase()), put, reset };
}

const FRESH = { addresses: ['127.0.0.1'], certificate: 'trusted', https: { kind: 'exchange' }, http: { kind: 'closed' } } as const;

function checked(host: ExchangeHost): ExchangeHost {
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(host.name)) throw new TypeError(`hosts[].name: expected a host name, received ${host.name}`);
  checkOneOf('hosts[].certificate', CERTIFICATE_KINDS, [host.certificate]);
  checkSite('hosts[].https', host.https);
  checkSite('hosts[].http', host.http);
  return host;
}

function checkSite(option: string, site: Site): void {
  checkOneOf(`${option}.kind`, SITE_KINDS, [site.kind]);
  if (site.kind === 'redirect' && !/^https?:\/\/\S+$/.test(site.to)) {
    throw new TypeError(`${option}.to: expected an absolute address, received ${site.to}`);
  }
  if (site.kind !== 'exchange') return;
  checkOneOf(`${option}.authentication`, AUTHENTICATION_SCHEMES, Object.values(site.authentication ?? {}).flat());
  checkOneOf(`${option}.extendedProtection`, EXTENDED_PROTECTION, Object.values(site.extendedProtection ?? {}));
  checkOneOf(`${option}.autodiscover`, AUTODISCOVER_FORMATS, site.autodiscover ?? []);
}
