/** What a server of another candidate is started with, as JSON in its first argument. */
export interface Setup {
  readonly port: number;
  /** Where its database goes. */
  readonly folder: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  /** What every seeded code carries. */
  readonly codeChallenge: string;
}

/** Reads the setup that this process was started with. */
export function readSetup(): Setup {
  return JSON.parse(process.argv[2] ?? '') as Setup;
}
