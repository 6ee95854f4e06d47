import { randomInt, timingSafeEqual } from 'node:crypto';

const DIGITS = 6;

/** Makes a code of six digits, each of the million as likely as any other. */
export function newAddressCode(): string {
  return randomInt(0, 10 ** DIGITS)
    .toString()
    .padStart(DIGITS, '0');
}

/** Reads a code as people type and paste it: in groups, with spaces or dashes, in the digits of an East Asian keyboard. `undefined`: not six digits. */
export function readTypedCode(text: string): string | undefined {
  const digits = text.normalize('NFKC').replace(/[\s\p{Pd}\p{Cf}]/gu, '');
  return /^[0-9]{6}$/.test(digits) ? digits : undefined;
}

/** Compares two codes in a time that does not tell where they differ. */
export function isSameCode(code: string, typed: string): boolean {
  const [left, right] = [Buffer.from(code), Buffer.from(typed)];
  return left.length === right.length && timingSafeEqual(left, right);
}
