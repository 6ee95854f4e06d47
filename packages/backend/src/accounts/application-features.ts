import { ACCESS_MODES, type AccessMode, isAccessMode } from '@calendar-connect/protocol';
import { CalendarConnectError, type CalendarConnectErrorCode } from '../errors.ts';
import { isMailAddress } from '../mail/mail-address.ts';
import { validateNotificationUrl, validateOrigin, validatePrivacyUrl, validateRedirectUri } from '../oauth/addresses.ts';
import { parseScope } from '../oauth/scopes.ts';
import type { ApplicationChange } from '../storage/questions/applications.ts';
import { isVisibleText } from '../visible-text.ts';
import { readLogo } from './logo.ts';

/** How hosted pages look for an application. What is absent stays; `null` takes it away. */
export interface BrandingUpdate {
  /** `#rrggbb`: buttons, links and focus rings. Where text would be hard to read in it, a lighter or darker shade is used. */
  readonly accentColor?: string | null | undefined;
  /** A PNG, JPEG or WebP picture of at most 32 KiB: its bytes, or a `data:` address. */
  readonly logo?: Uint8Array | string | null | undefined;
  /** Where the application says what it does with calendars: https. */
  readonly privacyUrl?: string | null | undefined;
}

/** Whom an application's invitations are from. What is absent stays; `null` takes it away. */
export interface InvitationUpdate {
  /** Default: the application's name. */
  readonly organizerName?: string | null | undefined;
  /** Default: the operator's own address. */
  readonly organizerEmail?: string | null | undefined;
  /** Where people's answers go. Default: to the organizer. */
  readonly replyTo?: string | null | undefined;
}

/** What an application offers and how it looks. */
export interface ApplicationFeatures {
  /** At least one. Default: `full` and `free_busy`; `no_access` has to be switched on, and is offered where the backend can send mail. */
  readonly accessModes?: readonly AccessMode[] | undefined;
  /** One of the access modes, marked when a chooser opens. `null` and default: none. */
  readonly defaultAccessMode?: AccessMode | null | undefined;
  /** Ids of the providers to offer, in their order; `none` stands for a calendar that is with none of them. Default, and where empty: all. */
  readonly providers?: readonly string[] | undefined;
  /** What it gets when it asks for nothing, and the most it may ask for. Default: `free_busy_write`, and no such limit. */
  readonly scope?: string | undefined;
  readonly branding?: BrandingUpdate | undefined;
  readonly invitations?: InvitationUpdate | undefined;
  /** Where the partner's server is told of what happens: https, on this computer also http. `null` and default: nowhere. */
  readonly notificationUrl?: string | null | undefined;
  /** Whether people who waited for an administrator get a mail when they can go on, where the backend can send any. Default: `false`. */
  readonly mailsApprovals?: boolean | undefined;
}

/** Ids of what is set up: a `Map` or a `Set` is one. */
export interface KnownIds {
  has(id: string): boolean;
  keys(): Iterable<string>;
}

/** What is checked beside the features. */
interface Addressed extends ApplicationFeatures {
  readonly name?: string | undefined;
  readonly redirectUris?: readonly string[] | undefined;
  readonly origins?: readonly string[] | undefined;
}

/** A calendar that is with none of the providers; as in connect/offer.ts, which this folder may not import. */
const NO_PROVIDER = 'none';

const MAX_NAME_LENGTH = 100;
const ACCENT_COLOR = /^#[0-9a-f]{6}$/i;
const PROVIDER_ID = /^[a-z][a-z0-9_-]{0,49}$/;

/**
 * Reads what is wanted of an application, as it is to be stored. Whether the default mode is among the modes is for {@link requireDefaultMode}.
 *
 * @param providers Ids of the providers that there are. Where nobody says, any id is taken.
 * @throws CalendarConnectError with a code for each field, saying field, expected and received
 */
export function readFeatures(wanted: Addressed, providers: KnownIds | undefined): ApplicationChange {
  const { branding = {}, invitations = {} } = wanted;
  return {
    name: given(wanted.name, (name) => readName(name, 'name', 'name_invalid')),
    redirectUris: given(wanted.redirectUris, (uris) => [...new Set(uris.map(validateRedirectUri))]),
    origins: given(wanted.origins, (origins) => [...new Set(origins.map(validateOrigin))]),
    accessModes: given(wanted.accessModes, readModes),
    defaultAccessMode: orNull(wanted.defaultAccessMode, readDefaultMode),
    providers: given(wanted.providers, (ids) => readProviders(ids, providers)),
    scope: given(wanted.scope, readScope),
    accentColor: orNull(branding.accentColor, readAccentColor),
    logo: orNull(branding.logo, readLogo),
    privacyUrl: orNull(branding.privacyUrl, validatePrivacyUrl),
    organizerName: orNull(invitations.organizerName, (name) => readName(name, 'organizerName', 'organizer_name_invalid')),
    organizerEmail: orNull(invitations.organizerEmail, (email) => readAddress(email, 'organizerEmail', 'organizer_email_invalid')),
    replyTo: orNull(invitations.replyTo, (email) => readAddress(email, 'replyTo', 'reply_to_invalid')),
    notificationUrl: orNull(wanted.notificationUrl, validateNotificationUrl),
    mailsApprovals: wanted.mailsApprovals,
  };
}

function given<T, R>(value: T | undefined, read: (value: T) => R): R | undefined {
  return value === undefined ? undefined : read(value);
}

function orNull<T, R>(value: T | null | undefined, read: (value: T) => R): R | null | undefined {
  return value === null ? null : given(value, read);
}

/**
 * The default mode has to be one of the modes.
 *
 * @throws CalendarConnectError `default_access_mode_invalid`
 */
export function requireDefaultMode(defaultMode: AccessMode | null | undefined, modes: readonly AccessMode[]): void {
  if (defaultMode === null || defaultMode === undefined || modes.includes(defaultMode)) return;
  throw new CalendarConnectError(
    'default_access_mode_invalid',
    `defaultAccessMode: expected one of the access modes (${modes.join(', ')}), or none, received ${defaultMode}`,
  );
}

function readName(text: string, field: string, code: CalendarConnectErrorCode): string {
  const trimmed = text.trim();
  if (isVisibleText(trimmed, MAX_NAME_LENGTH)) return trimmed;
  throw new CalendarConnectError(code, `${field}: expected 1 to ${MAX_NAME_LENGTH} visible characters, received ${trimmed.length}`);
}

function readModes(modes: readonly string[]): AccessMode[] {
  const unknown = modes.find((mode) => !isAccessMode(mode));
  if (unknown === undefined && modes.length > 0) return ACCESS_MODES.filter((mode) => modes.includes(mode));
  throw new CalendarConnectError(
    'access_modes_invalid',
    `accessModes: expected at least one of ${ACCESS_MODES.join(', ')}, received ${unknown === undefined ? 'none' : shown(unknown)}`,
  );
}

function readDefaultMode(mode: string): AccessMode {
  if (isAccessMode(mode)) return mode;
  throw new CalendarConnectError(
    'default_access_mode_invalid',
    `defaultAccessMode: expected one of ${ACCESS_MODES.join(', ')}, received ${shown(mode)}`,
  );
}

function readProviders(ids: readonly string[], known: KnownIds | undefined): string[] {
  const unknown = ids.find((id) => id !== NO_PROVIDER && !(known?.has(id) ?? PROVIDER_ID.test(id)));
  if (unknown === undefined) return [...new Set(ids)];
  const expected = known === undefined ? 'ids such as google' : `ids among ${[...known.keys(), NO_PROVIDER].join(', ')}`;
  throw new CalendarConnectError('providers_invalid', `providers: expected ${expected}, received ${shown(unknown)}`);
}

function readScope(text: string): string {
  const scope = parseScope(text);
  if (scope !== undefined) return scope;
  throw new CalendarConnectError('scope_invalid', `scope: expected space-separated scopes of the partner API, received ${shown(text)}`);
}

function readAccentColor(color: string): string {
  if (ACCENT_COLOR.test(color)) return color.toLowerCase();
  throw new CalendarConnectError('accent_color_invalid', `accentColor: expected a colour as #rrggbb, received ${shown(color)}`);
}

/** Whatever was typed may be somebody's address, so it is not told again. */
function readAddress(text: string, field: string, code: CalendarConnectErrorCode): string {
  if (isMailAddress(text)) return text;
  throw new CalendarConnectError(code, `${field}: expected one mail address, received ${text.length} characters that are none`);
}

function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
