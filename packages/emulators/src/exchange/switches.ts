/** What an Exchange organisation does differently on a bad day, or by another administrator. */
export interface ExchangeSwitches {
  /** How EWS refuses a mailbox that it is off for: an empty 403, or a SOAP fault `ErrorAccessDenied`. The default is `forbidden`. */
  readonly ewsDisabledAnswer: 'forbidden' | 'access_denied';
  /** Answers accounts that are disabled or whose password is over with a fault that says so, where a real server mostly says 401 alone. */
  readonly tellsAccountState: boolean;
  /** User agents that `EwsAllowList` names, as prefixes; `undefined` allows every one. Others get 403. */
  readonly allowedUserAgents: readonly string[] | undefined;
  /** NTLM as behind a proxy that hands each request to another connection: the handshake never ends. */
  readonly forgetsHandshakes: boolean;
  /** After a login by NTLM the connection is closed with the answer. */
  readonly closesAfterLogin: boolean;
}

/** Everything off. */
export const EXCHANGE_SWITCHES: ExchangeSwitches = {
  ewsDisabledAnswer: 'forbidden',
  tellsAccountState: false,
  allowedUserAgents: undefined,
  forgetsHandshakes: false,
  closesAfterLogin: false,
};
