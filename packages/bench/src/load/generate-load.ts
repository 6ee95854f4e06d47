import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { collectGarbage } from './collect-garbage.ts';
import { type Answer, createResponseReader } from './response-reader.ts';
import { WrongAnswer } from './wrong-answer.ts';

/** One request, and what its answer has to be. */
export interface Ask {
  /** The whole request as it goes over the wire. */
  readonly bytes: string;
  /** @throws WrongAnswer */
  readonly check: (answer: Answer) => void;
}

/** Where the load goes and how much of it there is. */
export interface Load {
  readonly port: number;
  readonly connections: number;
  /** The next request; `undefined` when there are no more. */
  readonly next: () => Ask | undefined;
  /** Requests of the beginning are answered and checked, and do not count: connections are new, and what was seeded just now is in no cache. */
  readonly rampMs?: number;
  /** No request is begun after this time, which begins after the ramp. */
  readonly durationMs: number;
}

/** What was measured. */
export interface Measured {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** A connection that says nothing for so long is counted as a wrong answer. */
const SILENCE_LIMIT_MS = 20_000;

/**
 * Asks over keep-alive connections, each with one request at a time, and checks every answer. One core asks and checks more than
 * 40,000 times a second.
 *
 * @throws WrongAnswer at the first one, or where a connection breaks
 */
export async function generateLoad(load: Load): Promise<Measured> {
  const connections = await Promise.all(Array.from({ length: load.connections }, () => open(load.port)));
  const latencies: number[] = [];
  collectGarbage();
  const begin = performance.now();
  const countFromMs = begin + (load.rampMs ?? 0);
  const shared = { ...load, latencies, countFromMs, endMs: countFromMs + load.durationMs };
  try {
    await Promise.all(connections.map((connection) => askOver(connection, shared)));
  } finally {
    for (const { socket } of connections) socket.destroy();
  }
  if (latencies.length === 0) throw new Error('there was nothing left to ask after the ramp');
  return summarize(latencies, performance.now() - countFromMs);
}

/** What one read of a socket takes at most. An answer is much shorter. */
const READ_BYTES = 65_536;

/** A connection, and who takes what comes over it. */
interface Connection {
  readonly socket: Socket;
  onChunk: (chunk: Buffer) => void;
}

/** Every read goes to the same memory: Node would get 64 kB for each, and the garbage of that be collected while it measures. */
async function open(port: number): Promise<Connection> {
  const buffer = Buffer.alloc(READ_BYTES);
  const callback = (length: number): boolean => {
    connection.onChunk(buffer.subarray(0, length));
    return true;
  };
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer, callback } });
  const connection: Connection = { socket, onChunk: nobodyAsked };
  await once(socket, 'connect');
  return connection;
}

function nobodyAsked(): never {
  throw new WrongAnswer('an answer that nobody asked for');
}

interface Shared extends Load {
  readonly latencies: number[];
  readonly countFromMs: number;
  readonly endMs: number;
}

function askOver(connection: Connection, load: Shared): Promise<void> {
  const { socket } = connection;
  return new Promise((resolve, reject) => {
    let asked: Ask | undefined;
    let sentMs = 0;
    const askNext = (): void => {
      const nowMs = performance.now();
      asked = nowMs < load.endMs ? load.next() : undefined;
      if (asked === undefined) return resolve();
      sentMs = nowMs;
      socket.write(asked.bytes, 'latin1');
    };
    const read = createResponseReader((answer) => {
      if (sentMs >= load.countFromMs) load.latencies.push(performance.now() - sentMs);
      if (asked === undefined) return nobodyAsked();
      asked.check(answer);
      askNext();
    });
    connection.onChunk = (chunk) => {
      try {
        read(chunk);
      } catch (error) {
        reject(error instanceof WrongAnswer ? error : new WrongAnswer(String(error)));
      }
    };
    socket.on('error', (error) => reject(new WrongAnswer(`a connection broke: ${error.message}`)));
    socket.on('close', () => reject(new WrongAnswer('the server closed a connection')));
    socket.setTimeout(SILENCE_LIMIT_MS, () => reject(new WrongAnswer('no answer within 20 seconds')));
    askNext();
  });
}

function summarize(latencies: readonly number[], elapsedMs: number): Measured {
  const sorted = Float64Array.from(latencies).toSorted();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { requests: sorted.length, perSecond: (1000 * sorted.length) / elapsedMs, p50Ms: at(0.5), p99Ms: at(0.99) };
}
