import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { GoogleParts } from '../parts.ts';
import { errorPage } from '../pages/error-page.ts';
import { sendPage } from '../pages/send-page.ts';
import type { GoogleUser } from '../world/world.ts';
import { parseAuthorizationRequest, type AuthorizationRequest, type PageError } from './authorization-request.ts';

/** The accounts that this browser has chosen before, by address. It stands for being signed in. */
export const SESSION_COOKIE = 'google_emulator_accounts';

/** Web views that say so in their name. Google has more ways of finding them out. */
const WEB_VIEW = /; wv\)|\bFBAN\b|\bFBAV\b/;

/** What the pages of an authorization use. */
export type ConversationDeps = Pick<GoogleParts, 'clients' | 'world' | 'grants' | 'codes' | 'switches' | 'issuer'>;

/** One step of an authorization whose request passed every check. */
export interface Conversation {
  readonly c: Context;
  readonly request: AuthorizationRequest;
  readonly deps: ConversationDeps;
}

/** Reads the request and begins a step, or returns the page that refuses. Every step checks anew. */
export async function beginStep(c: Context, deps: ConversationDeps): Promise<Conversation | Response> {
  const parsed = parseAuthorizationRequest(new URL(c.req.url).searchParams, deps.clients);
  if (!parsed.ok) return refuseOnPage(c, parsed.refusal, deps);
  if (deps.switches.forAll().disallowedUserAgent || WEB_VIEW.test(c.req.header('User-Agent') ?? '')) {
    const detail = "This app's request does not comply with Google's policy on secure browsers.";
    return refuseOnPage(c, { status: 403, error: 'disallowed_useragent', detail }, deps);
  }
  return { c, request: parsed.request, deps };
}

/** Shows an error on Google's own page. The app's callback never hears of it. */
export function refuseOnPage(c: Context, refusal: PageError, deps: Pick<GoogleParts, 'switches'>): Response | Promise<Response> {
  return sendPage(c, errorPage(refusal), { status: refusal.status, switches: deps.switches.forAll() });
}

/** Shows that nobody has the account that a form named. */
export function refuseUnknownAccount(c: Context, deps: Pick<GoogleParts, 'switches'>): Response | Promise<Response> {
  return refuseOnPage(c, { status: 400, error: 'invalid_request', detail: "Couldn't find your Google Account." }, deps);
}

/** Returns the query of the authorization request, which each form carries on. */
export function queryOf(c: Context): string {
  return new URL(c.req.url).search;
}

/** Returns the app's name as people see it. */
export function appNameOf({ client }: AuthorizationRequest): string {
  return client.appName ?? 'Calendar app';
}

/** Returns the accounts that are signed in in this browser, in the order in which they were chosen. */
export function signedInUsers(c: Context, { world }: Pick<GoogleParts, 'world'>): GoogleUser[] {
  const emails = (getCookie(c, SESSION_COOKIE) ?? '').split(' ');
  return emails.map((email) => world.userByEmail(email)).filter((user) => user !== undefined);
}
