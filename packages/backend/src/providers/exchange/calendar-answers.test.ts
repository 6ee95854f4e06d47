import { describe, expect, it } from 'vitest';
import type { CalendarReader } from '../calendar-reader.ts';
import { createExchangeCalendar } from './calendar.ts';
import { loginOf } from './exchange-people.contract.ts';
import type { AccountRequest } from './log-in/account-connection.ts';
import type { LogInRequest } from './log-in/log-in.ts';
import type { Refusal } from './log-in/outcome.ts';
import type { SessionAnswer } from './log-in/session.ts';
import { ewsAnswer } from './scripted-exchange.contract.ts';

const NOW_MS = Date.parse('2026-11-16T08:00:00Z');
const CREDENTIAL = loginOf('jane@corp.example', 'CORP\\jane', 'very-secret');
const RANGE = { fromMs: Date.parse('2026-11-16T09:00:00Z'), toMs: Date.parse('2026-11-16T17:00:00Z') };
const FREE_BUSY = { mode: 'free_busy', ...RANGE } as const;
const BACK_OFF = '<t:MessageXml><t:Value Name="BackOffMilliseconds">297749</t:Value></t:MessageXml>';

type Scripted = string | Response | Refusal;

/** A reader of a server that answers what a test wrote, the last for ever, and what it was asked. */
function exchange(...answers: readonly Scripted[]) {
  const asked: AccountRequest[] = [];
  const opened: Omit<LogInRequest, 'signal'>[] = [];
  let closed = 0;
  const next = (): SessionAnswer => {
    const answer = answers[Math.min(asked.length, answers.length) - 1] ?? '';
    if (answer instanceof Response) return { outcome: 'answered', response: answer.clone() };
    return typeof answer === 'string' ? { outcome: 'answered', response: new Response(answer) } : answer;
  };
  const reader: CalendarReader = createExchangeCalendar({
    now: () => NOW_MS,
    openAccount: (account) => {
      opened.push(account);
      return {
        send: (request) => {
          asked.push(request);
          return Promise.resolve(next());
        },
        close: () => (closed += 1),
      };
    },
  });
  return { reader, asked, opened, closed: () => closed };
}

/** As 2010 and later write faults. */
function fault(code: string, more = ''): Response {
  const detail = `<e:ResponseCode xmlns:e="urn:e"> ${code} </e:ResponseCode><e:Message xmlns:e="urn:e">About jane@corp.example</e:Message>${more}`;
  return new Response(
    ewsAnswer(`<s:Fault><faultcode>a:${code}</faultcode><faultstring>jane@corp.example</faultstring><detail>${detail}</detail></s:Fault>`),
    { status: 500 },
  );
}

/** As Exchange 2007 writes them: [recorded](https://gitlab.gnome.org/GNOME/evolution-ews/-/tree/master/tests/traces). */
function faultOf2007(code: string): Response {
  return new Response(
    '<?xml version="1.0"?><soap11:Envelope xmlns:soap11="http://schemas.xmlsoap.org/soap/envelope/"><soap11:Body><soap11:Fault>' +
      '<faultcode>soap11:Client</faultcode><faultstring>jane@corp.example</faultstring><detail>' +
      `<e:ResponseCode xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors">${code}</e:ResponseCode>` +
      '<e:Line xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors">1</e:Line></detail></soap11:Fault></soap11:Body></soap11:Envelope>',
    { status: 500 },
  );
}

function messages(...contents: readonly string[]): string {
  return ewsAnswer(`<m:R><m:ResponseMessages>${contents.join('')}</m:ResponseMessages></m:R>`);
}

function good(content: string): string {
  return `<m:M ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>${content}</m:M>`;
}

function bad(code: string, more = ''): string {
  return `<m:M ResponseClass="Error"><m:MessageText>About jane@corp.example</m:MessageText><m:ResponseCode>${code}</m:ResponseCode>${more}</m:M>`;
}

function availability(
  view: string,
  message = '<m:ResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode></m:ResponseMessage>',
): string {
  return ewsAnswer(
    `<m:GetUserAvailabilityResponse><m:FreeBusyResponseArray><m:FreeBusyResponse>${message}${view}</m:FreeBusyResponse></m:FreeBusyResponseArray></m:GetUserAvailabilityResponse>`,
  );
}

function freeBusyView(events: string, type = 'FreeBusy'): string {
  return `<m:FreeBusyView><t:FreeBusyViewType>${type}</t:FreeBusyViewType><t:CalendarEventArray>${events}</t:CalendarEventArray></m:FreeBusyView>`;
}

function span(start: string, end: string, type = 'Busy'): string {
  return `<t:CalendarEvent><t:StartTime>${start}</t:StartTime><t:EndTime>${end}</t:EndTime><t:BusyType>${type}</t:BusyType></t:CalendarEvent>`;
}

const FOLDERS = messages(
  good('<m:Folders><t:CalendarFolder><t:FolderId Id="c"/></t:CalendarFolder></m:Folders>'),
  good('<m:Folders><t:Folder><t:FolderId Id="bin"/></t:Folder></m:Folders>'),
);
const PLACE = messages(
  good('<m:Items><t:CalendarItem><t:ItemId Id="e" ChangeKey="k"/><t:ParentFolderId Id="c"/></t:CalendarItem></m:Items>'),
);

describe('a refusal of an Exchange server', () => {
  it.each<[string, Scripted, object]>([
    ['a busy server, which says for how long', fault('ErrorServerBusy', BACK_OFF), { outcome: 'unavailable', retryAfterMs: 297_749 }],
    [
      'the same inside of a good answer',
      messages(bad('ErrorInternalServerError', BACK_OFF)),
      { outcome: 'unavailable', retryAfterMs: 297_749 },
    ],
    ['a full queue', { outcome: 'throttled', retryAfterMs: 7000 }, { outcome: 'unavailable', retryAfterMs: 7000 }],
    ['too many connections', fault('ErrorExceededConnectionCount'), { outcome: 'unavailable' }],
    ['too much to find', fault('ErrorExceededFindCountLimit'), { outcome: 'unavailable' }],
    ['a mailbox on the move', messages(bad('ErrorMailboxMoveInProgress')), { outcome: 'unavailable' }],
    ['a mailbox store that is gone for now', messages(bad('ErrorMailboxStoreUnavailable')), { outcome: 'unavailable' }],
    ['a directory that is gone for now', fault('ErrorADUnavailable'), { outcome: 'unavailable' }],
    ['time that ran out', messages(bad('ErrorTimeoutExpired')), { outcome: 'unavailable' }],
    ['a request that it cannot read', fault('ErrorSchemaValidation'), { outcome: 'unavailable' }],
    ['the same of 2007', faultOf2007('ErrorSchemaValidation'), { outcome: 'unavailable' }],
    ['an error that nobody knows', messages(bad('ErrorOfTomorrow')), { outcome: 'unavailable' }],
    ['no mailbox', fault('ErrorNonExistentMailbox'), { outcome: 'no_mailbox' }],
    ['no mailbox, of 2007', faultOf2007('ErrorNonExistentMailbox'), { outcome: 'no_mailbox' }],
    ['no address', fault('ErrorMissingEmailAddress'), { outcome: 'no_mailbox' }],
    ['a password that is over', fault('ErrorPasswordExpired'), { outcome: 'unauthorized' }],
    ['a password that has to be another', fault('ErrorPasswordChangeRequired'), { outcome: 'unauthorized' }],
    ['an account that is off', faultOf2007('ErrorAccountDisabled'), { outcome: 'unauthorized' }],
    ['the same found out at the login', { outcome: 'locked_or_expired', code: 'ErrorPasswordExpired' }, { outcome: 'unauthorized' }],
    ['a wrong password', { outcome: 'wrong_password' }, { outcome: 'unauthorized' }],
    ['a password that cannot be one', { outcome: 'credential_invalid', field: 'password', why: 'empty' }, { outcome: 'unauthorized' }],
    ['EWS that is off', new Response(null, { status: 403 }), { outcome: 'forbidden' }],
    ['the same at the login', { outcome: 'not_allowed', code: undefined }, { outcome: 'forbidden' }],
    ['no access', fault('ErrorAccessDenied'), { outcome: 'forbidden' }],
    ['a path that is gone', new Response(null, { status: 404 }), { outcome: 'unavailable' }],
    ['nobody there', { outcome: 'unreachable', reason: 'ECONNREFUSED' }, { outcome: 'unavailable' }],
    ['old TLS', { outcome: 'too_old', reason: 'ERR_SSL_UNSUPPORTED_PROTOCOL' }, { outcome: 'unavailable' }],
    ['a certificate that is over', { outcome: 'certificate_untrusted', why: 'expired' }, { outcome: 'unavailable' }],
    ['a private address', { outcome: 'address_refused', why: 'address' }, { outcome: 'unavailable' }],
    [
      'a server that takes tokens now',
      { outcome: 'modern_auth', authorizationUri: undefined, trustedIssuers: undefined },
      { outcome: 'unavailable' },
    ],
    ['a downgrade', { outcome: 'downgrade_refused' }, { outcome: 'unavailable' }],
    ['a web site', { outcome: 'not_exchange', status: 200 }, { outcome: 'unavailable' }],
    ['a surprise', { outcome: 'unexpected', detail: 'ntlm_unheeded 200' }, { outcome: 'unavailable' }],
  ])('is understood, and nothing of its texts is repeated: %s', async (_what, answer, expected) => {
    const { reader, closed } = exchange(answer);
    for (const outcome of [await reader.listCalendars(CREDENTIAL, 'full'), await reader.freeBusy(CREDENTIAL, FREE_BUSY)]) {
      expect(outcome).toMatchObject(expected);
      expect(JSON.stringify(outcome)).not.toMatch(/jane|very-secret/);
    }
    expect(closed()).toBe(2);
  });

  it.each([
    ['ErrorIrresolvableConflict', 'conflict'],
    ['ErrorStaleObject', 'conflict'],
    ['ErrorInvalidChangeKey', 'conflict'],
    ['ErrorChangeKeyRequiredForWriteOperations', 'conflict'],
    ['ErrorCalendarEndDateIsEarlierThanStartDate', 'invalid'],
    ['ErrorInvalidRecipients', 'invalid'],
    ['ErrorItemNotFound', 'not_found'],
    ['ErrorAccessDenied', 'denied'],
    ['ErrorServerBusy', 'unavailable'],
    ['ErrorMailboxMoveInProgress', 'unavailable'],
  ])('to a change is what became of it: %s is %s', async (code, outcome) => {
    const { reader, asked } = exchange(PLACE, messages(bad(code)));
    const request = { calendarId: 'c', eventId: 'e', etag: 'k', changes: { title: 'x' } };
    expect(await reader.updateEvent(CREDENTIAL, request)).toMatchObject({ outcome });
    expect(asked.map(({ repeatable }) => repeatable)).toEqual([true, false]);
  });

  it('in the middle of a call ends it: a password that is over by now, a connection that broke while it wrote', async () => {
    const list = exchange(FOLDERS, { outcome: 'wrong_password' });
    expect(await list.reader.listCalendars(CREDENTIAL, 'full')).toEqual({ outcome: 'unauthorized' });
    const write = exchange(PLACE, { outcome: 'unreachable', reason: 'ECONNRESET' });
    const request = { calendarId: 'c', eventId: 'e', changes: { title: 'x' } };
    expect(await write.reader.updateEvent(CREDENTIAL, request)).toMatchObject({
      outcome: 'unavailable',
      operatorHint: expect.stringContaining('unreachable ECONNRESET'),
    });
    expect([list.asked.length, write.asked.length, list.closed(), write.closed()]).toEqual([2, 2, 1, 1]);
  });

  it('of a schema that its older mailbox server does not know makes it ask in an older one', async () => {
    const tooNew = messages(bad('ErrorInvalidSchemaVersionForMailboxVersion'));
    const view = messages(good('<m:RootFolder IncludesLastItemInRange="true"><t:Items/></m:RootFolder>'));
    const { reader, asked } = exchange(tooNew, tooNew, view);
    expect(await reader.freeBusy(CREDENTIAL, { mode: 'full', ...RANGE })).toEqual({ outcome: 'ok', value: [] });
    expect(asked.map(({ body }) => /Version="(\w+)"/.exec(String(body))?.[1])).toEqual([
      'Exchange2013',
      'Exchange2010',
      'Exchange2007_SP1',
    ]);
    const never = exchange(fault('ErrorInvalidServerVersion'));
    expect(await never.reader.freeBusy(CREDENTIAL, FREE_BUSY)).toMatchObject({ outcome: 'unavailable' });
    expect(never.asked).toHaveLength(3);
  });
});

describe('what an Exchange server says of somebody’s time', () => {
  it('is read in UTC, cut to the range, and joined', async () => {
    const events = [
      span('2026-11-16T08:00:00', '2026-11-16T10:00:00'),
      span('2026-11-16T10:00:00', '2026-11-16T11:00:00', 'OOF'),
      span('2026-11-16T12:00:00', '2026-11-16T13:00:00', 'Tentative'),
      span('2026-11-16T14:00:00', '2026-11-16T15:00:00', 'WorkingElsewhere'),
      span('2026-11-16T16:00:00Z', '2026-11-16T18:00:00Z', 'NoData'),
    ];
    const { reader } = exchange(availability(freeBusyView(events.join(''))));
    const at = (from: number, to: number): object => ({
      allDay: false,
      startMs: Date.UTC(2026, 10, 16, from),
      endMs: Date.UTC(2026, 10, 16, to),
    });
    expect(await reader.freeBusy(CREDENTIAL, FREE_BUSY)).toEqual({
      outcome: 'ok',
      value: [
        { providerCalendarId: 'calendar', status: 'busy', time: at(9, 11) },
        { providerCalendarId: 'calendar', status: 'tentative', time: at(12, 13) },
        { providerCalendarId: 'calendar', status: 'free', time: at(14, 15) },
        { providerCalendarId: 'calendar', status: 'unknown', time: at(16, 17) },
      ],
    });
  });

  it('is unknown, and not free, where it gives less than was asked for', async () => {
    for (const type of ['MergedOnly', 'None']) {
      const { reader } = exchange(availability(`<m:FreeBusyView><t:FreeBusyViewType>${type}</t:FreeBusyViewType></m:FreeBusyView>`));
      expect(await reader.freeBusy(CREDENTIAL, FREE_BUSY)).toMatchObject({
        outcome: 'ok',
        value: [{ status: 'unknown', time: { startMs: RANGE.fromMs, endMs: RANGE.toMs } }],
      });
    }
  });

  it.each([
    ['a time that is none', availability(freeBusyView(span('2026-11-31T25:00:00', '2026-11-16T10:00:00')))],
    ['a time elsewhere', availability(freeBusyView(span('2026-11-16T09:00:00+01:00', '2026-11-16T10:00:00+01:00')))],
    ['an end before its start', availability(freeBusyView(span('2026-11-16T11:00:00', '2026-11-16T10:00:00')))],
    ['no view', availability('')],
    ['nobody', ewsAnswer('<m:GetUserAvailabilityResponse><m:FreeBusyResponseArray/></m:GetUserAvailabilityResponse>')],
    ['nothing', ''],
    ['a page of somebody else', '<html><body>jane@corp.example</body></html>'],
    ['a document type', `<!DOCTYPE x [<!ENTITY e "e">]>${availability(freeBusyView(''))}`],
    ['a document that stops', availability(freeBusyView('')).slice(0, -40)],
    ['a document without a bottom', ewsAnswer('<t:a>'.repeat(100_000))],
    ['an element of attributes alone', ewsAnswer(`<t:a ${Array.from({ length: 200_000 }, (_, n) => `a${n}="x"`).join(' ')}/>`)],
    ['elements without end', ewsAnswer('<t:a/>'.repeat(500_000))],
  ])('is never taken for a free day where it is %s', async (_what, answer) => {
    const { reader } = exchange(answer);
    const startedMs = performance.now();
    for (const query of [FREE_BUSY, { ...FREE_BUSY, mode: 'full' as const }]) {
      expect(await reader.freeBusy(CREDENTIAL, query)).toMatchObject({ outcome: 'unavailable' });
    }
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });

  it.each([
    ['ErrorMailRecipientNotFound', 'no_mailbox'],
    ['ErrorNoFreeBusyAccess', 'denied'],
    ['ErrorFreeBusyGenerationFailed', 'unavailable'],
    ['ErrorProxyRequestNotAllowed', 'denied'],
    ['ErrorMailboxLogonFailed', 'denied'],
  ])('can be refused for a mailbox alone: %s is %s', async (code, outcome) => {
    const message = `<m:ResponseMessage ResponseClass="Error"><m:MessageText>jane@corp.example</m:MessageText><m:ResponseCode>${code}</m:ResponseCode></m:ResponseMessage>`;
    const none = '<m:FreeBusyView><t:FreeBusyViewType>None</t:FreeBusyViewType></m:FreeBusyView>';
    const said = await exchange(availability(none, message)).reader.freeBusy(CREDENTIAL, FREE_BUSY);
    expect(said).toMatchObject({ outcome });
    expect(JSON.stringify(said)).not.toContain('jane');
  });
});

describe('a request to an Exchange server', () => {
  it('goes out over the connection of its account alone, and the password is in none', async () => {
    const { reader, asked, opened } = exchange(FOLDERS);
    await reader.listCalendars(CREDENTIAL, 'full');
    expect(opened).toEqual([
      {
        url: new URL('https://mail.corp.example/EWS/Exchange.asmx'),
        mailbox: 'jane@corp.example',
        login: { userName: 'CORP\\jane', password: 'very-secret' },
      },
    ]);
    expect(asked[0]).toMatchObject({ repeatable: true, timeoutMs: 30_000, maxResponseBytes: 4 * 1024 * 1024 });
    expect(JSON.stringify(asked)).not.toContain('very-secret');
  });

  it('is not made with a credential of another provider, nor in a mode that there is not', async () => {
    const { reader, asked } = exchange(FOLDERS);
    const { login: _login, ...other } = CREDENTIAL;
    await expect(reader.listCalendars(other, 'full')).rejects.toThrow(TypeError);
    await expect(reader.listCalendars(CREDENTIAL, 'no_access')).rejects.toThrow(TypeError);
    await expect(reader.freeBusy(CREDENTIAL, { ...FREE_BUSY, mode: 'no_access' })).rejects.toThrow(TypeError);
    expect(asked).toEqual([]);
  });
});
