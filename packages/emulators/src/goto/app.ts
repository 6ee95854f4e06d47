import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ServiceEnv } from '../oauth/caller-of.ts';
import { addSignIn, type SignInPages } from '../oauth/sign-in.ts';
import { notFoundPage } from '../pages/sign-in-pages.ts';
import { logRequests } from '../serving/request-log.ts';
import { makeServiceTrouble, type FaultStatus, type ServiceEndpointGroup } from '../serving/service-faults.ts';
import { answerGoToError, GoToError, invalidToken } from './api-error.ts';
import { allow } from './caller.ts';
import { createMeeting, deleteMeeting, getMeeting, updateMeeting } from './change-meetings.ts';
import type { GoToParts } from './parts.ts';
import { COLLAB, GOTO_SCOPES, SCIM_ME } from './scopes.ts';
import { revoke, token } from './token.ts';
import { getMe } from './users.ts';

const BODY_MOST_BYTES = 1_048_576;

const PAGES: SignInPages = {
  vendorName: 'GoTo',
  path: '/oauth/authorize',
  scopeTexts: GOTO_SCOPES,
  scopeRequired: false,
  defaultScopes: [...GOTO_SCOPES.keys()],
  allowButton: 'Allow',
  declineButton: 'Deny',
};

/** Lays out the routes: the paths of `authentication.logmeininc.com` and `api.getgo.com` on one origin. */
export function createApp(parts: GoToParts): Hono {
  const app = new Hono();
  app.use(logRequests(parts.requests, parts.now));
  app.use(bodyLimit({ maxSize: BODY_MOST_BYTES }));
  app.use(makeServiceTrouble(parts, { groupOf, answerOutage }));

  addSignIn(app, parts, PAGES);
  app.post('/oauth/token', token(parts));
  app.post('/oauth/revoke', revoke(parts));
  app.route('/', createApiRoutes(parts));

  app.notFound((c) => c.html(notFoundPage(PAGES, c.req.path), 404));
  app.onError((error, c) => {
    if (error instanceof GoToError) return answerGoToError(c, error);
    throw error;
  });
  return app;
}

function createApiRoutes(parts: GoToParts): Hono<ServiceEnv> {
  const app = new Hono<ServiceEnv>();
  app.get('/identity/v1/Users/me', allow(SCIM_ME, parts), getMe());
  app.post('/G2M/rest/meetings', allow(COLLAB, parts), createMeeting(parts));
  app.get('/G2M/rest/meetings/:meetingId', allow(COLLAB, parts), getMeeting(parts));
  app.put('/G2M/rest/meetings/:meetingId', allow(COLLAB, parts), updateMeeting(parts));
  app.delete('/G2M/rest/meetings/:meetingId', allow(COLLAB, parts), deleteMeeting(parts));
  return app;
}

function groupOf(path: string): ServiceEndpointGroup {
  if (path.startsWith('/oauth/authorize')) return 'authorize';
  return path.startsWith('/oauth/') ? 'token' : 'api';
}

function answerOutage(c: Context, status: FaultStatus, group: ServiceEndpointGroup): Response {
  if (group === 'token') return c.json({ error: 'server_error', error_description: 'The service could not serve the request.' }, status);
  if (status === 401) return answerGoToError(c, invalidToken());
  const [code, message] =
    status === 429 ? ['TooManyRequests', 'Too many requests.'] : ['InternalError', 'The service could not serve the request.'];
  return answerGoToError(c, new GoToError(status, code ?? '', message ?? ''));
}
