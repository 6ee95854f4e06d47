import type { AccessMode, Offer, OfferedProvider } from '@calendar-connect/protocol';
import { offersAccessModes } from '../oauth/scopes.ts';
import type { Provider } from '../providers/provider.ts';
import type { Application } from '../storage/questions/applications.ts';

/** What a session narrows an application's offer to. An empty list narrows nothing. */
export interface OfferLimits {
  readonly scope: string;
  readonly providers: readonly string[];
  readonly accessModes: readonly AccessMode[];
}

/** What an application offers: every configured provider, in the modes that it and the scope allow, narrowed and ordered by the limits. */
export function offerOf(application: Application, providers: Iterable<Provider>, limits: OfferLimits): Offer {
  const modes = ordered(modesFor(application, limits.scope), limits.accessModes);
  const offered = [...providers].map((provider) => offeredProvider(provider, modes)).filter((provider) => provider.access_modes.length > 0);
  const byId = new Map(offered.map((provider) => [provider.id, provider]));
  return {
    application: { client_id: application.id, name: application.name },
    scope: limits.scope,
    providers: ordered([...byId.keys()], limits.providers).flatMap((id) => byId.get(id) ?? []),
  };
}

/** The limits that narrow nothing: what the button shows. */
export function wholeOffer(application: Application): OfferLimits {
  return { scope: application.scope, providers: [], accessModes: [] };
}

function modesFor(application: Application, scope: string): readonly AccessMode[] {
  return offersAccessModes(scope) ? application.accessModes : application.accessModes.filter((mode) => mode === 'full');
}

function offeredProvider(provider: Provider, modes: readonly AccessMode[]): OfferedProvider {
  return {
    id: provider.id,
    name: provider.name,
    ...(provider.adminApproval === undefined ? {} : { admin_approval: true as const }),
    access_modes: modes.flatMap((mode) => {
      const known = provider.modes[mode];
      return known === undefined
        ? []
        : [
            {
              access_mode: mode,
              provider_name: known.requestNames[0],
              scopes: [...known.scopes],
              ...(known.note === undefined ? {} : { note: known.note }),
            },
          ];
    }),
  };
}

function ordered<T>(all: readonly T[], wanted: readonly T[]): readonly T[] {
  return wanted.length === 0 ? all : wanted.filter((item, index) => all.includes(item) && wanted.indexOf(item) === index);
}

/** Tells whether an offer has this provider in this mode. */
export function isOffered(offer: Offer, providerId: string, mode: string): boolean {
  return offer.providers.some((provider) => provider.id === providerId && provider.access_modes.some((each) => each.access_mode === mode));
}
