import { readFileSync } from 'node:fs';
import type { PoolConfig } from 'pg';
import { isLoopbackHost } from '../loopback-host.ts';
import { StorageError } from './storage-error.ts';

/** Where a PostgreSQL database is, as the driver takes it, and in words without the password. */
export interface PostgresAddress {
  readonly config: Pick<
    PoolConfig,
    'host' | 'port' | 'user' | 'password' | 'database' | 'application_name' | 'ssl' | 'enableChannelBinding'
  >;
  readonly inWords: string;
}

/** What `sslmode` may say. libpq's `allow` and `prefer` are missing: whoever sits in between only has to say that there is no TLS. */
const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full', 'no-verify'] as const;
type SslMode = (typeof SSL_MODES)[number];

/** Parameters of the address that are understood, named as libpq names them. */
const PARAMETERS = [
  'host',
  'port',
  'user',
  'password',
  'dbname',
  'application_name',
  'channel_binding',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
] as const;
type Parameter = (typeof PARAMETERS)[number];
type AddressParameters = Readonly<Partial<Record<Parameter, string>>>;

/** What a mode would pass over. Whoever names an authority wants it checked, and is told that it would not be. */
const UNUSED: Readonly<Partial<Record<SslMode, readonly Parameter[]>>> = {
  disable: ['sslrootcert', 'sslcert', 'sslkey'],
  'no-verify': ['sslrootcert'],
};

/**
 * Reads `postgres://user:password@host:port/database?sslmode=…`. What it leaves out, the driver takes from libpq's environment variables.
 *
 * @throws StorageError `cannot_open`, saying which part, what was expected and what to do; never the address itself, which holds a password
 * @see [Connection URIs](https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS)
 */
export function parsePostgresUrl(text: string): PostgresAddress {
  const url = parseUrl(text);
  const parameters = readParameters(url);
  const host = parameters.host ?? decoded(url.hostname).replace(/^\[(.*)\]$/, '$1');
  const port = readPort(parameters.port ?? url.port);
  const database = parameters.dbname ?? decoded(url.pathname.slice(1));
  const user = parameters.user ?? decoded(url.username);
  const password = parameters.password ?? decoded(url.password);
  return {
    config: {
      // The driver takes what is absent from the environment, and an empty text for absent.
      ...(host === '' ? {} : { host }),
      ...(port === undefined ? {} : { port }),
      ...(user === '' ? {} : { user }),
      ...(password === '' ? {} : { password }),
      ...(database === '' ? {} : { database }),
      application_name: parameters.application_name ?? 'calendar-connect',
      // Binds the password's proof to this TLS connection, where the server can.
      enableChannelBinding: readChannelBinding(parameters.channel_binding),
      ssl: readTls(host, parameters),
    },
    inWords: `PostgreSQL at ${host === '' ? 'the default host' : host}${port === undefined ? '' : `:${port}`}, database ${database || 'default'}`,
  };
}

function parseUrl(text: string): URL {
  const url = /^postgres(ql)?:\/\//.test(text) ? URL.parse(text) : null;
  // A password with characters of its own may have come to lie in any part, and the parts are told of. URL's own error would quote all of it.
  if (url !== null && url.hash === '' && !/[@:]/.test(url.pathname) && !url.search.includes('@')) return url;
  throw refused(
    'the address',
    'postgres://user:password@host:5432/database; characters such as # / ? @ in user or password are written %23 %2F %3F %40',
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refused('user, password or database', 'percent-encoded text (a plain % is written %25)');
  }
}

function readParameters(url: URL): AddressParameters {
  const known: Partial<Record<Parameter, string>> = {};
  for (const [name, value] of url.searchParams) {
    // Something that is to make the connection safer must not be passed over in silence.
    if (!isParameter(name)) throw refused(`parameter ${JSON.stringify(name)}`, `one of ${PARAMETERS.join(', ')}`);
    // Of two, one would be passed over too. A part of the address itself gives way, as in libpq: `localhost` is often written before a socket.
    if (known[name] !== undefined) throw refused(`parameter ${JSON.stringify(name)}`, 'it only once');
    known[name] = value;
  }
  return known;
}

function isParameter(name: string): name is Parameter {
  return (PARAMETERS as readonly string[]).includes(name);
}

function readPort(text: string): number | undefined {
  if (text === '') return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw refused('port', 'a number from 1 to 65535');
  return port;
}

function readChannelBinding(text: string | undefined): boolean {
  if (text === undefined || text === 'prefer') return true;
  if (text === 'disable') return false;
  // libpq's `require` ends where the server does not bind. The driver has no such setting: it would log in all the same.
  const expected = 'prefer, which binds wherever the server offers it (the driver cannot insist on it), or disable';
  throw refused('channel_binding', `${expected}, received ${JSON.stringify(text)}`);
}

/** TLS and its certificate are checked unless the address says otherwise, or the connection never leaves this computer. */
function readTls(host: string, parameters: AddressParameters): NonNullable<PoolConfig['ssl']> {
  const { sslrootcert: root, sslcert, sslkey } = parameters;
  // Whoever names a certificate means TLS, on this computer too.
  const namesCertificate = (root ?? sslcert ?? sslkey) !== undefined;
  if (namesCertificate && host.startsWith('/'))
    throw refused('sslrootcert, sslcert, sslkey', 'none of them with a socket, which has no TLS');
  const mode = readMode(parameters.sslmode, staysHere(host) && !namesCertificate);
  validateFiles(mode, parameters);
  if (mode === 'disable') return false;
  return {
    rejectUnauthorized: mode !== 'no-verify',
    ...(root === undefined || root === 'system' ? {} : { ca: readPem('sslrootcert', root) }),
    ...(sslcert === undefined ? {} : { cert: readPem('sslcert', sslcert) }),
    ...(sslkey === undefined ? {} : { key: readPem('sslkey', sslkey) }),
    // As in libpq: the certificate must come from the authority that is named, whatever host it is for.
    ...(mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  };
}

/** As strict as libpq, which takes no `verify-ca` without a file, and with `sslrootcert=system` nothing that does not check the name. */
function validateFiles(mode: SslMode, parameters: AddressParameters): void {
  const root = parameters.sslrootcert ?? 'system';
  if (mode === 'verify-ca' && root === 'system') {
    // Of the public authorities anybody gets a certificate, for a name of their own.
    throw refused('sslmode=verify-ca', 'sslrootcert=FILE with it, because it checks no name, or sslmode=verify-full');
  }
  const unused = UNUSED[mode]?.find((name) => parameters[name] !== undefined);
  if (unused !== undefined) throw refused(unused, `a mode that uses it, such as sslmode=verify-full, received sslmode=${mode}`);
}

function readMode(text: string | undefined, isLocal: boolean): SslMode {
  if (text === undefined) return isLocal ? 'disable' : 'verify-full';
  const mode = SSL_MODES.find((known) => known === text);
  if (mode === undefined) throw refused('sslmode', `one of ${SSL_MODES.join(', ')}, received ${JSON.stringify(text)}`);
  return mode;
}

function staysHere(host: string): boolean {
  // Without a host the driver would ask PGHOST, which may be anywhere.
  return host.startsWith('/') || isLoopbackHost(host) || host === '::1';
}

function readPem(parameter: Parameter, path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new StorageError('cannot_open', `Database address: ${parameter}: the file ${path} cannot be read.`, { cause });
  }
  // Node takes an empty authority for none, and trusts all the public ones instead.
  if (!text.includes('-----BEGIN ')) throw refused(parameter, `a PEM file, and ${path} is none`);
  return text;
}

function refused(part: string, expected: string): StorageError {
  return new StorageError('cannot_open', `Database address: ${part}: expected ${expected}.`);
}
