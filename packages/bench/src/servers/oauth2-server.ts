// `@node-oauth/oauth2-server` with SQLite, on node:http: a framework would only slow it down.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import OAuth2Server from '@node-oauth/oauth2-server';
import { readCounts, writeSeeded } from '../seed/seeded.ts';
import { createSqliteModel, newToken } from './oauth2-sqlite-model.ts';
import { readSetup } from './setup.ts';
import { openDatabase, seedMany } from './sqlite-database.ts';

const DAY_MS = 24 * 3600_000;
const SCOPE = ['read_write'];

const setup = readSetup();
const database = openDatabase(join(setup.folder, 'oauth2-server.db'));
const model = createSqliteModel(database, setup);
// As ours: the refresh token stays the same.
const server = new OAuth2Server({ model, alwaysIssueNewRefreshToken: false });
const client = { id: setup.clientId, grants: ['authorization_code', 'refresh_token'] };

let people = 0;
const newPerson = () => ({ id: `person-${(people += 1)}` });

async function newCode(): Promise<string> {
  const authorizationCode = newToken();
  const code = {
    authorizationCode,
    expiresAt: new Date(Date.now() + DAY_MS),
    redirectUri: setup.redirectUri,
    scope: SCOPE,
    codeChallenge: setup.codeChallenge,
    codeChallengeMethod: 'S256',
  };
  await model.saveAuthorizationCode(code, client, newPerson());
  return authorizationCode;
}

async function newTokens(): Promise<{ access: string; refresh: string }> {
  const [accessToken, refreshToken, ends] = [newToken(), newToken(), new Date(Date.now() + DAY_MS)];
  const user = newPerson();
  const token = { accessToken, accessTokenExpiresAt: ends, refreshToken, refreshTokenExpiresAt: ends, scope: SCOPE, client, user };
  await model.saveToken(token, client, user);
  return { access: accessToken, refresh: refreshToken };
}

async function seed(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const counts = readCounts(new URL(request.url ?? '', 'http://localhost').searchParams) ?? { codes: 0, tokens: 0 };
  const codes = await seedMany(database, counts.codes, newCode);
  const tokens = await seedMany(database, counts.tokens, newTokens);
  response.end(writeSeeded({ codes, tokens }));
}

async function token(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Object.fromEntries(new URLSearchParams(await text(request)));
  const { headers, method = 'POST' } = request;
  const asked = new OAuth2Server.Request({ headers: headers as Record<string, string>, method, query: {}, body });
  const answered = new OAuth2Server.Response();
  try {
    await server.token(asked, answered);
  } catch {
    // The library has put the refusal into its response.
  }
  response.writeHead(answered.status ?? 500, { ...answered.headers, 'content-type': 'application/json' });
  response.end(JSON.stringify(answered.body));
}

createServer((request, response) => {
  if (request.url === '/healthz') response.end('ok');
  else if (request.url?.startsWith('/__bench/seed')) void seed(request, response);
  else void token(request, response);
}).listen(setup.port, '127.0.0.1');
