/** How many codes and pairs of tokens are wanted. */
export interface SeedCounts {
  readonly codes: number;
  readonly tokens: number;
}

/** Codes that nobody has redeemed, and tokens that stand. */
export interface Seeded {
  readonly codes: readonly string[];
  readonly tokens: readonly TokenPair[];
}

/** An access token and the refresh token that came with it. */
export interface TokenPair {
  readonly access: string;
  readonly refresh: string;
}

/** As plain lines: `code C` and `tok ACCESS REFRESH`. */
export function writeSeeded({ codes, tokens }: Seeded): string {
  const lines = [...codes.map((code) => `code ${code}`), ...tokens.map(({ access, refresh }) => `tok ${access} ${refresh}`)];
  return lines.map((line) => `${line}\n`).join('');
}

/** Reads what {@link writeSeeded} wrote. */
export function readSeeded(text: string): Seeded {
  const lines = text.split('\n').map((line) => line.split(' '));
  return {
    codes: lines.flatMap(([kind, code]) => (kind === 'code' && code !== undefined ? [code] : [])),
    tokens: lines.flatMap(([kind, access, refresh]) =>
      kind === 'tok' && access !== undefined && refresh !== undefined ? [{ access, refresh }] : [],
    ),
  };
}

/** Most codes and tokens of one request: what a machine makes in a minute or two. */
const MOST = 1_000_000;

/** Reads `?codes=N&tokens=M`; what is not there is 0. `undefined` where one of them is no such number. */
export function readCounts(query: URLSearchParams): SeedCounts | undefined {
  const [codes, tokens] = ['codes', 'tokens'].map((name) => {
    const text = query.get(name) ?? '0';
    return /^\d{1,7}$/.test(text) && Number(text) <= MOST ? Number(text) : undefined;
  });
  return codes === undefined || tokens === undefined ? undefined : { codes, tokens };
}
