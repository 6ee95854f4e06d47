import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { ask, describeAnswer } from '../answer.ts';
import type { OrganisationReading } from '../admin-approval.ts';
import { PERSONAL_TENANT } from './manifest.ts';
import type { MicrosoftSettings } from './options.ts';
import { errorOfAnswer, isRefusal } from './oauth-errors.ts';

/** A public host name of at least two labels. [RFC 1035 §2.3.1](https://www.rfc-editor.org/rfc/rfc1035#section-2.3.1), [RFC 1123 §2.1](https://www.rfc-editor.org/rfc/rfc1123#section-2.1) */
const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** What a domain may be typed with, in any script: `domainToASCII` would drop what follows a `/`, `?` or `#`. */
const TYPED_DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u;
const MAX_ADDRESS_CHARACTERS = 320;
/** Where personal accounts get their addresses: the directory has organisations of these names, too, which are nobody's. */
const CONSUMER_DOMAIN = /^(?:outlook|hotmail|live|msn|passport|windowslive)(?:\.(?:com|net|[a-z]{2}|com?\.[a-z]{2}))$/;
/** What the directory says of a name that is no organisation's: not found, or nothing that could be. */
const NO_ORGANISATION: readonly (number | undefined)[] = [90002, 900023];

const DOCUMENT = z.object({ issuer: z.string() });

/**
 * Finds the organisation of a work address in Microsoft's public directory: the issuer in the discovery document of its domain names it.
 *
 * Whatever stands before the last `@` stays here.
 *
 * @see [Find your app's OpenID configuration document URI](https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#find-your-apps-openid-configuration-document-uri)
 */
export async function findOrganisation(settings: MicrosoftSettings, emailOrDomain: string): Promise<OrganisationReading> {
  const domain = parseDomain(emailOrDomain);
  if (domain === undefined) return { outcome: 'unknown' };
  if (CONSUMER_DOMAIN.test(domain)) return { outcome: 'personal' };
  const { tokenAuthority, issuerOrigin } = settings.endpoints;
  const answer = await ask(settings, `${tokenAuthority}/${domain}/v2.0/.well-known/openid-configuration`);
  const issuer = answer.answered && answer.status === 200 ? DOCUMENT.safeParse(answer.body).data?.issuer : undefined;
  const organisation = issuer === undefined ? undefined : tenantOf(issuer, issuerOrigin);
  if (organisation === PERSONAL_TENANT) return { outcome: 'personal' };
  if (organisation !== undefined) return { outcome: 'found', organisation };
  if (isRefusal(answer) && NO_ORGANISATION.includes(errorOfAnswer(answer)?.code)) return { outcome: 'unknown' };
  return {
    outcome: 'unavailable',
    retryAfterMs: answer.answered ? answer.retryAfterMs : undefined,
    operatorHint: describeAnswer('Microsoft’s directory', answer),
  };
}

/** The domain of an address, or of itself, as the domain name system writes it. */
function parseDomain(emailOrDomain: string): string | undefined {
  if (emailOrDomain.length > MAX_ADDRESS_CHARACTERS) return undefined;
  const name = emailOrDomain.slice(emailOrDomain.lastIndexOf('@') + 1).trim();
  if (!TYPED_DOMAIN.test(name)) return undefined;
  const domain = domainToASCII(name).toLowerCase();
  return DOMAIN.test(domain) ? domain : undefined;
}

function tenantOf(issuer: string, issuerOrigin: string): string | undefined {
  if (!issuer.startsWith(`${issuerOrigin}/`)) return undefined;
  return /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/v2\.0$/i.exec(issuer.slice(issuerOrigin.length + 1))?.[1]?.toLowerCase();
}
