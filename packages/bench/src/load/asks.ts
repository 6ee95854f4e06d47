import type { Operation } from '../candidates/candidate.ts';
import type { PartnerClient } from '../seed/partner-client.ts';
import type { TokenPair } from '../seed/seeded.ts';
import type { Ask } from './generate-load.ts';
import { bearerRequest, formRequest } from './requests.ts';
import type { Answer } from './response-reader.ts';
import { WrongAnswer } from './wrong-answer.ts';

/** What a candidate is asked with, and what it has given so far. */
export interface Supply {
  /** Each is used once. */
  readonly codes: string[];
  /** Used over and over. */
  readonly tokens: readonly TokenPair[];
  /** Tokens that came back, to be looked at by {@link checkIssued} when nothing is measured: a set so long stops for 30 ms when it grows. */
  readonly justIssued: string[];
  /** By access token, who it was said to be for. */
  readonly subjects: Map<string, string>;
}

/** Who is asked, and with what. */
export interface Asked {
  readonly path: string;
  readonly client: PartnerClient;
  readonly supply: Supply;
}

/** Nothing given yet, and nothing to ask with but tokens. */
export function supplyOf(tokens: readonly TokenPair[]): Supply {
  return { codes: [], tokens, justIssued: [], subjects: new Map() };
}

/** Makes the requests of one operation, each with the check of its answer. */
export function asksOf(operation: Operation, { path, client, supply }: Asked): () => Ask | undefined {
  const take = circling(supply.tokens);
  switch (operation) {
    case 'exchange':
      return () => exchangeAsk(path, client, supply);
    case 'refresh':
      return () => refreshAsk(path, client, { supply, pair: take() });
    case 'userinfo':
      return () => userinfoAsk(path, supply, take());
    case 'form':
      return () => formAsk(path, client);
    default:
      return operation satisfies never;
  }
}

function circling<T>(list: readonly T[]): () => T {
  let at = 0;
  return () => {
    const item = list[at % list.length];
    if (item === undefined) throw new Error('no tokens were made to ask with');
    at += 1;
    return item;
  };
}

function exchangeAsk(path: string, client: PartnerClient, supply: Supply): Ask | undefined {
  const code = supply.codes.pop();
  if (code === undefined) return undefined;
  return {
    bytes: formRequest(path, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: client.redirectUri,
      code_verifier: client.codeVerifier,
      client_id: client.clientId,
      client_secret: client.clientSecret,
    }),
    check: (answer) => {
      const body = tokenBody(answer);
      issueOnce(supply, body['access_token']);
      issueOnce(supply, body['refresh_token']);
    },
  };
}

function refreshAsk(path: string, client: PartnerClient, { supply, pair }: { supply: Supply; pair: TokenPair }): Ask {
  return {
    bytes: formRequest(path, {
      grant_type: 'refresh_token',
      refresh_token: pair.refresh,
      client_id: client.clientId,
      client_secret: client.clientSecret,
    }),
    check: (answer) => {
      const body = tokenBody(answer);
      issueOnce(supply, body['access_token']);
      const refresh = body['refresh_token'];
      if (refresh !== undefined && refresh !== pair.refresh) throw new WrongAnswer('a refresh gave another refresh token');
    },
  };
}

function userinfoAsk(path: string, { subjects }: Supply, { access }: TokenPair): Ask {
  return {
    bytes: bearerRequest(path, access),
    check: (answer) => {
      const { sub } = jsonBody(answer);
      if (typeof sub !== 'string' || sub === '') throw new WrongAnswer('userinfo names nobody');
      const before = subjects.get(access);
      if (before !== undefined && before !== sub) throw new WrongAnswer('one token stands for two people');
      subjects.set(access, sub);
    },
  };
}

let forms = 0;

function formAsk(path: string, client: PartnerClient): Ask {
  const code = `code-of-as-many-characters-as-ours-has-more-or-less-${(forms += 1)}`;
  return {
    bytes: formRequest(path, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: client.redirectUri,
      code_verifier: client.codeVerifier,
      client_id: client.clientId,
      client_secret: client.clientSecret,
    }),
    check: (answer) => {
      if (jsonBody(answer)['code'] !== code) throw new WrongAnswer('a form was answered with another one’s code');
    },
  };
}

function tokenBody(answer: Answer): Record<string, unknown> {
  const body = jsonBody(answer);
  if (typeof body['token_type'] !== 'string' || body['token_type'].toLowerCase() !== 'bearer') throw wrong(answer, 'no bearer token');
  if (typeof body['expires_in'] !== 'number' || body['expires_in'] <= 0) throw wrong(answer, 'no expires_in');
  return body;
}

function jsonBody(answer: Answer): Record<string, unknown> {
  if (answer.status !== 200) throw wrong(answer, 'expected 200');
  const body: unknown = JSON.parse(answer.body);
  if (typeof body !== 'object' || body === null) throw wrong(answer, 'expected a JSON object');
  return body as Record<string, unknown>;
}

/** Tokens are not shown: only a refusal is, which holds none. */
function wrong({ status, body }: Answer, why: string): WrongAnswer {
  return new WrongAnswer(`${why}, received ${status}${status === 200 ? '' : ` ${body.slice(0, 300)}`}`);
}

const SHORTEST_TOKEN = 20;

function issueOnce({ justIssued }: Supply, token: unknown): void {
  if (typeof token !== 'string' || token.length < SHORTEST_TOKEN) throw new WrongAnswer('expected a token');
  justIssued.push(token);
}

/**
 * Checks the tokens that came back since the last time, and adds them to all that ever did.
 *
 * @throws WrongAnswer where one of them was given before
 */
export function checkIssued({ justIssued }: Supply, issued: Set<string>): void {
  for (const token of justIssued.splice(0)) {
    if (issued.has(token)) throw new WrongAnswer('a token was given twice');
    issued.add(token);
  }
}
