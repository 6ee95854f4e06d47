import type { Context, Hono } from 'hono';
import { accountPage, consentPage, errorPage } from '../pages/sign-in-pages.ts';
import { guardPage } from '../pages/guard-page.ts';
import type { Page, PageVendor } from '../pages/vendor-page.ts';
import type { ServiceParts } from '../serving/service-parts.ts';
import { readForm } from './read-form.ts';
import { parseSignIn, type SignInRequest } from './sign-in-request.ts';

/** The pages of a service's sign-in. */
export interface SignInPages extends PageVendor {
  /** Where apps send people; the forms go to addresses under it. */
  readonly path: string;
  /** What the scopes permit, in the service's words. */
  readonly scopeTexts: ReadonlyMap<string, string>;
  readonly scopeRequired: boolean;
  readonly defaultScopes: readonly string[];
  readonly allowButton: string;
  readonly declineButton: string;
}

type SignInDeps = Pick<ServiceParts, 'clients' | 'accounts' | 'codes' | 'switches'>;

interface Step {
  readonly c: Context;
  readonly deps: SignInDeps;
  readonly pages: SignInPages;
  readonly request: SignInRequest;
  /** Of the authorization request, with its question mark: each form carries it on. */
  readonly query: string;
}

/** Adds the pages that ask for an account and for consent. Every step checks the request anew; choosing an account stands for signing in. */
export function addSignIn(app: Hono, deps: SignInDeps, pages: SignInPages): void {
  const step = (take: (step: Step) => Promise<Response>): ((c: Context) => Promise<Response>) => {
    return async function takeStep(c) {
      const begun = await beginStep(c, deps, pages);
      return begun instanceof Response ? begun : take(begun);
    };
  };
  app.get(pages.path, step(askForAccount));
  app.post(`${pages.path}/account`, step(askForConsent));
  app.post(`${pages.path}/consent`, step(takeConsent));
}

async function beginStep(c: Context, deps: SignInDeps, pages: SignInPages): Promise<Step | Response> {
  const { search, searchParams } = new URL(c.req.url);
  const parsed = parseSignIn(searchParams, deps.clients, pages);
  if (parsed.outcome === 'page') return send({ c, deps }, errorPage(pages, parsed), 400);
  const { request } = parsed;
  const step = { c, deps, pages, request, query: search };
  return parsed.outcome === 'callback' ? redirect(step, { error: parsed.error }) : step;
}

async function askForAccount({ c, deps, pages, request, query }: Step): Promise<Response> {
  const action = `${pages.path}/account${query}`;
  return send({ c, deps }, accountPage(pages, { appName: appNameOf(request), accounts: deps.accounts.all(), action }));
}

async function askForConsent(step: Step): Promise<Response> {
  const { c, deps, pages, request, query } = step;
  const account = deps.accounts.find((await readForm(c.req.raw)).get('account') ?? '');
  if (account === undefined) return refuseAccount(step);
  if (deps.switches.forUser(account.email).appBlocked) return refuseApp(step);
  const page = consentPage(pages, {
    appName: appNameOf(request),
    email: account.email,
    scopes: request.scopes.map((scope) => ({ scope, text: pages.scopeTexts.get(scope) ?? scope })),
    buttons: { allow: pages.allowButton, decline: pages.declineButton },
    action: `${pages.path}/consent${query}`,
  });
  return send({ c, deps }, page);
}

async function takeConsent(step: Step): Promise<Response> {
  const { c, deps, request } = step;
  const form = await readForm(c.req.raw);
  const account = deps.accounts.find(form.get('account') ?? '');
  if (account === undefined) return refuseAccount(step);
  if (deps.switches.forUser(account.email).appBlocked) return refuseApp(step);
  if (form.get('decision') !== 'allow') return redirect(step, { error: 'access_denied' });
  const { redirectUri, challenge, scopes } = request;
  const { clientId } = request.client;
  return redirect(step, { code: deps.codes.issue({ clientId, redirectUri, challenge, email: account.email, scopes }) });
}

function refuseAccount({ c, deps, pages }: Step): Promise<Response> {
  return send({ c, deps }, errorPage(pages, { error: 'invalid_request', detail: 'Nobody has this account.' }), 400);
}

function refuseApp({ c, deps, pages }: Step): Promise<Response> {
  const detail = 'Your administrator does not let people of your organization use this app.';
  return send({ c, deps }, errorPage(pages, { error: 'app_not_allowed', detail }), 403);
}

async function send({ c, deps }: Pick<Step, 'c' | 'deps'>, page: Page, status: 200 | 400 | 403 = 200): Promise<Response> {
  guardPage(c, deps.switches.forAll());
  return c.html(page, status);
}

async function redirect({ c, deps, request }: Step, parameters: Readonly<Record<string, string>>): Promise<Response> {
  const target = new URL(request.redirectUri);
  const state = request.state === undefined ? {} : { state: request.state };
  for (const [name, value] of Object.entries({ ...parameters, ...state })) target.searchParams.append(name, value);
  guardPage(c, deps.switches.forAll());
  return c.redirect(target.href, 302);
}

function appNameOf({ client }: SignInRequest): string {
  return client.appName ?? 'Calendar app';
}
