import type { AccessMode } from '@calendar-connect/protocol';
import type { ProviderMode } from '../provider.ts';
import type { GoogleSettings } from './options.ts';

/** The mode, which the caller has to have looked up in the manifest before. */
export function modeOf(settings: GoogleSettings, mode: AccessMode): ProviderMode {
  const found = settings.modes[mode];
  if (found === undefined) throw new TypeError(`google has no access mode ${mode}`);
  return found;
}
