import type { Context, MiddlewareHandler } from 'hono';
import { bearerToken } from '../oauth/bearer-token.ts';
import { answerXml } from './ews/answer-xml.ts';
import { EXCHANGE_ONLINE_SERVER } from './ews/online-server.ts';
import { endpointGroup, type MicrosoftFault } from './faults.ts';
import { EwsFault, writeFault } from '../ews-operations/soap.ts';
import { throttled } from './graph/concurrency.ts';
import { answerGraphError, GraphError, type GraphErrorStatus } from './graph/graph-error.ts';
import { AadstsError } from './oauth/aadsts.ts';
import { answerTokenError } from './oauth/token.ts';
import { outagePage } from './pages/error-page.ts';
import { sendPage } from './pages/send-page.ts';
import type { MicrosoftEnv, MicrosoftParts } from './parts.ts';

type FaultDeps = Pick<MicrosoftParts, 'faults' | 'tokens' | 'switches' | 'now'>;

/** Makes the trouble that the faults say, in the shape that each group of endpoints has for it. */
export function makeTrouble(deps: FaultDeps): MiddlewareHandler<MicrosoftEnv> {
  return async function strike(c, next) {
    const group = endpointGroup(c.req.path);
    const striking = deps.faults.strike(group, () => deps.tokens.findAccessToken(bearerToken(c) ?? '')?.email);
    const delayMs = striking.reduce((sum, fault) => sum + (fault.delayMs ?? 0), 0);
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    const fault = striking.find(({ status, aadsts }) => status !== undefined || aadsts !== undefined);
    if (fault?.aadsts !== undefined && group === 'token') return answerTokenError(c, new AadstsError(fault.aadsts), deps);
    if (fault?.aadsts !== undefined) c.set('forcedCode', fault.aadsts);
    return fault?.status === undefined ? next() : answerFault(c, fault, { status: fault.status, deps });
  };
}

function answerFault(
  c: Context<MicrosoftEnv>,
  fault: MicrosoftFault,
  { status, deps }: { status: NonNullable<MicrosoftFault['status']>; deps: FaultDeps },
): Response | Promise<Response> {
  if (fault.retryAfterSeconds !== undefined) c.header('Retry-After', String(fault.retryAfterSeconds));
  switch (endpointGroup(c.req.path)) {
    case 'graph':
      return answerGraphError(c, graphError(fault, status), deps.now());
    case 'ews':
      return answerEwsFault(c, fault, status);
    case 'authorize':
    case 'adminconsent':
      return sendPage(c, outagePage(status), { status: status < 429 ? 400 : (status as 429), switches: deps.switches.forAll() });
    default:
      // What an outage of the token endpoint says is not documented but for the code of a busy one.
      return c.json(
        { error: 'temporarily_unavailable', error_description: 'The server is temporarily too busy to handle the request.' },
        status,
      );
  }
}

function answerEwsFault(c: Context<MicrosoftEnv>, { ewsCode, retryAfterSeconds }: MicrosoftFault, status: GraphErrorStatus): Response {
  if (ewsCode === undefined) return c.body(null, status);
  const backOffMs = retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1000;
  c.header('Retry-After', undefined);
  return answerXml(
    c,
    writeFault(
      new EwsFault(ewsCode, 'The server cannot service this request right now. Try again later.', { backOffMs }),
      EXCHANGE_ONLINE_SERVER,
    ),
    500,
  );
}

const USUAL_CODES: Readonly<Record<number, string>> = {
  401: 'InvalidAuthenticationToken',
  403: 'ErrorAccessDenied',
  404: 'ErrorItemNotFound',
  500: 'InternalServerError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

function graphError({ graphCode }: MicrosoftFault, status: GraphErrorStatus): GraphError {
  if (status === 429) return new GraphError(429, graphCode ?? throttled().code, throttled().message);
  return new GraphError(status, graphCode ?? USUAL_CODES[status] ?? 'UnknownError', 'The service is not able to serve this request.');
}
