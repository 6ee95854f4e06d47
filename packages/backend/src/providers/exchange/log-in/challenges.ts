/** One challenge of `WWW-Authenticate`. */
export interface AuthChallenge {
  /** In small letters: `ntlm`. */
  readonly scheme: string;
  /** What `NTLM` and `Negotiate` send behind their name. */
  readonly token68: string | undefined;
  /** Names in small letters. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const TOKEN68 = /[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))/y;
const SPACES = /[ \t]*/y;
const SEPARATORS = /[ \t,]*/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
/** More than any server offers. */
const MAX_CHALLENGES = 20;

/**
 * Reads `WWW-Authenticate`, where several headers have become one. What cannot be read ends the list: half a challenge is none.
 *
 * @see [RFC 9110 §11.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1)
 */
export function readChallenges(header: string | null): readonly AuthChallenge[] {
  const text = header ?? '';
  const challenges: AuthChallenge[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text) ?? undefined;
    if (found !== undefined) at = pattern.lastIndex;
    return found;
  };
  const takeParameter = (): readonly [string, string] | undefined => {
    const before = at;
    const name = take(TOKEN)?.[0];
    take(SPACES);
    if (name === undefined || text[at] !== '=') {
      at = before;
      return undefined;
    }
    at += 1;
    take(SPACES);
    const value = take(QUOTED)?.[1]?.replace(/\\(.)/g, '$1') ?? take(TOKEN)?.[0];
    if (value !== undefined) return [name.toLowerCase(), value];
    at = before;
    return undefined;
  };
  const takeParameters = (): ReadonlyMap<string, string> => {
    const parameters = new Map<string, string>();
    for (let parameter = takeParameter(); parameter !== undefined; parameter = takeParameter()) {
      parameters.set(...parameter);
      // Without a comma it is the last. Behind one comes a scheme where the next word is not followed by `=`.
      if (take(SEPARATORS)?.[0] === '') break;
    }
    return parameters;
  };
  for (take(SEPARATORS); at < text.length && challenges.length < MAX_CHALLENGES; take(SEPARATORS)) {
    const scheme = take(TOKEN)?.[0].toLowerCase();
    if (scheme === undefined) break;
    const spaced = (take(SPACES)?.[0] ?? '') !== '';
    const token68 = spaced ? take(TOKEN68)?.[0] : undefined;
    const parameters = token68 === undefined ? takeParameters() : new Map<string, string>();
    challenges.push({ scheme, token68, parameters });
  }
  return challenges;
}
