const EWS_PATH = '/EWS/Exchange.asmx';
/** What people copy from their browser, or remember. */
const KNOWN_PATHS = /^\/(?:owa|ews|ecp|exchange|mapi|autodiscover|microsoft-server-activesync)?(?:\/.*)?$/i;

/**
 * Makes an EWS address of what somebody typed: `mail.corp.example`, `mail.corp.example/owa`, or the whole address. Query, fragment and every
 * path of Exchange's other doors are dropped. `undefined` where it is no https address of a host with a name of several parts or an
 * address, or has a user in it.
 */
export function parseServerAddress(typed: string): URL | undefined {
  const text = typed.trim();
  if (text === '' || text.length > 2000 || /[\s\p{Cc}\\]/u.test(text)) return undefined;
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.hostname === '') return undefined;
  const plain = KNOWN_PATHS.test(url.pathname) ? EWS_PATH : undefined;
  return plain === undefined ? undefined : new URL(plain, url.origin);
}
