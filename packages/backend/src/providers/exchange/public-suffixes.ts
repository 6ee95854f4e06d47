import { getDomain } from 'tldts';
import type { RegistrableDomain } from './registrable-domain.ts';

/**
 * Reads the public suffix list that comes with `tldts`, its private part too: each customer of a hoster is a registrant of its own. Names of
 * one label, addresses and the suffixes themselves belong to nobody.
 */
export const registrableDomain: RegistrableDomain = (host) =>
  getDomain(host.toLowerCase(), { allowPrivateDomains: true, extractHostname: false }) ?? undefined;
