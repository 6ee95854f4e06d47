/** Tells that a body was longer than it may be. */
export class TooLongError extends Error {
  constructor(limitBytes: number) {
    super(`longer than ${limitBytes} bytes`);
    this.name = 'TooLongError';
  }
}

/** Tells that a body was not UTF-8. */
export class NotTextError extends Error {
  constructor(cause: unknown) {
    super('not UTF-8', { cause });
    this.name = 'NotTextError';
  }
}

/**
 * Reads a body as UTF-8 and gives up as soon as it is too long, whatever its `Content-Length` said.
 *
 * @throws TooLongError
 * @throws NotTextError
 */
export async function readText(message: Pick<Request, 'body' | 'headers'>, limitBytes: number): Promise<string> {
  if (Number(message.headers.get('content-length') ?? 0) > limitBytes) {
    await message.body?.cancel();
    throw new TooLongError(limitBytes);
  }
  const reader = message.body?.getReader();
  if (reader === undefined) return '';
  const decode = decoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decode();
    bytes += value.byteLength;
    if (bytes > limitBytes) {
      await reader.cancel();
      throw new TooLongError(limitBytes);
    }
    text += decode(value);
  }
}

/** Decodes a body piece by piece; called without a piece it ends. */
function decoder(): (piece?: Uint8Array) => string {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  return (piece) => {
    try {
      return piece === undefined ? utf8.decode() : utf8.decode(piece, { stream: true });
    } catch (error) {
      throw new NotTextError(error);
    }
  };
}

/** The value that a JSON text says; `undefined`, which JSON cannot say, where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
