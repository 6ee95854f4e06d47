import { validateRedirectUri } from '../oauth/addresses.ts';
import { CalendarConnectError } from '../errors.ts';
import { ConnectError } from './connect-error.ts';

/**
 * The address on a page's own registered origin that a path leads to: where its redirect comes back.
 *
 * Only a path in the form that an address bar has it counts, so that nothing a browser would read as another origin gets through
 * (`//evil`, `/\evil`, a tab before it), and no parameter of the answer's may stand in its query already.
 *
 * @throws ConnectError `invalid_request`
 */
export function returnAddress(origin: string, path: string): string {
  const address = origin + path;
  const [place = ''] = address.split('#');
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(path) || new URL(address).href !== address || !isRedirectUri(place)) {
    throw new ConnectError(
      'invalid_request',
      'return_path: expected a path on the page’s own origin, such as /settings?tab=2, at most 2,000 characters, percent-encoded, without code, state, iss or error in its query',
    );
  }
  return address;
}

function isRedirectUri(address: string): boolean {
  try {
    return validateRedirectUri(address) === address;
  } catch (error) {
    if (error instanceof CalendarConnectError) return false;
    throw error;
  }
}
