/** Reads a `*_json` column. What is in it was written by {@link writeList}, so anything else means a damaged row. */
export function readList(json: string): string[] {
  const value: unknown = JSON.parse(json);
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw new TypeError('a *_json column holds no list of strings');
  return value;
}

/** Writes a `*_json` column. */
export function writeList(list: readonly string[]): string {
  return JSON.stringify(list);
}
