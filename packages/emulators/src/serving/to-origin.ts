/**
 * Returns an option's origin.
 * @throws TypeError for anything else than an origin.
 */
export function toOrigin(option: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || url.origin === 'null' || url.href !== `${url.origin}/`) {
    throw new TypeError(`${option}: expected an origin such as http://google.localhost:4000, received ${value}`);
  }
  return url.origin;
}
