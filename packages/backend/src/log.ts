/** One line of the log. Holds ids and codes, never a secret, a token or an address with a query. */
export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error';
  /** Stable name of what happened, such as `provider_misconfigured`. */
  readonly event: string;
  readonly [field: string]: string | number | boolean | undefined;
}

/** Where log entries go. */
export type Log = (entry: LogEntry) => void;

/** Characters of one value; the rest is cut off. */
const MAX_VALUE_LENGTH = 2000;

/** Writes one JSON object per line to standard error; line breaks in a value cannot forge another line, because JSON escapes them. */
export const logToStandardError: Log = (entry) => {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry }, shortened)}\n`);
};

function shortened(_name: string, value: unknown): unknown {
  return typeof value === 'string' && value.length > MAX_VALUE_LENGTH ? `${value.slice(0, MAX_VALUE_LENGTH)}…` : value;
}

/** An error as fields of a log entry: its name, its stable code, and where in our code it happened. Its message is left out, because it may quote a value. */
export function describeError(error: unknown): { error: string; code?: string; frames?: string } {
  if (!(error instanceof Error)) return { error: 'unknown' };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 6)
    .map((line) => line.trim())
    .join(' ');
  return { error: error.name, ...code, frames };
}
