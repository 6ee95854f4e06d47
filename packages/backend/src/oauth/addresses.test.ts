import { describe, expect, test } from 'vitest';
import { validateNotificationUrl, validateOrigin, validatePrivacyUrl, validateRedirectUri, withResponseParameters } from './addresses.ts';

describe('validateRedirectUri', () => {
  test.each([
    'https://app.example/cb',
    'https://app.example/cb?tenant=7',
    'http://localhost:3000/cb',
    'http://partner.localhost:3000/',
    'http://127.0.0.1/cb',
    'http://[::1]:8080/cb',
    'https://app.example',
  ])('accepts %s as it is', (uri) => {
    expect(validateRedirectUri(uri)).toBe(uri);
  });

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://app.example/1',
    'http://app.example/cb',
    'https://app.example/cb#f',
    'https://app.example/cb#',
    'https://*.app.example/cb',
    'https://user:pass@app.example/cb',
    'https://app.example/cb?code=ATTACKER',
    'https://app.example/cb?state=1',
    'https://app.example/a/../cb',
    'https://app.example/cb\r\nX: y',
    'https://app.example/cb\t',
    'https://app.example/cb\u2028',
    'https://APP.example/cb',
    'https://app.example\\@evil.example/cb',
    '//app.example/cb',
    'app.example/cb',
    '',
    `https://app.example/${'a'.repeat(3000)}`,
  ])('refuses %j (security B01–B13)', (uri) => {
    expect(() => validateRedirectUri(uri)).toThrow(expect.objectContaining({ code: 'redirect_uri_invalid' }));
  });
});

describe('validateNotificationUrl', () => {
  test.each([
    'https://app.example/told',
    'https://app.example:8443/told?key=1&code=2',
    'http://localhost:3000/',
    'http://127.0.0.1:3000/told',
  ])('accepts %s as it is', (url) => {
    expect(validateNotificationUrl(url)).toBe(url);
  });

  test.each([
    ['http://app.example/told', 'expected https; plain http is for this computer only'],
    ['https://app.example/told#here', 'expected no fragment'],
    ['https://user:hunter2@app.example/told', 'expected no user name or password'],
    ['ftp://app.example/told', 'expected https, received ftp'],
    ['app.example/told', 'expected an absolute address'],
    ['https://*.app.example/told', 'wildcards are not supported'],
    ['https://app.example/a/../told', 'expected its normal form https://app.example/told'],
    ['https://APP.example/told?key=hunter2', 'expected its normal form https://app.example/told?…'],
    ['https://app.example/töld?key=hunter2', 'expected visible ASCII characters only'],
  ])('refuses %j with a reason, and repeats no password of it', (url, reason) => {
    const refused = expect.objectContaining({ code: 'notification_url_invalid', message: expect.stringContaining(reason) });
    expect(() => validateNotificationUrl(url)).toThrow(refused);
    expect(() => validateNotificationUrl(url)).not.toThrow(/hunter2/);
  });
});

describe('validatePrivacyUrl', () => {
  test('takes an https address with a query and a fragment', () => {
    expect(validatePrivacyUrl('https://app.example/privacy?lang=en#calendars')).toBe('https://app.example/privacy?lang=en#calendars');
  });

  test.each([
    ['http://app.example/privacy', 'expected https'],
    ['http://localhost:3000/privacy', 'expected https'],
    ['javascript:alert(1)', 'expected https, received javascript'],
    ['data:text/html,x', 'expected https, received data'],
    ['https://user:hunter2@app.example/', 'expected no user name or password'],
    ['/privacy', 'expected an absolute address'],
  ])('refuses %j with a reason, and repeats no password of it', (url, reason) => {
    const refused = expect.objectContaining({ code: 'privacy_url_invalid', message: expect.stringContaining(reason) });
    expect(() => validatePrivacyUrl(url)).toThrow(refused);
    expect(() => validatePrivacyUrl(url)).not.toThrow(/hunter2/);
  });
});

describe('validateOrigin', () => {
  test('takes an origin with or without the slash', () => {
    expect(validateOrigin('https://partner.example')).toBe('https://partner.example');
    expect(validateOrigin('https://partner.example/')).toBe('https://partner.example');
    expect(validateOrigin('http://partner.localhost:4000')).toBe('http://partner.localhost:4000');
  });

  test.each([
    'https://partner.example/page',
    'https://partner.example?x',
    'null',
    '*',
    'http://partner.example',
    'https://partner.example:443',
  ])('refuses %j', (origin) => {
    expect(() => validateOrigin(origin)).toThrow(expect.objectContaining({ code: 'origin_invalid' }));
  });
});

describe('withResponseParameters', () => {
  test('appends with & where the address has a query', () => {
    expect(withResponseParameters('https://app.example/cb?t=7', { code: 'c', state: 's', error: undefined })).toBe(
      'https://app.example/cb?t=7&code=c&state=s#',
    );
  });

  test('ends with an empty fragment, which keeps a browser from carrying one over (security A19)', () => {
    const answer = withResponseParameters('https://app.example/cb', { code: 'c' });
    expect([answer.at(-1), new URL(answer).hash, answer.split('#')]).toEqual(['#', '', ['https://app.example/cb?code=c', '']]);
  });

  test.each(['a b', 'ä€😀', '%0d%0a', '\r\nSet-Cookie: x=1', '&code=evil', '"<script>'])('gives state %j back byte for byte', (state) => {
    const answer = withResponseParameters('https://app.example/cb', { code: 'c', state });
    expect(answer).toMatch(/^[\x21-\x7e]+$/);
    expect(new URL(answer).searchParams.getAll('state')).toEqual([state]);
    expect(new URL(answer).searchParams.getAll('code')).toEqual(['c']);
  });
});
