import { describe, expect, it } from 'vitest';
import { createOutbound } from '../../../outbound/outbound.ts';
import type { CalendarReader } from '../../calendar-reader.ts';
import type { Credential } from '../../provider.ts';
import { microsoft } from '../microsoft.ts';
import { CLIENT, ENDPOINTS, holdsNoSecret, NOW_MS } from '../scripted-microsoft.contract.ts';
import { EWS_SCOPE } from './legacy-ews.ts';

const CREDENTIAL: Credential = {
  accessToken: 'access-very-secret',
  accessTokenExpiresAtMs: NOW_MS + 1000,
  refreshToken: 'refresh-very-secret',
  grantedScopes: ['openid', EWS_SCOPE],
  endsAtMs: undefined,
  mailbox: 'jane@example.com',
};
const RANGE = { fromMs: Date.parse('2026-11-16T09:00:00Z'), toMs: Date.parse('2026-11-16T17:00:00Z') };
const TYPES = 'xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"';
const BACK_OFF = `<t:MessageXml ${TYPES}><t:Value Name="BackOffMilliseconds">297749</t:Value></t:MessageXml>`;

/** An Exchange that answers what a test wrote, and what it was asked. */
function exchange(...answers: readonly Response[]): {
  asked: { url: URL; headers: Headers; body: string }[];
  reader: Promise<CalendarReader>;
} {
  const asked: { url: URL; headers: Headers; body: string }[] = [];
  const fetch = async (url: URL, init: RequestInit): Promise<Response> => {
    const request = new Request(url, init);
    asked.push({ url, headers: request.headers, body: await request.text() });
    return answers[Math.min(asked.length, answers.length) - 1]?.clone() ?? new Response(null, { status: 500 });
  };
  const { clientId, clientSecret } = CLIENT;
  const endpoints = { ...ENDPOINTS, ews: 'https://outlook.microsoft.example/EWS/Exchange.asmx' };
  const provider = microsoft({
    clientId,
    clientSecret,
    endpoints,
    outbound: createOutbound({ fetch, timeoutMs: 1000 }),
    now: () => NOW_MS,
  });
  return { asked, reader: provider.calendar() };
}

function xml(body: string, status = 200, headers: Record<string, string> = {}): Response {
  const document = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`;
  return new Response(document, { status, headers: { 'content-type': 'text/xml', ...headers } });
}

function fault(code: string, more = '', faultcode = `a:${code}`): Response {
  return xml(
    `<s:Fault><faultcode>${faultcode}</faultcode><faultstring>About jane@example.com</faultstring><detail><e:ResponseCode xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors"> ${code} </e:ResponseCode>${more}</detail></s:Fault>`,
    500,
  );
}

function messages(...contents: readonly string[]): Response {
  return xml(`<m:R xmlns:m="urn:m" ${TYPES}><m:ResponseMessages>${contents.join('')}</m:ResponseMessages></m:R>`);
}

function good(content: string): string {
  return `<m:M ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>${content}</m:M>`;
}

function bad(code: string, more = ''): string {
  return `<m:M ResponseClass="Error"><m:MessageText>About jane@example.com</m:MessageText><m:ResponseCode>${code}</m:ResponseCode>${more}</m:M>`;
}

function view(items: string, isLast = true): Response {
  return messages(good(`<m:RootFolder IncludesLastItemInRange="${isLast}"><t:Items>${items}</t:Items></m:RootFolder>`));
}

const EVENT =
  '<t:CalendarItem><t:ItemId Id="i1"/><t:Start>2026-11-16T10:00:00Z</t:Start><t:End>2026-11-16T11:00:00Z</t:End></t:CalendarItem>';

describe('what Exchange answers', () => {
  it.each([
    ['a fault of a busy server', fault('ErrorServerBusy', BACK_OFF), { outcome: 'unavailable', retryAfterMs: 297_749 }],
    [
      'the same inside of a good answer',
      messages(bad('ErrorInternalServerError', BACK_OFF)),
      { outcome: 'unavailable', retryAfterMs: 297_749 },
    ],
    ['a full queue', new Response(null, { status: 503, headers: { 'retry-after': '7' } }), { outcome: 'unavailable', retryAfterMs: 7000 }],
    ['too many connections', fault('ErrorExceededConnectionCount'), { outcome: 'unavailable' }],
    ['a mailbox on the move', messages(bad('ErrorMailboxMoveInProgress')), { outcome: 'unavailable' }],
    ['an error that nobody knows', messages(bad('ErrorOfTomorrow')), { outcome: 'unavailable' }],
    ['a page of somebody else', new Response('<!DOCTYPE html><html>jane@example.com</html>', { status: 200 }), { outcome: 'unavailable' }],
    ['good news without content', messages(), { outcome: 'unavailable' }],
    ['an access token that is not accepted', new Response(null, { status: 401 }), { outcome: 'unauthorized' }],
    ['403, as where EWS is off', new Response(null, { status: 403 }), { outcome: 'forbidden' }],
    ['no access to the whole mailbox', messages(bad('ErrorAccessDenied')), { outcome: 'forbidden' }],
    ['no mailbox, as Exchange 2007 wrote faults', fault('ErrorNonExistentMailbox', '', 'soap11:Client'), { outcome: 'no_mailbox' }],
    ['no address', fault('ErrorMissingEmailAddress'), { outcome: 'no_mailbox' }],
  ])('is understood, and nothing of its texts is repeated: %s', async (_what, answer, expected) => {
    const { reader } = exchange(answer);
    const outcome = await (await reader).listCalendars(CREDENTIAL, 'full');
    expect(outcome).toMatchObject(expected);
    expect(holdsNoSecret(outcome)).toBe(true);
  });

  it.each([
    [messages(bad('ErrorAccessDenied')), 'denied'],
    [fault('ErrorAccessDenied'), 'forbidden'],
    [messages(bad('ErrorInvalidIdMalformed')), 'not_found'],
    [messages(bad('ErrorFolderNotFound')), 'not_found'],
    [messages(bad('ErrorCalendarFolderIsInvalidForCalendarView')), 'not_found'],
  ])('is about one calendar where one was asked for (%#)', async (answer, outcome) => {
    const reader = await exchange(answer).reader;
    expect(await reader.listEvents(CREDENTIAL, { calendarId: 'c', ...RANGE })).toMatchObject({ outcome });
    expect(await reader.freeBusy(CREDENTIAL, { mode: 'full', calendarIds: ['c'], ...RANGE })).toMatchObject({ outcome });
  });

  it.each([
    ['ErrorIrresolvableConflict', 'conflict'],
    ['ErrorStaleObject', 'conflict'],
    ['ErrorInvalidChangeKey', 'conflict'],
    ['ErrorCalendarDurationIsTooLong', 'invalid'],
    ['ErrorInvalidRecipients', 'invalid'],
    ['ErrorItemNotFound', 'not_found'],
    ['ErrorServerBusy', 'unavailable'],
  ])('to a change is read as what became of it: %s', async (code, outcome) => {
    const place = messages(
      good('<m:Items><t:CalendarItem><t:ItemId Id="e" ChangeKey="k"/><t:ParentFolderId Id="c"/></t:CalendarItem></m:Items>'),
    );
    const { reader, asked } = exchange(place, messages(bad(code)));
    const request = { calendarId: 'c', eventId: 'e', etag: 'k', changes: { title: 'x' } };
    expect(await (await reader).updateEvent(CREDENTIAL, request)).toMatchObject({ outcome });
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['an event without a time', view('<t:CalendarItem><t:ItemId Id="i1"/></t:CalendarItem>')],
    ['a time of nobody knows which zone', view(EVENT.replace('10:00:00Z', '10:00:00'))],
    ['an event without an id', view(EVENT.replace('Id="i1"', ''))],
    ['a list that goes on for ever', view('', false)],
    ['no list', messages(good(''))],
  ])('is never taken for a free day: %s', async (_what, answer) => {
    const reader = await exchange(answer).reader;
    expect(await reader.freeBusy(CREDENTIAL, { mode: 'full', calendarIds: ['c'], ...RANGE })).toMatchObject({ outcome: 'unavailable' });
  });

  it('of a status that is not known is not taken for free, and what was called off is', async () => {
    const event = (id: string, more: string): string => EVENT.replace('i1', id).replace('</t:CalendarItem>', `${more}</t:CalendarItem>`);
    const status = (word: string): string => `<t:LegacyFreeBusyStatus>${word}</t:LegacyFreeBusyStatus>`;
    const busy = async (items: string): Promise<unknown> => {
      const reader = await exchange(view(items)).reader;
      return reader.freeBusy(CREDENTIAL, { mode: 'full', calendarIds: ['c'], ...RANGE });
    };
    expect(await busy(event('a', status('NoData')))).toMatchObject({ value: [{ status: 'unknown' }] });
    expect(await busy(event('a', status('WorkingElsewhere')))).toMatchObject({ value: [{ status: 'free' }] });
    expect(await busy(event('a', `${status('Busy')}<t:IsCancelled>true</t:IsCancelled>`))).toEqual({ outcome: 'ok', value: [] });
  });

  it('is asked for with the token and the mailbox, once, at the address that the operator says', async () => {
    const { reader, asked } = exchange(new Response(null, { status: 401 }));
    await (await reader).listCalendars(CREDENTIAL, 'full');
    const [{ url, headers, body } = { url: undefined, headers: new Headers(), body: '' }, ...others] = asked;
    expect([url?.href, others]).toEqual(['https://outlook.microsoft.example/EWS/Exchange.asmx', []]);
    expect(Object.fromEntries(headers)).toMatchObject({
      authorization: 'Bearer access-very-secret',
      'x-anchormailbox': 'jane@example.com',
      'content-type': 'text/xml; charset=utf-8',
      'user-agent': 'CalendarConnect/1.0',
    });
    expect(body).not.toContain('very-secret');
  });

  it('leaves out calendars that were thrown away, with whatever lies in them', async () => {
    const folder = (id: string, parent: string): string =>
      `<t:CalendarFolder><t:FolderId Id="${id}"/><t:ParentFolderId Id="${parent}"/><t:DisplayName>${id}</t:DisplayName></t:CalendarFolder>`;
    const known = (id: string): string => good(`<m:Folders><t:Folder><t:FolderId Id="${id}"/></t:Folder></m:Folders>`);
    const folders = ['own', 'old:bin', 'older:old', 'below:own'].map((each) =>
      folder(each.split(':')[0] ?? '', each.split(':')[1] ?? 'root'),
    );
    const page = good(`<m:RootFolder IncludesLastItemInRange="true"><t:Folders>${folders.join('')}</t:Folders></m:RootFolder>`);
    const reader = await exchange(messages(known('own'), known('bin')), messages(page)).reader;
    const calendars = await reader.listCalendars(CREDENTIAL, 'full');
    expect(calendars).toMatchObject({
      value: [
        { name: 'own', primary: true, readonly: true },
        { name: 'below', primary: false },
      ],
    });
  });
});
