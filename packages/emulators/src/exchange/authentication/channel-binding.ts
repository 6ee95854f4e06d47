import { createHash } from 'node:crypto';

/**
 * The hash by which NTLM ties a login to the server's certificate, `tls-server-end-point`.
 *
 * @param certificate The certificate in DER, signed with SHA-256 as all of the emulator's are.
 * @see [RFC 5929 §4.1](https://www.rfc-editor.org/rfc/rfc5929#section-4.1), [MS-NLMP 2.2.2.1](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/83f5e789-660d-4781-8491-5f8c6641f75e) `MsvAvChannelBindings`
 */
export function channelBindingOf(certificate: Uint8Array): Buffer {
  return channelBindingOfHash(createHash('sha256').update(certificate).digest());
}

/** The same of a certificate's hash. */
export function channelBindingOfHash(certificateHash: Uint8Array): Buffer {
  const applicationData = Buffer.concat([Buffer.from('tls-server-end-point:'), certificateHash]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(applicationData.length);
  // gss_channel_bindings_struct: neither initiator nor acceptor has an address.
  return createHash('md5').update(Buffer.alloc(16)).update(length).update(applicationData).digest();
}
