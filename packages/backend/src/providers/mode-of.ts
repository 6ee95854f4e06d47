import type { AccessMode } from '@calendar-connect/protocol';
import type { Provider, ProviderMode } from './provider.ts';

/** What a mode means at a provider. The caller has to have looked it up in the manifest before. */
export function modeOf(provider: string, { modes }: Pick<Provider, 'modes'>, mode: AccessMode): ProviderMode {
  const found = modes[mode];
  if (found === undefined) throw new TypeError(`${provider} has no access mode ${mode}`);
  return found;
}
