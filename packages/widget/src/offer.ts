import { ACCESS_MODES, type ChangedConnection, type Offer, type OfferedMode, type OfferedProvider } from '@calendar-connect/protocol';
import { boolean, list, object, oneOf, optional, text, type Parser } from './narrowing.ts';

/** What the element looks at of an access mode. */
export type ShownMode = Pick<OfferedMode, 'access_mode' | 'scopes' | 'note'>;

/** What it looks at of a provider. */
export type ShownProvider = Pick<OfferedProvider, 'id' | 'name' | 'admin_approval' | 'keeps_permissions_at'> & {
  access_modes: ShownMode[];
};

/** What it looks at of an offer. */
export interface ShownOffer {
  application: Pick<Offer['application'], 'name'>;
  /** Marked where nothing else is chosen. */
  default_access_mode?: string;
  providers: ShownProvider[];
}

/** Names an offer. @throws TypeError where it is not one. */
export const parseOffer: Parser<ShownOffer> = object<ShownOffer>({
  application: object<ShownOffer['application']>({ name: text }),
  default_access_mode: optional(text),
  providers: list(
    object<ShownProvider>({
      id: text,
      name: text,
      access_modes: list(object<ShownMode>({ access_mode: oneOf(ACCESS_MODES), scopes: list(text), note: optional(text) })),
      admin_approval: optional(boolean),
      keeps_permissions_at: optional(list(text)),
    }),
  ),
});

/** What it looks at of a connection that is to change. */
export type ShownConnection = Pick<ChangedConnection, 'provider' | 'access_mode' | 'name'>;

/** Names one. @throws TypeError where it is not one. */
export const parseConnection: Parser<ShownConnection> = object<ShownConnection>({
  provider: text,
  access_mode: oneOf(ACCESS_MODES),
  name: text,
});
