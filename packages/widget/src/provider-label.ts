import type { Sentences } from '@calendar-connect/protocol';
import type { FlowView } from './flow-view.ts';

/** A provider's name as the element says it; one that it does not know goes by its own name. */
export function providerLabel({ view, sentences }: { readonly view: FlowView; readonly sentences: Sentences }, id = ''): string {
  return sentences.providers[id] ?? view.offer?.providers.find((provider) => provider.id === id)?.name ?? id;
}
