import { describe, expect, it } from 'vitest';
import type { EventDraft } from '../calendar-reader.ts';
import type { EwsSchema } from './caller.ts';
import { findInView } from './calendar-view.ts';
import { deleteItem, updateItem } from './events-change.ts';
import { createItem, findByKey } from './events-create.ts';
import { toProperties, toUpdates } from './events-draft.ts';
import { calendarById, distinguishedFolder, findCalendarFolders, folderById, getFolders } from './folders.ts';
import { itemById, placeOf, seriesOf, wholeItems } from './items.ts';
import { writeEnvelope } from './soap.ts';
import type { Xml } from './write-xml.ts';

const FOLDER = folderById('AAFol1');
const create = (event: EventDraft, schema: EwsSchema = 'Exchange2013'): Xml => createItem(FOLDER, { key: 'k', event }, schema);

const WHOLE = [
  ...['ParentFolderId', 'Subject', 'Sensitivity', 'Body', 'DateTimeCreated', 'LastModifiedTime'].map((name) => `item:${name}`),
  ...['UID', 'Start', 'End', 'IsAllDayEvent', 'LegacyFreeBusyStatus', 'Location', 'IsMeeting', 'IsCancelled', 'CalendarItemType'].map(
    calendarField,
  ),
  ...['MyResponseType', 'Organizer', 'RequiredAttendees', 'OptionalAttendees', 'Resources'].map(calendarField),
]
  .map((uri) => `<t:FieldURI FieldURI="${uri}"/>`)
  .join('');

function calendarField(name: string): string {
  return `calendar:${name}`;
}

function set(uri: string, property: string): string {
  return `<t:SetItemField><t:FieldURI FieldURI="${uri}"/><t:CalendarItem>${property}</t:CalendarItem></t:SetItemField>`;
}

/**
 * Each of these was validated with its envelope against Microsoft's schema (types.xsd and messages.xsd of Exchange2016), which is not ours
 * to publish. Whoever changes one has to do that again: Exchange refuses a request whose elements stand in another order.
 */
const VALID: readonly (readonly [operation: string, request: Xml, written: string])[] = [
  [
    'GetFolder',
    getFolders([distinguishedFolder('calendar'), distinguishedFolder('deleteditems')]),
    '<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="calendar"/>' +
      '<t:DistinguishedFolderId Id="deleteditems"/></m:FolderIds></m:GetFolder>',
  ],
  [
    'FindFolder',
    findCalendarFolders(200),
    '<m:FindFolder Traversal="Deep"><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>' +
      '<t:FieldURI FieldURI="folder:ParentFolderId"/><t:FieldURI FieldURI="folder:DisplayName"/><t:FieldURI FieldURI="folder:EffectiveRights"/>' +
      '</t:AdditionalProperties></m:FolderShape><m:IndexedPageFolderView MaxEntriesReturned="200" Offset="200" BasePoint="Beginning"/>' +
      '<m:Restriction><t:Contains ContainmentMode="Prefixed" ContainmentComparison="IgnoreCase"><t:FieldURI FieldURI="folder:FolderClass"/>' +
      '<t:Constant Value="IPF.Appointment"/></t:Contains></m:Restriction><m:ParentFolderIds><t:DistinguishedFolderId Id="msgfolderroot"/>' +
      '</m:ParentFolderIds></m:FindFolder>',
  ],
  [
    'FindItem in a view',
    findInView(FOLDER, { fields: ['calendar:Start'], fromMs: Date.UTC(2026, 10, 22), toMs: Date.UTC(2026, 11, 22) }),
    '<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>' +
      '<t:FieldURI FieldURI="calendar:Start"/></t:AdditionalProperties></m:ItemShape><m:CalendarView MaxEntriesReturned="1000" ' +
      'StartDate="2026-11-22T00:00:00.000Z" EndDate="2026-12-22T00:00:00.000Z"/><m:ParentFolderIds><t:FolderId Id="AAFol1"/></m:ParentFolderIds></m:FindItem>',
  ],
  [
    'FindItem by the key of an event',
    findByKey(FOLDER, 'k'),
    '<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>' +
      '<m:IndexedPageItemView MaxEntriesReturned="1" Offset="0" BasePoint="Beginning"/><m:Restriction><t:IsEqualTo>' +
      '<t:ExtendedFieldURI PropertySetId="00020329-0000-0000-C000-000000000046" PropertyName="CalendarConnectKey" PropertyType="String"/>' +
      '<t:FieldURIOrConstant><t:Constant Value="k"/></t:FieldURIOrConstant></t:IsEqualTo></m:Restriction><m:ParentFolderIds>' +
      '<t:FolderId Id="AAFol1"/><t:DistinguishedFolderId Id="deleteditems"/></m:ParentFolderIds></m:FindItem>',
  ],
  [
    'GetItem of a series',
    placeOf([seriesOf('AAOcc1')]),
    '<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:BodyType>Text</t:BodyType><t:AdditionalProperties>' +
      '<t:FieldURI FieldURI="item:ParentFolderId"/></t:AdditionalProperties></m:ItemShape><m:ItemIds>' +
      '<t:RecurringMasterItemId OccurrenceId="AAOcc1"/></m:ItemIds></m:GetItem>',
  ],
  [
    'CreateItem',
    create({
      title: 'A & B',
      description: 'one\ntwo',
      location: 'Room "1"',
      sensitivity: 'private',
      showAs: 'out_of_office',
      time: { allDay: true, startDate: '2026-11-23', endDate: '2026-11-24' },
      timeZone: 'Europe/Berlin',
      attendees: [{ email: 'bob@contoso.example', name: 'Bob' }],
    }),
    '<m:CreateItem SendMeetingInvitations="SendToAllAndSaveCopy"><m:SavedItemFolderId><t:FolderId Id="AAFol1"/></m:SavedItemFolderId><m:Items>' +
      '<t:CalendarItem><t:Subject>A &amp; B</t:Subject><t:Sensitivity>Private</t:Sensitivity><t:Body BodyType="Text">one&#xA;two</t:Body>' +
      '<t:ExtendedProperty><t:ExtendedFieldURI PropertySetId="00020329-0000-0000-C000-000000000046" PropertyName="CalendarConnectKey" ' +
      'PropertyType="String"/><t:Value>k</t:Value></t:ExtendedProperty><t:Start>2026-11-22T23:00:00Z</t:Start><t:End>2026-11-23T23:00:00Z</t:End>' +
      '<t:IsAllDayEvent>true</t:IsAllDayEvent><t:LegacyFreeBusyStatus>OOF</t:LegacyFreeBusyStatus><t:Location>Room &quot;1&quot;</t:Location>' +
      '<t:RequiredAttendees><t:Attendee><t:Mailbox><t:Name>Bob</t:Name><t:EmailAddress>bob@contoso.example</t:EmailAddress></t:Mailbox>' +
      '</t:Attendee></t:RequiredAttendees><t:StartTimeZone Id="W. Europe Standard Time"/><t:EndTimeZone Id="W. Europe Standard Time"/>' +
      '</t:CalendarItem></m:Items></m:CreateItem>',
  ],
  [
    'CreateItem with reminders, of which there is one, and a meeting made elsewhere',
    create({
      title: 'x',
      time: { allDay: false, startMs: Date.UTC(2026, 10, 23), endMs: Date.UTC(2026, 10, 24) },
      reminderMinutes: [10, 60, 0],
      conferencing: { description: 'Zoom', joinUrl: 'https://zoom.example/j/1?a&b' },
    }),
    '<m:CreateItem SendMeetingInvitations="SendToNone"><m:SavedItemFolderId><t:FolderId Id="AAFol1"/></m:SavedItemFolderId><m:Items>' +
      '<t:CalendarItem><t:Subject>x</t:Subject><t:Body BodyType="Text">────────&#xA;Zoom:&#xA;https://zoom.example/j/1?a&amp;b&#xA;────────</t:Body>' +
      '<t:ReminderIsSet>true</t:ReminderIsSet><t:ReminderMinutesBeforeStart>60</t:ReminderMinutesBeforeStart>' +
      '<t:ExtendedProperty><t:ExtendedFieldURI PropertySetId="00020329-0000-0000-C000-000000000046" PropertyName="CalendarConnectKey" ' +
      'PropertyType="String"/><t:Value>k</t:Value></t:ExtendedProperty><t:Start>2026-11-23T00:00:00Z</t:Start><t:End>2026-11-24T00:00:00Z</t:End>' +
      '<t:IsAllDayEvent>false</t:IsAllDayEvent><t:Location>https://zoom.example/j/1?a&amp;b</t:Location>' +
      '<t:StartTimeZone Id="UTC"/><t:EndTimeZone Id="UTC"/></t:CalendarItem></m:Items></m:CreateItem>',
  ],
  [
    'UpdateItem without reminder',
    updateItem(itemById('AAIt1'), toUpdates(toProperties({ reminderMinutes: [] }, 'Exchange2013')), false),
    '<m:UpdateItem ConflictResolution="AlwaysOverwrite" SendMeetingInvitationsOrCancellations="SendToAllAndSaveCopy"><m:ItemChanges><t:ItemChange>' +
      '<t:ItemId Id="AAIt1"/><t:Updates><t:SetItemField><t:FieldURI FieldURI="item:ReminderIsSet"/><t:CalendarItem>' +
      '<t:ReminderIsSet>false</t:ReminderIsSet></t:CalendarItem></t:SetItemField></t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>',
  ],
  [
    'UpdateItem',
    updateItem(itemById('AAIt1', 'DwAAAA=='), toUpdates(toProperties({ title: 'x', attendees: [] }, 'Exchange2013')), true),
    '<m:UpdateItem ConflictResolution="NeverOverwrite" SendMeetingInvitationsOrCancellations="SendToAllAndSaveCopy"><m:ItemChanges><t:ItemChange>' +
      '<t:ItemId Id="AAIt1" ChangeKey="DwAAAA=="/><t:Updates><t:SetItemField><t:FieldURI FieldURI="item:Subject"/><t:CalendarItem>' +
      '<t:Subject>x</t:Subject></t:CalendarItem></t:SetItemField><t:DeleteItemField><t:FieldURI FieldURI="calendar:RequiredAttendees"/>' +
      '</t:DeleteItemField><t:DeleteItemField><t:FieldURI FieldURI="calendar:OptionalAttendees"/></t:DeleteItemField><t:DeleteItemField>' +
      '<t:FieldURI FieldURI="calendar:Resources"/></t:DeleteItemField></t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>',
  ],
  [
    'GetItem before 2010, whose zone has another name',
    wholeItems([itemById('AAIt1')])('Exchange2007_SP1'),
    `<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:BodyType>Text</t:BodyType><t:AdditionalProperties>${WHOLE}` +
      '<t:FieldURI FieldURI="calendar:MeetingTimeZone"/></t:AdditionalProperties></m:ItemShape><m:ItemIds><t:ItemId Id="AAIt1"/></m:ItemIds></m:GetItem>',
  ],
  [
    'GetItem since 2010',
    wholeItems([itemById('AAIt1')])('Exchange2010'),
    `<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:BodyType>Text</t:BodyType><t:AdditionalProperties>${WHOLE}` +
      '<t:FieldURI FieldURI="calendar:StartTimeZone"/></t:AdditionalProperties></m:ItemShape><m:ItemIds><t:ItemId Id="AAIt1"/></m:ItemIds></m:GetItem>',
  ],
  [
    'CreateItem in the primary calendar before 2010, with its zone by another name, and of somebody who works elsewhere',
    createItem(
      calendarById({ primaryCalendarId: 'calendar' }, 'calendar'),
      {
        key: 'k',
        event: {
          title: 'x',
          time: { allDay: false, startMs: Date.UTC(2026, 10, 23), endMs: Date.UTC(2026, 10, 24) },
          timeZone: 'Asia/Tokyo',
          showAs: 'working_elsewhere',
          attendees: [{ email: 'bob@contoso.example' }],
        },
      },
      'Exchange2007_SP1',
    ),
    '<m:CreateItem SendMeetingInvitations="SendToAllAndSaveCopy"><m:SavedItemFolderId><t:DistinguishedFolderId Id="calendar"/></m:SavedItemFolderId>' +
      '<m:Items><t:CalendarItem><t:Subject>x</t:Subject><t:ExtendedProperty><t:ExtendedFieldURI PropertySetId="00020329-0000-0000-C000-000000000046" ' +
      'PropertyName="CalendarConnectKey" PropertyType="String"/><t:Value>k</t:Value></t:ExtendedProperty><t:Start>2026-11-23T00:00:00Z</t:Start>' +
      '<t:End>2026-11-24T00:00:00Z</t:End><t:IsAllDayEvent>false</t:IsAllDayEvent><t:LegacyFreeBusyStatus>Free</t:LegacyFreeBusyStatus>' +
      '<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>bob@contoso.example</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>' +
      '<t:MeetingTimeZone TimeZoneName="Tokyo Standard Time"/></t:CalendarItem></m:Items></m:CreateItem>',
  ],
  [
    'UpdateItem of the time before 2010',
    updateItem(
      itemById('AAIt1'),
      toUpdates(toProperties({ time: { allDay: true, startDate: '2026-11-23', endDate: '2026-11-24' } }, 'Exchange2007_SP1')),
      false,
    ),
    '<m:UpdateItem ConflictResolution="AlwaysOverwrite" SendMeetingInvitationsOrCancellations="SendToAllAndSaveCopy"><m:ItemChanges><t:ItemChange>' +
      `<t:ItemId Id="AAIt1"/><t:Updates>${set('calendar:Start', '<t:Start>2026-11-23T00:00:00Z</t:Start>')}` +
      `${set('calendar:End', '<t:End>2026-11-24T00:00:00Z</t:End>')}${set('calendar:IsAllDayEvent', '<t:IsAllDayEvent>true</t:IsAllDayEvent>')}` +
      `${set('calendar:MeetingTimeZone', '<t:MeetingTimeZone TimeZoneName="UTC"/>')}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`,
  ],
  [
    'DeleteItem',
    deleteItem(itemById('AAIt1')),
    '<m:DeleteItem DeleteType="MoveToDeletedItems" SendMeetingCancellations="SendToAllAndSaveCopy"><m:ItemIds><t:ItemId Id="AAIt1"/></m:ItemIds></m:DeleteItem>',
  ],
];

describe('a request to Exchange', () => {
  it.each(VALID)('is written as the schema has it: %s', (_operation, { xml }, written) => {
    expect(xml).toBe(written);
  });

  it('says its schema version, in the namespaces of the schema, which are http', () => {
    expect(writeEnvelope({ xml: '<m:X/>' }, 'Exchange2013')).toBe(
      '<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ' +
        'xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages">' +
        '<s:Header><t:RequestServerVersion Version="Exchange2013"/></s:Header><s:Body><m:X/></s:Body></s:Envelope>',
    );
  });

  it('invites nobody where nobody is invited', () => {
    const time = { allDay: false, startMs: 0, endMs: 1000 } as const;
    expect(create({ title: 'x', time, attendees: [] }).xml).toMatch(/^<m:CreateItem SendMeetingInvitations="SendToNone">/);
    expect(create({ title: 'x', time }).xml).toContain('<t:StartTimeZone Id="UTC"/>');
  });
});
