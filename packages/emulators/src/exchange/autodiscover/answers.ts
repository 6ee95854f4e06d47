/** What Autodiscover says of an address. */
export type AutodiscoverAnswer =
  | {
      readonly action: 'settings';
      /** The default is the emulator's `ewsUrl`; `undefined` is a server without an external address. */
      readonly externalEwsUrl?: string | undefined;
      readonly internalEwsUrl?: string | undefined;
    }
  /** Ask again for another address. */
  | { readonly action: 'redirect_address'; readonly to: string }
  /** Ask again there. */
  | { readonly action: 'redirect_url'; readonly to: string }
  /** The mailbox is in Exchange Online. */
  | { readonly action: 'exchange_online'; readonly to?: string }
  | { readonly action: 'unknown_address' }
  | { readonly action: 'server_busy' }
  /** This, whatever it is. */
  | { readonly action: 'document'; readonly body: string; readonly contentType?: string };

/** What Autodiscover says, by address, or by `@domain` for everybody there. Who is not named gets settings, if there is such a person. */
export interface AutodiscoverAnswers {
  readonly find: (address: string) => AutodiscoverAnswer | undefined;
  readonly set: (addressOrDomain: string, answer: AutodiscoverAnswer | undefined) => void;
  readonly reset: () => void;
}

/** Creates the register. */
export function createAutodiscoverAnswers(start: Readonly<Record<string, AutodiscoverAnswer>>): AutodiscoverAnswers {
  const answers = new Map<string, AutodiscoverAnswer>();
  const reset = (): void => {
    answers.clear();
    for (const [key, answer] of Object.entries(start)) answers.set(key.toLowerCase(), answer);
  };
  reset();
  return {
    find: (address) => answers.get(address.toLowerCase()) ?? answers.get(address.toLowerCase().replace(/^[^@]*/, '')),
    set: (key, answer) => {
      if (answer === undefined) answers.delete(key.toLowerCase());
      else answers.set(key.toLowerCase(), answer);
    },
    reset,
  };
}
