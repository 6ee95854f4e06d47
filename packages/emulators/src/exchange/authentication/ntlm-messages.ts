import { utf16 } from './ntlm-hashes.ts';

const SIGNATURE = Buffer.from('NTLMSSP\0');

/** Names of [MS-NLMP 2.2.2.5](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/99d90ff4-957f-4c8a-80e4-5bfe5a9a9832). */
export const FLAGS = {
  unicode: 0x0000_0001,
  requestTarget: 0x0000_0004,
  ntlm: 0x0000_0200,
  alwaysSign: 0x0000_8000,
  targetTypeDomain: 0x0001_0000,
  extendedSessionSecurity: 0x0008_0000,
  targetInfo: 0x0080_0000,
  version: 0x0200_0000,
  key128: 0x2000_0000,
  keyExchange: 0x4000_0000,
  key56: 0x8000_0000,
} as const;

/** Ids of [MS-NLMP 2.2.2.1](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/83f5e789-660d-4781-8491-5f8c6641f75e). */
export const AV_IDS = {
  end: 0,
  computerName: 1,
  domainName: 2,
  dnsComputerName: 3,
  dnsDomainName: 4,
  dnsTreeName: 5,
  flags: 6,
  timestamp: 7,
  targetName: 9,
  channelBindings: 10,
} as const;

/** In `MsvAvFlags`: the third message has a MIC. */
export const AV_FLAG_MIC = 0x2;

/** A client's third message. */
export interface AuthenticateMessage {
  readonly flags: number;
  readonly domain: string;
  readonly user: string;
  readonly workstation: string;
  readonly ntResponse: Buffer;
  readonly encryptedSessionKey: Buffer;
  /** Where it is announced. */
  readonly mic: Buffer;
  readonly bytes: Buffer;
}

/** Where the MIC lies in the third message. */
export const MIC_OFFSET = 72;

/** Says which message of the handshake it is, if any. */
export function messageTypeOf(message: Buffer): number | undefined {
  return message.length >= 12 && message.subarray(0, 8).equals(SIGNATURE) ? message.readUInt32LE(8) : undefined;
}

/** What a client proposes in its first message. */
export function negotiateFlagsOf(message: Buffer): number {
  return message.length >= 16 ? message.readUInt32LE(12) : 0;
}

/** What a server says of itself. */
export interface ChallengeFacts {
  readonly serverChallenge: Buffer;
  readonly proposedFlags: number;
  readonly computerName: string;
  readonly domainName: string;
  readonly dnsDomainName: string;
  readonly nowMs: number;
}

/** Writes the second message. @see [MS-NLMP 2.2.1.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/801a4681-8809-4be9-ab0d-61dcfe762786) */
export function writeChallenge(facts: ChallengeFacts): Buffer {
  const targetName = utf16(facts.domainName);
  const targetInfo = writeTargetInfo(facts);
  const fixed = Buffer.alloc(56);
  SIGNATURE.copy(fixed);
  fixed.writeUInt32LE(2, 8);
  writeField(fixed, 12, { length: targetName.length, offset: 56 });
  fixed.writeUInt32LE(challengeFlags(facts.proposedFlags), 20);
  facts.serverChallenge.copy(fixed, 24);
  writeField(fixed, 40, { length: targetInfo.length, offset: 56 + targetName.length });
  // Windows Server 2016, as every one since has said; NTLMSSP revision 15.
  Buffer.from([10, 0, 0x39, 0x38, 0, 0, 0, 15]).copy(fixed, 48);
  return Buffer.concat([fixed, targetName, targetInfo]);
}

function challengeFlags(proposed: number): number {
  const ours = FLAGS.unicode | FLAGS.requestTarget | FLAGS.ntlm | FLAGS.targetTypeDomain | FLAGS.extendedSessionSecurity;
  const agreed = proposed & (FLAGS.alwaysSign | FLAGS.key128 | FLAGS.key56 | FLAGS.keyExchange);
  return (ours | FLAGS.targetInfo | FLAGS.version | agreed) >>> 0;
}

function writeTargetInfo({ computerName, domainName, dnsDomainName, nowMs }: ChallengeFacts): Buffer {
  return Buffer.concat([
    avPair(AV_IDS.domainName, utf16(domainName)),
    avPair(AV_IDS.computerName, utf16(computerName)),
    avPair(AV_IDS.dnsDomainName, utf16(dnsDomainName)),
    avPair(AV_IDS.dnsComputerName, utf16(`${computerName.toLowerCase()}.${dnsDomainName}`)),
    avPair(AV_IDS.dnsTreeName, utf16(dnsDomainName)),
    avPair(AV_IDS.timestamp, fileTime(nowMs)),
    avPair(AV_IDS.end, Buffer.alloc(0)),
  ]);
}

function avPair(id: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, value]);
}

/** Tenths of microseconds since 1601. */
function fileTime(ms: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE((BigInt(ms) + 11_644_473_600_000n) * 10_000n);
  return bytes;
}

/** Reads the attributes of a target info. */
export function readAvPairs(info: Buffer): ReadonlyMap<number, Buffer> {
  const pairs = new Map<number, Buffer>();
  for (let offset = 0; offset + 4 <= info.length;) {
    const id = info.readUInt16LE(offset);
    const length = info.readUInt16LE(offset + 2);
    if (id === AV_IDS.end) break;
    pairs.set(id, info.subarray(offset + 4, offset + 4 + length));
    offset += 4 + length;
  }
  return pairs;
}

/** Reads the third message; `undefined` for what is none. @see [MS-NLMP 2.2.1.3](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/033d32cc-88f9-4483-9bf2-b273055038ce) */
export function readAuthenticate(bytes: Buffer): AuthenticateMessage | undefined {
  if (messageTypeOf(bytes) !== 3 || bytes.length < 64) return undefined;
  const flags = bytes.readUInt32LE(60);
  const text = (offset: number): string => field(bytes, offset).toString((flags & FLAGS.unicode) === 0 ? 'latin1' : 'utf16le');
  return {
    flags,
    domain: text(28),
    user: text(36),
    workstation: text(44),
    ntResponse: field(bytes, 20),
    encryptedSessionKey: field(bytes, 52),
    mic: bytes.subarray(MIC_OFFSET, MIC_OFFSET + 16),
    bytes,
  };
}

function field(bytes: Buffer, at: number): Buffer {
  const offset = bytes.readUInt32LE(at + 4);
  return bytes.subarray(offset, offset + bytes.readUInt16LE(at));
}

function writeField(bytes: Buffer, at: number, { length, offset }: { readonly length: number; readonly offset: number }): void {
  bytes.writeUInt16LE(length, at);
  bytes.writeUInt16LE(length, at + 2);
  bytes.writeUInt32LE(offset, at + 4);
}
