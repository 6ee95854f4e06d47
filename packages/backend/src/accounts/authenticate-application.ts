import type { Backend } from '../backend.ts';
import type { Application } from '../storage/questions/applications.ts';
import { equalHash, hashSecret } from '../vault/secrets.ts';

/** Compared with where the application is unknown, so that this takes as long as a wrong secret does. */
const NOBODY = hashSecret('');

/** The application that shows its secret; `undefined` where either is wrong, and nobody can tell which. */
export async function authenticateApplication(
  store: Pick<Backend['store'], 'findApplication'>,
  credentials: { readonly clientId: string; readonly clientSecret: string },
): Promise<Application | undefined> {
  const application = await store.findApplication(credentials.clientId);
  const matches = equalHash(hashSecret(credentials.clientSecret), application?.secretHash ?? NOBODY);
  return matches && credentials.clientSecret !== '' ? application : undefined;
}
