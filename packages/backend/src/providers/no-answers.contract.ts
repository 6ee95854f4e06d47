/** Answers that no part of a provider would give: what is between may, and a bad day does. All say nothing about the grant. */
export const NO_ANSWERS: Readonly<Record<string, () => Response | Promise<Response>>> = {
  'HTML with 200': () => new Response('<html>Welcome to the hotel</html>', { headers: { 'content-type': 'text/html' } }),
  'an empty 200': () => new Response(''),
  'truncated JSON': () => new Response('{"access_token":"ya29.access-very-sec', { headers: { 'content-type': 'application/json' } }),
  'JSON of another kind': () => Response.json([1, 2]),
  'a JSON object of another kind': () => Response.json({ login: 'https://login.hotel.example/' }),
  'HTML with 400': () => new Response('<html>Bad Request</html>', { status: 400, headers: { 'content-type': 'text/html' } }),
  'HTML with 403': () => new Response('<html>Forbidden</html>', { status: 403, headers: { 'content-type': 'text/html' } }),
  'a redirect': () => new Response(null, { status: 302, headers: { location: 'https://login.hotel.example/' } }),
  '500 with a JSON error': () => Response.json({ error: 'invalid_grant' }, { status: 500 }),
  '502': () => new Response('Bad Gateway', { status: 502 }),
  '503': () => new Response('', { status: 503 }),
  'a broken connection': () => Promise.reject(new TypeError('fetch failed')),
  'no answer at all': () => new Promise(() => undefined),
  'an endless answer': () => new Response(new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(65_536)) })),
};
