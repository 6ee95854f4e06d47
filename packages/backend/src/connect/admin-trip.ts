import type { Backend } from '../backend.ts';
import { newCodeVerifier } from '../oauth/pkce.ts';
import type { AdminApproval } from '../storage/admin-approval-row.ts';
import { ID_PREFIX, issueToken } from '../vault/issued-token.ts';
import { newSecret } from '../vault/secrets.ts';
import type { SealContext } from '../vault/vault.ts';
import { callbackOf } from './depart.ts';
import { adminPartOf, approvedClient } from './wait-for-admin.ts';

/** Soon enough for whoever waits, and too late to be a way of making their window work. */
const LOOK_SOON_MS = 30_000;

type Deps = Pick<Backend, 'store' | 'vault' | 'providers' | 'clients' | 'changes' | 'work' | 'publicUrl' | 'log' | 'now'>;

/**
 * Where an administrator approves. With the secret of the link itself as state it is an address to paste, whose answer only leads back to our
 * page; see {@link departForApproval} for the one that counts.
 */
export async function approvalAddress(
  deps: Pick<Deps, 'providers' | 'clients' | 'publicUrl'>,
  approval: AdminApproval,
  state: string,
): Promise<URL> {
  const { provider, part } = adminPartOf(deps, approval);
  return (await part()).approvalUrl(await approvedClient(deps, provider, approval), {
    redirectUri: callbackOf(deps, provider.id),
    mode: approval.accessMode,
    state,
    organisation: approval.organisation,
  });
}

/** Sends an administrator to approve, from our page and bound to their browser. */
export async function departForApproval(deps: Deps, approval: AdminApproval, browserHash: string): Promise<URL> {
  const state = issueToken(ID_PREFIX.adminApproval, deps.now(), approval.id);
  await deps.store.departAdmin({ id: approval.id, browserHash, stateHash: state.secretHash });
  return approvalAddress(deps, approval, state.text);
}

/** Somebody came back from an address that was pasted: nothing of it is known, but that it is worth looking soon. */
export async function noteUnboundAnswer(deps: Deps, approval: AdminApproval, query: URLSearchParams): Promise<void> {
  const { part } = adminPartOf(deps, approval);
  if ((await part()).readApproval(query).outcome !== 'approved') return;
  await deps.store.scheduleProbe({ id: approval.id, notBeforeMs: Math.min(approval.probeNotBeforeMs, deps.now() + LOOK_SOON_MS) });
}

/** What the provider's page said at our callback, before the administrator has shown who they are. */
export type ApprovalAnswer =
  /** Where they show it. */
  | { readonly outcome: 'prove'; readonly to: URL }
  | { readonly outcome: 'declined' }
  | { readonly outcome: 'failed'; readonly because: 'not_administrator' | 'other_organisation' | 'unavailable' };

/**
 * Takes what came back from the approval page. The answer carries `admin_consent=True` and a `tenant` that anybody can type: both are passed over,
 * and the administrator is sent on to sign in, so that their id token says which organisation it is.
 */
export async function takeApprovalAnswer(
  deps: Deps,
  approval: AdminApproval,
  answer: { readonly query: URLSearchParams; readonly browserHash: string },
): Promise<ApprovalAnswer> {
  const { provider, part } = adminPartOf(deps, approval);
  const admin = await part();
  const reading = admin.readApproval(answer.query);
  if (reading.outcome === 'failed') {
    deps.log({ level: 'warn', event: 'admin_approval_failed', approval: approval.id, provider: provider.id, hint: reading.operatorHint });
    return { outcome: 'failed', because: reading.because };
  }
  if (reading.outcome === 'declined') {
    for (const id of await deps.store.declineApproval({ id: approval.id, nowMs: deps.now() })) deps.changes.announce(id);
    deps.work.nudge();
    return { outcome: 'declined' };
  }
  const nowMs = deps.now();
  const state = issueToken(ID_PREFIX.adminApproval, nowMs, approval.id);
  const trip = { state: state.text, nonce: newSecret(), codeVerifier: newCodeVerifier() };
  const dataKey = await deps.store.findDataKey(approval.applicationId);
  await deps.store.departAdmin({
    id: approval.id,
    browserHash: answer.browserHash,
    stateHash: state.secretHash,
    proof: { nonce: trip.nonce, verifierSealed: deps.vault.seal(dataKey, adminVerifierPlace(approval), trip.codeVerifier) },
  });
  const to = admin.proofUrl(await approvedClient(deps, provider, approval), {
    redirectUri: callbackOf(deps, provider.id),
    mode: approval.accessMode,
    organisation: approval.organisation,
    ...trip,
  });
  return { outcome: 'prove', to };
}

/** What the administrator's proof came to. */
export type Proof =
  | { readonly outcome: 'approved'; readonly people: number }
  /** They are of another organisation than the one that was asked. */
  | { readonly outcome: 'other_organisation' }
  | { readonly outcome: 'unproven' };

/**
 * Takes the administrator's own token, and lets everybody go on who waits for their organisation. The trip asked for what was to be approved: who
 * gets it without being an administrator shows as well that it is allowed there. The caller has taken the trip's state.
 */
export async function takeProof(deps: Deps, approval: AdminApproval, query: URLSearchParams): Promise<Proof> {
  const { provider, part } = adminPartOf(deps, approval);
  const connect = await provider.connect();
  const reading = connect.readCallback(query);
  const { adminNonce: nonce, adminVerifierSealed: verifierSealed } = approval;
  const client = await deps.clients.byId(provider, approval.providerClientId);
  if (reading.outcome !== 'code' || nonce === undefined || verifierSealed === undefined || client === undefined)
    return { outcome: 'unproven' };
  const dataKey = await deps.store.findDataKey(approval.applicationId);
  const proven = await (
    await part()
  ).prove(client, {
    redirectUri: callbackOf(deps, provider.id),
    mode: approval.accessMode,
    organisation: approval.organisation,
    code: reading.code,
    nonce,
    codeVerifier: deps.vault.open(dataKey, adminVerifierPlace(approval), verifierSealed),
  });
  if (proven.outcome === 'failed' || proven.identity.organisation === undefined) {
    const hint = proven.outcome === 'failed' ? proven.operatorHint : 'a personal account signed in';
    deps.log({ level: 'warn', event: 'admin_unproven', approval: approval.id, provider: provider.id, hint });
    return { outcome: 'unproven' };
  }
  const { organisation } = proven.identity;
  if (approval.organisation !== undefined && approval.organisation !== organisation) {
    deps.log({ level: 'warn', event: 'admin_of_another_organisation', approval: approval.id, provider: provider.id, organisation });
    return { outcome: 'other_organisation' };
  }
  const { sessionIds } = await deps.store.approveOrganisation({
    id: approval.id,
    providerClientId: approval.providerClientId,
    organisation,
    accessMode: approval.accessMode,
    nowMs: deps.now(),
  });
  deps.log({ level: 'info', event: 'admin_approved', approval: approval.id, provider: provider.id, organisation });
  for (const id of sessionIds) deps.changes.announce(id);
  deps.work.nudge();
  return { outcome: 'approved', people: sessionIds.length };
}

function adminVerifierPlace(approval: { id: string; applicationId: string }): SealContext {
  return { purpose: 'admin_approval.verifier/1', rowId: approval.id, applicationId: approval.applicationId };
}
