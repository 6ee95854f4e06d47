import { NtlmChallengeError } from './ntlm-error.ts';
import { utf16 } from './responses.ts';

/** [MS-NLMP §2.2.2.1](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/83f5e789-660d-4781-8491-5f8c6641f75e) */
const AV_ID = {
  eol: 0,
  nbComputerName: 1,
  nbDomainName: 2,
  flags: 6,
  timestamp: 7,
  targetName: 9,
  channelBindings: 10,
} as const;

/** Of `MsvAvFlags`: the client provides a MIC. */
const FLAG_MIC = 0x2;
const MAX_PAIRS = 32;

/** What the server or the client says of itself. */
export interface AvPair {
  readonly id: number;
  readonly value: Uint8Array;
}

/** Reads the pairs of a challenge, without their end. @throws NtlmChallengeError */
export function readAvPairs(bytes: Buffer): readonly AvPair[] {
  const pairs: AvPair[] = [];
  const seen = new Set<number>();
  for (let offset = 0; ;) {
    if (offset + 4 > bytes.length) throw new NtlmChallengeError('pairs_broken');
    const id = bytes.readUInt16LE(offset);
    const end = offset + 4 + bytes.readUInt16LE(offset + 2);
    if (id === AV_ID.eol) return pairs;
    if (end > bytes.length || pairs.length === MAX_PAIRS) throw new NtlmChallengeError('pairs_broken');
    if (seen.has(id)) throw new NtlmChallengeError('pair_repeated');
    seen.add(id);
    pairs.push({ id, value: bytes.subarray(offset + 4, end) });
    offset = end;
  }
}

/** Writes pairs and their end. */
export function writeAvPairs(pairs: readonly AvPair[]): Buffer {
  return Buffer.concat([...pairs, { id: AV_ID.eol, value: Buffer.alloc(0) }].flatMap(({ id, value }) => [headOf(id, value.length), value]));
}

function headOf(id: number, length: number): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(length, 2);
  return head;
}

/** What the client adds. */
export interface ClientPairs {
  /** From `channelBindingHash`, or sixteen zeros. */
  readonly channelBindings: Uint8Array;
  /** Such as `HTTP/mail.corp.example`. */
  readonly targetName: string;
}

/**
 * The pairs of the response: the server's, with ours added. What the server itself says in the places that are ours is left out, or it
 * could choose to whom the response is good.
 *
 * @see [MS-NLMP §3.1.5.1.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/c0250a97-2940-40c7-82fb-20d208c71e96)
 */
export function responsePairs(server: readonly AvPair[], { channelBindings, targetName }: ClientPairs): readonly AvPair[] {
  const ours: readonly number[] = [AV_ID.flags, AV_ID.channelBindings, AV_ID.targetName];
  return [
    ...server.filter(({ id }) => !ours.includes(id)),
    { id: AV_ID.flags, value: flagsWithMic(server) },
    { id: AV_ID.channelBindings, value: channelBindings },
    { id: AV_ID.targetName, value: utf16(targetName) },
  ];
}

function flagsWithMic(server: readonly AvPair[]): Buffer {
  const given = server.find(({ id }) => id === AV_ID.flags)?.value;
  const flags = Buffer.alloc(4);
  flags.writeUInt32LE(((given?.length === 4 ? Buffer.from(given).readUInt32LE(0) : 0) | FLAG_MIC) >>> 0);
  return flags;
}

/** The server's clock, where it says what it is. */
export function timestampOf(pairs: readonly AvPair[]): bigint | undefined {
  const value = pairs.find(({ id }) => id === AV_ID.timestamp)?.value;
  return value?.length === 8 ? Buffer.from(value).readBigUInt64LE(0) : undefined;
}
