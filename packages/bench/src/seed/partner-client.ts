/** The application that the benchmark asks as, and what redeems its codes. */
export interface PartnerClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  /** PKCE: every seeded code carries {@link codeChallenge}. */
  readonly codeVerifier: string;
  readonly codeChallenge: string;
}

/** The redirect URI of every candidate's client. Nobody listens there. */
export const REDIRECT_URI = 'https://app.partner.example/calendar/callback';
