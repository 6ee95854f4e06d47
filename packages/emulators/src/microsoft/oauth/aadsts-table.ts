import type { AadstsEntry } from './aadsts-entry.ts';
import { CONDITION_CODES, GRANT_CODES, PERSON_CODES } from './aadsts-of-people.ts';

/** Everything about the request. */
const REQUEST: Record<number, AadstsEntry> = {
  28000: {
    error: 'invalid_request',
    text: 'Provided value for the input parameter scope is not valid because it contains more than one resource. Scope {scope} is not valid.',
  },
  28002: {
    error: 'invalid_request',
    text: "Provided value for the input parameter scope '{scope}' is not valid when requesting an access token. Please specify a valid scope.",
  },
  28003: {
    error: 'invalid_request',
    text: 'Provided value for the input parameter scope cannot be empty when requesting an access token using the provided authorization code. Please specify a valid scope.',
  },
  50011: {
    error: 'invalid_request',
    text: "The redirect URI '{redirectUri}' specified in the request does not match the redirect URIs configured for the application '{appId}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal.",
  },
  500112: {
    error: 'invalid_client',
    status: 401,
    text: "The reply address '{redirectUri}' does not match the reply address '{expected}' provided when requesting Authorization code.",
  },
  50147: { error: 'invalid_request', text: 'The size of Code_Challenge parameter is not valid.' },
  501491: { error: 'invalid_request', text: 'Invalid size of Code_Challenge parameter.' },
  501481: { error: 'invalid_grant', text: 'The Code_Verifier does not match the code_challenge supplied in the authorization request.' },
  70003: { error: 'unsupported_grant_type', text: "The app requested an unsupported grant type '{grantType}'." },
  70005: { error: 'unsupported_response_type', text: "The app requested an unsupported response type '{responseType}'." },
  70007: { error: 'unsupported_response_mode', text: "'{responseMode}' is not a supported value of 'response_mode'." },
  70011: {
    error: 'invalid_scope',
    text: "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid.",
  },
  700022: {
    error: 'invalid_request',
    text: 'Provided value for the input parameter scope is not valid because it contains more than one resource. Scope {scope} is not valid.',
  },
  900023: {
    error: 'invalid_request',
    text: "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.",
  },
  90002: {
    error: 'invalid_request',
    text: "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.",
  },
  90014: {
    error: 'invalid_request',
    text: "The required field '{name}' is missing from the credential. Ensure that you have all the necessary parameters for the login request.",
  },
  900144: { error: 'invalid_request', text: "The request body must contain the following parameter: '{name}'." },
  90023: { error: 'invalid_request', text: "Unsupported '{name}' value." },
  900561: { error: 'invalid_request', text: 'The endpoint only accepts {verbs} requests. Received a {verb} request.' },
  900971: { error: 'invalid_request', text: 'No reply address provided.' },
  9001023: {
    error: 'invalid_request',
    text: 'The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.',
  },
  9002313: { error: 'invalid_grant', callbackError: 'invalid_request', text: 'Invalid request. Request is malformed or invalid.' },
  9002326: {
    error: 'invalid_request',
    text: "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: '{origin}'.",
  },
  1002012: {
    error: 'invalid_scope',
    text: 'The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
  },
};

/** Everything about the app, its credentials and its place in a tenant. */
const APP: Record<number, AadstsEntry> = {
  50105: {
    error: 'interaction_required',
    text: 'Your administrator has configured the application {appName} ({appId}) to block users unless they are specifically granted (assigned) access to the application. The signed in user is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator.',
  },
  50194: {
    error: 'invalid_request',
    text: "Application '{appId}'({appName}) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such applications created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.",
  },
  500011: {
    error: 'invalid_resource',
    text: 'The resource principal named {resource} was not found in the tenant. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.',
  },
  650052: {
    error: 'invalid_resource',
    text: 'The app needs access to a service ("{resource}") that your organization has not subscribed to or enabled. Contact your IT Admin to review the configuration of your service subscriptions.',
  },
  650053: {
    error: 'invalid_client',
    text: "The application '{appName}' asked for scope '{scope}' that doesn't exist on the resource '{resource}'. Contact the app vendor.",
  },
  650054: {
    error: 'invalid_resource',
    text: 'The application asked for permissions to access a resource that has been removed or is no longer available.',
  },
  650056: {
    error: 'invalid_client',
    text: 'Misconfigured application. This could be due to one of the following: the client has not listed any permissions in its application registration. Or, the admin has not consented in the tenant. Client app ID: {appId}.',
  },
  650057: {
    error: 'invalid_resource',
    text: "Invalid resource. The client has requested access to a resource which is not listed in the requested permissions in the client's application registration. Client app ID: {appId}({appName}).",
  },
  70001: { error: 'unauthorized_client', text: "The application '{appId}' is disabled." },
  700011: { error: 'unauthorized_client', text: 'Application with identifier {appId} was not found in the directory {tenant}.' },
  700016: {
    error: 'unauthorized_client',
    text: "Application with identifier '{appId}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
  },
  700027: {
    error: 'invalid_client',
    status: 401,
    text: 'The certificate with identifier used to sign the client assertion is not registered on application.',
  },
  7000112: { error: 'unauthorized_client', text: "Application '{appId}'({appName}) is disabled." },
  7000215: {
    error: 'invalid_client',
    status: 401,
    text: "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{appId}'.",
  },
  7000218: {
    error: 'invalid_client',
    status: 401,
    text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  },
  7000222: {
    error: 'invalid_client',
    status: 401,
    text: "The provided client secret keys for app '{appId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
  },
  90124: {
    error: 'invalid_request',
    text: 'The resource is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.',
  },
  90130: {
    error: 'invalid_request',
    text: "Application '{appId}'({appName}) is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.",
  },
  9002331: {
    error: 'invalid_request',
    text: "Application '{appId}'({appName}) is configured for use by Microsoft Account users only. Please use the /consumers endpoint to serve this request.",
  },
  9002332: {
    error: 'invalid_request',
    text: "Application '{appId}'({appName}) is configured for use by Azure Active Directory users only. Please do not use the /consumers endpoint to serve this request.",
  },
};

/**
 * The codes the emulator has. Texts are Microsoft's, some shortened; which `error` and `suberror` goes with a code is documented for few.
 * @see {@link https://learn.microsoft.com/entra/identity-platform/reference-error-codes}
 */
export const AADSTS: Readonly<Record<number, AadstsEntry>> = { ...REQUEST, ...APP, ...PERSON_CODES, ...GRANT_CODES, ...CONDITION_CODES };

/** The codes of {@link AADSTS}. */
export const AADSTS_CODES: readonly number[] = Object.keys(AADSTS).map(Number);
