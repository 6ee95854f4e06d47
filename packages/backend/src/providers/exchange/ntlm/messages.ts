import { type AvPair, readAvPairs, responsePairs, timestampOf, writeAvPairs } from './av-pairs.ts';
import { NtlmChallengeError } from './ntlm-error.ts';
import { hmacMd5, type NtlmLogin, ntowfV2, respond, utf16 } from './responses.ts';

const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');
/** [MS-NLMP §2.2.2.5](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/99d90ff4-957f-4c8a-80e4-5bfe5a9a9832) */
const UNICODE = 0x1;
const OEM = 0x2;
const REQUEST_TARGET = 0x4;
const NTLM = 0x200;
const ALWAYS_SIGN = 0x8000;
const EXTENDED_SESSION_SECURITY = 0x80000;
/**
 * No signing, sealing or key exchange: HTTP carries nothing that they would protect, TLS does. No version and no name of this computer:
 * they are nobody's business.
 */
const OFFERED = UNICODE | OEM | REQUEST_TARGET | NTLM | ALWAYS_SIGN | EXTENDED_SESSION_SECURITY;

const CHALLENGE_HEAD_BYTES = 48;
const AUTHENTICATE_HEAD_BYTES = 88;
const MIC_OFFSET = 72;
/** A challenge is some three hundred bytes; names of a large forest make it a thousand. */
const MAX_CHALLENGE_BYTES = 8192;
/** Zeros in the place of the LM answer, which a few hours of guessing turn into the password. */
const NO_LM_RESPONSE = Buffer.alloc(24);
const FILETIME_OF_1970 = 116_444_736_000_000_000n;

/** The first message: always the same. [MS-NLMP §2.2.1.1](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/b34032e5-3aae-4bc6-84c3-c6d80eadf7f2) */
export function negotiateMessage(): Buffer {
  const message = Buffer.alloc(32);
  message.set(SIGNATURE);
  message.writeUInt32LE(1, 8);
  message.writeUInt32LE(OFFERED, 12);
  message.writeUInt32LE(message.length, 20);
  message.writeUInt32LE(message.length, 28);
  return message;
}

/** What a server wants answered. */
export interface Challenge {
  /** As it came; the MIC is made of it. */
  readonly message: Buffer;
  readonly flags: number;
  /** Eight bytes. */
  readonly serverChallenge: Buffer;
  readonly pairs: readonly AvPair[];
}

/**
 * Reads the second message from the text behind `NTLM` or `Negotiate`.
 *
 * @throws NtlmChallengeError
 * @see [MS-NLMP §2.2.1.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/801a4681-8809-4be9-ab0d-61dcfe762786)
 */
export function readChallenge(base64: string): Challenge {
  if (base64.length > (MAX_CHALLENGE_BYTES * 4) / 3) throw new NtlmChallengeError('too_long');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new NtlmChallengeError('not_base64');
  const message = Buffer.from(base64, 'base64');
  if (!message.subarray(0, 8).equals(SIGNATURE)) throw new NtlmChallengeError('wrong_signature');
  if (message.length < 12) throw new NtlmChallengeError('truncated');
  if (message.readUInt32LE(8) !== 2) throw new NtlmChallengeError('wrong_type');
  if (message.length < CHALLENGE_HEAD_BYTES) throw new NtlmChallengeError('truncated');
  const flags = message.readUInt32LE(20);
  if ((flags & UNICODE) === 0) throw new NtlmChallengeError('not_unicode');
  // Without it the server means NTLMv1 or does not know NTLMv2's session keys.
  if ((flags & EXTENDED_SESSION_SECURITY) === 0) throw new NtlmChallengeError('no_extended_security');
  const name = fieldAt(message, 12);
  const info = fieldAt(message, 40);
  if (info.length === 0) throw new NtlmChallengeError('no_target_information');
  if (name.length > 0 && name.start < info.end && info.start < name.end) throw new NtlmChallengeError('fields_overlap');
  return {
    message,
    flags,
    serverChallenge: message.subarray(24, 32),
    pairs: readAvPairs(message.subarray(info.start, info.end)),
  };
}

function fieldAt(message: Buffer, offset: number): { readonly start: number; readonly end: number; readonly length: number } {
  const length = message.readUInt16LE(offset);
  const start = message.readUInt32LE(offset + 4);
  // Where there is nothing, servers write any offset.
  if (length > 0 && start < CHALLENGE_HEAD_BYTES) throw new NtlmChallengeError('fields_overlap');
  if (length > 0 && start + length > message.length) throw new NtlmChallengeError('field_outside');
  return { start, end: start + length, length };
}

/** What the last message is made of, besides the challenge. */
export interface AuthenticateParts {
  readonly login: NtlmLogin;
  /** The first message as it was sent. */
  readonly negotiate: Uint8Array;
  /** From `channelBindingHash`. */
  readonly channelBindings: Uint8Array;
  /** Such as `HTTP/mail.corp.example`. */
  readonly targetName: string;
  /** Eight random bytes. */
  readonly clientChallenge: Uint8Array;
  readonly nowMs: number;
  /** Name of the client's computer. Default: none. */
  readonly workstation?: string;
}

/**
 * Writes the third message: NTLMv2 with a MIC, so that nobody on the way can change what was negotiated; never an LM or NTLMv1 answer.
 *
 * @see [MS-NLMP §3.1.5.1.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/c0250a97-2940-40c7-82fb-20d208c71e96), [§2.2.1.3](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/033d32cc-88f9-4483-9bf2-b273055038ce)
 */
export function authenticateMessage(challenge: Challenge, parts: AuthenticateParts): Buffer {
  const { login, negotiate, channelBindings, targetName, clientChallenge, nowMs, workstation = '' } = parts;
  const { ntResponse, sessionBaseKey } = respond({
    key: ntowfV2(login),
    serverChallenge: challenge.serverChallenge,
    clientChallenge,
    time: timestampOf(challenge.pairs) ?? toFileTime(nowMs),
    targetInfo: writeAvPairs(responsePairs(challenge.pairs, { channelBindings, targetName })),
  });
  const message = writeAuthenticate((OFFERED & challenge.flags) >>> 0, [
    NO_LM_RESPONSE,
    ntResponse,
    utf16(login.domain),
    utf16(login.user),
    utf16(workstation),
  ]);
  // Nobody asked for a key exchange, so the session's key is the exported one.
  message.set(hmacMd5(sessionBaseKey, negotiate, challenge.message, message), MIC_OFFSET);
  return message;
}

/** Windows' clock: 100 ns since 1601. */
function toFileTime(ms: number): bigint {
  return BigInt(Math.trunc(ms)) * 10_000n + FILETIME_OF_1970;
}

/** The fields stand in the head in the order of the payload; the last of them, an encrypted session key, is empty. */
function writeAuthenticate(flags: number, fields: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(AUTHENTICATE_HEAD_BYTES);
  head.set(SIGNATURE);
  head.writeUInt32LE(3, 8);
  let offset = AUTHENTICATE_HEAD_BYTES;
  for (const [index, field] of fields.entries()) {
    const at = 12 + index * 8;
    head.writeUInt16LE(field.length, at);
    head.writeUInt16LE(field.length, at + 2);
    head.writeUInt32LE(offset, at + 4);
    offset += field.length;
  }
  head.writeUInt32LE(AUTHENTICATE_HEAD_BYTES, 56);
  head.writeUInt32LE(flags, 60);
  return Buffer.concat([head, ...fields]);
}
