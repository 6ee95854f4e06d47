import type { IXHRApi, IXHROptions } from 'ews-javascript-api';
import type { EwsRefusal } from '../../ews/caller.ts';
import { TIMEOUT_MS } from '../../ews/soap.ts';
import type { AccountConnection } from '../log-in/account-connection.ts';
import { refusedLogin } from '../operations/refused-login.ts';
import { checkAnswer, type GoodAnswer } from './check-answer.ts';

/** A page of 512 changes is less than 300 kB, and one of rooms less than that. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** What the library's requests go over. */
export interface TransportParts {
  readonly connection: AccountConnection;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of why there is no answer, which the library has no way to tell: it keeps neither codes nor headers nor errors. */
  readonly onFailure: (failure: EwsRefusal | Error) => void;
}

/**
 * The library's way out, over the connection of one account, as every other request to Exchange goes. Its stock one knows no guard, no limit of
 * size or time, and no NTLM that works. Of what it asks for, the document alone is sent: address, headers and login are the connection's. Only
 * what reads goes this way, so a request may arrive twice.
 */
export function createAccountTransport({ connection, now, onFailure }: TransportParts): IXHRApi {
  async function send({ data }: IXHROptions): Promise<GoodAnswer | EwsRefusal> {
    const sent = await connection.send({
      body: String(data),
      repeatable: true,
      maxResponseBytes: MAX_ANSWER_BYTES,
      timeoutMs: TIMEOUT_MS,
    });
    return sent.outcome === 'answered' ? checkAnswer(sent.response, now()) : refusedLogin(sent);
  }

  return {
    apiName: 'account connection',
    async xhr(options) {
      const answer = await send(options).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
      // All of an answer that it reads; its type is one of browsers, which is not known here.
      if (!(answer instanceof Error) && !answer.refused) return { status: 200, responseText: answer.text } as never;
      onFailure(answer);
      throw new Error('there is no answer');
    },
    xhrStream: () => Promise.reject(new Error('streams are not read')),
    disconnect: () => undefined,
  };
}
