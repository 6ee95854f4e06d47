import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ServiceEnv } from '../oauth/caller-of.ts';
import { addSignIn, type SignInPages } from '../oauth/sign-in.ts';
import { notFoundPage } from '../pages/sign-in-pages.ts';
import { logRequests } from '../serving/request-log.ts';
import { makeServiceTrouble, type FaultStatus, type ServiceEndpointGroup } from '../serving/service-faults.ts';
import { answerWebexError, WebexError } from './api-error.ts';
import { allow, unauthorized } from './caller.ts';
import { changeMeeting, createMeeting, deleteMeeting, getMeeting } from './change-meetings.ts';
import type { WebexParts } from './parts.ts';
import { getMe } from './people.ts';
import { WEBEX_SCOPES } from './scopes.ts';
import { token } from './token.ts';

const BODY_MOST_BYTES = 1_048_576;

const PAGES: SignInPages = {
  vendorName: 'Webex',
  path: '/v1/authorize',
  scopeTexts: WEBEX_SCOPES,
  scopeRequired: true,
  defaultScopes: [...WEBEX_SCOPES.keys()],
  allowButton: 'Accept',
  declineButton: 'Decline',
};

/** Lays out the routes of `webexapis.com`. */
export function createApp(parts: WebexParts): Hono {
  const app = new Hono();
  app.use(logRequests(parts.requests, parts.now));
  app.use(bodyLimit({ maxSize: BODY_MOST_BYTES }));
  app.use(makeServiceTrouble(parts, { groupOf, answerOutage }));

  addSignIn(app, parts, PAGES);
  app.post('/v1/access_token', token(parts));
  app.route('/v1', createApiRoutes(parts));

  app.notFound((c) => c.html(notFoundPage(PAGES, c.req.path), 404));
  return app;
}

function createApiRoutes(parts: WebexParts): Hono<ServiceEnv> {
  const app = new Hono<ServiceEnv>();
  app.get('/people/me', allow('getMe', parts), getMe());
  app.post('/meetings', allow('writeMeetings', parts), createMeeting(parts));
  app.get('/meetings/:meetingId', allow('readMeetings', parts), getMeeting(parts));
  app.put('/meetings/:meetingId', allow('writeMeetings', parts), changeMeeting('put', parts));
  app.patch('/meetings/:meetingId', allow('writeMeetings', parts), changeMeeting('patch', parts));
  app.delete('/meetings/:meetingId', allow('writeMeetings', parts), deleteMeeting(parts));
  app.onError((error, c) => {
    if (error instanceof WebexError) return answerWebexError(c, error);
    throw error;
  });
  return app;
}

function groupOf(path: string): ServiceEndpointGroup {
  if (path.startsWith('/v1/authorize')) return 'authorize';
  return path === '/v1/access_token' ? 'token' : 'api';
}

function answerOutage(c: Context, status: FaultStatus): Response {
  if (status === 401) return answerWebexError(c, unauthorized());
  return answerWebexError(c, new WebexError(status, status === 429 ? 'Too Many Requests' : 'The service could not serve the request.'));
}
