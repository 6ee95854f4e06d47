import {
  type GoToControl,
  startGoToEmulator,
  startWebexEmulator,
  startZoomEmulator,
  type WebexControl,
  type ZoomControl,
} from '@calendar-connect/emulators';
import { type ConferencingService, goTo, googleMeet, microsoftTeams, webex, zoom } from '../../src/index.ts';
import { createOutbound } from '../../src/outbound/outbound.ts';
import type { Browser, Screen } from './browser.ts';
import { goThroughGoogle } from './consent.ts';
import { onwardLink } from './html.ts';
import { goThroughMicrosoft, LEA } from './microsoft.ts';
import { type Answer, readAnswer } from './partner-page.ts';
import {
  AMIRA,
  CALLBACK,
  type Clock,
  createWorld,
  GOOGLE_CLIENT,
  JONAS,
  type MeetingPlaces,
  MICROSOFT_CLIENT,
  type World,
  type WorldOptions,
} from './world.ts';

const CLIENT = { clientId: 'operators-client', clientSecret: 'operators-very-secret' };

/** A world with every conferencing service there is. */
export interface MeetingWorld extends World {
  readonly zoom: ZoomControl;
  readonly webex: WebexControl;
  readonly goto: GoToControl;
  /** Deletes a meeting at Zoom, as its host does on Zoom's own pages. */
  deleteAtZoom(meetingId: string): Promise<void>;
}

export async function createMeetingWorld(options: WorldOptions = {}): Promise<MeetingWorld> {
  const publicUrl = options.publicUrl ?? 'https://connect.partner.example';
  const later: { clock?: Clock } = {};
  const registered = (id: string) => ({
    clients: [{ ...CLIENT, redirectUris: [`${publicUrl}/connect/callback/${id}`], appName: 'Planner' }],
    now: () => later.clock?.now() ?? 0,
  });
  const [atZoom, atWebex, atGoTo] = await Promise.all([
    startZoomEmulator(registered('zoom')),
    startWebexEmulator(registered('webex')),
    startGoToEmulator(registered('goto')),
  ]);
  let zoomToken = '';
  const remember = (authorization: string): void => void (zoomToken = authorization);
  const urls = { zoom: atZoom.url, webex: atWebex.url, goto: atGoTo.url };
  const world = await createWorld({
    ...options,
    conferencing: (places) => {
      later.clock = places.clock;
      return { services: servicesAt(urls, places, remember), origins: Object.values(urls) };
    },
  });
  world.google.addClient({
    ...GOOGLE_CLIENT,
    redirectUris: ['google', 'google_meet'].map((id) => `${publicUrl}/connect/callback/${id}`),
  });
  world.microsoft.addClient({
    ...MICROSOFT_CLIENT,
    redirectUris: ['microsoft', 'microsoft_teams'].map((id) => `${publicUrl}/connect/callback/${id}`),
    permissions: { delegated: ['User.Read', 'Calendars.ReadWrite', 'Calendars.ReadBasic', 'OnlineMeetings.ReadWrite'] },
  });
  return {
    ...world,
    zoom: atZoom.control,
    webex: atWebex.control,
    goto: atGoTo.control,
    deleteAtZoom: async (meetingId) => {
      const headers = { authorization: zoomToken };
      const deleted = await fetch(`${atZoom.url}/v2/meetings/${meetingId}`, { method: 'DELETE', headers });
      if (!deleted.ok) throw new Error(`Zoom did not delete the meeting: ${deleted.status}`);
    },
    close: async () => {
      await world.close();
      await Promise.all([atZoom.close(), atWebex.close(), atGoTo.close()]);
    },
  };
}

/** @param remember Is told with what the backend asks Zoom. */
function servicesAt(
  urls: { zoom: string; webex: string; goto: string },
  at: MeetingPlaces,
  remember: (authorization: string) => void,
): readonly ConferencingService[] {
  const common = { outbound: createOutbound({ timeoutMs: 2000 }), now: at.clock.now };
  const standard = (url: string) => ({
    authorization: `${url}/oauth/authorize`,
    token: `${url}/oauth/token`,
    revocation: `${url}/oauth/revoke`,
    api: url,
  });
  const { googleUrl, microsoftUrl } = at;
  const toZoom = createOutbound({
    timeoutMs: 2000,
    fetch: (url, init) => {
      if (url.pathname.startsWith('/v2/')) remember(new Headers(init.headers).get('authorization') ?? '');
      return fetch(url, init);
    },
  });
  return [
    zoom({ ...CLIENT, ...common, outbound: toZoom, endpoints: standard(urls.zoom) }),
    googleMeet({
      ...GOOGLE_CLIENT,
      ...common,
      endpoints: {
        issuer: googleUrl,
        authorization: `${googleUrl}/o/oauth2/v2/auth`,
        token: `${googleUrl}/token`,
        revocation: `${googleUrl}/revoke`,
        keys: `${googleUrl}/oauth2/v3/certs`,
        meet: googleUrl,
      },
    }),
    microsoftTeams({
      ...MICROSOFT_CLIENT,
      ...common,
      endpoints: { issuerOrigin: microsoftUrl, authority: microsoftUrl, tokenAuthority: microsoftUrl, graph: microsoftUrl },
    }),
    webex({
      ...CLIENT,
      ...common,
      endpoints: { authorization: `${urls.webex}/v1/authorize`, token: `${urls.webex}/v1/access_token`, api: urls.webex },
    }),
    goTo({ ...CLIENT, ...common, endpoints: standard(urls.goto) }),
  ];
}

/** A service as partners and people know it, and who has an account there. */
export interface TestedService {
  readonly id: string;
  readonly providerName: string;
  readonly name: string;
  readonly login: string;
  /** Goes from our page through its pages. */
  readonly through: (browser: Browser, page: Screen, decision?: 'decline') => Promise<Screen>;
}

/** Emulated services of one kind: an account is picked, then the consent is given or not. */
function through(allow: string, decline: string): TestedService['through'] {
  return async (browser, page, decision) => {
    const accounts = await browser.visit(onwardLink(page.text) ?? page.url);
    const consent = await browser.submit(accounts, { press: AMIRA });
    return browser.submit(consent, { press: decision === undefined ? allow : decline });
  };
}

export const SERVICES: readonly TestedService[] = [
  { id: 'zoom', providerName: 'zoom', name: 'Zoom', login: AMIRA, through: through('Allow', 'Decline') },
  {
    id: 'google_meet',
    providerName: 'google_meet_api',
    name: 'Google Meet',
    login: JONAS,
    through: (browser, page, decision) =>
      goThroughGoogle(browser, page, { account: JONAS, decision: decision === undefined ? 'Allow' : 'Cancel' }),
  },
  {
    id: 'microsoft_teams',
    providerName: 'ms_teams',
    name: 'Microsoft Teams',
    login: LEA,
    through: (browser, page, decision) =>
      goThroughMicrosoft(browser, page, { account: LEA, decision: decision === undefined ? 'Accept' : 'Cancel' }),
  },
  { id: 'webex', providerName: 'webex', name: 'Webex', login: AMIRA, through: through('Accept', 'Decline') },
  { id: 'goto', providerName: 'go_to', name: 'GoTo', login: AMIRA, through: through('Allow', 'Deny') },
];

/** The service of this id. */
export function serviceNamed(id: string): TestedService {
  const found = SERVICES.find((service) => service.id === id);
  if (found === undefined) throw new Error(`no service ${id}`);
  return found;
}

interface AuthorizationBody {
  readonly authorization_request: { readonly url: string };
  readonly errors?: Readonly<Record<string, readonly { readonly key: string; readonly description: string }[]>>;
}

/** What userinfo tells of a conferencing profile. */
export interface ConferencingProfile {
  readonly provider_name: string;
  readonly profile_id: string;
  readonly profile_name: string;
  readonly profile_connected: boolean;
}

/** A partner's server with the access token of one account, and people's browsers. */
export interface MeetingPartner {
  ask<T>(method: string, path: string, body?: unknown): Promise<Answer<T>>;
  /** `POST /v1/conferencing_service_authorizations` */
  authorize(body?: object): Promise<Answer<AuthorizationBody>>;
  /** The address that it answers with. */
  link(body?: object): Promise<string>;
  profiles(): Promise<readonly ConferencingProfile[]>;
  /** Sends somebody through all of it; ends where the browser ends. */
  connect(
    service?: TestedService,
    doing?: { readonly browser?: Browser; readonly decision?: 'decline'; readonly redirectUri?: string },
  ): Promise<Screen>;
}

export function meetingPartner(world: MeetingWorld, accessToken: string): MeetingPartner {
  const ask: MeetingPartner['ask'] = async (method, path, body) =>
    readAnswer(
      await world.request(path, {
        method,
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  const authorize: MeetingPartner['authorize'] = (body = {}) =>
    ask('POST', '/v1/conferencing_service_authorizations', { redirect_uri: CALLBACK, ...body });
  const link: MeetingPartner['link'] = async (body) => (await authorize(body)).body.authorization_request.url;
  return {
    ask,
    authorize,
    link,
    profiles: async () => {
      const { body } = await ask<{ 'cronofy.data': { conferencing_profiles: readonly ConferencingProfile[] } }>('GET', '/v1/userinfo');
      return body['cronofy.data'].conferencing_profiles;
    },
    connect: async (service = serviceNamed('zoom'), { browser = world.browser(), decision, redirectUri = CALLBACK } = {}) => {
      const page = await browser.visit(await link({ provider_name: service.providerName, redirect_uri: redirectUri }));
      return service.through(browser, await browser.submit(page, { press: 'Continue' }), decision);
    },
  };
}
