/** A form as it goes over the wire. */
export function formRequest(path: string, fields: Readonly<Record<string, string>>): string {
  const body = new URLSearchParams(fields).toString();
  return [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    'Accept: application/json',
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

/** A request with an access token as it goes over the wire. */
export function bearerRequest(path: string, accessToken: string): string {
  return [`GET ${path} HTTP/1.1`, 'Host: localhost', 'Accept: application/json', `Authorization: Bearer ${accessToken}`, '', ''].join(
    '\r\n',
  );
}
