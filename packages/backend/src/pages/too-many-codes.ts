import { fill } from '@calendar-connect/protocol';
import { addressSentences } from './address-sentences.ts';

/** When the next code can be asked for; the same sentence whoever asked for too many, and for whatever address. */
export function tooManyCodes(retryAfterSeconds: number = 60): string {
  const minutes = Math.max(1, Math.ceil(retryAfterSeconds / 60));
  return minutes === 1 ? addressSentences.tooMany.one : fill(addressSentences.tooMany.several, { count: String(minutes) });
}
