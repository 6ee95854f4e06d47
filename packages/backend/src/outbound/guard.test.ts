import { describe, expect, it } from 'vitest';
import { parseAllowList } from './allow-list.ts';
import { createGuard } from './guard.ts';
import { OutboundError } from './outbound-error.ts';
import { parseAddress as parseTyped } from './outbound.ts';
import type { Route } from './route.ts';

interface Around {
  readonly allow?: readonly string[];
  readonly ports?: readonly number[];
  /** Addresses by name; whatever else is asked for has this public one. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
}

const PUBLIC = '93.184.216.34';

function wayTo(address: string, { allow, ports, names = {} }: Around = {}): Promise<Route> {
  const guard = createGuard({
    allowed: parseAllowList(allow, ports),
    resolve: (name) => Promise.resolve(names[name] ?? [PUBLIC]),
  });
  return guard(parseTyped(address), new AbortController().signal);
}

async function refusal(address: string, around: Around = {}): Promise<string> {
  try {
    return `went to ${String((await wayTo(address, around)).addresses)}`;
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    return [error.code, error.reason].filter(Boolean).join(' ');
  }
}

describe('the guard', () => {
  it('leads to the public addresses of a name, by the proxy where there is one', async () => {
    const names = { 'mail.example': ['93.184.216.34', '2606:2800:220:1::1'] };
    expect(await wayTo('https://mail.example/ews', { names })).toEqual({ addresses: names['mail.example'], byProxy: true });
    expect(await wayTo('https://93.184.216.34/')).toEqual({ addresses: ['93.184.216.34'], byProxy: true });
  });

  // With the local name that such a resolver would know them by: none is ever asked.
  it.each([
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '127.255.255.254',
    '2130706433',
    '017700000001',
    '0x7f000001',
    '0x7f.0.0.1',
    '0x7F.1',
    '0177.0.0.1',
    '0177.1',
    '127.0.0.1.',
    '①②⑦.⓪.⓪.①',
    '１２７.０.０.１',
    '127。0。0。1',
    '127｡0｡0｡1',
    '%31%32%37.0.0.1',
    '0',
    '0.0.0.0',
    '0x0',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:FFFF:7F00:0001]',
    '[::127.0.0.1]',
    '[::7f00:1]',
    '[::ffff:0:127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '127.0.0.1:443',
    '127\t.0.0.1',
    '127.0.\n0.1',
  ])('refuses this computer as %j (I01)', async (host) => {
    expect(await refusal(`https://${host}/`)).toBe('forbidden_address address');
  });

  it.each(['localhost', 'LOCALHOST', 'localhost.', 'ｌｏｃａｌｈｏｓｔ', 'a.localhost', 'loopback.example', 'ip6-localhost'])(
    'refuses this computer as the name %s (I01)',
    async (host) => {
      const here = ['127.0.0.1', '::1'];
      const names = { localhost: here, 'a.localhost': here, 'loopback.example': ['127.0.0.1'], 'ip6-localhost': ['::1'] };
      expect(await refusal(`https://${host}/`, { names })).toBe('forbidden_address address');
    },
  );

  it.each([
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '100.100.100.200',
    '169.254.169.254',
    '2852039166',
    '0xA9FEA9FE',
    '168.63.129.16',
    '192.0.0.192',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '192.88.99.1',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[fe80::1]',
    '[fec0::1]',
    '[ff02::1]',
    '[64:ff9b::a00:1]',
    '[64:ff9b:1::a00:1]',
    '[2002:0a00:0001::1]',
    '[2001:0:4136:e378:8000:63bf:3fff:fdd2]',
    '[2001:db8::1]',
    '[2001:20::1]',
    '[100::1]',
    '[5f00::1]',
    '[4000::1]',
    '[::ffff:10.0.0.1]',
    '[::ffff:a9fe:a9fe]',
  ])('refuses %s, typed or as what a name leads to (I02)', async (host) => {
    expect(await refusal(`https://${host}/`)).toBe('forbidden_address address');
    const address = new URL(`https://${host}/`).hostname.replace(/^\[|\]$/g, '');
    expect(await refusal('https://name.example/', { names: { 'name.example': [address] } })).toBe('forbidden_address address');
  });

  it.each([
    [['93.184.216.34', '10.0.0.1']],
    [['10.0.0.1', '93.184.216.34']],
    [['93.184.216.34', '::1']],
    [['93.184.216.34', '::10.0.0.1']],
    [['93.184.216.34', 'fe80::1%eth0']],
    [['93.184.216.34', 'no address']],
  ])('refuses a name of which any address is not public: %j (I03)', async (addresses) => {
    expect(await refusal('https://name.example/', { names: { 'name.example': addresses } })).toBe('forbidden_address address');
  });

  it('says that a name without an address leads nowhere', async () => {
    expect(await refusal('https://name.example/', { names: { 'name.example': [] } })).toBe('unreachable ENOTFOUND');
  });

  it.each([
    ['http://mail.example/', 'forbidden_address scheme'],
    ['http://mail.example:443/', 'forbidden_address scheme'],
    ['https://mail.example:22/', 'forbidden_address port'],
    ['https://mail.example:25/', 'forbidden_address port'],
    ['https://mail.example:6379/', 'forbidden_address port'],
    ['https://mail.example:11211/', 'forbidden_address port'],
    ['https://mail.example:80/', 'forbidden_address port'],
    ['https://mail.example:8443/', 'forbidden_address port'],
  ])('refuses %s (I05)', async (address, why) => {
    expect(await refusal(address)).toBe(why);
  });

  it.each([
    'file:///etc/passwd',
    'gopher://mail.example/',
    'ftp://mail.example/',
    'data:,x',
    'unix:/run/x',
    'ws://mail.example',
    'javascript:1',
    'mail.example',
    '//mail.example',
    'https://',
    'https://[fe80::1%25eth0]/',
    'https://exa mple/',
    'https://127.0.0.256/',
    'https://0x100000000/',
    'https://a%00b/',
  ])('knows no address in %j (I05, I06)', (address) => {
    expect(() => parseTyped(address)).toThrow(expect.objectContaining({ code: 'invalid_url' }));
  });

  it.each(['https://me@mail.example/', 'https://:word@mail.example/', 'https://mail.example@127.0.0.1/', 'https://a:b@c/'])(
    'takes no user in %s (I06)',
    (address) => {
      expect(() => parseTyped(address)).toThrow(expect.objectContaining({ code: 'invalid_url', reason: 'CREDENTIALS_IN_URL' }));
    },
  );

  it.each([
    ['https://public.example#@inner.example/', 'public.example'],
    ['https://public.example\\@inner.example/', 'public.example'],
    ['https:public.example', 'public.example'],
    ['https:\\\\public.example\\x', 'public.example'],
    ['https://public.exam\tple/', 'public.example'],
    ['https://public。example/', 'public.example'],
    ['https://public.example./', 'public.example'],
    ['https://PUBLIC.example:443/', 'public.example'],
  ])('reads %j as one host, and asks for that one (I06)', async (address, host) => {
    const names = { [host]: ['1.1.1.1'] };
    expect((await wayTo(address, { names })).addresses).toEqual(['1.1.1.1']);
  });
});

describe('the guard, with what the operator allows', () => {
  it('leads to a host that is named, wherever it is, and past the proxy where that is inside', async () => {
    const around = { allow: ['mail.corp.example:8443'], names: { 'mail.corp.example': ['10.20.0.5', '93.184.216.34'] } };
    expect(await wayTo('https://mail.corp.example:8443/ews', around)).toEqual({
      addresses: ['10.20.0.5', '93.184.216.34'],
      byProxy: false,
    });
    expect(await refusal('https://mail.corp.example/ews', around)).toContain('address');
    expect(await refusal('https://mail.corp.example:444/ews', around)).toContain('port');
    expect(await refusal('http://mail.corp.example:8443/ews', around)).toContain('scheme');
    expect(await refusal('https://other.corp.example/', { ...around, names: { 'other.corp.example': ['10.20.0.5'] } })).toContain(
      'address',
    );
  });

  it('leads into a block that is named, on the usual port, and no further', async () => {
    const around = { allow: ['10.20.0.0/16'], names: { 'mail.corp.example': ['10.20.0.5'] } };
    for (const host of ['mail.corp.example', '10.20.0.5', '[::ffff:10.20.0.5]', '0x0a140005']) {
      expect(await wayTo(`https://${host}/`, around)).toEqual({ addresses: ['10.20.0.5'], byProxy: false });
    }
    expect(await refusal('https://10.21.0.5/', around)).toContain('address');
    expect(await refusal('https://10.20.0.5:444/', around)).toContain('port');
    expect(await wayTo('https://10.20.0.5:444/', { ...around, ports: [444] })).toMatchObject({ byProxy: false });
  });

  it('never leads to what gives credentials away, under any name (I02)', async () => {
    const around = { allow: ['meta.example', '100.64.0.0/10'], names: { 'meta.example': ['169.254.169.254'] } };
    expect(await refusal('https://meta.example/', around)).toBe('forbidden_address address');
    expect(await refusal('https://100.100.100.200/', around)).toBe('forbidden_address address');
    expect(await wayTo('https://100.64.0.1/', around)).toMatchObject({ byProxy: false });
  });

  it('leads through a translator only to what would be allowed without', async () => {
    const allow = ['64:ff9b::/96'];
    expect((await wayTo('https://[64:ff9b::5db8:d822]/', { allow })).byProxy).toBe(false);
    for (const inner of ['a00:1', '7f00:1', 'a9fe:a9fe'])
      expect(await refusal(`https://[64:ff9b::${inner}]/`, { allow })).toContain('address');
  });

  it('leads to this computer by its own names only, without asking anybody', async () => {
    const around = { allow: ['loopback'], names: { localhost: ['10.0.0.1'], 'rebound.example': ['127.0.0.1'] } };
    expect(await wayTo('http://localhost:8080/', around)).toEqual({ addresses: ['127.0.0.1', '::1'], byProxy: false });
    expect(await wayTo('http://google.localhost.:8080/', around)).toMatchObject({ addresses: ['127.0.0.1', '::1'] });
    expect(await wayTo('http://127.0.0.2:8080/', around)).toMatchObject({ addresses: ['127.0.0.2'] });
    expect(await wayTo('https://[::1]:8443/', around)).toMatchObject({ addresses: ['::1'] });
    expect(await refusal('https://rebound.example/', around)).toContain('address');
    expect(await refusal('http://10.0.0.1/', around)).toContain('scheme');
  });
});
