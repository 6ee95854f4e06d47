import { ACCESS_MODES, type Offer, type OfferedMode, type OfferedProvider } from '@calendar-connect/protocol';
import { list, object, oneOf, text, type Parser } from './narrowing.ts';

/** Names an offer. @throws TypeError where it is not one. */
export const parseOffer: Parser<Offer> = object<Offer>({
  application: object<Offer['application']>({ client_id: text, name: text }),
  scope: text,
  providers: list(
    object<OfferedProvider>({
      id: text,
      name: text,
      access_modes: list(object<OfferedMode>({ access_mode: oneOf(ACCESS_MODES), provider_name: text, scopes: list(text) })),
    }),
  ),
});
