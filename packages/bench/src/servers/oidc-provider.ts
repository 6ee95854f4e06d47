// `oidc-provider` with SQLite. Its codes are without `openid`, so that no id token has to be signed: ours signs none either. Only the
// tokens for its userinfo endpoint have that scope, because the endpoint asks for it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type Configuration, Provider } from 'oidc-provider';
import { readCounts, writeSeeded } from '../seed/seeded.ts';
import { createSqliteAdapter } from './oidc-sqlite-adapter.ts';
import { readSetup } from './setup.ts';
import { openDatabase, seedMany } from './sqlite-database.ts';

const DAY_SECONDS = 24 * 3600;
const CODE_SCOPE = 'offline_access email';
const TOKEN_SCOPE = 'openid offline_access email';

const setup = readSetup();
const database = openDatabase(join(setup.folder, 'oidc-provider.db'));
const configuration: Configuration = {
  adapter: createSqliteAdapter(database),
  clients: [
    {
      client_id: setup.clientId,
      client_secret: setup.clientSecret,
      redirect_uris: [setup.redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
  claims: { openid: ['sub'], email: ['email'] },
  cookies: { keys: [setup.clientSecret] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  // As ours: the refresh token stays the same.
  rotateRefreshToken: false,
  issueRefreshToken: () => true,
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@partner.example` }) }),
  ttl: {
    AccessToken: 3600,
    AuthorizationCode: DAY_SECONDS,
    Grant: DAY_SECONDS,
    IdToken: 3600,
    Interaction: 3600,
    RefreshToken: DAY_SECONDS,
    Session: DAY_SECONDS,
  },
};
const provider = new Provider(`http://localhost:${setup.port}`, configuration);
const answer = provider.callback();

let people = 0;

async function newGrant(scope: string): Promise<{ accountId: string; grantId: string }> {
  const accountId = `person-${(people += 1)}`;
  const grant = new provider.Grant({ accountId, clientId: setup.clientId });
  grant.addOIDCScope(scope);
  return { accountId, grantId: await grant.save() };
}

async function client() {
  const found = await provider.Client.find(setup.clientId);
  if (found === undefined) throw new Error('oidc-provider does not know its client');
  return found;
}

async function newCode(): Promise<string> {
  const code = new provider.AuthorizationCode({
    ...(await newGrant(CODE_SCOPE)),
    client: await client(),
    redirectUri: setup.redirectUri,
    codeChallenge: setup.codeChallenge,
    codeChallengeMethod: 'S256',
    scope: CODE_SCOPE,
    gty: 'authorization_code',
    expiresWithSession: false,
  });
  return code.save();
}

async function newTokens(): Promise<{ access: string; refresh: string }> {
  const grant = await newGrant(TOKEN_SCOPE);
  const shared = { ...grant, client: await client(), scope: TOKEN_SCOPE, gty: 'authorization_code', expiresWithSession: false };
  const access = new provider.AccessToken(shared);
  const refresh = new provider.RefreshToken({ ...shared, scope: TOKEN_SCOPE });
  return { access: await access.save(), refresh: await refresh.save() };
}

async function seed(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const counts = readCounts(new URL(request.url ?? '', 'http://localhost').searchParams) ?? { codes: 0, tokens: 0 };
  const codes = await seedMany(database, counts.codes, newCode);
  const tokens = await seedMany(database, counts.tokens, newTokens);
  response.end(writeSeeded({ codes, tokens }));
}

createServer((request, response) => {
  if (request.url === '/healthz') response.end('ok');
  else if (request.url?.startsWith('/__bench/seed')) void seed(request, response);
  else void answer(request, response);
}).listen(setup.port, '127.0.0.1');
