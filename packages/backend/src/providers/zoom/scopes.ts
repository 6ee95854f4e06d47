import { ZOOM_SCOPES } from './manifest.ts';

/** What an older registration has in place of the granular scopes. [Classic scopes](https://developers.zoom.us/docs/integrations/oauth-scopes/) */
const CLASSIC: ReadonlyMap<string, string> = new Map([
  ['user:read:user', 'user:read'],
  ['meeting:write:meeting', 'meeting:write'],
  ['meeting:update:meeting', 'meeting:write'],
  ['meeting:delete:meeting', 'meeting:write'],
]);

/** Which scopes the granted ones do not amount to. `:admin` allows the same for everybody of the account, and so for this person. */
export function missingScopes(granted: readonly string[]): readonly string[] {
  return ZOOM_SCOPES.filter((scope) => {
    const enough = [scope, CLASSIC.get(scope) ?? scope].flatMap((name) => [name, `${name}:admin`]);
    return !enough.some((name) => granted.includes(name));
  });
}
