import type { Context } from 'hono';
import type { MicrosoftUser } from '../directory/people.ts';
import { accountPage } from '../pages/account-page.ts';
import { sendPage } from '../pages/send-page.ts';
import type { MicrosoftEnv, MicrosoftParts } from '../parts.ts';
import { AadstsError } from './aadsts.ts';
import { principalAt } from './authority.ts';
import { appValues, parseAuthorizationRequest, type AuthorizationRequest } from './authorization-request.ts';
import { answerCallback, errorParameters, refuseOnPage } from './callback-answer.ts';
import { appNameOf } from './clients.ts';

/** What the pages of an authorization use. */
export type ConversationDeps = Pick<
  MicrosoftParts,
  'clients' | 'tenants' | 'people' | 'consents' | 'codes' | 'switches' | 'now' | 'approvalRequests'
>;

/** One step of an authorization whose request passed every check. */
export interface Conversation {
  readonly c: Context<MicrosoftEnv>;
  readonly request: AuthorizationRequest;
  readonly deps: ConversationDeps;
}

/** Reads the request and begins a step, or returns the answer that refuses. Every step checks anew. */
export async function beginStep(c: Context<MicrosoftEnv>, deps: ConversationDeps): Promise<Conversation | Response> {
  const parsed = parseAuthorizationRequest(c.req.param('tenant') ?? '', new URL(c.req.url).searchParams, deps);
  if (!parsed.ok) {
    if (parsed.callback === undefined) return refuseOnPage(c, parsed.error, deps);
    return answerCallback(c, parsed.callback, { parameters: errorParameters(parsed.error, deps), deps });
  }
  const step = { c, request: parsed.request, deps };
  const forcedCode = c.get('forcedCode');
  return forcedCode === undefined ? step : redirectWithAadsts(step, forcedCode);
}

/** Sends the browser to the app with an error of the sign-in service. */
export function redirectWithAadsts({ c, request, deps }: Conversation, code: number, oauthError?: string): Response | Promise<Response> {
  const error = new AadstsError(code, appValues(request.client));
  return answerCallback(c, request.callback, { parameters: errorParameters(error, deps, oauthError), deps });
}

/** Shows the page that asks for an account. */
export function showAccountPage({ c, request, deps }: Conversation, signedIn: readonly MicrosoftUser[]): Response | Promise<Response> {
  const hinted = request.loginHint === undefined ? undefined : deps.people.find(request.loginHint);
  const page = accountPage({
    appName: appNameOf(request.client),
    accounts: offeredAccounts(request.domainHint, deps),
    signedIn,
    hinted,
    action: stepAction(c, 'account'),
  });
  return sendPage(c, page, { switches: deps.switches.forAll() });
}

/** Says whether this account may sign in at the request's address. */
export function isWelcome({ request: { authority, client }, deps: { people } }: Conversation, user: MicrosoftUser): boolean {
  try {
    principalAt(user, authority, { people, client });
    return true;
  } catch (error) {
    if (error instanceof AadstsError) return false;
    throw error;
  }
}

/** Returns where a form of the conversation goes: the request's query travels with every step. */
export function stepAction(c: Context, step: 'account' | 'consent' | 'approval' | 'decision'): string {
  const url = new URL(c.req.url);
  const start = url.pathname.replace(/\/(account|consent|approval|decision)$/, '');
  return `${start}/${step}${url.search}`;
}

/** `domain_hint` narrows the list: `organizations`, `consumers`, or a domain. */
export function offeredAccounts(
  hint: string | undefined,
  { people, tenants }: Pick<MicrosoftParts, 'people' | 'tenants'>,
): MicrosoftUser[] {
  const tenantId = hint === undefined ? undefined : tenants.find(hint)?.id;
  return people.all().filter((user) => {
    if (hint === 'consumers') return user.isPersonal;
    if (hint === 'organizations') return !user.isPersonal;
    return tenantId === undefined || user.homeTenantId === tenantId || user.guestOf.includes(tenantId);
  });
}
