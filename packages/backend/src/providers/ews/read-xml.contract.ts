/** How much an event of {@link pageOf} holds. */
export interface EventSize {
  readonly guests: number;
  /** Of its text, each as long as the window of a mail program is wide. */
  readonly lines: number;
}

const ID = 'A'.repeat(152);
const LINE = `${'a word of it '.repeat(6)}&#xD;\n`;

/** Writes an answer to `GetItem` as Exchange does, with all that is asked of an event. */
export function pageOf(events: number, size: EventSize): string {
  const messages = Array.from(
    { length: events },
    (_, index) =>
      `<m:GetItemResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode><m:Items>${eventOf(index, size)}</m:Items></m:GetItemResponseMessage>`,
  );
  return envelopeOf(`<m:GetItemResponse><m:ResponseMessages>${messages.join('')}</m:ResponseMessages></m:GetItemResponse>`);
}

/** Writes an answer to `FindItem` over a calendar view, with what is asked of an event for free/busy times. */
export function viewOf(events: number): string {
  const items = Array.from(
    { length: events },
    (_, index) =>
      `<t:CalendarItem>${idOf(index)}<t:Start>2026-11-19T09:00:00Z</t:Start><t:End>2026-11-19T10:00:00Z</t:End><t:LegacyFreeBusyStatus>Busy</t:LegacyFreeBusyStatus><t:IsCancelled>false</t:IsCancelled></t:CalendarItem>`,
  );
  const folder = `<m:RootFolder TotalItemsInView="${events}" IncludesLastItemInRange="true"><t:Items>${items.join('')}</t:Items></m:RootFolder>`;
  return envelopeOf(
    `<m:FindItemResponse><m:ResponseMessages><m:FindItemResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>${folder}</m:FindItemResponseMessage></m:ResponseMessages></m:FindItemResponse>`,
  );
}

function envelopeOf(body: string): string {
  const uri = 'http://schemas.microsoft.com/exchange/services/2006';
  return `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="${uri}/messages" xmlns:t="${uri}/types"><s:Body>${body}</s:Body></s:Envelope>`;
}

function idOf(index: number): string {
  return `<t:ItemId Id="${ID}${index}" ChangeKey="${'B'.repeat(40)}"/>`;
}

function eventOf(index: number, { guests, lines }: EventSize): string {
  const people = Array.from(
    { length: guests },
    (_, guest) =>
      `<t:Attendee>${mailboxOf(guest)}<t:ResponseType>Accept</t:ResponseType><t:LastResponseTime>2026-11-19T09:00:00Z</t:LastResponseTime></t:Attendee>`,
  );
  return [
    `<t:CalendarItem>${idOf(index)}<t:ParentFolderId Id="${ID}" ChangeKey="AQAAAA=="/><t:Subject>Lecture ${index}</t:Subject>`,
    `<t:Sensitivity>Normal</t:Sensitivity><t:Body BodyType="Text">${LINE.repeat(lines)}</t:Body><t:DateTimeCreated>2026-11-01T09:00:00Z</t:DateTimeCreated>`,
    `<t:LastModifiedTime>2026-11-01T09:00:00Z</t:LastModifiedTime><t:UID>${'0'.repeat(112)}</t:UID><t:Start>2026-11-19T09:00:00Z</t:Start>`,
    '<t:End>2026-11-19T10:00:00Z</t:End><t:IsAllDayEvent>false</t:IsAllDayEvent><t:LegacyFreeBusyStatus>Busy</t:LegacyFreeBusyStatus>',
    '<t:Location>Hall</t:Location><t:IsMeeting>true</t:IsMeeting><t:IsCancelled>false</t:IsCancelled><t:CalendarItemType>Single</t:CalendarItemType>',
    `<t:MyResponseType>Accept</t:MyResponseType><t:Organizer>${mailboxOf(0)}</t:Organizer><t:RequiredAttendees>${people.join('')}</t:RequiredAttendees>`,
    '<t:StartTimeZone Id="W. Europe Standard Time" Name="(UTC+01:00) Berlin"/></t:CalendarItem>',
  ].join('');
}

function mailboxOf(person: number): string {
  return `<t:Mailbox><t:Name>Person ${person}</t:Name><t:EmailAddress>person${person}@corp.example</t:EmailAddress><t:RoutingType>SMTP</t:RoutingType><t:MailboxType>Mailbox</t:MailboxType></t:Mailbox>`;
}
