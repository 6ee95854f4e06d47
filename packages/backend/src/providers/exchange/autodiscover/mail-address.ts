import { parseAddress } from '../../../address-block.ts';
import type { RegistrableDomain } from '../registrable-domain.ts';

/** A mail address whose domain can be asked about. */
export interface MailAddress {
  /** As it was typed, without white space around it. */
  readonly address: string;
  /** In the letters of the DNS. */
  readonly domain: string;
}

/** Why nobody is asked about an address. `no_registrant`: the domain is one that nobody has registered but a registry: `ann@co.uk`. Stable. */
export type MailAddressFault = 'not_an_address' | 'ip_address' | 'single_label' | 'no_registrant';

const MAX_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;

/**
 * Reads a mail address. Its domain is taken as it is, and never shortened: clients that tried `autodiscover.com.br` after
 * `autodiscover.example.com.br` gave 372,072 passwords away.
 *
 * @see [Autodiscovering the great leak](https://www.akamai.com/blog/security/autodiscovering-the-great-leak)
 */
export function parseMailAddress(typed: string, registrableDomain: RegistrableDomain): MailAddress | MailAddressFault {
  const address = typed.trim();
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  const named = address.slice(at + 1);
  if (address.length > MAX_LENGTH || local.length > MAX_LOCAL_LENGTH || !/^[^\s\p{Cc}\p{Cs}@"<>()[\],;:\\]+$/u.test(local))
    return 'not_an_address';
  // What a URL would take for something else than a name is none.
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(named)) return 'not_an_address';
  const domain = URL.parse(`https://${named}/`)?.hostname ?? '';
  if (domain === '' || domain.startsWith('.') || domain.endsWith('.') || domain.includes('..')) return 'not_an_address';
  if (parseAddress(domain) !== undefined) return 'ip_address';
  if (!domain.includes('.')) return 'single_label';
  return registrableDomain(domain) === undefined ? 'no_registrant' : { address, domain };
}
