import type { AccessMode } from '@calendar-connect/protocol';
import { describe, expect, it } from 'vitest';
import type { CalendarOutcome, ProviderCalendar } from '../calendar-reader.ts';
import { GOOGLE_CREDENTIAL } from './calendar-credential.contract.ts';
import { NO_ANSWERS } from '../no-answers.contract.ts';
import { holdsNoSecret, type Script, type ScriptedGoogle, scriptedGoogle } from './scripted-google.contract.ts';

const LIST = '/calendar/v3/users/me/calendarList';
const ENTRY = {
  id: 'jane@example.com',
  summary: 'Jane',
  primary: true,
  accessRole: 'owner',
  conferenceProperties: { allowedConferenceSolutionTypes: ['hangoutsMeet'] },
};

async function listAt({ provider }: ScriptedGoogle, mode: AccessMode = 'full'): Promise<CalendarOutcome<readonly ProviderCalendar[]>> {
  return (await provider.calendar()).listCalendars(GOOGLE_CREDENTIAL, mode);
}

function listWith(answer: Script, mode: AccessMode = 'full'): Promise<CalendarOutcome<readonly ProviderCalendar[]>> {
  return listAt(scriptedGoogle({ [LIST]: answer }), mode);
}

function refusal(status: number, reason: string, headers: Record<string, string> = {}): Script {
  return () =>
    Response.json(
      { error: { code: status, message: 'for jane@example.com', errors: [{ domain: 'global', reason }] } },
      { status, headers },
    );
}

describe('the calendars of a google login', () => {
  it('are read with the access token, page by page', async () => {
    const scripted = scriptedGoogle({
      [LIST]: (request) =>
        new URL(request.url).searchParams.has('pageToken')
          ? Response.json({ items: [{ id: 'b', summary: 'Theirs', summaryOverride: 'My own name of it', accessRole: 'reader' }] })
          : Response.json({ items: [ENTRY], nextPageToken: 'p2' }),
    });
    expect(await listAt(scripted)).toEqual({
      outcome: 'ok',
      value: [
        { providerCalendarId: 'jane@example.com', name: 'Jane', primary: true, readonly: false, integratedConferencing: true },
        { providerCalendarId: 'b', name: 'My own name of it', primary: false, readonly: true, integratedConferencing: false },
      ],
    });
    expect(
      scripted.asked.map(({ method, url }) => [method, url.searchParams.get('maxResults'), url.searchParams.get('pageToken')]),
    ).toEqual([
      ['GET', '250', null],
      ['GET', '250', 'p2'],
    ]);
    expect(scripted.asked[0]?.headers.get('authorization')).toBe('Bearer ya29.access-very-secret');
    expect(holdsNoSecret(scripted.asked.map(({ url }) => url.href))).toBe(true);
  });

  it.each([
    ['owner', false],
    ['writer', false],
    ['writerWithoutPrivateAccess', false],
    ['reader', true],
    ['freeBusyReader', true],
    ['something new', true],
  ])('for %s: read-only is %s', async (accessRole, readonly) => {
    expect(await listWith(() => Response.json({ items: [{ ...ENTRY, accessRole }] }))).toMatchObject({ value: [{ readonly }] });
  });

  it('have no titles in free/busy mode, neither asked for nor kept', async () => {
    const scripted = scriptedGoogle({ [LIST]: () => Response.json({ items: [ENTRY] }) });
    expect(await listAt(scripted, 'free_busy')).toEqual({
      outcome: 'ok',
      value: [{ providerCalendarId: 'jane@example.com', name: undefined, primary: true, readonly: true, integratedConferencing: false }],
    });
    expect(scripted.asked[0]?.url.searchParams.get('fields')).toBe('nextPageToken,items(id,primary)');
  });

  it('are the primary one, without a call, where the scope allows no list', async () => {
    const scripted = scriptedGoogle({}, { freeBusyScopes: 'calendar.freebusy' });
    expect(await listAt(scripted, 'free_busy')).toEqual({
      outcome: 'ok',
      value: [{ providerCalendarId: 'primary', name: undefined, primary: true, readonly: true, integratedConferencing: false }],
    });
    expect(scripted.asked).toEqual([]);
  });

  it('may be none on a page that is not the last', async () => {
    const answers = [{ nextPageToken: 'p2' }, { items: [], nextPageToken: 'p3' }, { items: [ENTRY] }];
    expect(await listWith(() => Response.json(answers.shift()))).toMatchObject({ value: [{ providerCalendarId: ENTRY.id }] });
  });

  it('come to an end even where the list does not', async () => {
    const scripted = scriptedGoogle({ [LIST]: () => Response.json({ items: [ENTRY], nextPageToken: 'again' }) });
    expect(await listAt(scripted)).toMatchObject({ outcome: 'unavailable' });
    expect(scripted.asked).toHaveLength(40);
  });

  it('make a half-read list no list', async () => {
    const answers = [() => Response.json({ items: [ENTRY], nextPageToken: 'p2' }), () => new Response('', { status: 500 })];
    expect(await listWith(() => answers.shift()?.() ?? new Response())).toMatchObject({ outcome: 'unavailable' });
  });
});

describe('an error of the calendar API', () => {
  it('401 asks for a refresh, which is not done behind the caller’s back', async () => {
    const scripted = scriptedGoogle({ [LIST]: refusal(401, 'authError') });
    expect(await listAt(scripted)).toEqual({ outcome: 'unauthorized' });
    expect(scripted.asked).toHaveLength(1);
  });

  it.each(['insufficientPermissions', 'domainPolicy', 'notACalendarUser'])('403 %s is the end of this grant', async (reason) => {
    expect(await listWith(refusal(403, reason))).toMatchObject({ outcome: 'forbidden', operatorHint: expect.stringContaining(reason) });
  });

  it('403 with the newer details is understood too', async () => {
    const body = {
      error: {
        code: 403,
        status: 'PERMISSION_DENIED',
        details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }],
      },
    };
    expect(await listWith(() => Response.json(body, { status: 403 }))).toMatchObject({ outcome: 'forbidden' });
  });

  it.each([
    [403, 'rateLimitExceeded'],
    [403, 'userRateLimitExceeded'],
    [403, 'quotaExceeded'],
    [403, 'something_new'],
    [404, 'notFound'],
    [429, 'rateLimitExceeded'],
    [500, 'backendError'],
  ])('%d %s disconnects nobody, and says how long to wait', async (status, reason) => {
    const outcome = await listWith(refusal(status, reason, { 'retry-after': '7' }));
    expect(outcome).toMatchObject({ outcome: 'unavailable', retryAfterMs: 7_000, operatorHint: expect.stringContaining(reason) });
    expect(holdsNoSecret(outcome)).toBe(true);
  });

  it('403 accessNotConfigured tells the operator what to switch on', async () => {
    expect(await listWith(refusal(403, 'accessNotConfigured'))).toMatchObject({
      outcome: 'unavailable',
      operatorHint: expect.stringContaining('not enabled'),
    });
  });

  it.each(Object.entries(NO_ANSWERS))('%s disconnects nobody, and is asked for once', async (_, answer) => {
    const scripted = scriptedGoogle({ [LIST]: answer });
    expect(await listAt(scripted)).toMatchObject({ outcome: 'unavailable' });
    expect(scripted.asked).toHaveLength(1);
  });
});
