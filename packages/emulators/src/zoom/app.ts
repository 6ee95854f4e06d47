import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ServiceEnv } from '../oauth/caller-of.ts';
import { addSignIn, type SignInPages } from '../oauth/sign-in.ts';
import { notFoundPage } from '../pages/sign-in-pages.ts';
import { logRequests } from '../serving/request-log.ts';
import { makeServiceTrouble, type FaultStatus, type ServiceEndpointGroup } from '../serving/service-faults.ts';
import { answerZoomError, ZoomError } from './api-error.ts';
import { allow } from './caller.ts';
import { createMeeting, deleteMeeting, getMeeting, updateMeeting } from './change-meetings.ts';
import type { ZoomParts } from './parts.ts';
import { DEFAULT_ZOOM_SCOPES, ZOOM_SCOPES } from './scopes.ts';
import { revoke, token } from './token.ts';
import { getMe } from './users.ts';

const BODY_MOST_BYTES = 1_048_576;

const PAGES: SignInPages = {
  vendorName: 'Zoom',
  path: '/oauth/authorize',
  scopeTexts: ZOOM_SCOPES,
  scopeRequired: false,
  defaultScopes: DEFAULT_ZOOM_SCOPES,
  allowButton: 'Allow',
  declineButton: 'Decline',
};

/** Lays out the routes: the paths of `zoom.us` and `api.zoom.us` on one origin. */
export function createApp(parts: ZoomParts): Hono {
  const app = new Hono();
  app.use(logRequests(parts.requests, parts.now));
  app.use(bodyLimit({ maxSize: BODY_MOST_BYTES }));
  app.use(makeServiceTrouble(parts, { groupOf, answerOutage }));

  addSignIn(app, parts, PAGES);
  app.post('/oauth/token', token(parts));
  app.post('/oauth/revoke', revoke(parts));
  app.route('/v2', createApiRoutes(parts));

  app.notFound((c) => c.html(notFoundPage(PAGES, c.req.path), 404));
  return app;
}

function createApiRoutes(parts: ZoomParts): Hono<ServiceEnv> {
  const app = new Hono<ServiceEnv>();
  app.get('/users/me', allow('getUser', parts), getMe());
  app.post('/users/me/meetings', allow('createMeeting', parts), createMeeting(parts));
  app.get('/meetings/:meetingId', allow('getMeeting', parts), getMeeting(parts));
  app.patch('/meetings/:meetingId', allow('updateMeeting', parts), updateMeeting(parts));
  app.delete('/meetings/:meetingId', allow('deleteMeeting', parts), deleteMeeting(parts));
  app.onError((error, c) => {
    if (error instanceof ZoomError) return answerZoomError(c, error);
    throw error;
  });
  return app;
}

function groupOf(path: string): ServiceEndpointGroup {
  if (path.startsWith('/v2/')) return 'api';
  return path.startsWith('/oauth/authorize') ? 'authorize' : 'token';
}

/** What an outage says is not documented but for the limit on calls in a second. */
function answerOutage(c: Context, status: FaultStatus, group: ServiceEndpointGroup): Response {
  if (group === 'token') return c.json({ reason: 'Internal Error', error: 'server_error' }, status);
  if (status === 429) {
    return c.json({ code: 429, message: 'You have reached the maximum per-second rate limit for this API. Try again later.' }, 429);
  }
  if (status === 401) return c.json({ code: 124, message: 'Invalid access token.' }, 401);
  return c.json({ code: status, message: 'Internal Error' }, status);
}
