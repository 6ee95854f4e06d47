import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/** A conversation with a mail server, one command at a time: for what no library would say, and to see each reply. */
export interface SmtpClient {
  /** Sends a command and returns the reply, its last line if it has several. */
  readonly say: (command: string) => Promise<string>;
  /** Goes through a whole mail, until somebody objects; returns the last reply. */
  readonly send: (mail: { readonly from?: string; readonly to: readonly string[]; readonly source: string }) => Promise<string>;
  /** Resolves when the connection has ended. */
  readonly ended: Promise<unknown>;
  readonly hangUp: () => void;
}

/** Connects and greets. @throws Error with the system's code where nobody listens */
export async function connectSmtp(port: number): Promise<SmtpClient> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const ended = once(socket, 'close');
  // A server that goes down resets the connection.
  socket.on('error', () => undefined);
  const replies = createInterface({ input: socket })[Symbol.asyncIterator]();
  const reply = async (): Promise<string> => {
    const { value, done } = await replies.next();
    if (done === true) throw new Error('the server hung up');
    return /^\d{3}-/.test(value) ? reply() : value;
  };
  const say = (command: string): Promise<string> => {
    socket.write(`${command}\r\n`);
    return reply();
  };
  await reply();
  await say('EHLO client.example');
  return {
    say,
    send: async ({ from = 'calendars@acme.example', to, source }) => {
      const commands = [`MAIL FROM:<${from}>`, ...to.map((address) => `RCPT TO:<${address}>`), 'DATA'];
      for (const command of commands) {
        const answer = await say(command);
        if (!/^[23]/.test(answer)) {
          await say('RSET');
          return answer;
        }
      }
      // https://www.rfc-editor.org/rfc/rfc5321#section-4.5.2
      return say(
        `${source
          .replace(/\r?\n$/, '')
          .replace(/\r?\n/g, '\r\n')
          .replace(/^\./gm, '..')}\r\n.`,
      );
    },
    ended,
    hangUp: () => socket.destroy(),
  };
}
