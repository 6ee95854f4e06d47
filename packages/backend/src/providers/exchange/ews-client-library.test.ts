import { afterEach, describe, expect, it } from 'vitest';
import type { Credential } from '../provider.ts';
import { type ExchangeCalendarsUnderTest, loginOf, startExchangeCalendars } from './exchange-people.contract.ts';
import { createAccountTransport } from './library/account-transport.ts';
import { createService } from './library/ask-by-library.ts';

const ANN = 'ann@corp.example';
const DAY = Date.parse('2031-05-17T00:00:00Z');
const HOUR_MS = 3_600_000;
const TEXT = `</t:Subject>&amp; "quotes" 'and' <b>é😀</b> – ]]>`;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function start(version: '2010' | '2016' | 'SE') {
  const under: ExchangeCalendarsUnderTest = await startExchangeCalendars({
    version,
    people: [{ email: ANN, name: 'Ann', password: 'right' }],
  });
  const library = await import('ews-javascript-api');
  const credential: Credential = loginOf(ANN, ANN, 'right');
  const url = 'https://mail.corp.example/EWS/Exchange.asmx';
  const connection = under.openAccount({ url: new URL(url), mailbox: ANN, login: { userName: ANN, password: 'right' } });
  closing.push(() => connection.close(), under.emulator.close);
  const service = createService(library, 'Exchange2010');
  service.XHRApi = createAccountTransport({ connection, now: Date.now, onFailure: () => undefined });
  return { ...under, library, service, credential };
}

describe.each(['2010', '2016', 'SE'] as const)('ews-javascript-api at the same mailbox of Exchange %s', (version) => {
  it('reads what we wrote as it was meant', async () => {
    const { reader, credential, library, service } = await start(version);
    const event = {
      title: TEXT,
      time: { allDay: false, startMs: DAY + 9 * HOUR_MS, endMs: DAY + 10 * HOUR_MS },
      timeZone: 'Europe/Berlin',
      description: `one\ntwo ${TEXT}`,
      location: 'Lindenstraße 12 & "Hof"',
      showAs: 'out_of_office',
      sensitivity: 'private',
      reminderMinutes: [45],
      attendees: [{ email: 'noor@partner.example', name: 'Noor <Demir>' }],
    } as const;
    expect(await reader.createEvent(credential, { calendarId: 'calendar', idempotencyKey: 'k', event })).toMatchObject({ outcome: 'ok' });
    const view = new library.CalendarView(
      library.DateTime.Parse('2031-05-17T00:00:00Z'),
      library.DateTime.Parse('2031-05-18T00:00:00Z'),
      10,
    );
    const found = await service.FindAppointments(library.WellKnownFolderName.Calendar, view);
    const properties = new library.PropertySet(library.BasePropertySet.FirstClassProperties);
    properties.RequestedBodyType = library.BodyType.Text;
    const [item] = found.Items;
    if (item === undefined || found.Items.length !== 1) throw new Error(`${found.Items.length} items`);
    await item.Load(properties);
    const [guest] = item.RequiredAttendees.GetEnumerator();
    expect({
      subject: item.Subject,
      body: item.Body.Text,
      location: item.Location,
      start: item.Start.ToISOString(),
      end: item.End.ToISOString(),
      status: library.LegacyFreeBusyStatus[item.LegacyFreeBusyStatus],
      sensitivity: library.Sensitivity[item.Sensitivity],
      reminder: item.IsReminderSet && item.ReminderMinutesBeforeStart,
      guest: [guest?.Address, guest?.Name],
    }).toEqual({
      subject: event.title,
      body: event.description,
      location: event.location,
      start: '2031-05-17T09:00:00.000Z',
      end: '2031-05-17T10:00:00.000Z',
      status: 'OOF',
      sensitivity: 'Private',
      reminder: 45,
      guest: ['noor@partner.example', 'Noor <Demir>'],
    });
  });

  it('writes what we read as it was meant, and tells the same availability', async () => {
    const { reader, credential, library, service } = await start(version);
    const made = new library.Appointment(service);
    made.Subject = 'Written by a library';
    made.Start = library.DateTime.Parse('2031-05-17T09:00:00Z');
    made.End = library.DateTime.Parse('2031-05-17T10:30:00Z');
    made.StartTimeZone = library.TimeZoneInfo.Utc;
    made.EndTimeZone = library.TimeZoneInfo.Utc;
    await made.Save(library.WellKnownFolderName.Calendar, library.SendInvitationsMode.SendToNone);
    const range = { fromMs: DAY, toMs: DAY + 24 * HOUR_MS };
    const time = { allDay: false, startMs: DAY + 9 * HOUR_MS, endMs: DAY + 10.5 * HOUR_MS };
    expect(await reader.listEvents(credential, { calendarId: 'calendar', ...range })).toMatchObject({
      outcome: 'ok',
      value: [{ title: 'Written by a library', time, providerEventId: made.Id.UniqueId, etag: made.Id.ChangeKey }],
    });
    const availability = await service.GetUserAvailability(
      [new library.AttendeeInfo(ANN)],
      new library.TimeWindow(library.DateTime.Parse('2031-05-17T00:00:00Z'), library.DateTime.Parse('2031-05-18T00:00:00Z')),
      library.AvailabilityData.FreeBusy,
    );
    const [theirs] = availability.AttendeesAvailability.Responses[0]?.CalendarEvents ?? [];
    expect([theirs?.StartTime.ToISOString(), theirs?.EndTime.ToISOString()]).toEqual([
      '2031-05-17T09:00:00.000Z',
      '2031-05-17T10:30:00.000Z',
    ]);
    expect(await reader.freeBusy(credential, { mode: 'free_busy', ...range })).toEqual({
      outcome: 'ok',
      value: [{ providerCalendarId: 'calendar', status: 'busy', time }],
    });
  });
});
