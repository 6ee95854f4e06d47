import { en } from '@calendar-connect/protocol/sentences/en';
import { failureSentences } from '../../connect/failure-sentences.ts';
import { isOffered, offerOf } from '../../connect/offer.ts';
import { readProgress, type SignInProblem, type SignInProgress } from '../../connect/sign-in-progress.ts';
import { userNameBy } from '../../connect/user-name-form.ts';
import { exchangeAddressPage } from '../../pages/exchange-address-page.ts';
import { exchangeConsentPage } from '../../pages/exchange-consent-page.ts';
import { exchangePasswordPage, type PasswordPageUserName } from '../../pages/exchange-password-page.ts';
import type { ShownProblem } from '../../pages/exchange-problem.ts';
import type { Page } from '../../pages/page.ts';
import { credentialsAddress, type CredentialsDeps, type Entering } from './credentials-session.ts';
import { itTeamAddress } from './it-team.ts';
import { newTicket } from './proving-session.ts';

/** Failures that the person may mend by saying which server is theirs. */
const OF_THE_SERVER: readonly string[] = [
  'server_not_found',
  'server_unreachable',
  'server_not_exchange',
  'server_access_denied',
  'certificate_untrusted',
  'address_refused',
  'server_too_old',
];
/** Failures behind which a firewall may be, or a proxy that knows us by our addresses. */
const OF_THE_FIREWALL: readonly string[] = ['server_not_found', 'server_unreachable', 'server_access_denied'];
/** Failures that an organisation's IT team can mend. */
const OF_THE_IT_TEAM: readonly string[] = [
  ...OF_THE_FIREWALL,
  'server_not_exchange',
  'server_too_old',
  'certificate_untrusted',
  'access_switched_off',
  'login_unsafe',
  'identity_unverified',
  'provider_refused',
];
/** Failures that lead on to the vendor's cloud. */
const OF_THE_CLOUD: readonly string[] = ['mailbox_in_cloud', 'modern_sign_in_required'];

/** The page that somebody is on who signs in. */
export async function credentialsPage(deps: CredentialsDeps, entering: Entering): Promise<Page> {
  const { who, application } = entering;
  const progress = await readProgress(deps, who.session);
  const common = {
    application: application.name,
    action: credentialsAddress(deps, who.session),
    ticket: await newTicket(deps, { session: who.session, application }),
    domain: who.signIn.mailDomain(progress.address) ?? '',
  };
  const { step, target, consentHost } = progress;
  if (step === 'consent' && consentHost !== undefined) return exchangeConsentPage({ ...common, host: consentHost });
  const problem = await shownProblem(deps, entering, progress.problem);
  if (step === 'password' && target !== undefined) {
    return exchangePasswordPage({
      ...common,
      address: progress.address,
      host: target.host,
      namedBy: target.namedBy,
      isForeign: target.vouchedBy === 'person' && target.ewsUrl !== undefined,
      goesOn: target.ewsUrl === undefined,
      userName: userNameOf(progress),
      problem,
    });
  }
  const reason = progress.problem?.kind === 'failed' ? progress.problem.reason : '';
  const cloud = OF_THE_CLOUD.includes(reason) ? cloudOf(deps, entering) : undefined;
  return exchangeAddressPage({
    ...common,
    address: progress.address,
    serverAddress: progress.serverAddress ?? '',
    userName: progress.userName ?? '',
    asksServer: OF_THE_SERVER.includes(reason) || progress.problem?.kind === 'server_address_invalid',
    cloud: cloud?.name,
    problem,
  });
}

/** The provider of the vendor's cloud, where the application offers it in the same mode. */
export function cloudOf(deps: CredentialsDeps, { who, application }: Entering): { readonly id: string; readonly name: string } | undefined {
  const id = who.signIn.cloudProvider;
  const offered = isOffered(offerOf(deps, application, who.session), id, who.session.accessMode ?? '');
  const provider = offered ? deps.providers.get(id) : undefined;
  return provider && { id, name: en.providers[id] ?? provider.name };
}

function userNameOf({ form, userName = '', address, problem }: SignInProgress): PasswordPageUserName {
  const wasRefused = problem?.kind === 'failed' && problem.reason === 'wrong_password';
  if (form !== undefined && userName === '' && !wasRefused) {
    const known = userNameBy(form, address);
    if (known === undefined) return { kind: 'own', typed: '', domain: form.domain };
    if (form.form !== 'address') return { kind: 'known', userName: known };
  }
  return { kind: 'asked', typed: userName, isOpen: userName !== '' || wasRefused };
}

async function shownProblem(
  deps: CredentialsDeps,
  { who }: Entering,
  problem: SignInProblem | undefined,
): Promise<ShownProblem | undefined> {
  if (problem?.kind !== 'failed') return problem;
  const { reason, code, host } = problem;
  const said = await failureSentences(deps, { ...who.session, failureReason: reason, failureCode: code });
  if (said === undefined) return undefined;
  return {
    kind: 'failed',
    sentences: said,
    code: code === undefined ? reason : `${reason} ${code}`,
    host,
    ...(OF_THE_FIREWALL.includes(reason) ? { letIn: deps.egressAddresses } : {}),
    ...(OF_THE_IT_TEAM.includes(reason) ? { itTeamPage: itTeamAddress(deps) } : {}),
  };
}
