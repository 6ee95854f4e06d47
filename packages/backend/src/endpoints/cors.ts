import type { Context, MiddlewareHandler } from 'hono';
import type { Backend } from '../backend.ts';
import { ConnectError } from '../connect/connect-error.ts';
import type { Application } from '../storage/questions/applications.ts';

/** What {@link allowRegisteredOrigins} leaves for the endpoint behind it. */
export interface ConnectEnv {
  Variables: {
    /** The application that `client_id` in the query names. */
    application: Application | undefined;
    /** The page's origin, where a browser sent one: registered for the application. */
    pageOrigin: string | undefined;
  };
}

/**
 * Lets pages of a registered origin read the answers of the `/connect/*` JSON endpoints, never with credentials; nothing else ever gets
 * an `Access-Control-Allow-Origin`. `client_id` is in the query, so that a preflight, which has no body, can be answered.
 */
export function allowRegisteredOrigins(deps: Pick<Backend, 'store'>): MiddlewareHandler<ConnectEnv> {
  return async function allowRegisteredOrigins(c, next) {
    c.header('Vary', 'Origin');
    c.header('Cache-Control', 'no-store');
    const clientId = c.req.query('client_id');
    const origin = c.req.header('origin');
    const application = clientId === undefined ? undefined : await deps.store.findApplication(clientId);
    c.set('application', application);
    c.set('pageOrigin', origin);
    if (origin !== undefined) {
      if (application === undefined) throw unknownApplication(clientId);
      if (!application.origins.includes(origin)) {
        throw new ConnectError('origin_not_registered', `The origin ${origin.slice(0, 200)} is not registered for this application.`);
      }
      c.header('Access-Control-Allow-Origin', origin);
    }
    if (c.req.method === 'OPTIONS') return preflight(c);
    await next();
    return undefined;
  };
}

function preflight(c: Context): Response {
  c.header('Access-Control-Allow-Methods', 'GET, POST, DELETE');
  c.header('Access-Control-Allow-Headers', 'authorization, content-type');
  c.header('Access-Control-Max-Age', '600');
  return c.body(null, 204);
}

/** The application that the query names. @throws ConnectError `unknown_application` */
export function requireApplication(c: Context<ConnectEnv>): Application {
  const application = c.get('application');
  if (application === undefined) throw unknownApplication(c.req.query('client_id'));
  return application;
}

/** The origin of the page that asks. @throws ConnectError `origin_not_registered` where no page does */
export function requirePageOrigin(c: Context<ConnectEnv>): string {
  const origin = c.get('pageOrigin');
  if (origin === undefined) {
    throw new ConnectError(
      'origin_not_registered',
      'Origin: expected the header that a browser sends, naming a registered origin of the application',
    );
  }
  return origin;
}

function unknownApplication(clientId: string | undefined): ConnectError {
  return clientId === undefined
    ? new ConnectError('invalid_request', 'client_id: expected in the query')
    : new ConnectError('unknown_application', 'client_id: no application has this id');
}
