import type { ErrorKindName } from './aadsts-kinds.ts';

/** What one code of Microsoft's sign-in service means to us. */
export interface AadstsMeaning {
  readonly kind: ErrorKindName;
  /** One sentence for the operator: what happened and, where they can do something, what. */
  readonly operator: string;
  /** One sentence for the person of what happened, where that of the kind says too little. */
  readonly user?: string;
}

type Row = readonly [code: number, kind: ErrorKindName, operator: string, user?: string];

const CONSENT: readonly Row[] = [
  [65001, 'approval_needed', 'neither the person nor an administrator has consented to these permissions, or the consent was withdrawn'],
  [65004, 'declined', 'the person declined on the consent page'],
  [90094, 'approval_needed', 'the organisation lets only its administrators consent to these permissions'],
  [90095, 'approval_needed', 'the organisation lets people ask its administrators for consent, and this person can or did'],
  [90097, 'approval_failed', 'Microsoft had an error while an administrator consented'],
];

const ACCOUNTS: readonly Row[] = [
  [
    16000,
    'sign_in_again',
    'several accounts are signed in and nobody chose one',
    'Several of your accounts are signed in, and none was chosen.',
  ],
  [50058, 'sign_in_again', 'nobody is signed in at Microsoft in this browser', 'You are not signed in to Microsoft in this browser.'],
  [
    50020,
    'wrong_account',
    'the account is not in the organisation that it was asked of',
    'This account does not belong to the organisation that it was used for.',
  ],
  [
    50034,
    'wrong_account',
    'the account does not exist, or not any longer, in the directory of its organisation',
    'Microsoft does not know this account.',
  ],
  [
    51004,
    'wrong_account',
    'the account does not exist in the directory of the organisation',
    'This account is not in your organisation’s directory.',
  ],
  [
    90072,
    'wrong_account',
    'the account is of another organisation and no guest of the one that it was asked of',
    'This account belongs to another organisation.',
  ],
  [
    500208,
    'wrong_account',
    'the account is a personal one where only work accounts are taken, or the other way round',
    'This kind of account, personal or work, is not taken here.',
  ],
  [
    50053,
    'account_unusable',
    'the account is locked after too many wrong sign-ins, or the address it signs in from is blocked',
    'Microsoft has locked this account for a while, or blocks the network that it signs in from.',
  ],
  [
    50055,
    'account_unusable',
    'the password of the account has expired',
    'Your Microsoft password has expired and has to be changed first.',
  ],
  [
    50057,
    'account_unusable',
    'the account was disabled by its administrator',
    'This account is disabled until its administrator enables it.',
  ],
  [50126, 'account_unusable', 'the user name or password was wrong', 'The user name or password was wrong.'],
];

const CONDITIONS: readonly Row[] = [
  [
    50076,
    'sign_in_again',
    'a rule of the organisation, or a new place, wants multi-factor authentication',
    'Microsoft wants a second proof that it is you.',
  ],
  [
    50078,
    'sign_in_again',
    'the multi-factor authentication has expired by a rule of the organisation',
    'Your organisation wants a new second proof that it is you.',
  ],
  [
    50079,
    'sign_in_again',
    'the person has to enrol in multi-factor authentication',
    'Your organisation wants you to set up a second proof that it is you.',
  ],
  [
    50158,
    'sign_in_again',
    'a security check outside of Microsoft has not been passed',
    'Your organisation wants to check once more that it is you.',
  ],
  [
    53004,
    'sign_in_again',
    'the person has to finish registering for multi-factor authentication',
    'Your organisation wants you to finish setting up a second proof that it is you.',
  ],
  [
    53000,
    'organisation_refuses',
    'Conditional Access wants a compliant device',
    'Your organisation lets you connect only from a device that keeps its rules.',
  ],
  [
    53001,
    'organisation_refuses',
    'Conditional Access wants a device that is joined to the domain',
    'Your organisation lets you connect only from a device of its own.',
  ],
  [
    53002,
    'organisation_refuses',
    'Conditional Access allows approved applications only',
    'Your organisation lets you connect only with applications that it has approved.',
  ],
  [53003, 'organisation_refuses', 'Conditional Access blocks the access'],
  [530032, 'organisation_refuses', 'a security policy of the organisation blocks the access'],
  [
    50105,
    'organisation_refuses',
    'the organisation has assigned the application to certain people, and this one is not among them',
    'Your organisation lets only certain people use this application, and you are not among them.',
  ],
  [
    7000112,
    'organisation_refuses',
    'the application is disabled: by the administrator where it is one organisation, by Microsoft where it is all',
    'This application has been switched off.',
  ],
  [
    650052,
    'organisation_refuses',
    'the organisation has not subscribed to the service that is asked for, or has switched it off',
    'Your organisation does not have the Microsoft service that this needs, or has switched it off.',
  ],
];

const GRANTS: readonly Row[] = [
  [50089, 'grant_over', 'the flow token or the grant has expired'],
  [50132, 'grant_over', 'the session ended with a new or expired password'],
  [50133, 'grant_over', 'the session ended with a new or expired password'],
  [50173, 'grant_over', 'the grant was revoked: by the person, an administrator, or a new password'],
  [70000, 'grant_over', 'the code or refresh token is invalid, or another client’s'],
  [70008, 'grant_over', 'the code or refresh token has expired'],
  [70043, 'grant_over', 'the organisation limits how long a sign-in lasts, and it has ended'],
  [700082, 'grant_over', 'the refresh token was not used for 90 days'],
  [
    700084,
    'grant_over',
    'the refresh token is one of a single-page application and lasted 24 hours; register the redirect URI as type “Web”',
  ],
  [54005, 'attempt_over', 'the code was redeemed before; it is never sent a second time'],
  [501481, 'attempt_over', 'the PKCE verifier does not belong to the code'],
  [9002313, 'unreadable', 'the code, the refresh token or the request is malformed'],
];

const CLIENT: readonly Row[] = [
  [7000215, 'misconfigured', 'the client secret is wrong; set the value of a secret, not its id'],
  [7000218, 'misconfigured', 'the request has no client secret, or the application is registered as a public client'],
  [7000222, 'misconfigured', 'the client secret has expired; make a new one in the app registration'],
  [700027, 'misconfigured', 'the certificate is not registered with the application'],
  [70001, 'misconfigured', 'the application is disabled or does not exist'],
  [700011, 'misconfigured', 'the application is not known in the directory; compare the client id with the app registration'],
  [
    700016,
    'misconfigured',
    'the application is not known in the directory; compare the client id, and that accounts of any organisation are supported',
  ],
  [50194, 'misconfigured', 'the application is registered for one organisation; let its registration support accounts of any organisation'],
  [90124, 'misconfigured', 'the service that is asked for does not exist for personal accounts'],
  [90130, 'misconfigured', 'the application may not be used at the common address; look at its supported account types'],
  [9002331, 'misconfigured', 'the application is registered for personal accounts only; look at its supported account types'],
  [9002332, 'misconfigured', 'the application is registered for work accounts only; look at its supported account types'],
  [50011, 'misconfigured', 'the redirect URI is not registered, exactly, with the application'],
  [500112, 'misconfigured', 'the redirect URI of the exchange is not the one of the request'],
  [900971, 'misconfigured', 'no redirect URI was sent and none is registered'],
  [500011, 'misconfigured', 'the service that is asked for is not known in the organisation'],
  [650053, 'misconfigured', 'a permission that is asked for does not exist'],
  [650054, 'misconfigured', 'the service that is asked for was removed'],
  [650056, 'misconfigured', 'the app registration lists no permissions, or none that was consented to; add those of Microsoft Graph to it'],
  [
    650057,
    'misconfigured',
    'the app registration does not list the service that is asked for; add the permissions of Microsoft Graph to it',
  ],
];

const REQUEST: readonly Row[] = [
  [28000, 'misconfigured', 'permissions of several services were asked for in one token request'],
  [28002, 'misconfigured', 'a permission in the token request is invalid'],
  [28003, 'misconfigured', 'the token request asks for no permission'],
  [50147, 'misconfigured', 'the PKCE challenge has a wrong size'],
  [501491, 'misconfigured', 'the PKCE challenge has a wrong size'],
  [700005, 'misconfigured', 'the code was redeemed at another address than it was asked for at; look at the endpoints that are configured'],
  [70003, 'misconfigured', 'the grant type is not supported'],
  [70005, 'misconfigured', 'the response type is not supported; look at the app registration'],
  [70007, 'misconfigured', 'the response mode is not supported'],
  [70011, 'misconfigured', 'a scope is invalid'],
  [700022, 'misconfigured', 'permissions of several services were asked for at once'],
  [90002, 'misconfigured', 'the organisation does not exist in this cloud; look at the endpoints that are configured'],
  [90014, 'misconfigured', 'a parameter is missing from the request'],
  [90023, 'misconfigured', 'a parameter of the request has an unsupported value'],
  [900023, 'misconfigured', 'the organisation in the address is neither an id nor a domain'],
  [900144, 'misconfigured', 'a parameter is missing from the request'],
  [900561, 'misconfigured', 'the request used a method that is not supported'],
  [9001023, 'misconfigured', 'the grant type is not supported at the common address'],
  [9002326, 'misconfigured', 'the redirect URI is registered for a single-page application; register it as type “Web”'],
  [1002012, 'misconfigured', 'a request for the application itself asks for other than .default'],
];

const BUSY: readonly Row[] = [
  [50033, 'transient', 'Microsoft had a transient error'],
  [50196, 'too_fast', 'Microsoft saw the same request over and over and ended the loop; it is left alone for ten minutes'],
  [90006, 'transient', 'Microsoft’s sign-in service is temporarily unavailable'],
  [90024, 'transient', 'Microsoft had a transient error'],
  [90033, 'transient', 'Microsoft had a transient error'],
  [90090, 'transient', 'Microsoft’s sign-in service is temporarily unavailable'],
];

/**
 * Every code of Microsoft's sign-in service that we know, in the order in which our documentation has them.
 *
 * @see [AADSTS error codes](https://learn.microsoft.com/entra/identity-platform/reference-error-codes#aadsts-error-codes)
 */
export const AADSTS: ReadonlyMap<number, AadstsMeaning> = new Map(
  [...CONSENT, ...ACCOUNTS, ...CONDITIONS, ...GRANTS, ...CLIENT, ...REQUEST, ...BUSY].map(([code, kind, operator, user]) => [
    code,
    { kind, operator, ...(user === undefined ? {} : { user }) },
  ]),
);
