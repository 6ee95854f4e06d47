import { Hono } from 'hono';
import { TrieRouter } from 'hono/router/trie-router';
import type { CalendarRenewal } from './accounts/calendar-renewal.ts';
import type { CredentialRenewal } from './accounts/credential-renewal.ts';
import type { Backend } from './backend.ts';
import { requireAdminKey } from './endpoints/admin/admin-key.ts';
import { changeApplication, showApplication } from './endpoints/admin/application.ts';
import { listApplications, registerApplication } from './endpoints/admin/applications.ts';
import { deleteProviderClient, listProviderClients, putProviderClient } from './endpoints/admin/provider-clients.ts';
import { provisionApplication } from './endpoints/admin/provision-application.ts';
import type { EventMeetings } from './calendars/arrange-meeting.ts';
import { createLiveAvailability } from './calendars/live-availability.ts';
import { createTurns } from './calendars/turns.ts';
import { account } from './endpoints/api/account.ts';
import { calendars } from './endpoints/api/calendars.ts';
import { conferencingAuthorizations } from './endpoints/api/conferencing-authorizations.ts';
import { removeEvent, removeEvents, upsertEvent } from './endpoints/api/events.ts';
import { freeBusy, freeBusyPage } from './endpoints/api/free-busy.ts';
import { profiles } from './endpoints/api/profiles.ts';
import { revokeProfile } from './endpoints/api/revoke-profile.ts';
import { userinfo } from './endpoints/api/userinfo.ts';
import { showAddressForm, takeAddress } from './endpoints/connect/address.ts';
import { showCodeForm, takeCode } from './endpoints/connect/address-code.ts';
import { adminApproval } from './endpoints/connect/admin-approval.ts';
import { again } from './endpoints/connect/again.ts';
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
import { chooseService } from './endpoints/conferencing/choose-service.ts';
import { end } from './endpoints/conferencing/end.ts';
import { showServices } from './endpoints/conferencing/show-services.ts';
import { tryAgain } from './endpoints/conferencing/try-again.ts';
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
  readonly renewal: CredentialRenewal;
  readonly eventMeetings: EventMeetings;
}

/** Every route, one line each. */
export function createApp(parts: AppParts): Hono {
  const { backend } = parts;
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
  app.get('/connect/again/:id', again(backend));
  app.get('/connect/relay/:id', relay(backend));
  app.get('/connect/waiting/:id', waitingRoom(backend));
  app.post('/connect/waiting/:id', waitingForm(backend));
  app.get('/connect/waiting/:id/status', waitingStatus(backend));
  app.get('/connect/address/:id', showAddressForm(backend));
  app.post('/connect/address/:id', takeAddress(backend));
  app.get('/connect/address/:id/code', showCodeForm(backend));
  app.post('/connect/address/:id/code', takeCode(backend));
  app.get('/connect/approve/:token', showApproval(backend));
  app.post('/connect/approve/:token', goToApproval(backend));

  app.get('/conferencing_services/:id', showServices(backend));
  app.post('/conferencing_services/:id', chooseService(backend));
  app.get('/conferencing_services/:id/end', end(backend));
  app.post('/conferencing_services/:id/again', tryAgain(backend));

  app.get('/oauth/authorize', authorize(backend));
  app.post('/oauth/authorize/:id', authorizeChoice(backend));
  app.post('/oauth/token', token({ ...backend, grants: [authorizationCode(backend), refreshToken(backend)] }));
  app.post('/oauth/token/revoke', revoke(backend));
  app.get('/.well-known/oauth-authorization-server', metadata(backend));

  addCalendarRoutes(app, parts);

  if (backend.adminKeyHash !== undefined) addAdminRoutes(app, { ...backend, adminKeyHash: backend.adminKeyHash });

  app.get('/healthz', health(backend));
  app.get('/calendar-connect.json', files.manifest);
  app.get('/:file{[\\w.-]+\\.js}', files.file);
  return app;
}

/** How long an event waits for another change of the same event. */
const EVENT_WAIT_MS = 10_000;

/** What a partner's server asks with an access token. What each scope allows, and where it reaches, is in `oauth/endpoint-access.ts`. */
function addCalendarRoutes(app: Hono, { backend, calendarRenewal, renewal, eventMeetings }: AppParts): void {
  const reading = { ...backend, calendarRenewal, availability: createLiveAvailability({ ...backend, renewal }) };
  const writing = { ...backend, renewal, eventMeetings, turns: createTurns(EVENT_WAIT_MS) };
  app.get('/v1/userinfo', userinfo(reading));
  app.get('/v1/account', account(reading));
  app.get('/v1/profiles', profiles(reading));
  app.get('/v1/calendars', calendars(reading));
  app.get('/v1/free_busy', freeBusy(reading));
  app.get('/v1/free_busy/pages/:page', freeBusyPage(reading));
  app.post('/v1/calendars/:calendar/events', upsertEvent(writing));
  app.delete('/v1/calendars/:calendar/events', removeEvent(writing));
  app.delete('/v1/events', removeEvents(writing));
  app.post('/v1/conferencing_service_authorizations', conferencingAuthorizations(backend));
  app.post('/v1/profiles/:profile/revoke', revokeProfile(backend));
}

/** The admin API. A backend without a key for it has none of these routes. */
function addAdminRoutes(app: Hono, backend: Backend & { readonly adminKeyHash: string }): void {
  const forAdmin = requireAdminKey(backend);
  app.get('/admin/applications', forAdmin, listApplications(backend));
  app.post('/admin/applications', forAdmin, registerApplication(backend));
  app.get('/admin/applications/:client_id', forAdmin, showApplication(backend));
  app.patch('/admin/applications/:client_id', forAdmin, changeApplication(backend));
  app.get('/admin/applications/:client_id/provider_clients', forAdmin, listProviderClients(backend));
  app.put('/admin/applications/:client_id/provider_clients/:provider', forAdmin, putProviderClient(backend));
  app.delete('/admin/applications/:client_id/provider_clients/:provider', forAdmin, deleteProviderClient(backend));
  app.post('/v1/applications', forAdmin, provisionApplication(backend));
}

/** The metadata document at the root of the host, for a backend under a path. */
export function createWellKnown(backend: Backend): Hono {
  const path = `/.well-known/oauth-authorization-server${backend.publicUrl.basePath}`;
  const app = new Hono();
  const transportSecurity = strictTransportSecurity(backend);
  if (transportSecurity !== undefined) app.use(path, transportSecurity);
  return app.get(path, metadata(backend));
}
