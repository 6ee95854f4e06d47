import type { Handler } from 'hono';
import type { Backend, ConfiguredConferencing } from '../../backend.ts';
import { CalendarRefusal, type FieldError, type FieldErrors } from '../../calendars/calendar-refusal.ts';
import { mintForConferencing } from '../../connect/mint-conferencing-session.ts';
import type { Application } from '../../storage/questions/applications.ts';
import { hashSecret, newSecret } from '../../vault/secrets.ts';
import { answerPrivateJson } from '../json-answer.ts';
import { authorized } from './authorized.ts';
import { readJsonObject } from './json-body.ts';

type Deps = Pick<Backend, 'store' | 'conferencing' | 'limits' | 'publicUrl' | 'now'>;

/**
 * `POST /v1/conferencing_service_authorizations`: the address where the account's person connects a conferencing service. It opens once, in one
 * browser, within an hour, and says to the person whose account it is for.
 *
 * @throws RateLimited after too many for one account
 */
export function conferencingAuthorizations(deps: Deps): Handler {
  return authorized(deps, 'authorize_conferencing', async ({ c, account }) => {
    const application = await deps.store.findApplication(account.applicationId);
    const { redirectUri, service } = readRequest(deps, application, await readJsonObject(c));
    deps.limits.countSession(account.applicationId, account.accountId);
    const ticket = newSecret();
    const session = await mintForConferencing(deps, {
      applicationId: account.applicationId,
      accountId: account.accountId,
      scope: account.scope,
      redirectUri,
      service: service?.id,
      ticketHash: hashSecret(ticket),
    });
    const url = deps.publicUrl.at(`/conferencing_services/${session.id}?ticket=${ticket}`);
    return answerPrivateJson({ authorization_request: { url } });
  });
}

interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly service: ConfiguredConferencing | undefined;
}

/** @throws CalendarRefusal naming every field that is wrong */
function readRequest(
  deps: Pick<Deps, 'conferencing'>,
  application: Application | undefined,
  body: Readonly<Record<string, unknown>>,
): AuthorizationRequest {
  const { redirect_uri: redirectUri, provider_name: providerName } = body;
  const service = serviceNamed(deps, providerName);
  const errors: FieldErrors = {
    ...named('redirect_uri', wrongRedirectUri(application, redirectUri)),
    ...named('provider_name', wrongProviderName(deps, { providerName, service })),
  };
  if (typeof redirectUri === 'string' && Object.keys(errors).length === 0) return { redirectUri, service };
  throw new CalendarRefusal({ reason: 'invalid', errors });
}

function named(field: string, error: FieldError | undefined): FieldErrors {
  return error === undefined ? {} : { [field]: [error] };
}

function wrongRedirectUri(application: Application | undefined, uri: unknown): FieldError | undefined {
  if (uri === undefined || uri === null || uri === '') return { key: 'errors.required', description: 'redirect_uri must be specified' };
  if (typeof uri === 'string' && application?.redirectUris.includes(uri) === true) return undefined;
  return {
    key: 'errors.not_recognized',
    description: 'redirect_uri must be one of the application’s registered redirect URIs, exactly as registered',
  };
}

function wrongProviderName(
  { conferencing }: Pick<Deps, 'conferencing'>,
  asked: { providerName: unknown; service: unknown },
): FieldError | undefined {
  const known = [...conferencing.values()].flatMap(namesOf);
  if (known.length === 0) {
    return { key: 'errors.not_available', description: 'no conferencing service is set up at this backend; its operator can change that' };
  }
  if (isAbsent(asked.providerName) || asked.service !== undefined) return undefined;
  return { key: 'errors.not_recognized', description: `provider_name must be one of ${known.join(', ')}, or left out` };
}

function serviceNamed({ conferencing }: Pick<Deps, 'conferencing'>, name: unknown): ConfiguredConferencing | undefined {
  return [...conferencing.values()].find((service) => namesOf(service).some((each) => each === name));
}

/** As partners know it: `zoom`, `go_to`, `google_meet_api` … */
function namesOf(service: ConfiguredConferencing): readonly string[] {
  return service.modes.full?.requestNames ?? [];
}

/** SDKs send what they have not got as `null`, or empty. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
