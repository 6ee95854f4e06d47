import { X509Certificate } from 'node:crypto';
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
