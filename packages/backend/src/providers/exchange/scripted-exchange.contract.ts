import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { channelBindingHash } from './ntlm/channel-binding.ts';
import { hmacMd5, ntowfV2 } from './ntlm/responses.ts';
import { bodyOf } from './scripted-internet.contract.ts';

/** What the server does with a request that may pass. */
export type Answer = { readonly status?: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> };

/** An Exchange server as a test wants it. */
export interface ScriptedExchange {
  /** `WWW-Authenticate` of a 401 without a login, by the first part of the path. Default `NTLM` and `Negotiate`. */
  readonly offers?: Readonly<Partial<Record<'ews' | 'autodiscover', readonly string[]>>>;
  /** By user name as it is typed; `CORP\ann` too. Default `ann@corp.example` with `right`. */
  readonly logins?: Readonly<Record<string, string>>;
  /** Without these, 404. */
  readonly v2?: (path: string) => Answer;
  readonly pox?: (mailbox: string) => Answer;
  readonly soap?: (mailbox: string) => Answer;
  readonly ews?: (document: string) => Answer;
  /** Hash of the certificate that the login has to name. */
  readonly endPoint?: Uint8Array;
  /** The text that is sent instead of a challenge. */
  readonly challenge?: string;
  /** Headers of every 401. */
  readonly headers?: Readonly<Record<string, string>>;
}

const CHALLENGE = Buffer.from('0123456789abcdef', 'hex');
const PAIRS = Buffer.concat([Buffer.from('02000800', 'hex'), Buffer.from('CORP', 'utf16le'), Buffer.alloc(4)]);

/** Makes the server. It verifies NTLMv2, on the connection that it challenged. */
export function scriptedExchange(script: ScriptedExchange): RequestListener {
  const loggedIn = new WeakSet<Socket>();
  const challenged = new WeakSet<Socket>();
  return (request, response) => {
    const path = (request.url ?? '').toLowerCase();
    const folder = path.startsWith('/ews/') ? 'ews' : 'autodiscover';
    const offers = script.offers?.[folder] ?? ['NTLM', 'Negotiate'];
    const refuse = (challenges: readonly string[]): void =>
      void response.writeHead(401, { ...script.headers, 'www-authenticate': [...challenges], 'content-length': '0' }).end();
    if (path.startsWith('/autodiscover/autodiscover.json/')) return send(response, script.v2?.(request.url ?? '') ?? { status: 404 });
    if (loggedIn.has(request.socket)) return pass(script, request, response);
    const [scheme = '', token = ''] = (request.headers.authorization ?? '').split(' ');
    if (!offers.some((offer) => offer.split(' ')[0]?.toLowerCase() === scheme.toLowerCase())) return refuse(offers);
    if (scheme === 'Basic')
      return mayPass(script, Buffer.from(token, 'base64').toString()) ? pass(script, request, response) : refuse(offers);
    const message = Buffer.from(token, 'base64');
    if (message[8] === 1) {
      challenged.add(request.socket);
      return refuse([script.challenge ?? `${scheme} ${challengeMessage().toString('base64')}`]);
    }
    if (!challenged.has(request.socket) || !verifies(script, message)) return refuse(offers);
    loggedIn.add(request.socket);
    return pass(script, request, response);
  };
}

function mayPass({ logins = { 'ann@corp.example': 'right' } }: ScriptedExchange, basic: string): boolean {
  return Object.entries(logins).some(([user, password]) => basic === `${user}:${password}`);
}

function pass(script: ScriptedExchange, request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? '').toLowerCase();
  const document = bodyOf(request);
  const mailbox = /<(?:EMailAddress|a:Mailbox)>([^<]*)</.exec(document)?.[1] ?? '';
  if (path.startsWith('/ews/')) return send(response, script.ews?.(document) ?? { body: calendarFound() });
  const answer = path.endsWith('.svc') ? script.soap?.(mailbox) : script.pox?.(mailbox);
  return send(response, answer ?? { status: 404 });
}

function send(response: ServerResponse, { status = 200, body = '', headers = {} }: Answer): void {
  response.writeHead(status, { 'content-length': String(Buffer.byteLength(body)), ...headers }).end(body);
}

function challengeMessage(): Buffer {
  const head = Buffer.alloc(56);
  head.write('NTLMSSP\0', 'latin1');
  head.writeUInt32LE(2, 8);
  head.writeUInt32LE(0xe28a8235, 20);
  head.set(CHALLENGE, 24);
  head.writeUInt16LE(PAIRS.length, 40);
  head.writeUInt16LE(PAIRS.length, 42);
  head.writeUInt32LE(56, 44);
  return Buffer.concat([head, PAIRS]);
}

function verifies({ logins = { 'ann@corp.example': 'right' }, endPoint }: ScriptedExchange, message: Buffer): boolean {
  const field = (at: number): Buffer =>
    message.subarray(message.readUInt32LE(at + 4), message.readUInt32LE(at + 4) + message.readUInt16LE(at));
  const [response, domain, user] = [field(20), field(28).toString('utf16le'), field(36).toString('utf16le')];
  if (endPoint !== undefined && !response.includes(channelBindingHash(endPoint))) return false;
  return Object.entries(logins).some(([typed, password]) => {
    if (typed !== (domain === '' ? user : `${domain}\\${user}`)) return false;
    return hmacMd5(ntowfV2({ user, domain, password }), CHALLENGE, response.subarray(16)).equals(response.subarray(0, 16));
  });
}

const OUTLOOK = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a';

/** A POX answer. */
export function poxAnswer(account: string): Answer {
  return {
    body:
      '<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">' +
      `<Response xmlns="${OUTLOOK}"><User><DisplayName>Ann</DisplayName></User><Account><AccountType>email</AccountType>${account}</Account></Response></Autodiscover>`,
  };
}

/** One that says where EWS is. */
export function poxSettings(ewsUrl: string, type = 'EXPR'): Answer {
  return poxAnswer(`<Action>settings</Action><Protocol><Type>${type}</Type><EwsUrl>${ewsUrl}</EwsUrl></Protocol>`);
}

/** A SOAP answer; `user` is what is in its `UserResponse`. */
export function soapAnswer(user: string): Answer {
  return {
    body:
      '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetUserSettingsResponseMessage xmlns="http://schemas.microsoft.com/exchange/2010/Autodiscover">' +
      `<Response><ErrorCode>NoError</ErrorCode><ErrorMessage/><UserResponses><UserResponse>${user}</UserResponse></UserResponses></Response>` +
      '</GetUserSettingsResponseMessage></s:Body></s:Envelope>',
  };
}

/** One that says where EWS is. */
export function soapSettings(ewsUrl: string, name = 'ExternalEwsUrl'): Answer {
  return soapAnswer(
    `<ErrorCode>NoError</ErrorCode><UserSettings><UserSetting><Name>${name}</Name><Value>${ewsUrl}</Value></UserSetting></UserSettings>`,
  );
}

/** An answer of EWS. */
export function ewsAnswer(body: string): string {
  return (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" ' +
    'xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"><s:Header>' +
    '<t:ServerVersionInfo MajorVersion="15" MinorVersion="1" MajorBuildNumber="2507" MinorBuildNumber="6" Version="V2017_07_11"/>' +
    `</s:Header><s:Body>${body}</s:Body></s:Envelope>`
  );
}

function calendarFound(): string {
  return ewsMessage('Success', 'NoError');
}

/** An answer to the first question about the calendar. */
export function ewsMessage(responseClass: string, code: string, more = ''): string {
  return ewsAnswer(
    `<m:GetFolderResponse><m:ResponseMessages><m:GetFolderResponseMessage ResponseClass="${responseClass}"><m:ResponseCode>${code}</m:ResponseCode>${more}` +
      '</m:GetFolderResponseMessage></m:ResponseMessages></m:GetFolderResponse>',
  );
}

/** A fault, as 2010 and later write it. */
export function ewsFault(code: string, more = ''): Answer {
  return {
    status: 500,
    body: ewsAnswer(
      `<s:Fault><faultcode>a:${code}</faultcode><faultstring>x</faultstring><detail><e:ResponseCode xmlns:e="urn:e"> ${code} </e:ResponseCode>${more}</detail></s:Fault>`,
    ),
  };
}
