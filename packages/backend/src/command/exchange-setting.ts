import { CalendarConnectError } from '../errors.ts';
import { exchange } from '../providers/exchange/exchange.ts';
import type { Provider } from '../providers/provider.ts';
import type { Settings } from './settings.ts';

/**
 * Exchange, where the operator wants it. Nothing has to be registered for it, but people type the password of their work account into a page of this
 * backend's: nobody shall offer that without having said so.
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function exchangeFrom(settings: Settings): { readonly providers: readonly Provider[]; readonly notes: readonly string[] } {
  const { exchange: text = 'off' } = settings;
  if (text !== 'on' && text !== 'off') {
    throw new CalendarConnectError('option_invalid', `EXCHANGE: expected on or off, received ${JSON.stringify(text)}`);
  }
  if (text === 'off') return { providers: [], notes: ['Exchange: off; set EXCHANGE=on to switch it on'] };
  const provider = exchange();
  return { providers: [provider], notes: [`Exchange: on (${Object.keys(provider.modes).join(', ')})`, ...noteOnEgress(settings)] };
}

/** Firewalls in front of Exchange let in whom they know. */
function noteOnEgress({ egressAddresses }: Settings): readonly string[] {
  if (egressAddresses !== undefined) return [];
  return ['Exchange: set EGRESS_ADDRESSES, so that people whose firewall keeps this backend out are told what to let in'];
}
