import { randomBytes } from 'node:crypto';
import { channelBindingOf } from '../src/exchange/authentication/channel-binding.ts';
import { hmacMd5, ntowfv2, rc4, utf16 } from '../src/exchange/authentication/ntlm-hashes.ts';
import { AV_IDS, FLAGS, readAvPairs } from '../src/exchange/authentication/ntlm-messages.ts';

/** Who logs in, and how carefully. */
export interface NtlmClient {
  readonly user: string;
  readonly domain?: string;
  readonly password: string;
  /** Sends a MIC; the default is no. `wrong` is one byte off. */
  readonly mic?: 'right' | 'wrong';
  /** The certificate to bind to, or sixteen zeros. */
  readonly channelBinding?: Buffer | 'zeros';
  /** Exchanges a session key, as Windows does. */
  readonly keyExchange?: boolean;
  /** Answers with NTLMv1's 24 bytes. */
  readonly version1?: boolean;
}

const BASE_FLAGS = FLAGS.unicode | FLAGS.requestTarget | FLAGS.ntlm | FLAGS.alwaysSign | FLAGS.extendedSessionSecurity | FLAGS.targetInfo;

/** Writes the first message. */
export function negotiateMessage({ keyExchange = false }: Pick<NtlmClient, 'keyExchange'> = {}): Buffer {
  const message = Buffer.alloc(32);
  message.write('NTLMSSP\0', 'latin1');
  message.writeUInt32LE(1, 8);
  message.writeUInt32LE((BASE_FLAGS | (keyExchange ? FLAGS.keyExchange | FLAGS.key128 : 0)) >>> 0, 12);
  return message;
}

/** Writes the third message. [MS-NLMP 3.1.5.1.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/c0250a97-2940-40c7-82fb-20d208c71e96) */
export function authenticateMessage(client: NtlmClient, negotiate: Buffer, challenge: Buffer): Buffer {
  const { user, domain = '', password, version1 = false, keyExchange = false } = client;
  const infoAt = challenge.readUInt32LE(44);
  const serverInfo = challenge.subarray(infoAt, infoAt + challenge.readUInt16LE(40));
  const temp = Buffer.concat([
    Buffer.from('0101000000000000', 'hex'),
    readAvPairs(serverInfo).get(AV_IDS.timestamp) ?? Buffer.alloc(8),
    randomBytes(8),
    Buffer.alloc(4),
    clientInfo(serverInfo, client),
    Buffer.alloc(4),
  ]);
  const key = ntowfv2(password, { user, domain });
  const proof = hmacMd5(key, challenge.subarray(24, 32), temp);
  const sessionKey = hmacMd5(key, proof);
  const exported = keyExchange ? randomBytes(16) : sessionKey;
  const encrypted = keyExchange ? rc4(sessionKey, exported) : Buffer.alloc(0);
  const ntResponse = version1 ? randomBytes(24) : Buffer.concat([proof, temp]);
  const flags = (BASE_FLAGS | FLAGS.version | (keyExchange ? FLAGS.keyExchange | FLAGS.key128 : 0)) >>> 0;
  const message = assemble(flags, [Buffer.alloc(24), ntResponse, utf16(domain), utf16(user), utf16('LAPTOP'), encrypted]);
  if (client.mic !== undefined) {
    const mic = hmacMd5(exported, negotiate, challenge, message);
    if (client.mic === 'wrong') mic.writeUInt8(mic.readUInt8(0) ^ 1, 0);
    mic.copy(message, 72);
  }
  return message;
}

function clientInfo(serverInfo: Buffer, { mic, channelBinding }: NtlmClient): Buffer {
  const pair = (id: number, value: Buffer): Buffer => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(id, 0);
    head.writeUInt16LE(value.length, 2);
    return Buffer.concat([head, value]);
  };
  const binding = channelBinding === 'zeros' ? Buffer.alloc(16) : channelBinding && channelBindingOf(channelBinding);
  return Buffer.concat([
    serverInfo.subarray(0, -4),
    ...(mic === undefined ? [] : [pair(AV_IDS.flags, Buffer.from([2, 0, 0, 0]))]),
    ...(binding === undefined ? [] : [pair(AV_IDS.channelBindings, binding)]),
    Buffer.alloc(4),
  ]);
}

/** Fields in the order of the message: LM, NT, domain, user, workstation, session key. */
function assemble(flags: number, fields: readonly Buffer[]): Buffer {
  const fixed = Buffer.alloc(88);
  fixed.write('NTLMSSP\0', 'latin1');
  fixed.writeUInt32LE(3, 8);
  let offset = fixed.length;
  fields.forEach((field, index) => {
    const at = 12 + index * 8;
    fixed.writeUInt16LE(field.length, at);
    fixed.writeUInt16LE(field.length, at + 2);
    fixed.writeUInt32LE(offset, at + 4);
    offset += field.length;
  });
  fixed.writeUInt32LE(flags, 60);
  return Buffer.concat([fixed, ...fields]);
}
