import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { logRequests } from '../serving/request-log.ts';
import { makeTrouble } from './answer-fault.ts';
import { exchangeOnline } from './ews/exchange-online.ts';
import { listCalendarView, listEvents } from './graph/calendar-view.ts';
import { getCalendar, listCalendars } from './graph/calendars.ts';
import { allow, type GraphEnv } from './graph/caller.ts';
import { createEvent, deleteEvent, getEvent, updateEvent } from './graph/change-events.ts';
import { limitConcurrency } from './graph/concurrency.ts';
import { getSchedule } from './graph/get-schedule.ts';
import { answerGraphError, GraphError } from './graph/graph-error.ts';
import { getMailboxSettings, getMe, revokeSignInSessions } from './graph/me.ts';
import {
  createOnlineMeeting,
  createOrGetOnlineMeeting,
  deleteOnlineMeeting,
  getOnlineMeeting,
  updateOnlineMeeting,
} from './graph/online-meetings.ts';
import { AadstsError } from './oauth/aadsts.ts';
import { adminConsent, chooseAdminAccount, decideAdminConsent } from './oauth/admin-consent.ts';
import { approval } from './oauth/approval.ts';
import { authorize, chooseAccount } from './oauth/authorize.ts';
import { refuseOnPage } from './oauth/callback-answer.ts';
import { consent } from './oauth/consent.ts';
import { discovery, logout, signingKeys, userinfo } from './oauth/identity.ts';
import { refuseTokenByGet, token } from './oauth/token.ts';
import { notFoundPage } from './pages/error-page.ts';
import type { MicrosoftEnv, MicrosoftParts } from './parts.ts';

const BODY_MOST_BYTES = 1_048_576;
const CALENDAR_PATHS = ['/me', '/me/calendar', '/me/calendars/:calendarId'];
const ADMIN_CONSENT_PATHS = [
  { path: '/:tenant/adminconsent', version: 'v1' },
  { path: '/:tenant/v2.0/adminconsent', version: 'v2' },
] as const;

/** Lays out the routes: the sign-in service's own paths, Graph's and EWS's, on one origin. */
export function createApp(parts: MicrosoftParts): Hono<MicrosoftEnv> {
  const app = new Hono<MicrosoftEnv>();
  app.use(logRequests(parts.requests, parts.now));
  app.use(bodyLimit({ maxSize: BODY_MOST_BYTES }));
  app.use('/v1.0/*', limitConcurrency(parts));
  app.use(makeTrouble(parts));

  app.get('/:tenant/oauth2/v2.0/authorize', authorize(parts));
  app.post('/:tenant/oauth2/v2.0/authorize/account', chooseAccount(parts));
  app.post('/:tenant/oauth2/v2.0/authorize/consent', consent(parts));
  app.post('/:tenant/oauth2/v2.0/authorize/approval', approval(parts));
  app.post('/:tenant/oauth2/v2.0/token', token(parts));
  app.get('/:tenant/oauth2/v2.0/token', refuseTokenByGet(parts));
  app.get('/:tenant/oauth2/v2.0/logout', logout());
  for (const { path, version } of ADMIN_CONSENT_PATHS) {
    app.get(path, adminConsent(parts, version));
    app.post(`${path}/account`, chooseAdminAccount(parts, version));
    app.post(`${path}/decision`, decideAdminConsent(parts, version));
  }
  app.get('/:tenant/v2.0/.well-known/openid-configuration', discovery(parts));
  app.get('/:tenant/discovery/v2.0/keys', signingKeys(parts));
  app.get('/oidc/userinfo', userinfo(parts));
  app.route('/v1.0', createGraphRoutes(parts));
  // The server's paths know no case.
  app.on('POST', ['/EWS/Exchange.asmx', '/ews/exchange.asmx'], exchangeOnline(parts));

  app.notFound((c) => c.html(notFoundPage(c.req.path), 404));
  app.onError((error, c) => {
    if (error instanceof AadstsError) return refuseOnPage(c, error, parts);
    throw error;
  });
  return app;
}

function createGraphRoutes(parts: MicrosoftParts): Hono<GraphEnv> {
  const app = new Hono<GraphEnv>();
  app.get('/me', allow('me', parts), getMe(parts));
  app.get('/me/mailboxSettings', allow('mailboxSettings', parts), getMailboxSettings(parts));
  app.post('/me/revokeSignInSessions', allow('revokeSignInSessions', parts), revokeSignInSessions(parts));
  app.get('/me/calendars', allow('calendars', parts), listCalendars(parts));
  app.get('/me/calendar', allow('calendars', parts), getCalendar(parts));
  app.get('/me/calendars/:calendarId', allow('calendars', parts), getCalendar(parts));
  app.post('/me/calendar/getSchedule', allow('getSchedule', parts), getSchedule(parts));
  for (const path of CALENDAR_PATHS) {
    app.get(`${path}/calendarView`, allow('events', parts), listCalendarView(parts));
    app.get(`${path}/events`, allow('events', parts), listEvents(parts));
    app.post(`${path}/events`, allow('changeEvents', parts), createEvent(parts));
    app.get(`${path}/events/:eventId`, allow('events', parts), getEvent(parts));
    app.patch(`${path}/events/:eventId`, allow('changeEvents', parts), updateEvent(parts));
    app.delete(`${path}/events/:eventId`, allow('changeEvents', parts), deleteEvent(parts));
  }
  app.post('/me/onlineMeetings', allow('onlineMeetings', parts), createOnlineMeeting(parts));
  app.post('/me/onlineMeetings/createOrGet', allow('onlineMeetings', parts), createOrGetOnlineMeeting(parts));
  app.get('/me/onlineMeetings/:meetingId', allow('onlineMeetings', parts), getOnlineMeeting(parts));
  app.patch('/me/onlineMeetings/:meetingId', allow('onlineMeetings', parts), updateOnlineMeeting(parts));
  app.delete('/me/onlineMeetings/:meetingId', allow('onlineMeetings', parts), deleteOnlineMeeting(parts));
  app.all('*', (c) => {
    const segment = c.req.path.split('/').at(-1) ?? '';
    return answerGraphError(c, new GraphError(400, 'BadRequest', `Resource not found for the segment '${segment}'.`), parts.now());
  });
  app.onError((error, c) => {
    if (error instanceof GraphError) return answerGraphError(c, error, parts.now());
    throw error;
  });
  return app;
}
