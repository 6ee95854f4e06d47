import { hash, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { AuthorizationCode, AuthorizationCodeModel, Client, RefreshTokenModel, Token } from '@node-oauth/oauth2-server';

/** The model of the code and refresh grants, and what makes codes by hand. */
export type Model = AuthorizationCodeModel & RefreshTokenModel;

/** Clients as `getClient` tells them. */
export interface RegisteredClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

/**
 * A model on SQLite with prepared statements, primary keys for every lookup, and hashed tokens. A code is taken by one statement, so that of
 * two simultaneous requests one wins.
 */
export function createSqliteModel(database: DatabaseSync, registered: RegisteredClient): Model {
  const statements = prepareStatements(database);
  const client: Client = {
    id: registered.clientId,
    grants: ['authorization_code', 'refresh_token'],
    redirectUris: [registered.redirectUri],
  };
  const secretHash = keyOf(registered.clientSecret);
  return {
    generateAccessToken: async () => newToken(),
    generateRefreshToken: async () => newToken(),
    getClient: async (id, secret) => (id === client.id && keyOf(secret) === secretHash ? client : undefined),
    saveAuthorizationCode: async (code, owner, user) => {
      const { authorizationCode, expiresAt, redirectUri, scope = [], codeChallenge = null } = code;
      statements.insertCode.run(
        keyOf(authorizationCode),
        String(user['id']),
        expiresAt.getTime(),
        redirectUri,
        scope.join(' '),
        codeChallenge,
      );
      return { ...code, client: owner, user };
    },
    getAuthorizationCode: async (text) => {
      const row = statements.findCode.get(keyOf(text)) as CodeRow | undefined;
      return row && toCode(row, { authorizationCode: text, client });
    },
    revokeAuthorizationCode: async ({ authorizationCode }) => statements.takeCode.get(keyOf(authorizationCode)) !== undefined,
    saveToken: async (token, owner, user) => {
      saveToken(database, statements, { token, userId: String(user['id']) });
      return { ...token, client: owner, user };
    },
    getAccessToken: async (text) => {
      const standing = toStanding(statements.findAccess.get(keyOf(text)), client);
      return standing && { accessToken: text, accessTokenExpiresAt: standing.endsAt, ...standing };
    },
    getRefreshToken: async (text) => {
      const standing = toStanding(statements.findRefresh.get(keyOf(text)), client);
      return standing && { refreshToken: text, refreshTokenExpiresAt: standing.endsAt, ...standing };
    },
    revokeToken: async (token) =>
      'refreshToken' in token && token.refreshToken !== undefined && statements.takeRefresh.get(keyOf(token.refreshToken)) !== undefined,
  };
}

interface CodeRow {
  readonly user_id: string;
  readonly expires_at: number;
  readonly redirect_uri: string;
  readonly scope: string;
  readonly code_challenge: string;
}

interface TokenRow {
  readonly user_id: string;
  readonly expires_at: number;
  readonly scope: string;
}

/** What a token of either kind stands for. */
function toStanding(found: object | undefined, client: Client) {
  if (found === undefined) return undefined;
  const row = found as TokenRow;
  return { endsAt: new Date(row.expires_at), scope: row.scope.split(' '), client, user: { id: row.user_id } };
}

function toCode(row: CodeRow, known: Pick<AuthorizationCode, 'authorizationCode' | 'client'>): AuthorizationCode {
  return {
    ...known,
    expiresAt: new Date(row.expires_at),
    redirectUri: row.redirect_uri,
    scope: row.scope.split(' '),
    codeChallenge: row.code_challenge,
    codeChallengeMethod: 'S256',
    user: { id: row.user_id },
  };
}

function prepareStatements(database: DatabaseSync) {
  const tokenColumns = 'token_hash TEXT PRIMARY KEY, user_id TEXT NOT NULL, scope TEXT NOT NULL, expires_at INTEGER NOT NULL';
  database.exec(`CREATE TABLE access_tokens (${tokenColumns}) WITHOUT ROWID`);
  database.exec(`CREATE TABLE refresh_tokens (${tokenColumns}) WITHOUT ROWID`);
  database.exec(`CREATE TABLE codes (
    code_hash TEXT PRIMARY KEY, user_id TEXT NOT NULL, expires_at INTEGER NOT NULL, redirect_uri TEXT NOT NULL, scope TEXT NOT NULL,
    code_challenge TEXT) WITHOUT ROWID`);
  return {
    insertCode: database.prepare('INSERT INTO codes VALUES (?, ?, ?, ?, ?, ?)'),
    findCode: database.prepare('SELECT * FROM codes WHERE code_hash = ?'),
    takeCode: database.prepare('DELETE FROM codes WHERE code_hash = ? RETURNING code_hash'),
    insertAccess: database.prepare('INSERT INTO access_tokens VALUES (?, ?, ?, ?)'),
    insertRefresh: database.prepare('INSERT INTO refresh_tokens VALUES (?, ?, ?, ?)'),
    findAccess: database.prepare('SELECT * FROM access_tokens WHERE token_hash = ?'),
    findRefresh: database.prepare('SELECT * FROM refresh_tokens WHERE token_hash = ?'),
    takeRefresh: database.prepare('DELETE FROM refresh_tokens WHERE token_hash = ? RETURNING token_hash'),
  };
}

/** Both tokens of an exchange in one transaction: one wait for the disk and not two. */
function saveToken(
  database: DatabaseSync,
  statements: ReturnType<typeof prepareStatements>,
  saved: { token: Token; userId: string },
): void {
  const { accessToken, accessTokenExpiresAt, refreshToken, refreshTokenExpiresAt, scope = [] } = saved.token;
  const isInTransaction = database.isTransaction || refreshToken === undefined;
  if (!isInTransaction) database.exec('BEGIN');
  statements.insertAccess.run(keyOf(accessToken), saved.userId, scope.join(' '), accessTokenExpiresAt?.getTime() ?? 0);
  if (refreshToken !== undefined) {
    statements.insertRefresh.run(keyOf(refreshToken), saved.userId, scope.join(' '), refreshTokenExpiresAt?.getTime() ?? 0);
  }
  if (!isInTransaction) database.exec('COMMIT');
}

/** 256 random bits. */
export const newToken = (): string => randomBytes(32).toString('base64url');

const keyOf = (token: string | null): string => hash('sha256', token ?? '', 'base64url');
