import { Agent, type IncomingMessage, request } from 'node:http';

/** A request, as it goes to whichever process. */
export interface Sending {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Over a connection of its own, which ends with the answer. Default: over one that stays open for the next. */
  readonly alone?: boolean;
}

/** An answer that came to its end. */
export interface Received<T = Readonly<Record<string, string>>> {
  readonly status: number;
  /** What the JSON says; empty where there was none. */
  readonly body: T;
}

/** One process of several that a partner's server asks. */
export interface Line {
  /** Rejects where the connection ends before the answer does. */
  send<T = Readonly<Record<string, string>>>(sending: Sending): Promise<Received<T>>;
  close(): void;
}

/**
 * Makes a way to ask one process. `fetch` would take more of the machine's time than the backends that are to meet each other there, and
 * cannot be told when to keep a connection.
 */
export function openLine(url: string): Line {
  const { port } = new URL(url);
  const agent = new Agent({ keepAlive: true });
  return {
    send: (sending) =>
      new Promise((resolve, reject) => {
        const { method, path, body } = sending;
        const headers = { ...sending.headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) };
        const asked = request(
          { host: '127.0.0.1', port, method, path, headers, agent: sending.alone === true ? false : agent },
          (answer) => {
            read(answer).then((text) => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text === '' ? '{}' : text) }), reject);
          },
        );
        asked.on('error', reject);
        asked.end(body);
      }),
    close: () => agent.destroy(),
  };
}

async function read(answer: IncomingMessage): Promise<string> {
  let text = '';
  answer.setEncoding('utf8');
  for await (const part of answer) text += part as string;
  return text;
}
