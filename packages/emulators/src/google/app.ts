import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { makeTrouble } from './answer-fault.ts';
import { answerApiError, ApiError } from './calendar/api-error.ts';
import { getCalendar, getCalendarListEntry, getSetting, listCalendarList } from './calendar/calendar-list.ts';
import { allow, type CalendarEnv } from './calendar/caller.ts';
import { changeEvent, deleteEvent, getEvent, insertEvent } from './calendar/change-events.ts';
import { queryFreeBusy } from './calendar/free-busy.ts';
import { listEvents, listInstances } from './calendar/list-events.ts';
import { authorize } from './oauth/authorize.ts';
import { chooseAccount } from './oauth/choose-account.ts';
import { consent } from './oauth/consent.ts';
import { certs, discovery, pemCerts, oauth2Userinfo, openIdUserinfo, tokeninfo } from './oauth/identity.ts';
import { revoke } from './oauth/revoke.ts';
import { token } from './oauth/token.ts';
import { notFoundPage } from './pages/error-page.ts';
import type { GoogleParts } from './parts.ts';
import { allowMeet, type MeetEnv } from '../meet/caller.ts';
import { answerMeetError, MeetError } from '../meet/meet-error.ts';
import { createSpace, endActiveConference, getSpace } from '../meet/spaces.ts';
import { logRequests } from '../serving/request-log.ts';

const BODY_MOST_BYTES = 1_048_576;

/** Lays out the routes: Google's own paths, of all its hosts, on one origin. */
export function createApp(parts: GoogleParts): Hono {
  const app = new Hono();
  app.use(logRequests(parts.requests, parts.now));
  app.use(bodyLimit({ maxSize: BODY_MOST_BYTES }));
  app.use(makeTrouble(parts));

  app.get('/o/oauth2/v2/auth', authorize(parts));
  app.post('/o/oauth2/v2/auth/account', chooseAccount(parts));
  app.post('/o/oauth2/v2/auth/consent', consent(parts));
  app.post('/token', token(parts));
  app.post('/revoke', revoke(parts));
  app.on(['GET', 'POST'], '/tokeninfo', tokeninfo(parts));
  app.get('/v1/userinfo', openIdUserinfo(parts));
  app.get('/oauth2/v2/userinfo', oauth2Userinfo(parts));
  app.get('/oauth2/v3/certs', certs(parts));
  app.get('/oauth2/v1/certs', pemCerts(parts));
  app.get('/.well-known/openid-configuration', discovery(parts));
  app.route('/calendar/v3', createCalendarRoutes(parts));
  app.route('/v2', createMeetRoutes(parts));

  app.notFound((c) => c.html(notFoundPage(c.req.path), 404));
  return app;
}

function createMeetRoutes(parts: GoogleParts): Hono<MeetEnv> {
  const app = new Hono<MeetEnv>();
  app.post('/spaces', allowMeet('create', parts), createSpace(parts));
  app.get('/spaces/:space', allowMeet('get', parts), getSpace(parts));
  app.post('/spaces/:method{[^/]+:endActiveConference}', allowMeet('endActiveConference', parts), endActiveConference(parts));
  app.onError((error, c) => {
    if (error instanceof MeetError) return answerMeetError(c, error);
    throw error;
  });
  return app;
}

function createCalendarRoutes(parts: GoogleParts): Hono<CalendarEnv> {
  const app = new Hono<CalendarEnv>();
  app.get('/users/me/calendarList', allow('calendarList.list', parts), listCalendarList(parts));
  app.get('/users/me/calendarList/:calendarId', allow('calendarList.get', parts), getCalendarListEntry(parts));
  app.get('/users/me/settings/:setting', allow('settings.get', parts), getSetting());
  app.get('/calendars/:calendarId', allow('calendars.get', parts), getCalendar(parts));
  app.get('/calendars/:calendarId/events', allow('events.list', parts), listEvents(parts));
  app.post('/calendars/:calendarId/events', allow('events.insert', parts), insertEvent(parts));
  app.get('/calendars/:calendarId/events/:eventId', allow('events.get', parts), getEvent(parts));
  app.put('/calendars/:calendarId/events/:eventId', allow('events.update', parts), changeEvent('update', parts));
  app.patch('/calendars/:calendarId/events/:eventId', allow('events.patch', parts), changeEvent('patch', parts));
  app.delete('/calendars/:calendarId/events/:eventId', allow('events.delete', parts), deleteEvent(parts));
  app.get('/calendars/:calendarId/events/:eventId/instances', allow('events.instances', parts), listInstances(parts));
  app.post('/freeBusy', allow('freebusy.query', parts), queryFreeBusy(parts));
  app.onError((error, c) => {
    if (error instanceof ApiError) return answerApiError(c, error);
    throw error;
  });
  return app;
}
