import type { startExchangeEmulator as start } from '@calendar-connect/emulators';
import { exchange } from '../providers/exchange/exchange.ts';
import type { Provider } from '../providers/provider.ts';

/** Somebody whose address is their user name too. The emulator's own people all need another one. */
const NORA = { email: 'nora@corp.example', name: 'Nora Lind', password: 'Nora-s Password 5', userPrincipalName: 'nora@corp.example' };

/** An Exchange organisation that only exists on this computer, and the provider that reaches it by its own internet. */
export async function emulateExchange({ startExchangeEmulator }: { readonly startExchangeEmulator: typeof start }): Promise<{
  readonly provider: Provider;
  readonly notes: readonly string[];
  readonly close: () => Promise<void>;
}> {
  // With the first one: what it loads, a start without emulators does without.
  const { createConversations } = await import('../outbound/conversation.ts');
  const { network, ca, control, close } = await startExchangeEmulator();
  control.addPerson(NORA);
  // Private addresses would be reached past the proxy; behind it no address is more than a name for a host.
  for (const [index, { name }] of control.hosts.entries()) control.setHost({ name, addresses: [`93.184.216.${index + 1}`] });
  const options = { ca, proxy: network.proxyUrl };
  const provider = exchange({
    conversations: createConversations(options, { resolve: (name) => network.resolve(name) }),
    resolveServices: (name) => network.resolveSrv(name).catch(() => []),
  });
  const { email, password } = NORA;
  const notes = [
    `Exchange: emulated behind the proxy ${network.proxyUrl} (${Object.keys(provider.modes).join(', ')}); sign in as ${email} with "${password}"`,
  ];
  return { provider, notes, close };
}
