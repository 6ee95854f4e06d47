import type { AccessMode } from '@calendar-connect/protocol';
import type { ShownConnection, ShownMode, ShownOffer } from './offer.ts';

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

/**
 * What is marked: where there is only one, that; what the person has asked for, as far as it is offered; what the connection has that they
 * change; the mode that the application wants marked. Nothing else is ever chosen for the person.
 */
export function settleChoice(offer: ShownOffer, asked: Choice, change?: ShownConnection): Choice {
  const provider = pick(
    offer.providers.map(({ id }) => id),
    asked.provider,
    change?.provider,
  );
  const modes = offeredModes(offer, provider).map(({ access_mode }) => access_mode);
  return { provider, accessMode: pick(modes, asked.accessMode, change?.access_mode, offer.default_access_mode) };
}

function pick<T extends string>(offered: readonly T[], ...wanted: readonly (string | undefined)[]): T | undefined {
  return offered.length === 1 ? offered[0] : wanted.map((name) => offered.find((item) => item === name)).find(Boolean);
}
