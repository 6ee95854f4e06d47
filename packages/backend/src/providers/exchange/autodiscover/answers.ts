/** What a server says of a mailbox besides. Its own text, and not checked. */
export interface MailboxFacts {
  readonly displayName: string | undefined;
  /** Where the mailbox has several addresses, the first of them. */
  readonly primaryAddress: string | undefined;
}

/** What a server's Autodiscover says of a mailbox, in whichever of its forms. Addresses are its own text, and not checked. */
export type AutodiscoverAnswer =
  /** Where EWS is, the one for the outside first. */
  | ({ readonly kind: 'settings'; readonly ewsUrls: readonly string[] } & MailboxFacts)
  | { readonly kind: 'redirect_address'; readonly address: string }
  | { readonly kind: 'redirect_url'; readonly url: string }
  /** Its own code, such as `500` or `InvalidUser`. */
  | { readonly kind: 'error'; readonly code: string }
  | { readonly kind: 'busy' }
  | { readonly kind: 'unreadable' };

/** A form of Autodiscover that takes a login. */
export interface AutodiscoverForm {
  readonly step: 'pox' | 'soap';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** @param to The address that is asked. */
  write(mailbox: string, to: URL): string;
  read(bytes: Uint8Array): AutodiscoverAnswer;
}
