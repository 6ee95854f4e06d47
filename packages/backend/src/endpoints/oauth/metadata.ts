import type { Handler } from 'hono';
import { answerJson } from '../json-answer.ts';
import type { Backend } from '../../backend.ts';
import { PARTNER_SCOPES } from '../../oauth/scopes.ts';

/** `GET /.well-known/oauth-authorization-server` ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414)). Built from the stated public URL, never from Host. */
export function metadata({ publicUrl }: Pick<Backend, 'publicUrl'>): Handler {
  const document = {
    issuer: publicUrl.issuer,
    authorization_endpoint: publicUrl.at('/oauth/authorize'),
    token_endpoint: publicUrl.at('/oauth/token'),
    revocation_endpoint: publicUrl.at('/oauth/token/revoke'),
    userinfo_endpoint: publicUrl.at('/v1/userinfo'),
    scopes_supported: PARTNER_SCOPES,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    revocation_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    authorization_response_iss_parameter_supported: true,
    // Said because the second means `true` where it is left out (OpenID Connect Discovery §3).
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    ui_locales_supported: ['en'],
  };
  return function metadata(c) {
    c.header('Cache-Control', 'public, max-age=300');
    return answerJson(c, document);
  };
}
