/**
 * Gives the domain that somebody registered and under which all names are theirs: `corp.co.uk` of `mail.corp.co.uk`. `undefined` where there
 * is none: a public suffix itself, an address, a name of one label. A name below no suffix of the list falls under the list's own rule `*`:
 * `corp.local` is one of `exchange.corp.local`.
 *
 * An implementation reads the public suffix list **with its private part**, where each customer of a hoster is a registrant of its own.
 *
 * @see [Public Suffix List](https://publicsuffix.org/)
 */
export type RegistrableDomain = (host: string) => string | undefined;

/** Tells whether both names belong to one registrant. A name without a registrable domain belongs to itself alone. */
export function sameRegistrant(one: string, other: string, registrableDomain: RegistrableDomain): boolean {
  if (one === other) return true;
  const registered = registrableDomain(one);
  return registered !== undefined && registered === registrableDomain(other);
}
