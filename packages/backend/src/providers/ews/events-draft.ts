import type { EventDraft } from '../calendar-reader.ts';
import { type EventText, textWithConferencing } from '../conferencing-text.ts';
import { type EwsSchema, isAtLeast } from './caller.ts';
import { fieldUri } from './folders.ts';
import { EWS_SENSITIVITIES, EWS_SHOW_AS } from './item-fields.ts';
import { toEwsTimes } from './times.ts';
import { element, textElement, type Xml } from './write-xml.ts';

/** One property of an item: its path, and what it is to be; `undefined` takes it away. */
export interface Property {
  readonly field: string;
  readonly xml: Xml | undefined;
}

/**
 * What a draft names, or what is to change of an event that says `before`, in the order of the schema, in which a new item has to have it.
 * [CalendarItem](https://learn.microsoft.com/exchange/client-developer/web-service-reference/calendaritem)
 */
export function toProperties(draft: Partial<EventDraft>, schema: EwsSchema, before?: EventText): readonly Property[] {
  const { title, sensitivity, time, showAs, attendees, reminderMinutes } = draft;
  const { description, location } = textWithConferencing(draft, before);
  const times = time && toEwsTimes(time, draft.timeZone);
  return [
    ...(title === undefined ? [] : [text('item:Subject', title)]),
    ...(sensitivity === undefined ? [] : [text('item:Sensitivity', EWS_SENSITIVITIES[sensitivity])]),
    ...(description === undefined ? [] : [{ field: 'item:Body', xml: textElement('t:Body', description, { BodyType: 'Text' }) }]),
    ...(reminderMinutes === undefined ? [] : toReminder(reminderMinutes)),
    ...(times === undefined
      ? []
      : [text('calendar:Start', times.start), text('calendar:End', times.end), text('calendar:IsAllDayEvent', String(times.allDay))]),
    ...(showAs === undefined ? [] : [text('calendar:LegacyFreeBusyStatus', toShowAs(showAs, schema))]),
    ...(location === undefined ? [] : [text('calendar:Location', location)]),
    ...(attendees === undefined ? [] : toAttendees(attendees)),
    ...(times === undefined ? [] : toZones(times.zoneId, schema)),
  ];
}

/** One change of an item for each property: Exchange takes no two in one. */
export function toUpdates(properties: readonly Property[]): readonly Xml[] {
  return properties.map(({ field, xml }) =>
    xml === undefined
      ? element('t:DeleteItemField', {}, fieldUri(field))
      : element('t:SetItemField', {}, fieldUri(field), element('t:CalendarItem', {}, xml)),
  );
}

/** Exchange has one reminder: of several, the first to come. */
function toReminder(reminderMinutes: readonly number[]): readonly Property[] {
  if (reminderMinutes.length === 0) return [text('item:ReminderIsSet', 'false')];
  return [text('item:ReminderIsSet', 'true'), text('item:ReminderMinutesBeforeStart', String(Math.max(...reminderMinutes)))];
}

/** The guests are those that are named and no others, whatever list they stood in. A list that would be empty is taken away. */
function toAttendees(attendees: NonNullable<EventDraft['attendees']>): readonly Property[] {
  const written = attendees.map(({ email, name }) => {
    const mailbox = element(
      't:Mailbox',
      {},
      name === undefined ? undefined : textElement('t:Name', name),
      textElement('t:EmailAddress', email),
    );
    return element('t:Attendee', {}, mailbox);
  });
  return [
    { field: 'calendar:RequiredAttendees', xml: written.length === 0 ? undefined : element('t:RequiredAttendees', {}, ...written) },
    { field: 'calendar:OptionalAttendees', xml: undefined },
    { field: 'calendar:Resources', xml: undefined },
  ];
}

function text(field: string, value: string): Property {
  return { field, xml: textElement(`t:${field.split(':')[1]}`, value) };
}

/** Before 2013 nobody worked elsewhere; who does counts as free since then, too. */
function toShowAs(showAs: NonNullable<EventDraft['showAs']>, schema: EwsSchema): string {
  return EWS_SHOW_AS[showAs === 'working_elsewhere' && !isAtLeast(schema, 'Exchange2013') ? 'free' : showAs];
}

/** The zone is told by its Windows name in every schema, and before 2010 once. */
function toZones(zoneId: string, schema: EwsSchema): readonly Property[] {
  if (!isAtLeast(schema, 'Exchange2010')) {
    return [{ field: 'calendar:MeetingTimeZone', xml: element('t:MeetingTimeZone', { TimeZoneName: zoneId }) }];
  }
  return ['StartTimeZone', 'EndTimeZone'].map((name) => ({ field: `calendar:${name}`, xml: element(`t:${name}`, { Id: zoneId }) }));
}
