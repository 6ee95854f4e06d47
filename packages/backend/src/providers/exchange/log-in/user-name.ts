import { type CredentialFault, textFault } from './text-fault.ts';

/** A user name, split as servers take it. */
export interface UserName {
  /** As it was typed, for Basic. */
  readonly whole: string;
  /** Empty for an e-mail address or UPN, which are unique in the whole forest. */
  readonly domain: string;
  readonly user: string;
}

/** Windows has 256 for a UPN, 20 for a user of old and 255 for a domain. */
const MAX_LENGTH = 512;

/**
 * Reads `ann@corp.example`, `CORP\ann` or `ann`, exactly as typed: every other form that is tried counts as a wrong password, and a few of
 * these lock the account.
 *
 * @returns What is wrong with it where nobody could be called that.
 */
export function parseUserName(typed: string): UserName | CredentialFault {
  const whole = typed.trim();
  const fault = textFault(whole, MAX_LENGTH);
  if (fault !== undefined) return fault;
  const [domain = '', user, ...rest] = whole.split('\\');
  if (user === undefined) return { whole, domain: '', user: whole };
  return domain === '' || user === '' || rest.length > 0 ? 'not_a_user_name' : { whole, domain, user };
}
