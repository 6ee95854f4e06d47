import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** How a conversation ended. */
export interface Said {
  /** All that came back. */
  readonly text: string;
  /** Status of the first answer; 0 where there was none. */
  readonly status: number;
  readonly afterMs: number;
}

/** Opens a connection and leaves what is said on it to the caller. */
export async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  return socket;
}

/** Waits until the other side closes. */
export async function heard(socket: Socket): Promise<Said> {
  const began = performance.now();
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  // Not by once(): what a reset connection says of itself is no failure here.
  if (!socket.closed) await new Promise((resolve) => socket.on('close', resolve));
  return { text, status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), afterMs: performance.now() - began };
}

/** Says these bytes and waits until the other side closes. Whoever wants an answer before that asks for `Connection: close`. */
export async function say(port: number, bytes: string | Uint8Array): Promise<Said> {
  const socket = await open(port);
  const ended = heard(socket);
  socket.write(bytes);
  return ended;
}
