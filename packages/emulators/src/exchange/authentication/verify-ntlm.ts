import { timingSafeEqual } from 'node:crypto';
import { hmacMd5, ntowfv2, rc4 } from './ntlm-hashes.ts';
import { AV_FLAG_MIC, AV_IDS, FLAGS, MIC_OFFSET, readAvPairs, type AuthenticateMessage } from './ntlm-messages.ts';

/** How strictly a login has to be tied to the TLS connection. @see {@link https://microsoft.github.io/CSS-Exchange/Security/Extended-Protection/} */
export const EXTENDED_PROTECTION = ['none', 'allow', 'require'] as const;

/** One of {@link EXTENDED_PROTECTION}. */
export type ExtendedProtection = (typeof EXTENDED_PROTECTION)[number];

/** What a handshake was before its last message. */
export interface NtlmHandshake {
  readonly negotiate: Buffer;
  readonly challenge: Buffer;
  readonly serverChallenge: Buffer;
}

/** What the last message is held against. */
export interface NtlmExpectation {
  readonly handshake: NtlmHandshake;
  readonly password: string;
  readonly protection: ExtendedProtection;
  /** Of the connection's certificate; `undefined` where there is none. */
  readonly channelBinding: Buffer | undefined;
}

/** Why a message does not prove what it claims. */
export type NtlmFault = 'ntlm_v1' | 'wrong_password' | 'wrong_mic' | 'channel_binding_missing' | 'channel_binding_wrong';

/**
 * Says what is wrong with a third message, or `undefined` when it proves that its sender knows the password.
 * @see [MS-NLMP 3.3.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/5e550938-91d4-459f-b67d-75d70009e3f3) NTLMv2, [3.1.5.1.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/c0250a97-2940-40c7-82fb-20d208c71e96) the MIC
 */
export function findNtlmFault(message: AuthenticateMessage, expected: NtlmExpectation): NtlmFault | undefined {
  const { ntResponse } = message;
  // NTLMv1 has 24 bytes and no target info.
  if (ntResponse.length < 44) return 'ntlm_v1';
  const proof = ntResponse.subarray(0, 16);
  const claimed = ntResponse.subarray(16);
  const key = ntowfv2(expected.password, message);
  if (!timingSafeEqual(hmacMd5(key, expected.handshake.serverChallenge, claimed), proof)) return 'wrong_password';
  const pairs = readAvPairs(claimed.subarray(28));
  const announced = pairs.get(AV_IDS.flags)?.[0] ?? 0;
  if ((announced & AV_FLAG_MIC) !== 0 && !isMicRight(message, { sessionKey: hmacMd5(key, proof), handshake: expected.handshake })) {
    return 'wrong_mic';
  }
  return findBindingFault(pairs.get(AV_IDS.channelBindings), expected);
}

function isMicRight(
  { flags, encryptedSessionKey, mic, bytes }: AuthenticateMessage,
  { sessionKey, handshake }: { readonly sessionKey: Buffer; readonly handshake: NtlmHandshake },
): boolean {
  const isExchanged = (flags & FLAGS.keyExchange) !== 0 && encryptedSessionKey.length === 16;
  const exported = isExchanged ? rc4(sessionKey, encryptedSessionKey) : sessionKey;
  const withoutMic = Buffer.from(bytes);
  withoutMic.fill(0, MIC_OFFSET, MIC_OFFSET + 16);
  return mic.length === 16 && timingSafeEqual(hmacMd5(exported, handshake.negotiate, handshake.challenge, withoutMic), mic);
}

/** Sixteen zeros say that a client knows of channel bindings and has none. */
function findBindingFault(
  sent: Buffer | undefined,
  { protection, channelBinding }: Pick<NtlmExpectation, 'protection' | 'channelBinding'>,
): NtlmFault | undefined {
  if (protection === 'none') return undefined;
  const isAbsent = sent === undefined || sent.every((byte) => byte === 0);
  if (isAbsent) return protection === 'require' ? 'channel_binding_missing' : undefined;
  return channelBinding?.equals(sent) === true ? undefined : 'channel_binding_wrong';
}
