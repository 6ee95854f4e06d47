import { describe, expect, it } from 'vitest';
import { getUserAvailability } from './availability.ts';

const NO_CHANGE =
  '<t:Bias>0</t:Bias><t:Time>00:00:00</t:Time><t:DayOrder>0</t:DayOrder><t:Month>0</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek>';

describe('a request for availability', () => {
  // Validated with its envelope against Microsoft's schema, as the requests of `ews/`.
  it('is written as the schema has it, with the zone that its times are in, and asks for times alone', () => {
    const range = { fromMs: Date.parse('2026-11-22T00:00:00.900Z'), toMs: Date.parse('2026-11-29T00:00:00.100Z') };
    expect(getUserAvailability(`o'neil&co@corp.example`, range).xml).toBe(
      `<m:GetUserAvailabilityRequest><t:TimeZone><t:Bias>0</t:Bias><t:StandardTime>${NO_CHANGE}</t:StandardTime><t:DaylightTime>${NO_CHANGE}</t:DaylightTime></t:TimeZone>` +
        `<m:MailboxDataArray><t:MailboxData><t:Email><t:Address>o'neil&amp;co@corp.example</t:Address></t:Email><t:AttendeeType>Required</t:AttendeeType>` +
        '<t:ExcludeConflicts>false</t:ExcludeConflicts></t:MailboxData></m:MailboxDataArray><t:FreeBusyViewOptions><t:TimeWindow>' +
        '<t:StartTime>2026-11-22T00:00:00</t:StartTime><t:EndTime>2026-11-29T00:00:01</t:EndTime></t:TimeWindow>' +
        '<t:MergedFreeBusyIntervalInMinutes>30</t:MergedFreeBusyIntervalInMinutes><t:RequestedView>FreeBusy</t:RequestedView></t:FreeBusyViewOptions>' +
        '</m:GetUserAvailabilityRequest>',
    );
  });
});
