import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { EXCHANGE_VERSIONS } from '../src/exchange/versions.ts';
import { type AskedServer, type CollectedAnswer, collectAnswers, type Ending } from './ews-schema-answers.ts';
import { AMIRA, ewsAsking, type ExchangeUnderTest, startExchangeUnderTest } from './exchange-under-test.ts';
import { CLIENT_ID, createMicrosoftUnderTest, LEA } from './microsoft-under-test.ts';

/** Beside the repository. */
const USUAL_SCHEMA_DIR = fileURLToPath(new URL('../../../../shared/reference/ews', import.meta.url));
/** A folder with Microsoft's schema of EWS in `xsd`. It is not part of this project. */
const SCHEMA_DIR = process.env['EWS_SCHEMA_DIR'] ?? (existsSync(USUAL_SCHEMA_DIR) ? USUAL_SCHEMA_DIR : undefined);

interface XmlFile {
  readonly fileName: string;
  readonly contents: string;
}

function schemaFile(fileName: string): XmlFile {
  const contents = readFileSync(join(SCHEMA_DIR ?? '', 'xsd', fileName), 'utf8').replace(/^\uFEFF/, '');
  return { fileName, contents };
}

/** libxml2 wants a place for the namespace of XML itself, and no two ways to read `ArrayOfTransitionsType`. */
function typesForLibxml(): XmlFile {
  const types = schemaFile('types.xsd');
  const namespace = '<xs:import namespace="http://www.w3.org/XML/1998/namespace"';
  return {
    ...types,
    contents: types.contents
      .replace(`${namespace}/>`, `${namespace} schemaLocation="xml.xsd"/>`)
      .replace(/(<xs:complexType name="ArrayOfTransitionsType">\s*<xs:sequence>)[\s\S]*?(<xs:element ref="t:Transition")/, '$1$2'),
  };
}

/** What breaks the schema, by the name of the answer. All go in at once, because reading the schema takes most of the time. */
async function violations(answers: readonly XmlFile[]): Promise<readonly string[]> {
  const { errors } = await validateXML({
    xml: answers,
    schema: [schemaFile('soap11.xsd')],
    preload: [schemaFile('messages.xsd'), typesForLibxml(), schemaFile('xml.xsd')],
    initialMemoryPages: 1024,
    maxMemoryPages: 4096,
  });
  return errors.map(({ rawMessage }) => rawMessage);
}

function filesOf(answers: readonly CollectedAnswer[]): readonly XmlFile[] {
  return answers.map(({ name, text }) => ({ fileName: `${name}.xml`, contents: text }));
}

/** The endings that were seen of each operation. */
function endingsIn(answers: readonly CollectedAnswer[]): Readonly<Record<string, readonly Ending[]>> {
  const seen = new Map<string, Set<Ending>>();
  for (const { operation, ending } of answers) seen.set(operation, (seen.get(operation) ?? new Set()).add(ending));
  return Object.fromEntries([...seen].map(([operation, endings]) => [operation, [...endings].toSorted()]));
}

const EVERY: readonly Ending[] = ['fault', 'good', 'refused'];
const ITEM_OPERATIONS = ['GetFolder', 'FindFolder', 'FindItem', 'GetItem', 'CreateItem', 'UpdateItem', 'DeleteItem'];
const SERVER_OPERATIONS = ['CreateFolder', 'DeleteFolder', 'SyncFolderItems', 'GetUserAvailability', 'ResolveNames', 'ConvertId'];
const OPERATIONS_OF_2010 = ['GetUserConfiguration', 'GetRooms', 'GetRoomLists'];

function everyEndingOf(operations: readonly string[]): Readonly<Record<string, readonly Ending[]>> {
  // A list of all room lists has nothing in it that could be refused.
  return Object.fromEntries(operations.map((name) => [name, name === 'GetRoomLists' ? ['fault', 'good'] : EVERY]));
}

function serverOf({ call, control }: ExchangeUnderTest, operations: readonly string[]): AskedServer {
  return {
    ask: async (operation, version) => (await call(operation, { version })).text,
    failNext: (ewsCode) => void control.addFault({ group: 'ews', ewsCode, backOffMs: 1000, times: 1 }),
    knows2010: operations.includes('GetRooms'),
    operations,
  };
}

async function exchangeOnline(): Promise<AskedServer> {
  const { request, control, tokens } = createMicrosoftUnderTest();
  const scope = 'openid offline_access https://outlook.office365.com/EWS.AccessAsUser.All';
  control.approveForUser(LEA, CLIENT_ID, scope.split(' '));
  const token = (await tokens(LEA, { scope }))['access_token'] ?? '';
  return {
    ask: async (operation, version) => {
      const { path = '', method = '', headers, body = '' } = ewsAsking(operation, version);
      return (await request(path, { method, headers: { ...headers, Authorization: `Bearer ${token}` }, body })).text();
    },
    failNext: (ewsCode) => void control.addFault({ group: 'ews', status: 500, ewsCode, retryAfterSeconds: 1, times: 1 }),
    knows2010: true,
    operations: ITEM_OPERATIONS,
  };
}

describe.runIf(SCHEMA_DIR !== undefined)('every answer keeps to Microsoft’s schema', { timeout: 60_000 }, () => {
  test.each(EXCHANGE_VERSIONS)('of Exchange %s, of every operation, good, refused and as a fault', async (version) => {
    const newer = version === '2007_SP1' ? [] : OPERATIONS_OF_2010;
    const operations = [...ITEM_OPERATIONS, ...SERVER_OPERATIONS, ...newer];
    const answers = await collectAnswers(serverOf(await startExchangeUnderTest({ version }), operations));
    expect(endingsIn(answers)).toEqual(everyEndingOf(operations));
    expect(await violations(filesOf(answers))).toEqual([]);
  });

  test('of Exchange Online, of every operation, good, refused and as a fault', async () => {
    const answers = await collectAnswers(await exchangeOnline());
    expect(endingsIn(answers)).toEqual(everyEndingOf(ITEM_OPERATIONS));
    expect(await violations(filesOf(answers))).toEqual([]);
  });

  test.each(EXCHANGE_VERSIONS)('of Exchange %s, where it lets nobody in', async (version) => {
    const exchange = await startExchangeUnderTest({ version });
    const { control } = exchange;
    const calendar =
      '<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="calendar"/></m:FolderIds></m:GetFolder>';
    const texts = new Map<string, string>();
    const refuse = async (name: string, header = ''): Promise<void> => {
      texts.set(name, (await exchange.call(calendar, { header })).text);
    };
    control.set({ tellsAccountState: true, ewsDisabledAnswer: 'access_denied' });
    for (const state of ['disabled', 'password_expired', 'must_change_password'] as const) {
      control.setFor(AMIRA.email, { state });
      await refuse(state);
    }
    control.setFor(AMIRA.email, { state: 'active', ewsEnabled: false });
    await refuse('switched-off');
    control.setFor(AMIRA.email, { ewsEnabled: true });
    const who = `<t:ConnectingSID><t:PrimarySmtpAddress>jonas@corp.example</t:PrimarySmtpAddress></t:ConnectingSID>`;
    await refuse('impersonation', `<t:ExchangeImpersonation>${who}</t:ExchangeImpersonation>`);
    for (const mailbox of ['moving', 'exchange_online', 'none'] as const) {
      control.setFor(AMIRA.email, { mailbox });
      await refuse(mailbox);
    }
    for (const [name, text] of texts) expect(text, name).toMatch(/Fault[ >]/);
    expect(await violations([...texts].map(([name, contents]) => ({ fileName: `${name}.xml`, contents })))).toEqual([]);
  });

  test('which says what breaks it', async () => {
    const { text } = await (await startExchangeUnderTest()).call('<m:ConvertId DestinationFormat="EwsId"><m:SourceIds/></m:ConvertId>');
    const broken = [text.replace('messages"', 'messages/x"'), text.replace('<s:Body>', '<s:Body><m:Nonsense/>')];
    for (const contents of broken) expect(await violations([{ fileName: 'x.xml', contents }])).not.toEqual([]);
  });
});
