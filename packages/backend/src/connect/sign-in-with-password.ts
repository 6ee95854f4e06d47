import type { Backend, ConfiguredProvider } from '../backend.ts';
import { RateLimited } from '../limits/rate-limited.ts';
import type { FindOutcome, PasswordSignIn, SignInOutcome } from '../providers/password-sign-in.ts';
import type { DomainServerKey } from '../storage/questions/domain-servers.ts';
import type { Session } from '../storage/session-row.ts';
import { arriveOnOwnPage } from './arrive.ts';
import { type Known, knownServers, rememberForColleagues } from './server-knowledge.ts';
import { BEGINNING, readProgress, type SignInProblem, type SignInProgress, writeProgress } from './sign-in-progress.ts';
import { countedUser, userNameBy } from './user-name-form.ts';

/** What signing people in on our own page needs. */
export type SignInDeps = Pick<
  Backend,
  'store' | 'vault' | 'providers' | 'conferencing' | 'clients' | 'changes' | 'work' | 'limits' | 'publicUrl' | 'log' | 'now'
>;

/** Who signs in where, in which session, and from where, as the limits know it. */
export interface SigningIn {
  readonly session: Session;
  readonly provider: ConfiguredProvider;
  readonly signIn: PasswordSignIn;
  readonly client: string | undefined;
}

/** What stands in the form before anything is asked of a server, as it was typed. */
export interface TypedMailbox {
  readonly address: string;
  readonly serverAddress: string | undefined;
  readonly userName: string | undefined;
}

/** Looks where the password would go, and remembers which page comes next. Nothing of the person's leaves but the mail address. */
export async function findMailbox(deps: SignInDeps, who: SigningIn, typed: TypedMailbox): Promise<void> {
  const before = await readProgress(deps, who.session);
  const { approvedHosts } = typed.address === before.address ? before : BEGINNING;
  await look(deps, who, { ...typed, step: 'address', approvedHosts });
}

/** The person has said that their password may go to the host that they were asked about, or that it may not. */
export async function answerConsent(deps: SignInDeps, who: SigningIn, isYes: boolean): Promise<void> {
  const { consentHost, ...progress } = await readProgress(deps, who.session);
  if (consentHost === undefined) return;
  if (isYes) return look(deps, who, { ...progress, step: 'address', approvedHosts: [...progress.approvedHosts, consentHost] });
  const problem: SignInProblem = { kind: 'failed', reason: 'server_not_found' };
  await writeProgress(deps, who.session, { ...progress, step: 'address', problem });
}

/** Goes back to where address and server are typed. */
export async function changeMailbox(deps: SignInDeps, { session }: SigningIn): Promise<void> {
  const { address, serverAddress, userName } = await readProgress(deps, session);
  await writeProgress(deps, session, { ...BEGINNING, address, serverAddress, userName });
}

async function look(deps: SignInDeps, who: SigningIn, asked: SignInProgress): Promise<void> {
  const { problem: _settled, ...progress } = asked;
  const save = (changes: Partial<SignInProgress>) => writeProgress(deps, who.session, { ...progress, ...changes });
  const waitSeconds = secondsToWait(() =>
    deps.limits.countServerLookup({
      applicationId: who.session.applicationId,
      mailDomain: who.signIn.mailDomain(progress.address),
      address: who.client,
    }),
  );
  if (waitSeconds !== undefined) return save({ problem: { kind: 'too_many', retryAfterSeconds: waitSeconds } });
  const { known, found } = await find(deps, who, progress);
  switch (found.outcome) {
    case 'found': {
      const { target, gone } = found;
      for (const server of known.servers) {
        if (gone.includes(server.ewsUrl)) await deps.store.forgetServer({ ...server, learnedOnly: true });
      }
      const server = known.servers.find(({ ewsUrl }) => ewsUrl === target.ewsUrl);
      const form = server && { domain: server.userNameDomain, form: server.userNameForm };
      return save({ step: 'password', target, form });
    }
    case 'needs_consent':
      return save({ step: 'consent', consentHost: found.host });
    case 'address_invalid':
    case 'server_address_invalid':
      return save({ problem: { kind: found.outcome } });
    case 'failed':
      tell(deps, who, found);
      return save({ problem: problemOf(found) });
  }
}

async function find(
  deps: SignInDeps,
  { session, provider, signIn }: SigningIn,
  progress: SignInProgress,
): Promise<{ readonly known: Known; readonly found: FindOutcome }> {
  const known = await knownServers(deps, domainOf({ session, provider, signIn }, progress.address));
  return { known, found: await signIn.find(progress, known.knowledge) };
}

function domainOf({ session, provider, signIn }: Omit<SigningIn, 'client'>, address: string): DomainServerKey {
  return { applicationId: session.applicationId, provider: provider.id, mailDomain: signIn.mailDomain(address) ?? '' };
}

/** Whether the person is through with the page, or sees another one of it. */
export type SignInEnd = 'over' | 'goes_on';

/** Tries a password, once. It is kept where it connects, and nowhere else. */
export async function signInOnce(
  deps: SignInDeps,
  who: SigningIn,
  typed: { readonly userName: string | undefined; readonly password: string },
): Promise<SignInEnd> {
  const { problem: _settled, ...progress } = await readProgress(deps, who.session);
  const { target, form } = progress;
  if (target === undefined || progress.step !== 'password') return 'goes_on';
  const userName = typed.userName ?? userNameBy(form ?? { domain: undefined, form: 'address' }, progress.address);
  const again = async (changes: Partial<SignInProgress>): Promise<SignInEnd> => {
    await writeProgress(deps, who.session, { ...progress, userName: typed.userName, ...changes });
    return 'goes_on';
  };
  if (userName === undefined) return again({ problem: { kind: 'user_name_invalid' } });
  const of = domainOf(who, progress.address);
  const attempt = {
    login: progress.address.trim().toLowerCase(),
    userAtHost: countedUser(userName, target.host),
    mailDomain: of.mailDomain,
    address: who.client,
  };
  const waitSeconds = secondsToWait(() => deps.limits.countSignIn(attempt));
  if (waitSeconds !== undefined) return again({ problem: { kind: 'too_many', retryAfterSeconds: waitSeconds } });
  const { knowledge } = await knownServers(deps, of);
  const outcome = await who.signIn.signIn({ ...progress, target, userName, password: typed.password }, knowledge);
  if (outcome.outcome === 'connected') {
    await connect(deps, who, outcome);
    await rememberForColleagues(deps, { ...of, address: progress.address, userName }, outcome.server);
    return 'over';
  }
  return again(afterFailure(deps, who, outcome));
}

async function connect(
  deps: SignInDeps,
  { session, provider }: SigningIn,
  connected: Extract<SignInOutcome, { outcome: 'connected' }>,
): Promise<void> {
  const client = await deps.clients.forApplication(provider, session.applicationId);
  await arriveOnOwnPage(deps, { session, provider, client }, connected);
  await deps.store.eraseSignIn(session.id);
}

/** What concerns the person stays where the password is typed; what concerns the server goes back to where that is. */
const OF_THE_LOGIN: readonly string[] = [
  'wrong_password',
  'account_locked',
  'access_switched_off',
  'server_busy',
  'login_unsafe',
  'identity_unverified',
];

function afterFailure(
  deps: SignInDeps,
  who: SigningIn,
  outcome: Exclude<SignInOutcome, { outcome: 'connected' }>,
): Partial<SignInProgress> {
  switch (outcome.outcome) {
    case 'needs_consent':
      return { step: 'consent', consentHost: outcome.host };
    case 'login_invalid':
      return { problem: { kind: outcome.field === 'password' ? 'password_invalid' : 'user_name_invalid' } };
    case 'failed':
      tell(deps, who, outcome);
      return { problem: problemOf(outcome), ...(OF_THE_LOGIN.includes(outcome.reason) ? {} : { step: 'address', target: undefined }) };
  }
}

type Failed = Extract<SignInOutcome, { outcome: 'failed' }>;

function problemOf({ reason, code, host }: Failed): SignInProblem {
  return { kind: 'failed', reason, code, host };
}

/** The host is the operator's business, who may have to let it in; the person's address is not. */
function tell({ log }: SignInDeps, { session, provider }: SigningIn, { reason, code, host }: Failed): void {
  log({
    level: 'warn',
    event: `connect_${reason}`,
    session: session.id,
    application: session.applicationId,
    provider: provider.id,
    ...(host === undefined ? {} : { host }),
    ...(code === undefined ? {} : { hint: code }),
  });
}

/** How long to wait where there were too many; `undefined` where it counts. */
function secondsToWait(count: () => void): number | undefined {
  try {
    count();
    return undefined;
  } catch (error) {
    if (!(error instanceof RateLimited)) throw error;
    return error.retryAfterSeconds;
  }
}

/** Ends the session because the person does not go on: as failed where they were kept from it, else as declined. */
export async function giveUpSigningIn(deps: SignInDeps, session: Session): Promise<void> {
  const { problem } = await readProgress(deps, session);
  const failed = problem?.kind === 'failed' ? problem : undefined;
  await deps.store.endSession({
    id: session.id,
    nowMs: deps.now(),
    ...(failed === undefined
      ? { state: 'declined' }
      : { state: 'failed', reason: failed.reason, ...(failed.code === undefined ? {} : { code: failed.code }) }),
  });
  await deps.store.eraseSignIn(session.id);
  deps.changes.announce(session.id);
}
