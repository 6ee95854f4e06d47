import { EWS_FULL_MODE } from './legacy-ews/legacy-ews.ts';
import { GRAPH_SCOPE_PREFIX, MICROSOFT_MODES, SIGN_IN_SCOPES, TEAMS_MODES } from './manifest.ts';

/** As we spell them, by how they compare. */
const OUR_SPELLING: ReadonlyMap<string, string> = new Map(
  [...Object.values(MICROSOFT_MODES), ...Object.values(TEAMS_MODES), EWS_FULL_MODE].flatMap(({ scopes }) =>
    scopes.map((scope) => [scope.toLowerCase(), scope]),
  ),
);

/** The scopes of an answer, spelt as they are asked for, each once. Microsoft compares without regard to case, and writes Graph's with or without their address. */
export function parseScopes(scope: string): readonly string[] {
  const names = scope.split(/\s+/).filter((name) => name !== '');
  return [...new Set(names.map(normalise))];
}

/**
 * Which of the asked permissions were not granted. More than was asked may have been: whatever was consented to earlier comes along.
 *
 * Signing in shows by the id token: an answer never names `offline_access`, and whether it names the others differs.
 *
 * @see [Successful response](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#successful-response-2)
 */
export function missingScopes(asked: readonly string[], granted: readonly string[]): readonly string[] {
  return asked.filter((scope) => !SIGN_IN_SCOPES.includes(scope) && !granted.includes(scope));
}

function normalise(name: string): string {
  const bare = name.toLowerCase().startsWith(GRAPH_SCOPE_PREFIX) ? name.slice(GRAPH_SCOPE_PREFIX.length) : name;
  return OUR_SPELLING.get(bare.toLowerCase()) ?? bare;
}
