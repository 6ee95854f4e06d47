import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { pageOf } from '../ews/read-xml.contract.ts';
import { readXml as readEwsXml } from '../ews/read-xml.ts';
import { parseMailAddress } from './autodiscover/mail-address.ts';
import { pox } from './autodiscover/pox.ts';
import { soap } from './autodiscover/soap.ts';
import { readV2 } from './autodiscover/v2.ts';
import { poxAnswer, poxSettings, soapAnswer, soapSettings } from './scripted-exchange.contract.ts';
import { registrableDomain } from './scripted-internet.contract.ts';
import { readXml } from './xml/read-xml.ts';

const MIB = 1024 * 1024;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What some work takes. */
interface Cost {
  readonly leastCpuMicroseconds: number;
  /** What it has taken of the heap when it ends, kept or not. */
  readonly heapBytes: number;
}

/**
 * The processor's time of this process, and not the clock's, which runs on while others have the processor; of five times the least, because the
 * collector and the compiler work beside it now and then.
 */
function costOf(work: () => unknown): Cost {
  work();
  let [leastCpuMicroseconds, heapBytes] = [Infinity, 0];
  for (let times = 0; times < 5; times += 1) {
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    leastCpuMicroseconds = Math.min(leastCpuMicroseconds, user + system);
    heapBytes = Math.max(heapBytes, process.memoryUsage().heapUsed - before);
  }
  return { leastCpuMicroseconds, heapBytes };
}

/** An answer of Autodiscover with more servers than any, of this length or a little more. */
function settingsOf(length: number): string {
  const protocol = `<Protocol><Type>EXPR</Type><EwsUrl>https://mail.corp.example/EWS/Exchange.asmx</EwsUrl><Server>${'x'.repeat(200)}</Server></Protocol>`;
  return `<Account>${protocol.repeat(Math.ceil(length / protocol.length))}</Account>`;
}

/** An answer of EWS, of this length or a little more. */
function eventsOf(length: number): string {
  const size = { guests: 20, lines: 200 };
  return pageOf(Math.ceil(length / pageOf(1, size).length), size);
}

/** What an ordinary document takes, by its length. */
const ordinary = { autodiscover: new Map<number, Cost>(), ews: new Map<number, Cost>() };

function costOfOrdinary(reader: keyof typeof ordinary, length: number): Cost {
  const known = ordinary[reader].get(length);
  if (known !== undefined) return known;
  const [pox, ews] = [bytes(settingsOf(length)), eventsOf(length)];
  const read = reader === 'ews' ? () => readEwsXml(ews) : () => readXml(pox);
  expect(read()).toBeDefined();
  const cost = costOf(read);
  ordinary[reader].set(length, cost);
  return cost;
}

/** What it may take is measured by an ordinary document of the same length, as far as one is read, and so holds on a slow machine as on a quick one. */
function flat<T>(reader: keyof typeof ordinary, length: number, work: () => T): T {
  // Of small documents, what runs beside them would be measured.
  const [least, most] = reader === 'ews' ? [MIB, 2 * MIB] : [MIB / 8, MIB / 5];
  const usual = costOfOrdinary(reader, Math.round(Math.min(Math.max(length, least), most)));
  const cost = costOf(work);
  expect(cost.leastCpuMicroseconds / usual.leastCpuMicroseconds).toBeLessThan(8);
  expect(cost.heapBytes).toBeLessThan(4 * usual.heapBytes + 4 * MIB);
  return work();
}

const LAUGHS = `<!DOCTYPE l [<!ENTITY a "ha">${Array.from({ length: 20 }, (_, index) => `<!ENTITY ${String.fromCharCode(98 + index)} "${`&${String.fromCharCode(97 + index)};`.repeat(10)}">`).join('')}]><l>&u;</l>`;
const settings = poxSettings('https://mail.corp.example/EWS/Exchange.asmx').body ?? '';
const declared = (encoding: string): Uint8Array => bytes(settings.replace('utf-8', encoding));

describe('a hostile document is refused, in no time and with memory flat', { timeout: 60_000 }, () => {
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
    expect(flat('autodiscover', document.length, () => readXml(document))).toBeUndefined();
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

describe('a hostile answer of what calls itself Exchange is refused, in no time and with memory flat', { timeout: 60_000 }, () => {
  it.each<[string, string]>([
    ['a billion laughs (J01)', LAUGHS],
    ['a document type without end (J01)', `<!DOCTYPE r [${'<!ENTITY e "x">'.repeat(250_000)}`],
    ['depth without end (J02)', '<a>'.repeat(500_000)],
    ['depth with an end (J02)', `${'<a>'.repeat(500_000)}${'</a>'.repeat(500_000)}`],
    ['elements by the hundred thousand (J02)', `<r>${'<a/>'.repeat(399_990)}</r>`],
    ['elements with attributes (J02)', `<r>${'<a b="1" c="2" d="3" e="4"/>'.repeat(140_000)}</r>`],
    ['elements with namespaces of their own (J02)', `<r>${'<a xmlns="x" xmlns:b="y"/>'.repeat(150_000)}</r>`],
    ['attributes by the hundred thousand in one element (J02)', `<r ${Array.from({ length: 300_000 }, (_, i) => `a${i}=""`).join(' ')}/>`],
    ['references to characters by the million (J02)', `<r>${'&#65;'.repeat(400_000)}</r>`],
    ['references by the million in an attribute (J02)', `<r a="${'&#65;'.repeat(400_000)}"/>`],
    ['references that XML forbids, by the million (J02)', `<r>${'&#0;'.repeat(500_000)}</r>`],
    ['entities by the million (J02)', `<r>${'&amp;'.repeat(400_000)}</r>`],
    ['sections by the hundred thousand (J02)', `<r>${'<![CDATA[]]>'.repeat(340_000)}</r>`],
    ['comments by the hundred thousand (J05)', `<r>${'<!---->'.repeat(580_000)}</r>`],
    ['processing instructions by the hundred thousand (J05)', `<r>${'<?a?>'.repeat(400_000)}</r>`],
    ['16 MB of text (J02)', `<r>${'x'.repeat(16 * MIB)}</r>`],
    ['16 MB of an attribute (J02)', `<r a="${'x'.repeat(16 * MIB)}"/>`],
    ['2 MB of lines, and no end (J06)', `<r>${'\r\n'.repeat(MIB)}`],
    ['2 MB of brackets, and no end (J06)', `<r>${']] '.repeat(700_000)}`],
    ['a name of 2 MB (J06)', `<${'a'.repeat(MIB)}`],
    ['a comment without end (J06)', `<r><!--${'-x'.repeat(MIB)}`],
    ['no XML (J06)', 'x'.repeat(2 * MIB)],
  ])('%s', (_what, document) => {
    expect(flat('ews', document.length, () => readEwsXml(document))).toBeUndefined();
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
    expect(flat('autodiscover', text.length, () => readV2(text))).toBeUndefined();
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
    expect(flat('autodiscover', typed.length, () => parseMailAddress(typed, registrableDomain))).toBe(fault);
  });

  it.each([
    [' ann@Corp.Example ', { address: 'ann@Corp.Example', domain: 'corp.example' }],
    ["o'neil+x@sub.corp.co.uk", { address: "o'neil+x@sub.corp.co.uk", domain: 'sub.corp.co.uk' }],
    ['jörg@bücher.example', { address: 'jörg@bücher.example', domain: 'xn--bcher-kva.example' }],
  ])('while %s is one', (typed, expected) => {
    expect(parseMailAddress(typed, registrableDomain)).toEqual(expected);
  });
});
