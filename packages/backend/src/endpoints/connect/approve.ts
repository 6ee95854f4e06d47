import type { Context, Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import {
  type ApprovalAnswer,
  approvalAddress,
  departForApproval,
  noteUnboundAnswer,
  takeApprovalAnswer,
  takeProof,
} from '../../connect/admin-trip.ts';
import { adminPartOf, approvalLink, approvedClient, domainOf } from '../../connect/wait-for-admin.ts';
import { approvalDeclinedPage, approvalFailedPage, approvalLinkGonePage, approvedPage, approvePage } from '../../pages/approve-page.ts';
import type { ApprovalFailure } from '../../pages/approval-sentences.ts';
import { onwardPage } from '../../pages/onward-page.ts';
import { answerPage, type Page } from '../../pages/page.ts';
import type { AdminApproval } from '../../storage/admin-approval-row.ts';
import { ID_PREFIX, readToken } from '../../vault/issued-token.ts';
import { equalHash } from '../../vault/secrets.ts';
import { isSameBrowser, tieToBrowser } from '../browser-cookie.ts';

type Deps = Pick<Backend, 'store' | 'vault' | 'providers' | 'clients' | 'changes' | 'work' | 'publicUrl' | 'log' | 'now'>;

/** `GET /connect/approve/{token}`: what an administrator is asked, in plain words, before they go to their provider's own page. */
export function showApproval(deps: Deps): Handler {
  return async function showApproval(c) {
    const token = c.req.param('token') ?? '';
    const approval = await approvalByLink(deps, token);
    if (approval === undefined) return answerPage(c, approvalLinkGonePage());
    const application = await applicationName(deps, approval);
    if (approval.closedAtMs !== undefined && approval.state !== 'approved') return answerPage(c, approvalLinkGonePage());
    if (approval.state === 'approved') {
      const people = await deps.store.countAllowed(approval);
      return answerPage(c, approvedPage({ application, organisation: organisationOf(approval), people }));
    }
    const { provider, part } = adminPartOf(deps, approval);
    const admin = await part();
    const client = await approvedClient(deps, provider, approval);
    return answerPage(
      c,
      approvePage({
        application,
        provider: provider.name,
        accessMode: approval.accessMode,
        clientId: client.clientId,
        scopes: provider.modes[approval.accessMode]?.scopes ?? [],
        note: provider.modes[approval.accessMode]?.note,
        organisation: organisationOf(approval),
        person: approval.email?.includes('@') === true ? approval.email : undefined,
        requestedAtMs: approval.createdAtMs,
        action: deps.publicUrl.at(`/connect/approve/${token}`),
        approvalUrl: (await approvalAddress(deps, approval, token)).href,
        returned: c.req.query('returned') !== undefined,
        instructions: admin.instructions(client, approval.accessMode),
      }),
    );
  };
}

/** `POST /connect/approve/{token}`: the page's button. */
export function goToApproval(deps: Deps): Handler {
  return async function goToApproval(c) {
    const approval = await approvalByLink(deps, c.req.param('token') ?? '');
    if (approval === undefined) return answerPage(c, approvalLinkGonePage());
    const { provider } = adminPartOf(deps, approval);
    const to = await departForApproval(deps, approval, tieToBrowser(c, deps.publicUrl, approval.id));
    return answerPage(c, onwardPage({ to: to.href, name: provider.name }));
  };
}

/**
 * The administrator's part of `GET /connect/callback/{provider}`; `undefined` where the state belongs to none, or to another browser.
 *
 * They come twice, each time with a state of that trip alone and in the browser that set out: from the approval page, whose answer proves nothing;
 * then from signing in, with an id token.
 */
export async function approvalCallback(
  deps: Deps,
  c: Context,
  back: { readonly state: string; readonly provider: string; readonly query: URLSearchParams },
): Promise<Response | undefined> {
  const token = readToken(ID_PREFIX.adminApproval, back.state);
  const approval = token && (await deps.store.findAdminApproval(token.id));
  if (token === undefined || approval === undefined || approval.provider !== back.provider) return undefined;
  if (equalHash(approval.linkHash, token.secretHash)) {
    await noteUnboundAnswer(deps, approval, back.query);
    return c.redirect(`${await approvalLink(deps, approval)}?returned`, 303);
  }
  if (!isSameBrowser(c, deps.publicUrl, { id: approval.id, browserHash: approval.adminBrowserHash })) return undefined;
  const taken = await deps.store.takeAdminState({ id: approval.id, stateHash: token.secretHash });
  // A reload, or another window of theirs set out since: the link shows how it stands.
  if (taken === undefined) return c.redirect(`${await approvalLink(deps, approval)}?returned`, 303);
  return taken.adminNonce === undefined
    ? takeFirst(deps, c, { approval: taken, query: back.query })
    : takeSecond(deps, c, { approval: taken, query: back.query });
}

interface ComingBack {
  readonly approval: AdminApproval;
  readonly query: URLSearchParams;
}

async function takeFirst(deps: Deps, c: Context, { approval, query }: ComingBack): Promise<Response> {
  const answer = await takeApprovalAnswer(deps, approval, { query, browserHash: tieToBrowser(c, deps.publicUrl, approval.id) });
  if (answer.outcome === 'prove') return c.redirect(answer.to.href, 303);
  return answerPage(c, await unapprovedPage(deps, approval, answer));
}

async function takeSecond(deps: Deps, c: Context, { approval, query }: ComingBack): Promise<Response> {
  const proof = await takeProof(deps, approval, query);
  if (proof.outcome === 'approved') return c.redirect(await approvalLink(deps, approval), 303);
  return answerPage(c, await failedPage(deps, approval, proof.outcome));
}

async function unapprovedPage(deps: Deps, approval: AdminApproval, answer: Exclude<ApprovalAnswer, { outcome: 'prove' }>): Promise<Page> {
  if (answer.outcome === 'failed') return failedPage(deps, approval, answer.because);
  const application = await applicationName(deps, approval);
  return hidingQuery(approvalDeclinedPage({ application, again: await approvalLink(deps, approval) }));
}

async function failedPage(deps: Deps, approval: AdminApproval, what: ApprovalFailure): Promise<Page> {
  const expected = organisationOf(approval);
  return hidingQuery(
    approvalFailedPage({
      application: await applicationName(deps, approval),
      what,
      again: await approvalLink(deps, approval),
      ...(expected === undefined ? {} : { expected }),
    }),
  );
}

/** State and code leave the address bar: somebody may pass the address on. */
function hidingQuery(page: Page): Page {
  return { ...page, script: `history.replaceState(null, '', location.pathname);${page.script ?? ''}` };
}

async function approvalByLink(deps: Deps, text: string): Promise<AdminApproval | undefined> {
  const token = readToken(ID_PREFIX.adminApproval, text);
  const approval = token && (await deps.store.findAdminApproval(token.id));
  return approval !== undefined && token !== undefined && equalHash(approval.linkHash, token.secretHash) ? approval : undefined;
}

async function applicationName(deps: Deps, approval: AdminApproval): Promise<string> {
  return (await deps.store.findApplication(approval.applicationId))?.name ?? '';
}

function organisationOf(approval: AdminApproval): string | undefined {
  return approval.email === undefined ? undefined : domainOf(approval.email);
}
