import { createHmac } from 'node:crypto';
import type { SealContext } from '../vault/vault.ts';

/** The header that says who a notification is from. */
export const SIGNATURE_HEADER = 'Cronofy-HMAC-SHA256';

/**
 * Signs the body of a notification: the HMAC-SHA256 of its bytes under each of the application's secrets, in base64, with commas and no
 * blanks between them. The public Cronofy SDKs split at the comma and trim nothing.
 *
 * @see [Cronofy: push notification authentication](https://docs.cronofy.com/developers/push-notifications/authentication/)
 */
export function signatureOf(body: string, clientSecrets: readonly string[]): string {
  return clientSecrets.map((secret) => createHmac('sha256', secret).update(body).digest('base64')).join(',');
}

/** Where the client secret is sealed for that an application's notifications are signed with. */
export function clientSecretPlace(applicationId: string): SealContext {
  return { purpose: 'application.secret/1', rowId: applicationId, applicationId };
}
