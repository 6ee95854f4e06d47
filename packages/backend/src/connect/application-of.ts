import type { Backend } from '../backend.ts';
import type { Application } from '../storage/questions/applications.ts';
import type { Session } from '../storage/session-row.ts';
import { ConnectError } from './connect-error.ts';

/** The application of a session. @throws ConnectError `unknown_application` where it was deleted meanwhile */
export async function applicationOf(deps: Pick<Backend, 'store'>, session: Session): Promise<Application> {
  const application = await deps.store.findApplication(session.applicationId);
  if (application === undefined) throw new ConnectError('unknown_application', 'The application of this session is gone.');
  return application;
}
