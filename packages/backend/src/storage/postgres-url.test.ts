import { describe, expect, it } from 'vitest';
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
  ])('is refused where it is wrong, without showing the password: %s', (url, sentence) => {
    const refusal = expect.objectContaining({ name: 'StorageError', code: 'cannot_open', message: expect.stringContaining(sentence) });
    expect(() => parsePostgresUrl(url)).toThrow(refusal);
    expect(() => parsePostgresUrl(url)).toThrow(expect.not.objectContaining({ message: expect.stringContaining('hunter2') }));
  });
});

describe('TLS', () => {
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

  it('takes any certificate by sslmode=no-verify only', () => {
    expect(tlsOf('postgres://db.example/x?sslmode=no-verify')).toEqual({ rejectUnauthorized: false });
    expect(tlsOf('postgres://db.example/x?sslmode=verify-ca')).toMatchObject({
      rejectUnauthorized: true,
      checkServerIdentity: expect.any(Function),
    });
  });
});
