import { describe, expect, it } from 'vitest';
import { parseAddress } from '../address-block.ts';
import { parseAllowList } from './allow-list.ts';

describe('the operator’s allow-list', () => {
  it('names hosts exactly, each with its port', () => {
    const allowed = parseAllowList(['mail.corp.example', 'OWA.corp.example:8443', 'münchen.example', 'exchange:0444'], [9443]);
    const named = [
      'mail.corp.example:443',
      'mail.corp.example:9443',
      'owa.corp.example:8443',
      'xn--mnchen-3ya.example:443',
      'exchange:444',
    ];
    const others = ['corp.example:443', 'a.mail.corp.example:443', 'mail.corp.example.evil.example:443', 'mail.corp.example:444'];
    const names = (at: string): boolean => allowed.namesHost(at.split(':')[0]!, Number(at.split(':')[1]));
    expect(named.filter((at) => !names(at))).toEqual([]);
    expect([...others, 'owa.corp.example:443', 'owa.corp.example:9443', 'exchange:443'].filter(names)).toEqual([]);
  });

  it('names addresses and blocks', () => {
    const allowed = parseAllowList(['10.20.0.0/16', '192.168.1.5', 'fd12:3456::/32']);
    const named = ['10.20.3.4', '192.168.1.5', 'fd12:3456::1', '10.21.0.1', '192.168.1.6', 'fd12:3457::1'];
    expect(named.map((address) => allowed.namesAddress(parseAddress(address)!))).toEqual([true, true, true, false, false, false]);
  });

  it('has port 443 and what is named besides, and this computer only by its own word', () => {
    expect([...parseAllowList().ports]).toEqual([443]);
    expect([...parseAllowList([], [8443]).ports]).toEqual([443, 8443]);
    expect([parseAllowList(['127.0.0.1', 'localhost']).loopback, parseAllowList(['loopback']).loopback]).toEqual([false, true]);
  });

  it.each([
    '',
    '*.corp.example',
    'https://mail.corp.example',
    'mail.corp.example/ews',
    'me@mail.corp.example',
    '10.0.0.0/0',
    '0.0.0.0/0',
    '127.1',
    '0x7f.1',
    '2130706433',
    'mail corp',
    'mail.corp.example:99999',
    '[::1]:443',
    '10.20.0.0/33',
    'mail.corp.example:',
  ])('is refused with the entry %j named', (entry) => {
    expect(() => parseAllowList(['10.0.0.1', entry])).toThrow(
      expect.objectContaining({
        code: 'option_invalid',
        message: expect.stringMatching(/^outbound\.allow: expected a host such as .*, received /),
      }),
    );
    expect(() => parseAllowList(['10.0.0.1', entry])).toThrow(`received ${JSON.stringify(entry)}`);
  });

  it.each(['169.254.169.254', '169.254.0.0/16', 'fe80::/10', '168.63.129.16', 'fd00:ec2::254', '224.0.0.0/8'])(
    'is refused with %s, where clouds give credentials away or nobody in particular is',
    (entry) => {
      expect(() => parseAllowList([entry])).toThrow(
        `outbound.allow: expected no link-local, metadata or multicast address, received "${entry}"`,
      );
    },
  );

  it.each([0, 65_536, 1.5, Number.NaN])('is refused with the port %s', (port) => {
    expect(() => parseAllowList([], [port])).toThrow(`outbound.ports: expected numbers from 1 to 65535, received "${port}"`);
  });
});
