import { X509Certificate } from 'node:crypto';
import { getCACertificates, rootCertificates } from 'node:tls';
import { CalendarConnectError } from '../errors.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * Reads certificates of authorities, several in one text or each in its own. Checked now: TLS would only notice with the first connection,
 * or take a text without any for none to add.
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function parseAuthorities(given: string | readonly string[] = []): readonly string[] {
  const texts = typeof given === 'string' ? [given] : given;
  return texts.flatMap((text) => {
    const certificates = typeof text === 'string' ? text.match(CERTIFICATE) : null;
    if (certificates === null) throw invalid('something else');
    return certificates.map(checkCertificate);
  });
}

/** The certificates of all authorities to trust where these are trusted too, as `node:tls` takes them: `undefined` for the usual ones alone. */
export function trustedAuthorities(added: readonly string[]): string[] | undefined {
  if (added.length === 0) return undefined;
  // Node 22.13 has only the bundled ones; later ones know of NODE_EXTRA_CA_CERTS and --use-system-ca too.
  const usual = typeof getCACertificates === 'function' ? getCACertificates('default') : rootCertificates;
  return [...usual, ...added];
}

function checkCertificate(pem: string, index: number): string {
  try {
    return new X509Certificate(pem).toString();
  } catch {
    throw invalid(`a text whose certificate ${index + 1} cannot be read`);
  }
}

function invalid(received: string): CalendarConnectError {
  return new CalendarConnectError('option_invalid', `outbound.ca: expected certificates in PEM, received ${received}`);
}
