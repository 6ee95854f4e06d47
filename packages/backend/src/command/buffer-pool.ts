/** A handful of requests fill it. */
const POOL_BYTES = 1024;

/**
 * Has Node cut small buffers out of less at a time than the 64 kB that it does by itself. What is in use while V8 cleans up its young generation for
 * the second time moves to the old one, and stays until that is collected whole. A large piece lasts for some 400 requests, so each was in use
 * then and moved, with all of its bytes. Nothing else of an exchange moves there: they alone, 170 bytes for each, had the old generation collected once
 * in 20,000, for 20 ms in which everybody waits, and the memory grow by 10 MB in 100,000 requests where V8 put that off. The price: buffers of more
 * than half of a piece get memory of their own each.
 *
 * @see [Buffer.poolSize](https://nodejs.org/api/buffer.html#class-property-bufferpoolsize)
 */
export function keepBufferPoolShort(): void {
  Buffer.poolSize = POOL_BYTES;
}
