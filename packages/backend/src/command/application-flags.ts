import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { AccessMode } from '@calendar-connect/protocol';
import type { ApplicationFeatures, BrandingUpdate, InvitationUpdate } from '../accounts/application-features.ts';
import type { ApplicationUpdate } from '../accounts/applications.ts';
import { UsageError } from './usage-error.ts';

/** The flags of `application`, as they were given. */
export interface ApplicationFlags {
  readonly name?: string;
  readonly 'redirect-uri'?: readonly string[];
  readonly 'add-redirect-uri'?: readonly string[];
  readonly origin?: readonly string[];
  readonly 'add-origin'?: readonly string[];
  readonly 'access-mode'?: readonly string[];
  readonly 'default-access-mode'?: string;
  readonly provider?: readonly string[];
  readonly scope?: string;
  readonly 'accent-color'?: string;
  readonly logo?: string;
  readonly 'privacy-url'?: string;
  readonly 'organizer-name'?: string;
  readonly 'organizer-email'?: string;
  readonly 'reply-to'?: string;
  readonly 'notification-url'?: string;
  readonly 'no-notification-url'?: boolean;
  readonly 'client-secret-stdin'?: boolean;
  readonly 'mails-approvals'?: boolean;
  readonly 'no-mails-approvals'?: boolean;
  readonly 'provider-client-id'?: string;
  readonly json?: boolean;
}

/** How Node reads a flag of this type. */
type Definition<Value> = Value extends readonly string[]
  ? { readonly type: 'string'; readonly multiple: true }
  : { readonly type: Value extends boolean ? 'boolean' : 'string' };

const TEXT = { type: 'string' } as const;
const TEXTS = { type: 'string', multiple: true } as const;
const SWITCH = { type: 'boolean' } as const;

/** The flags of `application`, as Node reads them. */
export const APPLICATION_FLAGS: { readonly [Name in keyof ApplicationFlags]-?: Definition<NonNullable<ApplicationFlags[Name]>> } = {
  name: TEXT,
  'redirect-uri': TEXTS,
  'add-redirect-uri': TEXTS,
  origin: TEXTS,
  'add-origin': TEXTS,
  'access-mode': TEXTS,
  'default-access-mode': TEXT,
  provider: TEXTS,
  scope: TEXT,
  'accent-color': TEXT,
  logo: TEXT,
  'privacy-url': TEXT,
  'organizer-name': TEXT,
  'organizer-email': TEXT,
  'reply-to': TEXT,
  'notification-url': TEXT,
  'no-notification-url': SWITCH,
  'client-secret-stdin': SWITCH,
  'mails-approvals': SWITCH,
  'no-mails-approvals': SWITCH,
  'provider-client-id': TEXT,
  json: SWITCH,
};

/** Takes a value away that an application has. No provider, name or address is called so. */
const NONE = 'none';
/** Every provider that the backend has; `none` stands for a calendar that is with none of them. */
const ALL = 'all';

/** What both `create` and `set` can say of an application. @throws UsageError */
export function featuresOf(flags: ApplicationFlags): ApplicationFeatures {
  if (flags['mails-approvals'] && flags['no-mails-approvals']) {
    throw new UsageError('application: expected --mails-approvals or --no-mails-approvals, received both');
  }
  if (flags['notification-url'] !== undefined && flags['no-notification-url']) {
    throw new UsageError('application: expected --notification-url or --no-notification-url, received both');
  }
  return {
    // Whether they are any is for the rules to say.
    accessModes: flags['access-mode'] as readonly AccessMode[] | undefined,
    defaultAccessMode: orNone(flags['default-access-mode']) as AccessMode | null | undefined,
    providers: flags.provider?.join() === ALL ? [] : flags.provider,
    scope: flags.scope,
    branding: brandingOf(flags),
    invitations: invitationsOf(flags),
    notificationUrl: flags['no-notification-url'] ? null : flags['notification-url'],
    mailsApprovals: flags['mails-approvals'] ? true : flags['no-mails-approvals'] ? false : undefined,
  };
}

/** What `set` is to change. @throws UsageError */
export async function updateOf(flags: ApplicationFlags): Promise<ApplicationUpdate> {
  return {
    ...featuresOf(flags),
    name: flags.name,
    redirectUris: listOf(flags['redirect-uri']),
    addRedirectUris: flags['add-redirect-uri'],
    origins: listOf(flags.origin),
    addOrigins: flags['add-origin'],
    clientSecret: flags['client-secret-stdin'] ? await readSecret() : undefined,
  };
}

/** Tells whether an update names anything. */
export function isEmpty({ branding, invitations, ...update }: ApplicationUpdate): boolean {
  return Object.values({ ...update, ...branding, ...invitations }).every((value) => value === undefined);
}

/**
 * A secret from standard input. Not as a flag: others on this computer can read those, and shells keep them.
 *
 * @throws UsageError where nothing is there to be read but a keyboard, which would show it
 */
export async function readSecret(): Promise<string> {
  if (process.stdin.isTTY) throw new UsageError('application: expected the secret on standard input: … < FILE');
  return (await text(process.stdin)).trim();
}

function brandingOf(flags: ApplicationFlags): BrandingUpdate {
  return {
    accentColor: orNone(flags['accent-color']),
    logo: flags.logo === undefined || flags.logo === NONE ? orNone(flags.logo) : readLogoFile(flags.logo),
    privacyUrl: orNone(flags['privacy-url']),
  };
}

function invitationsOf(flags: ApplicationFlags): InvitationUpdate {
  return {
    organizerName: orNone(flags['organizer-name']),
    organizerEmail: orNone(flags['organizer-email']),
    replyTo: orNone(flags['reply-to']),
  };
}

function orNone(value: string | undefined): string | null | undefined {
  return value === NONE ? null : value;
}

function listOf(values: readonly string[] | undefined): readonly string[] | undefined {
  return values?.join() === NONE ? [] : values;
}

function readLogoFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new UsageError(`application: --logo: expected a picture file, or none, received ${path} (${code})`);
  }
}
