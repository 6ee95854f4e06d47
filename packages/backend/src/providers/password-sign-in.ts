import type { FailureReason } from '@calendar-connect/protocol';
import type { Credential, Identity } from './provider.ts';

/**
 * Ids of the providers that people sign in to with their password: no client of OAuth can be set up for one. A list, because the command asks where no
 * provider is made.
 */
export const PASSWORD_PROVIDERS: ReadonlySet<string> = new Set(['exchange']);

/** What the person has said of their mailbox so far. The password is not among it. */
export interface MailboxHints {
  /** As it was typed. */
  readonly address: string;
  /** As it was typed, where it was: `mail.corp.example`, or an address below it. */
  readonly serverAddress?: string | undefined;
  /** Hosts of somebody else's that the person has said their password may go to. */
  readonly approvedHosts: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** A server that people of a mail domain have used before, or that the operator named. A hint: it is asked before anything is sent there. */
export interface KnownServer {
  readonly ewsUrl: string;
  /** Whether it has offered to log in without sending the password itself: it has to from now on. */
  readonly offersNtlm: boolean;
}

/** What the operator and earlier connections say of servers for the mail domain. */
export interface ServerKnowledge {
  /** In the order to try them. */
  readonly known?: readonly KnownServer[] | undefined;
  /** Whether the operator says that passwords of people of this domain may go to this host. */
  readonly allows: (mailDomain: string, host: string) => boolean;
}

/**
 * Who says that the password may go there. `domain`: the host belongs to whoever registered the domain of the mail address. `rule`: the
 * operator. `person`: they have typed the host, or said yes to it.
 */
export type Voucher = 'domain' | 'rule' | 'person';

/** Where the password would go. */
export interface SignInTarget {
  /** The host that is shown to the person before. */
  readonly host: string;
  /** `undefined`: the host is asked for it, with the login. */
  readonly ewsUrl: string | undefined;
  readonly namedBy: 'known' | 'typed' | 'discovered';
  readonly vouchedBy: Voucher;
  /** Whether it has offered to log in without sending the password itself: whoever answers there when the password is typed has to, too. */
  readonly offersNtlm: boolean;
}

/** There is no way in, for this reason. */
export interface SignInFailure {
  readonly outcome: 'failed';
  readonly reason: FailureReason;
  /** Our own word or the server's code for why, for support: letters, digits, `_` and `-`. */
  readonly code?: string | undefined;
  /** The host that is meant, where there is one. */
  readonly host?: string | undefined;
}

/** What a look without any password found. */
export type FindOutcome =
  | {
      readonly outcome: 'found';
      readonly target: SignInTarget;
      /** Known servers that are not there any longer, by their address of EWS: to be forgotten. */
      readonly gone: readonly string[];
    }
  /** The password may go to `host` only if the person says so. */
  | { readonly outcome: 'needs_consent'; readonly host: string }
  | { readonly outcome: 'address_invalid' }
  | { readonly outcome: 'server_address_invalid' }
  | SignInFailure;

/** One attempt with a password. */
export interface SignInRequest extends MailboxHints {
  readonly userName: string;
  readonly password: string;
  readonly target: SignInTarget;
}

/** What can be remembered of a server for the colleagues of whoever has just signed in there. */
export interface ServerEvidence {
  readonly ewsUrl: string;
  /** The domain of the mailbox, as the server proved it. */
  readonly mailDomain: string;
  readonly vouchedBy: Voucher;
  readonly namedBy: SignInTarget['namedBy'];
  readonly offersNtlm: boolean;
  /** In a few words: how it was found, and what the server says it is. */
  readonly evidence: string;
}

/** What came of an attempt. */
export type SignInOutcome =
  | {
      readonly outcome: 'connected';
      readonly identity: Identity;
      readonly credential: Credential;
      readonly server: ServerEvidence;
    }
  | { readonly outcome: 'needs_consent'; readonly host: string }
  /** Nobody was asked. */
  | { readonly outcome: 'login_invalid'; readonly field: 'user_name' | 'password' }
  | SignInFailure;

/** The part of a provider that signs people in with a password that they type on our own page. Loaded when first used. */
export interface PasswordSignIn {
  /** The provider to go to where the mailbox turns out to be in the vendor's cloud. */
  readonly cloudProvider: string;
  /** The mail domain that an address belongs to, in the letters of the DNS; `undefined`: nobody can be asked about this address. */
  mailDomain(address: string): string | undefined;
  /** Finds out where the password would go. Sends nothing of the person's but the address. */
  find(hints: MailboxHints, knowledge: ServerKnowledge): Promise<FindOutcome>;
  /** Signs in once. */
  signIn(request: SignInRequest, knowledge: ServerKnowledge): Promise<SignInOutcome>;
}
