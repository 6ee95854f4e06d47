import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { createCertificateAuthority, selfSigned, type CertificateAuthority, type Identity } from './certificate-authority.ts';

const DAY_MS = 86_400_000;

/** What is right or wrong with a host's certificate. `untrusted` comes from an authority that nobody has heard of. */
export const CERTIFICATE_KINDS = ['trusted', 'self_signed', 'wrong_name', 'expired', 'not_yet_valid', 'untrusted'] as const;

/** One of {@link CERTIFICATE_KINDS}. */
export type CertificateKind = (typeof CERTIFICATE_KINDS)[number];

/** The certificates of all hosts. */
export interface HostCertificates {
  /** The authority's own certificate, in PEM. */
  readonly ca: string;
  /** What a host shows, made once and remembered. */
  readonly of: (host: string, kind: CertificateKind) => { readonly identity: Identity; readonly context: SecureContext };
}

/** Creates an authority and the certificates that it is asked for. */
export function createHostCertificates(tls: SecureContextOptions): HostCertificates {
  const authority = createCertificateAuthority('Exchange emulator');
  const made = new Map<string, { identity: Identity; context: SecureContext }>();
  return {
    ca: authority.cert,
    of: (host, kind) => {
      const known = made.get(`${host} ${kind}`);
      if (known !== undefined) return known;
      const identity = issue(host, kind, authority);
      const fresh = { identity, context: createSecureContext({ ...tls, cert: identity.cert, key: identity.key }) };
      made.set(`${host} ${kind}`, fresh);
      return fresh;
    },
  };
}

function issue(host: string, kind: CertificateKind, authority: CertificateAuthority): Identity {
  const now = Date.now();
  switch (kind) {
    case 'trusted':
      return authority.issue({ names: [host] });
    case 'self_signed':
      return selfSigned({ names: [host] });
    case 'wrong_name':
      return authority.issue({ names: ['webhosting.example'] });
    case 'expired':
      return authority.issue({ names: [host], fromMs: now - 90 * DAY_MS, untilMs: now - DAY_MS });
    case 'not_yet_valid':
      return authority.issue({ names: [host], fromMs: now + DAY_MS, untilMs: now + 90 * DAY_MS });
    case 'untrusted':
      return createCertificateAuthority('Somebody else').issue({ names: [host] });
  }
}
