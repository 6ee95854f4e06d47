/** Who may consent to a permission: the person; the person where the organisation's policy lets them; the administrator alone. */
export type ConsentNeed = 'person' | 'policy' | 'admin';

/** A delegated permission, in Microsoft's own words. */
export interface Permission {
  readonly text: string;
  readonly need: ConsentNeed;
}

/** An API that permissions belong to. */
export interface Resource {
  readonly uri: string;
  readonly appId: string;
  readonly displayName: string;
  readonly delegated: ReadonlyMap<string, Permission>;
  readonly application: ReadonlySet<string>;
}

/** What signing in asks for. @see {@link https://learn.microsoft.com/entra/identity-platform/scopes-oidc} */
export const SIGN_IN_SCOPES: ReadonlyMap<string, Permission> = new Map([
  ['openid', { text: 'Sign you in', need: 'person' }],
  ['profile', { text: 'View your basic profile', need: 'person' }],
  ['email', { text: 'View your email address', need: 'person' }],
  ['offline_access', { text: 'Maintain access to data you have given it access to', need: 'person' }],
]);

/** @see {@link https://learn.microsoft.com/graph/permissions-reference} */
export const GRAPH: Resource = {
  uri: 'https://graph.microsoft.com',
  appId: '00000003-0000-0000-c000-000000000000',
  displayName: 'Microsoft Graph',
  delegated: new Map([
    ['User.Read', { text: 'Sign you in and read your profile', need: 'person' }],
    ['User.ReadBasic.All', { text: "Read all users' basic profiles", need: 'policy' }],
    ['User.Read.All', { text: "Read all users' full profiles", need: 'admin' }],
    ['User.RevokeSessions.All', { text: 'Revoke all sign in sessions for a user', need: 'admin' }],
    ['Calendars.ReadBasic', { text: 'Read basic details of your calendars', need: 'policy' }],
    ['Calendars.Read', { text: 'Read your calendars', need: 'policy' }],
    ['Calendars.ReadWrite', { text: 'Have full access to your calendars', need: 'policy' }],
    ['Calendars.Read.Shared', { text: 'Read calendars you can access', need: 'policy' }],
    ['Calendars.ReadWrite.Shared', { text: 'Read and write to your and shared calendars', need: 'policy' }],
    ['MailboxSettings.Read', { text: 'Read your mailbox settings', need: 'policy' }],
    ['MailboxSettings.ReadWrite', { text: 'Read and write to your mailbox settings', need: 'policy' }],
    ['OnlineMeetings.ReadWrite', { text: 'Read and create your online meetings', need: 'policy' }],
    ['Place.Read.All', { text: 'Read all company places', need: 'admin' }],
  ]),
  application: new Set([
    'Calendars.ReadBasic.All',
    'Calendars.Read',
    'Calendars.ReadWrite',
    'MailboxSettings.Read',
    'Place.Read.All',
    'User.Read.All',
  ]),
};

/** The resource of EWS in Exchange Online. */
export const EXCHANGE_ONLINE: Resource = {
  uri: 'https://outlook.office365.com',
  appId: '00000002-0000-0ff1-ce00-000000000000',
  displayName: 'Office 365 Exchange Online',
  delegated: new Map([
    ['User.Read', { text: 'Sign you in and read your profile', need: 'person' }],
    ['EWS.AccessAsUser.All', { text: 'Access mailboxes as you via Exchange Web Services', need: 'policy' }],
  ]),
  application: new Set(['full_access_as_app']),
};

const RESOURCES: readonly Resource[] = [GRAPH, EXCHANGE_ONLINE];

/** Finds a resource by its address, with or without a slash at the end, or by its application id. */
export function findResource(uriOrAppId: string): Resource | undefined {
  const wanted = uriOrAppId.toLowerCase().replace(/\/+$/, '');
  return RESOURCES.find(({ uri, appId }) => uri === wanted || appId === wanted);
}
