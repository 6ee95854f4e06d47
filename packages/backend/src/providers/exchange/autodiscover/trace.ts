import type { Scheme } from '../log-in/choose-scheme.ts';

/** The steps of a discovery, in their order. */
export const DISCOVERY_STEPS = ['v2', 'pox', 'soap', 'http_redirect', 'srv', 'ews'] as const;

/** One of {@link DISCOVERY_STEPS}. */
export type DiscoveryStep = (typeof DISCOVERY_STEPS)[number];

/** What an answer means for the search, and the sentence for whoever reads the trace. */
export const TRACE_MEANINGS = {
  exchange_online: 'The mailbox is in Exchange Online: Microsoft 365 is the way, and no password was sent.',
  ews_found: 'Exchange Web Services answer here.',
  ews_elsewhere: 'This names where Exchange Web Services are.',
  asks_for_login: 'This asks for a login, as Exchange does.',
  no_autodiscover: 'There is no Autodiscover here.',
  no_ews: 'This is named as Exchange Web Services, and answers as something else.',
  of_the_inside: 'This is named for the inside of a network. Neither the domain nor a rule says that the password may go there.',
  no_answer: 'Nothing answers here.',
  redirected: 'This leads to another address.',
  redirect_refused: 'This leads to an address that is not followed: not https, or not readable.',
  redirect_loop: 'This leads to where the search has been, or has led on too often.',
  other_mailbox: 'This names another mail address to ask for.',
  needs_consent: 'This is the server of somebody else: the person or a rule has to say that the password may go there.',
  password_kept: 'This wants the password in the clear where that is not safe. It was not sent.',
  login_refused: 'The login was refused.',
  login_impossible: 'This offers no way to log in that can be used.',
  mailbox_unknown: 'The server does not know the mailbox, or says nothing that helps.',
  busy: 'The server is busy.',
  certificate_untrusted: 'The certificate is not trusted.',
  address_refused: 'This address may not be asked.',
  too_old: 'The server knows no TLS of today.',
  no_entry: 'There is no such entry.',
  no_usable_entry: 'The entries name no server at port 443.',
} as const;

/** One of {@link TRACE_MEANINGS}. */
export type TraceMeaning = keyof typeof TRACE_MEANINGS;

/** One thing that was tried. Holds no secret, no query of an address, and not the mail address. */
export interface TraceStep {
  readonly step: DiscoveryStep;
  /** What was asked; the mail address in it is `{address}`. */
  readonly asked: string;
  /** In a few words: a status with what it offered, or why there was no answer. */
  readonly answered: string;
  readonly means: TraceMeaning;
  /** How the person's login went there, where it did. */
  readonly login: Scheme | undefined;
}

const V2_PATH = /^\/autodiscover\/autodiscover\.json\//i;
const SHOWN_PATH = /^\/(?:autodiscover|ews|owa)(?:\/[A-Za-z0-9._-]{0,60}){0,4}$/i;

/** An address as a trace shows it. A path that is none of Exchange's is left out: a server can write what it likes there, the mail address too. */
export function shownUrl(url: URL): string {
  if (V2_PATH.test(url.pathname)) return `${url.origin}/autodiscover/autodiscover.json/v1.0/{address}`;
  return `${url.origin}${url.pathname === '/' || SHOWN_PATH.test(url.pathname) ? url.pathname : '/…'}`;
}
