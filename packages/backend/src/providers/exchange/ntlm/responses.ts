import { createHmac } from 'node:crypto';
import { md4 } from './md4.ts';

/** Who logs in, as NTLM takes it. The password is a secret. */
export interface NtlmLogin {
  readonly user: string;
  /** Empty where the user name is one of the whole forest, such as `ann@corp.example`. */
  readonly domain: string;
  readonly password: string;
}

/**
 * The key that only who knows the password can make.
 *
 * @see [MS-NLMP §3.3.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/5e550938-91d4-459f-b67d-75d70009e3f3) `NTOWFv2`
 */
export function ntowfV2({ user, domain, password }: NtlmLogin): Buffer {
  return hmacMd5(md4(utf16(password)), utf16(upperCase(user) + domain));
}

/** What an NTLMv2 response is made of. */
export interface ResponseParts {
  /** From {@link ntowfV2}. */
  readonly key: Uint8Array;
  /** Eight bytes each. */
  readonly serverChallenge: Uint8Array;
  readonly clientChallenge: Uint8Array;
  /** As `FILETIME`: 100 ns since 1601. */
  readonly time: bigint;
  /** AV pairs with their end. */
  readonly targetInfo: Uint8Array;
}

/** The response and the key that both sides have after it. */
export interface NtlmV2Response {
  readonly ntResponse: Buffer;
  readonly sessionBaseKey: Buffer;
}

/**
 * Answers a challenge.
 *
 * @see [MS-NLMP §3.3.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/5e550938-91d4-459f-b67d-75d70009e3f3) `ComputeResponse`
 */
export function respond({ key, serverChallenge, clientChallenge, time, targetInfo }: ResponseParts): NtlmV2Response {
  const head = Buffer.alloc(28);
  head.writeUInt16LE(0x0101, 0);
  head.writeBigUInt64LE(time, 8);
  head.set(clientChallenge, 16);
  const temp = Buffer.concat([head, targetInfo, Buffer.alloc(4)]);
  const proof = hmacMd5(key, serverChallenge, temp);
  return { ntResponse: Buffer.concat([proof, temp]), sessionBaseKey: hmacMd5(key, proof) };
}

/** HMAC-MD5 over the parts in their order. */
export function hmacMd5(key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer {
  const hmac = createHmac('md5', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/** Text as Windows has it in memory. */
export function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

/** Windows has one capital for one letter: its `ß` has none, and not `SS`, which would be another user's name. */
function upperCase(text: string): string {
  return text.replace(/[^]/g, (letter) => {
    const capital = letter.toUpperCase();
    return capital.length === 1 ? capital : letter;
  });
}
