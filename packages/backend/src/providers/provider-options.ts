import { CalendarConnectError } from '../errors.ts';
import { isLoopbackHost } from '../loopback-host.ts';

/** What was received is only described: it may be the secret, or the secret in the wrong place. */
export function parseClientCredential(provider: string, option: string, value: unknown): string {
  if (typeof value !== 'string') throw optionInvalid(provider, option, { expected: 'a string', received: typeof value });
  if (value === '') throw optionInvalid(provider, option, { expected: 'a string', received: 'an empty string' });
  if (/\s/.test(value)) {
    throw optionInvalid(provider, option, { expected: 'a string without white space', received: 'a string with white space' });
  }
  return value;
}

/** The provider's own addresses, but for those that the operator says otherwise. Plain http is for loopback hosts only. */
export function parseEndpoints<E extends object>(provider: string, own: E, given: Partial<E>): E {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(own, name)) {
      throw optionInvalid(provider, `endpoints.${name}`, { expected: `one of ${Object.keys(own).join(', ')}`, received: name });
    }
    if (!isSafeAddress(value)) {
      const expected = 'an https address, or http on a loopback host';
      throw optionInvalid(provider, `endpoints.${name}`, { expected, received: JSON.stringify(value) });
    }
  }
  return { ...own, ...given };
}

/** The error of an option of a provider: `option_invalid`. */
export function optionInvalid(provider: string, option: string, said: { expected: string; received: string }): CalendarConnectError {
  return new CalendarConnectError('option_invalid', `${provider}: ${option}: expected ${said.expected}, received ${said.received}`);
}

function isSafeAddress(value: unknown): boolean {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
}
