import { domainToASCII } from 'node:url';

/** [RFC 5321 §4.5.3.1](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1) */
const MAX_LENGTH = 254;
const ASCII = /^[\0-\x7f]*$/;
const ASCII_ADDRESS = addressPattern('A-Za-z\\d');
/** Made when it is needed: V8 takes 3 ms to, of every start. */
let addressOfEveryScript: RegExp | undefined;

/** What browsers take as an address; no quotes, no comments, no list of several. In its domain the letters and digits given. */
function addressPattern(first: string, next: string = first): RegExp {
  const label = `[${first}](?:[${next}-]*[${next}])?`;
  return new RegExp(`^[\\w.!#$%&'*+/=?^\`{|}~-]{1,64}@${label}(?:\\.${label})*$`, 'u');
}

/**
 * Tells whether a text is exactly one mail address, whatever else a mail program would read into it. Its domain may have letters of every
 * script.
 *
 * @see [HTML, valid e-mail address](https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address)
 */
export function isMailAddress(text: string): boolean {
  if (text.length > MAX_LENGTH) return false;
  if (ASCII.test(text)) return ASCII_ADDRESS.test(text);
  addressOfEveryScript ??= addressPattern('\\p{L}\\p{N}', '\\p{L}\\p{M}\\p{N}');
  return addressOfEveryScript.test(text);
}

/** The domain of an address. */
export function domainOfAddress(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/**
 * The mailbox behind an address, as far as it can be told: large and small letters are one, so is everything behind a plus, and so are all
 * spellings of a domain that lead to the same mail server, such as `ｅxample.com`.
 */
export function mailboxOf(address: string): string {
  const at = address.lastIndexOf('@');
  const [name = ''] = address.slice(0, at).split('+');
  return `${name.toLowerCase()}@${domainToASCII(address.slice(at + 1)) || domainOfAddress(address)}`;
}
