import type { EwsAnswer, EwsCaller } from '../ews/caller.ts';
import { refusal } from '../ews/caller.ts';
import { TIMEOUT_MS } from '../ews/soap.ts';
import type { Credential } from '../provider.ts';
import type { AccountConnection } from './log-in/account-connection.ts';
import { type AccountLimits, createAccountLimits } from './log-in/account-limits.ts';
import type { LogInRequest } from './log-in/log-in.ts';
import { type CallWatch, createExchangeCaller } from './operations/exchange-caller.ts';
import type { MailboxAtServer, ServerMoves } from './server-moves.ts';
import { isFromExchange, type ServerTrouble, troubleOfAnswer, troubleOfRefusal } from './server-trouble.ts';

/** What calls for accounts are made of. */
export interface AccountCallParts {
  /** Makes the connection of an account; nothing is asked before its first request. */
  readonly openAccount: (account: Omit<LogInRequest, 'signal'>) => AccountConnection;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Shared by all that ask for one account. Default: of these calls alone. */
  readonly limits?: AccountLimits | undefined;
  /** Default: servers stay where they are. */
  readonly moved?: { readonly moves: ServerMoves; readonly look: (account: MailboxAtServer) => Promise<URL | undefined> } | undefined;
}

/** Makes one call for an account: in its turn, not while the server wants to be left alone, on a connection of its own. */
export type AccountCall = <T extends { readonly outcome: string }>(
  credential: Credential,
  call: (caller: EwsCaller, mailbox: string) => Promise<T>,
) => Promise<T | { readonly outcome: 'unauthorized' }>;

/** Makes what calls go by. */
export function createAccountCall({ openAccount, now, limits = createAccountLimits(now), moved }: AccountCallParts): AccountCall {
  /** Whether the credential has to be renewed: for the server that was found, or to have the person told. */
  async function hasToBeRenewed(account: MailboxAtServer, { isOk, isAnswered, trouble }: CallEnd): Promise<boolean> {
    if (moved === undefined) return false;
    if (trouble === undefined) {
      if (isAnswered) moved.moves.heard(account, undefined);
      return false;
    }
    // Whatever it was, it was not in the way.
    if (isOk) return false;
    moved.moves.heard(account, trouble);
    return (await moved.moves.look(account, () => moved.look(account))) !== undefined || moved.moves.isLasting(account);
  }

  async function inTurn<T>(account: MailboxAtServer, ask: (isItsTurn: boolean) => Promise<T>): Promise<T> {
    const endTurn = await limits.takeTurn(account, TIMEOUT_MS);
    try {
      return await ask(endTurn !== undefined);
    } finally {
      endTurn?.();
    }
  }

  return async (credential, call) => {
    const { account, serverVersion } = accountOf(credential);
    const { answer, ...heard } = await inTurn(account, async (isItsTurn) => {
      const { watch, heard } = watchCall(limits, account, isItsTurn);
      const connection = openAccount(account);
      try {
        return { answer: await call(createExchangeCaller({ connection, now, serverVersion, watch }), account.mailbox), ...heard() };
      } finally {
        connection.close();
      }
    });
    return (await hasToBeRenewed(account, { isOk: answer.outcome === 'ok', ...heard })) ? { outcome: 'unauthorized' } : answer;
  };
}

function accountOf({ login, mailbox }: Credential) {
  if (login === undefined || mailbox === undefined) throw new TypeError('credential: expected the login and the mailbox of Exchange');
  const { ewsUrl, userName, password, serverVersion, offersNtlm } = login;
  return { account: { url: new URL(ewsUrl), mailbox, login: { userName, password }, offersNtlm }, serverVersion };
}

/** What was heard of the server in one call. */
interface Heard {
  /** Whether Exchange said anything. A busy web server, or a way out that is closed, did not. */
  readonly isAnswered: boolean;
  readonly trouble: ServerTrouble | undefined;
}

type CallEnd = Heard & { readonly isOk: boolean };

/** Sends nothing out of turn or while the server rests, and learns from what comes back. */
function watchCall(limits: AccountLimits, account: MailboxAtServer, isItsTurn: boolean) {
  let isAnswered = false;
  let trouble: ServerTrouble | undefined;
  const watch: CallWatch = {
    before: () => {
      if (!isItsTurn) return refusal({ noAnswer: 'not asked: too many calls of the account at once' });
      const retryAfterMs = limits.restMs(account);
      if (retryAfterMs > 0) return refusal({ noAnswer: 'not asked: the server is busy and wants to be left alone', retryAfterMs });
      return undefined;
    },
    after: (answer, refused) => {
      const wishMs = wishOf(answer);
      if (wishMs > 0) limits.rest(account, wishMs);
      if (refused === undefined) {
        isAnswered ||= isFromExchange(answer);
        trouble = troubleOfAnswer(answer);
      }
      // A connection that breaks later was one with the right server.
      else if (!isAnswered) trouble = troubleOfRefusal(refused);
    },
  };
  return { watch, heard: (): Heard => ({ isAnswered, trouble }) };
}

function wishOf(answer: EwsAnswer): number {
  const all = answer.refused ? [answer] : answer.messages;
  return Math.max(0, ...all.map((each) => (each.refused ? (each.retryAfterMs ?? 0) : 0)));
}
