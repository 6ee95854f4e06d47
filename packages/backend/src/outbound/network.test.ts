import { expect, it } from 'vitest';
import { createNetwork } from './network.ts';
import { OutboundError } from './outbound-error.ts';

it('guards conversations like every address that somebody typed', async () => {
  const { conversations } = createNetwork({}, { resolve: () => Promise.resolve(['10.1.2.3']) });
  const refused = { name: OutboundError.name, code: 'forbidden_address', reason: 'address' };
  await expect(conversations.open('https://mail.corp.example/EWS/Exchange.asmx')).rejects.toMatchObject(refused);
  await expect(conversations.askPlainRedirect('mail.corp.example', '/')).rejects.toMatchObject(refused);
});

it.each(['*', 'mail.corp.example:443', 'https://mail.corp.example', 'mail'])('allows old TLS to no %j', (host) => {
  expect(() => createNetwork({ oldTlsHosts: [host] })).toThrow(/oldTlsHosts: expected host names/);
});
