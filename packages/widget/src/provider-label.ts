import type { AccessMode, ChoiceSentences } from '@calendar-connect/protocol';
import type { FlowView } from './flow-view.ts';

interface Labelling {
  readonly view: FlowView;
  readonly sentences: ChoiceSentences;
}

/** A provider's name as the element says it; one that it does not know goes by its own name. */
export function providerLabel({ view, sentences }: Labelling, id = ''): string {
  return sentences.providers[id] ?? view.offer?.providers.find((provider) => provider.id === id)?.name ?? id;
}

/** Provider and access mode, in the person's words. */
export function choiceLabel(labelling: Labelling, provider: string | undefined, accessMode: AccessMode | undefined): string {
  return `${providerLabel(labelling, provider)} · ${accessMode ? labelling.sentences.accessModes[accessMode].label : ''}`;
}
