import { expect, it } from 'vitest';
import { registrableDomain } from './public-suffixes.ts';

it.each([
  ['mail.corp.co.uk', 'corp.co.uk'],
  ['Mail.Corp.Example', 'corp.example'],
  ['exchange.corp.local', 'corp.local'],
  ['one.github.io', 'one.github.io'],
  ['a.one.github.io', 'one.github.io'],
  ['github.io', undefined],
  ['co.uk', undefined],
  ['localhost', undefined],
  ['192.0.2.1', undefined],
  ['2001:db8::1', undefined],
  ['', undefined],
])('whoever registered %j has %j', (host, domain) => expect(registrableDomain(host)).toBe(domain));
