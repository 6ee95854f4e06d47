/** Reads a form-encoded body. Any other kind of body counts as an empty form: whether Google takes JSON here is not documented. */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const type = request.headers.get('Content-Type') ?? '';
  return new URLSearchParams(type.startsWith('application/x-www-form-urlencoded') ? await request.text() : '');
}
