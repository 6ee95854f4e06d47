import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePostgresUrl } from './postgres-url.ts';

const tlsOf = (url: string): unknown => parsePostgresUrl(url).config.ssl;

describe('the address of a PostgreSQL database', () => {
  it('is read in all its parts, percent-encoded where they have to be', () => {
    const { config, inWords } = parsePostgresUrl('postgres://app%40x:p%40ss%2Fw%25rd@db.example:6432/cal%20endar?application_name=web');
    expect(config).toMatchObject({
      host: 'db.example',
      port: 6432,
      user: 'app@x',
      password: 'p@ss/w%rd',
      database: 'cal endar',
      application_name: 'web',
    });
    expect(inWords).toBe('PostgreSQL at db.example:6432, database cal endar');
  });

  it('may name a socket’s folder or an IPv6 address, and leave the rest to the environment', () => {
    expect(parsePostgresUrl('postgresql:///calendar?host=/var/run/postgresql').config).toMatchObject({
      host: '/var/run/postgresql',
      ssl: false,
    });
    expect(parsePostgresUrl('postgres://[::1]/calendar').config).toMatchObject({ host: '::1', ssl: false });
    expect(parsePostgresUrl('postgres://db.example/calendar').config).not.toHaveProperty('password');
  });

  it.each([
    ['postgres://u:hunter2@db.example:5432:1/x', 'the address: expected postgres://'],
    ['mysql://u:hunter2@db.example/x', 'the address: expected postgres://'],
    ['postgres://u:hunter2#@db.example/x', 'the address: expected postgres://'],
    ['hunter2', 'the address: expected postgres://'],
    ['postgres:u:hunter2@db.example/x', 'the address: expected postgres://'],
    ['postgres:///u:hunter2@db.example/x', 'the address: expected postgres://'],
    ['postgres://u:12/hunter2@db.example/x', 'the address: expected postgres://'],
    ['postgres://u:12?hunter2@db.example/x', 'the address: expected postgres://'],
    ['postgres://u:hunter2%@db.example/x', 'user, password or database: expected percent-encoded text'],
    ['postgres://u:hunter2@db.example/x?sslmod=require', 'parameter "sslmod": expected one of host, port'],
    ['postgres://u:hunter2@db.example/x?port=0', 'port: expected a number from 1 to 65535'],
    ['postgres://u:hunter2@db.example/x?sslmode=prefer', 'sslmode: expected one of disable, require'],
    ['postgres://u:hunter2@db.example/x?sslrootcert=/nowhere/ca.pem', 'sslrootcert: the file /nowhere/ca.pem cannot be read'],
    ['postgres://u:hunter2@localhost/x?sslrootcert=/nowhere/ca.pem', 'sslrootcert: the file /nowhere/ca.pem cannot be read'],
    ['postgres://u:hunter2@db.example/x?sslmode=verify-full&sslmode=disable', 'parameter "sslmode": expected it only once'],
    ['postgres://u:hunter2@db.example/x?host=a&host=a', 'parameter "host": expected it only once'],
    ['postgres://u@db.example/x?password=hunter2&password=hunter2', 'parameter "password": expected it only once'],
    ['postgres://u:hunter2@db.example/x?sslmode=verify-ca', 'sslmode=verify-ca: expected sslrootcert=FILE with it'],
    ['postgres://u:hunter2@localhost/x?sslmode=verify-ca', 'sslmode=verify-ca: expected sslrootcert=FILE with it'],
    ['postgres://u:hunter2@db.example/x?sslmode=verify-ca&sslrootcert=system', 'sslmode=verify-ca: expected sslrootcert=FILE with it'],
    ['postgres://u:hunter2@db.example/x?sslmode=no-verify&sslrootcert=system', 'sslrootcert: expected a mode that uses it'],
    ['postgres://u:hunter2@db.example/x?sslmode=no-verify&sslrootcert=ca.pem', 'sslrootcert: expected a mode that uses it'],
    ['postgres://u:hunter2@localhost/x?sslmode=disable&sslrootcert=ca.pem', 'sslrootcert: expected a mode that uses it'],
    ['postgres://u:hunter2@localhost/x?sslmode=disable&sslcert=app.pem', 'sslcert: expected a mode that uses it'],
    ['postgres://u:hunter2@localhost/x?sslmode=disable&sslkey=app.key', 'sslkey: expected a mode that uses it'],
    [
      'postgres://u:hunter2@localhost/x?host=/run/postgresql&sslrootcert=ca.pem',
      'sslrootcert, sslcert, sslkey: expected none of them with a socket',
    ],
    ['postgres://u:hunter2@db.example/x?channel_binding=require', 'channel_binding: expected prefer, which binds wherever'],
    ['postgres://u:hunter2@db.example/x?channel_binding=required', 'channel_binding: expected prefer, which binds wherever'],
    ['postgres://u:hunter2@db.example/x?channel_binding=', 'channel_binding: expected prefer, which binds wherever'],
  ])('is refused where it is wrong, without showing the password: %s', (url, sentence) => {
    const refusal = expect.objectContaining({ name: 'StorageError', code: 'cannot_open', message: expect.stringContaining(sentence) });
    expect(() => parsePostgresUrl(url)).toThrow(refusal);
    expect(() => parsePostgresUrl(url)).toThrow(expect.not.objectContaining({ message: expect.stringContaining('hunter2') }));
  });
});

describe('TLS', () => {
  const PEM = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'calendar-connect-pem-'));
    file = join(folder, 'ca.pem');
    writeFileSync(file, PEM);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is verified unless the address says otherwise, with sslmode=require too', () => {
    for (const query of ['', '?sslmode=require', '?sslmode=verify-full']) {
      const tls = tlsOf(`postgres://db.example/x${query}`);
      expect(tls).toEqual({ rejectUnauthorized: true });
    }
    expect(tlsOf('postgres://localhost/x?sslmode=require')).toEqual({ rejectUnauthorized: true });
  });

  it('is left out on this computer, and elsewhere only by sslmode=disable', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]']) expect(tlsOf(`postgres://${host}/x`)).toBe(false);
    expect(tlsOf('postgres://db.example/x?sslmode=disable')).toBe(false);
    // Where no host is named, PGHOST may name any.
    expect(tlsOf('postgres:///x')).toEqual({ rejectUnauthorized: true });
    expect(tlsOf('postgres://127.0.0.1.example/x')).toEqual({ rejectUnauthorized: true });
  });

  it('is used and verified on this computer too where a certificate is named', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      expect(tlsOf(`postgres://${host}/x?sslrootcert=${file}`)).toEqual({ rejectUnauthorized: true, ca: PEM });
      expect(tlsOf(`postgres://${host}/x?sslrootcert=system`)).toEqual({ rejectUnauthorized: true });
      expect(tlsOf(`postgres://${host}/x?sslcert=${file}`)).toEqual({ rejectUnauthorized: true, cert: PEM });
      expect(tlsOf(`postgres://${host}/x?sslkey=${file}`)).toEqual({ rejectUnauthorized: true, key: PEM });
    }
  });

  it('trusts no public authority instead of one whose file is empty', () => {
    for (const text of ['', '\n', 'MA==']) {
      writeFileSync(join(folder, 'other.pem'), text);
      const url = `postgres://db.example/x?sslmode=verify-ca&sslrootcert=${join(folder, 'other.pem')}`;
      expect(() => parsePostgresUrl(url)).toThrow(/^Database address: sslrootcert: expected a PEM file, and .*other\.pem is none\.$/);
    }
  });

  it('takes any certificate by sslmode=no-verify only, and any name of an authority that is named by sslmode=verify-ca', () => {
    expect(tlsOf('postgres://db.example/x?sslmode=no-verify')).toEqual({ rejectUnauthorized: false });
    expect(tlsOf(`postgres://db.example/x?sslmode=verify-ca&sslrootcert=${file}`)).toEqual({
      rejectUnauthorized: true,
      ca: PEM,
      checkServerIdentity: expect.any(Function),
    });
  });

  it('binds the password to its connection where the server can, unless channel_binding=disable', () => {
    const binds = (query: string) => parsePostgresUrl(`postgres://db.example/x${query}`).config.enableChannelBinding;
    expect([binds(''), binds('?channel_binding=prefer'), binds('?channel_binding=disable')]).toEqual([true, true, false]);
  });
});
