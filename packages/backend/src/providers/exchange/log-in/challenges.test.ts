import { describe, expect, it } from 'vitest';
import { readChallenges } from './challenges.ts';

/** Scheme, token, parameters, as one line each. */
function told(header: string | null): string[] {
  return readChallenges(header).map(({ scheme, token68, parameters }) =>
    [scheme, token68, ...[...parameters].map(([name, value]) => `${name}=${value}`)].filter((part) => part !== undefined).join(' '),
  );
}

describe('WWW-Authenticate', () => {
  it.each<[string | null, readonly string[]]>([
    [null, []],
    ['', []],
    ['NTLM', ['ntlm']],
    ['Negotiate, NTLM', ['negotiate', 'ntlm']],
    ['NTLM TlRMTVNTUAACAAAA==, Negotiate', ['ntlm TlRMTVNTUAACAAAA==', 'negotiate']],
    ['negotiate TlRM/+A=', ['negotiate TlRM/+A=']],
    ['Basic realm="mail.corp.example", Negotiate, NTLM', ['basic realm=mail.corp.example', 'negotiate', 'ntlm']],
    ['NTLM, Basic realm="a, NTLM, b"', ['ntlm', 'basic realm=a, NTLM, b']],
    ['Basic realm="say \\"NTLM\\"" , charset = UTF-8', ['basic realm=say "NTLM" charset=UTF-8']],
    ['Basic realm=plain,Digest realm="x",nonce="y", NTLM', ['basic realm=plain', 'digest realm=x nonce=y', 'ntlm']],
    [
      'Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@*,x@y", ' +
        'authorization_uri="https://login.windows.net/common/oauth2/authorize", NTLM',
      [
        'bearer client_id=00000002-0000-0ff1-ce00-000000000000 trusted_issuers=00000001-0000-0000-c000-000000000000@*,x@y ' +
          'authorization_uri=https://login.windows.net/common/oauth2/authorize',
        'ntlm',
      ],
    ],
    [' , ,NTLM,,', ['ntlm']],
    ['Basic realm="without end, NTLM', ['basic', 'realm']],
    ['"NTLM"', []],
    ['=, NTLM', []],
  ])('%j', (header, expected) => {
    expect(told(header)).toEqual(expected);
  });

  it('takes no time over what is made to take some', () => {
    for (const hostile of [
      'a '.repeat(50_000),
      'a="'.repeat(30_000),
      `Basic ${'a=b,'.repeat(30_000)}`,
      `Basic realm="${'\\'.repeat(100_000)}`,
    ]) {
      const start = performance.now();
      expect(readChallenges(hostile).length).toBeLessThanOrEqual(20);
      expect(performance.now() - start).toBeLessThan(50);
    }
  });
});
