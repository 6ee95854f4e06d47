import { readFileSync } from 'node:fs';
import { CalendarConnectError } from '../errors.ts';
import { isLoopbackHost } from '../loopback-host.ts';
import type { NetworkOptions } from '../outbound/network.ts';
import type { Settings } from './settings.ts';

/**
 * The way out, as the settings describe it. With emulated providers everything on this computer may be asked, too: they are there, and so
 * is the demo.
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function networkFrom(settings: Settings, emulated: boolean): NetworkOptions {
  return {
    allow: [...listOf(settings.outboundAllow), ...(emulated ? ['loopback'] : [])],
    ports: listOf(settings.outboundPorts).map(Number),
    oldTlsHosts: listOf(settings.outboundOldTls),
    proxy: settings.outboundProxy,
    ca: settings.outboundCa === undefined ? undefined : readCertificates(settings.outboundCa),
  };
}

/** Whose `X-Forwarded-For` is believed, as the setting lists it. */
export function trustedProxiesFrom(settings: Settings): readonly string[] {
  return listOf(settings.trustedProxies);
}

/**
 * What is spoken here is plain http. Off this computer it may be heard only where a TLS proxy stands in front.
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function requireProxyInFront(settings: Settings): void {
  const { host } = settings;
  if (host === undefined || host === '::1' || isLoopbackHost(host) || settings.trustedProxies !== undefined) return;
  throw new CalendarConnectError(
    'option_invalid',
    `HOST: expected a loopback address, or TRUSTED_PROXIES to name the TLS proxy that stands in front, received ${JSON.stringify(host)}`,
  );
}

/** What the operator should know of a proxy that must be there and is not declared. */
export function noteOnProxies(publicUrl: string, settings: Settings): readonly string[] {
  if (!publicUrl.startsWith('https:') || settings.trustedProxies !== undefined) return [];
  return [
    'No proxy is trusted, so all clients count as one address. Where the TLS proxy runs on this computer, set TRUSTED_PROXIES=loopback.',
  ];
}

/** What requests of this backend come from, as the setting lists it. */
export function egressAddressesFrom(settings: Settings): readonly string[] {
  return listOf(settings.egressAddresses);
}

function listOf(text = ''): readonly string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function readCertificates(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new CalendarConnectError('option_invalid', `OUTBOUND_CA: expected a file of certificates, received ${path} (${code})`);
  }
}
