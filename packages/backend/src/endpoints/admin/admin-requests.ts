import type { Context } from 'hono';
import { readJson } from '../request-body.ts';
import type { ApplicationPatchFields, NewApplicationFields, ProviderClientFields, ProvisionFields, Schema } from './admin-schemas.ts';
import { type FieldError, FieldErrors } from './field-errors.ts';

/** Loaded with the first request, as all that needs zod. */
const schemas = () => import('./admin-schemas.ts');

/** @throws FieldErrors */
export async function readNewApplication(c: Context): Promise<NewApplicationFields> {
  return read((await schemas()).newApplication, await readJson(c));
}

/** @throws FieldErrors */
export async function readApplicationPatch(c: Context): Promise<ApplicationPatchFields> {
  return read((await schemas()).applicationPatch, await readJson(c));
}

/** @throws FieldErrors */
export async function readProviderClient(c: Context): Promise<ProviderClientFields> {
  return read((await schemas()).providerClient, await readJson(c));
}

/** @throws FieldErrors */
export async function readProvision(c: Context): Promise<ProvisionFields> {
  return read((await schemas()).provision, await readJson(c));
}

function read<T>(schema: Schema<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new FieldErrors(parsed.error.issues.flatMap((issue) => errorsOf(issue, body)));
}

interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Of fields that nobody knows. */
  readonly keys?: readonly string[];
}

function errorsOf({ code, path, message, keys }: Issue, body: unknown): FieldError[] {
  // What is wrong inside of a list is wrong with the list.
  const names = path.filter((part) => typeof part === 'string');
  if (code === 'unrecognized_keys') {
    return (keys ?? []).map((key) => {
      const field = [...names, key].join('.').slice(0, 100);
      return { field, key: 'errors.unknown_field', description: `${field}: expected no such field` };
    });
  }
  const field = names.join('.') || 'body';
  if (isMissing(names, body)) return [{ field, key: 'errors.required', description: `${field} must be specified` }];
  return [{ field, key: 'errors.invalid', description: `${field}: ${message}` }];
}

/** All that is required stands at the top. */
function isMissing([name, ...inner]: readonly string[], body: unknown): boolean {
  return name !== undefined && inner.length === 0 && typeof body === 'object' && body !== null && !Object.hasOwn(body, name);
}
