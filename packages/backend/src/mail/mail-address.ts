import { domainToASCII } from 'node:url';

/** [RFC 5321 §4.5.3.1](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1) */
const MAX_LENGTH = 254;
const ASCII = /^[\0-\x7f]*$/;
/** What browsers take as an address; no quotes, no comments, no list of several. */
const ASCII_ADDRESS = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*$/i;

/**
 * Tells whether a text is exactly one mail address, whatever else a mail program would read into it. Its domain may have letters of every
 * script.
 *
 * @see [HTML, valid e-mail address](https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address)
 */
export function isMailAddress(text: string): boolean {
  return text.length <= MAX_LENGTH && (ASCII.test(text) ? ASCII_ADDRESS : lettersOfEveryScript()).test(text);
}

/** {@link ASCII_ADDRESS} with them. Made when it is needed: V8 takes 3 ms to, of every start. */
function lettersOfEveryScript(): RegExp {
  return /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?)*$/u;
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
