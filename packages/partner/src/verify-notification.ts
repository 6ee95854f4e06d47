import { isSameText } from './is-same-text.ts';
import { PartnerError } from './partner-error.ts';

/** What {@link verifyNotification} needs. */
export interface VerifyNotificationOptions {
  /**
   * The body exactly as it came: bytes, or the text that they are in UTF-8. What was parsed and written again has other bytes, and no
   * signature fits it.
   */
  readonly body: string | ArrayBuffer | Uint8Array;
  /** The value of the header `Cronofy-HMAC-SHA256`; absent where there is none. It may hold several signatures, with commas between them. */
  readonly signature: string | null | undefined;
  /** Your client secret; while you change it, the old and the new one. */
  readonly clientSecrets: readonly string[];
}

/**
 * Tells whether a notification was signed with one of your client secrets. Nothing that somebody sends makes it throw.
 *
 * It does not tell when: whoever got hold of a notification can send it again. Drop what has the `id` of one that you have handled.
 *
 * @throws PartnerError `option_invalid` where there is no client secret, or `body` was parsed already
 * @see [Cronofy: push notification authentication](https://docs.cronofy.com/developers/push-notifications/authentication/)
 */
export async function verifyNotification({ body, signature, clientSecrets }: VerifyNotificationOptions): Promise<boolean> {
  if (clientSecrets.length === 0 || !clientSecrets.every((secret) => typeof secret === 'string' && secret !== '')) {
    throw new PartnerError('option_invalid', 'clientSecrets: expected at least one client secret, and none that is empty');
  }
  const bytes = bytesOf(body);
  const given = typeof signature === 'string' ? signature.split(',') : [];
  const expected = await Promise.all(clientSecrets.map((secret) => signatureOf(bytes, secret)));
  // All are compared, whatever the first one says.
  return expected.flatMap((right) => given.map((one) => isSameText(right, one.trim()))).includes(true);
}

function bytesOf(body: unknown): Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (body instanceof Uint8Array) return new Uint8Array(body);
  throw new PartnerError(
    'option_invalid',
    `body: expected the raw body, as bytes or text, received ${body === null ? 'null' : typeof body}`,
  );
}

async function signatureOf(bytes: Uint8Array<ArrayBuffer>, secret: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, ['sign']);
  return btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.sign(algorithm, key, bytes))));
}
