import { describe, expect, it } from 'vitest';
import { parsePublicUrl } from './public-url.ts';

describe('the public URL', () => {
  it.each([
    ['https://connect.partner.example', 'https://connect.partner.example', ''],
    ['https://connect.partner.example/', 'https://connect.partner.example', ''],
    ['https://partner.example/calendar', 'https://partner.example/calendar', '/calendar'],
    ['https://partner.example/a/b//', 'https://partner.example/a/b', '/a/b'],
    ['https://PARTNER.example:443/calendar', 'https://partner.example/calendar', '/calendar'],
    ['http://localhost:8787', 'http://localhost:8787', ''],
    ['http://connect.localhost:8787', 'http://connect.localhost:8787', ''],
    ['http://127.0.0.1:8787', 'http://127.0.0.1:8787', ''],
    ['http://[::1]:8787', 'http://[::1]:8787', ''],
  ])('%s has the issuer %s and the path %j', (text, issuer, basePath) => {
    const url = parsePublicUrl(text);
    expect([url.issuer, url.basePath, url.at('/oauth/token')]).toEqual([issuer, basePath, `${issuer}/oauth/token`]);
    expect(url.origin).toBe(new URL(text).origin);
  });

  it.each([
    ['connect.partner.example', 'expected an address'],
    ['', 'expected an address'],
    ['ftp://connect.partner.example', 'expected https'],
    ['http://connect.partner.example', 'expected https; behind a TLS proxy'],
    ['http://127.0.0.1.partner.example', 'expected https; behind a TLS proxy'],
    ['http://localhost.partner.example', 'expected https; behind a TLS proxy'],
    ['https://user@connect.partner.example', 'no user, query or fragment'],
    ['https://:word@connect.partner.example', 'no user, query or fragment'],
    ['https://connect.partner.example?x=1', 'no user, query or fragment'],
    ['https://connect.partner.example#x', 'no user, query or fragment'],
  ])('refuses %j: %s', (text, why) => {
    expect(() => parsePublicUrl(text)).toThrow(expect.objectContaining({ code: 'option_invalid', message: expect.stringContaining(why) }));
    expect(() => parsePublicUrl(text)).toThrow(`received ${JSON.stringify(text)}`);
  });
});

describe('the cookie of a session', () => {
  it('is a __Host- cookie where the backend has an https host to itself', () => {
    expect(parsePublicUrl('https://connect.partner.example').sessionCookie('ses_1')).toEqual({
      name: '__Host-cc_ses_1',
      options: { httpOnly: true, sameSite: 'Lax', secure: true, path: '/' },
    });
  });

  it('is one that no other host can plant wherever there is https, and for its own path where there is none', () => {
    const underPath = parsePublicUrl('https://partner.example/calendar').sessionCookie('ses_1');
    expect(underPath.name).toMatch(/^__Host-cc_[0-9a-f]{8}_ses_1$/);
    expect(underPath.options).toMatchObject({ secure: true, path: '/' });
    expect(parsePublicUrl('http://localhost:8787/calendar').sessionCookie('ses_1').options.path).toBe('/calendar');
    expect(parsePublicUrl('http://localhost:8787').sessionCookie('ses_1').options).toMatchObject({ secure: false, path: '/' });
  });

  it('has another name for another backend on the same host', () => {
    const addresses = [
      'http://localhost:8787',
      'http://localhost:8788',
      'http://localhost:8787/calendar',
      'https://localhost:8787/calendar',
    ];
    const names = addresses.map((address) => parsePublicUrl(address).sessionCookie('ses_1').name);
    expect(new Set(names).size).toBe(addresses.length);
    for (const name of names) expect(name).toMatch(/^(__Host-)?cc_[0-9a-f]{8}_ses_1$/);
  });
});
