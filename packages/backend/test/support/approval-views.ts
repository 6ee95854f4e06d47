import {
  approvalDeclinedPage,
  approvalFailedPage,
  approvalLinkGonePage,
  approvedPage,
  approvePage,
  type ApproveView,
} from '../../src/pages/approve-page.ts';
import type { Page } from '../../src/pages/page.ts';
import { waitingPage, type WaitingView } from '../../src/pages/waiting-page.ts';

const APPROVAL_URL =
  'https://connect.acme.example/connect/approve/apr_6f1e0c2b9a7d4e5f8a1b2c3d.Xf3kq9ZrT0bV7mLw2pYcN8sHd4uGjA1eKiQoR6tBzWvE5';
const SCOPES = ['openid', 'email', 'profile', 'offline_access', 'User.Read', 'Calendars.ReadWrite'];
const REQUESTED_AT = Date.UTC(2026, 2, 3, 14, 5);

/** Somebody whose organisation is known and who waits. */
export const WAITING: WaitingView = {
  application: 'Acme Scheduler',
  provider: 'Microsoft',
  accessMode: 'full',
  scopes: SCOPES,
  organisation: 'contoso.example',
  email: 'amira@contoso.example',
  approvalUrl: APPROVAL_URL,
  state: 'waiting',
  declined: false,
  requestedAtMs: REQUESTED_AT,
  action: '/connect/waiting/ses_1',
  statusUrl: '/connect/waiting/ses_1/status',
  version: 4,
  backTo: undefined,
};

/** Somebody of whose organisation nothing is known. */
export const QUESTION: WaitingView = { ...WAITING, organisation: undefined, email: undefined };

/** The same request, as its administrator sees it. */
export const APPROVE: ApproveView = {
  application: 'Acme Scheduler',
  provider: 'Microsoft',
  accessMode: 'full',
  clientId: '9f3b2c1d-5e6f-4a7b-8c9d-0e1f2a3b4c5d',
  scopes: SCOPES,
  organisation: 'contoso.example',
  person: 'amira@contoso.example',
  requestedAtMs: REQUESTED_AT,
  action: '/connect/approve/apr_1',
  approvalUrl:
    'https://login.microsoftonline.com/contoso.example/v2.0/adminconsent?client_id=9f3b2c1d-5e6f-4a7b-8c9d-0e1f2a3b4c5d&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default',
  instructions: [
    {
      heading: 'Allow it for a group of people only',
      text: 'In the Entra admin centre, open Enterprise applications, choose the application, and set “Assignment required?” to Yes. Then add the group under Users and groups.',
      commands: [
        'Connect-MgGraph -Scopes Application.ReadWrite.All',
        'Update-MgServicePrincipal -ServicePrincipalId (Get-MgServicePrincipal -Filter "appId eq \'9f3b2c1d-5e6f-4a7b-8c9d-0e1f2a3b4c5d\'").Id -AppRoleAssignmentRequired',
      ],
    },
    { heading: 'Take it back', text: 'In the Entra admin centre, open Enterprise applications, choose the application, and delete it.' },
  ],
};

const AGAIN = '/connect/approve/apr_1';
const APPLICATION = 'Acme Scheduler';

/** Every state of every page of admin approval. */
export const APPROVAL_PAGES: Readonly<Record<string, () => Page>> = {
  'waiting, organisation unknown': () => waitingPage(QUESTION),
  'waiting, not an e-mail address': () => waitingPage({ ...QUESTION, email: 'amira', problem: 'email_invalid' }),
  'waiting, private account': () => waitingPage({ ...QUESTION, email: 'amira@outlook.example', problem: 'personal' }),
  'waiting, directory unavailable': () => waitingPage({ ...QUESTION, email: 'amira@contoso.example', problem: 'unavailable' }),
  waiting: () => waitingPage(WAITING),
  'waiting, with a page to go back to': () => waitingPage({ ...WAITING, accessMode: 'free_busy', backTo: 'https://acme.example/' }),
  'waiting, another organisation unknown': () =>
    waitingPage({ ...WAITING, email: 'amira@contos.example', problem: 'organisation_unknown' }),
  'waiting, declined': () => waitingPage({ ...WAITING, declined: true }),
  'waiting, tried too early': () => waitingPage({ ...WAITING, problem: 'not_approved_yet' }),
  'waiting, approved': () => waitingPage({ ...WAITING, state: 'approved' }),
  'waiting, approved and tried too early': () => waitingPage({ ...WAITING, state: 'approved', problem: 'not_approved_yet' }),
  approve: () => approvePage(APPROVE),
  'approve, nobody known': () =>
    approvePage({ ...APPROVE, accessMode: 'free_busy', organisation: undefined, person: undefined, instructions: [] }),
  approved: () => approvedPage({ application: APPLICATION, organisation: 'contoso.example', people: 3 }),
  'approved, one person': () => approvedPage({ application: APPLICATION, organisation: 'contoso.example', people: 1 }),
  'approved, nobody waits': () => approvedPage({ application: APPLICATION, organisation: undefined, people: 0 }),
  'approval declined': () => approvalDeclinedPage({ application: APPLICATION, again: AGAIN }),
  'approval of another organisation': () =>
    approvalFailedPage({ application: APPLICATION, what: 'other_organisation', again: AGAIN, expected: 'contoso.example' }),
  'approval unproven': () => approvalFailedPage({ application: APPLICATION, what: 'unproven', again: AGAIN }),
  'approval unavailable': () => approvalFailedPage({ application: APPLICATION, what: 'unavailable', again: AGAIN }),
  'approval link gone': () => approvalLinkGonePage(),
};
