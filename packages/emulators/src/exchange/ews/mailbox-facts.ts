import { findFolder, outOfReach } from '../../ews-operations/folders.ts';
import { toEwsId } from '../../ews-operations/ids.ts';
import { childOf } from '../../ews-operations/read-xml.ts';
import { EwsRefusal, invalidSchema, writeMessages } from '../../ews-operations/soap.ts';
import { element, textElement, type Xml } from '../../ews-operations/write-xml.ts';
import { windowsZone } from '../../microsoft/mailbox/zone-names.ts';
import type { ExchangeCall } from './call.ts';

const USER_OPTIONS = 'OWA.UserOptions';

/**
 * `ConvertId`, from and to the ids of EWS: the one thing it is asked for is whose mailbox an id belongs to.
 * @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/convertid-operation}
 */
export function convertId({ request, user }: ExchangeCall): Xml {
  if (request.attributes.get('DestinationFormat') !== 'EwsId') throw outOfReach('converts ids to the format EwsId only');
  return writeMessages('ConvertId', childOf(request, 'SourceIds')?.children ?? [], {
    answer: (source) => {
      const id = source.attributes.get('Id') ?? '';
      if (source.attributes.get('Format') !== 'EwsId' || !/^[\w+/=.]+$/.test(id)) {
        throw new EwsRefusal('ErrorInvalidIdMalformed', 'Id is malformed.');
      }
      const type = { 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance', 'xsi:type': 't:AlternateIdType' };
      return [element('m:AlternateId', { ...type, Format: 'EwsId', Id: id, Mailbox: user.email })];
    },
  });
}

/**
 * `GetUserConfiguration` of Outlook on the web's options, of which there is the person's time zone.
 * @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/getuserconfiguration-operation}
 */
export function getUserConfiguration(call: ExchangeCall): Xml {
  const { request, people, user } = call;
  const name = childOf(request, 'UserConfigurationName');
  const folderId = name?.children[0];
  if (name === undefined || folderId === undefined) throw invalidSchema("the element 'UserConfigurationName' is missing or empty");
  return writeMessages('GetUserConfiguration', [folderId], {
    answer: (id) => {
      const folder = findFolder(id, call);
      if (name.attributes.get('Name') !== USER_OPTIONS)
        throw new EwsRefusal('ErrorItemNotFound', 'The configuration object was not found.');
      const zone = windowsZone(people.findByAddress(user.email)?.timeZone ?? 'UTC');
      const entry = element('t:DictionaryEntry', {}, entryPart('t:DictionaryKey', 'timezone'), entryPart('t:DictionaryValue', zone));
      const written = element('t:UserConfigurationName', { Name: USER_OPTIONS }, element('t:FolderId', { Id: toEwsId(folder.id) }));
      return [element('m:UserConfiguration', {}, written, element('t:Dictionary', {}, entry))];
    },
  });
}

function entryPart(name: string, value: string): Xml {
  return element(name, {}, textElement('t:Type', 'String'), textElement('t:Value', value));
}
