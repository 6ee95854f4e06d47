import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { afterEach } from 'vitest';
import { startExchangeEmulator } from '../src/exchange/start-exchange-emulator.ts';
import type { RunningExchangeEmulator } from '../src/exchange/start-exchange-emulator.ts';
import type { ExchangeEmulatorOptions } from '../src/exchange/options.ts';
import { childOf, readXml, type XmlElement } from '../src/ews-operations/read-xml.ts';
import { authenticateMessage, negotiateMessage, type NtlmClient } from './ntlm-client.ts';

export const AMIRA = { email: 'amira@corp.example', user: 'ahaddad', password: 'Amira-s Password 1' };
export const JONAS = { email: 'jonas@corp.example', user: 'jweber', password: 'Jonas-s Password 2' };
export const LEA = { email: 'lea@corp.example', user: 'lsommer', password: 'Lea-s Password 3' };
export const OTTO = { email: 'otto@corp.example', user: 'otto', password: 'Otto-s Password 4' };
export const MAIL = 'mail.corp.example';
export const AUTODISCOVER = 'autodiscover.corp.example';
/** A Wednesday. */
export const NOW_MS = Date.UTC(2026, 10, 18, 12);

const running: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  for (const each of running.splice(0).toReversed()) await each.close();
});

/** An answer of any host. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Each `WWW-Authenticate` by itself. */
  readonly challenges: readonly string[];
  readonly text: string;
}

/** What to send, and over what. */
export interface Asking {
  readonly host?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** A connection of its own, kept; the default is a new one for each request. */
  readonly agent?: Agent;
  readonly plain?: boolean;
}

/** An emulator, and a client that believes in its authority. */
export interface ExchangeUnderTest extends RunningExchangeEmulator {
  readonly ask: (asking: Asking) => Promise<Answer>;
  /** A kept connection. */
  readonly connection: () => Agent;
  /** Asks with a login by NTLM, all on one connection. */
  readonly askByNtlm: (client: NtlmClient, asking?: Asking) => Promise<Answer>;
  /** Calls EWS as somebody, by Basic where the test has that offered, and by NTLM else. */
  readonly call: (operation: string, calling?: Calling) => Promise<EwsAnswer>;
}

/** How a test calls EWS. */
export interface Calling {
  readonly as?: { readonly user: string; readonly password: string };
  readonly version?: string;
  readonly header?: string;
}

/** What came back: the status, the code of the first message or fault, and what is below. */
export interface EwsAnswer {
  readonly status: number;
  readonly code: string | undefined;
  readonly text: string;
  readonly body: XmlElement | undefined;
  /** The texts of every element of a name. */
  readonly texts: (name: string) => readonly string[];
  readonly ids: (name?: string) => readonly string[];
}

/** Starts an emulator that ends with the test. */
export async function startExchangeUnderTest(options: ExchangeEmulatorOptions = {}): Promise<ExchangeUnderTest> {
  const exchange = await startExchangeEmulator({ now: () => NOW_MS, ...options });
  running.push(exchange);
  const connection = (): Agent => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: exchange.ca });
    running.push({ close: async () => agent.destroy() });
    return agent;
  };
  const ask = (asking: Asking): Promise<Answer> => send(exchange, asking);
  const askByNtlm: ExchangeUnderTest['askByNtlm'] = async (client, asking = {}) => {
    const agent = asking.agent ?? connection();
    const negotiate = negotiateMessage(client);
    const ntlm = (message: Buffer) => ({ ...asking.headers, Authorization: `NTLM ${message.toString('base64')}` });
    const { challenges } = await ask({ ...asking, agent, body: '', headers: ntlm(negotiate) });
    const challenge = Buffer.from(challenges.find((each) => each.startsWith('NTLM '))?.slice(5) ?? '', 'base64');
    if (challenge.length === 0) throw new Error('expected a challenge');
    return ask({ ...asking, agent, headers: ntlm(authenticateMessage(client, negotiate, challenge)) });
  };
  const call: ExchangeUnderTest['call'] = async (operation, { as = AMIRA, version = 'Exchange2007_SP1', header = '' } = {}) => {
    const asking = ewsAsking(operation, version, header);
    return toEwsAnswer(await askByNtlm({ domain: 'CORP', ...as }, asking));
  };
  return { ...exchange, ask, connection, askByNtlm, call };
}

/** Writes a call of EWS. */
export function ewsAsking(operation: string, version = 'Exchange2007_SP1', header = ''): Asking {
  const namespaces =
    'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"';
  const body = `<s:Envelope ${namespaces}><s:Header><t:RequestServerVersion Version="${version}"/>${header}</s:Header><s:Body>${operation}</s:Body></s:Envelope>`;
  return { method: 'POST', path: '/EWS/Exchange.asmx', headers: { 'Content-Type': 'text/xml; charset=utf-8' }, body };
}

/** Writes `Authorization` for Basic. */
export function basic(userName: string, password: string): Record<string, string> {
  return { Authorization: `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}` };
}

/** Reads an answer of EWS. */
export function toEwsAnswer({ status, text }: Pick<Answer, 'status' | 'text'>): EwsAnswer {
  const body = childOf(readXml(text), 'Body')?.children[0];
  const elements = (name: string): XmlElement[] => all(body, name);
  return {
    status,
    code: elements('ResponseCode')[0]?.text,
    text,
    body,
    texts: (name) => elements(name).map((element) => element.text),
    ids: (name = 'ItemId') => elements(name).map((element) => element.attributes.get('Id') ?? ''),
  };
}

/** Every element of a name below. */
export function all(element: XmlElement | undefined, name: string): XmlElement[] {
  return element === undefined ? [] : element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
}

function send(exchange: RunningExchangeEmulator, asking: Asking): Promise<Answer> {
  const { host = MAIL, method = 'GET', path = '/', headers = {}, body = '', agent, plain = false } = asking;
  const where = { host: '127.0.0.1', port: plain ? exchange.httpPort : exchange.port, method, path, headers: { Host: host, ...headers } };
  return new Promise((resolve, reject) => {
    const secure = { ...where, ca: exchange.ca, servername: host, agent: agent ?? new Agent() };
    const request = plain ? httpRequest(where) : httpsRequest(secure);
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const challenges = response.rawHeaders.flatMap((name, index) =>
          index % 2 === 0 && name.toLowerCase() === 'www-authenticate' ? [response.rawHeaders[index + 1] ?? ''] : [],
        );
        resolve({ status: response.statusCode ?? 0, headers: response.headers, challenges, text: Buffer.concat(chunks).toString() });
      });
    });
    request.end(body);
  });
}
