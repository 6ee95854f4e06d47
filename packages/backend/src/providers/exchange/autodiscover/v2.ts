import type { MailAddress } from './mail-address.ts';

/** The answer is two short fields. */
export const MAX_V2_BYTES: number = 64 * 1024;

/**
 * Path of the form that takes no credentials, in Exchange Online and since 2016 CU3. It is the address's own domain that learns the address.
 */
export function v2Path({ address, domain }: MailAddress): string {
  const local = address.slice(0, address.lastIndexOf('@'));
  return `/autodiscover/autodiscover.json/v1.0/${encodeURIComponent(local)}@${domain}?Protocol=EWS`;
}

/** Reads where EWS is; `undefined` for anything else, such as a web site's page. */
export function readV2(text: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null) return undefined;
    const { Protocol: protocol, Url: url } = answer as { readonly Protocol?: unknown; readonly Url?: unknown };
    return typeof protocol === 'string' && protocol.toUpperCase() === 'EWS' && typeof url === 'string' ? url : undefined;
  } catch {
    return undefined;
  }
}
