import { hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

/**
 * An adapter on SQLite as one would write it for production, and as fast as its interface allows: one table, one prepared statement for
 * each question, every lookup by an index, synchronous.
 *
 * Keys are hashed and the payload is without the key, so that no token can be read from a stolen database: ours does the same.
 */
export function createSqliteAdapter(database: DatabaseSync): AdapterFactory {
  database.exec(`CREATE TABLE models (
    model TEXT NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL, expires_at INTEGER, consumed_at INTEGER,
    grant_id TEXT, uid TEXT, user_code TEXT, PRIMARY KEY (model, id)) WITHOUT ROWID`);
  database.exec('CREATE INDEX models_by_grant ON models (grant_id) WHERE grant_id IS NOT NULL');
  database.exec('CREATE INDEX models_by_uid ON models (uid) WHERE uid IS NOT NULL');
  database.exec('CREATE INDEX models_by_user_code ON models (user_code) WHERE user_code IS NOT NULL');
  const statements = prepareStatements(database);
  return (model) => createAdapter(model, statements);
}

function prepareStatements(database: DatabaseSync) {
  const columns = 'id, payload, expires_at, consumed_at';
  return {
    upsert: database.prepare(
      `INSERT INTO models (model, id, payload, expires_at, grant_id, uid, user_code) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (model, id) DO UPDATE SET payload = excluded.payload, expires_at = excluded.expires_at, grant_id = excluded.grant_id,
         uid = excluded.uid, user_code = excluded.user_code`,
    ),
    find: database.prepare(`SELECT ${columns} FROM models WHERE model = ? AND id = ?`),
    findByUid: database.prepare(`SELECT ${columns} FROM models WHERE uid = ?`),
    findByUserCode: database.prepare(`SELECT ${columns} FROM models WHERE user_code = ?`),
    consume: database.prepare('UPDATE models SET consumed_at = ? WHERE model = ? AND id = ?'),
    destroy: database.prepare('DELETE FROM models WHERE model = ? AND id = ?'),
    revoke: database.prepare('DELETE FROM models WHERE grant_id = ?'),
  };
}

interface Row {
  readonly payload: string;
  readonly expires_at: number | null;
  readonly consumed_at: number | null;
}

function createAdapter(model: string, statements: ReturnType<typeof prepareStatements>): Adapter {
  return {
    async upsert(id, payload, expiresIn) {
      const { jti: _key, ...kept } = payload;
      const expiresAt = expiresIn ? nowSeconds() + expiresIn : null;
      const { grantId = null, uid = null, userCode = null } = payload;
      statements.upsert.run(model, keyOf(id), JSON.stringify(kept), expiresAt, grantId, uid, userCode);
    },
    async find(id) {
      return toPayload(statements.find.get(model, keyOf(id)), id);
    },
    async findByUid(uid) {
      return toPayload(statements.findByUid.get(uid), undefined);
    },
    async findByUserCode(userCode) {
      return toPayload(statements.findByUserCode.get(userCode), undefined);
    },
    async consume(id) {
      statements.consume.run(nowSeconds(), model, keyOf(id));
    },
    async destroy(id) {
      statements.destroy.run(model, keyOf(id));
    },
    async revokeByGrantId(grantId) {
      statements.revoke.run(grantId);
    },
  };
}

function toPayload(found: object | undefined, id: string | undefined): AdapterPayload | undefined {
  if (found === undefined) return undefined;
  const row = found as Row;
  if (row.expires_at !== null && row.expires_at <= nowSeconds()) return undefined;
  const payload = JSON.parse(row.payload) as AdapterPayload;
  return { ...payload, ...(id === undefined ? {} : { jti: id }), ...(row.consumed_at === null ? {} : { consumed: row.consumed_at }) };
}

const keyOf = (id: string): string => hash('sha256', id, 'base64url');

const nowSeconds = (): number => Math.floor(Date.now() / 1000);
