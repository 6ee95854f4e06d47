import type { CompiledQuery } from 'kysely';
import type Driver from 'pg';
import type { Client, ClientConfig, Pool, PoolClient, PoolConfig, QueryResult } from 'pg';
import { toConnectError, toStorageError } from './postgres-errors.ts';
import type { PostgresAddress } from './postgres-url.ts';
import { parserOf, toPostgresValues } from './postgres-values.ts';

/** Prepared statements kept per connection. The questions have a few hundred texts; lists of varying length must not grow this for ever. */
const maxPreparedStatements = 512;

/** How much later than the server the driver gives a statement up: only where the server has gone silent. */
const silenceMs = 5000;

/** A connection on loan. */
export interface PostgresConnection {
  /** Runs a compiled statement and answers with its rows. @throws StorageError */
  execute(query: CompiledQuery): Promise<readonly unknown[]>;
  /** Runs a statement without parameters and answers with what the server says it did, such as `COMMIT`. @throws StorageError */
  command(sql: string): Promise<string>;
  /** Gives it back; `broken` where it is in a state that nobody knows. */
  release(broken?: boolean): void;
}

/** The connections of one engine. */
export interface PostgresConnections {
  /** @throws StorageError */
  borrow(): Promise<PostgresConnection>;
  /** A connection outside the pool, whose statements may take as long as they need. @throws StorageError */
  open(): Promise<PostgresConnection>;
  /** Prepares every statement anew from now on: their tables were changed. */
  forgetPrepared(): void;
  /** Closes all of them, those on loan when they come back. */
  close(): Promise<void>;
}

/** Limits of {@link connectPostgres}, all of them in milliseconds but the first. */
export interface PostgresLimits {
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

/** Makes a pool, which connects when it is first asked for a connection. The driver is loaded then too: who uses SQLite never pays for it. */
export function connectPostgres(address: PostgresAddress, limits: PostgresLimits): PostgresConnections {
  const prepared = createPreparedNames();
  let pool: Promise<Pool> | undefined;

  async function createPool(): Promise<Pool> {
    const { default: pg } = await import('pg');
    const created = new pg.Pool({ ...commonConfig(pg, address), ...poolConfig(limits) });
    // A connection that dies while nobody uses it is replaced when it is needed; without a listener it would end the process.
    return created.on('error', () => undefined);
  }

  async function borrow(): Promise<PostgresConnection> {
    const client = await (await (pool ??= createPool())).connect().catch((error: unknown) => {
      throw toConnectError(error, address.inWords);
    });
    return lend(client, prepared);
  }

  async function open(): Promise<PostgresConnection> {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ ...commonConfig(pg, address), connectionTimeoutMillis: limits.connectTimeoutMs });
    await client.connect().catch((error: unknown) => {
      throw toConnectError(error, address.inWords);
    });
    return lend(Object.assign(client, { release: () => void client.end() }), prepared);
  }

  return { borrow, open, forgetPrepared: () => prepared.forget(), close: async () => (await pool)?.end() };
}

function commonConfig(pg: Pick<typeof Driver, 'types'>, { config }: PostgresAddress): ClientConfig {
  return {
    ...config,
    // BEGIN goes out together with the first statement.
    pipeline: true,
    keepAlive: true,
    types: { getTypeParser: (typeId, format) => parserOf(typeId) ?? (pg.types.getTypeParser(typeId, format) as (text: string) => unknown) },
  };
}

function poolConfig(limits: PostgresLimits): PoolConfig {
  return {
    max: limits.poolSize,
    connectionTimeoutMillis: limits.connectTimeoutMs,
    idleTimeoutMillis: limits.idleTimeoutMs,
    statement_timeout: limits.statementTimeoutMs,
    // A backend that hangs in the middle of a transaction must not hold up the others.
    idle_in_transaction_session_timeout: limits.statementTimeoutMs,
    query_timeout: limits.statementTimeoutMs + silenceMs,
  };
}

/** Names of prepared statements, the same on every connection, so that each prepares a text once. */
interface PreparedNames {
  nameOf(query: CompiledQuery): string | undefined;
  forget(): void;
}

function createPreparedNames(): PreparedNames {
  let names = new Map<string, string>();
  let made = 0;
  return {
    nameOf(query) {
      // What migrations run is run once.
      if (query.query.kind === 'RawNode') return undefined;
      const known = names.get(query.sql);
      if (known !== undefined || names.size >= maxPreparedStatements) return known;
      const name = `q${(made += 1)}`;
      names.set(query.sql, name);
      return name;
    },
    forget: () => void (names = new Map()),
  };
}

function lend(client: PoolClient | (Client & { release(): void }), prepared: PreparedNames): PostgresConnection {
  // The statement that is running learns of a lost connection too; without a listener it would end the process.
  const ignore = (): void => undefined;
  client.on('error', ignore);

  function ask(query: { text: string; values?: unknown[]; name?: string | undefined }): Promise<QueryResult<object>> {
    return new Promise((resolve, reject) => {
      // With a callback, because the driver's own promise makes a stack trace for every statement.
      client.query(query, (error: unknown, result: QueryResult<object>) => {
        if (error) reject(toStorageError(error));
        else resolve(result);
      });
    });
  }

  return {
    execute: async (query) =>
      (await ask({ text: query.sql, values: toPostgresValues(query.parameters), name: prepared.nameOf(query) })).rows,
    command: async (sql) => (await ask({ text: sql })).command,
    release(broken = false) {
      client.removeListener('error', ignore);
      client.release(broken);
    },
  };
}
