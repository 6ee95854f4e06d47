import { createHash } from 'node:crypto';

/** Makes an etag of any contents. The quotes belong to it, in JSON too. */
export function etagOf(contents: unknown): string {
  return `"${createHash('sha1').update(JSON.stringify(contents)).digest('base64url')}"`;
}
