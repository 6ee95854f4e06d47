import type { LoginOutcome } from './directory/logins.ts';
import type { NtlmFault } from './authentication/verify-ntlm.ts';

const REQUESTS_KEPT = 2_000;

/** What a request had in its `Authorization`. */
export interface SentCredentials {
  readonly scheme: 'basic' | 'ntlm' | 'negotiate' | 'bearer' | 'other';
  /** Of NTLM: the first or the third message. Only the third proves anything. */
  readonly step?: 'negotiate' | 'authenticate';
  /** As it was sent, such as `CORP\\ahaddad`. */
  readonly userName?: string;
  /** Of Basic, as it was sent. The emulator's passwords are made up. */
  readonly password?: string;
  /** Whether there was a token. */
  readonly hasToken?: boolean;
}

/** How a login ended, as an event log of the server would say. */
export type LoggedLogin = LoginOutcome | NtlmFault | 'scheme_not_offered' | 'malformed' | 'no_handshake' | 'token_refused';

/** A request that reached one of the hosts. */
export interface ExchangeRequest {
  /** Milliseconds since 1970, of the emulator's clock. */
  readonly atMs: number;
  /** Which connection it came on, counted from 1. */
  readonly connection: number;
  readonly secure: boolean;
  /** The host that was asked, without the port. */
  readonly host: string;
  /** The name of the TLS handshake; absent without one. */
  readonly serverName?: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly userAgent?: string;
  /** `X-AnchorMailbox`. */
  readonly anchorMailbox?: string;
  readonly status: number;
  readonly credentials?: SentCredentials;
  readonly login?: LoggedLogin;
  /** The primary address of whoever is logged in. */
  readonly person?: string;
  /** Whether somebody's password stands in the address, a header or the body, `Authorization` aside. */
  readonly hasPasswordInside: boolean;
  /** Of EWS and SOAP Autodiscover. */
  readonly operation?: string;
  /** Of EWS: `RequestServerVersion`. */
  readonly requestVersion?: string;
}

/** What a handler adds to the log. */
export interface RequestNote {
  login?: LoggedLogin;
  person?: string;
  operation?: string;
  requestVersion?: string;
}

/** The newest requests, oldest first. */
export interface ExchangeRequestLog {
  readonly entries: () => readonly ExchangeRequest[];
  readonly add: (entry: ExchangeRequest) => void;
  readonly clear: () => void;
}

/** Creates a log that keeps the newest 2,000 requests. */
export function createExchangeRequestLog(): ExchangeRequestLog {
  const entries: ExchangeRequest[] = [];
  return {
    entries: () => [...entries],
    add: (entry) => {
      entries.push(entry);
      if (entries.length > REQUESTS_KEPT) entries.shift();
    },
    clear: () => {
      entries.length = 0;
    },
  };
}
