import { describe, expect, test } from 'vitest';
import { validateOrigin, validateRedirectUri, withResponseParameters } from './addresses.ts';

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
