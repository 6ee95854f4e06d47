import { EwsFault, invalidSchema, type EwsServer } from './soap.ts';
import type { XmlElement } from './read-xml.ts';

/** The schema versions a request may name, oldest first. @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/requestserverversion} */
export const REQUEST_VERSIONS = [
  'Exchange2007',
  'Exchange2007_SP1',
  'Exchange2010',
  'Exchange2010_SP1',
  'Exchange2010_SP2',
  'Exchange2013',
  'Exchange2013_SP1',
  'Exchange2016',
] as const;

/** One of {@link REQUEST_VERSIONS}. */
export type RequestVersion = (typeof REQUEST_VERSIONS)[number];

/** Says whether a version has what came with another. */
export function isAtLeast(version: RequestVersion, floor: RequestVersion): boolean {
  return REQUEST_VERSIONS.indexOf(version) >= REQUEST_VERSIONS.indexOf(floor);
}

/** Elements and paths that came after the first version. */
const CAME_WITH: ReadonlyMap<string, RequestVersion> = new Map([
  ['GetRoomLists', 'Exchange2010'],
  ['GetRooms', 'Exchange2010'],
  ['GetUserConfiguration', 'Exchange2010'],
  ['StartTimeZone', 'Exchange2010'],
  ['EndTimeZone', 'Exchange2010'],
  ['calendar:StartTimeZone', 'Exchange2010'],
  ['calendar:EndTimeZone', 'Exchange2010'],
]);

/**
 * Refuses what came after the version that a request names.
 * @throws EwsFault of the schema, where the server does not know it either
 */
export function checkVersionOf(request: XmlElement, requested: RequestVersion, server: EwsServer): void {
  const { name, attributes, children } = request;
  for (const each of [name, attributes.get('FieldURI')]) {
    const floor = CAME_WITH.get(each ?? '');
    if (floor === undefined || isAtLeast(requested, floor)) continue;
    if (server.faultStyle === '2007') throw invalidSchema(`'${each}' is unknown`);
    throw new EwsFault('ErrorIncorrectSchemaVersion', 'The schema version of the request does not have everything that the request holds.');
  }
  for (const child of children) checkVersionOf(child, requested, server);
}
