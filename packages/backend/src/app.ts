import { Hono } from 'hono';
import { TrieRouter } from 'hono/router/trie-router';
import type { CalendarRenewal } from './accounts/calendar-renewal.ts';
import type { CredentialRenewal } from './accounts/credential-renewal.ts';
import type { Backend } from './backend.ts';
import { requireAdminKey } from './endpoints/admin/admin-key.ts';
import { userinfo } from './endpoints/api/userinfo.ts';
import { allowRegisteredOrigins } from './endpoints/cors.ts';
import { health } from './endpoints/health.ts';
import { late } from './endpoints/late.ts';
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
}

/** Every route, one line each. What is not asked for all the time is read when it is asked for first. */
export function createApp(parts: AppParts): Hono {
  const { backend } = parts;
  // Hono's own choice tries another router first, which cannot take the names of the element's files: 1 ms of the first answer.
  const app = new Hono({ router: new TrieRouter() });
  const files = widgetFiles();
  app.onError(refusals(backend.log));
  const transportSecurity = strictTransportSecurity(backend);
  // A route with nothing before it is answered by Hono without putting handlers together: 1 µs of 40.
  if (transportSecurity !== undefined) app.use(transportSecurity);

  addSessionRoutes(app, backend);
  addWindowRoutes(app, backend);
  addConferencingRoutes(app, backend);
  addOAuthRoutes(app, backend);
  addCalendarRoutes(app, parts);
  if (backend.adminKeyHash !== undefined) addAdminRoutes(app, { ...backend, adminKeyHash: backend.adminKeyHash });

  app.get('/healthz', health(backend));
  app.get('/calendar-connect.json', files.manifest);
  app.get('/:file{[\\w.-]+\\.js}', files.file);
  return app;
}

/** What pages with the element ask, and servers that mint sessions for them. */
function addSessionRoutes(app: Hono, backend: Backend): void {
  const lately = late(() => backend);
  const offer = lately(() => import('./endpoints/connect/offer.ts'));
  const createSession = lately(() => import('./endpoints/connect/create-session.ts'));
  const claimSession = lately(() => import('./endpoints/connect/claim-session.ts'));
  const session = lately(() => import('./endpoints/connect/session.ts'));
  const adminApproval = lately(() => import('./endpoints/connect/admin-approval.ts'));
  const exchange = lately(() => import('./endpoints/connect/exchange.ts'));
  const forPages = allowRegisteredOrigins(backend);

  app.on(['GET', 'OPTIONS'], '/connect/offer', forPages, offer('offer'));
  app.on(['POST', 'OPTIONS'], '/connect/sessions', forPages, createSession('createSession'));
  app.on(['POST', 'OPTIONS'], '/connect/sessions/:id/claim', forPages, claimSession('claimSession'));
  app.on(['GET', 'DELETE', 'OPTIONS'], '/connect/sessions/:id', forPages);
  app.get('/connect/sessions/:id', session('readSession'));
  app.delete('/connect/sessions/:id', session('cancelSession'));
  app.on(['POST', 'OPTIONS'], '/connect/sessions/:id/admin_approval', forPages, adminApproval('adminApproval'));
  app.on(['POST', 'OPTIONS'], '/connect/exchange', forPages, exchange('exchange'));
}

/** The pages of the window that connects, and those of an administrator. */
function addWindowRoutes(app: Hono, backend: Backend): void {
  const lately = late(() => backend);
  const start = lately(() => import('./endpoints/connect/start.ts'));
  const callback = lately(() => import('./endpoints/connect/callback.ts'));
  const again = lately(() => import('./endpoints/connect/again.ts'));
  const relay = lately(() => import('./endpoints/connect/relay.ts'));
  const waitingRoom = lately(() => import('./endpoints/connect/waiting-room.ts'));
  const waitingForm = lately(() => import('./endpoints/connect/waiting-form.ts'));
  const waitingStatus = lately(() => import('./endpoints/connect/waiting-status.ts'));
  const address = lately(() => import('./endpoints/connect/address.ts'));
  const addressCode = lately(() => import('./endpoints/connect/address-code.ts'));
  const credentials = lately(() => import('./endpoints/connect/credentials.ts'));
  const itTeam = lately(() => import('./endpoints/connect/it-team.ts'));
  const approve = lately(() => import('./endpoints/connect/approve.ts'));

  app.get('/connect/start/:id', start('startByTicket'));
  app.post('/connect/start/:id', start('start'));
  app.post('/connect/start/:id/confirm', start('confirmStart'));
  app.get('/connect/callback/:provider', callback('callback'));
  app.get('/connect/again/:id', again('again'));
  app.get('/connect/relay/:id', relay('relay'));
  app.get('/connect/waiting/:id', waitingRoom('waitingRoom'));
  app.post('/connect/waiting/:id', waitingForm('waitingForm'));
  app.get('/connect/waiting/:id/status', waitingStatus('waitingStatus'));
  app.get('/connect/address/:id', address('showAddressForm'));
  app.post('/connect/address/:id', address('takeAddress'));
  app.get('/connect/address/:id/code', addressCode('showCodeForm'));
  app.post('/connect/address/:id/code', addressCode('takeCode'));
  app.get('/connect/credentials/:id', credentials('showCredentials'));
  app.post('/connect/credentials/:id', credentials('takeCredentials'));
  if ([...backend.providers.values()].some((provider) => provider.passwordSignIn !== undefined)) {
    app.get('/connect/it-team/exchange', itTeam('itTeam'));
  }
  app.get('/connect/approve/:token', approve('showApproval'));
  app.post('/connect/approve/:token', approve('goToApproval'));
}

/** The pages of connecting a conferencing service. */
function addConferencingRoutes(app: Hono, backend: Backend): void {
  const lately = late(() => backend);
  const showServices = lately(() => import('./endpoints/conferencing/show-services.ts'));
  const chooseService = lately(() => import('./endpoints/conferencing/choose-service.ts'));
  const end = lately(() => import('./endpoints/conferencing/end.ts'));
  const tryAgain = lately(() => import('./endpoints/conferencing/try-again.ts'));

  app.get('/conferencing_services/:id', showServices('showServices'));
  app.post('/conferencing_services/:id', chooseService('chooseService'));
  app.get('/conferencing_services/:id/end', end('end'));
  app.post('/conferencing_services/:id/again', tryAgain('tryAgain'));
}

function addOAuthRoutes(app: Hono, backend: Backend): void {
  const lately = late(() => backend);
  const authorize = lately(() => import('./endpoints/oauth/authorize.ts'));
  const authorizeChoice = lately(() => import('./endpoints/oauth/authorize-choice.ts'));

  app.get('/oauth/authorize', authorize('authorize'));
  app.post('/oauth/authorize/:id', authorizeChoice('authorizeChoice'));
  app.post('/oauth/token', token({ ...backend, grants: [authorizationCode(backend), refreshToken(backend)] }));
  app.post('/oauth/token/revoke', revoke(backend));
  app.get('/.well-known/oauth-authorization-server', metadata(backend));
}

/** How long an event waits for another change of the same event. */
const EVENT_WAIT_MS = 10_000;

/** What a partner's server asks with an access token. What each scope allows, and where it reaches, is in `oauth/endpoint-access.ts`. */
function addCalendarRoutes(app: Hono, { backend, calendarRenewal, renewal }: AppParts): void {
  const lately = late(() => backend);
  const reading = late(async () => {
    const { createLiveAvailability } = await import('./calendars/live-availability.ts');
    return { ...backend, calendarRenewal, availability: createLiveAvailability({ ...backend, renewal }) };
  });
  const writing = late(async () => {
    const [meetings, turns] = await Promise.all([import('./conferencing/event-meetings.ts'), import('./calendars/turns.ts')]);
    const eventMeetings = meetings.createEventMeetings({ ...backend, renewal });
    return { ...backend, renewal, eventMeetings, turns: turns.createTurns(EVENT_WAIT_MS) };
  });
  const account = reading(() => import('./endpoints/api/account.ts'));
  const profiles = reading(() => import('./endpoints/api/profiles.ts'));
  const calendars = reading(() => import('./endpoints/api/calendars.ts'));
  const freeBusy = reading(() => import('./endpoints/api/free-busy.ts'));
  const events = writing(() => import('./endpoints/api/events.ts'));
  const conferencingAuthorizations = lately(() => import('./endpoints/api/conferencing-authorizations.ts'));
  const revokeProfile = lately(() => import('./endpoints/api/revoke-profile.ts'));

  app.get('/v1/userinfo', userinfo({ ...backend, calendarRenewal }));
  app.get('/v1/account', account('account'));
  app.get('/v1/profiles', profiles('profiles'));
  app.get('/v1/calendars', calendars('calendars'));
  app.get('/v1/free_busy', freeBusy('freeBusy'));
  app.get('/v1/free_busy/pages/:page', freeBusy('freeBusyPage'));
  app.post('/v1/calendars/:calendar/events', events('upsertEvent'));
  app.delete('/v1/calendars/:calendar/events', events('removeEvent'));
  app.delete('/v1/events', events('removeEvents'));
  app.post('/v1/conferencing_service_authorizations', conferencingAuthorizations('conferencingAuthorizations'));
  app.post('/v1/profiles/:profile/revoke', revokeProfile('revokeProfile'));
}

/** The admin API. A backend without a key for it has none of these routes. */
function addAdminRoutes(app: Hono, backend: Backend & { readonly adminKeyHash: string }): void {
  const lately = late<Backend>(() => backend);
  const applications = lately(() => import('./endpoints/admin/applications.ts'));
  const application = lately(() => import('./endpoints/admin/application.ts'));
  const providerClients = lately(() => import('./endpoints/admin/provider-clients.ts'));
  const provisionApplication = lately(() => import('./endpoints/admin/provision-application.ts'));
  const forAdmin = requireAdminKey(backend);

  app.get('/admin/applications', forAdmin, applications('listApplications'));
  app.post('/admin/applications', forAdmin, applications('registerApplication'));
  app.get('/admin/applications/:client_id', forAdmin, application('showApplication'));
  app.patch('/admin/applications/:client_id', forAdmin, application('changeApplication'));
  app.get('/admin/applications/:client_id/provider_clients', forAdmin, providerClients('listProviderClients'));
  app.put('/admin/applications/:client_id/provider_clients/:provider', forAdmin, providerClients('putProviderClient'));
  app.delete('/admin/applications/:client_id/provider_clients/:provider', forAdmin, providerClients('deleteProviderClient'));
  app.post('/v1/applications', forAdmin, provisionApplication('provisionApplication'));
}

/** The metadata document at the root of the host, for a backend under a path. */
export function createWellKnown(backend: Backend): Hono {
  const path = `/.well-known/oauth-authorization-server${backend.publicUrl.basePath}`;
  const app = new Hono();
  const transportSecurity = strictTransportSecurity(backend);
  if (transportSecurity !== undefined) app.use(path, transportSecurity);
  return app.get(path, metadata(backend));
}
