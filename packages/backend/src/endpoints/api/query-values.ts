/** Every spelling of a boolean that SDKs send: JavaScript's, Python's, PHP's. `undefined`: it is none of them. */
export function readBoolean(text: string): boolean | undefined {
  if (['true', '1'].includes(text.toLowerCase())) return true;
  return ['false', '0', ''].includes(text.toLowerCase()) ? false : undefined;
}

/** The values of a list in a query, `name[]=a&name[]=b`, as all SDKs write them, with brackets percent-encoded or not; `undefined` where there is none. */
export function readList(query: URLSearchParams, name: string): readonly string[] | undefined {
  const values = [...query.getAll(`${name}[]`), ...query.getAll(name)].filter((value) => value !== '');
  return values.length === 0 ? undefined : values;
}
