import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { MicrosoftCalendar } from '../mailbox/mailboxes.ts';
import type { MicrosoftParts } from '../parts.ts';
import type { GraphEnv } from './caller.ts';
import { itemNotFound } from './graph-error.ts';
import { answerPage, selectFields } from './odata.ts';

/** What handlers of calendars use. */
export type CalendarDeps = Pick<MicrosoftParts, 'mailboxes' | 'serverUrl'>;

/** `GET /v1.0/me/calendars`. @see {@link https://learn.microsoft.com/graph/api/user-list-calendars} */
export function listCalendars({ mailboxes, serverUrl }: CalendarDeps): (c: Context<GraphEnv>) => Response {
  return function answerCalendars(c) {
    const { user } = c.get('caller').principal;
    const items = mailboxes.calendarsOf(user.email).map((calendar) => viewCalendar(calendar, user.email));
    return answerPage(c, { items, context: "users('me')/calendars", serverUrl });
  };
}

/** `GET /v1.0/me/calendar` and `/v1.0/me/calendars/:calendarId`. */
export function getCalendar(deps: CalendarDeps): (c: Context<GraphEnv>) => Response {
  return function answerCalendar(c) {
    const calendar = viewCalendar(seenCalendar(c, deps), c.get('caller').principal.user.email);
    const context = { '@odata.context': `${deps.serverUrl}/v1.0/$metadata#users('me')/calendars/$entity` };
    return c.json(selectFields({ ...context, ...calendar }, c.req.query('$select') ?? null));
  };
}

/** Finds the calendar of a path, the default one where the path names none. @throws GraphError 404 */
export function seenCalendar(c: Context<GraphEnv>, { mailboxes }: Pick<MicrosoftParts, 'mailboxes'>): MicrosoftCalendar {
  const calendars = mailboxes.calendarsOf(c.get('caller').principal.user.email);
  const id = c.req.param('calendarId');
  const found = id === undefined ? calendars[0] : calendars.find((calendar) => calendar.id === id);
  if (found === undefined) throw itemNotFound();
  return found;
}

function viewCalendar(calendar: MicrosoftCalendar, email: string): object {
  const isOwn = calendar.owner.address === email;
  return {
    id: calendar.id,
    name: calendar.name,
    color: 'auto',
    hexColor: '',
    isDefaultCalendar: calendar.isDefault,
    changeKey: changeKeyOf(calendar),
    canShare: isOwn,
    canViewPrivateItems: isOwn,
    canEdit: calendar.canEdit,
    allowedOnlineMeetingProviders: calendar.onlineMeetingProviders,
    defaultOnlineMeetingProvider: calendar.onlineMeetingProviders[0] ?? 'unknown',
    isTallyingResponses: calendar.isDefault,
    isRemovable: !calendar.isDefault,
    owner: calendar.owner,
  };
}

function changeKeyOf({ id, changes }: MicrosoftCalendar): string {
  return createHash('sha256').update(`${id} ${changes}`).digest('base64').slice(0, 24);
}
