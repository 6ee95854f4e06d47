import { childOf, type XmlElement } from '../../ews-operations/read-xml.ts';
import { EwsFault, EwsRefusal, invalidSchema } from '../../ews-operations/soap.ts';
import { element, textElement, type Xml } from '../../ews-operations/write-xml.ts';
import type { StoredEvent } from '../../microsoft/mailbox/events.ts';
import type { ExchangeCall } from './call.ts';
import { readRequestZone, type WallClock } from './request-zone.ts';

const DAY_MS = 86_400_000;
const MAILBOXES_MOST = 100;
const INTERVAL_MINUTES = { least: 5, most: 1440, usual: 30 };

const VIEWS = ['None', 'MergedOnly', 'FreeBusy', 'FreeBusyMerged', 'Detailed', 'DetailedMerged'] as const;
type View = (typeof VIEWS)[number];

const BUSY_TYPES = {
  free: 'Free',
  tentative: 'Tentative',
  busy: 'Busy',
  oof: 'OOF',
  workingElsewhere: 'WorkingElsewhere',
  unknown: 'NoData',
};
const DIGITS: Readonly<Record<string, number>> = { free: 0, tentative: 1, busy: 2, oof: 3, workingElsewhere: 4, unknown: 4 };

interface AvailabilityRequest {
  readonly clock: WallClock;
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalMinutes: number;
  readonly view: View;
}

/**
 * `GetUserAvailability`. The answers come in the order of the mailboxes, without their addresses, in the zone of the request and without
 * offsets, and a colleague sees times alone, whatever was asked.
 * @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/getuseravailability-operation}
 */
export function getUserAvailability(call: ExchangeCall): Xml {
  const asked = readRequest(call);
  const mailboxes = childOf(call.request, 'MailboxDataArray')?.children ?? [];
  if (mailboxes.length > MAILBOXES_MOST) {
    throw new EwsFault('ErrorMailboxDataArrayTooBig', `There are too many target users in the request. The limit is ${MAILBOXES_MOST}.`);
  }
  const answers = mailboxes.map((mailbox) => answerFor(mailbox, asked, call));
  return element('m:GetUserAvailabilityResponse', {}, element('m:FreeBusyResponseArray', {}, ...answers));
}

function readRequest({ request, header, deps, personality }: ExchangeCall): AvailabilityRequest {
  const clock = readRequestZone({ request, header, isOf2007: personality.faultStyle === '2007' }, deps.zones);
  const options = childOf(request, 'FreeBusyViewOptions');
  const window = childOf(options, 'TimeWindow');
  const fromMs = clock.toInstant(wallOf(window, 'StartTime'));
  const toMs = clock.toInstant(wallOf(window, 'EndTime'));
  if (toMs <= fromMs) throw new EwsFault('ErrorInvalidTimeInterval', 'The time interval of the request is not valid.');
  if (toMs - fromMs > personality.availabilityDays * DAY_MS) {
    throw new EwsFault(
      'ErrorTimeIntervalTooBig',
      `The requested time duration is too long. The limit is ${personality.availabilityDays} days.`,
    );
  }
  const intervalMinutes = Number(childOf(options, 'MergedFreeBusyIntervalInMinutes')?.text ?? INTERVAL_MINUTES.usual);
  if (!(intervalMinutes >= INTERVAL_MINUTES.least && intervalMinutes <= INTERVAL_MINUTES.most)) {
    throw new EwsFault('ErrorInvalidMergedFreeBusyInterval', 'The interval of the merged free/busy view is not valid.');
  }
  const named = childOf(options, 'RequestedView')?.text;
  const view = VIEWS.find((each) => each === named);
  if (view === undefined || view === 'None')
    throw new EwsFault('ErrorInvalidFreeBusyViewType', 'The requested free/busy view is not valid.');
  return { clock, fromMs, toMs, intervalMinutes, view };
}

function answerFor(mailbox: XmlElement, asked: AvailabilityRequest, call: ExchangeCall): Xml {
  const address = childOf(childOf(mailbox, 'Email'), 'Address')?.text ?? '';
  try {
    const { email, view } = findMailbox(address, asked.view, call);
    const success = element('m:ResponseMessage', { ResponseClass: 'Success' }, textElement('m:ResponseCode', 'NoError'));
    return element('m:FreeBusyResponse', {}, success, viewOf(email, { ...asked, view }, call));
  } catch (error) {
    if (!(error instanceof EwsRefusal)) throw error;
    const why = [
      textElement('m:MessageText', error.message),
      textElement('m:ResponseCode', error.code),
      textElement('m:DescriptiveLinkKey', 0),
    ];
    const none = element('m:FreeBusyView', {}, textElement('t:FreeBusyViewType', 'None'));
    return element('m:FreeBusyResponse', {}, element('m:ResponseMessage', { ResponseClass: 'Error' }, ...why), none);
  }
}

/** Finds whose time it is and what of it the caller may see. @throws EwsRefusal */
function findMailbox(
  address: string,
  view: View,
  { user, people, roomLists }: ExchangeCall,
): { readonly email: string; readonly view: View } {
  const room = roomLists.flatMap(({ rooms }) => rooms).find(({ email }) => email === address.toLowerCase());
  if (room !== undefined) return { email: room.email, view: withoutDetails(view) };
  const person = people.findByAddress(address);
  if (person === undefined || person.mailbox === 'none') {
    throw new EwsRefusal('ErrorMailRecipientNotFound', `Unable to resolve e-mail address ${address} to an Active Directory object.`);
  }
  if (person.mailbox === 'exchange_online') {
    throw new EwsRefusal('ErrorProxyRequestNotAllowed', 'A proxy request is not allowed for the mailbox.');
  }
  if (person.email === user.email) return { email: person.email, view };
  switch (person.freeBusyAccess) {
    case 'none':
      throw new EwsRefusal('ErrorNoFreeBusyAccess', 'The caller does not have access to free/busy data.');
    case 'merged':
      return { email: person.email, view: 'MergedOnly' };
    case 'times':
      return { email: person.email, view: withoutDetails(view) };
  }
}

function withoutDetails(view: View): View {
  return view === 'Detailed' ? 'FreeBusy' : view === 'DetailedMerged' ? 'FreeBusyMerged' : view;
}

function viewOf(email: string, asked: AvailabilityRequest, { deps, request }: ExchangeCall): Xml {
  const [calendar] = deps.mailboxes.calendarsOf(email);
  const events = calendar === undefined ? [] : deps.mailboxes.view(calendar, asked);
  const { view } = asked;
  const merged = view.includes('Merged') ? [textElement('t:MergedFreeBusy', mergedOf(events, asked))] : [];
  const listed = view === 'MergedOnly' ? [] : [element('t:CalendarEventArray', {}, ...events.map((event) => viewEvent(event, asked)))];
  return element('m:FreeBusyView', {}, textElement('t:FreeBusyViewType', view), ...merged, ...listed, ...workingHours(request));
}

function viewEvent(event: StoredEvent, { clock, view }: AvailabilityRequest): Xml {
  const local = (ms: number): string => new Date(clock.toWall(ms)).toISOString().slice(0, 19);
  const { fields } = event;
  const details = element(
    't:CalendarEventDetails',
    {},
    textElement('t:Subject', fields.subject ?? ''),
    textElement('t:Location', fields.location?.displayName ?? ''),
    textElement('t:IsMeeting', (fields.attendees ?? []).length > 0),
    textElement('t:IsRecurring', event.seriesMasterId !== undefined),
    textElement('t:IsException', false),
    textElement('t:IsReminderSet', fields.isReminderOn ?? true),
    textElement('t:IsPrivate', fields.sensitivity === 'private'),
  );
  return element(
    't:CalendarEvent',
    {},
    textElement('t:StartTime', local(event.startMs)),
    textElement('t:EndTime', local(event.endMs)),
    textElement('t:BusyType', BUSY_TYPES[fields.showAs ?? 'busy']),
    ...(view.startsWith('Detailed') ? [details] : []),
  );
}

function mergedOf(events: readonly StoredEvent[], { fromMs, toMs, intervalMinutes }: AvailabilityRequest): string {
  const stepMs = intervalMinutes * 60_000;
  return Array.from({ length: Math.ceil((toMs - fromMs) / stepMs) }, (_, index) => {
    const startMs = fromMs + index * stepMs;
    const during = events.filter((event) => event.endMs > startMs && event.startMs < startMs + stepMs);
    return Math.max(0, ...during.map(({ fields }) => DIGITS[fields.showAs ?? 'busy'] ?? 0));
  }).join('');
}

/** The usual ones, in the zone of the request where it gave one by its rules. */
function workingHours(request: XmlElement): readonly Xml[] {
  const zone = childOf(request, 'TimeZone');
  if (zone === undefined) return [];
  const period = element(
    't:WorkingPeriod',
    {},
    textElement('t:DayOfWeek', 'Monday Tuesday Wednesday Thursday Friday'),
    textElement('t:StartTimeInMinutes', 480),
    textElement('t:EndTimeInMinutes', 1020),
  );
  return [element('t:WorkingHours', {}, rewrite(zone), element('t:WorkingPeriodArray', {}, period))];
}

function rewrite({ name, children, text }: XmlElement): Xml {
  return children.length === 0 ? textElement(`t:${name}`, text) : element(`t:${name}`, {}, ...children.map(rewrite));
}

function wallOf(window: XmlElement | undefined, name: string): number {
  const ms = Date.parse(`${childOf(window, name)?.text.slice(0, 19)}Z`);
  if (Number.isNaN(ms)) throw invalidSchema(`the element '${name}' is missing or has an invalid value`);
  return ms;
}
