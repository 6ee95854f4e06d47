import { knownServers } from '../connect/server-knowledge.ts';
import { CalendarConnectError } from '../errors.ts';
import type { ServerKnowledge } from '../providers/password-sign-in.ts';
import type { Settings } from './settings.ts';
import { withBackend } from './with-backend.ts';

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
  return withBackend(settings, async (backend) => {
    if ((await backend.store.findApplication(applicationId)) === undefined) {
      throw new CalendarConnectError('application_not_found', `No application has the client id ${applicationId}.`);
    }
    return (await knownServers(backend, { applicationId, provider: 'exchange', mailDomain })).knowledge;
  });
}
