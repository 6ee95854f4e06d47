import { childOf, readXml, type XmlElement } from '../../ews-operations/read-xml.ts';
import { REQUEST_VERSIONS } from '../../ews-operations/request-versions.ts';
import { SOAP } from '../../ews-operations/soap.ts';
import { element, textElement, type Xml } from '../../ews-operations/write-xml.ts';
import type { ExchangeParts } from '../parts.ts';
import type { SiteAnswer, SiteRequest } from '../sites/site.ts';
import { decide, onlineAddressOf, type Decision, type FoundMailbox } from './decide.ts';

const AUTODISCOVER = 'http://schemas.microsoft.com/exchange/2010/Autodiscover';
const ADDRESSING = 'http://www.w3.org/2005/08/addressing';
const INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';
const ACTION = `${AUTODISCOVER}/Autodiscover/GetUserSettings`;
const USERS_MOST = 100;

/**
 * `POST /autodiscover/autodiscover.svc` of somebody who is logged in: `GetUserSettings`, since Exchange 2010.
 * @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/getusersettings-operation-soap}
 */
export function answerSoap({ method, body, note }: SiteRequest, parts: ExchangeParts): SiteAnswer {
  if (method !== 'POST') return { status: 405, headers: { Allow: 'POST' } };
  const envelope = readXml(body);
  const request = envelope?.namespace === SOAP ? childOf(envelope, 'Body')?.children[0] : undefined;
  if (envelope === undefined || request === undefined) return { status: 400 };
  note.operation = request.name.replace(/RequestMessage$/, '');
  const header = childOf(envelope, 'Header');
  if (request.namespace !== AUTODISCOVER || note.operation !== 'GetUserSettings' || childOf(header, 'Action')?.text.trim() !== ACTION) {
    return fault('a:ActionNotSupported', 'The message cannot be processed at the receiver, due to an Action mismatch.');
  }
  if (childOf(header, 'RequestedServerVersion') === undefined)
    return answer(responseError('InvalidRequest', 'The version header is missing.'), parts);
  return answerUsers(childOf(request, 'Request'), parts);
}

function answerUsers(request: XmlElement | undefined, parts: ExchangeParts): SiteAnswer {
  const users = childOf(request, 'Users')?.children.map((user) => childOf(user, 'Mailbox')?.text.trim() ?? '') ?? [];
  const settings = childOf(request, 'RequestedSettings')?.children.map(({ text }) => text.trim()) ?? [];
  if (users.length === 0 || users.length > USERS_MOST)
    return answer(responseError('InvalidRequest', 'The number of users is not valid.'), parts);
  if (settings.length === 0) return answer(responseError('InvalidRequest', 'No settings were requested.'), parts);
  const responses: Xml[] = [];
  for (const address of users) {
    const decision = decide(address, parts);
    // These two are about the whole answer, whoever else is asked for.
    if (decision.action === 'server_busy') return answer(responseError('ServerBusy', 'The server is too busy.'), parts);
    if (decision.action === 'document') {
      return { status: 200, headers: { 'Content-Type': decision.contentType ?? 'text/xml; charset=utf-8' }, body: decision.body };
    }
    responses.push(userResponse(address, decision, { settings, parts }));
  }
  return answer([...noError(), element('UserResponses', {}, ...responses)], parts);
}

type UserDecision = Exclude<Decision, { readonly action: 'server_busy' | 'document' }>;

interface Wanted {
  readonly settings: readonly string[];
  readonly parts: ExchangeParts;
}

function userResponse(address: string, decision: UserDecision, wanted: Wanted): Xml {
  switch (decision.action) {
    case 'settings':
      return settingsResponse(decision, wanted);
    case 'redirect_address':
      return emptyUserResponse('RedirectAddress', 'Redirection address.', decision.to);
    case 'exchange_online':
      return emptyUserResponse('RedirectAddress', 'Redirection address.', decision.to ?? onlineAddressOf(address));
    case 'redirect_url':
      return emptyUserResponse('RedirectUrl', 'Redirection URL.', decision.to);
    case 'unknown_address':
      return emptyUserResponse('InvalidUser', `The e-mail address '${address}' is not valid.`);
  }
}

function settingsResponse(mailbox: FoundMailbox, { settings, parts }: Wanted): Xml {
  const values = valuesOf(mailbox, parts);
  const known = settings.filter((name) => values.get(name) !== undefined);
  const errors = settings
    .filter((name) => values.get(name) === undefined)
    .map((name) =>
      element(
        'UserSettingError',
        {},
        textElement('ErrorCode', values.has(name) ? 'SettingIsNotAvailable' : 'InvalidSetting'),
        textElement('ErrorMessage', `The setting '${name}' is not available.`),
        textElement('SettingName', name),
      ),
    );
  const found = known.map((name) =>
    element('UserSetting', { 'i:type': 'StringSetting' }, textElement('Name', name), textElement('Value', values.get(name) ?? '')),
  );
  return element(
    'UserResponse',
    {},
    ...noError(),
    element('RedirectTarget', { 'i:nil': 'true' }),
    element('UserSettingErrors', {}, ...errors),
    element('UserSettings', {}, ...found),
  );
}

/** A setting without a value is one that this server does not have. */
function valuesOf(
  { email, name, externalEwsUrl, internalEwsUrl }: FoundMailbox,
  { personality }: ExchangeParts,
): ReadonlyMap<string, string | undefined> {
  const { MajorVersion, MinorVersion, MajorBuildNumber, MinorBuildNumber } = personality.versionInfo;
  const two = (number: string): string => number.padStart(2, '0');
  return new Map([
    ['ExternalEwsUrl', externalEwsUrl],
    ['InternalEwsUrl', internalEwsUrl],
    ['EwsSupportedSchemas', REQUEST_VERSIONS.slice(0, REQUEST_VERSIONS.indexOf(personality.newest) + 1).join(', ')],
    ['CasVersion', [two(MajorVersion), two(MinorVersion), MajorBuildNumber, MinorBuildNumber.padStart(3, '0')].join('.')],
    ['UserDisplayName', name],
    ['GroupingInformation', 'Default-First-Site-Name'],
    ['AutoDiscoverSMTPAddress', email],
  ]);
}

function emptyUserResponse(code: string, message: string, target?: string): Xml {
  return element(
    'UserResponse',
    {},
    textElement('ErrorCode', code),
    textElement('ErrorMessage', message),
    target === undefined ? element('RedirectTarget', { 'i:nil': 'true' }) : textElement('RedirectTarget', target),
    element('UserSettingErrors', {}),
    element('UserSettings', {}),
  );
}

function noError(): readonly Xml[] {
  return [textElement('ErrorCode', 'NoError'), element('ErrorMessage', {})];
}

function responseError(code: string, message: string): readonly Xml[] {
  return [textElement('ErrorCode', code), textElement('ErrorMessage', message), element('UserResponses', { 'i:nil': 'true' })];
}

function answer(response: readonly Xml[], { personality }: ExchangeParts): SiteAnswer {
  const version = Object.entries({ ...personality.versionInfo, Version: personality.newest }).map(([name, value]) =>
    textElement(`h:${name}`, value),
  );
  const header = element(
    's:Header',
    {},
    element('a:Action', { 's:mustUnderstand': '1' }, { xml: `${ACTION}Response` }),
    element('h:ServerVersionInfo', { 'xmlns:h': AUTODISCOVER }, ...version),
  );
  const message = element(
    'GetUserSettingsResponseMessage',
    { xmlns: AUTODISCOVER },
    element('Response', { 'xmlns:i': INSTANCE }, ...response),
  );
  return envelope(200, header, element('s:Body', {}, message));
}

function fault(code: string, message: string): SiteAnswer {
  const content = element('s:Fault', {}, textElement('faultcode', code), textElement('faultstring', message));
  return envelope(500, element('s:Body', {}, content));
}

function envelope(status: number, ...parts: readonly Xml[]): SiteAnswer {
  const body = element('s:Envelope', { 'xmlns:s': SOAP, 'xmlns:a': ADDRESSING }, ...parts).xml;
  return { status, headers: { 'Content-Type': 'text/xml; charset=utf-8' }, body };
}
