import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { ExtendedProtection } from '../authentication/verify-ntlm.ts';
import type { RequestNote } from '../request-log.ts';

/** The ways to log in that a virtual directory offers. `bearer` is hybrid modern authentication: its challenge, and no token is ever good. */
export const AUTHENTICATION_SCHEMES = ['negotiate', 'ntlm', 'basic', 'bearer'] as const;

/** One of {@link AUTHENTICATION_SCHEMES}. */
export type AuthenticationScheme = (typeof AUTHENTICATION_SCHEMES)[number];

/** The virtual directories that have their own settings. */
export type VirtualDirectory = 'ews' | 'autodiscover';

/** The forms of Autodiscover. */
export const AUTODISCOVER_FORMATS = ['json', 'soap', 'pox'] as const;

/** One of {@link AUTODISCOVER_FORMATS}. */
export type AutodiscoverFormat = (typeof AUTODISCOVER_FORMATS)[number];

/** An Exchange server. */
export interface ExchangeSite {
  readonly kind: 'exchange';
  /** The default is `negotiate` and `ntlm`, and `basic` besides for Autodiscover. */
  readonly authentication?: Partial<Record<VirtualDirectory, readonly AuthenticationScheme[]>>;
  /** The default is `allow` for EWS on Exchange SE, and `none` elsewhere. */
  readonly extendedProtection?: Partial<Record<VirtualDirectory, ExtendedProtection>>;
  /** The default is what the version has. */
  readonly autodiscover?: readonly AutodiscoverFormat[];
}

/** Somebody's web site, that knows nothing of Exchange and answers everything, also what has a password in it. */
export interface WebSite {
  readonly kind: 'website';
  /** Asks everybody for a password. With `basic`, whoever follows gives it away. */
  readonly challenge?: 'basic' | 'ntlm' | 'negotiate' | undefined;
  /** The default is 200; with a challenge, that of whoever sent something. */
  readonly status?: number;
  /** The default is a short HTML page. */
  readonly body?: string;
  readonly contentType?: string;
}

/** Sends everybody elsewhere, without asking who it is. */
export interface RedirectingSite {
  readonly kind: 'redirect';
  readonly to: string;
  /** The default is 302. */
  readonly status?: 301 | 302 | 303 | 307 | 308;
}

/** What answers at a port of a host. `closed` refuses the connection; `silent` takes it and never answers. */
export type Site = ExchangeSite | WebSite | RedirectingSite | { readonly kind: 'closed' } | { readonly kind: 'silent' };

/** The kinds of {@link Site}. */
export const SITE_KINDS: readonly Site['kind'][] = ['exchange', 'website', 'redirect', 'closed', 'silent'];

/** A request as it arrived. */
export interface SiteRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The host that is asked, without the port, in lower case. */
  readonly host: string;
  readonly secure: boolean;
  /** The connection, which a login by NTLM belongs to. */
  readonly socket: Socket;
  /** What the log will say of it. */
  readonly note: RequestNote;
}

/** An answer. */
export interface SiteAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}
