import { ACCESS_MODES, type Offer, type OfferedMode, type OfferedProvider } from '@calendar-connect/protocol';
import { boolean, list, object, oneOf, optional, text, type Parser } from './narrowing.ts';

/** What the element looks at of an access mode. */
export type ShownMode = Pick<OfferedMode, 'access_mode' | 'scopes' | 'note'>;

/** What it looks at of a provider. */
export type ShownProvider = Pick<OfferedProvider, 'id' | 'name' | 'admin_approval'> & { access_modes: ShownMode[] };

/** What it looks at of an offer. */
export interface ShownOffer {
  application: Pick<Offer['application'], 'name'>;
  providers: ShownProvider[];
}

/** Names an offer. @throws TypeError where it is not one. */
export const parseOffer: Parser<ShownOffer> = object<ShownOffer>({
  application: object<ShownOffer['application']>({ name: text }),
  providers: list(
    object<ShownProvider>({
      id: text,
      name: text,
      access_modes: list(object<ShownMode>({ access_mode: oneOf(ACCESS_MODES), scopes: list(text), note: optional(text) })),
      admin_approval: optional(boolean),
    }),
  ),
});
