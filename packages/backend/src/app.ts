import { Hono } from 'hono';
import { TrieRouter } from 'hono/router/trie-router';
import type { CalendarRenewal } from './accounts/calendar-renewal.ts';
import type { Backend } from './backend.ts';
import { userinfo } from './endpoints/api/userinfo.ts';
import { adminApproval } from './endpoints/connect/admin-approval.ts';
import { goToApproval, showApproval } from './endpoints/connect/approve.ts';
import { callback } from './endpoints/connect/callback.ts';
import { claimSession } from './endpoints/connect/claim-session.ts';
import { createSession } from './endpoints/connect/create-session.ts';
import { exchange } from './endpoints/connect/exchange.ts';
import { offer } from './endpoints/connect/offer.ts';
import { relay } from './endpoints/connect/relay.ts';
import { cancelSession, readSession } from './endpoints/connect/session.ts';
import { confirmStart, start, startByTicket } from './endpoints/connect/start.ts';
import { waitingForm } from './endpoints/connect/waiting-form.ts';
import { waitingRoom } from './endpoints/connect/waiting-room.ts';
import { waitingStatus } from './endpoints/connect/waiting-status.ts';
import { allowRegisteredOrigins } from './endpoints/cors.ts';
import { health } from './endpoints/health.ts';
import { authorizeChoice } from './endpoints/oauth/authorize-choice.ts';
import { authorize } from './endpoints/oauth/authorize.ts';
import { authorizationCode } from './endpoints/oauth/grants/authorization-code.ts';
import { refreshToken } from './endpoints/oauth/grants/refresh-token.ts';
import { metadata } from './endpoints/oauth/metadata.ts';
import { revoke } from './endpoints/oauth/revoke.ts';
import { token } from './endpoints/oauth/token.ts';
import { refusals } from './endpoints/refusals.ts';
import { strictTransportSecurity } from './endpoints/strict-transport-security.ts';
import { widgetFiles } from './endpoints/widget-files.ts';

/** What the routes need besides the backend itself. */
export interface AppParts {
  readonly backend: Backend;
  readonly calendarRenewal: CalendarRenewal;
}

/** Every route, one line each. */
export function createApp({ backend, calendarRenewal }: AppParts): Hono {
  // Hono's own choice tries another router first, which cannot take the names of the element's files: 1 ms of the first answer.
  const app = new Hono({ router: new TrieRouter() });
  const files = widgetFiles();
  const forPages = allowRegisteredOrigins(backend);
  app.onError(refusals(backend.log));
  const transportSecurity = strictTransportSecurity(backend);
  // A route with nothing before it is answered by Hono without putting handlers together: 1 µs of 40.
  if (transportSecurity !== undefined) app.use(transportSecurity);

  app.on(['GET', 'OPTIONS'], '/connect/offer', forPages, offer(backend));
  app.on(['POST', 'OPTIONS'], '/connect/sessions', forPages, createSession(backend));
  app.on(['POST', 'OPTIONS'], '/connect/sessions/:id/claim', forPages, claimSession(backend));
  app.on(['GET', 'DELETE', 'OPTIONS'], '/connect/sessions/:id', forPages);
  app.get('/connect/sessions/:id', readSession(backend));
  app.delete('/connect/sessions/:id', cancelSession(backend));
  app.on(['POST', 'OPTIONS'], '/connect/sessions/:id/admin_approval', forPages, adminApproval(backend));
  app.on(['POST', 'OPTIONS'], '/connect/exchange', forPages, exchange(backend));
  app.get('/connect/start/:id', startByTicket(backend));
  app.post('/connect/start/:id', start(backend));
  app.post('/connect/start/:id/confirm', confirmStart(backend));
  app.get('/connect/callback/:provider', callback(backend));
  app.get('/connect/relay/:id', relay(backend));
  app.get('/connect/waiting/:id', waitingRoom(backend));
  app.post('/connect/waiting/:id', waitingForm(backend));
  app.get('/connect/waiting/:id/status', waitingStatus(backend));
  app.get('/connect/approve/:token', showApproval(backend));
  app.post('/connect/approve/:token', goToApproval(backend));

  app.get('/oauth/authorize', authorize(backend));
  app.post('/oauth/authorize/:id', authorizeChoice(backend));
  app.post('/oauth/token', token({ ...backend, grants: [authorizationCode(backend), refreshToken(backend)] }));
  app.post('/oauth/token/revoke', revoke(backend));
  app.get('/.well-known/oauth-authorization-server', metadata(backend));

  app.get('/v1/userinfo', userinfo({ ...backend, calendarRenewal }));

  app.get('/healthz', health(backend));
  app.get('/calendar-connect.json', files.manifest);
  app.get('/:file{[\\w.-]+\\.js}', files.file);
  return app;
}

/** The metadata document at the root of the host, for a backend under a path. */
export function createWellKnown(backend: Backend): Hono {
  const path = `/.well-known/oauth-authorization-server${backend.publicUrl.basePath}`;
  const app = new Hono();
  const transportSecurity = strictTransportSecurity(backend);
  if (transportSecurity !== undefined) app.use(path, transportSecurity);
  return app.get(path, metadata(backend));
}
