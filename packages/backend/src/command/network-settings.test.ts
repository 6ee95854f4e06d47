import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { networkFrom, noteOnProxies, requireProxyInFront, trustedProxiesFrom } from './network-settings.ts';
import { readSettings } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'calendar-connect-network-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the settings of the way out', () => {
  it('are lists, a proxy and a file of authorities', () => {
    const file = join(folder, 'ca.pem');
    writeFileSync(file, 'certificates');
    const settings = readSettings(
      {},
      {
        OUTBOUND_ALLOW: 'mail.corp.example, 10.20.0.0/16,,',
        OUTBOUND_PORTS: '8443, 9443',
        OUTBOUND_PROXY: 'http://proxy:3128',
        OUTBOUND_CA: file,
        OUTBOUND_OLD_TLS: 'mail.old.example',
      },
    );
    expect(networkFrom(settings, false)).toEqual({
      allow: ['mail.corp.example', '10.20.0.0/16'],
      oldTlsHosts: ['mail.old.example'],
      ports: [8443, 9443],
      proxy: 'http://proxy:3128',
      ca: 'certificates',
    });
    expect(networkFrom({}, false)).toEqual({ allow: [], oldTlsHosts: [], ports: [], proxy: undefined, ca: undefined });
  });

  it('allow this computer with emulators only, which are there', () => {
    expect(networkFrom({ outboundAllow: '10.20.0.0/16' }, true).allow).toEqual(['10.20.0.0/16', 'loopback']);
  });

  it('take the proxy that the environment names for every program, after our own (I13)', () => {
    const proxyOf = (environment: Record<string, string>) => networkFrom(readSettings({}, environment), false).proxy;
    expect(proxyOf({ HTTPS_PROXY: 'http://b', https_proxy: 'http://c' })).toBe('http://b');
    expect(proxyOf({ OUTBOUND_PROXY: 'http://a', HTTPS_PROXY: 'http://b' })).toBe('http://a');
    expect(proxyOf({ OUTBOUND_PROXY: '', HTTPS_PROXY: '', https_proxy: 'http://c' })).toBe('http://c');
    expect(proxyOf({ HTTP_PROXY: 'http://d', ALL_PROXY: 'http://e' })).toBeUndefined();
  });

  it('say which file of authorities is not there', () => {
    expect(() => networkFrom({ outboundCa: join(folder, 'none.pem') }, false)).toThrow(
      expect.objectContaining({
        code: 'option_invalid',
        message: `OUTBOUND_CA: expected a file of certificates, received ${folder}/none.pem (ENOENT)`,
      }),
    );
  });
});

describe('the settings of the way in', () => {
  it('are spoken of where an https address has no proxy that is trusted', () => {
    expect(noteOnProxies('https://connect.example', {})).toEqual([expect.stringContaining('TRUSTED_PROXIES=loopback')]);
    expect(noteOnProxies('https://connect.example', { trustedProxies: 'loopback' })).toEqual([]);
    expect(noteOnProxies('http://localhost:8787', {})).toEqual([]);
  });

  it('list the proxies in front', () => {
    expect(trustedProxiesFrom({})).toEqual([]);
    expect(trustedProxiesFrom({ trustedProxies: 'loopback, 10.0.0.0/8' })).toEqual(['loopback', '10.0.0.0/8']);
  });

  it.each(['0.0.0.0', '::', '192.168.1.10', 'calendar.corp.example'])(
    'refuse to listen for plain http at %s, unless a proxy is declared',
    (host) => {
      expect(() => requireProxyInFront({ host })).toThrow(
        expect.objectContaining({
          code: 'option_invalid',
          message: `HOST: expected a loopback address, or TRUSTED_PROXIES to name the TLS proxy that stands in front, received "${host}"`,
        }),
      );
      expect(() => requireProxyInFront({ host, trustedProxies: 'private' })).not.toThrow();
    },
  );

  it.each([undefined, '127.0.0.1', '127.0.0.2', '::1', 'localhost'])('let it be heard on this computer: %s', (host) => {
    expect(() => requireProxyInFront(host === undefined ? {} : { host })).not.toThrow();
  });
});
