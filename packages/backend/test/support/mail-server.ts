import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** A mail as it came. */
export interface ReceivedMail {
  /** From the envelope. */
  readonly from: string;
  readonly to: readonly string[];
  readonly secure: boolean;
  /** Who logged in. */
  readonly user: string | undefined;
  /** All of it, as it came. */
  readonly source: string;
  /** By small name; of several of one name, all. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly text: string;
  readonly html: string;
}

/** When a mail server objects. */
export type Stage = 'login' | 'from' | 'to' | 'data';

/** A mail server. */
export interface MailServer {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  /** How often somebody named a recipient. */
  readonly attempts: () => number;
  /** Objects with these answers, one after another, and takes what comes then. */
  refuses(stage: Stage, ...answers: readonly { readonly code: number; readonly words: string }[]): void;
  /** Answers nothing at this stage from now on. */
  hangs(stage: Stage): void;
  close(): Promise<void>;
}

/** How it is made. */
export interface MailServerOptions {
  readonly port?: number;
  /** Speaks TLS: by STARTTLS, or from the first byte where `secure` says so. */
  readonly identity?: { readonly key: string; readonly cert: string };
  readonly secure?: boolean;
  /** Takes mail from this user only. */
  readonly login?: { readonly user: string; readonly password: string };
  readonly host?: string;
}

/** Starts a real mail server on this computer. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const refusals: Record<Stage, { code: number; words: string }[]> = { login: [], from: [], to: [], data: [] };
  const hanging = new Set<Stage>();
  let attempts = 0;
  const at = (stage: Stage, go: (error?: Error) => void): void => {
    if (hanging.has(stage)) return;
    const refusal = refusals[stage].shift();
    go(refusal && Object.assign(new Error(refusal.words), { responseCode: refusal.code }));
  };
  const server = new SMTPServer({
    ...options.identity,
    secure: options.secure ?? false,
    disabledCommands: [...(options.identity ? [] : ['STARTTLS']), ...(options.login ? [] : ['AUTH'])],
    authOptional: options.login === undefined,
    // It takes passwords in clear, so that a test sees who sends them.
    allowInsecureAuth: true,
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: true,
    logger: false,
    closeTimeout: 1,
    onAuth: ({ username, password }, _session, done) =>
      at('login', (error) => {
        const isRight = username === options.login?.user && password === options.login?.password;
        if (error !== undefined) done(error);
        else if (isRight) done(null, { user: username });
        else done(Object.assign(new Error('5.7.8 who are you'), { responseCode: 535 }));
      }),
    onMailFrom: (_address, _session, done) => at('from', done),
    onRcptTo: (_address, _session, done) => {
      attempts += 1;
      at('to', done);
    },
    onData: (stream, session, done) => {
      text(stream).then(
        (source) =>
          at('data', (error) => {
            if (error === undefined) mails.push(received(source, session));
            done(error);
          }),
        // The client went away in the middle.
        () => undefined,
      );
    },
  });
  // A client that goes away in the middle is what some tests are about.
  server.on('error', () => undefined);
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    attempts: () => attempts,
    refuses: (stage, ...answers) => void refusals[stage].push(...answers),
    hangs: (stage) => void hanging.add(stage),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

interface Session {
  readonly envelope: { readonly mailFrom: false | { readonly address: string }; readonly rcptTo: readonly { readonly address: string }[] };
  readonly secure: boolean;
  readonly user?: unknown;
}

function received(source: string, { envelope, secure, user }: Session): ReceivedMail {
  const { headers, body } = readPart(source);
  const [, boundary = ''] = /boundary="?([^";]+)"?/.exec(headers['content-type']?.[0] ?? '') ?? [];
  const parts = body.split(`--${boundary}`).slice(1, -1).map(readPart);
  const contentOf = (type: string): string => {
    const part = parts.find((each) => each.headers['content-type']?.[0]?.startsWith(type));
    return part === undefined ? '' : decoded(part.body, part.headers['content-transfer-encoding']?.[0]);
  };
  return {
    from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
    to: envelope.rcptTo.map(({ address }) => address),
    secure,
    user: typeof user === 'string' ? user : undefined,
    source,
    headers,
    text: contentOf('text/plain'),
    html: contentOf('text/html'),
  };
}

function readPart(source: string): { headers: Record<string, string[]>; body: string } {
  const [head = '', ...rest] = source.replace(/^\r?\n/, '').split('\r\n\r\n');
  const headers: Record<string, string[]> = {};
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    (headers[name] ??= []).push(encodedWords(line.slice(colon + 1).trim()));
  }
  return { headers, body: rest.join('\r\n\r\n') };
}

/** [RFC 2047 §2](https://www.rfc-editor.org/rfc/rfc2047#section-2) */
function encodedWords(text: string): string {
  return text
    .replace(/(\?=) (=\?)/g, '$1$2')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_word, how: string, value: string) =>
      how.toLowerCase() === 'b' ? Buffer.from(value, 'base64').toString() : quotedPrintable(value.replaceAll('_', ' ')),
    );
}

function decoded(body: string, encoding = '7bit'): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  return encoding === 'quoted-printable' ? quotedPrintable(body) : body;
}

function quotedPrintable(text: string): string {
  const bytes = text.replace(/=\r?\n/g, '').replace(/=([\dA-F]{2})/gi, (_byte, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
