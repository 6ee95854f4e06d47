import type { Backend } from '../backend.ts';
import { RateLimited } from '../limits/rate-limited.ts';
import type { Application } from '../storage/questions/applications.ts';
import { ID_PREFIX } from '../vault/issued-token.ts';
import { equalHash, hashSecret, newId } from '../vault/secrets.ts';

/** Compared with where the application is unknown, so that this takes as long as a wrong secret does. */
const NOBODY = hashSecret('');

type Deps = Pick<Backend, 'store' | 'knownApplications' | 'limits' | 'now'>;

/** A secret, whose it is said to be, and where it comes from. */
export interface ClientCredentials {
  /** `undefined` where the secret came alone, as Bearer: it names its application by itself. */
  readonly clientId: string | undefined;
  readonly clientSecret: string;
  readonly address: string | undefined;
}

/**
 * The application that shows its secret; `undefined` where either is wrong, and nobody can tell which. A wrong secret leaves a row in the
 * audit trail.
 *
 * @throws RateLimited after too many wrong ones; they are no longer written down, and from an address with too many not even looked at
 */
export async function authenticateApplication(deps: Deps, credentials: ClientCredentials): Promise<Application | undefined> {
  const attempt = { applicationId: credentials.clientId ?? '', address: credentials.address };
  // A secret that comes alone is known by nothing else: it is looked at always, and only a wrong one is told to wait.
  const waitMs = credentials.clientId === undefined ? 0 : deps.limits.authentication.waitMs(attempt);
  if (waitMs > 0) throw new RateLimited(waitMs);
  const secretHash = hashSecret(credentials.clientSecret);
  const known = credentials.clientId === undefined ? undefined : deps.knownApplications.recall(credentials.clientId);
  // Compared where nobody is known too: whether an application showed its secret just now is no difference in the work.
  const matchesKnown = equalHash(secretHash, known?.secretHash ?? NOBODY);
  if (known !== undefined && matchesKnown) {
    deps.limits.authentication.succeeded(attempt);
    deps.knownApplications.renew(known);
    return known;
  }
  // Also where it is known and the secret is another one: a wrong one takes as long as at an application that nobody knows.
  const application = await (credentials.clientId === undefined
    ? deps.store.findApplicationBySecret(secretHash)
    : deps.store.findApplication(credentials.clientId));
  const matches = equalHash(secretHash, application?.secretHash ?? NOBODY);
  if (application !== undefined && matches && credentials.clientSecret !== '') {
    deps.limits.authentication.succeeded({ ...attempt, applicationId: application.id });
    deps.knownApplications.remember(application);
    return application;
  }
  const limitedMs = deps.limits.authentication.failed({ ...attempt, isKnownApplication: application !== undefined });
  if (limitedMs > 0) throw new RateLimited(limitedMs);
  await deps.store.recordAudit({
    id: newId(ID_PREFIX.auditEvent, deps.now()),
    event: 'client_authentication_failed',
    applicationId: application?.id,
    detail: credentials.address,
  });
  return undefined;
}
