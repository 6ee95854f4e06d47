/** What is wrong with a user name or password before anybody is asked. Stable. */
export type CredentialFault = 'empty' | 'too_long' | 'control_character' | 'not_a_user_name';

/** Says why a text cannot be a user name or password; `undefined` where it can. */
export function textFault(text: string, maxLength: number): CredentialFault | undefined {
  if (text === '') return 'empty';
  if (text.length > maxLength) return 'too_long';
  // A line break would end a header, and Windows has no such names.
  return /[\p{Cc}\p{Cs}]/u.test(text) ? 'control_character' : undefined;
}
