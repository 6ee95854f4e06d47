import { auth } from 'googleapis/build/src/apis/calendar/index.js';
import { OutboundError } from '../../outbound/outbound-error.ts';
import type { OutboundInit } from '../../outbound/outbound.ts';
import { type Answer, readAnswer } from '../answer.ts';
import type { ProviderClient } from '../provider.ts';
import type { GoogleOAuthSettings } from './options.ts';

/** Google's OAuth client. */
export type GoogleClient = InstanceType<typeof auth.OAuth2>;

/** Whose request it is; nobody's where an access token says it all. */
type Asker = Pick<ProviderClient, 'clientId' | 'clientSecret'> | undefined;

/**
 * Lets Google's client make one request through our door, and gives what the server really answered.
 *
 * The client makes the request; what it makes of the answer is thrown away, for it is not fit to be used:
 * it takes a page of HTML for tokens, drops a refresh token that comes with a refresh, and puts answers into error messages.
 */
export async function ask(settings: GoogleOAuthSettings, asker: Asker, call: (google: GoogleClient) => Promise<unknown>): Promise<Answer> {
  let answer: Answer | undefined;
  const google = createGoogleClient(settings, asker, async (url, init) => {
    try {
      const response = await settings.outbound.fetch(url, init);
      answer = await readAnswer(response.clone(), settings.now());
      return response;
    } catch (error) {
      if (error instanceof OutboundError) answer = { answered: false, code: error.code };
      throw error;
    }
  });
  try {
    await call(google);
  } catch (error) {
    if (answer === undefined) throw error;
  }
  if (answer === undefined) throw new Error('the Google client made no request');
  return answer;
}

/** A client that sends by `send` only, once, and logs nothing. */
function createGoogleClient(
  settings: GoogleOAuthSettings,
  asker: Asker,
  send: (url: string | URL, init: OutboundInit) => Promise<Response>,
): GoogleClient {
  const google = new auth.OAuth2({
    ...(asker && { clientId: asker.clientId, clientSecret: asker.clientSecret }),
    endpoints: { oauth2TokenUrl: settings.endpoints.token },
    // The client's interceptors write headers and answers, tokens among them, to a log that an environment variable switches on.
    useAuthRequestParameters: false,
    transporterOptions: {
      fetchImplementation: (input, init) => send(addressOf(input), outboundInit(init)),
      // Every address: the client would otherwise make an agent for a proxy that the environment names, and stumble over a bad name.
      noProxy: [/^/],
    },
  });
  // The client asks for retries in each request, over `transporterOptions`, even for the exchange of a code that can be used once.
  google.transporter.interceptors.request.add({
    resolved: (config) => {
      const { retryConfig: _, ...rest } = config;
      return Promise.resolve({ ...rest, retry: false });
    },
  });
  return google;
}

function addressOf(input: string | URL | Request): string | URL {
  return input instanceof Request ? input.url : input;
}

/** What the client's request means; its proxies, agents and redirect rules stay behind, since they are our door's affair. */
function outboundInit(init: RequestInit | undefined): OutboundInit {
  const body = init?.body ?? undefined;
  if (body !== undefined && typeof body !== 'string' && !(body instanceof URLSearchParams)) {
    throw new TypeError('the Google client sent a body of an unexpected kind');
  }
  return { method: init?.method, headers: init?.headers, body };
}
