import type { AccessMode } from '@calendar-connect/protocol';
import type { ShownMode, ShownOffer } from './offer.ts';

/** What a person has chosen so far. */
export interface Choice {
  readonly provider?: string | undefined;
  readonly accessMode?: AccessMode | undefined;
}

/** The access modes to show: those of the chosen provider, before one is chosen all there are, in the offer's order. */
export function offeredModes({ providers }: ShownOffer, provider: string | undefined): ShownMode[] {
  const modes = providers.flatMap(({ id, access_modes }) => (!provider || id === provider ? access_modes : []));
  return modes.filter(({ access_mode }, index) => modes.findIndex((mode) => mode.access_mode === access_mode) === index);
}

/** Drops from a choice what is not offered, and makes it where there is only one. Nothing else is ever chosen for the person. */
export function settleChoice(offer: ShownOffer, choice: Choice): Choice {
  const provider = only(
    offer.providers.map(({ id }) => id),
    choice.provider,
  );
  const modes = offeredModes(offer, provider).map(({ access_mode }) => access_mode);
  return { provider, accessMode: only(modes, choice.accessMode) };
}

function only<T>(offered: readonly T[], chosen: T | undefined): T | undefined {
  return offered.length === 1 ? offered[0] : offered.find((item) => item === chosen);
}
