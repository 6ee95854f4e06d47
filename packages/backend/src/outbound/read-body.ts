/** The answer is longer than its limit. */
export class AnswerTooLarge extends Error {}

/**
 * Reads a body to its end, or as far as the limit and the signal allow.
 *
 * The bytes are counted as they arrive and after decompression: `Content-Length` is only a promise, and a small gzip can be a bomb.
 * The reader is cancelled when the signal fires, so that a stream that never ends and heeds no signal ends here too.
 *
 * @throws {@link AnswerTooLarge}, or the signal's reason
 */
export async function readBody(
  body: ReadableStream<Uint8Array>,
  limitBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const cancel = (): void => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return concatenate(chunks, length);
      length += value.byteLength;
      if (length > limitBytes) throw new AnswerTooLarge();
      chunks.push(value);
    }
  } catch (error) {
    cancel();
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function concatenate(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}
