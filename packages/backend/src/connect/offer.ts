import type { AccessMode, Offer, OfferedMode, OfferedProvider } from '@calendar-connect/protocol';
import type { Backend } from '../backend.ts';
import { offersAccessModes } from '../oauth/scopes.ts';
import type { Provider } from '../providers/provider.ts';
import type { Application } from '../storage/questions/applications.ts';

/** In the place of a provider's id: a calendar that is with none of them, which only `no_access` can do without. */
export const NO_PROVIDER = 'none';

/** What partners call mode `no_access` in `provider_name`, and see it as. */
export const NO_ACCESS_NAME = 'cronofy';

/** What a session narrows an application's offer to. An empty list narrows nothing. */
export interface OfferLimits {
  readonly scope: string;
  readonly providers: readonly string[];
  readonly accessModes: readonly AccessMode[];
}

type Deps = Pick<Backend, 'providers' | 'mailer'>;

/** What an application offers: its providers as far as they are configured, in the modes that it and the scope allow, narrowed and ordered by the limits. */
export function offerOf(deps: Deps, application: Application, limits: OfferLimits): Offer {
  const modes = ordered(modesFor(deps, application, limits.scope), limits.accessModes);
  const offered = [
    ...providersOf(deps, application).map((provider) => offeredProvider(provider, modes)),
    withoutProvider(application, modes),
  ];
  const byId = new Map(offered.filter(({ access_modes }) => access_modes.length > 0).map((provider) => [provider.id, provider]));
  const { defaultAccessMode, branding } = application;
  return {
    application: {
      client_id: application.id,
      name: application.name,
      ...(branding.accentColor === undefined ? {} : { accent_color: branding.accentColor }),
      ...(branding.privacyUrl === undefined ? {} : { privacy_url: branding.privacyUrl }),
    },
    scope: limits.scope,
    ...(defaultAccessMode !== undefined && modes.includes(defaultAccessMode) ? { default_access_mode: defaultAccessMode } : {}),
    providers: ordered([...byId.keys()], limits.providers).flatMap((id) => byId.get(id) ?? []),
  };
}

/** The limits that narrow nothing: what the button shows. */
export function wholeOffer(application: Application): OfferLimits {
  return { scope: application.scope, providers: [], accessModes: [] };
}

/** Whether an application has an access mode at all, whatever the scope. Without mail no address can be proven, and nobody invited. */
export function hasMode(deps: Pick<Deps, 'mailer'>, application: Application, mode: AccessMode): boolean {
  return application.accessModes.includes(mode) && (mode !== 'no_access' || deps.mailer !== undefined);
}

function modesFor(deps: Deps, application: Application, scope: string): readonly AccessMode[] {
  const modes = application.accessModes.filter((mode) => hasMode(deps, application, mode));
  return offersAccessModes(scope) ? modes : modes.filter((mode) => mode === 'full');
}

function providersOf({ providers }: Deps, application: Application): readonly Provider[] {
  return ordered([...providers.keys()], application.providers).flatMap((id) => providers.get(id) ?? []);
}

function offeredProvider(provider: Provider, modes: readonly AccessMode[]): OfferedProvider {
  return {
    id: provider.id,
    name: provider.name,
    ...(provider.adminApproval === undefined ? {} : { admin_approval: true as const }),
    ...(provider.narrowing.how === 'kept' && provider.narrowing.keptAt.length > 0
      ? { keeps_permissions_at: [...provider.narrowing.keptAt] }
      : {}),
    access_modes: modes.flatMap((mode) => offeredMode(provider, mode)),
  };
}

function offeredMode(provider: Provider, mode: AccessMode): OfferedMode[] {
  if (mode === 'no_access') return [NO_ACCESS];
  const known = provider.modes[mode];
  if (known === undefined) return [];
  return [
    {
      access_mode: mode,
      provider_name: known.requestNames[0],
      scopes: [...known.scopes],
      ...(known.note === undefined ? {} : { note: known.note }),
    },
  ];
}

/** No provider is asked for anything. */
const NO_ACCESS: OfferedMode = { access_mode: 'no_access', provider_name: NO_ACCESS_NAME, scopes: [] };

/** For people whose calendar is with none of the providers. */
function withoutProvider({ providers }: Application, modes: readonly AccessMode[]): OfferedProvider {
  const offers = modes.includes('no_access') && (providers.length === 0 || providers.includes(NO_PROVIDER));
  return { id: NO_PROVIDER, name: 'Another calendar', access_modes: offers ? [NO_ACCESS] : [] };
}

function ordered<T>(all: readonly T[], wanted: readonly T[]): readonly T[] {
  return wanted.length === 0 ? all : wanted.filter((item, index) => all.includes(item) && wanted.indexOf(item) === index);
}

/** Tells whether an offer has this provider in this mode. Mode `no_access` asks no provider, so under which one it is offered does not matter. */
export function isOffered(offer: Offer, providerId: string, mode: string): boolean {
  const anywhere = providerId === NO_PROVIDER && mode === 'no_access';
  return offer.providers.some(
    (provider) => (anywhere || provider.id === providerId) && provider.access_modes.some((each) => each.access_mode === mode),
  );
}
