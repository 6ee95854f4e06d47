import { createHash } from 'node:crypto';

const PREFIX = 'tls-server-end-point:';
/** Initiator's and acceptor's address types and lengths, all zero, and the length of the application data. */
const HEAD_BYTES = 20;

/**
 * What says to the server over which TLS connection we log in, so that nobody between can use our answer on another.
 * Sixteen zeros where there is nothing to say: [MS-NLMP §2.2.2.1](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/83f5e789-660d-4781-8491-5f8c6641f75e).
 *
 * @param serverEndPoint The hash of the server's certificate as RFC 5929 takes it.
 * @see [MS-NLMP §3.1.1.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/f1ab40e9-2c2b-4b8c-b7b6-9cfb66ad0f45), [RFC 2744 §3.11](https://www.rfc-editor.org/rfc/rfc2744#section-3.11)
 */
export function channelBindingHash(serverEndPoint: Uint8Array | undefined): Buffer {
  if (serverEndPoint === undefined) return Buffer.alloc(16);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(PREFIX.length + serverEndPoint.length, HEAD_BYTES - 4);
  return createHash('md5').update(head).update(PREFIX).update(serverEndPoint).digest();
}
