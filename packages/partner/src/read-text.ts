/** Tells that a body was longer than it may be. */
export class TooLongError extends Error {
  constructor(limitBytes: number) {
    super(`longer than ${limitBytes} bytes`);
    this.name = 'TooLongError';
  }
}

/**
 * Reads a body as UTF-8 and gives up as soon as it is too long, whatever its `Content-Length` said.
 *
 * @throws TooLongError
 * @throws TypeError where it is not UTF-8
 */
export async function readText(message: Pick<Request, 'body' | 'headers'>, limitBytes: number): Promise<string> {
  if (Number(message.headers.get('content-length') ?? 0) > limitBytes) {
    await message.body?.cancel();
    throw new TooLongError(limitBytes);
  }
  const reader = message.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > limitBytes) {
      await reader.cancel();
      throw new TooLongError(limitBytes);
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** The value that a JSON text says; `undefined`, which JSON cannot say, where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
