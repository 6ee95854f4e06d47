import { createHash } from 'node:crypto';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Says whether a text is a GUID as Entra writes them. */
export function isGuid(text: string): boolean {
  return GUID.test(text);
}

/** Makes a GUID that follows from a text, so that runs can be compared. */
export function guidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

/** Makes the object id of a personal account: its first two groups are zeros at Microsoft. */
export function personalObjectIdOf(email: string): string {
  const hex = createHash('sha256').update(email).digest('hex');
  return `00000000-0000-0000-${hex.slice(0, 4)}-${hex.slice(4, 16)}`;
}
