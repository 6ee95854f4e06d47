import type { Handler } from 'hono';
import { CalendarConnectError } from '../../errors.ts';
import { answerPrivateJson } from '../json-answer.ts';
import { type AdminDeps, applicationsFor } from './admin-deps.ts';
import { readProvision } from './admin-requests.ts';
import { FieldErrors, withFieldErrors } from './field-errors.ts';

/**
 * `POST /v1/applications`: registers an application as the SDKs of the partner API do, by a name and the address of its site. Pages of that
 * site may hold the element; redirect URIs are given later, by the admin API or the command.
 */
export function provisionApplication(deps: AdminDeps): Handler {
  return withFieldErrors(async function provisionApplication(c) {
    const { name, url } = await readProvision(c);
    const { application, clientSecret } = await applicationsFor(deps, c)
      .create({ name, redirectUris: [], origins: [URL.canParse(url) ? new URL(url).origin : url] })
      .catch(aboutUrl);
    return answerPrivateJson({ oauth_client: { client_id: application.id, client_secret: clientSecret } });
  });
}

/** This endpoint has no field for an origin. */
function aboutUrl(error: unknown): never {
  if (!(error instanceof CalendarConnectError) || error.code !== 'origin_invalid') throw error;
  throw new FieldErrors([{ field: 'url', key: 'errors.url_invalid', description: `url: ${error.message}` }]);
}
