import { knownServers } from '../connect/server-knowledge.ts';
import { CalendarConnectError } from '../errors.ts';
import { openBackend } from '../open-backend.ts';
import type { ServerKnowledge } from '../providers/password-sign-in.ts';
import { openHome } from './home.ts';
import type { Settings } from './settings.ts';

/** Whose knowledge, and of which mail domain. */
export interface KnowledgeOf {
  readonly applicationId: string;
  readonly mailDomain: string;
}

/**
 * Looks up what the page would know of a mail domain for people of an application. Works while a backend runs.
 *
 * @throws CalendarConnectError `application_not_found`
 */
export async function loadKnowledge(settings: Settings, { applicationId, mailDomain }: KnowledgeOf): Promise<ServerKnowledge> {
  const home = openHome(settings);
  const backend = await openBackend({ publicUrl: 'http://localhost', database: home.database, keys: home.keys, providers: [] }).catch(
    async (error: unknown) => {
      await home.database.close();
      throw error;
    },
  );
  try {
    if ((await backend.store.findApplication(applicationId)) === undefined) {
      throw new CalendarConnectError('application_not_found', `No application has the client id ${applicationId}.`);
    }
    return (await knownServers(backend, { applicationId, provider: 'exchange', mailDomain })).knowledge;
  } finally {
    await backend.store.close();
  }
}
