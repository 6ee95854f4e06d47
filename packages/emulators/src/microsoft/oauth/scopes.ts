import { AadstsError } from './aadsts.ts';
import type { MicrosoftClient } from './clients.ts';
import { EXCHANGE_ONLINE, findResource, GRAPH, SIGN_IN_SCOPES, type Permission, type Resource } from './permissions.ts';

/** What a request asks for, in full spelling, each once. */
export interface AskedScopes {
  /** `openid`, `profile`, `email`, `offline_access`. */
  readonly signIn: readonly string[];
  /** Such as `https://graph.microsoft.com/Calendars.Read`. */
  readonly access: readonly string[];
  readonly resources: readonly Resource[];
  /** Whether the request spelt a Graph permission as an address; the answer does as the request did. */
  readonly asUrls: boolean;
}

/** Spells a permission in full. */
function scopeOf(resource: Resource, permission: string): string {
  return `${resource.uri}/${permission}`;
}

/** Spells permissions in full that may be short; unknown ones throw. @throws RangeError */
export function toFullScopes(scopes: readonly string[]): string[] {
  return scopes.map((scope) => {
    const full = SIGN_IN_SCOPES.has(scope) ? scope : readWord(scope)?.full;
    if (full === undefined) throw new RangeError(`scopes: expected names of permissions that the emulator has, received ${scope}`);
    return full;
  });
}

/** Says what a scope permits and who may consent to it. */
export function permissionOf(scope: string): Permission {
  const { resource, name } = splitScope(scope);
  return SIGN_IN_SCOPES.get(scope) ?? resource?.delegated.get(name) ?? { text: scope, need: 'admin' };
}

/** Returns the resource that a scope belongs to; `undefined` for signing in. */
export function resourceOf(scope: string): Resource | undefined {
  return splitScope(scope).resource;
}

/** Returns the permission's own name, as a token's `scp` has it. */
export function nameOf(scope: string): string {
  return splitScope(scope).name;
}

/**
 * Reads the `scope` of a request.
 * @throws AadstsError 70011 for `.default` beside others, 650053 for a permission that its resource does not have, 500011 for an unknown resource.
 */
export function parseScopes(text: string, client: MicrosoftClient): AskedScopes {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const signIn = words.map((word) => word.toLowerCase()).filter((word) => SIGN_IN_SCOPES.has(word));
  const others = words.filter((word) => !SIGN_IN_SCOPES.has(word.toLowerCase()));
  const defaults = others.filter((word) => /(^|\/)\.default$/.test(word));
  if (defaults.length > 0 && others.length > 1) throw new AadstsError(70011, { scope: text });
  const access = defaults.length > 0 ? defaultScopes(defaults[0] ?? '', client) : others.map((word) => accessScope(word, client));
  const resources = [...new Set(access.map(resourceOf))].filter((resource) => resource !== undefined);
  return {
    signIn: [...new Set(signIn)],
    access: [...new Set(access)],
    resources,
    asUrls: others.some((word) => word.startsWith('https://')),
  };
}

/** Returns the delegated permissions that the client's registration lists for the resource of `…/.default`. */
function defaultScopes(word: string, client: MicrosoftClient): string[] {
  const address = word.replace(/\/?\.default$/, '');
  const resource = address === '' ? GRAPH : findResource(address);
  if (resource === undefined) throw new AadstsError(500011, { resource: address });
  return registeredScopes(client).filter((scope) => resourceOf(scope) === resource);
}

/** Returns the delegated permissions that a client's registration lists, in full spelling. */
export function registeredScopes({ permissions }: MicrosoftClient): string[] {
  return toFullScopes(permissions?.delegated ?? ['User.Read']);
}

/**
 * Spells granted scopes as the token endpoint's answer does: without `offline_access`, Graph's as the request had them.
 * @see {@link https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#successful-response-2}
 */
export function answerScope(granted: readonly string[], asUrls: boolean): string {
  return granted
    .filter((scope) => scope !== 'offline_access')
    .map((scope) => (resourceOf(scope) === GRAPH && !asUrls ? nameOf(scope) : scope))
    .join(' ');
}

function accessScope(word: string, client: MicrosoftClient): string {
  const read = readWord(word);
  if (read?.full !== undefined) return read.full;
  if (read?.resource === undefined) throw new AadstsError(500011, { resource: word.slice(0, word.lastIndexOf('/')) });
  const { resource, name } = read;
  throw new AadstsError(650053, { appName: client.appName ?? client.clientId, scope: name, resource: resource.appId });
}

interface ReadWord {
  readonly resource: Resource | undefined;
  readonly name: string;
  /** Absent when the resource has no such permission. */
  readonly full: string | undefined;
}

/** A bare name means Graph. Names are compared without regard to case. */
function readWord(word: string): ReadWord | undefined {
  const slash = word.lastIndexOf('/');
  const name = word.slice(slash + 1);
  const resource = slash < 0 ? GRAPH : findResource(word.slice(0, slash));
  const known = [...(resource?.delegated.keys() ?? [])].find((permission) => permission.toLowerCase() === name.toLowerCase());
  return { resource, name, full: resource === undefined || known === undefined ? undefined : scopeOf(resource, known) };
}

function splitScope(scope: string): { resource: Resource | undefined; name: string } {
  const resource = [GRAPH, EXCHANGE_ONLINE].find(({ uri }) => scope.startsWith(`${uri}/`));
  return { resource, name: resource === undefined ? scope : scope.slice(resource.uri.length + 1) };
}
