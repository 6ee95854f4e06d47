/** Tells whether a host name always means this computer: loopback addresses, `localhost` and everything below it ([RFC 6761 §6.3](https://www.rfc-editor.org/rfc/rfc6761#section-6.3)). */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
