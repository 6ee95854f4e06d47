import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { SMTPServer as Server, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { MailEnvelope } from './caught-mail.ts';
import type { Refusal } from './faults.ts';

/** The most that a mail may have, as the server says in its greeting. */
export const MAIL_MOST_BYTES: number = 10 * 1_048_576;
const RECIPIENTS_MOST = 100;

/** Who may send. */
export interface MailLogin {
  readonly user: string;
  readonly password: string;
}

/** Decides what becomes of mails. */
export interface MailReceiver {
  readonly recipient: (address: string) => Refusal | undefined;
  readonly mail: (source: Buffer, envelope: MailEnvelope) => Promise<Refusal | undefined>;
}

/** Where and from whom mails are taken. */
export interface SmtpOptions {
  readonly port: number;
  readonly host: string;
  readonly login: MailLogin | undefined;
  readonly receiver: MailReceiver;
}

/** An open port that speaks SMTP. */
export interface SmtpListener {
  readonly port: number;
  /** Ends every connection and frees the port. */
  readonly close: () => Promise<void>;
}

/**
 * Listens for mails: ESMTP without TLS, as between two programs of one computer.
 * @throws Error with the system's code, such as `EADDRINUSE`, when the port cannot be had.
 */
export async function listenForMails({ port, host, login, receiver }: SmtpOptions): Promise<SmtpListener> {
  // Loaded when somebody starts one: most who load the emulators want no mail.
  const { SMTPServer } = await import('smtp-server');
  const server = new SMTPServer({
    name: 'mailbox.localhost',
    banner: 'Calendar Connect mailbox emulator',
    disabledCommands: login === undefined ? ['STARTTLS', 'AUTH'] : ['STARTTLS'],
    authOptional: login === undefined,
    authMethods: ['PLAIN', 'LOGIN'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    size: MAIL_MOST_BYTES,
    closeTimeout: 1,
    onAuth: ({ username, password }, _session, done) => {
      if (username === login?.user && password === login?.password) done(null, { user: username });
      else done(replyOf({ code: 535, words: '5.7.8 Wrong user or password' }));
    },
    onRcptTo: ({ address }, { envelope }, done) => {
      if (envelope.rcptTo.length >= RECIPIENTS_MOST) done(replyOf({ code: 452, words: '4.5.3 Too many recipients' }));
      else done(replyOf(receiver.recipient(address)));
    },
    onData: (stream, session, done) => {
      receive(stream, session, receiver).then(
        (refusal) => done(replyOf(refusal)),
        (error: unknown) => done(replyOf({ code: 451, words: `4.3.0 ${error instanceof Error ? error.name : 'Error'}` })),
      );
    },
  });
  // A client that goes away in the middle is no fault of this process.
  server.on('error', () => undefined);
  server.listen(port, host);
  await once(server.server, 'listening');
  return { port: portOf(server), close: () => new Promise((resolve) => server.close(() => resolve())) };
}

async function receive(stream: SMTPServerDataStream, session: SMTPServerSession, receiver: MailReceiver): Promise<Refusal | undefined> {
  const chunks: Buffer[] = [];
  // All of it has to be read before the answer; what is too much is not kept.
  for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(chunk as Buffer);
  if (stream.sizeExceeded) return { code: 552, words: `5.3.4 A mail has ${MAIL_MOST_BYTES} bytes at most` };
  const { envelope } = session;
  const user: unknown = session.user;
  return receiver.mail(Buffer.concat(chunks), {
    from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
    to: envelope.rcptTo.map(({ address }) => address),
    user: typeof user === 'string' ? user : undefined,
  });
}

function replyOf(refusal: Refusal | undefined): (Error & { responseCode: number }) | null {
  return refusal === undefined ? null : Object.assign(new Error(refusal.words), { responseCode: refusal.code });
}

function portOf(server: Server): number {
  // A server that listens on an address has one.
  return (server.server.address() as AddressInfo).port;
}
