/** Somebody with an account at a service. */
export interface Account {
  readonly email: string;
  readonly name: string;
}

/** The people of a service. */
export interface Accounts {
  readonly all: () => readonly Account[];
  readonly find: (email: string) => Account | undefined;
  readonly add: (account: Account) => void;
}

/** The people every conferencing service starts with: the same as the calendars have. */
export const DEFAULT_ACCOUNTS: readonly Account[] = [
  { email: 'amira@partner.example', name: 'Amira Haddad' },
  { email: 'jonas@gmail.example', name: 'Jonas Weber' },
];

/** Creates the register of people. */
export function createAccounts(accounts: readonly Account[]): Accounts {
  const byEmail = new Map(accounts.map(({ email, name }) => [email, { email, name }]));
  return {
    all: () => [...byEmail.values()],
    find: (email) => byEmail.get(email),
    add: ({ email, name }) => {
      byEmail.set(email, { email, name });
    },
  };
}
